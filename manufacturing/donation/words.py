"""Words that what is signed of donors and cords is put together from."""

from __future__ import annotations

from integrity.catalogue import Message


class DonationTerm(Message):
    """What facts of donors and cords are called where they are signed."""

    DETERMINATION = "term-donation-determination"
    CRITERIA = "term-donation-criteria"
    CONSENT = "term-donation-consent"
    OTHER_CONSENT = "term-donation-other-consent"
    FOUND_BEFORE = "term-donation-found-before"
    BIRTH = "term-donation-birth"
    COLLECTION = "term-donation-collection"
    RECEIVED = "term-donation-received"
    PROCESSING = "term-donation-processing"
    JAR = "term-donation-jar"
    ELIGIBILITY = "term-donation-eligibility"
    CONSENT_COVERS = "term-donation-consent-covers"
    BLOOD_SAMPLE_DAYS = "term-donation-blood-sample-days"
    TO_PROCESSING = "term-donation-to-processing"


class DonationPhrase(Message):
    """How facts of donors and cords are put together."""

    NOT_RECORDED = "donation-not-recorded"
    MEETS = "donation-meets"
    NOT_MET = "donation-not-met"
    BIRTH = "donation-birth"
    RESULT = "donation-result"
    RESULT_BEFORE_BIRTH = "donation-result-before-birth"
    NO_RESULT = "donation-no-result"
    CONSENT_GIVEN = "donation-consent-given"
    CONSENT_WITHDRAWN = "donation-consent-withdrawn"
    CONSENT_STRUCK = "donation-consent-struck"
    STARTED = "donation-started"
    NOT_STARTED = "donation-not-started"
    UNDETERMINED = "donation-undetermined"
    DETERMINED = "donation-determined"
    MARKER = "donation-marker"
    MARKER_BY = "donation-marker-by"
    DAYS = "donation-days"
    AT_MOST = "donation-at-most"
    AT_MOST_REJECTED = "donation-at-most-rejected"
    RANGE = "donation-range"
    OR_MORE = "donation-or-more"
    OR_LESS = "donation-or-less"
    EVERY_VALUE = "donation-every-value"
    ANSWER = "donation-answer"
    CONSENT_OF = "donation-consent-of"
    FOUND_INELIGIBLE = "donation-found-ineligible"
    RESULT_REPLACED = "donation-result-replaced"
    ANSWER_REPLACED = "donation-answer-replaced"


class RecallPhrase(Message):
    """Why a determination is void, or an accepted cord is back in quarantine."""

    DETERMINED_INELIGIBLE = "recall-determined-ineligible"
    ANSWERS_CORRECTED = "recall-answers-corrected"
    CONSENT_CHANGED = "recall-consent-changed"
    RESULTS_RECORDED = "recall-results-recorded"
    FURTHER_CORD = "recall-further-cord"
    CORD_CORRECTED = "recall-cord-corrected"
    SIGNED_AGAIN = "recall-signed-again"


class DonationPlace(Message):
    """Where something about a donor or a cord deviated."""

    RECEIPT = "place-receipt-of-cord"
    BLOOD_SAMPLE = "place-blood-sample"
    CRITERIA = "place-donor-criteria"
    CONSENT = "place-donor-consent"
    RESULTS = "place-donor-results"


class DonationQueue(Message):
    """What waits of donors and cords, as it is called on the first page."""

    DONORS = "queue-donors"
    CORDS = "queue-cords"
