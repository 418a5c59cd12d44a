"""The first schema, drawn from the models: a module for each chapter, a function for each table."""

from __future__ import annotations

from collections.abc import Sequence

from alembic.operations.ops import CreateIndexOp, CreateTableOp, UpgradeOps
from sqlalchemy import Index, MetaData, Table

from migrations.drafting import wording

FOUNDATION = '''"""The first schema: every table, and the guards that keep records.

Each chapter's tables are in a module of `migrations/first/`; they are made in the order in which
they refer to one another.
"""

from migrations import guards
from migrations.first import {chapters}

revision = "0001"
down_revision = None

TABLES = ({tables},)


def upgrade() -> None:
    for make in TABLES:
        make()
    guards.make({{{records}}})
'''
CHAPTER = '''"""The tables of the chapter {chapter}, as the first schema has them."""

import sqlalchemy as sa
from alembic import op
{imports}
# record table: the groups of columns of which no value may come twice
RECORDS = {records!r}
'''


def first(metadata: MetaData, chapters: dict[str, str]) -> dict[str, str]:
    """{file below migrations/: its text}; `chapters` says of every table where it is at home."""
    tables = metadata.sorted_tables
    homes = sorted({chapters[table.name] for table in tables})
    made = {"versions/0001_foundation.py": _foundation(tables, chapters, homes)}
    for home in homes:
        mine = [table for table in tables if chapters[table.name] == home]
        made[f"first/{home}.py"] = _chapter(home, mine)
    return {name: wording.in_form(text) for name, text in made.items()}


def _foundation(tables: Sequence[Table], chapters: dict[str, str], homes: list[str]) -> str:
    return FOUNDATION.format(
        chapters=", ".join(homes),
        tables=", ".join(f"{chapters[table.name]}.{table.name}" for table in tables),
        records=", ".join(f"**{home}.RECORDS" for home in homes),
    )


def _chapter(home: str, tables: Sequence[Table]) -> str:
    text = ""
    for table in tables:
        made = [CreateTableOp.from_table(table), *map(CreateIndexOp.from_index, _indexes(table))]
        text += f"\n\ndef {table.name}() -> None:\n{wording.statements(UpgradeOps(made))}\n"
    imports = "\nfrom migrations import checks\n" if "checks." in text else ""
    if axes := wording.axes_of(tables):
        imports += f"\n# axis: the states on it\nAXES = {axes!r}\n"
    return CHAPTER.format(chapter=home, imports=imports, records=wording.keys_of(tables)) + text


def _indexes(table: Table) -> list[Index]:
    return sorted(table.indexes, key=lambda index: str(index.name))
