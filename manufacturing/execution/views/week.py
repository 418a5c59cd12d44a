"""What falls due at the bench: medium to change, harvests to expect."""

from __future__ import annotations

from integrity import facts
from integrity.database import Session
from manufacturing.execution import batch_state, coming, worklist
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.coming import Coming
from manufacturing.execution.words import BenchDue
from people import week
from people.permissions import Permission
from people.queues import Address, Asker, Item
from people.week import Due, Source, Span


def _steps(session: Session, asker: Asker, span: Span) -> Due:
    """What comes of the batches that are at work, from what is kept of their records."""
    begun = session.scalars(worklist.open_batches().limit(week.MOST)).all()
    situations = batch_state.gather_many(session, begun)
    items = [
        _item(state, each)
        for state in situations.values()
        for each in (*coming.repeats(state), *coming.expected(state))
    ]
    return week.shown(items, span)


def _item(state: BatchState, each: Coming) -> Item:
    code = state.batch.code
    said = facts.message(BenchDue.EXPECTED, step=each.title) if each.is_expected else each.title
    page = Address("execution.batch", {"code": code})
    return Item(code, page, said, since=each.begin, due=each.until)


SOURCES = (Source(BenchDue.STEPS, Permission.SEE_RECORDS, _steps, by_day=False),)
