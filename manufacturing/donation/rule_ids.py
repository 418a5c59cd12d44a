"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/donation.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule
from integrity.vocabulary import RULES


@RULES.add
class DonationRule(Rule):
    DONOR_KNOWN = "qc-15-donor-known"
    NOTHING_DIFFERENT = "qc-15-nothing-different"
    RESULT_CORRECTED_ALREADY = "qc-15-result-corrected-already"
    DONOR_REASON = "aud-03-donor-reason"
    DONOR_UNKNOWN = "qc-15-donor-unknown"
    BIRTH_IN_THE_FUTURE = "tim-06-birth-in-the-future"
    BIRTH_LONG_AGO = "tim-06-birth-long-ago"
    COLLECTION_IN_THE_FUTURE = "tim-06-collection-in-the-future"
    COLLECTION_BEFORE_BIRTH = "tim-06-collection-before-birth"
    LOGGER_TURNED_ROUND = "qc-15-logger-turned-round"
    ACCEPTANCE_UNREAD = "qc-15-acceptance-unread"
    CORD_CANNOT_BECOME = "rel-02-cord-cannot-become"
    NO_ANSWER = "qc-15-no-answer"
    ANSWER_UNKNOWN = "qc-15-answer-unknown"
    CRITERION_ANSWER = "qc-15-criterion-answer"
    FIGURE_NOT_PLAUSIBLE = "qc-15-figure-not-plausible"
    CRITERION_FIGURE = "qc-15-criterion-figure"
    CONSENT_VERSION = "qc-15-consent-version"
    CONSENT_IN_THE_FUTURE = "qc-15-consent-in-the-future"
    CONSENT_SCOPE = "qc-15-consent-scope"
    CONSENT_WITHDRAWN = "qc-15-consent-withdrawn"
    CONSENT_LIMITED = "qc-15-consent-limited"
    NO_RESULT = "qc-15-no-result"
    MARKER_UNKNOWN = "qc-15-marker-unknown"
    MARKER_REACTIVE = "qc-15-marker-reactive"
    MARKER_INDETERMINATE = "qc-15-marker-indeterminate"
    SAMPLE_WINDOW = "qc-15-sample-window"
    SAMPLE_IN_THE_FUTURE = "tim-06-sample-in-the-future"
    NO_LABORATORY = "qc-15-no-laboratory"
    DETERMINATION_UNREAD = "qc-15-determination-unread"
    DETERMINED_ALREADY = "qc-15-determined-already"
    WINDOW_LATE_ENTRY = "ebr-09-window-late-entry"
    WINDOW_REJECT = "ebr-07-window-reject"
    WINDOW_OVER = "ebr-07-window-over"
    HAS_BLANK = "iam-16-has-blank"
    HAS_SMALL_LETTERS = "iam-16-has-small-letters"
    NO_DONOR_CODE = "iam-16-no-donor-code"
    NO_DIGIT = "iam-16-no-digit"
    OWN_CODE = "iam-16-own-code"
    ELIGIBILITY_OPEN = "qc-15-eligibility-open"
    DEVIATION_NOT_JUDGED = "qc-15-deviation-not-judged"
    DEVIATION_REJECTS = "qc-15-deviation-rejects"
    MARKER_EXCLUDES = "qc-15-marker-excludes"
    TESTS_MISSING = "qc-15-tests-missing"
    NO_CORD = "qc-15-no-cord"
    NO_CONSENT = "qc-15-no-consent"
