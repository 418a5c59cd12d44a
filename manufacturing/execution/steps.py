"""Steps: the acts that record an entry, have it verified by a second person, and sign a stage off
(corrections: `corrections`).

Each gathers the situation, asks the law, writes what follows (containers, uses of lots and
equipment, deviations) and says its event, all in the one transaction it was handed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrity import signatures, site
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import Finding, Stale, blocks, refuse_if_blocked
from integrity.signatures import Meaning, Seal, Signature
from integrity.trail import Actor
from manufacturing.donation import cords, window
from manufacturing.donation.cords import Cord
from manufacturing.donation.rules.window import inside_the_window
from manufacturing.execution import (
    batch_state,
    batches,
    entries,
    entry_writing,
    formula_values,
    step_effects,
)
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.batches import Batch
from manufacturing.execution.corrections import CorrectionFacts, correct
from manufacturing.execution.entries import Entry
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules import batches as batch_rules, sequence, steps as rules
from manufacturing.execution.rules.sequence import Position, Round
from manufacturing.masters.model import Step, Window

__all__ = [
    "CorrectionFacts",
    "Entry",
    "StepFacts",
    "correct",
    "entry_facts",
    "record_step",
    "sign_stage",
    "stage_facts",
    "verify_entry",
]


@dataclass(frozen=True)
class StepFacts:
    """What was entered at one position: parts as typed, the time claimed (None.

    Now), a comment, or why it was left out.
    """

    position: Position
    typed: Mapping[str, str]
    performed_at: datetime | None = None
    comment: str | None = None
    not_applicable: str | None = None


def record_step(act: Act, batch_id: int, facts: StepFacts) -> Entry:
    """Record one step; refuses what is out of order, blocked at the scan or nonsense; what deviates
    opens deviations.

    Raises Refused with every fault at once; `rules.CommentWanted` where only a comment on what
    deviates is missing."""
    if earlier := act.once("step.recorded", [batch_id, facts]):
        return act.session.get_one(Entry, earlier)
    now = batch_state.gather(act.session, act.session.get_one(Batch, batch_id))
    refuse_if_blocked(_may_record(now, facts.position, act.by))
    times = _times(act.session, now, facts, act.at)
    taken, refused = _values(act.session, now, facts, act.at)
    refuse_if_blocked([*refused, *rules.time_is_possible(times)])
    made = (
        formula_values.worked_out(now.master, now.recorded, facts.position, taken)
        if facts.not_applicable is None
        else {}
    )
    found = _judged(act.session, now, facts, made, times)
    comment = facts.comment or facts.not_applicable
    if unsaid := list(rules.comment_given(found, comment)):
        raise rules.CommentWanted(found, unsaid)
    made = step_effects.make(act, now, facts.position, made)
    entry = entry_writing.entry_at(
        act,
        now,
        facts.position,
        made,
        performed_at=times.performed_at,
        comment=facts.comment,
        not_applicable=facts.not_applicable,
        late=rules.is_late(times),
    )
    entry_writing.open_deviations(act, now, entry, found, comment)
    _start_processing(act, now, facts, times.performed_at)
    if now.execution == "planned":
        batches.set_execution(act, now.batch, "in_process")
    entry_writing.settle(act, now, entry.stage)
    act.say(
        "step.recorded",
        entry,
        scope=now.batch.code,
        facts=[batch_id, facts],
        reason=comment,
        details=_details(now, entry),
    )
    return entry


def _details(now: BatchState, entry: Entry) -> dict[str, Any]:
    return {
        "place": sequence.place(now.master, entry.position),
        **dict(entries.facts_of(now.master, now.batch.code, entry)[2:]),
    }


def _may_record(now: BatchState, position: Position, by: Actor) -> Iterator[Finding]:
    yield from batch_rules.is_open(now.execution, now.disposition)
    yield from rules.work_may_go_on(now.deviations)
    yield from sequence.in_order(now.master, now.progress, position)
    for step in now.master.steps:
        if step.id == position.step:
            yield from rules.may_perform(step, by.role)


def _times(session: Session, now: BatchState, facts: StepFacts, at: datetime) -> rules.Times:
    """What is recorded now is never late, so the site's limit is asked for only where a time is
    claimed.
    """
    late_after = (
        timedelta(minutes=int(site.settings(session)["late_minutes"]))
        if facts.performed_at
        else timedelta(0)
    )
    return rules.Times(facts.performed_at or at, at, now.batch.started_at, late_after)


def _values(
    session: Session, now: BatchState, facts: StepFacts, at: datetime
) -> tuple[dict[str, Any], list[Finding]]:
    """(values as read, everything that refuses them), all faults at once."""
    step = now.master.step(facts.position.step)
    if facts.not_applicable is not None:
        return {}, list(rules.may_be_left_out(step, facts.not_applicable))
    return entry_writing.values_of(
        step.fields,
        facts.typed,
        lambda field, value: step_effects.scanned(session, field, value, at),
    )


def _judged(
    session: Session, now: BatchState, facts: StepFacts, made: Mapping[str, Any], times: rules.Times
) -> list[Finding]:
    """What the law says of the values, the interval, the timer, the window and the time of the
    entry. A step that is left out has no values and no interval; the timer it stops and the window
    it ends are judged all the same."""
    step = now.master.step(facts.position.step)
    found = [*rules.recorded_in_time(times), *entry_writing.judged_values(step, made)]
    if facts.not_applicable is None and step.due:
        found += rules.interval_kept(step.due, now.last(step.due.after), times.performed_at)
    timer = now.master.timers.get(step.stops or "")
    found += rules.timer_kept(timer, now.timer_started(timer), times.recorded_at)
    for limit, cord in _ending(session, now, step):
        late = inside_the_window(
            cord.born_at, times.performed_at, times.recorded_at, window.limits_of(limit)
        )
        found += [late] if late else []
    return found


def _ending(session: Session, now: BatchState, step: Step) -> Iterator[tuple[Window, Cord]]:
    """Every window that ends with the first recording of this step, with the cord it began with."""
    for limit in now.master.windows.values():
        if limit.until == step.id and not any(entry.step == step.id for entry in now.everything):
            cord = cords.by_code(session, now.batch.cord_code)
            assert cord  # a batch is started from one
            yield limit, cord


def _start_processing(act: Act, now: BatchState, facts: StepFacts, performed_at: datetime) -> None:
    for limit, cord in _ending(act.session, now, now.master.step(facts.position.step)):
        cords.start_processing(
            act, cord.id, performed_at=performed_at, limits=window.limits_of(limit)
        )


# Second person and sign-off
# ------------------------------------------------------------------------------------------


def entry_facts(session: Session, entry_key: int) -> list[tuple[str, str]]:
    """What the second person is shown and signs."""
    entry = session.get_one(Entry, entry_key)
    now = batch_state.gather(session, session.get_one(Batch, entry.batch_id))
    return entries.facts_of(now.master, now.batch.code, entry)


def verify_entry(act: Act, entry_key: int, *, seal: Seal) -> Signature:
    """The second person signs an entry.

    Somebody else than who did it, on the first one's tablet (SIG-10).
    """
    said = [entry_key, seal.reviewed]
    entry = act.session.get_one(Entry, entry_key)
    now = batch_state.gather(act.session, act.session.get_one(Batch, entry.batch_id))
    if act.once("step.verified", said) and (given := now.verification(entry)):
        return given
    refuse_if_blocked(_may_verify(now, entry, act.by))
    if entry not in now.current or not now.waits(entry):
        raise Stale(blocks(ExecutionRule.VERIFIED_MEANWHILE))
    signature = signatures.sign(
        act,
        seal,
        Meaning.VERIFIED,
        entry,
        entries.facts_of(now.master, now.batch.code, entry),
        scope=now.batch.code,
    )
    entry_writing.settle(act, now, entry.stage)
    act.say(
        "step.verified",
        entry,
        scope=now.batch.code,
        facts=said,
        details={
            "place": sequence.place(now.master, entry.position),
            "components": seal.components,
        },
    )
    return signature


def _may_verify(now: BatchState, entry: Entry, by: Actor) -> Iterator[Finding]:
    performers = {each.username for each in now.everything if each.position == entry.position}
    yield from batch_rules.may_be_corrected(now.execution, now.disposition)
    yield from rules.second_person(
        performers, by.username, now.master.step(entry.step).verifies, by.role
    )


def stage_facts(session: Session, batch_id: int, wanted: Round) -> list[tuple[str, str]]:
    """What is shown and signed when a stage is signed off."""
    now = batch_state.gather(session, session.get_one(Batch, batch_id))
    return entries.stage_facts(now.master, now.batch.code, now.current, wanted)


def sign_stage(act: Act, batch_id: int, wanted: Round, *, seal: Seal) -> Signature:
    """Sign a round of a stage off once every step of it is recorded and verified."""
    said = [batch_id, wanted, seal.reviewed]
    now = batch_state.gather(act.session, act.session.get_one(Batch, batch_id))
    if act.has_answered("stage.signed", said) and (given := now.sign_off(wanted)):
        return given
    refuse_if_blocked(_may_sign(now, wanted, act.by))
    if now.open.sign != wanted:
        raise Stale(blocks(ExecutionRule.STAGE_NOT_READY))
    subject = batch_state.round_subject(now.batch, wanted)
    signature = signatures.sign(
        act,
        seal,
        Meaning.PERFORMED,
        subject,
        entries.stage_facts(now.master, now.batch.code, now.current, wanted),
        scope=now.batch.code,
    )
    entry_writing.settle(act, now, wanted.stage)
    act.say(
        "stage.signed",
        subject,
        scope=now.batch.code,
        facts=said,
        details={"stage": wanted.stage, "round": str(wanted.cycle)},
    )
    return signature


def _may_sign(now: BatchState, wanted: Round, by: Actor) -> Iterator[Finding]:
    yield from batch_rules.may_be_corrected(now.execution, now.disposition)
    for stage in now.master.stages:
        if stage.id == wanted.stage:
            yield from rules.may_sign_off(stage, by.role)
