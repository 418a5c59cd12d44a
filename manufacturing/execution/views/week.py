"""What falls due at the bench: medium to change, harvests to expect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from integrity.database import Session
from manufacturing.execution import batch_state, coming, worklist
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.coming import Coming
from manufacturing.execution.words import BenchDue
from people import week
from people.permissions import Permission
from people.queues import Address, Asker, Item
from people.week import Due, Source, Span


def _found(
    which: Callable[[BatchState], Iterator[Coming]], session: Session, asker: Asker, span: Span
) -> Due:
    """What comes of the batches that are at work, from what is kept of their records."""
    begun = session.scalars(worklist.open_batches().limit(week.MOST)).all()
    situations = batch_state.gather_many(session, begun)
    items = [_item(state, each) for state in situations.values() for each in which(state)]
    return week.shown(items, span)


def _item(state: BatchState, each: Coming) -> Item:
    code = state.batch.code
    return Item(
        code,
        Address("execution.batch", {"code": code}),
        each.title,
        since=each.begin,
        due=each.until,
    )


SOURCES = (
    Source(
        BenchDue.REPEATED,
        Permission.SEE_RECORDS,
        partial(_found, coming.repeats),
        by_day=False,
    ),
    Source(
        BenchDue.EXPECTED,
        Permission.SEE_RECORDS,
        partial(_found, coming.expected),
        by_day=False,
    ),
)
