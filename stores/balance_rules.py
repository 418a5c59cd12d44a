"""The law of how much of a lot is used: never more than was received. Pure: facts in, findings out.

Where a use says nothing of its amount, or says it in a unit that measures something else than the
lot was received in, nothing is judged by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from integrity import facts
from integrity.findings import Classification, Finding, deviates
from integrity.quantities import Quantity, compare
from integrity.units import UNITS, alike
from stores.rule_ids import StoreRule


def used(received: Quantity, amounts: Iterable[Quantity | None]) -> Quantity | None:
    """How much was used of a lot, in the unit it was received in; None where no use says it."""
    known = [each for each in amounts if each and alike(each.unit, received.unit)]
    if not known:
        return None
    size = sum((each.size for each in known), Fraction(0))
    return Quantity.of(size / UNITS[received.unit].factor, received.unit)


def left(received: Quantity, amount: Quantity) -> Quantity:
    """What is left of a lot, in the unit it was received in; below nought where more was used."""
    return Quantity.of(Fraction(received.number) - Fraction(amount.number), received.unit)


def overdrawn(
    code: str, material: str, received: Quantity, before: Iterable[Quantity | None], by: Quantity
) -> Iterator[Finding]:
    """A use of so much beside those `before` it, where all of them are more than was received
    (MAT-01)."""
    if not alike(by.unit, received.unit):
        return
    total = used(received, [*before, by])
    if total and compare(total, received) > 0:
        yield deviates(
            StoreRule.LOT_OVERDRAWN,
            Classification.MAJOR,
            lot=facts.code(code),
            material=material,
            used=facts.quantity(total),
            received=facts.quantity(received),
        )
