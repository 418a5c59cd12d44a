"""The next migration, from the difference between the models and what the newest migration makes.

Records are never changed, so their columns are only ever added, empty in the rows that are there;
what is empty is no part of a row's digest. A vocabulary may be widened: alembic does not see CHECKs
by itself, they are compared here by their names. On SQLite alembic makes a table anew where a
constraint of it changes; its guards go with the old one and are put on the new one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic.autogenerate import produce_migrations
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, MetaData, Table, inspect
from sqlalchemy.pool import StaticPool

from migrations.drafting import wording

TEXT = '''"""{what}."""

{imports}
revision = "{revision}"
down_revision = "{before}"

# record table: the groups of columns of which no value may come twice
RECORDS = {records!r}
{axes}

def upgrade() -> None:
{body}
    guards.renew(RECORDS)
'''


class NotForward(Exception):
    """The models want of records what no migration may do."""


def following(
    metadata: MetaData, folder: Path, *, revision: str, before: str, what: str
) -> str | None:
    """The text of the migration after those in `folder`; None where there is no difference.

    Raises NotForward, with a sentence, where a record would have to be changed.
    """
    with _migrated(folder) as connection:
        operations = _difference(connection, metadata)
    if not operations.ops:
        return None
    body = wording.statements(operations)
    touched = [metadata.tables[name] for name in sorted(_touched(operations))]
    axes = wording.axes_of(touched)
    text = TEXT.format(
        what=what.rstrip("."),
        imports=_imports(body),
        revision=revision,
        before=before,
        records=wording.keys_of(touched),
        axes=f"# axis: the states on it\nAXES = {axes!r}\n" if "AXES" in body else "",
        body=body,
    )
    return wording.in_form(text)


def _imports(body: str) -> str:
    ours = "checks, guards" if "checks." in body else "guards"
    plain = "import sqlalchemy as sa\n" if "sa." in body else ""
    return f"{plain}from alembic import op\n\nfrom migrations import {ours}\n"


def _migrated(folder: Path) -> Connection:
    """A connection to an empty database that the migrations of a folder have made."""
    from integrity import schema
    from integrity.database import open_engine

    engine = open_engine("sqlite://", poolclass=StaticPool)
    schema.upgrade(engine, folder)
    return engine.connect()


def _difference(connection: Connection, metadata: MetaData) -> ops.UpgradeOps:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "target_metadata": metadata}
    )
    found = produce_migrations(context, metadata).upgrade_ops
    assert found is not None
    changes = {each.table_name: each for each in found.ops if isinstance(each, ops.ModifyTableOps)}
    for table, change in _changed_checks(connection, metadata):
        if table.name not in changes:
            changes[table.name] = ops.ModifyTableOps(table.name, [])
            found.ops.append(changes[table.name])
        changes[table.name].ops.append(change)
    records = {
        name
        for name in inspect(connection).get_table_names()
        if f"{name}_keeps_rows" in _triggers(connection)
    }
    for each in found.ops:
        _refuse_backward(each, records)
    return found


def _refuse_backward(operation: Any, records: set[str]) -> None:
    if isinstance(operation, ops.DropTableOp) and operation.table_name in records:
        raise NotForward(f"{operation.table_name} holds records: a migration keeps it.")
    if not isinstance(operation, ops.ModifyTableOps):
        return
    table = operation.table_name
    for change in operation.ops:
        if isinstance(change, ops.AddColumnOp) and not change.column.nullable:
            raise NotForward(
                f"{table}.{change.column.name} has to be nullable: the rows that are there have "
                "no value for it."
            )
        if table in records and isinstance(change, (ops.DropColumnOp, ops.AlterColumnOp)):
            raise NotForward(
                f"{table}.{change.column_name} holds records: a migration neither drops nor "
                "changes it; add a column."
            )


def _touched(operations: ops.UpgradeOps) -> Iterator[str]:
    for each in operations.ops:
        if isinstance(each, (ops.CreateTableOp, ops.ModifyTableOps)):
            yield each.table_name


# CHECKs
# -------------------------------------------------------------------------------------------------


def _changed_checks(connection: Connection, metadata: MetaData) -> Iterator[tuple[Table, Any]]:
    """(table, what is to be done) for every CHECK that is new, gone or says something else."""
    reflected = inspect(connection)
    there = set(reflected.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in there:
            continue
        wanted = dict(checks(table, connection))
        found = {
            str(each["name"]): _plain(each["sqltext"])
            for each in reflected.get_check_constraints(table.name)
        }
        for name in sorted(found):
            if wanted.get(name) != found[name]:
                yield table, ops.DropConstraintOp(name, table.name, "check")
        for name in sorted(wanted):
            if wanted[name] != found.get(name):
                yield table, ops.CreateCheckConstraintOp(name, table.name, wanted[name])


def checks(table: Table, connection: Connection) -> Iterator[tuple[str, str]]:
    """(name, what it says) of every CHECK of a table of the models."""
    dialect = connection.dialect
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            name = dialect.identifier_preparer.format_constraint(constraint)
            said = constraint.sqltext.compile(
                dialect=dialect, compile_kwargs={"literal_binds": True}
            )
            yield str(name), _plain(str(said))


def _plain(said: str) -> str:
    return " ".join(said.split())


def _triggers(connection: Connection) -> set[str]:
    return set(
        connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).scalars()
    )
