"""Attached files within a backup: a table of the backup file alone holds them, so that a backup
stays one file, and whoever restores it has them back (docs/decisions/0020-attached-files.md)."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import text

from integrity import schema_parts
from integrity.cabinet import Cabinet
from integrity.database import Session

TABLE: Final = "attached_files"
FOREIGN: Final = schema_parts.none_of_ours("table", TABLE)  # what verification says of the table
_NAMED: Final = "SELECT sha256, min(name) FROM attachments GROUP BY sha256 ORDER BY sha256"
_IS_THERE: Final = f"SELECT 1 FROM sqlite_master WHERE name = '{TABLE}'"
_CREATE: Final = f"CREATE TABLE {TABLE} (sha256 TEXT PRIMARY KEY, content BLOB NOT NULL)"
_INSERT: Final = f"INSERT INTO {TABLE} VALUES (?, ?)"
_CONTENT: Final = f"SELECT content FROM {TABLE} WHERE sha256 = "


def pack(backup: Path, cabinet: Cabinet) -> None:
    """Put every attached file that lies in the cabinet into a backup, one after another.

    What is missing there is left out: the backup is made, and its check names the file.
    """
    with closing(sqlite3.connect(backup)) as connection:
        named = [sha256 for sha256, _ in connection.execute(_NAMED)]
        if not named:
            return
        with connection:
            connection.execute(_CREATE)
            for sha256 in named:
                if (path := cabinet.path(sha256)).exists():
                    connection.execute(_INSERT, (sha256, path.read_bytes()))


def faults(session: Session) -> Iterator[str]:
    """Attached files that a backup lacks, or has otherwise than they were recorded."""
    connection = session.connection()
    is_packed = connection.execute(text(_IS_THERE)).first() is not None
    for sha256, name in connection.execute(text(_NAMED)).all():
        row = is_packed and connection.execute(text(_CONTENT + ":of"), {"of": sha256}).first()
        if not row:
            yield f"The attached file {name} is missing."
        elif hashlib.sha256(row[0]).hexdigest() != sha256:
            yield f"The attached file {name} was changed."


def unpack(copy: Path, cabinet: Cabinet) -> None:
    """Put the attached files of a verified backup into the cabinet and their table away.

    Nothing is taken out of the cabinet: what no record of the backup refers to is set aside at the
    next start.
    """
    with closing(sqlite3.connect(copy)) as connection:
        if connection.execute(_IS_THERE).fetchone() is None:
            return
        for sha256, _ in connection.execute(_NAMED).fetchall():
            [content] = connection.execute(_CONTENT + "?", (sha256,)).fetchone()
            cabinet.put_back(sha256, content)
        with connection:
            connection.execute(f"DROP TABLE {TABLE}")
        connection.execute("VACUUM")
