"""The server's clock, watched by the trail and by a clock that nobody can set.

When it goes back, or forward by itself, signing stops until it is judged, and what is recorded
meanwhile says so (TIM-03).
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from integrity import facts, reasons, site, states, trail, vocabulary
from integrity.actions import IntegrityAction
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.facts import Fact
from integrity.findings import Unavailable, blocks, refuse_if_blocked
from integrity.rule_ids import IntegrityRule
from integrity.states import Moves
from integrity.trail import SYSTEM, Actor, Event
from integrity.words import Phrase

TOLERANCE = timedelta(seconds=2)
MILLISECOND = timedelta(milliseconds=1)
Beat = tuple[datetime, float]  # what the clock said, and the steady seconds beside it
SUSPECTED = "suspect"  # what an event says of its clock while it is not trusted


class ServerClock:
    """The machine's clock, and beside it seconds that pass evenly whatever it is set to."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)

    def steady(self) -> float:
        """Seconds since the machine began, those it slept through included where it counts them."""
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()


server_clock = ServerClock()


class ClockState(enum.StrEnum):
    """How far the site's clock is trusted."""

    SUSPECT = "suspect"
    ACKNOWLEDGED = "acknowledged"
    JUDGED = "judged"


CLOCK, AXIS = ("site", "clock"), vocabulary.axis("clock", ClockState)
MOVES: Moves = {
    None: frozenset({ClockState.SUSPECT}),
    ClockState.SUSPECT: frozenset({ClockState.ACKNOWLEDGED}),
    ClockState.ACKNOWLEDGED: frozenset({ClockState.JUDGED, ClockState.SUSPECT}),
    ClockState.JUDGED: frozenset({ClockState.SUSPECT}),
}
# While it is in one of these, signing is stopped.
UNTRUSTED = (ClockState.SUSPECT, ClockState.ACKNOWLEDGED)


