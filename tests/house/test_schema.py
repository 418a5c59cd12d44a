"""The upgraded schema equals the models on both databases, every record table keeps its rows, only
one place commits.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from integrity import schema
from integrity.database import Base, Database
from tests.makers import records

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "integrity",
    "people",
    "labels",
    "paper",
    "documents",
    "monitoring",
    "stores",
    "manufacturing",
    "qc",
    "demonstration",
)
SOURCES = sorted(
    {*ROOT.glob("*.py"), *(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))}
)
GUARDED = "records are only ever inserted"
REFERRED = f"{GUARDED}|referenced in a foreign key constraint"
RECORDS = [table for table in Base.metadata.sorted_tables if table.info.get("kind") == "record"]


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
def test_the_upgraded_schema_equals_the_models(database: Database):
    """An index of an expression, which SQLite does not describe, is compared by its name."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
        names = {index.name for table in Base.metadata.sorted_tables for index in table.indexes}
        kind = "sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        if database.engine.dialect.name == "postgresql":
            kind = "pg_class WHERE relkind = 'i'"
        name = "name" if "sqlite" in kind else "relname"
        made = set(connection.exec_driver_sql(f"SELECT {name} FROM {kind}").scalars())
        assert names <= made
    assert schema.is_current(database.engine)
    with database.reading() as session:
        assert schema.missing_guards(session) == []


def test_every_table_is_a_record_a_fold_a_log_or_a_working_table():
    assert {
        table.name
        for table in Base.metadata.sorted_tables
        if table.info.get("kind") not in ("record", "fold", "log", "working")
    } == set()


def test_migrations_import_nothing_of_the_application():
    folder = ROOT / "migrations"
    for path in [*folder.glob("versions/*.py"), *folder.glob("first/*.py")]:
        modules = {
            node.module
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom)
        }
        names = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert modules | names <= {"alembic", "migrations", "migrations.first", "sqlalchemy"}, path


def test_the_newest_migration_is_the_head():
    newest = sorted(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))[
        -1
    ]
    assert (ROOT / "migrations" / "HEAD").read_text().strip() == newest


@pytest.mark.req("AUD-04")
def test_every_record_table_refuses_change_deletion_replacement_and_emptying(database: Database):
    """Also where the key that is replaced is not the primary one.

    On SQLite with and without recursive triggers.
    """
    records.fill(database)
    sqlite = database.engine.dialect.name == "sqlite"
    with database.engine.connect() as connection:
        if sqlite:
            connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
            connection.commit()
        before = {
            table.name: connection.execute(table.select().order_by(table.c[0])).all()
            for table in RECORDS
        }
        for table in RECORDS:
            key = table.primary_key.columns[0].name
            statements = [
                f'UPDATE "{table.name}" SET "{key}" = "{key}" WHERE "{key}" = 2',
                *(
                    f'UPDATE "{table.name}" SET "{column.name}" = "{column.name}" WHERE "{key}" = 2'
                    for column in table.columns
                ),
                f'DELETE FROM "{table.name}" WHERE "{key}" = 2',
                f'DELETE FROM "{table.name}"',
            ]
            statements += (
                list(_replacements(table, key))
                if sqlite
                else [
                    f'TRUNCATE "{table.name}"',
                    f'TRUNCATE "{table.name}" CASCADE',
                    *_upserts(table, key),
                ]
            )
            for statement in statements:
                # PostgreSQL itself refuses to empty a table that others refer to, before the guard.
                plain_truncate = statement == f'TRUNCATE "{table.name}"'
                with (
                    pytest.raises(DBAPIError, match=REFERRED if plain_truncate else GUARDED),
                    connection.begin_nested(),
                ):
                    connection.execute(text(statement))
        assert {
            table.name: connection.execute(table.select().order_by(table.c[0])).all()
            for table in RECORDS
        } == before


def _replacements(table, key: str):
    """An INSERT OR REPLACE over each unique group, all other unique values being new."""
    for group in schema.unique_keys(table):
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        values = ", ".join(_kept_or_new(table, column, group) for column in table.columns)
        row = 1 if table.name == "events" else 2  # the entry id stands in the first event
        for verb in ("INSERT OR REPLACE", "REPLACE"):
            yield (
                f'{verb} INTO "{table.name}" ({columns}) SELECT {values} FROM "{table.name}" '
                f'WHERE "{key}" = {row}'
            )
        yield (
            f'INSERT INTO "{table.name}" ({columns}) SELECT {values} FROM "{table.name}" WHERE '
            f'"{key}" = {row} '
            f'ON CONFLICT DO UPDATE SET "{key}" = 5'
        )


