"""The time left of the window of a cord, as every page of the cord and of its batch shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from integrity import site, times
from integrity.database import Session
from integrity.quantities import Quantity
from manufacturing.donation import criteria_register as criteria
from manufacturing.donation.criteria import Limits
from manufacturing.donation.donations import Cord, ProcessingStart
from manufacturing.donation.rules.window import exact, state_at
from manufacturing.masters.model import Window as MasterWindow

MILLISECOND = timedelta(milliseconds=1)
NO_END = timedelta(days=36_500)  # a master record that names no longest time
WORDS = {
    "open": ("Time left", "accepted"),
    "closing": ("Closing", "held"),
    "over": ("Over", "rejected"),
    "rejectable": ("Over, reject", "rejected"),
}


@dataclass(frozen=True)
class Window:
    """What `parts/window.html` draws. `left` is negative when it is over; for a start, what was
    left at that moment.

    `state` is open, closing, over, rejectable or started; `until` is the end of the window while it
    runs, else None; `used` is the part gone in whole percent."""

    left: timedelta
    state: str
    word: str
    tone: str
    lines: list[str]
    left_shown: str
    until: datetime | None
    now: datetime
    used: int
    title: str = "24-hour window"


def limits_of(window: MasterWindow) -> Limits:
    """The limits of a master record's window."""
    return Limits(
        _span(window.max) or NO_END, _span(window.reject), classification=window.deviation_class
    )


def _span(quantity: Quantity | None) -> timedelta | None:
    return None if quantity is None else int(quantity.to("s").number * 1000) * MILLISECOND


def window_of(session: Session, cord: Cord, at: datetime, limits: Limits | None = None) -> Window:
    """The window of one cord at this moment.

    `limits` are the started batch's own, else the criteria of its receipt hold.
    """
    return windows_of(session, [cord], at, {cord.id: limits} if limits else {})[cord.id]


def windows_of(
    session: Session,
    cords: Sequence[Cord],
    at: datetime,
    limits: Mapping[int, Limits] | None = None,
) -> dict[int, Window]:
    """{cord id: window} of many cords in a fixed number of queries."""
    zone = site.zone(session)
    ids = [cord.id for cord in cords]
    starts = {
        start.cord_id: start
        for start in session.scalars(
            select(ProcessingStart)
            .where(ProcessingStart.cord_id.in_(ids))
            .order_by(ProcessingStart.id)
        )
    }
    held, made = dict(limits or {}), {}
    rest = [cord for cord in cords if cord.id not in held]
    said = criteria.of_many(session, {cord.criteria_id for cord in rest}) if rest else {}
    held |= {cord.id: said[cord.criteria_id].window for cord in rest}
    for cord in cords:
        start, allowed = starts.get(cord.id), held[cord.id]
        ended = times.shown(cord.born_at + allowed.max, zone)
        made[cord.id] = (
            _started(cord, start, at, times.shown(start.recorded_at, zone))
            if start
            else _running(cord, at, allowed, ended)
        )
    return made


def _running(cord: Cord, at: datetime, limits: Limits, ends: str) -> Window:
    left, state = limits.max - (at - cord.born_at), state_at(cord.born_at, at, limits)
    word, tone = WORDS[state]
    end = cord.born_at + limits.max
    lines = [f"Processing must start by {ends}."]
    if state == "over":
        lines = [
            f"Ended {ends}.",
            "Starting now is a deviation that QA decides before work goes on.",
        ]
    if state == "rejectable" and limits.reject is not None:
        lines = [
            f"Ended {ends}.",
            f"More than {times.span(limits.reject)} since the birth: the cord can only be "
            "rejected.",
        ]
    until = end if left >= timedelta(0) else None
    return Window(
        left,
        state,
        word,
        tone,
        lines,
        times.span(left),
        until,
        at,
        _used(limits.max - left, limits.max),
    )


def _started(cord: Cord, start: ProcessingStart, at: datetime, when: str) -> Window:
    longest, elapsed = start.longest * MILLISECOND, start.recorded_at - cord.born_at
    left, claimed = longest - elapsed, start.at - cord.born_at
    word, tone = (
        ("Started in time", "accepted") if elapsed <= longest else ("Started late", "rejected")
    )
    lines = [f"Processing started {when}, {exact(elapsed)} after the birth."]
    if elapsed > longest and claimed <= longest:
        word, tone = "Late entry", "held"
        lines.append("The time claimed lies inside the window; QA decides.")
    return Window(
        left, "started", word, tone, lines, times.span(elapsed), None, at, _used(elapsed, longest)
    )


def _used(elapsed: timedelta, whole: timedelta) -> int:
    return max(0, min(100, 100 * (elapsed // MILLISECOND) // (whole // MILLISECOND)))
