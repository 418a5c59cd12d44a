"""What recording, correcting and working out anew have in common: values read, an entry written,
what deviates opened.

Inner functions of `steps` and `corrections`; the acts there say the events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from integrity import deviations
from integrity.acts import Act
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.facts import Fact
from integrity.findings import Finding, blocks
from labels import codes
from labels.numbering import issue
from manufacturing.donation import cords
from manufacturing.execution import batches, typed_values
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules import moments as moment_rules, sequence, steps as rules
from manufacturing.execution.rules.batches import ExecutionState
from manufacturing.execution.rules.sequence import Position
from manufacturing.masters.model import BIRTH, Field, Step

Scan = Callable[[Field, Mapping[str, Any]], tuple[dict[str, Any], list[Finding]]]


def values_of(
    fields: Sequence[Field], typed: Mapping[str, str], scan: Scan
) -> tuple[dict[str, Any], list[Finding]]:
    """(the values of these fields as read, everything that refuses them), all faults at once.

    `scan` says what a code is.
    """
    taken: dict[str, Any] = {}
    found: list[Finding] = []
    for field, value, faults in typed_values.read_step(fields, typed):
        found += [
            blocks(ExecutionRule.UNREADABLE, part, fault=told) for part, told in faults.items()
        ]
        if value is not None and field.type in ("lot", "equipment"):
            value, refused = scan(field, value)
            found += refused
        if value is not None:
            taken[field.id] = value
    return taken, found


def entry_at(
    act: Act,
    state: BatchState,
    position: Position,
    made: Mapping[str, Any],
    *,
    performed_at: datetime,
    comment: str | None = None,
    not_applicable: str | None = None,
    late: bool = False,
    corrects_id: int | None = None,
    reason: Fact | None = None,
) -> Entry:
    """Write one entry and give it its number."""
    needs_second = rules.needs_second(
        state.master.step(position.step), late=late, left_out=bool(not_applicable)
    )
    entry = Entry(
        batch_id=state.batch.id,
        stage=position.stage,
        cycle=position.cycle,
        step=position.step,
        turn=position.turn,
        values=made,
        not_applicable=not_applicable,
        performed_at=performed_at,
        recorded_at=act.at,
        zone=act.zone,
        late=late,
        needs_second=needs_second,
        comment=comment,
        corrects_id=corrects_id,
        reason=reason,
        name=act.by.name,
    )
    act.add(entry)
    return entry


def judged_values(step: Step, values: Mapping[str, Any]) -> list[Finding]:
    """What the master record says of the values of one entry."""
    return [
        finding
        for field in step.fields
        if field.id in values
        for finding in rules.judged_value(field, values[field.id])
    ]


def moments(
    session: Session,
    state: BatchState,
    position: Position,
    values: Mapping[str, Any],
    recorded_at: datetime,
) -> list[Finding]:
    """What speaks against the moments written in the values of one position; `recorded_at` is when
    it was recorded first."""
    fields = state.master.step(position.step).fields
    born_at = None
    if any(field.since == BIRTH for field in fields):
        cord = cords.by_code(session, state.batch.cord_code)
        born_at = cord.born_at if cord else None
    bounds = moment_rules.Bounds(state.batch.started_at, born_at, recorded_at)
    return list(moment_rules.are_possible(fields, values, bounds))


def open_deviations(
    act: Act, state: BatchState, entry: Entry, findings: Sequence[Finding], comment: Fact | None
) -> list[Deviation]:
    """One deviation for each finding that deviates."""
    return [
        deviations.open_deviation(
            act,
            finding,
            issue(act, codes.Series.DEVIATION),
            scope=state.batch.itself,
            subject=entry,
            place=sequence.place_fact(state.master, entry.position),
            comment=comment,
        )
        for finding in deviations.deviating(findings)
    ]


def settle(act: Act, state: BatchState, stage: str) -> BatchState:
    """The state after an act on a stage: complete when nothing is open any more.

    In process again when a correction has opened something.
    """
    last = state.master.stages[-1].id
    if stage != last and not any(begun.stage == last for begun in state.log.turns):
        return state  # nothing before the last stage completes a batch
    if state.execution not in (ExecutionState.IN_PROCESS, ExecutionState.COMPLETE):
        return state
    return become(
        act, state, ExecutionState.COMPLETE if state.open.is_complete else ExecutionState.IN_PROCESS
    )


def become(act: Act, state: BatchState, execution: str) -> BatchState:
    """The state once the execution of the batch has moved on."""
    if state.execution == execution:
        return state
    batches.set_execution(act, state.batch, execution)
    return replace(state, execution=execution)
