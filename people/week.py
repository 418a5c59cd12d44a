"""What is due in the days to come: each chapter says what may fall due in it, and the page of the
week shows it day by day, one tap from the deed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func

from integrity.catalogue import Message
from integrity.database import Session
from people.permissions import Permission, allows
from people.queues import Asker, Item

DAYS = 7
MOST = 200  # of one kind on one page; the page says how many more there are


@dataclass(frozen=True)
class Span:
    """Which days are asked for: moments from `begin` until before `end`; without a beginning also
    what is overdue."""

    end: datetime
    begin: datetime | None = None

    def has(self, at: datetime) -> bool:
        return at < self.end and (self.begin is None or at >= self.begin)


@dataclass(frozen=True)
class Due:
    """What falls due, each with its `due`, and how many more there are than are shown."""

    items: Sequence[Item] = ()
    more: int = 0


@dataclass(frozen=True)
class Source:
    """Things of one kind that fall due, for whoever may open their pages.

    `find` asks for them in as many questions however many there are. What `waits` is overdue until
    it is done; other things (an expiry) simply are over. What is due `by_day` has no time of day.
    """

    title: Message
    permission: Permission
    find: Callable[[Session, Asker, Span], Due]
    waits: bool = True
    by_day: bool = True


@dataclass(frozen=True)
class Entry:
    """One thing with the kind it is of."""

    source: Source
    item: Item


@dataclass(frozen=True)
class Day:
    """One day of the site with what falls due in it, the earliest first."""

    day: date
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Week:
    """The days from one on, what is overdue where the first of them is today, and of which kinds
    there is more than is shown."""

    days: Sequence[Day]
    overdue: Sequence[Entry]
    more: Sequence[tuple[Source, int]]


def of(
    session: Session, asker: Asker, first: datetime, zone: ZoneInfo, sources: Iterable[Source]
) -> Week:
    """The seven days of the zone that begin with the moment `first`."""
    days = [first.astimezone(zone).date() + timedelta(days=n) for n in range(DAYS)]
    end = datetime.combine(days[-1] + timedelta(days=1), datetime.min.time(), zone)
    is_now = first <= asker.at < end
    entries, more = [], []
    for source in sources:
        if not allows(asker.role, source.permission):
            continue
        begin = None if is_now and source.waits else first
        found = source.find(session, asker, Span(end, begin))
        entries += [Entry(source, item) for item in found.items]
        if found.more:
            more.append((source, found.more))
    ordered = sorted(entries, key=_moment)
    by_day = [
        Day(day, [each for each in ordered if _moment(each).astimezone(zone).date() == day])
        for day in days
    ]
    return Week(by_day, [each for each in ordered if _moment(each) < first], more)


def _moment(entry: Entry) -> datetime:
    assert entry.item.due is not None  # a source gives nothing else
    return entry.item.due


def shown(items: Iterable[Item], span: Span) -> Due:
    """Those of some things that fall due in a span, the earliest first."""
    found = [each for each in items if each.due is not None and span.has(each.due)]
    ordered = sorted(found, key=lambda each: (each.due or span.end, str(each.named)))
    return Due(ordered[:MOST], max(len(ordered) - MOST, 0))


def rows(session: Session, wanted: Select[Any], item: Callable[[Row[Any]], Item]) -> Due:
    """The rows of a select in its order as things that fall due, in one question."""
    found = session.execute(wanted.add_columns(func.count().over()).limit(MOST)).all()
    made = [item(row) for row in found]
    return Due(made, found[0][-1] - len(made)) if found else Due()


def within(span: Span, moment: Any) -> list[Any]:
    """The conditions on a column of moments that it lies in a span."""
    return [moment < span.end, *([moment >= span.begin] if span.begin is not None else [])]