def _kept_or_new(table, column, group: list[str]) -> str:
    unique = {name for key in schema.unique_keys(table) for name in key}
    if column.name in group or column.name not in unique:
        return f'"{column.name}"'
    return (
        f'"{column.name}" + 1000' if column.type.python_type is int else f"\"{column.name}\" || 'x'"
    )


def _upserts(table, key: str):
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    yield (
        f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM "{table.name}" WHERE '
        f'"{key}" = 2 '
        f'ON CONFLICT ("{key}") DO UPDATE SET "{key}" = 5'
    )


# Who may write
# -------------------------------------------------------------------------------------------------


def _calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and name
        == (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
    ]


def test_only_the_database_commits():
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SOURCES
        for call in _calls(ast.parse(path.read_text()), "commit")
        if path.relative_to(ROOT) != Path("integrity/database.py")
    ]
    assert found == []


def _functions() -> dict[str, tuple[dict[str, ast.FunctionDef], ast.FunctionDef]]:
    """{path:name: (the functions of its module, the function)} of the whole house."""
    found = {}
    for path in SOURCES:
        module = {
            node.name: node
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.FunctionDef)
        }
        found |= {
            f"{path.relative_to(ROOT)}:{name}": (module, node) for name, node in module.items()
        }
    return found


FUNCTIONS = _functions()
# Public functions that take by and at by keyword only.
ACTS = {
    name: node
    for name, (_, node) in FUNCTIONS.items()
    if not node.name.startswith("_")
    and [ast.unparse(argument) for argument in node.args.args][:1] == ["act: Act"]
}


def _called(node: ast.FunctionDef) -> set[str]:
    return {
        call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
    }


def _says(name: str, saying: set[str], seen: frozenset[str] = frozenset()) -> bool:
    """Whether it calls trail.say or an act that does, itself or through a function of its own
    module.
    """
    module, node = FUNCTIONS[name]
    called = _called(node) - {node.name} - seen
    folder = name.rpartition(":")[0]
    return bool(called & saying) or any(
        _says(f"{folder}:{inner}", saying, seen | {node.name}) for inner in called & set(module)
    )


def _saying() -> set[str]:
    found = {"say"}
    while more := {
        node.name for name, node in ACTS.items() if node.name not in found and _says(name, found)
    }:
        found |= more
    return found


@pytest.mark.req("AUD-01")
def test_every_act_leaves_an_event_or_is_part_of_one_that_does():
    """What writes and says nothing itself (a signature, a move) may only be called by an act that
    says the event.
    """
    saying = _saying()
    silent = {name: node for name, node in ACTS.items() if node.name not in saying}
    alone = [name for name in silent if not _is_part(name, saying)]
    assert alone == []


def _is_part(name: str, saying: set[str], seen: frozenset[str] = frozenset()) -> bool:
    """Whether everything that calls a function says the event, or is again only a part of what
    does.
    """
    callers = [caller for caller in _callers(name) if caller not in seen]
    return bool(callers) and all(
        _says(caller, saying) or _is_part(caller, saying, seen | {name}) for caller in callers
    )


def _callers(name: str) -> list[str]:
    """Functions that call it: of its own module, or of the whole house where it is public."""
    folder, _, called = name.rpartition(":")
    return [
        caller
        for caller, (_, node) in FUNCTIONS.items()
        if caller != name
        and called in _called(node)
        and (caller.startswith(f"{folder}:") or not called.startswith("_"))
    ]


def test_acts_read_neither_the_clock_nor_the_request():
    for name, node in ACTS.items():
        taken = {
            call.func.attr
            for call in ast.walk(node)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        }
        assert not taken & {"now", "utcnow", "today", "here"}, name


def test_the_command_line_starts_without_what_it_may_not_need():
    """Alembic and reportlab cost half a second; verify, backup and a second start need neither."""
    program = (
        "import sys, commands; sys.exit(bool({'alembic', 'reportlab', 'waitress', "
        "'smtplib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
