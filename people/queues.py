"""What waits for somebody: each chapter says what may wait in it and whose deed that is, and the
first page shows it, the longest waiting first, one tap from the deed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func

from integrity.catalogue import Message
from integrity.database import Session
from integrity.facts import Fact
from people.permissions import Permission, allows

SHOWN = 6  # of one queue; its list has the others


@dataclass(frozen=True)
class Asker:
    """Who looks at the first page, and when."""

    username: str
    role: str
    at: datetime


@dataclass(frozen=True)
class Address:
    """A page: its endpoint and what stands in its address."""

    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One thing that waits: what it is called (a bare code is shown with its hyphens), what it is,
    the page of the deed, and one of three moments: since when it waits, until when it may, or when
    it is due."""

    named: Fact
    page: Address
    title: Fact = ""
    since: datetime | None = None
    until: datetime | None = None
    due: datetime | None = None
    is_code: bool = True


@dataclass(frozen=True)
class Found:
    """How many wait, and the first of them."""

    count: int
    items: Sequence[Item] = ()


NOTHING = Found(0)


@dataclass(frozen=True)
class Queue:
    """Things of one kind that wait for a deed of whoever holds the permission.

    `find` asks for them in as many questions however many wait; `everything` is their list, where
    there is one; `together` is the page on which several are dealt with at once.
    """

    title: Message
    permission: Permission
    find: Callable[[Session, Asker], Found]
    everything: Address | None = None
    together: Address | None = None


@dataclass(frozen=True)
class Waiting:
    """A queue in which something waits."""

    queue: Queue
    found: Found


def of(session: Session, asker: Asker, queues: Iterable[Queue]) -> list[Waiting]:
    """Every queue in which something waits for somebody of this role, in the order declared."""
    mine = [each for each in queues if allows(asker.role, each.permission)]
    found = [Waiting(each, each.find(session, asker)) for each in mine]
    return [each for each in found if each.found.count]


def first(session: Session, wanted: Select[Any], item: Callable[[Row[Any]], Item]) -> Found:
    """The first rows of a select in its order, with how many there are, in one question."""
    counted = wanted.add_columns(func.count().over()).limit(SHOWN)
    rows = session.execute(counted).all()
    return Found(rows[0][-1], [item(row) for row in rows]) if rows else NOTHING


def by_code(
    session: Session,
    wanted: Select[Any],
    endpoint: str,
    *,
    since: Callable[[Any], datetime],
    title: Callable[[Any], Fact] = lambda made: "",
) -> Found:
    """`first` of records that have a code of their own and a page under it."""
    return first(
        session,
        wanted,
        lambda row: Item(
            row[0].code,
            Address(endpoint, {"code": row[0].code}),
            title(row[0]),
            since=since(row[0]),
        ),
    )
