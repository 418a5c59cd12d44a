"""Words that the sentences about a release are put together from."""

from __future__ import annotations

from integrity.catalogue import Message


class TrailFault(Message):
    """What does not hold in a batch's part of the trail."""

    EVENT = "trail-event-broken"
    ROW = "trail-row-broken"


class ReleaseWord(Message):
    NO_USE_BY = "no-use-by"
    LOST = "restored-lost"
    LOST_DEED = "restored-lost-deed"
    LOST_DEED_WHY = "restored-lost-deed-why"
    AND_MORE = "since-and-more"
    IN_FORCE_SINCE = "since-in-force"
    NOT_IN_FORCE_ANY_MORE = "since-not-in-force"


class ReleaseTerm(Message):
    """What facts of a review or a release are called where they are signed."""

    CHECKED = "term-release-checked"
    AUDIT_TRAIL = "term-release-audit-trail"
    BLOCKS = "term-release-blocks"
    PENDING = "term-release-pending"
    ELIGIBILITY = "term-release-eligibility"
    STORAGE = "term-release-storage"
    EXPIRY = "term-release-expiry"
    DECLARATION = "term-release-declaration"
    REVIEWED = "term-release-reviewed"
    MASTER_SHA256 = "term-release-master-sha256"
    SPECIFICATION_SHA256 = "term-release-specification-sha256"
    TRAIL = "term-release-trail"
    FACTS_SHA256 = "term-release-facts-sha256"
    CORRECTION_ALERT = "term-release-correction-alert"
    LATE_ENTRY = "term-release-late-entry"
    NOT_APPLICABLE = "term-release-not-applicable"
    DEVIATION_ALERT = "term-release-deviation-alert"
    OBSERVATION = "term-release-observation"
    ALERT = "term-release-alert"
    NOT_TESTED = "term-release-not-tested"
    SPECIFICATION_CHANGED = "term-release-specification-changed"
    REPEAT = "term-release-repeat"
    RETEST = "term-release-retest"
    RESULT_INVALIDATED = "term-release-result-invalidated"
    RESULT_CORRECTED = "term-release-result-corrected"
    CAUTION = "term-release-caution"
    REFUSED = "term-release-refused"
    NOTE = "term-release-note"
    CERTIFICATE = "term-release-certificate"


class ReleasePhrase(Message):
    """How facts of a review or a release are put together."""

    CHECKED = "released-checked"
    TRAIL_WHOLE = "released-trail-whole"
    TRAIL_BROKEN = "released-trail-broken"
    RESULT = "released-result"
    NO_RESULT = "released-no-result"
    PRODUCT = "place-product"
    VERSION_ISSUED = "certificate-version-issued"
    PENDING = "released-pending"
    NOT_TESTED = "released-not-tested"
    DEVIATION = "released-deviation"
    CORRECTION = "released-correction"
    CONTAINER = "released-container"
    SIGNED = "released-signed"
    TRAIL = "released-trail"
    REJECT = "released-reject"
    WITHDRAW = "released-withdraw"
    HOLD = "released-hold"
    RESUME = "released-resume"
    IN_FORCE_AGAIN = "released-in-force-again"
    TO_BE_ISSUED_ANEW = "released-to-be-issued-anew"
    JUDGED = "released-judged"


class AlertPhrase(Message):
    """What a reviewer is told of an exception that does not block."""

    OBSERVATION = "alert-observation"
    OBSERVED_NOTHING = "alert-observation-nothing"
    VALUES = "alert-values"
    AS_BEFORE = "alert-as-before"
    WORKED_OUT_ANEW = "alert-worked-out-anew"
    BECAUSE = "alert-because"
    SAID = "alert-said"
    RECORDED_LATE = "alert-recorded-late"
    LEFT_OUT = "alert-left-out"
    CLOSED = "alert-closed"
    SETTLED = "alert-settled"
    NOT_TESTED = "alert-not-tested"
    SPECIFICATION_CHANGED = "alert-specification-changed"
    REPEATED = "alert-repeated"
    RETESTED = "alert-retested"
    BEYOND_ALERT = "alert-beyond-alert"
    INSIDE_THE_LIMIT = "alert-inside-the-limit"
    RESULT = "alert-result"
    STRUCK = "alert-struck"
    QC = "alert-qc"
    QC_SAMPLE = "alert-qc-sample"
    SIGNED_BY = "alert-signed-by"
    SIGNED_AFTER_RESET = "alert-signed-after-reset"
    RECOVERY_OPEN = "alert-recovery-open"
    RECOVERY_JUDGED = "alert-recovery-judged"
    REFUSED = "alert-refused"
    CLOCK_SUSPECTED = "alert-clock-suspected"
    TIMES_DOUBTED = "alert-times-doubted"
    NOTHING_RECORDED = "alert-nothing-recorded"
    TRAIL = "alert-trail"
    ANOTHER_IN_FORCE = "alert-another-in-force"
    BEGAN_WITH = "alert-began-with"
    SPECIFICATION = "alert-specification"
    NOT_IN_FORCE = "alert-not-in-force"
    KEEPS_VERSION = "alert-keeps-version"
    MASTER_RECORD = "alert-master-record"
    CHANGED = "alert-changed"
    TOLD = "alert-told"


class EffectPhrase(Message):
    """What a reviewer holds of an exception."""

    NONE = "effect-none"
    NONE_WHY = "effect-none-why"
    ACCEPTED = "effect-accepted"
    DEVIATION = "effect-deviation"
    DEVIATION_WHY = "effect-deviation-why"
    TOLD = "effect-told"


class PicturePhrase(Message):
    """Where a value that is drawn comes from, beside the steps of the record."""

    RECEIPT = "picture-receipt"


class ReleaseQueue(Message):
    """What waits for a decision, as it is called on the first page."""

    REVIEWS = "queue-reviews"
    RELEASES = "queue-releases"
    LATE_RESULTS = "queue-late-results"
