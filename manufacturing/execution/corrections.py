"""Corrections: a further entry in the place of one. The old stays legible; what was worked out from
it is worked out anew and loses its signatures (EBR-08, SIG-05)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from documents.texts import text
from integrity import reasons
from integrity.acts import Act
from integrity.findings import Finding, Refused, Stale, blocks, refuse_if_blocked
from integrity.trail import Actor
from manufacturing.execution import (
    batch_logs,
    batch_state,
    entry_writing,
    expiry,
    formula_values,
    scans,
    step_effects,
)
from manufacturing.execution.actions import ExecutionAction
from manufacturing.execution.batch_state import BatchState, Outcome
from manufacturing.execution.entries import Entry
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules import batches as batch_rules, sequence, steps as rules
from manufacturing.execution.scans import Scans
from manufacturing.masters.model import Field, Step

STAYS = (
    "vessels",
    "sample",
    "calculation",
)  # containers and samples are what they are; what is worked out follows from the rest


@dataclass(frozen=True)
class CorrectionFacts:
    """What takes the place of an entry, and why."""

    entry_key: int
    typed: Mapping[str, str]
    reason: str


def correctable(step: Step) -> tuple[Field, ...]:
    """The fields of a step that a correction may change."""
    return tuple(field for field in step.fields if field.type not in STAYS)


def correct(act: Act, facts: CorrectionFacts) -> Outcome:
    """Put a new entry in the place of one; every later entry whose calculations change gets a
    further entry too.

    Raises Refused, and Stale where the entry was corrected meanwhile.
    """
    if earlier := act.once(ExecutionAction.STEP_CORRECTED, facts):
        return Outcome(act.session.get_one(Entry, earlier), None)
    old = act.session.get_one(Entry, facts.entry_key)
    state = batch_state.gather(act.session, old.batch_id)
    with batch_state.judged(act.session, state):
        refuse_if_blocked(_may_correct(state, old, facts, act.by))
        stays = scans.named_by(act.session, state, old)
        anew = Scans(act.session, old.performed_at, stays, old.values)
        values = _corrected(state, old, facts, anew)
    reason = facts.reason.strip()
    corrected = _in_place_of(act, state, old, values, reason)
    entry = corrected.everything[-1]
    step_effects.use(act, state, entry, anew.things)
    after, again = _work_out_anew(act, corrected, entry)
    after = entry_writing.settle(act, after, entry.stage)
    expires = expiry.settle(act, after, entry)
    place = sequence.place(state.master, entry.position)
    act.say(
        ExecutionAction.STEP_CORRECTED,
        entry,
        scope=state.batch.code,
        reason=reason,
        facts=facts,
        details={
            "place": place,
            "changed": _changes(state, old, entry),
            "worked_out_anew": again,
            **({"expires": expires} if expires else {}),
        },
    )
    batch_logs.keep(act, after.log)
    return Outcome(entry, after)


def _may_correct(
    state: BatchState, old: Entry, facts: CorrectionFacts, by: Actor
) -> Iterator[Finding]:
    yield from batch_rules.may_be_corrected(state.execution, state.disposition)
    yield from rules.may_perform(state.master.step(old.step), by.role)
    yield from reasons.wanted(ExecutionRule.CORRECTION_REASON, facts.reason)
    if not state.stands(old) or old.not_applicable:
        raise Stale(blocks(ExecutionRule.NOTHING_TO_CORRECT))


def _corrected(
    state: BatchState, old: Entry, facts: CorrectionFacts, anew: Scans
) -> dict[str, Any]:
    """The values as corrected, worked out.

    A lot that stays is not asked for again, another one is judged as of then.
    """
    step = state.master.step(old.step)
    taken, refused = entry_writing.values_of(correctable(step), facts.typed, anew.read)
    first = state.log.first_recorded(old.position)
    unlike = entry_writing.moments(anew.session, state, old.position, taken, first)
    refuse_if_blocked([*refused, *unlike])
    taken |= {
        field.id: old.values[field.id]
        for field in step.fields
        if field.type in STAYS and field.id in old.values
    }
    ordered = {field.id: taken[field.id] for field in step.fields if field.id in taken}
    values = formula_values.worked_out(state.master, state.recorded(), old.position, ordered)
    if values == old.values:
        raise Refused(blocks(ExecutionRule.NOTHING_DIFFERS))
    return values


def _in_place_of(
    act: Act, state: BatchState, old: Entry, values: Mapping[str, Any], reason: str
) -> BatchState:
    """The state once the further entry, its newest, is written.

    A deviation is opened for everything outside its limits that was not already so before.
    """
    entry = entry_writing.entry_at(
        act,
        state,
        old.position,
        values,
        performed_at=old.performed_at,
        comment=old.comment,
        late=old.late,
        corrects_id=old.id,
        reason=reason,
    )
    step = state.master.step(old.step)
    known = list(entry_writing.judged_values(step, old.values))
    added = [each for each in entry_writing.judged_values(step, values) if each not in known]
    return state.with_entry(entry, entry_writing.open_deviations(act, state, entry, added, reason))


def _work_out_anew(act: Act, state: BatchState, entry: Entry) -> tuple[BatchState, list[str]]:
    """Every later entry whose calculations change gets a further entry, without the signatures of
    the old one.

    Gives the state after it and the places of what was worked out anew.
    """
    current = {each.position: each for each in state.current}
    reason = (
        f"Worked out anew after the correction of {sequence.place(state.master, entry.position)}"
    )
    corrected, again = formula_values.place_key(state.master, entry.position), []
    for position in sorted(current, key=lambda each: formula_values.place_key(state.master, each)):
        old = current[position]
        if (
            formula_values.place_key(state.master, position) <= corrected
            or old.not_applicable
            or not _is_worked_out(state, old)
        ):
            continue
        values = formula_values.worked_out(state.master, state.recorded(), position, old.values)
        if values != old.values:
            state = _in_place_of(act, state, old, values, reason)
            again.append(sequence.place(state.master, position))
    return state, again


def _is_worked_out(state: BatchState, entry: Entry) -> bool:
    return any(field.type == "calculation" for field in state.master.step(entry.step).fields)


def _changes(state: BatchState, old: Entry, new: Entry) -> dict[str, list[str]]:
    """{label: [as it was, as it is]} of what differs."""
    zone = ZoneInfo(new.zone)
    return {
        text(field.label): [
            formula_values.shown(field, old.values.get(field.id), zone),
            formula_values.shown(field, new.values.get(field.id), zone),
        ]
        for field in state.master.step(old.step).fields
        if old.values.get(field.id) != new.values.get(field.id)
    }
