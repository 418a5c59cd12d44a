"""The site's settings.

Name, zone, idle limit and the like, as records of which the newest of each name holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select, text
from sqlalchemy.orm import Mapped, mapped_column

from integrity import states
from integrity.acts import Act
from integrity.database import Record, Session
from integrity.findings import Finding, blocks, refuse_if_blocked
from integrity.rule_ids import IntegrityRule
from integrity.subjects import SubjectRecord

DEFAULTS = {
    "name": "Unnamed site",
    "zone": "UTC",
    "demonstration": "no",
    "idle_minutes": "10",
    "late_minutes": "15",
    "restored": "",
}
MINUTES = ("idle_minutes", "late_minutes")


class Site(SubjectRecord):
    """The site itself, of which its clock and its restores are said; one row, once it is needed."""

    __tablename__ = "sites"

    at: Mapped[datetime]
    username: Mapped[str]


class Setting(Record):
    """One setting as it was set once."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(index=True)
    value: Mapped[str]
    at: Mapped[datetime]
    username: Mapped[str]


_NEWEST = text(
    "SELECT name, value FROM settings WHERE id IN (SELECT max(id) FROM settings GROUP BY name)"
)


def settings(session: Session) -> dict[str, str]:
    """Every setting by name, the shipped default where the site has set none."""
    return dict(session.ledger.recall("settings", lambda: _asked(session)))


def _asked(session: Session) -> dict[str, str]:
    return DEFAULTS | {name: value for name, value in session.execute(_NEWEST)}


def itself(act: Act) -> Site:
    """The row of the site, made when something is first said of it."""
    return act.session.scalar(select(Site)) or act.add(Site(at=act.at, username=act.by.username))


def state(session: Session, axis: str) -> str | None:
    """Where the site stands on an axis, or None before its first move."""
    return states.of_kind(session, Site.__tablename__, axis)


def zone(session: Session) -> ZoneInfo:
    return ZoneInfo(settings(session)["zone"])


def change(act: Act, name: str, value: str, *, reason: str) -> Setting:
    """Set one setting.

    A zone must be an IANA name, minutes a whole number from 1 to 120 (TIM-05, IAM-08).
    """
    facts = {"name": name, "value": value, "reason": reason}
    if earlier := act.once("site.changed", facts):
        return act.session.get_one(Setting, earlier)
    refuse_if_blocked(_against(name, value))
    was = settings(act.session)[name]
    setting = Setting(name=name, value=value, at=act.at, username=act.by.username)
    act.add(setting)
    act.session.ledger.learn("settings", settings(act.session) | {name: value})
    act.say(
        "site.changed",
        setting,
        reason=reason,
        facts=facts,
        details={"setting": name, "was": was, "becomes": value},
    )
    return setting


def _against(name: str, value: str) -> Iterator[Finding]:
    """What speaks against this value of a setting."""
    if name not in DEFAULTS:
        yield blocks(IntegrityRule.NO_SUCH_SETTING, "value", name=name)
    elif name == "zone" and value not in available_timezones():
        yield blocks(IntegrityRule.ZONE_UNKNOWN, "value")
    elif name in MINUTES and not _are_minutes(value):
        yield blocks(IntegrityRule.MINUTES_OUT_OF_RANGE, "value")
    elif name == "name" and not 1 <= len(value) <= 80:
        yield blocks(IntegrityRule.SITE_NAME_LENGTH, "value")


def _are_minutes(value: str) -> bool:
    return value.isascii() and value.isdigit() and 1 <= int(value) <= 120
