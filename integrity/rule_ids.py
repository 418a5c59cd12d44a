"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/integrity.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule
from integrity.vocabulary import RULES


@RULES.add
class IntegrityRule(Rule):
    CLOCK_SUSPECT = "tim-03-clock-suspect"
    FACTS_CHANGED = "sig-16-facts-changed"
    ONLY_A_PERSON = "sig-06-only-a-person"
    MOVE_NOT_ALLOWED = "rel-02-move-not-allowed"
    USED_BEFORE = "entry-id-used-before"
    NO_SUCH_SETTING = "tim-05-no-such-setting"
    ZONE_UNKNOWN = "tim-05-zone-unknown"
    MINUTES_OUT_OF_RANGE = "tim-05-minutes-out-of-range"
    REASON = "aud-03-reason"
    SITE_NAME_LENGTH = "tim-05-site-name-length"
