"""What waits at the bench: batches with what runs out first, jars whose window runs."""

from __future__ import annotations

from datetime import UTC, datetime

from integrity.database import Session
from manufacturing.donation import window
from manufacturing.execution import worklist
from manufacturing.execution.words import BenchQueue
from people.permissions import Permission, allows
from people.queues import SHOWN, Address, Asker, Found, Item, Queue

MOST = 50  # looked at: as many as the bench shows on one page
NEVER = datetime.max.replace(tzinfo=UTC)


def _batches(session: Session, asker: Asker) -> Found:
    """Batches at work; of more than the bench shows at once, the ones begun first."""
    begun = session.scalars(worklist.open_batches().limit(MOST)).all()
    lines = worklist.lines(session, begun, asker.at)
    return Found(len(lines), [_line(each, asker) for each in lines[:SHOWN]])


def _line(line: worklist.Line, asker: Asker) -> Item:
    """The next step for whoever records it; the batch for who verifies it."""
    code = line.batch.code
    records = allows(asker.role, Permission.RECORD_STEPS)
    return Item(
        code,
        Address("execution.step_next" if records else "execution.batch", {"code": code}),
        line.next_title,
        since=None if line.due_until else line.batch.started_at,
        until=line.due_until,
    )


def _jars(session: Session, asker: Asker) -> Found:
    """Cords that no batch was begun from, what runs out first on top."""
    cords = session.scalars(worklist.waiting_cords().limit(MOST)).all()
    windows = window.windows_of(session, cords, asker.at)
    ends = {each.id: windows[each.id].until for each in cords}
    ordered = sorted(cords, key=lambda each: ends[each.id] or NEVER)
    items = [
        Item(
            each.code,
            Address("donation.cord", {"code": each.code}),
            since=None if ends[each.id] else each.received_at,
            until=ends[each.id],
        )
        for each in ordered[:SHOWN]
    ]
    return Found(len(cords), items)


QUEUES = (
    Queue(BenchQueue.JARS, Permission.START_BATCHES, _jars, Address("execution.bench")),
    Queue(BenchQueue.BATCHES, Permission.VERIFY_STEPS, _batches, Address("execution.bench")),
)
