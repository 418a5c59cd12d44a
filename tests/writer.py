"""Whether the writer is free: what a document's drawing and a password's hashing must find it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

from sqlalchemy import text

from integrity.database import WRITER_LOCK, Database


def is_free(database: Database) -> bool:
    """Whether another connection could begin to write at this moment."""
    file = database.engine.url.database
    if database.engine.dialect.name != "sqlite":
        with database.engine.connect() as other:
            asked = text(f"SELECT pg_try_advisory_xact_lock({WRITER_LOCK})")
            return bool(other.execute(asked).scalar())
    assert file
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
        return True


def watched(database: Database, real: Callable[..., Any], free: list[bool]) -> Callable[..., Any]:
    """The real thing; notes each time whether another could write meanwhile."""

    def called(*given: Any, **words: Any) -> Any:
        free.append(is_free(database))
        return real(*given, **words)

    return called
