"""What the events of this chapter say was done."""

from __future__ import annotations

import enum

from integrity.vocabulary import ACTIONS


@ACTIONS.add
class PeopleAction(enum.StrEnum):
    PERSON_CREATED = "person.created"
    PERSON_CHANGED = "person.changed"
    PERSON_PASSWORD_RESET = "person.password_reset"
    PERSON_PASSWORD_CHANGED = "person.password_changed"
    PERSON_ACCOUNT_ACTIVE = "person.account.active"
    PERSON_ACCOUNT_LOCKED = "person.account.locked"
    PERSON_ACCOUNT_DEACTIVATED = "person.account.deactivated"
    PERSON_SIGNING_LOCKED = "person.signing.locked"
    PERSON_SIGNING_OPEN = "person.signing.open"
    SIGNATURE_FAILED = "signature.failed"
