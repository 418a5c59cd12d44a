"""The server's clock, watched by the trail.

When it goes back, signing stops until it is judged (TIM-03).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from integrity import site, states, trail
from integrity.database import Database, Session
from integrity.findings import Unavailable, blocks
from integrity.trail import Actor

TOLERANCE = timedelta(seconds=2)
CLOCK = ("site", "clock")
MOVES = {
    None: frozenset({"suspect"}),
    "suspect": frozenset({"acknowledged"}),
    "acknowledged": frozenset({"judged", "suspect"}),
    "judged": frozenset({"suspect"}),
}


@contextmanager
def transaction(
    database: Database, read_clock: Callable[[], datetime]
) -> Iterator[tuple[Session, datetime]]:
    """The one writing transaction of one act, and its moment; notices a clock that went back.

    The clock is read once the writer's turn has come: read before, a long wait would look like a
    clock that went back."""
    with database.writing() as writing:
        writing.ledger.zone = site.settings(writing)["zone"]
        at = read_clock()
        if has_gone_back(writing, at):
            suspect(writing, at=at)
        yield writing, at


def has_gone_back(session: Session, at: datetime) -> bool:
    """Whether `at` lies more than two seconds before the newest event."""
    _, _, newest = trail.head(session)
    return newest is not None and at < newest - TOLERANCE


def state(session: Session) -> str | None:
    """None or "judged" when the clock is trusted, "suspect" or "acknowledged" while signing is
    stopped.
    """
    return states.of(session, CLOCK, "clock")


def suspect(session: Session, *, by: Actor = trail.SYSTEM, at: datetime) -> None:
    """Record that the clock went back.

    Every time is an event, the standing changes only when it was trusted or acknowledged.
    """
    _, _, newest = trail.head(session)
    if state(session) != "suspect":
        states.move(session, CLOCK, "clock", "suspect", allowed=MOVES, by=by, at=at)
    trail.say(
        session,
        "clock.went_back",
        CLOCK,
        by=by,
        at=at,
        details={"newest_event": newest, "clock_says": at},
    )


def refuse_if_suspect(session: Session) -> None:
    """Signing stops while the clock is under suspicion (503)."""
    if state(session) in ("suspect", "acknowledged"):
        raise Unavailable(
            blocks(
                "TIM-03",
                "The server's clock went back, so nothing can be signed until an administrator has "
                "acknowledged it and QA has judged it on the page Clock.",
            )
        )


def acknowledge(session: Session, *, reason: str, entry_id: str, by: Actor, at: datetime) -> None:
    """An administrator says what happened to the clock."""
    _become(session, "acknowledged", reason, entry_id, by, at)


def judge(session: Session, *, reason: str, entry_id: str, by: Actor, at: datetime) -> None:
    """QA judges what was recorded meanwhile; signing opens again."""
    _become(session, "judged", reason, entry_id, by, at)


def _become(
    session: Session, becomes: str, reason: str, entry_id: str, by: Actor, at: datetime
) -> None:
    if trail.has_answered(session, f"clock.{becomes}", entry_id, reason, by=by):
        return
    states.move(session, CLOCK, "clock", becomes, allowed=MOVES, by=by, at=at, reason=reason)
    trail.say(
        session,
        f"clock.{becomes}",
        CLOCK,
        by=by,
        at=at,
        reason=reason,
        entry_id=entry_id,
        facts=reason,
    )
