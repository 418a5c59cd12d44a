"""Whatever names another row refers to it by key, and both databases hold to it."""

from __future__ import annotations

import pytest
from sqlalchemy import ForeignKeyConstraint, Integer, text
from sqlalchemy.exc import IntegrityError

import app  # noqa: F401 - every table
from integrity import schema
from integrity.database import Base, Database
from tests.makers import records

TABLES = Base.metadata.sorted_tables
# A column that is named like a reference and is none, and why.
THE_TRAIL = "the trail proves the rows and has to be readable when one of them is gone"
ITS_OWN = "its own name, which others refer to"
NO_REFERENCE = {
    "events.seq": ITS_OWN,
    "events.scope": THE_TRAIL,
    "events.entry_id": "the form that was answered, which is no row",
    "label_prints.code": "what a label shows: a label may be of anything that has a code",
    "scans.code": "what was scanned, which may be the code of nothing",
    "cords.jar_code": "the code of the jar, which is made after its cord",
    **{
        f"{table}.code": ITS_OWN
        for table in (
            *("issued_codes", "subjects", "containers", "deviations", "documents", "donors"),
            *("equipment", "cords", "lots", "batches", "certificates"),
        )
    },
}
REFERENCES = [
    (table, constraint)
    for table in TABLES
    for constraint in table.constraints
    if isinstance(constraint, ForeignKeyConstraint)
]


def _is_named_like_a_reference(name: str) -> bool:
    return name.endswith(("_id", "_code", "_seq")) or name in ("seq", "code", "scope")


def test_every_column_named_like_a_reference_is_one_or_has_a_reason():
    unexplained = {
        str(column)
        for table in TABLES
        for column in table.columns
        if _is_named_like_a_reference(column.name) and not column.foreign_keys
    }
    assert unexplained - set(NO_REFERENCE) == set()
    assert set(NO_REFERENCE) - unexplained == set(), "a reason for what is not there"


def test_no_reference_leads_nowhere_on_either_database(database: Database):
    """Of a filled row each reference in turn, by somebody who has taken the guards away."""
    records.fill(database)
    _take_guards_away(database)
    assert len(REFERENCES) > 80
    for table, constraint in REFERENCES:
        with (
            pytest.raises(IntegrityError, match=r"(?i)foreign key"),
            database.engine.begin() as connection,
        ):
            assert connection.execute(text(_astray(table, constraint))).rowcount == 1


def _astray(table, constraint) -> str:
    """The statement that lets one row refer to nothing; of a working table or log a new row."""
    wrong = {column.name: _nowhere(column) for column in constraint}
    if table.info["kind"] in ("working", "log"):
        values = {column.name: _nowhere(column) for column in table.columns} | wrong
        names, said = ", ".join(f'"{name}"' for name in values), ", ".join(values.values())
        return f'INSERT INTO "{table.name}" ({names}) VALUES ({said})'
    changed = ", ".join(f'"{name}" = {value}' for name, value in wrong.items())
    key = table.primary_key.columns[0].name
    first = f'(SELECT min("{key}") FROM "{table.name}")'
    return f'UPDATE "{table.name}" SET {changed} WHERE "{key}" = {first}'


def _nowhere(column) -> str:
    if isinstance(getattr(column.type, "impl", column.type), Integer):
        return "-987654" if column.info.get("older") else "987654"  # a parent is older
    words = records.words_of(column)
    return f"'{words[0]}'" if words else "'nowhere'"


def _take_guards_away(database: Database) -> None:
    with database.engine.begin() as connection:
        for guard in schema.guards(connection.dialect.name):
            on = (
                "" if connection.dialect.name == "sqlite" else f' ON "{guard.rsplit("_keeps_")[0]}"'
            )
            connection.execute(text(f'DROP TRIGGER "{guard}"{on}'))


def test_sqlite_holds_to_references_in_every_connection(sqlite: Database):
    for _ in range(2):
        with sqlite.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        sqlite.close()
    with sqlite.writing() as session:
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
