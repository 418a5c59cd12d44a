"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/execution.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule
from integrity.vocabulary import RULES


@RULES.add
class ExecutionRule(Rule):
    NOTHING_TO_CORRECT = "ebr-19-nothing-to-correct"
    NOTHING_DIFFERS = "ebr-08-nothing-differs"
    UNREADABLE = "ebr-05-unreadable"
    CORD_HAS_BATCH = "ebr-23-cord-has-batch"
    CORD_UNKNOWN = "mbr-02-cord-unknown"
    CORD_REJECTED = "mbr-02-cord-rejected"
    DONOR_INELIGIBLE = "qc-15-donor-ineligible"
    MASTER_NOT_EFFECTIVE = "mbr-02-master-not-effective"
    BATCH_ENDED = "ebr-02-batch-ended"
    BATCH_DISPOSED = "ebr-02-batch-disposed"
    RECORD_CLOSED = "ebr-08-record-closed"
    RECORDED_ALREADY = "ebr-02-recorded-already"
    SECOND_PERSON_FIRST = "ebr-02-second-person-first"
    SIGN_OFF_FIRST = "ebr-02-sign-off-first"
    RECORD_COMPLETE = "ebr-02-record-complete"
    NOT_DUE = "ebr-02-not-due"
    OUTSIDE_LIMITS = "ebr-05-outside-limits"
    NOT_DEFINED = "ebr-16-not-defined"
    CHOICE_DEVIATES = "ebr-05-choice-deviates"
    VIABILITY_OUTSIDE = "ebr-05-viability-outside"
    COUNTS_DIFFER = "ebr-05-counts-differ"
    READINGS_OUTSIDE = "ebr-05-readings-outside"
    INTERVAL_SHORT = "ebr-07-interval-short"
    INTERVAL_LONG = "ebr-07-interval-long"
    TIMER_SHORT = "ebr-07-timer-short"
    TIMER_LONG = "ebr-07-timer-long"
    IN_THE_FUTURE = "ebr-09-in-the-future"
    BEFORE_THE_BATCH = "ebr-09-before-the-batch"
    RECORDED_LATE = "ebr-09-recorded-late"
    COMMENT_WANTED = "ebr-05-comment-wanted"
    NOT_OPTIONAL = "ebr-10-not-optional"
    STEP_ROLE = "iam-02-step-role"
    SIGN_OFF_ROLE = "iam-02-sign-off-role"
    SECOND_PERSON_SAME = "sig-10-second-person-same"
    SECOND_PERSON_ROLE = "sig-10-second-person-role"
    WORK_REJECTED = "ebr-07-work-rejected"
    WORK_CAN_ONLY_BE_REJECTED = "ebr-07-work-can-only-be-rejected"
    WORK_WAITS = "ebr-07-work-waits"
    VERIFIED_MEANWHILE = "ebr-19-verified-meanwhile"
    STAGE_NOT_READY = "ebr-02-stage-not-ready"
    LEFT_OUT_REASON = "ebr-10-left-out-reason"
    TERMINATION_REASON = "ebr-12-termination-reason"
    CORRECTION_REASON = "ebr-08-correction-reason"
