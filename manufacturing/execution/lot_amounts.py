"""How much of a lot each step uses, as the master record says (`used`): the uses of a lot together
are never more than was received (MAT-01), when a step is recorded, when it is corrected, and when
what was received is put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import load_only

from integrity import corrections, dependents, deviations
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import Finding
from integrity.quantities import Quantity
from integrity.subjects import Named
from integrity.units import alike
from manufacturing.execution import batch_state, entry_writing, uses
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import Position, place_fact
from manufacturing.execution.scans import Thing
from manufacturing.masters.model import Field
from stores import balance_rules, lot_balances, lot_corrections, lot_uses, lots
from stores.lot_uses import LotUse
from stores.lots import Lot
from stores.origins import Origin

_STANDING = (
    select(LotUse, Entry)
    .join(Entry, Entry.id == LotUse.entry_id)
    .options(load_only(Entry.batch_id, Entry.stage, Entry.cycle, Entry.step, Entry.turn))
    .where(
        LotUse.lot_id == bindparam("lot"),
        LotUse.quantity_text.is_not(None),
        uses.stands(LotUse),
    )
    .order_by(LotUse.id)
)


def _uses(session: Session, lot_id: int) -> list[tuple[LotUse, Entry]]:
    """The uses of a lot that stand and say how much, with the entry that names each, oldest
    first."""
    return [(use, entry) for use, entry in session.execute(_STANDING, {"lot": lot_id})]


@lot_balances.declare
def standing(session: Session, lot_id: int) -> Sequence[LotUse]:
    """The same without their entries, for the page of the lot."""
    return [use for use, _ in _uses(session, lot_id)]


def of_field(field: Field, values: Mapping[str, Any], lot: Lot) -> Quantity | None:
    """How much of a lot the values of a step say that a field used: of several amounts the one in a
    unit like that of the lot, or else the first."""
    known = [each for name in field.used if (each := _amount(values.get(name)))]
    fit = (each for each in known if alike(each.unit, lot.unit))
    return next(fit, known[0] if known else None)


def _amount(value: Mapping[str, Any] | None) -> Quantity | None:
    if not value:
        return None
    if "number" in value:
        return Quantity(str(value["number"]), "1")
    return Quantity(value["text"], value["unit"]) if "text" in value else None


def overdrawn(
    session: Session, state: BatchState, position: Position, values: Mapping[str, Any], used: Lots
) -> list[Finding]:
    """What is used at a position beyond what was received of these lots, {field: lot}, beside all
    that is used of them elsewhere; one question for each lot."""
    step, found = state.master.step(position.step), []
    here: dict[int, list[Quantity | None]] = {}
    for name, lot in used.items():
        if amount := of_field(step.field(name), values, lot):
            if lot.id not in here:
                here[lot.id] = _elsewhere(session, state, position, lot, used)
            before = here[lot.id]
            found += _over(lot, before, amount)
            before.append(amount)
    return found


Lots = Mapping[str, Lot]


def _elsewhere(
    session: Session, state: BatchState, position: Position, lot: Lot, used: Lots
) -> list[Quantity | None]:
    """What stands of a lot, without what these fields of this position said so far."""
    return [
        use.amount
        for use, entry in _uses(session, lot.id)
        if not (
            entry.batch_id == state.batch.id and entry.position == position and use.field in used
        )
    ]


def _over(lot: Lot, before: Sequence[Quantity | None], amount: Quantity) -> list[Finding]:
    return list(balance_rules.overdrawn(lot.code, lot.material, lot.quantity, before, amount))


def of_scans(
    session: Session,
    state: BatchState,
    position: Position,
    values: Mapping[str, Any],
    things: Mapping[str, Thing],
) -> list[Finding]:
    """The same of the lots that were scanned for an entry, {field: thing}."""
    step = state.master.step(position.step)
    used = {
        name: thing
        for name, thing in things.items()
        if isinstance(thing, Lot) and step.field(name).used
    }
    return overdrawn(session, state, position, values, used)


def amended(
    session: Session, state: BatchState, old: Entry, values: Mapping[str, Any]
) -> dict[str, Lot]:
    """The lots that a correction leaves where they are and says another amount of."""
    found = {}
    for field in state.master.step(old.step).fields:
        was, now = old.values.get(field.id), values.get(field.id)
        if field.used and was and now and was["code"] == now.get("code"):
            differs = any(old.values.get(name) != values.get(name) for name in field.used)
            if differs and (lot := lots.by_code(session, now["code"])):
                found[field.id] = lot
    return found


def use_again(act: Act, state: BatchState, entry: Entry, used: Lots) -> None:
    """The uses of lots of which a correction says another amount, in the place of the old ones."""
    step, place = state.master.step(entry.step), place_fact(state.master, entry.position)
    for name, lot in used.items():
        amount = of_field(step.field(name), entry.values, lot)
        origin = Origin(entry.id, name, place)
        lot_uses.use_lot(act, lot.itself, state.batch.itself, origin, amount)


# What was received, put right
# -------------------------------------------------------------------------------------------------


@dependents.declare
def answer(act: Act, subject: Named) -> None:
    """Open the deviation of every use by which more was used than, as is known now, was
    received."""
    if isinstance(subject, Lot) and subject.quantity != _first(subject):
        since = corrections.changed_at(
            lot_corrections.of(act.session, subject), "quantity_text", "unit"
        )
        for entry, finding in list(beyond(act.session, subject)):
            if not deviations.judging(act.session, [entry.batch_id], finding, since):
                state = batch_state.gather(act.session, entry.batch_id)
                entry_writing.open_deviations(act, state, entry, [finding], None)


def _first(lot: Lot) -> Quantity:
    return Quantity(lot.first_quantity_text, lot.first_unit)


def beyond(session: Session, lot: Lot) -> Iterator[tuple[Entry, Finding]]:
    """Every use by which more was used of a lot than was received, once that was put right."""
    if lot.quantity == _first(lot):
        return
    before: list[Quantity | None] = []
    for use, entry in _uses(session, lot.id):
        if use.amount:
            for finding in _over(lot, before, use.amount):
                yield entry, finding
            before.append(use.amount)
