"""The schema as it should be, and the guards that keep records: triggers that refuse UPDATE, DELETE, REPLACE, TRUNCATE.

The statements live in the migrations; this module reads what the database has and says what is missing.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from integrity.database import Base

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


class DatabaseTooNew(Exception):
    """The database was made by a newer Cordbook than this one."""


def upgrade(engine: Engine) -> None:
    """Bring the database to this version's schema; raises DatabaseTooNew for one made by a newer Cordbook."""
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
        if at is not None and at not in known:
            raise DatabaseTooNew("This database was made by a newer Cordbook. Start the newer version, "
                                 "or restore a backup made with this one.")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Whether the newest migration has been run, without importing the migration tool (it costs a second)."""
    if not inspect(engine).has_table("alembic_version"):
        return False
    with engine.connect() as connection:
        at = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return at == (MIGRATIONS / "HEAD").read_text().strip()


def guards() -> set[str]:
    """The names of every guard a whole database has."""
    tables = [table.name for table in Base.metadata.sorted_tables if table.info.get("kind") == "record"]
    return {f"{table}_{guard}" for table in tables for guard in ("keeps_rows", "keeps_values", "keeps_keys")}


def missing_guards(session: Session) -> list[str]:
    """The guards that someone has removed."""
    if session.get_bind().dialect.name == "sqlite":
        found = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        found = session.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"))
    return sorted(guards() - {row[0] for row in found})
