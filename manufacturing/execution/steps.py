"""Steps: the acts that record an entry, have it verified by a second person, and sign a stage off
(corrections: `corrections`).

Each gathers the situation, asks the law, writes what follows (containers, uses of lots and
equipment, deviations) and says its event, all in the one transaction it was handed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrity import dependents, signatures
from integrity.acts import Act
from integrity.database import Session
from integrity.facts import Pair
from integrity.findings import Finding, Stale, blocks, refuse_if_blocked
from integrity.signatures import Meaning, Seal
from integrity.trail import Actor
from manufacturing.donation import cords, window
from manufacturing.donation.rules.window import inside_the_window
from manufacturing.execution import (
    agreements,
    batch_logs,
    batch_state,
    claims,
    entries,
    entry_writing,
    expiry,
    formula_values,
    label_counts,
    lot_amounts,
    receipt_checks,
    step_effects,
)
from manufacturing.execution.actions import ExecutionAction
from manufacturing.execution.batch_log import SignedRound
from manufacturing.execution.batch_state import BatchState, Outcome
from manufacturing.execution.corrections import CorrectionFacts, correct
from manufacturing.execution.entries import Entry, SignOffEntry
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules import (
    batches as batch_rules,
    moments,
    sequence,
    steps as rules,
)
from manufacturing.execution.rules.batches import ExecutionState
from manufacturing.execution.rules.sequence import Position, Round
from manufacturing.execution.scans import Scans

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


def record_step(act: Act, batch_id: int, facts: StepFacts) -> Outcome:
    """Record one step; refuses what is out of order, blocked at the scan or nonsense; what deviates
    opens deviations.

    Raises Refused with every fault at once; `rules.CommentWanted` where only a comment on what
    deviates is missing."""
    if earlier := act.once(ExecutionAction.STEP_RECORDED, [batch_id, facts]):
        return Outcome(act.session.get_one(Entry, earlier), None)
    state = batch_state.gather(act.session, batch_id)
    with batch_state.judged(act.session, state):
        made = _record(act, state, facts)
        dependents.changed(act, made.record)
        return made


def _record(act: Act, state: BatchState, facts: StepFacts) -> Outcome:
    refuse_if_blocked(_may_record(state, facts.position, act.by))
    times = claims.times(act.session, state, facts.performed_at or act.at, act.at)
    scans = Scans(act.session, act.at, claimed=facts.performed_at)
    taken, refused = _values(state, facts, scans)
    refuse_if_blocked([*refused, *rules.time_is_possible(times)])
    values = (
        formula_values.worked_out(state.master, state.recorded(), facts.position, taken)
        if facts.not_applicable is None
        else {}
    )
    planned = step_effects.plan(act, state, facts.position, values, facts.performed_at)
    times = times.late_at_once() if scans.lapsed or planned.lapsed else times
    deviating = [*scans.turned, *planned.turned, *_judged(act, state, facts, values, times, scans)]
    comment = facts.comment or facts.not_applicable
    if unsaid := list(rules.comment_given(deviating, comment)):
        raise rules.CommentWanted(deviating, unsaid)
    entry = entry_writing.entry_at(
        act,
        state,
        facts.position,
        planned.shown(values),
        performed_at=times.performed_at,
        comment=facts.comment,
        not_applicable=facts.not_applicable,
        late=rules.is_late(times),
    )
    step_effects.make(act, state, entry, planned)
    step_effects.use(act, state, entry, scans.things)
    opened = entry_writing.open_deviations(act, state, entry, deviating, comment)
    _start_processing(act, state, facts, times.performed_at)
    after = state.with_entry(entry, opened)
    if after.execution == ExecutionState.PLANNED:
        after = entry_writing.become(act, after, ExecutionState.IN_PROCESS)
    after = entry_writing.settle(act, after, entry.stage)
    expires = expiry.settle(act, after, entry)
    act.say(
        ExecutionAction.STEP_RECORDED,
        entry,
        scope=state.batch.code,
        facts=[state.batch.id, facts],
        reason=comment,
        details=_details(state, entry) | ({"expires": expires} if expires else {}),
    )
    batch_logs.keep(act, after.log)
    return Outcome(entry, after)


def _details(state: BatchState, entry: Entry) -> dict[str, Any]:
    return {
        "place": sequence.place_fact(state.master, entry.position),
        "recorded": entries.recorded_facts(state.master, entry),
    }


def _may_record(state: BatchState, position: Position, by: Actor) -> Iterator[Finding]:
    yield from batch_rules.is_open(state.execution, state.disposition)
    yield from rules.work_may_go_on(state.deviations)
    yield from sequence.in_order(state.master, state.progress, position)
    for step in state.master.steps:
        if step.id == position.step:
            yield from rules.may_perform(step, by.role)


def _values(
    state: BatchState, facts: StepFacts, scans: Scans
) -> tuple[dict[str, Any], list[Finding]]:
    """(values as read, everything that refuses them), all faults at once."""
    step = state.master.step(facts.position.step)
    if facts.not_applicable is not None:
        return {}, list(rules.may_be_left_out(step, facts.not_applicable))
    taken, refused = entry_writing.values_of(step.fields, facts.typed, scans.read)
    written = entry_writing.moments(scans.session, state, facts.position, taken, scans.at)
    taken = label_counts.counted(scans.session, state, step, taken)
    taken = receipt_checks.received(scans.session, state, step, taken)
    return taken, [*refused, *written]


def _judged(
    act: Act,
    state: BatchState,
    facts: StepFacts,
    values: Mapping[str, Any],
    times: rules.Times,
    scans: Scans,
) -> list[Finding]:
    """What the law says of the values, the interval, the timer, the window and the time of the
    entry. A step that is left out has no values and no interval; the timer it stops and the window
    it ends are judged all the same."""
    step = state.master.step(facts.position.step)
    written = moments.written(step.fields, values)
    deviating = [*rules.recorded_in_time(times), *entry_writing.judged_values(step, values)]
    deviating += agreements.against(state, facts.position, values)
    deviating += lot_amounts.of_scans(act.session, state, facts.position, values, scans.things)
    before = (
        list(claims.done_before(state, facts.position)) if written or facts.performed_at else []
    )
    deviating += moments.written_in_order(written, times.performed_at, before)
    if facts.performed_at:
        deviating += moments.in_order(times.performed_at, before)
        deviating += claims.entitled(act.session, step, act.by.id or 0, facts.performed_at)
    if facts.not_applicable is None and step.due:
        deviating += rules.interval_kept(step.due, state.last(step.due.after), times.performed_at)
    deviating += claims.timer_told(state, step, times)
    for limit, cord in claims.ending(act.session, state, step):
        late = inside_the_window(
            cord.born_at, times.performed_at, times.recorded_at, window.limits_of(limit)
        )
        deviating += [late] if late else []
    return deviating


def _start_processing(
    act: Act, state: BatchState, facts: StepFacts, performed_at: datetime
) -> None:
    step = state.master.step(facts.position.step)
    for limit, cord in claims.ending(act.session, state, step):
        cords.start_processing(
            act, cord.id, performed_at=performed_at, limits=window.limits_of(limit)
        )


# Second person and sign-off
# ------------------------------------------------------------------------------------------


def entry_facts(session: Session, entry_key: int) -> list[Pair]:
    """What the second person is shown and signs."""
    entry = session.get_one(Entry, entry_key)
    state = batch_state.read(session, entry.batch_id)
    return entries.facts_of(state.master, state.batch.code, entry)


def verify_entry(act: Act, entry_key: int, *, seal: Seal) -> Outcome:
    """The second person signs an entry.

    Somebody else than who did it, on the first one's tablet (SIG-10).
    """
    said = [entry_key, seal.reviewed]
    entry = act.session.get_one(Entry, entry_key)
    state = batch_state.read(act.session, entry.batch_id)
    if act.once(ExecutionAction.STEP_VERIFIED, said) and (given := state.verification(entry)):
        return Outcome(given, state)
    with batch_state.judged(act.session, state):
        return _verify(act, state, entry, seal)


def _verify(act: Act, state: BatchState, entry: Entry, seal: Seal) -> Outcome:
    refuse_if_blocked(_may_verify(state, entry, act.by))
    if not state.stands(entry) or not state.waits(entry):
        raise Stale(blocks(ExecutionRule.VERIFIED_MEANWHILE))
    signature = signatures.sign(
        act,
        seal,
        Meaning.VERIFIED,
        entry,
        entries.facts_of(state.master, state.batch.code, entry),
        scope=state.batch.itself,
    )
    after = entry_writing.settle(act, state.with_signature(signature), entry.stage)
    act.say(
        ExecutionAction.STEP_VERIFIED,
        entry,
        scope=state.batch.code,
        facts=[entry.id, seal.reviewed],
        details={
            "place": sequence.place_fact(state.master, entry.position),
            "components": seal.components,
        },
    )
    batch_logs.keep(act, after.log)
    return Outcome(signature, after)


def _may_verify(state: BatchState, entry: Entry, by: Actor) -> Iterator[Finding]:
    performers = {each.username for each in state.log.history[entry.position]}
    yield from batch_rules.may_be_corrected(state.execution, state.disposition)
    yield from rules.second_person(
        performers, by.username, state.master.step(entry.step).verifies, by.role
    )


def stage_facts(session: Session, batch_id: int, wanted: Round) -> list[Pair]:
    """What is shown and signed when a stage is signed off."""
    state = batch_state.read(session, batch_id)
    return entries.stage_facts(state.master, state.batch.code, state.current, wanted)


def sign_stage(act: Act, batch_id: int, wanted: Round, *, seal: Seal) -> Outcome:
    """Sign a round of a stage off once every step of it is recorded and verified."""
    said = [batch_id, wanted, seal.reviewed]
    state = batch_state.read(act.session, batch_id)
    if act.has_answered(ExecutionAction.STAGE_SIGNED, said) and (given := state.sign_off(wanted)):
        return Outcome(given, state)
    with batch_state.judged(act.session, state):
        return _sign(act, state, wanted, seal)


def _sign(act: Act, state: BatchState, wanted: Round, seal: Seal) -> Outcome:
    refuse_if_blocked(_may_sign(state, wanted, act.by))
    if state.open.sign != wanted:
        raise Stale(blocks(ExecutionRule.STAGE_NOT_READY))
    subject = entries.round_to_sign(act, state.batch.id, wanted)
    signature = signatures.sign(
        act,
        seal,
        Meaning.PERFORMED,
        subject,
        entries.stage_facts(state.master, state.batch.code, state.current, wanted),
        scope=state.batch.itself,
    )
    covered = sorted(each.id for each in state.current if each.round == wanted)
    for number in covered:
        act.add(SignOffEntry(signature_id=signature.id, entry_id=number))
    signed = SignedRound(wanted, frozenset(covered))
    after = entry_writing.settle(act, state.with_sign_off(signature, signed), wanted.stage)
    act.say(
        ExecutionAction.STAGE_SIGNED,
        subject,
        scope=state.batch.code,
        facts=[state.batch.id, wanted, seal.reviewed],
        details={"stage": wanted.stage, "round": str(wanted.cycle)},
    )
    batch_logs.keep(act, after.log)
    return Outcome(signature, after)


def _may_sign(state: BatchState, wanted: Round, by: Actor) -> Iterator[Finding]:
    yield from batch_rules.may_be_corrected(state.execution, state.disposition)
    for stage in state.master.stages:
        if stage.id == wanted.stage:
            yield from rules.may_sign_off(stage, by.role)
