"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/laboratory.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule
from integrity.vocabulary import RULES


@RULES.add
class LaboratoryRule(Rule):
    OUT_OF_SPECIFICATION = "qc-05-out-of-specification"
    TEST_NOT_ASKED = "qc-02-test-not-asked"
    NOT_RECEIVED = "qc-03-not-received"
    SAMPLE_UNFIT = "qc-03-sample-unfit"
    DEVIATION_OPEN = "qc-05-deviation-open"
    METHOD_VERSION = "qc-02-method-version"
    IN_THE_FUTURE = "tim-02-in-the-future"
    BEFORE_THE_SAMPLE = "tim-02-before-the-sample"
    NO_INTERIM = "qc-08-no-interim"
    START_MISSING = "qc-08-start-missing"
    BEFORE_THE_START = "qc-08-before-the-start"
    NOT_FINAL_YET = "qc-08-not-final-yet"
    NO_WAITING_TIME = "qc-08-no-waiting-time"
    STARTED_ALREADY = "qc-08-started-already"
    START_LATE = "tim-06-start-late"
    REVIEWER_IS_ANALYST = "qc-02-reviewer-is-analyst"
    DEVIATION_ON_RESULT_OPEN = "qc-05-deviation-on-result-open"
    INVALIDATOR_IS_ANALYST = "qc-06-invalidator-is-analyst"
    NO_CAUSE = "qc-06-no-cause"
    NO_SUCH_SAMPLE = "qc-03-no-such-sample"
    RECEIVED_ALREADY = "qc-03-received-already"
    CONDITION_UNREAD = "qc-03-condition-unread"
    SAMPLE_CONDITION = "qc-03-sample-condition"
    NO_SPECIFICATION = "qc-01-no-specification-of-sample"
    NO_LINE = "qc-01-no-line"
    CORRECTION_ELSEWHERE = "qc-04-correction-elsewhere"
    OWN_FAILING_RESULT = "qc-06-own-failing-result"
    REPEAT_REASON = "qc-06-repeat-reason"
    TESTED_BEFORE_RECEIPT = "qc-03-tested-before-receipt"
    RESULT_LATE = "tim-06-result-late"
    CORRECTION_REASON = "aud-03-correction-reason"
    UNREADABLE = "qc-04-unreadable"
