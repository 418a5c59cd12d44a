"""Words of this chapter: roles, what facts about people are called, the declaration, documents."""

from __future__ import annotations

from collections.abc import Iterable

from integrity import facts
from integrity.catalogue import Message
from integrity.facts import Fact


class RoleWord(Message):
    TECHNICIAN = "role-technician"
    VERIFIER = "role-verifier"
    QC_ANALYST = "role-qc-analyst"
    QC_REVIEWER = "role-qc-reviewer"
    QA = "role-qa"
    RELEASER = "role-releaser"
    MASTER_AUTHOR = "role-master-author"
    MASTER_APPROVER = "role-master-approver"
    LABEL_PRINTER = "role-label-printer"
    ADMINISTRATOR = "role-administrator"
    READER = "role-reader"


def role_names(roles: Iterable[str]) -> Fact:
    """Roles one after another."""
    return facts.listed(facts.word(RoleWord[role.upper()]) for role in roles)


class PeopleTerm(Message):
    """What facts about a person are called where they are signed."""

    WHO = "term-people-who"
    ROLE = "term-people-role"
    PRESENT_ROLE = "term-people-present-role"
    PRESENT_NAME = "term-people-present-name"
    BECOMES = "term-people-becomes"
    PRESENT_MAIL = "term-people-present-mail"
    PRESENT_BADGE = "term-people-present-badge"
    MAIL = "term-people-mail"
    BADGE = "term-people-badge"
    WHAT_FOR = "term-people-what-for"
    ASKED_BY = "term-people-asked-by"
    ASKED_AT = "term-people-asked-at"
    WHY = "term-people-why"
    ANOTHER_THAN = "term-people-another-than"
    DOCUMENT = "term-people-document"
    DECLARATION = "term-people-declaration"
    DECLARATION_VERSION = "term-people-declaration-version"
    RECOVERED_AT = "term-people-recovered-at"
    SIGNED_SINCE = "term-people-signed-since"
    SETTING = "term-people-setting"
    VERSION = "term-people-version"
    PRESENT_VALUE = "term-people-present-value"
    NEW_VALUE = "term-people-new-value"
    PROPOSED_BY = "term-people-proposed-by"
    WRITTEN_AT = "term-people-written-at"


class SettingWord(Message):
    """What the site's settings are called."""

    SITE = "setting-name"
    ZONE = "setting-zone"
    SHIFT_HOURS = "setting-shift-hours"
    DEMONSTRATION = "setting-demonstration"
    IDLE_MINUTES = "setting-idle-minutes"
    LATE_MINUTES = "setting-late-minutes"
    FILE_MEGABYTES = "setting-file-megabytes"
    ALL_FILES_MEGABYTES = "setting-all-files-megabytes"
    INVESTIGATION_DAYS = "setting-investigation-days"
    SILENT_DAYS = "setting-silent-days"
    TWO_PERSONS = "setting-two-persons"
    SECOND_FACTOR = "setting-second-factor"
    REMINDER_HOUR = "setting-reminder-hour"
    ADDRESS = "setting-address"
    AUTHORISATION = "setting-authorisation"


class ReminderPhrase(Message):
    """What the mail of the day says."""

    SUBJECT = "reminder-subject"
    OVERDUE = "reminder-overdue"
    TODAY = "reminder-today"
    WAITING = "reminder-waiting"
    TO_DO = "reminder-to-do"
    WEEK = "reminder-week"
    STOP = "reminder-stop"


class DeclarationText(Message):
    """What somebody declares before their first signature."""

    BINDING = "declaration-binding"


class HandoverWord(Message):
    """What a one-time password is for."""

    FIRST = "handover-first"
    RESET = "handover-reset"
    INSTALLATION = "handover-installation"
    MACHINE = "handover-machine"
    RECOVERY = "handover-recovery"


class DocumentWord(Message):
    """By what somebody was known."""

    PASSPORT = "identity-passport"
    IDENTITY_CARD = "identity-card"
    DRIVING_LICENCE = "identity-driving-licence"
    STAFF_BADGE = "identity-staff-badge"
    PRESENT = "identity-present"


class PlacePhrase(Message):
    """Where a name is closed after failures, and how it was opened there again."""

    EVERYWHERE = "place-everywhere"
    ON_DEVICE = "place-on-device"
    FROM_ADDRESS = "place-from-address"
    SIGNED_IN_HERE = "place-signed-in-here"
    AT_COMMAND_LINE = "place-at-command-line"


class LikenessWord(Message):
    """By what two accounts look like one human."""

    NAME = "likeness-name"
    MAIL = "likeness-mail"
    BADGE = "likeness-badge"
    OF = "likeness-of"


def likenesses(username: str, by: Iterable[str]) -> Fact:
    """A user name, and by what it looks like the same human."""
    words = facts.listed(facts.word(LikenessWord[each.upper()]) for each in by)
    return facts.message(LikenessWord.OF, username=username, by=words)


class PeopleQueue(Message):
    """What waits of people and of the site, as it is called on the first page."""

    PASSWORDS = "queue-passwords"
    RIGHTS = "queue-rights"
    RECOVERIES = "queue-recoveries"
    SETTINGS = "queue-settings"
    DOUBTS = "queue-doubts"
    CLOCK = "queue-clock"
    RESTORE = "queue-restore"
