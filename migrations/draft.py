"""Writes the statements that make a schema from nothing, for whoever drafts a migration: python -m
migrations.draft > FILE.

A tool for the drafting table only; the migrations themselves import nothing from the application.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent.parent
HEAD = '''"""The first schema: every table, and the guards that keep records."""

import sqlalchemy as sa
from alembic import op

from migrations import guards

revision = "{revision}"
down_revision = None

'''


def draft(revision: str = "0001") -> str:
    """The text of one migration that makes every table of the models."""
    sys.path.insert(0, str(ROOT))
    importlib.import_module("app")
    from alembic.autogenerate import produce_migrations, render_python_code
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import create_engine

    from integrity.database import Base
    from integrity.schema import unique_keys

    with create_engine("sqlite://").connect() as connection:
        made = produce_migrations(
            MigrationContext.configure(connection, opts={"render_item": _render}), Base.metadata
        )
    assert made.upgrade_ops is not None
    body = render_python_code(made.upgrade_ops, render_item=_render)
    keys = {
        table.name: unique_keys(table)
        for table in Base.metadata.sorted_tables
        if table.info.get("kind") == "record"
    }
    guarded = "\n".join(f"    {name!r}: {columns!r}," for name, columns in keys.items())
    return (
        HEAD.format(revision=revision)
        + "# table: the groups of columns of which no value may come twice\n"
        f"RECORDS = {{\n{guarded}\n}}\n\n\ndef upgrade() -> None:\n    {body}\n    _guard()\n\n\n"
        "def _guard() -> None:\n"
        "    sqlite = op.get_bind().dialect.name == 'sqlite'\n"
        "    if not sqlite:\n        op.execute(guards.POSTGRESQL_FUNCTION)\n"
        "    for table, keys in RECORDS.items():\n"
        "        for statement in (guards.sqlite(table, keys) if sqlite else "
        "guards.postgresql(table)).values():\n"
        "            op.execute(statement)\n"
    )


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    from sqlalchemy.types import TypeDecorator

    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{type(item.impl).__name__}()"
    return False


if __name__ == "__main__":
    sys.stdout.write(draft())
