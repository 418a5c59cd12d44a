"""Rows of every record table there is, now and later, made of their columns' types.

What verification is tried on.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, inspect, text

from integrity import deviations, schema, states, trail
from integrity.acts import Act
from integrity.canonical import digest_of
from integrity.database import Base, Database, Document, Instant, Number, Session, YesNo
from integrity.signatures import Signature
from integrity.subjects import Subject

OPEN = deviations.DeviationState.OPEN
MOMENT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def record_classes() -> list[Any]:
    """The classes of every record table but the trail's own, in the order of their tables."""
    classes = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}
    return [classes[table.name] for table in trail.record_tables()]


def row(kind: Any, number: int) -> Any:
    """One record with a value in every column."""
    return kind(
        **{
            kind.__mapper__.get_property_by_column(column).key: _value(column, number)
            for column in kind.__table__.columns
        }
        | (
            {"facts_digest": digest_of(_value(kind.__table__.c.facts, number))}
            if kind is Signature
            else {}
        )
    )


def first_number(table: Any) -> int:
    """The number of the first row of a table: 2 where rows refer to what is older than they are."""
    return 2 if any(column.info.get("older") for column in table.columns) else 1


def _value(column: Column[Any], number: int) -> Any:
    if column.info.get("older"):
        return number - 1
    for reference in column.foreign_keys:
        return _value(reference.column, number)
    if isinstance(column.type, Instant):
        return MOMENT
    if isinstance(column.type, Number):
        return Decimal(f"{number}.50")
    if isinstance(column.type, Document):
        return {"said": [f"{column.name} {number}"]}
    if isinstance(column.type, YesNo):
        return True
    if isinstance(column.type, LargeBinary):
        return bytes([number] * 8)
    if words := words_of(column):
        return words[number % len(words)]
    return number if column.type.python_type is int else f"{column.name} {number} µ"


def words_of(column: Column[Any]) -> tuple[str, ...]:
    """The words that a CHECK of its table allows in a column; none where it is free text."""
    for constraint in column.table.constraints:
        if constraint.info.get("column") == column.name:
            words = constraint.info["words"]()
            return tuple(words[deviations.AXIS] if isinstance(words, dict) else words)
    return ()


def rows_each() -> int:
    """As many rows of every table as the widest has columns, so that each column can be changed in
    a row of its own.
    """
    return max(len(table.columns) for table in trail.record_tables())


def fill(database: Database) -> None:
    """Event 1 opens; event n + 1 says the n-th row of every record table; the last one closes."""
    with database.writing() as session:
        Act(session, trail.SYSTEM, MOMENT, entry_id="first-entry").say(
            "site.changed", ("site", "1"), facts="x"
        )
    for number in range(1, rows_each() + 1):
        with database.writing() as session:
            act = Act(session, trail.SYSTEM, MOMENT)
            kinds = [
                kind
                for kind in record_classes()
                if kind is not states.Move and number >= first_number(kind.__table__)
            ]
            act.add(*(row(kind, number) for kind in kinds))
            thing = session.get_one(Subject, number)
            states.move(act, thing, deviations.AXIS, OPEN, allowed={None: frozenset({OPEN})})
            Act(session, trail.SYSTEM, MOMENT).say(
                "site.rebuilt",
                ("site", str(number)),
                scope=f"B{number}",
                reason="Made to be tampered with.",
                details={"number": number},
            )
    with database.writing() as session:
        Act(session, trail.SYSTEM, MOMENT).say("site.changed", ("site", "1"))


def switch_off_guards(connection: Connection) -> None:
    """What somebody with the rights of the owner would do first: to guards, keys and CHECKs."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in Base.metadata.sorted_tables:
            for check in inspect(connection).get_check_constraints(table.name):
                connection.execute(
                    text(f'ALTER TABLE "{table.name}" DROP CONSTRAINT "{check["name"]}"')
                )
    for guard in schema.guards(connection.dialect.name):
        where = "" if connection.dialect.name == "sqlite" else f' ON "{_table_of(guard)}"'
        connection.execute(text(f'DROP TRIGGER "{guard}"{where}'))


def _table_of(guard: str) -> str:
    return guard.rsplit("_keeps_", 1)[0]


def other(value: Any, column: Column[Any]) -> Any:
    """The same value with one byte changed."""
    if value is None:
        return 7 if isinstance(column.type, Integer) else "x"
    if column.info.get("older"):
        return value - 1
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, (bytes, memoryview)):
        return bytes([bytes(value)[0] ^ 1]) + bytes(value)[1:]
    return ("y" if value[0] != "y" else "z") + value[1:]


def change_byte(session: Session, table: Table, column: Column[Any], key: str, at: Any) -> None:
    """One byte of one column of the row whose `key` column is `at`."""
    value = session.execute(
        text(f'SELECT "{column.name}" FROM "{table.name}" WHERE "{key}" = :at'), {"at": at}
    ).scalar_one()
    session.execute(
        text(f'UPDATE "{table.name}" SET "{column.name}" = :new WHERE "{key}" = :at'),
        {"new": other(value, column), "at": at},
    )
