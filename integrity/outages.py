"""Outages: what keeps the database from being asked or written to for a while, told from faults.

Nothing is recorded meanwhile and nothing has to be started again: the next connection is a new one.
"""

from __future__ import annotations

import enum
import errno
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout


class Outage(enum.StrEnum):
    """What is the matter."""

    AWAY = "away"
    BUSY = "busy"
    FULL = "full"


class WriterBusy(Exception):
    """Somebody else has been writing for longer than anybody is asked to wait."""


_SQLITE = {
    sqlite3.SQLITE_BUSY: Outage.BUSY,
    sqlite3.SQLITE_LOCKED: Outage.BUSY,
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_IOERR: Outage.AWAY,
    sqlite3.SQLITE_CANTOPEN: Outage.AWAY,
    sqlite3.SQLITE_READONLY: Outage.AWAY,
    sqlite3.SQLITE_NOTADB: Outage.AWAY,
    sqlite3.SQLITE_CORRUPT: Outage.AWAY,
}
_POSTGRESQL = {
    "55P03": Outage.BUSY,  # waited too long for a lock
    "53300": Outage.BUSY,  # too many connections
    "53100": Outage.FULL,
    "25006": Outage.AWAY,  # may only be read: a standby
}
_GONE = ("08", "57P", "XX001", "58")  # connection, shutdown, damage, its system
_FULL = (errno.ENOSPC, errno.EDQUOT)


def outage_of(error: BaseException) -> Outage | None:
    """Which outage an error is, or None where it is a fault."""
    for each in _and_its_causes(error):
        if found := _outage(each):
            return found
    return None


def _and_its_causes(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and found not in seen:
        seen.append(found)
        yield found
        found = found.__cause__ or found.__context__


def _outage(error: BaseException) -> Outage | None:
    if isinstance(error, WriterBusy | PoolTimeout):
        return Outage.BUSY
    if isinstance(error, OSError):
        return Outage.FULL if error.errno in _FULL else None
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _outage(error.orig)
    return _of_postgresql(error)


def _of_postgresql(error: DBAPIError) -> Outage | None:
    state = getattr(error.orig, "sqlstate", None)
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]
    is_gone = error.connection_invalidated or (state or "").startswith(_GONE)
    is_unreached = state is None and type(error.orig).__name__ == "OperationalError"
    return Outage.AWAY if is_gone or is_unreached else None
