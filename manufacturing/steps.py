"""Steps: the acts that record an entry, correct it, have it verified by a second person, and sign a stage off.

Each gathers the situation, asks the law, writes what follows (containers, uses of lots and equipment, deviations) and
says its event, all in the one transaction it was handed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from integrity import deviations, signatures, site, trail
from integrity.findings import Finding, Refused, Stale, blocks, refuse_if_blocked
from integrity.signatures import Meaning, Seal, Signature
from integrity.trail import Actor
from labels.issue import issue
from manufacturing import batches, cords, entries, outcomes, readings, situation, values, window
from manufacturing.batches import Batch
from manufacturing.entries import Entry
from manufacturing.masters.document import Step, text
from manufacturing.rules import batches as batch_rules
from manufacturing.rules import order
from manufacturing.rules import steps as rules
from manufacturing.rules.order import Position, Round
from manufacturing.rules.window import inside_the_window
from manufacturing.situation import Situation

__all__ = ["Entry", "StepFacts", "correct", "record_step", "sign_stage", "verify_entry"]


@dataclass(frozen=True)
class StepFacts:
    """What was entered at one position: parts as typed, the time claimed (None: now), a comment, or why it was left out."""

    position: Position
    typed: Mapping[str, str]
    performed_at: datetime | None = None
    comment: str | None = None
    not_applicable: str | None = None


@dataclass(frozen=True)
class CorrectionFacts:
    """What takes the place of an entry, and why."""

    entry_key: int
    typed: Mapping[str, str]
    reason: str


def record_step(session: Session, batch_id: int, facts: StepFacts, *, entry_id: str, by: Actor, at: datetime) -> Entry:
    """Record one step; refuses what is out of order, blocked at the scan or nonsense; what deviates opens deviations."""
    if earlier := trail.answered(session, "step.recorded", entry_id, [batch_id, facts], by=by):
        return session.get_one(Entry, earlier)
    now = situation.gather(session, session.get_one(Batch, batch_id))
    refuse_if_blocked(_may_record(now, facts.position, by))
    step, performed_at = now.master.step(facts.position.step), facts.performed_at or at
    times = rules.Times(performed_at, at, now.batch.started_at, timedelta(minutes=int(site.settings(session)["late_minutes"])))
    taken, blocked = _values(session, now, facts, at)
    made = {} if facts.not_applicable else values.worked_out(now.master, (e.recorded for e in now.current), facts.position, taken)
    findings = [*blocked, *rules.time_is_possible(times), *rules.recorded_in_time(times),
                *_judged(session, now, facts, made, performed_at, at)]
    refuse_if_blocked([*blocked, *rules.time_is_possible(times), *rules.comment_given(findings, facts.comment)])
    made = {} if facts.not_applicable else outcomes.make(session, now, step, facts.position, made, by=by, at=at)
    entry = _entry(session, now, facts.position, made, by, at, performed_at=performed_at, comment=facts.comment,
                   not_applicable=facts.not_applicable, late=rules.is_late(times))
    _open_deviations(session, now, entry, findings, facts.comment, by, at)
    _start_processing(session, now, facts, performed_at, by, at)
    batches.set_execution(session, now.batch, "in_process", by=by, at=at)
    _settle(session, now, entry.stage, by, at)
    trail.say(session, "step.recorded", entry, by=by, at=at, scope=now.batch.code, entry_id=entry_id, facts=[batch_id, facts],
              reason=facts.comment, details=_details(now, entry))
    return entry


def _details(now: Situation, entry: Entry) -> dict[str, Any]:
    return {"place": order.place(now.master, entry.position), **dict(entries.facts_of(now.master, now.batch.code, entry)[2:])}


def _may_record(now: Situation, position: Position, by: Actor) -> Iterator[Finding]:
    yield from batch_rules.is_open(now.execution)
    yield from rules.work_may_go_on(now.deviations)
    yield from order.in_order(now.master, now.progress, position)
    roles = next((step.performs for step in now.master.steps if step.id == position.step), ())
    if roles and by.role not in roles:
        yield blocks("IAM-02", f"This step is done by: {', '.join(roles)}.")


def _values(session: Session, now: Situation, facts: StepFacts, at: datetime) -> tuple[dict[str, Any], list[Finding]]:
    """(values as read, everything that refuses them), all faults at once."""
    step = now.master.step(facts.position.step)
    if facts.not_applicable:
        return {}, list(rules.may_be_left_out(step))
    taken: dict[str, Any] = {}
    found: list[Finding] = []
    for field in step.fields:
        try:
            value = readings.read(field, facts.typed)
        except readings.Faulty as fault:
            found += [blocks("EBR-05", sentence, part) for part, sentence in fault.faults.items()]
            continue
        if value is not None and field.type in ("lot", "equipment"):
            value, refused = outcomes.scanned(session, field, value, at)
            found += refused
        if value is not None:
            taken[field.id] = value
    if found:
        raise Refused(found)
    return taken, found


def _judged(session: Session, now: Situation, facts: StepFacts, made: Mapping[str, Any], performed_at: datetime,
            at: datetime) -> Iterator[Finding]:
    """What the law says of the values, the interval, the timer and the window."""
    step = now.master.step(facts.position.step)
    if facts.not_applicable:
        return
    for field in step.fields:
        if field.id in made:
            yield from rules.judged_value(field, made[field.id])
    yield from rules.interval_kept(step.due, now.last(step.due.after) if step.due else None, performed_at)
    timer = now.master.timers.get(step.stops or "")
    yield from rules.timer_kept(timer, now.timer_started(timer), at)
    for limit in now.master.windows.values():
        if limit.until == step.id and not any(entry.step == step.id for entry in now.everything):
            cord = cords.by_code(session, now.batch.cord_code)
            late = cord and inside_the_window(cord.born_at, performed_at, at, window.limits_of(limit))
            if late:
                yield replace(late, rule=rules.WINDOW_RULE)


def _entry(session: Session, now: Situation, position: Position, made: Mapping[str, Any], by: Actor, at: datetime, *,
           performed_at: datetime, comment: str | None = None, not_applicable: str | None = None, late: bool = False,
           corrects_id: int | None = None, reason: str | None = None) -> Entry:
    step = now.master.step(position.step)
    entry = Entry(batch_id=now.batch.id, stage=position.stage, cycle=position.cycle, step=position.step, turn=position.turn, values=made,
                  not_applicable=not_applicable, performed_at=performed_at, recorded_at=at, zone=session.info.get("zone", "UTC"),
                  late=late, needs_second=step.verify or late or bool(not_applicable and step.critical), comment=comment,
                  corrects_id=corrects_id, reason=reason, person_id=by.id or 0, username=by.username, name=by.name)
    session.add(entry)
    session.flush()
    return entry


def _open_deviations(session: Session, now: Situation, entry: Entry, findings: Sequence[Finding], comment: str | None, by: Actor,
                     at: datetime) -> None:
    for finding in deviations.deviating(findings):
        deviations.open_deviation(session, finding, issue(session, "N", at=at), scope=now.batch.code, subject=entry,
                                  place=order.place(now.master, entry.position), comment=comment, by=by, at=at)


def _start_processing(session: Session, now: Situation, facts: StepFacts, performed_at: datetime, by: Actor, at: datetime) -> None:
    for limit in now.master.windows.values():
        first = not any(entry.step == limit.until for entry in now.everything)
        if limit.until == facts.position.step and first:
            cord = cords.by_code(session, now.batch.cord_code)
            if cord:
                cords.start_processing(session, cord.id, performed_at=performed_at, limits=window.limits_of(limit), by=by, at=at)


def _settle(session: Session, before: Situation, stage: str, by: Actor, at: datetime) -> None:
    """Complete when nothing is open any more; in process again when a correction has opened something."""
    if stage != before.master.stages[-1].id and before.execution != "complete":
        return  # nothing before the last stage completes a batch
    session.flush()
    batch = before.batch
    now = situation.gather(session, batch)
    if now.execution in ("in_process", "complete"):
        batches.set_execution(session, batch, "complete" if now.open.is_complete else "in_process", by=by, at=at)


# Second person and sign-off ------------------------------------------------------------------------------------------

def entry_facts(session: Session, entry_key: int) -> list[tuple[str, str]]:
    """What the second person is shown and signs."""
    entry = session.get_one(Entry, entry_key)
    now = situation.gather(session, session.get_one(Batch, entry.batch_id))
    return entries.facts_of(now.master, now.batch.code, entry)


def verify_entry(session: Session, entry_key: int, *, seal: Seal, entry_id: str, by: Actor, at: datetime) -> Signature:
    """The second person signs an entry: somebody else than who did it, on the first one's tablet (SIG-10)."""
    entry = session.get_one(Entry, entry_key)
    now = situation.gather(session, session.get_one(Batch, entry.batch_id))
    step = now.master.step(entry.step)
    refuse_if_blocked(rules.second_person(entry.username, by.username, step.verifies, by.role))
    if entry not in now.current or now.verification(entry):
        raise Stale(blocks("EBR-19", "This entry was verified or corrected meanwhile. Open the batch to see it."))
    signature = signatures.sign(session, seal, Meaning.VERIFIED, entry, entries.facts_of(now.master, now.batch.code, entry), by=by, at=at,
                                scope=now.batch.code)
    _settle(session, now, entry.stage, by, at)
    trail.say(session, "step.verified", entry, by=by, at=at, scope=now.batch.code, entry_id=entry_id, facts=[entry_key, seal.reviewed],
              details={"place": order.place(now.master, entry.position), "components": seal.components})
    return signature


