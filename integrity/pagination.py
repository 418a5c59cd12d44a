"""Pages of a list: no list is shown whole, whatever grows behind it.

A page begins behind a row, not behind a number of rows: where it ends is remembered as the values
of that row's order (its cursor), so that the thousandth page costs what the first one costs. What
is not shown is not counted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, literal, or_, true
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression

from integrity.canonical import canonical
from integrity.database import Session

SIZE = 50
AFTER, BEFORE = "after", "before"  # the two words of an address; `before=` alone is the last page
LONGEST = 300  # characters of a cursor
LARGEST = 2**63 - 1  # the largest whole number that both databases keep


@dataclass(frozen=True)
class Page:
    """One page of items; `before` and `after` are the cursors of the pages around it, None where it
    is the first or the last one.
    """

    items: Sequence[Any]
    before: str | None
    after: str | None

    @property
    def is_whole(self) -> bool:
        """Whether the list has no other page."""
        return self.before is None and self.after is None


@dataclass(frozen=True)
class _Key:
    """One column of the order of a list."""

    column: ColumnElement[Any]
    descending: bool

    def beyond(self, value: Any) -> ColumnElement[bool]:
        here = self._literal(value)
        return self.column < here if self.descending else self.column > here

    def same(self, value: Any) -> ColumnElement[bool]:
        return self.column == self._literal(value)

    def turned(self) -> _Key:
        return _Key(self.column, not self.descending)

    @property
    def order(self) -> ColumnElement[Any]:
        return self.column.desc() if self.descending else self.column.asc()

    @property
    def is_whole_number(self) -> bool:
        return isinstance(self.column.type, Integer)

    def _literal(self, value: Any) -> ColumnElement[Any]:
        kind = self.column.type
        return literal(value, getattr(kind, "impl_instance", kind))


def page(session: Session, wanted: Select[Any], asked: Mapping[str, str], size: int = SIZE) -> Page:
    """One page of the records a select asks for.

    The select is ordered by columns that tell its rows apart, none of them empty. `asked` is the
    address's `after=` or `before=`; a cursor that is none gives the first page, one that no row
    follows the last.
    """
    keys = _keys(wanted)
    if BEFORE in asked and AFTER not in asked:
        return _ending(session, wanted, keys, _read(asked[BEFORE], keys), size)
    values = _read(asked.get(AFTER, ""), keys)
    rows = _rows(session, wanted, keys, values, size + 1)
    if values and not rows:
        return _ending(session, wanted, keys, None, size)
    shown = rows[:size]
    return Page(
        [row[0] for row in shown],
        _cursor(shown[0]) if values else None,
        _cursor(shown[-1]) if len(rows) > size else None,
    )


def _ending(
    session: Session, wanted: Select[Any], keys: list[_Key], values: list[Any] | None, size: int
) -> Page:
    """The page that ends before a row, or with the last one."""
    rows = _rows(session, wanted, [key.turned() for key in keys], values, size + 1)
    if len(rows) <= size:  # the first page, and that one is shown full
        return page(session, wanted, {}, size)
    shown = rows[:size][::-1]
    return Page(
        [row[0] for row in shown], _cursor(shown[0]), _cursor(shown[-1]) if values else None
    )


def _keys(wanted: Select[Any]) -> list[_Key]:
    return [_key(clause) for clause in wanted._order_by_clauses]


def _key(clause: ColumnElement[Any]) -> _Key:
    if isinstance(clause, UnaryExpression) and clause.modifier in (
        operators.desc_op,
        operators.asc_op,
    ):
        return _Key(clause.element, clause.modifier is operators.desc_op)
    return _Key(clause, False)


def _rows(
    session: Session,
    wanted: Select[Any],
    keys: list[_Key],
    values: list[Any] | None,
    most: int,
) -> Sequence[Any]:
    marked = wanted.add_columns(*(key.column for key in keys))
    if values:
        marked = marked.where(_beyond(keys, values))
    ordered = marked.order_by(None).order_by(*(key.order for key in keys))
    return session.execute(ordered.limit(most)).all()


def _beyond(keys: list[_Key], values: list[Any]) -> ColumnElement[bool]:
    """Rows that come after these values: further by one column and the same by those before it."""
    ways = []
    same: ColumnElement[bool] = true()
    for key, value in zip(keys, values, strict=True):
        ways.append(and_(same, key.beyond(value)))
        same = and_(same, key.same(value))
    return or_(*ways)


def _cursor(row: Any) -> str:
    return canonical(row[1:])[1:-1]


def _read(text: str, keys: list[_Key]) -> list[Any] | None:
    """The values of a cursor, or None where it is none."""
    try:
        values = json.loads(f"[{text[:LONGEST]}]")
    except (ValueError, RecursionError):
        return None
    if len(values) != len(keys):
        return None
    fits = all(_fits(key, value) for key, value in zip(keys, values, strict=True))
    return values if fits else None


def _fits(key: _Key, value: Any) -> bool:
    if key.is_whole_number:
        return type(value) is int and abs(value) <= LARGEST
    return isinstance(value, str) and value.isprintable()
