"""What batches were made with: the lots and the equipment that their entries name as they stand.

A use that a later entry of the same place and field has replaced, or whose step was left out by a
correction, counts no more; its row stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased, load_only

from integrity.database import Session
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from stores.equipment import Equipment, EquipmentUse
from stores.lot_uses import LotUse
from stores.lots import Lot

Uses = type[LotUse] | type[EquipmentUse]
Batches = Select[tuple[Batch]]


@dataclass(frozen=True)
class UsedEquipment:
    """A piece of equipment, and when it is said to have been used for a batch, first and last."""

    id: int
    code: str
    first: datetime
    last: datetime


def _same_place(later: Any, named: Any) -> ColumnElement[bool]:
    """The condition on an entry that it stands at the place of another one, or has replaced it."""
    return and_(
        later.batch_id == named.batch_id,
        later.stage == named.stage,
        later.cycle == named.cycle,
        later.step == named.step,
        later.turn == named.turn,
    )


def stands(use: Any) -> ColumnElement[bool]:
    """The condition on a use that it is named by an entry as it stands."""
    named, later, other = aliased(Entry), aliased(Entry), aliased(use)
    names_another = exists().where(other.entry_id == later.id, other.field == use.field)
    replaced = exists().where(
        named.id == use.entry_id,
        _same_place(later, named),
        later.id > named.id,
        or_(later.not_applicable.is_not(None), names_another),
    )
    return ~replaced


def moments_of(session: Session, use: Uses, thing_id: int) -> list[tuple[int, datetime]]:
    """(batch id, when its entry as it stands says that it was used) of every use of a lot or a
    piece of equipment."""
    thing = LotUse.lot_id if use is LotUse else EquipmentUse.equipment_id
    used_at, standing = _used_at(use)
    wanted = standing(select(use.scope_id, used_at)).where(thing == thing_id, stands(use))
    return [(batch_id, at) for batch_id, at in session.execute(wanted.order_by(use.id))]


def _used_at(use: Uses) -> tuple[ColumnElement[datetime], Callable[[Select[Any]], Select[Any]]]:
    """(when the entry as it stands says that a use was, what joins that entry to a question)."""
    named, standing, newer = aliased(Entry), aliased(Entry), aliased(Entry)
    is_newest = ~exists().where(_same_place(newer, named), newer.id > standing.id)

    def joined(wanted: Select[Any]) -> Select[Any]:
        return wanted.outerjoin(named, named.id == use.entry_id).outerjoin(
            standing, and_(_same_place(standing, named), is_newest)
        )

    return func.coalesce(standing.performed_at, use.at), joined


def names_something(entry: Entry) -> bool:
    """Whether an entry itself names anything by its code."""
    return any("code" in (value or {}) for value in entry.values.values())


def equipment_at(session: Session, entry: Entry) -> list[Equipment]:
    """Every piece of equipment that the place of an entry names as it stands."""
    named = aliased(Entry)
    wanted = (
        select(Equipment)
        .join(EquipmentUse, EquipmentUse.equipment_id == Equipment.id)
        .join(named, named.id == EquipmentUse.entry_id)
        .where(named.id <= entry.id, _same_place(named, entry), stands(EquipmentUse))
        .order_by(Equipment.id)
    )
    return list(session.scalars(wanted).unique())


def lots_at(session: Session, entry: Entry) -> list[Lot]:
    """Every lot that an entry itself names, each once."""
    named = select(LotUse.lot_id).where(LotUse.entry_id == entry.id)
    return list(session.scalars(select(Lot).where(Lot.id.in_(named)).order_by(Lot.id)))


_BATCHES: BindParameter[list[int]] = bindparam("batches", expanding=True)
_LOTS = (
    select(LotUse, Lot)
    .join(Lot, Lot.id == LotUse.lot_id)
    .options(load_only(Lot.code, Lot.material))
    .where(LotUse.scope_id.in_(_BATCHES), stands(LotUse))
    .order_by(LotUse.id)
)


def lots_of(session: Session, batch_ids: Iterable[int]) -> list[tuple[LotUse, Lot]]:
    """(use, lot) of everything that stands in these batches, oldest first, in one query."""
    found = session.execute(_LOTS, {"batches": list(batch_ids)})
    return [(use, lot) for use, lot in found]


_FIRST = (
    select(func.min(LotUse.id))
    .where(LotUse.scope_id.in_(_BATCHES), stands(LotUse))
    .group_by(LotUse.scope_id, LotUse.lot_id)
)
_FIRST_LOTS = (
    select(LotUse, Lot)
    .join(Lot, Lot.id == LotUse.lot_id)
    .options(load_only(Lot.code, Lot.material))
    .where(LotUse.id.in_(_FIRST))
    .order_by(LotUse.id)
)


def first_uses_of(session: Session, batch_ids: Iterable[int]) -> list[tuple[LotUse, Lot]]:
    """(use, lot) of every lot that stands in these batches, each once a batch by the use that
    names it first, in one query."""
    found = session.execute(_FIRST_LOTS, {"batches": list(batch_ids)})
    return [(use, lot) for use, lot in found]


def batches_with_lot(lot_id: int, only: int | None = None) -> Batches:
    """The batches that were made with a lot, or the one of this key if it was."""
    using = select(LotUse.scope_id).where(LotUse.lot_id == lot_id, stands(LotUse))
    found = select(Batch).where(Batch.id.in_(using)).order_by(Batch.id)
    return found if only is None else found.where(Batch.id == only)


def with_materials_of(document_id: int) -> Select[tuple[int]]:
    """The ids of the batches that were made with lots received by a list of materials."""
    received = select(LotUse.scope_id).join(Lot, Lot.id == LotUse.lot_id)
    return received.where(Lot.materials_id == document_id, stands(LotUse))


_EQUIPMENT_AT, _with_equipment_at = _used_at(EquipmentUse)
_EQUIPMENT = (
    _with_equipment_at(
        select(
            EquipmentUse.scope_id,
            Equipment.id,
            Equipment.code,
            func.min(_EQUIPMENT_AT),
            func.max(_EQUIPMENT_AT),
        ).join(Equipment, Equipment.id == EquipmentUse.equipment_id)
    )
    .where(EquipmentUse.scope_id.in_(_BATCHES), stands(EquipmentUse))
    .group_by(EquipmentUse.scope_id, Equipment.id, Equipment.code)
    .order_by(EquipmentUse.scope_id, Equipment.code)
)


def equipment_of(session: Session, batch_ids: Iterable[int]) -> dict[int, list[UsedEquipment]]:
    """{batch id: every piece of equipment that stands in it, each once}, in one query."""
    found: dict[int, list[UsedEquipment]] = {number: [] for number in batch_ids}
    for batch_id, *item in session.rows(_EQUIPMENT, {"batches": list(found)}):
        found[batch_id].append(UsedEquipment(*item))
    return found


def batches_with_equipment(equipment_id: int, since: datetime | None) -> Batches:
    """The batches that a piece of equipment was used for, ever or since a moment."""
    used_at, standing = _used_at(EquipmentUse)
    using = standing(select(EquipmentUse.scope_id)).where(
        EquipmentUse.equipment_id == equipment_id, stands(EquipmentUse)
    )
    if since is not None:
        using = using.where(used_at >= since)
    return select(Batch).where(Batch.id.in_(using)).order_by(Batch.id)


def with_lots(lot_ids: Iterable[int]) -> Select[tuple[int]]:
    """The ids of the batches that were made with any of these lots."""
    return select(LotUse.scope_id).where(LotUse.lot_id.in_(lot_ids), stands(LotUse))


def with_equipment(
    session: Session, equipment_ids: Iterable[int]
) -> Iterator[tuple[int, UsedEquipment]]:
    """(batch id, a piece of equipment with when it was used for it) of every batch, in one
    query."""
    used_at, standing = _used_at(EquipmentUse)
    wanted = (
        standing(
            select(
                EquipmentUse.scope_id,
                Equipment.id,
                Equipment.code,
                func.min(used_at),
                func.max(used_at),
            ).join(Equipment, Equipment.id == EquipmentUse.equipment_id)
        )
        .where(Equipment.id.in_(list(equipment_ids)), stands(EquipmentUse))
        .group_by(EquipmentUse.scope_id, Equipment.id, Equipment.code)
        .order_by(EquipmentUse.scope_id)
    )
    for batch_id, number, code, first, last in session.execute(wanted):
        yield batch_id, UsedEquipment(number, code, first, last)
