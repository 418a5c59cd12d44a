"""What a database is made of beside its rows, compared with what the migrations of this version
make: tables with their columns and checks, indexes, triggers, views, whatever else can be hung
beside a record and change what is read or written.

What should be is made by the migrations themselves, in a place that is thrown away, once a process.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from integrity import schema
from integrity.database import Database, Session
from integrity.schema import guards, is_current, run, upgrade

Parts = Mapping[tuple[str, str], str]  # {(what it is, its name): its definition}
GUARDING_FUNCTION = "cordbook_refuse"  # what the guards of PostgreSQL call
MOST = 20  # faults of the database's own check that are named


@dataclass(frozen=True)
class Unseen(Exception):
    """Something that could not be looked at, and why; no fault and no proof either."""

    sentence: str


def faults(session: Session) -> Iterator[str]:
    """What is there and not ours, what is ours and missing, and what was made otherwise.

    Guards that are missing or replaced are named by `schema.missing_guards`. Raises Unseen where
    the database does not let the comparison be made, and for a schema of another version.
    """
    connection = session.connection()
    if not is_current(connection):
        raise Unseen("The database has the schema of another version: start Cordbook once.")
    dialect = connection.dialect.name
    if dialect == "sqlite":
        expected, found = _expected_on_sqlite(schema.MIGRATIONS), _on_sqlite(connection)
    else:
        expected, found = (
            _expected_on_postgresql(connection.engine, schema.MIGRATIONS),
            _on_postgresql(connection, "public"),
        )
    ours = {*guards(dialect), GUARDING_FUNCTION}
    for (kind, name), definition in sorted(found.items()):
        if (kind, name) not in expected:
            yield none_of_ours(kind, name)
        elif definition != expected[kind, name] and name not in ours:
            yield (
                f"The {kind} {name} is not as Cordbook made it"
                f"{_difference(expected[kind, name], definition)}: find out who changed it, then "
                "restore a backup."
            )
    for kind, name in sorted(set(expected) - set(found)):
        if name not in ours and kind != "table":  # a record that is gone is named with its rows
            yield f"The {kind} {name} is missing: find out who removed it, then restore a backup."


def none_of_ours(kind: str, name: str) -> str:
    """What is said of something that no migration made."""
    return (
        f"The {kind} {name} is none of Cordbook's: find out who made it and what it does, "
        "then remove it."
    )


def _difference(expected: str, found: str) -> str:
    """The first lines that one of the two has and the other has not."""
    before, after = expected.splitlines(), found.splitlines()
    lost = [line.strip() for line in before if line not in after][:1]
    added = [line.strip() for line in after if line not in before][:1]
    told = [f"it has {line.rstrip(',')}" for line in added]
    told += [f"it lacks {line.rstrip(',')}" for line in lost]
    return f" ({', '.join(told)})" if told else ""


# SQLite
# -------------------------------------------------------------------------------------------------


@cache
def _expected_on_sqlite(migrations: Path) -> Parts:
    with (
        tempfile.TemporaryDirectory(prefix="cordbook-schema-") as folder,
        closing(Database(f"sqlite:///{folder}/schema.db")) as database,
    ):
        upgrade(database.engine, migrations)
        with database.engine.connect() as connection:
            return _on_sqlite(connection)


def _on_sqlite(connection: Connection) -> Parts:
    """Whatever its schema names; what begins with sqlite_ SQLite makes for itself."""
    rows = connection.execute(
        text(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
    )
    return {(row.type, row.name): _in_order(row.type, row.sql or "") for row in rows}


def _in_order(kind: str, definition: str) -> str:
    """A table's columns and constraints by name: a table that a migration made anew has them in
    another order, and its name in quotes.
    """
    if kind != "table":
        return definition
    lines = (line.strip().rstrip(",").replace('"', "") for line in definition.splitlines())
    return "\n".join(sorted(line for line in lines if line))


# PostgreSQL
# -------------------------------------------------------------------------------------------------

_APART = "cordbook_expected"


@cache
def _expected_on_postgresql(engine: Engine, migrations: Path) -> Parts:
    """Made in a schema of its own, in a transaction that is rolled back."""
    try:
        with _rolled_back(engine) as connection:
            connection.execute(text(f"CREATE SCHEMA {_APART}"))
            connection.execute(text(f"SET LOCAL search_path TO {_APART}"))
            run(connection, migrations)
            return _on_postgresql(connection, _APART)
    except DBAPIError as refusal:
        raise Unseen(
            "The tables could not be compared with what Cordbook makes "
            f"({_said(refusal)}): verify as the owner of the database."
        ) from None


@contextmanager
def _rolled_back(engine: Engine) -> Iterator[Connection]:
    """Beside the queue of the writers: whoever asks may be the writer, and nothing is kept."""
    with engine.execution_options(writing=False).connect() as connection:
        turn = connection.begin()
        try:
            yield connection
        finally:
            turn.rollback()


# {what it is: a question that gives name and definition, a line of it after another}; :schema is
# where it looks. Names of the schema are taken out, so that two schemas can be compared.
_QUESTIONS = {
    "table": """
        SELECT c.relname, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
            || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
            || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
            || CASE WHEN c.relrowsecurity THEN ' (rows are hidden by a policy)' ELSE '' END
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
            AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p', 'f') AND c.relnamespace = to_regnamespace(:schema)
        ORDER BY c.relname, a.attname""",
    "constraint": """
        SELECT r.conrelid::regclass || ' ' || r.conname, pg_get_constraintdef(r.oid)
            || CASE WHEN r.convalidated THEN '' ELSE ' not validated' END
        FROM pg_constraint r WHERE r.connamespace = to_regnamespace(:schema) AND r.conrelid <> 0
            AND r.contype <> 'n'
        ORDER BY 1""",
    "index": """
        SELECT c.relname, pg_get_indexdef(c.oid)
            || CASE WHEN i.indisvalid AND i.indisready THEN '' ELSE ' (it is not valid)' END
        FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
        WHERE c.relnamespace = to_regnamespace(:schema) ORDER BY 1""",
    "trigger": """
        SELECT t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace = to_regnamespace(:schema) ORDER BY 1""",
    "view": """
        SELECT c.relname, pg_get_viewdef(c.oid) FROM pg_class c
        WHERE c.relkind IN ('v', 'm') AND c.relnamespace = to_regnamespace(:schema) ORDER BY 1""",
    "rule": """
        SELECT c.relname || ' ' || r.rulename, pg_get_ruledef(r.oid) FROM pg_rewrite r
        JOIN pg_class c ON c.oid = r.ev_class
        WHERE r.rulename <> '_RETURN' AND c.relnamespace = to_regnamespace(:schema) ORDER BY 1""",
    "policy": """
        SELECT c.relname || ' ' || p.polname, coalesce(pg_get_expr(p.polqual, p.polrelid), '')
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = to_regnamespace(:schema) ORDER BY 1""",
    "function": """
        SELECT p.proname, p.prosrc FROM pg_proc p
        WHERE p.pronamespace = to_regnamespace(:schema) AND NOT EXISTS (
            SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1""",
    "event trigger": """
        SELECT evtname, evtevent FROM pg_event_trigger WHERE :schema <> '' ORDER BY 1""",
}


def _on_postgresql(connection: Connection, where: str) -> Parts:
    """What stands in a schema, without its name."""
    found: dict[tuple[str, str], str] = {}
    for kind, question in _QUESTIONS.items():
        for name, line in connection.execute(text(question), {"schema": where}):
            key = (kind, name.removeprefix(f"{where}."))
            line = line.replace(f" {where}.", " ").replace(f"({where}.", "(")
            found[key] = f"{found[key]}\n{line}" if key in found else line
    return found


# The database's own check
# -------------------------------------------------------------------------------------------------


def damage(session: Session) -> Iterator[str]:
    """What the database itself finds wrong with its pages and indexes: a damaged index answers
    wrongly while every row is whole. Raises Unseen where it has no check that may be used.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        yield from _damage_on_sqlite(connection)
    else:
        yield from _damage_on_postgresql(connection)


def _damage_on_sqlite(connection: Connection) -> Iterator[str]:
    for line in connection.exec_driver_sql(f"PRAGMA integrity_check({MOST})").scalars():
        if line != "ok":
            yield f"The database's own check says: {line}. Restore a backup."


def _damage_on_postgresql(connection: Connection) -> Iterator[str]:
    """With amcheck, which comes with the server; it is made and gone within a savepoint."""
    turn = connection.begin_nested()
    try:
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS amcheck"))
        indexes = connection.execute(_INDEXES).all()
    except DBAPIError as refusal:
        turn.rollback()
        raise Unseen(
            "The indexes could not be checked by the database itself "
            f"({_said(refusal)}): run pg_amcheck as its administrator."
        ) from None
    try:
        for oid, name in indexes:
            yield from _damage_of(connection, oid, name)
    finally:
        turn.rollback()


_INDEXES = text(
    "SELECT c.oid, c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
    "JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree' "
    "WHERE c.relnamespace = to_regnamespace('public') AND i.indisvalid ORDER BY 2"
)


def _damage_of(connection: Connection, oid: int, name: str) -> Iterator[str]:
    try:
        with connection.begin_nested():
            connection.execute(text("SELECT bt_index_check(:oid, true)"), {"oid": oid})
    except DBAPIError as found:
        yield (
            f"The database's own check says of the index {name}: {_said(found)}. Make it anew "
            "with REINDEX."
        )


def _said(fault: DBAPIError) -> str:
    return str(fault.orig).splitlines()[0]
