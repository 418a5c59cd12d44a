"""How much of a lot was used and what is left of it, as the records say it.

The stores lie below the batches: the chapter that knows which entries stand declares which uses
count. A use that a correction has taken back or said anew counts no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from integrity.database import Session
from integrity.quantities import Quantity
from stores import balance_rules
from stores.lot_uses import LotUse
from stores.lots import Lot

Standing = Callable[[Session, int], Sequence[LotUse]]
_declared: list[Standing] = []


@dataclass(frozen=True)
class Balance:
    """What was used of a lot and what is left of it, in the unit it was received in; `counted` are
    the ids of the uses that it is summed from."""

    used: Quantity
    left: Quantity
    counted: frozenset[int]


def declare(standing: Standing) -> Standing:
    """Say which uses of a lot stand and say their amount; the newest declaration holds."""
    _declared.append(standing)
    return standing


def of(session: Session, lot: Lot) -> Balance | None:
    """None where nothing is known of how much was used."""
    uses = _declared[-1](session, lot.id) if _declared else ()
    used = balance_rules.used(lot.quantity, [each.amount for each in uses])
    if used is None:
        return None
    counted = frozenset(each.id for each in uses)
    return Balance(used, balance_rules.left(lot.quantity, used), counted)