def stage_facts(session: Session, batch_id: int, wanted: Round) -> list[tuple[str, str]]:
    """What is shown and signed when a stage is signed off."""
    now = situation.gather(session, session.get_one(Batch, batch_id))
    return entries.stage_facts(now.master, now.batch.code, now.current, wanted)


def sign_stage(session: Session, batch_id: int, wanted: Round, *, seal: Seal, entry_id: str, by: Actor, at: datetime) -> Signature:
    """Sign a round of a stage off once every step of it is recorded and verified."""
    now = situation.gather(session, session.get_one(Batch, batch_id))
    if now.open.sign != wanted:
        raise Stale(blocks("EBR-02", "This stage is not ready to be signed off, or it is signed already. Open the batch to see it."))
    signature = signatures.sign(session, seal, Meaning.PERFORMED, situation.round_subject(now.batch, wanted),
                                entries.stage_facts(now.master, now.batch.code, now.current, wanted), by=by, at=at, scope=now.batch.code)
    _settle(session, now, wanted.stage, by, at)
    trail.say(session, "stage.signed", situation.round_subject(now.batch, wanted), by=by, at=at, scope=now.batch.code, entry_id=entry_id,
              facts=[batch_id, wanted, seal.reviewed], details={"stage": wanted.stage, "round": str(wanted.cycle)})
    return signature


