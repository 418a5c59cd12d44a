"""What the events of this chapter say was done."""

from __future__ import annotations

import enum

from integrity.vocabulary import ACTIONS


@ACTIONS.add
class ReleaseAction(enum.StrEnum):
    BATCH_REVIEWED = "batch.reviewed"
    EXCEPTION_JUDGED = "exception.judged"
    RELEASE_INITIAL = "release.initial"
    RELEASE_FINAL = "release.final"
    RELEASE_REISSUED = "release.reissued"
    RELEASE_REJECT = "release.reject"
    RELEASE_WITHDRAW = "release.withdraw"
    RELEASE_HOLD = "release.hold"
    RELEASE_RESUME = "release.resume"
    CERTIFICATE_ISSUED = "certificate.issued"
    CERTIFICATE_DRAWN = "certificate.drawn"
    CERTIFICATE_CURRENT = "certificate.current"
    CERTIFICATE_UNDER_REVIEW = "certificate.under_review"
    CERTIFICATE_SUPERSEDED = "certificate.superseded"
    CERTIFICATE_WITHDRAWN = "certificate.withdrawn"
