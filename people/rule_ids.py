"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/people.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule
from integrity.vocabulary import RULES


@RULES.add
class PeopleRule(Rule):
    ROLE_MAY_NOT = "iam-02-role-may-not"
    USERNAME_TAKEN = "sig-11-username-taken"
    OWN_ROLE = "iam-03-own-role"
    OWN_ACCOUNT = "iam-03-own-account"
    LAST_HOLDER = "iam-02-last-holder"
    NOT_PRESENT_PASSWORD = "sig-14-not-present-password"
    PASSWORD_LENGTH = "iam-06-password-length"
    PASSWORD_NOT_NEW = "iam-06-password-not-new"
    SECOND_PERSON_IS_FIRST = "sig-10-second-person-is-first"
    SIGNED_IN_AS_ANOTHER = "sig-10-signed-in-as-another"
    ROLE_MAY_NOT_SIGN = "iam-02-role-may-not-sign"
    NOTHING_CLOSED = "iam-07-nothing-closed"
    PASSWORD_REPEATS_NAME = "iam-06-password-repeats-name"
    ONE_TIME_PASSWORD = "sig-14-one-time-password"
    NOTHING_ASKED = "sig-14-nothing-asked"
    OWN_PASSWORD = "sig-14-own-password"
    NEEDS_TWO = "sig-14-needs-two"
    NOTHING_CONFIRMED = "sig-14-nothing-confirmed"
    ANOTHER_CONFIRMED = "sig-14-another-confirmed"
    SIGN_IN_ALONE = "sig-14-sign-in-alone"
    NOT_CONFIRMED_YET = "sig-14-not-confirmed-yet"
    ONLY_THE_MACHINE = "sig-14-only-the-machine"
    NOT_IDENTIFIED = "sig-12-not-identified"
    NOT_DECLARED = "sig-13-not-declared"
    ONLY_QUALITY_RECOVERS = "sig-14-only-quality-recovers"
    OTHERS_CONFIRM = "sig-14-others-confirm"
    NOTHING_RECOVERED = "sig-14-nothing-recovered"
    OWN_RECOVERY = "sig-14-own-recovery"
    ANOTHER_HUMAN = "sig-11-another-human"
    NOTHING_PROPOSED = "iam-11-nothing-proposed"
    OWN_RIGHTS = "iam-03-own-rights"
    RIGHTS_NEED_TWO = "iam-03-rights-need-two"
    SETTING_IS_THAT = "tim-05-setting-is-that"
    SETTING_NO_DRAFT = "iam-03-setting-no-draft"
    SETTING_ANOTHERS = "iam-03-setting-anothers"
    SETTING_WAITS_ALREADY = "iam-03-setting-waits-already"
    SETTING_MOVED = "iam-03-setting-moved"
    SETTING_NOT_PROPOSED = "iam-03-setting-not-proposed"
    OWN_SETTING = "iam-03-own-setting"
    SETTING_SETTLED = "iam-03-setting-settled"
    NO_SECOND_FACTOR = "sig-09-no-second-factor"
    FACTOR_IN_FORCE = "sig-09-factor-in-force"
    NO_FACTOR_BEGUN = "sig-09-no-factor-begun"
    NO_FACTOR_IN_FORCE = "sig-09-no-factor-in-force"
    NAME_UNSEEN = "sig-11-name-unseen"
    READ_BACKWARDS = "sig-11-read-backwards"
    CODE_NOT_OF_NOW = "sig-09-code-not-of-now"