# Corrections -----------------------------------------------------------------------------------------------------------

def correct(session: Session, facts: CorrectionFacts, *, entry_id: str, by: Actor, at: datetime) -> Entry:
    """Put a new entry in the place of one; the old stays legible, what depended on it is worked out anew and loses its
    signatures (EBR-08, SIG-05)."""
    if earlier := trail.answered(session, "step.corrected", entry_id, facts, by=by):
        return session.get_one(Entry, earlier)
    old = session.get_one(Entry, facts.entry_key)
    now = situation.gather(session, session.get_one(Batch, old.batch_id))
    refuse_if_blocked(batch_rules.may_be_corrected(now.execution, now.disposition))
    if old not in now.current or old.not_applicable:
        raise Stale(blocks("EBR-19", "This entry was corrected meanwhile, or holds nothing to correct. Open the batch to see it."))
    step = now.master.step(old.step)
    taken = _corrected_values(session, now, step, old, facts, at)
    made = values.worked_out(now.master, (e.recorded for e in now.current), old.position, taken)
    if made == old.values:
        raise Refused(blocks("EBR-08", "Nothing differs from what is recorded. Change a value, or leave the entry as it is."))
    entry = _entry(session, now, old.position, made, by, at, performed_at=old.performed_at, comment=old.comment, late=old.late,
                   corrects_id=old.id, reason=facts.reason)
    _judge_correction(session, now, step, entry, old, facts.reason, by, at)
    again = _work_out_anew(session, now, entry, by, at)
    _settle(session, now, entry.stage, by, at)
    trail.say(session, "step.corrected", entry, by=by, at=at, scope=now.batch.code, reason=facts.reason, entry_id=entry_id, facts=facts,
              details={"place": order.place(now.master, entry.position), "changed": _changes(step, old, entry), "worked_out_anew": again})
    return entry


