"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/integrity.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule
from integrity.vocabulary import RULES


@RULES.add
class IntegrityRule(Rule):
    CLOCK_SUSPECT = "tim-03-clock-suspect"
    HOURS_OUT_OF_RANGE = "iam-10-hours-out-of-range"
    FACTS_CHANGED = "sig-16-facts-changed"
    ONLY_A_PERSON = "sig-06-only-a-person"
    MOVE_NOT_ALLOWED = "rel-02-move-not-allowed"
    USED_BEFORE = "entry-id-used-before"
    NO_SUCH_SETTING = "tim-05-no-such-setting"
    ZONE_UNKNOWN = "tim-05-zone-unknown"
    MINUTES_OUT_OF_RANGE = "tim-05-minutes-out-of-range"
    REASON = "aud-03-reason"
    CORRECTION_REASON = "aud-03-why-corrected"
    NOTHING_CORRECTED = "ebr-08-nothing-corrected"
    CORRECTED_ALONE = "ebr-08-corrected-alone"
    DUTIES_UNREAD = "iam-03-duties-unread"
    POLICY_UNREAD = "sig-09-policy-unread"
    SETTING_NEEDS_TWO = "iam-03-setting-needs-two"
    NEITHER_YES_NOR_NO = "tim-05-neither-yes-nor-no"
    DEMONSTRATION_STAYS = "tim-05-demonstration-stays"
    SITE_NAME_LENGTH = "tim-05-site-name-length"
    MAKER_LENGTH = "rel-08-maker-length"
    MEGABYTES_OUT_OF_RANGE = "rec-10-megabytes-out-of-range"
    HOUR_UNREAD = "site-hour-unread"
    DAYS_OUT_OF_RANGE = "dev-days-out-of-range"
    FILE_EMPTY = "rec-10-file-empty"
    FILE_TOO_LARGE = "rec-10-file-too-large"
    FILE_KIND = "rec-10-file-kind"
    FILE_NAME = "rec-10-file-name"
    FILE_GONE = "rec-08-file-gone"
    FILES_FULL = "rec-10-files-full"
    FILE_NOT_WRITTEN = "rec-10-file-not-written"
