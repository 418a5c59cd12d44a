"""A row as it is bound: the values the database is given, the digest that covers these very values,
and the one statement that writes them.

Column names are ASCII, so that their order as text is the order RFC 8785 wants."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, LargeBinary, MetaData, Table, Text, inspect as inspected

from integrity.canonical import LARGEST, digest, plain, written

PLACEHOLDERS = {"sqlite": "?", "postgresql": "%s"}


def _text(value: Any) -> str | None:
    if value is None or type(value) is str:
        return value
    if isinstance(value, enum.Enum) and isinstance(value.value, str):
        return value.value
    raise TypeError(f"{value!r} is no text.")


def _whole(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not -LARGEST <= value <= LARGEST:
        raise TypeError(f"{value!r} is no whole number that a record can hold.")
    return value


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


def _binder(kind: Any) -> Callable[[Any], Any]:
    if hasattr(kind, "process_bind_param"):
        return lambda value: kind.process_bind_param(value, None)
    for known, bind in ((Integer, _whole), (Text, _text), (LargeBinary, _bytes)):
        if isinstance(kind, known):
            return bind
    raise TypeError(f"A record cannot hold a column of type {kind!r}.")


@dataclass(frozen=True, eq=False)
class Shape:
    """How the rows of one table are bound, digested and written.

    Columns in order of their names.
    """

    table: Table
    columns: tuple[tuple[str, str, Callable[[Any], Any]], ...]

    @property
    def name(self) -> str:
        return self.table.name

    def bound(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """{column: the value as the database is given it}; what was not said is empty."""
        return {name: bind(attributes.get(key)) for name, key, bind in self.columns}

    @functools.cache  # noqa: B019 - one shape a table, kept as long as the process
    def insert(self, dialect: str) -> str:
        """The statement that inserts one row, its values in the order of `columns`."""
        names = ", ".join(f'"{name}"' for name, _, _ in self.columns)
        places = ", ".join(PLACEHOLDERS[dialect] for _ in self.columns)
        return f'INSERT INTO "{self.name}" ({names}) VALUES ({places})'

    @functools.cache  # noqa: B019
    def upsert(self, dialect: str) -> str:
        """The same for a fold: a row of the same key takes the new values."""
        keys = [column.name for column in self.table.primary_key]
        key = ", ".join(f'"{name}"' for name in keys)
        values = ", ".join(
            f'"{name}" = excluded."{name}"' for name, _, _ in self.columns if name not in keys
        )
        return f"{self.insert(dialect)} ON CONFLICT ({key}) DO UPDATE SET {values}"


@functools.cache
def shape(kind: Any) -> Shape:
    """The shape of the table of a class of the object layer."""
    mapper: Any = inspected(kind)
    table = kind.__table__
    columns = [
        (column.name, mapper.get_property_by_column(column).key, _binder(column.type))
        for column in table.columns
    ]
    return Shape(table, tuple(sorted(columns)))


def place(table: Table) -> int:
    """Where a table stands in the order of references: what it refers to comes before it."""
    return _places(table.metadata, len(table.metadata.tables))[table.name]


@functools.cache
def _places(metadata: MetaData, _tables: int) -> dict[str, int]:
    return {table.name: number for number, table in enumerate(metadata.sorted_tables)}


def digest_of_values(values: Iterable[tuple[str, Any]]) -> str:
    """SHA-256 of the canonical content of a row: (column, value) as the database holds it, in the
    order of the names, bytes by their digest, what is empty left out.

    So a column that came later, empty in an older row, changes nothing of that row's digest; a
    value that is taken away or put in does (docs/decisions/0011-empty-columns.md).
    """
    held = {
        name: plain(value) if isinstance(value, bytes) else value
        for name, value in values
        if value is not None
    }
    return digest(written(held))


def digest_of_record(record: Any) -> str:
    """The digest of a record as the object layer holds it."""
    kind: Any = type(record)
    columns = shape(kind).columns
    return digest_of_values((name, bind(getattr(record, key))) for name, key, bind in columns)
