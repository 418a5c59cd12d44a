"""The site's settings.

Name, zone, idle limit and the like, as records of which the newest of each name holds. What changes
a judgement is set by the program at the installation and afterwards by two signatures alone.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import ForeignKey, select, text
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts, reasons, states, subjects, visibility
from integrity.actions import IntegrityAction
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.findings import Finding, Refused, blocks, refuse_if_blocked
from integrity.rule_ids import IntegrityRule
from integrity.subjects import Named, SubjectRecord
from integrity.vocabulary import one_of


class SettingName(enum.StrEnum):
    """What a site decides for itself."""

    SITE = "name"
    ZONE = "zone"
    SHIFT_HOURS = "shift_hours"
    DEMONSTRATION = "demonstration"
    IDLE_MINUTES = "idle_minutes"
    LATE_MINUTES = "late_minutes"
    FILE_MEGABYTES = "file_megabytes"
    ALL_FILES_MEGABYTES = "all_files_megabytes"
    INVESTIGATION_DAYS = "investigation_days"
    SILENT_DAYS = "silent_days"
    TWO_PERSONS = "two_persons"
    SECOND_FACTOR = "second_factor"
    REMINDER_HOUR = "reminder_hour"
    ADDRESS = "address"
    AUTHORISATION = "authorisation"


class SecondFactorPolicy(enum.StrEnum):
    """Of whom a site wants a code from their phone beside the password: of whoever enrolled one,
    of everybody who signs, of everybody who signs at each signature.
    """

    AS_WANTED = "as_wanted"
    FIRST_SIGNATURE = "first_signature"
    EVERY_SIGNATURE = "every_signature"


class TwoPersons(enum.StrEnum):
    """What a site wants two people for, which one person of quality could do alone: recording
    results and determining eligibility by them, determining it and accepting on it, judging a
    critical deviation and closing it or lifting the hold of what it is about, judging one and
    reviewing the record it is in, judging one and releasing the batch. As a site is made it wants
    two for the last of these."""

    ELIGIBILITY = "eligibility"
    ACCEPTANCE = "acceptance"
    CRITICAL = "critical"
    REVIEW = "review"
    RELEASE = "release"


NOBODY = "none"
NOT_STATED = "not stated"
DEFAULTS: dict[str, str] = {
    SettingName.SITE: "Unnamed site",
    SettingName.ZONE: "UTC",
    SettingName.SHIFT_HOURS: "12",
    SettingName.DEMONSTRATION: "no",
    SettingName.IDLE_MINUTES: "10",
    SettingName.LATE_MINUTES: "15",
    SettingName.FILE_MEGABYTES: "10",
    SettingName.ALL_FILES_MEGABYTES: "5000",
    SettingName.INVESTIGATION_DAYS: "30",
    SettingName.SILENT_DAYS: "14",
    SettingName.TWO_PERSONS: TwoPersons.RELEASE.value,
    SettingName.SECOND_FACTOR: SecondFactorPolicy.AS_WANTED.value,
    SettingName.REMINDER_HOUR: NOBODY,
    SettingName.ADDRESS: NOT_STATED,
    SettingName.AUTHORISATION: NOT_STATED,
}
# How much room files may have and when mails go out is the machine's business: it judges no cell,
# no time and no person.
ONE_DECIDES = (
    SettingName.FILE_MEGABYTES,
    SettingName.ALL_FILES_MEGABYTES,
    SettingName.REMINDER_HOUR,
)
TWO_SIGN = tuple(each for each in SettingName if each not in ONE_DECIDES)
YES, NO = "yes", "no"
# What certificates say of the maker beside its name.
MAKER = (SettingName.ADDRESS, SettingName.AUTHORISATION)
LONGEST = 200  # characters of either
LONGEST_SHIFT = 16  # hours: no session is kept for longer
DAYS = (SettingName.INVESTIGATION_DAYS, SettingName.SILENT_DAYS)
MINUTES = (SettingName.IDLE_MINUTES, SettingName.LATE_MINUTES)
# {setting: the most it may be}; a request carries no more than 10 MB
MEGABYTES = {SettingName.FILE_MEGABYTES: 10, SettingName.ALL_FILES_MEGABYTES: 1_000_000}


class Site(SubjectRecord, By):
    """The site itself, of which its clock and its restores are said; one row, once it is needed."""

    __tablename__ = "sites"

    at: Mapped[datetime]


class Setting(Record, By):
    """One setting as it was set once; `signed_id` is the change that two people signed."""

    __tablename__ = "settings"
    __table_args__ = (one_of("name", SettingName),)

    name: Mapped[str] = mapped_column(index=True)
    value: Mapped[str]
    reason: Mapped[str]
    signed_id: Mapped[int | None] = mapped_column(ForeignKey("subjects.id"), index=True)
    at: Mapped[datetime]


_NEWEST = text(
    "SELECT name, value FROM settings WHERE id IN (SELECT max(id) FROM settings GROUP BY name)"
)


def settings(session: Session) -> dict[str, str]:
    """Every setting by name, the shipped default where the site has set none."""
    return dict(session.ledger.recall("settings", lambda: _asked(session)))


def _asked(session: Session) -> dict[str, str]:
    return DEFAULTS | {name: value for name, value in session.execute(_NEWEST)}


def late_after(session: Session, done_at: datetime) -> timedelta:
    """How late what was done at a moment may be told: by the limit that held then, whatever was set
    since."""
    return timedelta(minutes=int(as_of(session, SettingName.LATE_MINUTES, done_at)))


def as_of(session: Session, name: SettingName, at: datetime) -> str:
    """What a setting was at a moment; the shipped default before it was first set."""
    wanted = select(Setting.value).where(Setting.name == name, Setting.at <= at)
    found = session.scalar(wanted.order_by(Setting.id.desc()).limit(1))
    return DEFAULTS[name] if found is None else found


def itself(act: Act) -> Site:
    """The row of the site, made when something is first said of it."""
    return act.session.scalar(select(Site)) or act.add(Site(at=act.at))


def state(session: Session, axis: str) -> str | None:
    """Where the site stands on an axis, or None before its first move."""
    return states.of_kind(session, Site.__tablename__, axis)


def zone(session: Session) -> ZoneInfo:
    return ZoneInfo(settings(session)["zone"])


def wants_two(session: Session, duty: TwoPersons) -> bool:
    """Whether the site's policy wants two people for it."""
    return duty in _duties(settings(session)[SettingName.TWO_PERSONS])