def _corrected_values(session: Session, now: Situation, step: Step, old: Entry, facts: CorrectionFacts, at: datetime) -> dict[str, Any]:
    """The values as corrected: containers and samples stay what they are, a lot that stays is not asked for again."""
    kept = {field.id: old.values[field.id] for field in step.fields if field.type in ("vessels", "sample") and field.id in old.values}
    found: list[Finding] = []
    taken: dict[str, Any] = {}
    for field in step.fields:
        if field.type in ("vessels", "sample", "calculation"):
            continue
        try:
            value = readings.read(field, facts.typed)
        except readings.Faulty as fault:
            found += [blocks("EBR-05", sentence, part) for part, sentence in fault.faults.items()]
            continue
        if value is not None and field.type in ("lot", "equipment"):
            value, refused = outcomes.rescanned(session, field, value, old.values.get(field.id), at)
            found += refused
        if value is not None:
            taken[field.id] = value
    refuse_if_blocked(found)
    return {field.id: (taken | kept)[field.id] for field in step.fields if field.id in taken | kept}


def _judge_correction(session: Session, now: Situation, step: Step, entry: Entry, old: Entry, reason: str, by: Actor, at: datetime) -> None:
    """Open a deviation for everything outside its limits that was not already so in the entry before."""
    known = {finding.sentence for field in step.fields if field.id in old.values for finding in rules.judged_value(field, old.values[field.id])}
    findings = [finding for field in step.fields if field.id in entry.values for finding in rules.judged_value(field, entry.values[field.id])]
    _open_deviations(session, now, entry, [finding for finding in findings if finding.sentence not in known], reason, by, at)


def _work_out_anew(session: Session, now: Situation, entry: Entry, by: Actor, at: datetime) -> list[str]:
    """Every later entry whose calculations change gets a further entry, without the signatures of the old one."""
    standing = [entry if each.id == entry.corrects_id else each for each in now.current]
    here, again = values.place_key(now.master, entry.position), []
    for old in sorted(standing, key=lambda each: values.place_key(now.master, each.position)):
        if values.place_key(now.master, old.position) <= here or old.not_applicable:
            continue
        made = values.worked_out(now.master, (each.recorded for each in standing), old.position,
                                 {field_id: value for field_id, value in old.values.items()})
        if made != old.values:
            reason = f"Worked out anew after the correction of {order.place(now.master, entry.position)}"
            newer = _entry(session, now, old.position, made, by, at, performed_at=old.performed_at, comment=old.comment, late=old.late,
                           corrects_id=old.id, reason=reason)
            _judge_correction(session, now, now.master.step(old.step), newer, old, reason, by, at)
            standing[standing.index(old)] = newer
            again.append(order.place(now.master, old.position))
    return again


def _changes(step: Step, old: Entry, new: Entry) -> dict[str, list[Any]]:
    return {text(field.label): [old.values.get(field.id), new.values.get(field.id)] for field in step.fields
            if old.values.get(field.id) != new.values.get(field.id)}