@contextmanager
def transaction(
    database: Database,
    read_clock: Callable[[], datetime],
    by: Actor = SYSTEM,
    entry_id: str | None = None,
) -> Iterator[Act]:
    """The one writing transaction of one act, at its moment; notices a clock that went back, or
    that went on by more than the time that passed.

    The clock is read once the writer's turn has come: read before, a long wait would look like a
    clock that went back."""
    with database.writing() as writing:
        writing.ledger.zone = site.settings(writing)["zone"]
        act = Act(writing, by, read_clock(), entry_id)
        beat = _beat(read_clock, act.at)
        passed = _passed(database.beat, beat)
        if has_gone_back(writing, act.at):
            suspect(act.by_system())
        elif passed is not None and abs(passed) > TOLERANCE:
            _jumped(act.by_system(), {"by": passed // MILLISECOND, "clock_says": act.at})
        if state(writing) in UNTRUSTED:
            writing.ledger.clock = SUSPECTED
        yield act
    database.beat = beat  # an act that was refused has recorded no jump: the next one is told of it


def _beat(read_clock: Callable[[], datetime], at: datetime) -> Beat | None:
    """What the clock says and the steady seconds beside it; None where nothing steady is there."""
    steady = getattr(read_clock, "steady", None)
    return (at, steady()) if steady else None


def _passed(before: Beat | None, beat: Beat | None) -> timedelta | None:
    """By how much the clock went on beyond the time that passed since the act before."""
    if before is None or beat is None:
        return None
    return (beat[0] - before[0]) - timedelta(seconds=beat[1] - before[1])


def begin(database: Database, read_clock: Callable[[], datetime]) -> bool:
    """At a start: whether nothing was recorded for so long that the clock may have gone forward
    while nobody watched it. How long stands in the settings; a demonstration is let go.
    """
    with database.reading() as reading:
        newest, settings = trail.head(reading).at, site.settings(reading)
        known = state(reading) in UNTRUSTED
    longest = timedelta(days=int(settings[site.SettingName.SILENT_DAYS]))
    at = read_clock()
    if known or newest is None or settings["demonstration"] == "yes" or at - newest <= longest:
        return False
    with transaction(database, read_clock) as act:
        _jumped(act, {"newest_event": newest, "clock_says": at})
    return True


def _jumped(act: Act, details: dict[str, object]) -> None:
    """Record that the clock may have gone forward."""
    if state(act.session) != ClockState.SUSPECT:
        states.move(act, site.itself(act), AXIS, ClockState.SUSPECT, allowed=MOVES)
    act.say(IntegrityAction.CLOCK_JUMPED, CLOCK, details=details)


def has_gone_back(session: Session, at: datetime) -> bool:
    """Whether `at` lies more than two seconds before the newest event."""
    newest = trail.head(session).at
    return newest is not None and at < newest - TOLERANCE


def state(session: Session) -> str | None:
    """None or "judged" when the clock is trusted, "suspect" or "acknowledged" while signing is
    stopped.
    """
    return site.state(session, AXIS)


def suspect(act: Act) -> None:
    """Record that the clock went back.

    Every time is an event, the standing changes only when it was trusted or acknowledged.
    """
    newest = trail.head(act.session).at
    if state(act.session) != ClockState.SUSPECT:
        states.move(act, site.itself(act), AXIS, ClockState.SUSPECT, allowed=MOVES)
    act.say(
        IntegrityAction.CLOCK_WENT_BACK,
        CLOCK,
        details={"newest_event": newest, "clock_says": act.at},
    )


_SUSPICIONS = (IntegrityAction.CLOCK_WENT_BACK, IntegrityAction.CLOCK_JUMPED)


def suspicions(session: Session) -> list[Fact]:
    """What the clock did since it was judged last, oldest first: which way and by how much."""
    wanted = select(Event).where(Event.action.in_([*_SUSPICIONS, IntegrityAction.CLOCK_JUDGED]))
    found: list[Fact] = []
    for event in session.scalars(wanted.order_by(Event.seq)):
        judged = event.action == IntegrityAction.CLOCK_JUDGED
        found = [] if judged else [*found, moved(event.action, event.said["details"])]
    return found


def moved(action: str, details: Mapping[str, Any]) -> Fact:
    """Which way the clock went and by how much, as the event of it tells."""
    says = datetime.fromisoformat(details["clock_says"])
    if "by" in details:
        ahead = timedelta(milliseconds=details["by"])
        word = Phrase.CLOCK_FORWARD if ahead > timedelta(0) else Phrase.CLOCK_BACK
        return facts.message(word, says=facts.instant(says), by=facts.span(abs(ahead)))
    newest = datetime.fromisoformat(details["newest_event"])
    word = Phrase.CLOCK_BEFORE
    if action == IntegrityAction.CLOCK_JUMPED:
        word = Phrase.CLOCK_SILENT
    return facts.message(
        word,
        says=facts.instant(says),
        by=facts.span(abs(says - newest)),
        newest=facts.instant(newest),
    )


def refuse_if_suspect(session: Session) -> None:
    """Signing stops while the clock is under suspicion (503)."""
    if state(session) in UNTRUSTED:
        raise Unavailable(blocks(IntegrityRule.CLOCK_SUSPECT))


def acknowledge(act: Act, *, reason: str) -> None:
    """An administrator says what happened to the clock."""
    _become(act, ClockState.ACKNOWLEDGED, reason)


def judge(act: Act, *, reason: str) -> None:
    """QA judges what was recorded meanwhile; signing opens again."""
    _become(act, ClockState.JUDGED, reason)


def _become(act: Act, becomes: str, reason: str) -> None:
    if act.has_answered(IntegrityAction(f"clock.{becomes}"), reason):
        return
    refuse_if_blocked(reasons.wanted(IntegrityRule.REASON, reason))
    states.move(act, site.itself(act), AXIS, becomes, allowed=MOVES, reason=reason)
    act.say(IntegrityAction(f"clock.{becomes}"), CLOCK, reason=reason, facts=reason)
