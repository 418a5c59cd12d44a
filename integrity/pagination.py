"""Pages of a list: no list is shown whole, whatever grows behind it.

A page begins behind a row, not behind a number of rows: where it ends is remembered as the values
of that row's order (its cursor), so that the thousandth page costs what the first one costs. What
is not shown is not counted."""

from __future__ import annotations

import functools
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
PREPARED = 64  # statements kept, of the lists whose select is the same each time
NOTHING: Mapping[str, Any] = {}
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


@dataclass(frozen=True, eq=False)
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


def page(
    session: Session,
    wanted: Select[Any],
    asked: Mapping[str, str],
    size: int = SIZE,
    values: Mapping[str, Any] = NOTHING,
) -> Page:
    """One page of the records a select asks for.

    The select is ordered by columns that tell its rows apart, none of them empty. `asked` is the
    address's `after=` or `before=`; a cursor that is none gives the first page, one that no row
    follows the last. `values` are those of the select's own parameters.
    """
    return _page(_List(session, wanted, size, values), asked)


@dataclass(frozen=True)
class _List:
    """What one page is taken from."""

    session: Session
    wanted: Select[Any]
    size: int
    values: Mapping[str, Any]

    def rows(self, keys: tuple[_Key, ...], beyond: list[Any] | None) -> Sequence[Any]:
        """One row more than a page has, in the order of these keys, beyond these values of them."""
        first = _in_order(self.wanted, keys, self.size + 1)
        asked = first.where(_beyond(keys, beyond)) if beyond else first
        if _asks_for_records(self.wanted):
            return self.session.execute(asked, dict(self.values)).all()
        return self.session.rows(asked, self.values)

    def items(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The records of rows, or the rows where more than records is asked for."""
        return [row[0] for row in rows] if _asks_for_records(self.wanted) else rows


def _page(those: _List, asked: Mapping[str, str]) -> Page:
    keys = _keys(those.wanted)
    if BEFORE in asked and AFTER not in asked:
        return _ending(those, keys, _read(asked[BEFORE], keys))
    values = _read(asked.get(AFTER, ""), keys)
    rows = those.rows(keys, values)
    if values and not rows:
        return _ending(those, keys, None)
    shown = rows[: those.size]
    return Page(
        those.items(shown),
        _cursor(shown[0], keys) if values else None,
        _cursor(shown[-1], keys) if len(rows) > those.size else None,
    )


def _ending(those: _List, keys: tuple[_Key, ...], values: list[Any] | None) -> Page:
    """The page that ends before a row, or with the last one."""
    rows = those.rows(tuple(key.turned() for key in keys), values)
    if len(rows) <= those.size:  # the first page, and that one is shown full
        return _page(those, {})
    shown = rows[: those.size][::-1]
    return Page(
        those.items(shown), _cursor(shown[0], keys), _cursor(shown[-1], keys) if values else None
    )


@functools.lru_cache(maxsize=PREPARED)
def _keys(wanted: Select[Any]) -> tuple[_Key, ...]:
    return tuple(map(_key, wanted._order_by_clauses))


def _key(clause: ColumnElement[Any]) -> _Key:
    if isinstance(clause, UnaryExpression) and clause.modifier in (
        operators.desc_op,
        operators.asc_op,
    ):
        return _Key(clause.element, clause.modifier is operators.desc_op)
    return _Key(clause, False)


@functools.lru_cache(maxsize=PREPARED)
def _in_order(wanted: Select[Any], keys: tuple[_Key, ...], most: int) -> Select[Any]:
    """The first rows in the order of the keys, each with what a cursor needs."""
    marked = wanted.add_columns(*(key.column for key in keys))
    return marked.order_by(None).order_by(*(key.order for key in keys)).limit(most)


def _beyond(keys: tuple[_Key, ...], values: list[Any]) -> ColumnElement[bool]:
    """Rows that come after these values: further by one column and the same by those before it."""
    ways = []
    same: ColumnElement[bool] = true()
    for key, value in zip(keys, values, strict=True):
        ways.append(and_(same, key.beyond(value)))
        same = and_(same, key.same(value))
    return or_(*ways)


@functools.lru_cache(maxsize=PREPARED)
def _asks_for_records(wanted: Select[Any]) -> bool:
    return len(wanted.column_descriptions) == 1


def _cursor(row: Any, keys: tuple[_Key, ...]) -> str:
    return canonical(row[-len(keys) :])[1:-1]


def _read(text: str, keys: tuple[_Key, ...]) -> list[Any] | None:
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