def _duties(value: str) -> list[str]:
    return [each.strip() for each in value.split(",")]


def versions(session: Session, name: str) -> Sequence[Setting]:
    """One setting as it was set each time, oldest first: its first is version 1."""
    return session.scalars(select(Setting).where(Setting.name == name).order_by(Setting.id)).all()


def change(act: Act, name: str, value: str, *, reason: str) -> Setting:
    """Set one setting.

    A zone must be an IANA name, minutes a whole number from 1 to 120 (TIM-05, IAM-08). What changes
    a judgement is set by no person alone; the program sets it where a site is made.
    """
    said = {"name": name, "value": value, "reason": reason}
    if earlier := act.once(IntegrityAction.SITE_CHANGED, said):
        return act.session.get_one(Setting, earlier)
    was = settings(act.session).get(name, "")
    refuse_if_blocked([*against(name, value, was), *reasons.wanted(IntegrityRule.REASON, reason)])
    if act.by.id is not None and name in TWO_SIGN:
        raise Refused(blocks(IntegrityRule.SETTING_NEEDS_TWO))
    setting = put(act, name, value, reason=reason)
    act.say(
        IntegrityAction.SITE_CHANGED,
        setting,
        reason=reason,
        facts=said,
        details={"setting": name, "was": was, "becomes": value},
    )
    return setting


def put(act: Act, name: str, value: str, *, reason: str, signed: Named | None = None) -> Setting:
    """A further value of a setting, which holds from now on; the calling act says the event.

    `signed` is the change that two people signed.
    """
    setting = Setting(
        name=name,
        value=value,
        reason=reason,
        signed_id=subjects.id_of(signed) if signed else None,
        at=act.at,
    )
    act.add(setting)
    act.session.ledger.learn("settings", settings(act.session) | {name: value})
    return setting


def against(name: str, value: str, was: str) -> Iterator[Finding]:
    """What speaks against this value of a setting that is `was` now."""
    if name not in DEFAULTS:
        yield blocks(IntegrityRule.NO_SUCH_SETTING, "value", name=name)
    elif name == SettingName.ZONE and not _is_zone(value):
        yield blocks(IntegrityRule.ZONE_UNKNOWN, "value")
    elif name == SettingName.SHIFT_HOURS and not _is_whole(value, LONGEST_SHIFT):
        yield blocks(IntegrityRule.HOURS_OUT_OF_RANGE, "value", most=str(LONGEST_SHIFT))
    elif name in MINUTES and not _is_whole(value, 120):
        yield blocks(IntegrityRule.MINUTES_OUT_OF_RANGE, "value")
    elif name in DAYS and not _is_whole(value, 365):
        yield blocks(IntegrityRule.DAYS_OUT_OF_RANGE, "value")
    elif name in MEGABYTES and not _is_whole(value, most := MEGABYTES[SettingName(name)]):
        yield blocks(IntegrityRule.MEGABYTES_OUT_OF_RANGE, "value", most=str(most))
    elif name == SettingName.REMINDER_HOUR and value != NOBODY and not _is_whole(value, 23):
        yield blocks(IntegrityRule.HOUR_UNREAD, "value")
    elif name == SettingName.TWO_PERSONS and not _are_duties(value):
        duties = facts.listed([*TwoPersons, NOBODY])
        yield blocks(IntegrityRule.DUTIES_UNREAD, "value", duties=duties)
    elif name == SettingName.SECOND_FACTOR and value not in [*SecondFactorPolicy]:
        policies = facts.listed([*SecondFactorPolicy])
        yield blocks(IntegrityRule.POLICY_UNREAD, "value", policies=policies)
    elif name == SettingName.SITE and not (len(value) <= 80 and visibility.is_line(value)):
        yield blocks(IntegrityRule.SITE_NAME_LENGTH, "value")
    elif name in MAKER and not (len(value) <= LONGEST and visibility.is_line(value)):
        yield blocks(IntegrityRule.MAKER_LENGTH, "value", longest=str(LONGEST))
    elif name == SettingName.DEMONSTRATION and value not in (YES, NO):
        yield blocks(IntegrityRule.NEITHER_YES_NOR_NO, "value")
    elif name == SettingName.DEMONSTRATION and was == YES and value == NO:
        yield blocks(IntegrityRule.DEMONSTRATION_STAYS, "value")


def _is_zone(value: str) -> bool:
    """Whether it is a place of the IANA list, or UTC: the same zone on every machine. The list also
    has names without a place, of which some are the machine's own (localtime, Factory).
    """
    return value == "UTC" or ("/" in value and value in available_timezones())


def _is_whole(value: str, most: int) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 9 and 1 <= int(value) <= most


def _are_duties(value: str) -> bool:
    return value == NOBODY or set(_duties(value)) <= set(TwoPersons)
