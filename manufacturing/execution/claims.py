"""Claimed times: when something was done, as a person says it. Judged when it is told, and anew,
with everything that follows from it, when it is corrected (EBR-09, TIM-06)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from integrity import corrections, dependents, deviations, facts, site
from integrity.acts import Act
from integrity.database import Session
from integrity.facts import Fact
from integrity.findings import Finding
from integrity.subjects import Named
from manufacturing.donation import cord_corrections, cords, window
from manufacturing.donation.cords import Cord
from manufacturing.donation.rules.window import inside_the_window
from manufacturing.execution import batch_state, entry_writing, formula_values, scans
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules import moments, sequence, steps as rules
from manufacturing.execution.rules.moments import Claim
from manufacturing.execution.rules.sequence import Position
from manufacturing.masters.model import Field, Step, Window
from people import accounts

Judged = tuple[Position, Finding]


def times(
    session: Session, state: BatchState, performed_at: datetime, recorded_at: datetime
) -> rules.Times:
    """What is recorded now is never late, so the site's limit is asked for only where another time
    is claimed: the one that held at that time.
    """
    late_after = timedelta(0)
    if performed_at != recorded_at:
        late_after = site.late_after(session, performed_at)
    return rules.Times(performed_at, recorded_at, state.batch.started_at, late_after)


def done_before(state: BatchState, position: Position) -> Iterator[tuple[datetime, Fact]]:
    """When everything was done that the record puts before a position, and where it stands."""
    here = formula_values.place_key(state.master, position)
    for each in state.current:
        if not each.not_applicable and formula_values.place_key(state.master, each.position) < here:
            yield each.performed_at, sequence.place_fact(state.master, each.position)


def timer_told(state: BatchState, step: Step, times: rules.Times) -> Iterator[Finding]:
    """The timer that a step stops, by the server and by what is claimed of its start and stop."""
    timer = state.master.timers.get(step.stops or "")
    starts = [each.id for each in state.master.steps if timer and each.starts == timer.id]
    kept = state.timer_started(timer), times.recorded_at
    yield from moments.timer_told(timer, kept, (state.last(starts), times.performed_at))


def ending(session: Session, state: BatchState, step: Step) -> Iterator[tuple[Window, Cord]]:
    """Every window that ends with the first recording of this step, with the cord it began with."""
    for limit in state.master.windows.values():
        if limit.until == step.id and not state.log.has(step.id):
            yield limit, _cord(session, state)


def _cord(session: Session, state: BatchState) -> Cord:
    cord = cords.by_code(session, state.batch.cord_code)
    assert cord  # a batch is started from one
    return cord


def entitled(session: Session, step: Step, person_id: int, claimed: datetime) -> Iterator[Finding]:
    """Whether who says that they did it might do it at the time they claim (IAM-02)."""
    then = moments.end_of_minute(claimed)
    yield from moments.entitled_then(
        step.performs, accounts.role_at(session, person_id, then), then
    )


# Judged anew
# -------------------------------------------------------------------------------------------------


def anew(act: Act, before: BatchState, after: BatchState, old: Entry) -> list[Judged]:
    """What speaks against the times of a record once an entry is corrected, and did not before:
    against the entry itself, and against everything that follows from it."""
    entry = after.at(old.position)
    assert entry  # the one that takes the place of the old one
    known = list(_of_record(before))
    found = [each for each in _of_record(after) if each not in known]
    if entry.not_applicable:
        return found
    mine = [] if old.not_applicable else _of_entry(act, before, old)
    own = [each for each in _of_entry(act, after, entry) if each not in mine]
    own += _things(act, after, entry, old)
    return [*((entry.position, each) for each in own), *found]


def _of_record(state: BatchState) -> Iterator[Judged]:
    """The order of all claims and the intervals between them."""
    standing = sorted(
        (each for each in state.current if not each.not_applicable),
        key=lambda each: formula_values.place_key(state.master, each.position),
    )
    claims = [_claim(state, each) for each in standing]
    for number, finding in moments.of_record(claims):
        yield standing[number].position, finding


def _claim(state: BatchState, entry: Entry) -> Claim:
    step = state.master.step(entry.step)
    return Claim(
        entry.step,
        sequence.place_fact(state.master, entry.position),
        entry.performed_at,
        step.due,
        written(state, entry),
        step.starts,
        state.master.timers.get(step.stops or ""),
    )


def written(state: BatchState, entry: Entry) -> tuple[moments.Written, ...]:
    """The moments that tell in the values of an entry when something was done."""
    return moments.written(state.master.step(entry.step).fields, entry.values)


def _of_entry(act: Act, state: BatchState, entry: Entry) -> list[Finding]:
    """Late or not, the window it ends, and whether who did it might do it then."""
    session, step = act.session, state.master.step(entry.step)
    told = state.log.first_told(entry.position) or entry.recorded_at
    found = [*rules.recorded_in_time(times(session, state, entry.performed_at, told))]
    history = state.log.history[entry.position]
    doer = next(each.person_id for each in history if not each.not_applicable)
    found += entitled(session, step, doer or 0, entry.performed_at)
    return [*found, *windows_of(session, state, entry)]


def windows_of(session: Session, state: BatchState, entry: Entry) -> Iterator[Finding]:
    """What the windows say that an entry ended."""
    told = state.log.first_told(entry.position) or entry.recorded_at
    for limit, cord in _ended(session, state, entry):
        late = inside_the_window(cord.born_at, entry.performed_at, told, window.limits_of(limit))
        if late:
            yield late


def _ended(session: Session, state: BatchState, entry: Entry) -> Iterator[tuple[Window, Cord]]:
    """The windows that the place of an entry ended: it was the first of its step."""
    first = next(each for each in state.everything if each.step == entry.step)
    for limit in state.master.windows.values():
        if limit.until == entry.step and first.position == entry.position:
            yield limit, _cord(session, state)


def _things(act: Act, state: BatchState, entry: Entry, old: Entry) -> Iterator[Finding]:
    """What was used could be used at the time that is claimed now: released, in date, calibrated.

    Another thing was judged when it was scanned for the correction."""
    for field in state.master.step(entry.step).fields:
        value = entry.values.get(field.id)
        if field.type in ("lot", "equipment") and value and value == old.values.get(field.id):
            known = _against(act, field, value["code"], old.performed_at)
            for finding in _against(act, field, value["code"], entry.performed_at):
                if finding not in known:
                    label = facts.text(field.label)
                    yield moments.unfit_then(label, finding, entry.performed_at)


def _against(act: Act, field: Field, code: str, claimed: datetime) -> list[Finding]:
    return scans.find(act.session, field, code, act.at, scans.then_of(claimed, act.at))[1]


def start_again(act: Act, state: BatchState, old: Entry, entry: Entry) -> None:
    """The processing of a cord starts when its entry says now that it did."""
    if entry.performed_at != old.performed_at:
        for _, cord in _ended(act.session, state, entry):
            cords.correct_start(act, cord.id, performed_at=entry.performed_at)


# A birth that was recorded wrongly
# -------------------------------------------------------------------------------------------------


@dependents.declare
def answer(act: Act, subject: Named) -> None:
    """Open the deviation of a start of processing that a corrected birth puts outside the window
    (EBR-07)."""
    if isinstance(subject, Cord) and subject.born_at != subject.first_born_at:
        batch = act.session.scalar(select(Batch).where(Batch.cord_id == subject.id))
        if batch is not None:
            _judge_anew(act, batch_state.gather(act.session, batch.id))


def _judge_anew(act: Act, state: BatchState) -> None:
    cord = _cord(act.session, state)
    since = corrections.changed_at(cord_corrections.of(act.session, cord), "born_at")
    for entry, finding in _outside(act, state):
        if not deviations.judging(act.session, [state.batch.id], finding, since):
            entry_writing.open_deviations(act, state, entry, [finding], None)


def _outside(act: Act, state: BatchState) -> Iterator[tuple[Entry, Finding]]:
    """The entries that ended a window, with what the window says of them as the cord stands."""
    for entry in state.current:
        for finding in windows_of(act.session, state, entry):
            yield entry, finding
