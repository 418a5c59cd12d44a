"""What the database that a restore replaces had recorded and the restored one has not.

The events of both are compared by their hashes: what only the replaced one has is lost. The file
lies beside the restored database and is only read (REC-05)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from integrity.actions import IntegrityAction
from integrity.acts import Act
from integrity.database import Base, Session
from integrity.trail import Event

SITE = ("site", "restore")


@dataclass(frozen=True)
class Lost:
    """One event that is lost; `code` is that of the thing it was about, `scope` what that stood
    under.
    """

    at: str
    action: str
    username: str
    code: str
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    scope: str = ""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def read(session: Session, replaced: Path) -> list[Lost] | None:
    """Every event that is lost, oldest first; None where the file cannot be read."""
    if not replaced.exists():
        return []
    known = set(session.scalars(select(Event.hash)))
    try:
        with closing(sqlite3.connect(replaced)) as connection:
            asked = "SELECT hash, content FROM events ORDER BY seq"
            events = connection.execute(asked).fetchall()
            contents = [content for digest, content in events if digest not in known]
            return [_lost(connection, json.loads(content)) for content in contents]
    except (sqlite3.Error, ValueError, KeyError):
        return None


def _lost(connection: sqlite3.Connection, said: Mapping[str, Any]) -> Lost:
    return Lost(
        said["at"],
        said["action"],
        said["actor"]["username"],
        _code(connection, *said["subject"]) or said["scope"] or "",
        said["reason"] or "",
        said["details"],
        said["scope"] or "",
    )


def _code(connection: sqlite3.Connection, kind: str, key: str) -> str | None:
    table = Base.metadata.tables.get(kind)
    if table is None or "code" not in table.columns:
        return None
    asked = f"SELECT code FROM {kind} WHERE id = ?"
    found = connection.execute(asked, (int(key),)).fetchone()
    return found[0] if found else None


def tell(act: Act, found: Sequence[Lost], *, is_read: bool) -> None:
    """Say what is lost: it stands in the trail and on the page where QA judges the restore."""
    lost = [[each.at, each.action, each.username, each.code, each.reason] for each in found]
    details = {"lost": lost, "read": is_read}
    act.say(IntegrityAction.SITE_RESTORE_LOST, SITE, details=details)


def told(session: Session) -> tuple[list[Lost], bool]:
    """What the newest restore lost, and whether the replaced database could be read."""
    wanted = select(Event).where(
        Event.action.in_([IntegrityAction.SITE_RESTORED, IntegrityAction.SITE_RESTORE_LOST])
    )
    newest = session.scalars(wanted.order_by(Event.seq.desc()).limit(1)).first()
    if newest is None or newest.action != IntegrityAction.SITE_RESTORE_LOST:
        return [], True
    details = newest.said["details"]
    return [Lost(*each) for each in details["lost"]], details["read"]
