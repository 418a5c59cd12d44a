"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/release.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule
from integrity.vocabulary import RULES


@RULES.add
class ReleaseRule(Rule):
    TRAIL_BROKEN = "aud-11-trail-broken"
    NOTHING_TO_REVIEW = "rel-02-nothing-to-review"
    REVIEWER_HAD_A_HAND = "iam-03-reviewer-had-a-hand"
    CANNOT_BE_RELEASED = "rel-02-cannot-be-released"
    NOTHING_PENDING = "rel-04-nothing-pending"
    NOT_RELEASED = "rel-08-not-released"
    RELEASER_HAD_A_HAND = "iam-03-releaser-had-a-hand"
    RELEASER_REVIEWED = "sig-17-releaser-reviewed"
    CANNOT_BE_REJECTED = "rel-02-cannot-be-rejected"
    NOTHING_TO_WITHDRAW = "rel-02-nothing-to-withdraw"
    CANNOT_BE_HELD = "rel-02-cannot-be-held"
    HELD_BY_HAND = "rel-02-held-by-hand"
    NOT_ON_HOLD = "rel-02-not-on-hold"
    REASON = "sig-20-reason"
    CLOCK_NOT_JUDGED = "tim-03-clock-not-judged"
    RESTORE_NOT_JUDGED = "rec-05-restore-not-judged"
    SIGNATURE_INVALID = "sig-04-signature-invalid"
    TRAIL_DOES_NOT_HOLD = "aud-11-trail-does-not-hold"
    BROKEN_OFF = "ebr-12-broken-off"
    RECORD_NOT_AT_ITS_END = "ebr-01-record-not-at-its-end"
    STEP_WAITS = "ebr-01-step-waits"
    SECOND_PERSON_WAITS = "ebr-01-second-person-waits"
    SIGN_OFF_WAITS = "ebr-01-sign-off-waits"
    JUDGED_REJECT = "ebr-11-judged-reject"
    DEVIATION_NOT_CLOSED = "ebr-11-deviation-not-closed"
    LINE_FAILS = "qc-05-line-fails"
    LINE_INCONCLUSIVE = "rel-03-line-inconclusive"
    LINE_INCOMPLETE = "rel-03-line-incomplete"
    LINE_MISSING = "rel-03-line-missing"
    LINE_NOT_REVIEWED = "qc-04-line-not-reviewed"
    LINE_PENDING = "rel-03-line-pending"
    PRODUCT_EXPIRED = "rel-03-product-expired"
    EXPIRY_UNKNOWN = "rel-03-expiry-unknown"
    DONOR_NOT_ELIGIBLE = "qc-15-donor-not-eligible"
    DONOR_NOT_DETERMINED = "qc-15-donor-not-determined"
    CORD_NOT_ACCEPTED = "ebr-01-cord-not-accepted"
    LOT_NOT_FIT = "mat-02-lot-in-the-batch"
    ON_HOLD_BY_HAND = "rel-03-on-hold-by-hand"
    OBSERVATION_WAITS = "rel-03-observation-waits"
    FOUND_OUT_OF_TOLERANCE = "mat-03-found-out-of-tolerance"
    DOCUMENT_RETIRED = "mbr-02-document-retired"
    START_NOT_RECORDED = "ebr-07-start-not-recorded"
    STARTED_LATE = "ebr-07-started-late"
    REVIEWED_ALREADY = "aud-06-reviewed-already"
    NOT_REVIEWED = "ebr-18-not-reviewed"
    REVIEW_OUT_OF_DATE = "aud-06-review-out-of-date"
    FILE_IS_GONE = "rel-09-file-is-gone"
