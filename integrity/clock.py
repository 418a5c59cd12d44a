"""The server's clock, watched by the trail.

When it goes back, signing stops until it is judged (TIM-03).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from integrity import reasons, site, states, trail, vocabulary
from integrity.actions import IntegrityAction
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.findings import Unavailable, blocks, refuse_if_blocked
from integrity.rule_ids import IntegrityRule
from integrity.states import Moves
from integrity.trail import SYSTEM, Actor

TOLERANCE = timedelta(seconds=2)


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
    """The one writing transaction of one act, at its moment; notices a clock that went back.

    The clock is read once the writer's turn has come: read before, a long wait would look like a
    clock that went back."""
    with database.writing() as writing:
        writing.ledger.zone = site.settings(writing)["zone"]
        act = Act(writing, by, read_clock(), entry_id)
        if has_gone_back(writing, act.at):
            suspect(act.by_system())
        yield act


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
