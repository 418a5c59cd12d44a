"""The bench.

What is in the room and what runs out first, one line each, for the technician's first page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from documents.texts import text
from integrity import states
from integrity.database import Session
from integrity.deviations import DeviationState
from labels import codes
from manufacturing.donation import window
from manufacturing.donation.donations import Cord
from manufacturing.donation.rules.cords import CORD_AXIS, CordState
from manufacturing.donation.rules.window import WINDOW_RULES
from manufacturing.donation.window import Window
from manufacturing.execution import batch_state
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.batches import Batch
from manufacturing.execution.rules.batches import EXECUTION, ExecutionState
from manufacturing.execution.rules.sequence import place, round_title
from manufacturing.execution.rules.steps import length


@dataclass(frozen=True)
class Line:
    """One batch at the bench: what is next, what is due and until when.

    The earliest end comes first.
    """

    batch: Batch
    next_title: str
    waiting: str
    due_title: str
    due_from: datetime | None
    due_until: datetime | None
    window: Window | None
    blocked: bool
    running: list[dict[str, Any]]  # timers, as they count down


def open_batches() -> Select[tuple[Batch]]:
    """Batches planned or in process, oldest first."""
    at_work = states.standing(
        Batch.__tablename__, EXECUTION, ExecutionState.PLANNED, ExecutionState.IN_PROCESS
    )
    return select(Batch).where(Batch.id.in_(at_work)).order_by(Batch.id)


def waiting_cords() -> Select[tuple[Cord]]:
    """Cords that are received or accepted and not yet started, the earliest birth first."""
    rejected = states.standing(Cord.__tablename__, CORD_AXIS, CordState.REJECTED)
    return (
        select(Cord)
        .where(Cord.id.not_in(select(Batch.cord_id)), Cord.id.not_in(rejected))
        .order_by(Cord.born_at)
    )


def lines(session: Session, batches: Sequence[Batch], at: datetime) -> list[Line]:
    """One line a batch, what ends first on top."""
    situations = batch_state.gather_many(session, batches)
    cords = {
        cord.id: cord
        for cord in session.scalars(
            select(Cord).where(Cord.id.in_([batch.cord_id for batch in batches]))
        )
    }
    limits = {
        state.batch.cord_id: window.limits_of(limit)
        for state in situations.values()
        for limit in state.master.windows.values()
    }
    windows = window.windows_of(session, list(cords.values()), at, limits)
    made = [_line(state, windows.get(state.batch.cord_id)) for state in situations.values()]
    return sorted(
        made, key=lambda line: (line.due_until is None, line.due_until or at, line.batch.id)
    )


def _line(state: BatchState, shown: Window | None) -> Line:
    open_now = state.open
    title = " or ".join(place(state.master, position) for position in open_now.steps)
    waiting = "second person" if open_now.verify else "sign-off" if open_now.sign else ""
    if open_now.verify:
        title = place(state.master, open_now.verify)
    elif open_now.sign:
        title = round_title(state.master, open_now.sign)
    running = shown if shown and shown.state != "started" else None
    due_title, due_from, due_until = due(state)
    if running and running.until and (due_until is None or running.until < due_until):
        due_title, due_from, due_until = running.title, None, running.until
    blocked = any(
        each.rule in WINDOW_RULES
        and each.state not in (DeviationState.JUDGED, DeviationState.CLOSED)
        for each in state.deviations
    )
    timed = [{**each, "title": f"{each['title']}, {shown_code(state)}"} for each in timers(state)]
    return Line(
        state.batch, title, waiting, due_title, due_from, due_until, running, blocked, timed
    )


def shown_code(state: BatchState) -> str:
    return codes.hyphenated(state.batch.code)


def timers(state: BatchState) -> list[dict[str, Any]]:
    """Every timer of a batch that runs: since when by the server's clock, its earliest and latest
    end, and the key by which a device knows whether it has sounded."""
    return [
        {
            "title": text(timer.title),
            "since": since,
            "begin": since + length(timer.min) if timer.min else None,
            "until": since + length(timer.max) if timer.max else None,
            "key": f"{state.batch.code} {timer.id} {since.isoformat()}",
            "sounds": True,
        }
        for timer, since in state.running()
    ]


def due(state: BatchState) -> tuple[str, datetime | None, datetime | None]:
    """(what, earliest, latest) of the timer or interval that ends first."""
    found = [
        (
            text(timer.title),
            since + length(timer.min) if timer.min else None,
            since + length(timer.max) if timer.max else None,
        )
        for timer, since in state.running()
    ]
    for position in state.open.steps:
        step = state.master.step(position.step)
        last = state.last(step.due.after) if step.due else None
        if step.due and last:
            found.append(
                (
                    text(step.title),
                    last + length(step.due.min) if step.due.min else None,
                    last + length(step.due.max) if step.due.max else None,
                )
            )
    ending = [each for each in found if each[2]]
    return (
        min(ending, key=lambda each: each[2] or state.batch.started_at)
        if ending
        else ("", None, None)
    )
