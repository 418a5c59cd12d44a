"""Corrections: a further entry in the place of one. The old stays legible; what was worked out from
it is worked out anew and loses its signatures (EBR-08, SIG-05).

Everything of an entry can be put right: its values, the number of vessels it made, the time it is
said to have been done, its comment, and whether it was done or left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from integrity import dependents, facts, reasons
from integrity.acts import Act
from integrity.facts import Fact
from integrity.findings import Finding, Refused, Stale, blocks, refuse_if_blocked
from integrity.trail import Actor
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
    scans,
    step_effects,
    typed_values,
    written_out,
)
from manufacturing.execution.actions import ExecutionAction
from manufacturing.execution.batch_state import BatchState, Outcome
from manufacturing.execution.entries import Deed, Entry
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules import batches as batch_rules, sequence, steps as rules
from manufacturing.execution.scans import Scans, Thing
from manufacturing.execution.step_effects import Planned
from manufacturing.execution.words import ExecutionPhrase
from manufacturing.masters.model import Field, Step
from stores import voiding

STAYS = ("sample", "calculation")  # a sample is what it is; what is worked out follows


@dataclass(frozen=True)
class CorrectionFacts:
    """What takes the place of an entry, and why.

    `performed_at` and `comment` stay where they are None; `not_applicable` is why the step was
    left out after all, None where it was done.
    """

    entry_key: int
    typed: Mapping[str, str]
    reason: str
    performed_at: datetime | None = None
    comment: str | None = None
    not_applicable: str | None = None


def correctable(step: Step) -> tuple[Field, ...]:
    """The fields of a step that a correction may change."""
    return tuple(field for field in step.fields if field.type not in STAYS)


def correct(act: Act, facts: CorrectionFacts) -> Outcome:
    """Put a new entry in the place of one; every later entry whose calculations change gets a
    further entry too, and what the times say is judged anew.

    Raises Refused, and Stale where the entry was corrected meanwhile.
    """
    if earlier := act.once(ExecutionAction.STEP_CORRECTED, facts):
        return Outcome(act.session.get_one(Entry, earlier), None)
    old = act.session.get_one(Entry, facts.entry_key)
    state = batch_state.gather(act.session, old.batch_id)
    with batch_state.judged(act.session, state):
        refuse_if_blocked(_may_correct(state, old, facts, act.by))
        stays = scans.named_by(act.session, state, old)
        claimed = facts.performed_at or old.performed_at
        anew = Scans(act.session, act.at, stays, old.values, claimed=claimed)
        deed = _corrected(act, state, old, facts, anew)
        surplus = step_effects.surplus(old.values, deed.values)
        refuse_if_blocked(voiding.against(act.session, surplus))
        planned = step_effects.plan(
            act, state, old.position, deed.values, deed.performed_at, old.values
        )
        turned = [*anew.turned, *planned.turned]
        over = lot_amounts.of_scans(act.session, state, old.position, deed.values, anew.things)
        deed = replace(deed, late=deed.late or bool(turned))
    return _record(
        act, state, old, facts, _Anew(deed, planned, surplus, anew.things, [*turned, *over])
    )


@dataclass(frozen=True)
class _Anew:
    """What a correction is about to write: the deed, containers made and voided, things used, and
    what of them is forbidden since."""

    deed: Deed
    planned: Planned
    surplus: list[str]
    things: Mapping[str, Thing]
    turned: Sequence[Finding]


def _record(
    act: Act, state: BatchState, old: Entry, facts: CorrectionFacts, anew: _Anew
) -> Outcome:
    reason = facts.reason.strip()
    labels = voiding.void(act, anew.surplus, reason=reason)
    deed = anew.deed.with_values(anew.planned.shown(anew.deed.values))
    corrected = _in_place_of(act, state, old, deed, reason)
    entry = corrected.everything[-1]
    step_effects.make(act, state, entry, anew.planned)
    step_effects.use(act, state, entry, anew.things)
    opened = entry_writing.open_deviations(act, state, entry, anew.turned, reason)
    after, again = _work_out_anew(act, corrected.with_deviations(opened), entry)
    after = _judge_times(act, state, after, old, reason)
    after = _agree(act, state, after, entry, reason)
    after = entry_writing.settle(act, after, entry.stage)
    revived = expiry.revived(act, after, entry)
    after = after.with_deviations(entry_writing.open_deviations(act, after, entry, revived, reason))
    expires = expiry.settle(act, after, entry)
    void = {code: str(printed) for code, printed in labels.items()}
    act.say(
        ExecutionAction.STEP_CORRECTED,
        entry,
        scope=state.batch.code,
        reason=reason,
        facts=facts,
        details={
            "place": sequence.place_fact(state.master, entry.position),
            "changed": entries.changes(state.master, old, entry, ZoneInfo(entry.zone)),
            "worked_out_anew": again,
            **({"expires": expires} if expires else {}),
            **({"void": void} if void else {}),
        },
    )
    batch_logs.keep(act, after.log)
    dependents.changed(act, entry)
    return Outcome(entry, after)


def _may_correct(
    state: BatchState, old: Entry, facts: CorrectionFacts, by: Actor
) -> Iterator[Finding]:
    yield from batch_rules.may_be_corrected(state.execution, state.disposition)
    yield from rules.may_perform(state.master.step(old.step), by.role)
    yield from reasons.wanted(ExecutionRule.CORRECTION_REASON, facts.reason)
    if facts.not_applicable is not None:
        yield from rules.may_be_left_out(state.master.step(old.step), facts.not_applicable)
    if not state.stands(old):
        raise Stale(blocks(ExecutionRule.NOTHING_TO_CORRECT))


def _corrected(
    act: Act, state: BatchState, old: Entry, facts: CorrectionFacts, anew: Scans
) -> Deed:
    """What is said now of what was done, worked out.

    A lot that stays is not asked for again, another one is judged as of then and as of now.
    """
    claimed = facts.performed_at or old.performed_at
    told = None if old.not_applicable else state.log.first_told(old.position)
    times = claims.times(act.session, state, claimed, told or act.at)
    if facts.performed_at is not None:
        refuse_if_blocked(rules.time_is_possible(times))
    comment = old.comment if facts.comment is None else facts.comment.strip() or None
    values = {} if facts.not_applicable is not None else _values(state, old, facts, anew)
    moved = claimed != old.performed_at or bool(old.not_applicable)
    late = rules.is_late(times) if moved else old.late
    deed = Deed(values, claimed, comment, facts.not_applicable, late)
    if deed == old.deed:
        raise Refused(blocks(ExecutionRule.NOTHING_DIFFERS))
    return deed


def _values(state: BatchState, old: Entry, facts: CorrectionFacts, anew: Scans) -> dict[str, Any]:
    step = state.master.step(old.step)
    fields = step.fields if old.not_applicable else correctable(step)
    taken, refused = entry_writing.values_of(fields, facts.typed, anew.read)
    first = anew.at if old.not_applicable else state.log.first_recorded(old.position)
    unlike = entry_writing.moments(anew.session, state, old.position, taken, first)
    refuse_if_blocked([*refused, *unlike])
    taken = _with_codes(taken, old)
    taken |= _staying(step, old.values, taken)
    taken = label_counts.counted(anew.session, state, step, taken)
    taken = receipt_checks.received(anew.session, state, step, taken)
    ordered = {field.id: taken[field.id] for field in step.fields if field.id in taken}
    return formula_values.worked_out(state.master, state.recorded(), old.position, ordered)


def _staying(step: Step, old: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, Any]:
    """Samples as they were drawn, and results to be worked out anew, where the answers of now ask
    for them; a sample that was not asked for before is drawn with the correction."""
    stays = [each for each in step.fields if each.type in STAYS and each.is_asked(taken)]
    kept = {each.id: old[each.id] for each in stays if each.id in old}
    drawn = {
        each.id: typed_values.read(each, {})
        for each in stays
        if each.type == "sample" and each.id not in (*old, *taken)
    }
    return kept | drawn


def _with_codes(taken: Mapping[str, Any], old: Entry) -> dict[str, Any]:
    """As many vessels as before are the same ones."""
    return {
        name: old.values[name]
        if "number" in value and value["number"] == old.values.get(name, {}).get("number")
        else value
        for name, value in taken.items()
    }


def _in_place_of(act: Act, state: BatchState, old: Entry, deed: Deed, reason: Fact) -> BatchState:
    """The state once the further entry, its newest, is written.

    A deviation is opened for everything outside its limits that was not already so before, and for
    what was used, is bad and is named no more.
    """
    step = state.master.step(old.step)
    gone = written_out.taken_out(act, step, old, deed.values)
    lots = lot_amounts.amended(act.session, state, old, deed.values)
    gone += lot_amounts.overdrawn(act.session, state, old.position, deed.values, lots)
    entry = entry_writing.entry_at(
        act,
        state,
        old.position,
        deed.values,
        performed_at=deed.performed_at,
        comment=deed.comment,
        not_applicable=deed.not_applicable,
        late=deed.late,
        corrects_id=old.id,
        reason=reason,
    )
    lot_amounts.use_again(act, state, entry, lots)
    known = list(entry_writing.judged_values(step, old.values))
    added = [each for each in entry_writing.judged_values(step, deed.values) if each not in known]
    opened = entry_writing.open_deviations(act, state, entry, [*added, *gone], reason)
    return state.with_entry(entry, opened)


def _work_out_anew(act: Act, state: BatchState, entry: Entry) -> tuple[BatchState, list[Fact]]:
    """Every later entry whose calculations change gets a further entry, without the signatures of
    the old one.

    Gives the state after it and the places of what was worked out anew.
    """
    current = {each.position: each for each in state.current}
    place = sequence.place_fact(state.master, entry.position)
    reason = facts.message(ExecutionPhrase.WORKED_OUT_ANEW, place=place)
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
            state = _in_place_of(act, state, old, old.deed.with_values(values), reason)
            again.append(sequence.place_fact(state.master, position))
    return state, again


def _is_worked_out(state: BatchState, entry: Entry) -> bool:
    return any(field.type == "calculation" for field in state.master.step(entry.step).fields)


def _agree(
    act: Act, before: BatchState, after: BatchState, entry: Entry, reason: str
) -> BatchState:
    """The state once there is a deviation for every answer that disagrees with another one now."""
    for position, finding in agreements.anew(before, after):
        subject = after.at(position) or entry
        opened = entry_writing.open_deviations(act, after, subject, [finding], reason)
        after = after.with_deviations(opened)
    return after


def _judge_times(
    act: Act, before: BatchState, after: BatchState, old: Entry, reason: str
) -> BatchState:
    """The state once there is a deviation for everything that the times say now and did not say
    before, of the entry and of what follows it."""
    entry = after.at(old.position)
    assert entry  # the one that takes the place of the old one
    if _times(before, old) == _times(after, entry):
        return after
    claims.start_again(act, after, old, entry)
    for position, finding in claims.anew(act, before, after, old):
        subject = after.at(position) or entry
        opened = entry_writing.open_deviations(act, after, subject, [finding], reason)
        after = after.with_deviations(opened)
    return after


def _times(state: BatchState, entry: Entry) -> tuple[Any, ...]:
    """All that an entry says of when it was done."""
    return entry.performed_at, entry.not_applicable, claims.written(state, entry)
