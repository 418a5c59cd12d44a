"""The schema as it should be, and the guards that keep records: triggers that refuse UPDATE,
DELETE, REPLACE, TRUNCATE.

The statements live in the migrations; this module reads what the database has and says what is
missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, Table, UniqueConstraint, inspect, text

from integrity.database import Base, Session

GUARDED = ("record", "log")  # the kinds of tables whose rows are only ever inserted
if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


class DatabaseTooNew(Exception):
    """The database was made by a newer Cordbook than this one."""


class ForeignDatabase(Exception):
    """The database holds somebody else's tables."""


def _is_foreign(engine: Engine) -> bool:
    names = inspect(engine).get_table_names()
    return bool(names) and "alembic_version" not in names


def upgrade(engine: Engine, folder: Path = MIGRATIONS) -> None:
    """Bring the database to this version's schema; raises DatabaseTooNew or ForeignDatabase."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    if _is_foreign(engine):
        raise ForeignDatabase(
            "This database holds tables of something else. Name an empty database, or one that "
            "Cordbook made."
        )
    config = _configured(folder)
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
        if at is not None and at not in known:
            raise DatabaseTooNew(
                "This database was made by a newer Cordbook. Start the newer version, "
                "or restore a backup made with this one."
            )
    with _tables_may_be_made_anew(engine) as connection:
        run(connection, folder)


def run(connection: Connection, folder: Path) -> None:
    """Run every migration that is missing, in the transaction of this connection."""
    from alembic import command

    config = _configured(folder)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _configured(folder: Path) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


@contextmanager
def _tables_may_be_made_anew(engine: Engine) -> Iterator[Connection]:
    """One transaction in which SQLite lets a table go that others refer to, and its successor come.

    Every reference is looked up before the transaction is committed.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if lost:
                    raise RuntimeError(f"The migration would lose what {lost[0][0]} refers to.")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def is_current(database: Engine | Connection) -> bool:
    """Whether the newest migration has been run, without importing the migration tool (it costs a
    second).
    """
    if not inspect(database).has_table("alembic_version"):
        return False
    asked = text("SELECT version_num FROM alembic_version")
    if isinstance(database, Connection):
        at = database.execute(asked).scalar()
    else:
        with database.connect() as connection:
            at = connection.execute(asked).scalar()
    return at == (MIGRATIONS / "HEAD").read_text().strip()


def unique_keys(table: Table) -> list[list[str]]:
    """The groups of columns of which no value may come twice, the primary key first."""
    groups = [[column.name for column in table.primary_key]]
    groups += sorted(
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    )
    return groups + sorted(
        [column.name for column in index.columns] for index in table.indexes if index.unique
    )


def guards(dialect: str) -> dict[str, str]:
    """{name: statement} of every guard a whole database has."""
    from migrations import guards as statements

    found: dict[str, str] = {}
    for table in Base.metadata.sorted_tables:
        if table.info.get("kind") in GUARDED:
            found |= (
                statements.sqlite(table.name, unique_keys(table))
                if dialect == "sqlite"
                else statements.postgresql(table.name)
            )
    return found


def missing_guards(session: Session) -> list[str]:
    """The guards that someone has removed, switched off or replaced by others of the same name."""
    dialect = session.get_bind().dialect.name
    found = _sqlite_guards(session) if dialect == "sqlite" else _postgresql_guards(session)
    return sorted(
        name for name, statement in guards(dialect).items() if found.get(name) != statement
    )


def _sqlite_guards(session: Session) -> dict[str, str]:
    return {
        row.name: row.sql
        for row in session.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        )
    }


def _postgresql_guards(session: Session) -> dict[str, str]:
    """Those that fire for everybody (tgenabled O or A) and still call the function that refuses."""
    from migrations.guards import POSTGRESQL_BODY

    refuses = (
        session.execute(text("SELECT prosrc FROM pg_proc WHERE proname = 'cordbook_refuse'"))
        .scalars()
        .all()
    )
    if [source.strip() for source in refuses] != [POSTGRESQL_BODY]:
        return {}
    found = session.execute(
        text(
            "SELECT tgname, replace(pg_get_triggerdef(oid), ' ON public.', ' ON ') AS sql FROM "
            "pg_trigger "
            "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
    )
    return {row.tgname: row.sql for row in found}
