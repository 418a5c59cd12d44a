"""The next migration is drafted from the models, and a filled database goes through it whole."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect

from integrity.database import Database
from migrations import draft

ROOT = Path(__file__).resolve().parents[2]


def _rows(database: Database) -> dict[str, list[dict]]:
    """{table: its rows}, as the database holds them, in the order of their keys."""
    with database.engine.connect() as connection:
        seen, found = inspect(connection), {}
        for table in set(seen.get_table_names()) - {"alembic_version"}:
            keys = ", ".join(seen.get_pk_constraint(table)["constrained_columns"])
            asked = connection.exec_driver_sql(f'SELECT * FROM "{table}" ORDER BY {keys}')
            found[table] = [dict(row) for row in asked.mappings()]
        return found


_later: dict[str, tuple] = {}  # by database: what a worker's tests look at is made once


@pytest.fixture
def later(database: Database, tmp_path: Path):
    """(what a later version saw, the rows before it, the rows after)."""
    name = database.engine.dialect.name
    if name not in _later:
        _later[name] = _upgraded(database, tmp_path)
    return _later[name]


def _upgraded(database: Database, tmp_path: Path) -> tuple:
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder)
    before = _rows(database)
    database.close()
    url = str(database.engine.url.render_as_string(hide_password=False))
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.later_version", url, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), before, _rows(database)


@pytest.mark.state("finished")
def test_a_filled_database_goes_through_a_drafted_migration_whole(later):
    seen, before, after = later
    assert seen["left"] == [], "the models say more than the drafted migration makes"
    assert seen["after the upgrade"] == seen["after more work"] == []
    assert before["entries"] and before["equipment"] and before["documents"]
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table][: len(rows)]]
        assert kept == rows, table
    assert {row["onlooker_id"] for row in after["entries"]} == {None}
    # What is no word of a vocabulary, what changes a record and what takes one away is refused; the
    # widened vocabulary takes its new word.
    assert seen["refused"] == [True, True, True, True, True, False]


@pytest.mark.state("finished")
def test_a_value_taken_out_of_a_later_column_or_put_into_it_is_found_out(later):
    seen, _, _ = later
    assert [("equipment" in fault and "was changed" in fault) for fault in seen["taken away"]] == [
        True
    ]
    assert seen["put in"]
    assert all("of entries was changed" in fault for fault in seen["put in"])


def test_the_first_schema_is_what_is_drafted():
    for path, text in draft.first().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: python -m migrations.draft"


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
def test_no_next_migration_is_due():
    assert draft.following("Nothing") == {}
