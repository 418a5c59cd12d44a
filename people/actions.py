"""What the events of this chapter say was done."""

from __future__ import annotations

import enum

from integrity.vocabulary import ACTIONS


@ACTIONS.add
class PeopleAction(enum.StrEnum):
    PERSON_CREATED = "person.created"
    PERSON_CHANGED = "person.changed"
    PERSON_CHANGE_PROPOSED = "person.change.proposed"
    PERSON_CHANGE_CONFIRMED = "person.change.confirmed"
    PERSON_CHANGE_DECLINED = "person.change.declined"
    PERSON_PASSWORD_RESET = "person.password_reset"
    PERSON_PASSWORD_CHANGED = "person.password_changed"
    PERSON_HANDOVER_ASKED = "person.handover.asked"
    PERSON_HANDOVER_CONFIRMED = "person.handover.confirmed"
    PERSON_HANDOVER_DECLINED = "person.handover.declined"
    PERSON_PASSWORD_HANDED_OVER = "person.password_handed_over"
    PERSON_RECOVERED = "person.recovered"
    PERSON_RECOVERY_JUDGED = "person.recovery.judged"
    PERSON_DECLARED = "person.declared"
    REMINDERS_WANTED = "person.reminders.wanted"
    REMINDERS_UNWANTED = "person.reminders.unwanted"
    PERSON_ACCOUNT_ACTIVE = "person.account.active"
    PERSON_ACCOUNT_DEACTIVATED = "person.account.deactivated"
    PERSON_CLOSED = "person.closed"
    PERSON_OPENED = "person.opened"
    SECOND_FACTOR_BEGUN = "person.second_factor.begun"
    SECOND_FACTOR_CONFIRMED = "person.second_factor.confirmed"
    SECOND_FACTOR_ENDED = "person.second_factor.ended"
    SPARE_CODES_DRAWN = "person.spare_codes.drawn"
    SPARE_CODE_USED = "person.spare_code.used"
    SPARE_CODES_FEW = "person.spare_codes.few"
    BADGE_ISSUED = "person.badge.issued"
    BADGE_WITHDRAWN = "person.badge.withdrawn"
    SETTING_DRAFTED = "setting.drafted"
    SETTING_PROPOSED = "setting.proposed"
    SETTING_APPROVED = "setting.approved"
    SETTING_REFUSED = "setting.refused"
    SETTING_WITHDRAWN = "setting.withdrawn"
    SIGNATURE_FAILED = "signature.failed"
