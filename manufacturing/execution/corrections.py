"""Corrections: a further entry in the place of one. The old stays legible; what was worked out from
it is worked out anew and loses its signatures (EBR-08, SIG-05)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from documents.texts import text
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import Finding, Refused, Stale, blocks, refuse_if_blocked
from integrity.trail import Actor
from manufacturing.execution import batch_state, entry_writing, formula_values, step_effects
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules import batches as batch_rules, sequence, steps as rules
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


def correct(act: Act, facts: CorrectionFacts) -> Entry:
    """Put a new entry in the place of one; every later entry whose calculations change gets a
    further entry too.

    Raises Refused, and Stale where the entry was corrected meanwhile.
    """
    if earlier := act.once("step.corrected", facts):
        return act.session.get_one(Entry, earlier)
    old = act.session.get_one(Entry, facts.entry_key)
    now = batch_state.gather(act.session, act.session.get_one(Batch, old.batch_id))
    refuse_if_blocked(_may_correct(now, old, facts, act.by))
    made = _corrected(act.session, now, old, facts)
    reason = facts.reason.strip()
    entry = _in_place_of(act, now, old, made, reason)
    step_effects.use_again(act, now, entry, old)
    again = _work_out_anew(act, now, entry)
    entry_writing.settle(act, now, entry.stage)
    place = sequence.place(now.master, entry.position)
    act.say(
        "step.corrected",
        entry,
        scope=now.batch.code,
        reason=reason,
        facts=facts,
        details={"place": place, "changed": _changes(now, old, entry), "worked_out_anew": again},
    )
    return entry


def _may_correct(
    now: BatchState, old: Entry, facts: CorrectionFacts, by: Actor
) -> Iterator[Finding]:
    yield from batch_rules.may_be_corrected(now.execution, now.disposition)
    yield from rules.may_perform(now.master.step(old.step), by.role)
    yield from rules.reason_given(ExecutionRule.CORRECTION_REASON, facts.reason)
    if old not in now.current or old.not_applicable:
        raise Stale(blocks(ExecutionRule.NOTHING_TO_CORRECT))


def _corrected(
    session: Session, now: BatchState, old: Entry, facts: CorrectionFacts
) -> dict[str, Any]:
    """The values as corrected, worked out.

    A lot that stays is not asked for again, another one is judged as of then.
    """
    step = now.master.step(old.step)
    taken, found = entry_writing.values_of(
        correctable(step),
        facts.typed,
        lambda field, value: step_effects.rescanned(
            session, field, value, old.values.get(field.id), old.performed_at
        ),
    )
    refuse_if_blocked(found)
    taken |= {
        field.id: old.values[field.id]
        for field in step.fields
        if field.type in STAYS and field.id in old.values
    }
    ordered = {field.id: taken[field.id] for field in step.fields if field.id in taken}
    made = formula_values.worked_out(now.master, now.recorded, old.position, ordered)
    if made == old.values:
        raise Refused(blocks(ExecutionRule.NOTHING_DIFFERS))
    return made


def _in_place_of(
    act: Act, now: BatchState, old: Entry, made: Mapping[str, Any], reason: str
) -> Entry:
    """Write the further entry.

    A deviation is opened for everything outside its limits that was not already so before.
    """
    entry = entry_writing.entry_at(
        act,
        now,
        old.position,
        made,
        performed_at=old.performed_at,
        comment=old.comment,
        late=old.late,
        corrects_id=old.id,
        reason=reason,
    )
    step = now.master.step(old.step)
    known = list(entry_writing.judged_values(step, old.values))
    found = [finding for finding in entry_writing.judged_values(step, made) if finding not in known]
    entry_writing.open_deviations(act, now, entry, found, reason)
    return entry


def _work_out_anew(act: Act, now: BatchState, entry: Entry) -> list[str]:
    """Every later entry whose calculations change gets a further entry, without the signatures of
    the old one.
    """
    standing = {each.position: each for each in now.current} | {entry.position: entry}
    reason = f"Worked out anew after the correction of {sequence.place(now.master, entry.position)}"
    here, again = formula_values.place_key(now.master, entry.position), []
    for position in sorted(standing, key=lambda each: formula_values.place_key(now.master, each)):
        old = standing[position]
        if (
            formula_values.place_key(now.master, position) <= here
            or old.not_applicable
            or not _is_worked_out(now, old)
        ):
            continue
        made = formula_values.worked_out(
            now.master,
            [each.recorded for each in standing.values() if not each.not_applicable],
            position,
            old.values,
        )
        if made != old.values:
            standing[position] = _in_place_of(act, now, old, made, reason)
            again.append(sequence.place(now.master, position))
    return again


def _is_worked_out(now: BatchState, entry: Entry) -> bool:
    return any(field.type == "calculation" for field in now.master.step(entry.step).fields)


def _changes(now: BatchState, old: Entry, new: Entry) -> dict[str, list[str]]:
    """{label: [as it was, as it is]} of what differs."""
    zone = ZoneInfo(new.zone)
    return {
        text(field.label): [
            formula_values.shown(field, old.values.get(field.id), zone),
            formula_values.shown(field, new.values.get(field.id), zone),
        ]
        for field in now.master.step(old.step).fields
        if old.values.get(field.id) != new.values.get(field.id)
    }
