"""What was found when the cord was received, as a step's calculations need it: no more tissue is
minced than the cord weighed (EBR-05, EBR-06).

A master record names a check of the receipt by its id (`check`); the value is taken from the record
of the cord, never typed a second time. Where the criteria ask for no such check, or in a unit that
measures something else, there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from integrity import corrections, dependents, deviations
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import Finding
from integrity.quantities import Quantity
from integrity.subjects import Named
from integrity.units import UNITS, alike
from manufacturing.donation import cord_corrections, cords
from manufacturing.donation.criteria import Question
from manufacturing.donation.donations import Cord
from manufacturing.execution import batch_state, entry_writing, formula_values
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from manufacturing.masters.model import RECEIPT, Field, Step


def received(
    session: Session, state: BatchState, step: Step, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The values with every check of the receipt as the record of the cord has it now."""
    fields = [field for field in step.fields if field.type == RECEIPT and field.is_asked(values)]
    if not fields:
        return dict(values)
    cord = session.get_one(Cord, state.batch.cord_id)
    checks = {each.id: each for each in cords.checks_of(session, cord)}
    found = {field.id: _found(field, checks.get(field.check or ""), cord) for field in fields}
    others = {name: value for name, value in values.items() if name not in found}
    return others | {name: value for name, value in found.items() if value is not None}


def _found(field: Field, check: Question | None, cord: Cord) -> dict[str, Any] | None:
    """The answer to a check with its unit, or None."""
    typed = cord.receipt.get(field.check)
    named = (unit for unit in UNITS.values() if check and check.unit in (unit.code, unit.symbol))
    unit = next(named, None)
    if not typed or check is None or check.options or unit is None:
        return None
    if not alike(unit.code, field.unit or "1"):
        return None
    return {"text": Quantity(typed, unit.code).text, "unit": unit.code}


# A check that was recorded wrongly
# -------------------------------------------------------------------------------------------------


@dependents.declare
def answer(act: Act, subject: Named) -> None:
    """Open the deviation of every calculation that a corrected receipt puts outside its limits:
    what was recorded stays as it was and is judged by what is known now."""
    if isinstance(subject, Cord) and subject.receipt != subject.first_receipt:
        batch = act.session.scalar(select(Batch).where(Batch.cord_id == subject.id))
        if batch is not None:
            _judge_anew(act, batch_state.gather(act.session, batch.id), subject)


def _judge_anew(act: Act, state: BatchState, cord: Cord) -> None:
    if not any(field.type == RECEIPT for step in state.master.steps for field in step.fields):
        return
    since = corrections.changed_at(cord_corrections.of(act.session, cord), "receipt")
    for entry, finding in list(_turned(act.session, state)):
        if not deviations.judging(act.session, [state.batch.id], finding, since):
            entry_writing.open_deviations(act, state, entry, [finding], None)


def _turned(session: Session, state: BatchState) -> Iterator[tuple[Entry, Finding]]:
    """What is outside its limits by the receipt that stands now and is not as it was recorded."""
    standing = {entry.position: entry for entry in state.current if not entry.not_applicable}
    known = {position: entry.recorded for position, entry in standing.items()}
    for position in sorted(standing, key=lambda each: formula_values.place_key(state.master, each)):
        entry, step = standing[position], state.master.step(position.step)
        values = received(session, state, step, entry.values)
        values = formula_values.worked_out(state.master, known.values(), position, values)
        known[position] = replace(known[position], values=values)
        was = entry_writing.judged_values(step, entry.values)
        for finding in entry_writing.judged_values(step, values):
            if finding not in was:
                yield entry, finding
