"""The ledger of one transaction: the next numbers, the rows that wait to be written, and those that
no event answers for yet.

The writer is alone, so numbers are given at once and rows wait: one insert a table, in the order of
references, when a question is asked or at commit. What a process keeps between two transactions
(`Kept`) holds as long as the newest event is the one it was kept at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from integrity.canonical import GENESIS
from integrity.rows import Shape, digest_of_values, place, shape

if TYPE_CHECKING:
    from integrity.database import Session

Fact = TypeVar("Fact")
_HEAD = "SELECT seq, hash, at FROM events ORDER BY seq DESC LIMIT 1"


class Head(NamedTuple):
    """The newest event of a trail; (0, 64 zeros, None) of an empty one."""

    seq: int
    hash: str
    at: datetime | None


@dataclass(frozen=True)
class Kept:
    """What holds while `head` is the newest event: the newest number of each table, and facts."""

    head: Head
    numbers: dict[str, int]
    facts: dict[str, Any]


class Ledger:
    """What one transaction knows of itself and what waits in it.

    `unsaid` lists [table, key, digest] of each record row that no event answers for yet; `clock`
    names the source of the time; `zone` is the site's, an IANA name.
    """

    def __init__(self, session: Session, kept: Kept | None = None) -> None:
        self._session = session
        self._kept = kept
        self.clock, self.zone = "server", "UTC"
        self.forget()

    def forget(self) -> None:
        """After a rollback nothing that was learnt or written holds."""
        self._head: Head | None = None
        self._numbers: dict[str, int] = {}
        self._facts: dict[str, Any] = {}
        self._waiting: dict[Shape, list[tuple[Any, ...]]] = {}
        self._folds: dict[Shape, dict[tuple[Any, ...], tuple[Any, ...]]] = {}
        self._unwritten: dict[Shape, set[tuple[Any, ...]]] = {}
        self._new: set[tuple[str, int]] = set()
        self.unsaid: list[list[str]] = []

    # What is known
    # ---------------------------------------------------------------------------------------------

    @property
    def head(self) -> Head:
        """The newest event, asked for once: from then on nobody else writes."""
        if self._head is None:
            self._head = newest(self._session)
            if self._kept and self._kept.head[:2] == self._head[:2]:
                self._numbers, self._facts = dict(self._kept.numbers), dict(self._kept.facts)
        return self._head

    def recall(self, name: str, ask: Callable[[], Fact]) -> Fact:
        """A fact that holds while no event changes it; asked for where it is not known."""
        assert self.head  # asked for before the fact, so that what is kept is no older than it says
        if name not in self._facts:
            self._facts[name] = ask()
        fact: Fact = self._facts[name]
        return fact

    def learn(self, name: str, fact: Any) -> None:
        """A fact as this transaction makes it."""
        self._facts[name] = fact

    def outdate(self, name: str) -> None:
        """A fact that this transaction changes."""
        self._facts.pop(name, None)

    def is_new(self, table: str, number: int) -> bool:
        """Whether this transaction added the record, so that nothing else speaks of it yet."""
        return (table, number) in self._new

    def keep(self) -> Kept | None:
        """What the next transaction may begin with, once this one is committed."""
        return Kept(self._head, self._numbers, self._facts) if self._head else self._kept

    def number(self, kind: Any) -> int:
        """The next number of a record table, which is thereby given away.

        Tables of one supertype share its count.
        """
        name = shape(kind.supertype or kind).name
        if self.head and name not in self._numbers:
            self._numbers |= self._newest_numbers(kind)
        self._numbers[name] += 1
        return self._numbers[name]

    def _newest_numbers(self, kind: Any) -> dict[str, int]:
        """Of every table with numbers, in one question; those already given away stay."""
        names = [
            table.name
            for table in kind.metadata.sorted_tables
            if table.info.get("kind") == "record" and "id" in table.c
        ]
        asked = ", ".join(f'(SELECT max(id) FROM "{name}")' for name in names)
        found = self._session.connection().exec_driver_sql(f"SELECT {asked}").one()
        return {name: found or 0 for name, found in zip(names, found, strict=True)} | self._numbers

    # What waits
    # ---------------------------------------------------------------------------------------------

    def add(self, record: Any) -> None:
        """Bind and digest a new record as it stands; its row waits.

        Unless it has a number it is given one, and its row of the supertype where it has one.

        From now on the session holds it like one that was read: a later change of it is refused.
        """
        stored: Any = type(record)
        kind = shape(stored)
        for _, key, _ in kind.columns:
            if key not in record.__dict__:
                set_committed_value(record, key, None)
        if record.id is None:
            record.id = self.number(type(record))
            if record.supertype:
                self.add_row(record.supertype, record.as_supertype)
        self.unsaid.append(self._wait(kind, record.__dict__))
        make_transient_to_detached(record)
        self._session.add(record)

    def add_row(self, kind: Any, attributes: dict[str, Any]) -> None:
        """The same for a record that nobody needs as an object."""
        if "id" not in attributes:
            attributes = {"id": self.number(kind)} | attributes
        self.unsaid.append(self._wait(shape(kind), attributes))

    def _wait(self, kind: Shape, attributes: dict[str, Any]) -> list[str]:
        values = kind.bound(attributes)
        self._waiting.setdefault(kind, []).append(tuple(values.values()))
        self._new.add((kind.name, values["id"]))
        return [kind.name, str(values["id"]), digest_of_values(values.items())]

    def append(self, kind: Any, attributes: dict[str, Any], head: Head) -> None:
        """One line of the trail itself, which becomes the head; no other event answers for it."""
        line = shape(kind)
        self._waiting.setdefault(line, []).append(tuple(line.bound(attributes).values()))
        self._head = head

    def take_rows(self) -> list[list[str]]:
        """The rows that wait for their event, which now answers for them."""
        rows, self.unsaid = self.unsaid, []
        return rows

    def fold(self, kind: Any, attributes: dict[str, Any]) -> None:
        """A row of a fold as it stands now; written in place of an older one of the same key."""
        into = shape(kind)
        values = into.bound(attributes)
        key = tuple(values[column.name] for column in into.table.primary_key)
        self._folds.setdefault(into, {})[key] = tuple(values.values())
        self._unwritten.setdefault(into, set()).add(key)

    def folded(self, kind: Any, *key: Any) -> dict[str, Any] | None:
        """The row of a fold that this transaction wrote, {column: value as it is bound}."""
        into = shape(kind)
        row = self._folds.get(into, {}).get(key)
        if row is None:
            return None
        return dict(zip((name for name, _, _ in into.columns), row, strict=True))

    def write(self) -> None:
        """Write what waits: one insert a table, what is referred to first, folds last."""
        if not self._waiting and not self._unwritten:
            return
        connection = self._session.connection()
        dialect = connection.dialect.name
        waiting, self._waiting = self._waiting, {}
        unwritten, self._unwritten = self._unwritten, {}
        for kind in sorted(waiting, key=lambda each: place(each.table)):
            connection.exec_driver_sql(kind.insert(dialect), waiting[kind])
        for fold, keys in unwritten.items():
            rows = [self._folds[fold][key] for key in sorted(keys)]
            connection.exec_driver_sql(fold.upsert(dialect), rows)


def newest(session: Session) -> Head:
    """The head of the trail as the database holds it."""
    found = session.connection().exec_driver_sql(_HEAD).first()
    return (
        Head(found[0], found[1], datetime.fromisoformat(found[2]))
        if found
        else Head(0, GENESIS, None)
    )
