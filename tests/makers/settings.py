"""A setting of the site as two people sign it."""

from __future__ import annotations

from datetime import datetime

from integrity import signatures
from integrity.acts import Act
from integrity.database import Database, Session
from people import setting_changes
from people.setting_changes import SettingChange
from tests.makers.people import make_person

WHY = "So our quality system wants it."


def seal_of(session: Session, change: int, comment: str | None = None) -> signatures.Seal:
    """What somebody hands over who read this change."""
    return signatures.seal(session, setting_changes.facts_of(session, change), comment=comment)


def propose_setting(
    database: Database, at: datetime, name: str, value: str, *, reason: str = WHY
) -> SettingChange:
    """An administrator proposes a setting and signs it."""
    with database.writing() as session:
        act = Act(session, make_person(session, "administrator", at=at), at)
        change = setting_changes.draft(act, name, value, reason=reason)
        return setting_changes.propose(act, change.id, seal=seal_of(session, change.id))


def change_setting(
    database: Database, at: datetime, name: str, value: str, *, reason: str = WHY
) -> SettingChange:
    """An administrator proposes a setting, quality signs it too, and it holds."""
    change = propose_setting(database, at, name, value, reason=reason)
    with database.writing() as session:
        act = Act(session, make_person(session, "qa", at=at), at)
        return setting_changes.approve(act, change.id, seal=seal_of(session, change.id))
