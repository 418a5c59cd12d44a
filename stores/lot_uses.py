"""Uses of lots: which lot was used in which batch, and which entry names it; found again either way
(MAT-01, TRC-02)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.quantities import Quantity
from integrity.subjects import Scope, Scoped, by_scope
from integrity.units import UNITS
from integrity.vocabulary import one_of
from stores.actions import LotAction
from stores.lots import KIND
from stores.origins import Origin


class LotUse(Record, Scoped, By):
    """One use of a lot: in which batch (scope), when and by whom, which entry and field of its step
    name it, and how much of it was used where the step says so.
    """

    __tablename__ = "lot_uses"
    __table_args__ = (
        by_scope(),
        CheckConstraint("(entry_id IS NULL) = (field IS NULL)", name="named_by"),
        CheckConstraint("(quantity_text IS NULL) = (unit IS NULL)", name="amount"),
        one_of("unit", UNITS),
    )

    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"), index=True)
    field: Mapped[str | None]
    quantity_text: Mapped[str | None]
    unit: Mapped[str | None]
    at: Mapped[datetime]

    @property
    def amount(self) -> Quantity | None:
        """How much was used, where the step says it."""
        return Quantity(self.quantity_text, self.unit) if self.quantity_text and self.unit else None


def use_lot(
    act: Act, lot: Scope, scope: Scope, origin: Origin | None, amount: Quantity | None = None
) -> LotUse:
    """Record that a lot was used in a batch (bare code) at one entry.

    An inner act: says its own event; judges nothing.
    """
    use = LotUse(
        lot_id=lot.id,
        scope_id=scope.id,
        scope=scope.code,
        entry_id=origin and origin.entry_id,
        field=origin and origin.field,
        quantity_text=amount and amount.text,
        unit=amount and amount.unit,
        at=act.at,
    )
    act.add(use)
    act.say(
        LotAction.LOT_USED,
        (KIND, str(lot.id)),
        scope=scope.code,
        details={"code": lot.code, "place": origin.place if origin else ""}
        | ({"amount": str(amount)} if amount else {}),
    )
    return use


def uses(lot_id: int) -> Select[Any]:
    """Where a lot was used, newest first, for a paged list."""
    return select(LotUse).where(LotUse.lot_id == lot_id).order_by(LotUse.id.desc())


def named_by(session: Session, entry_ids: Iterable[int]) -> dict[str, int]:
    """{field: id of the lot} that these entries of one position name, the newest of each field."""
    wanted = select(LotUse).where(LotUse.entry_id.in_(entry_ids)).order_by(LotUse.id)
    return {use.field: use.lot_id for use in session.scalars(wanted) if use.field}
