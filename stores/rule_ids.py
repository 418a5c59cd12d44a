"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/stores.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule
from integrity.vocabulary import RULES


@RULES.add
class StoreRule(Rule):
    NO_SUCH_KIND = "trc-08-no-such-kind"
    PARENT_UNKNOWN = "trc-01-parent-unknown"
    EQUIPMENT_KIND = "mat-03-equipment-kind"
    EQUIPMENT_UNREADABLE = "mat-03-equipment-unreadable"
    EXPIRY_FAR_AHEAD = "mat-02-expiry-far-ahead"
    DONE_LONG_AGO = "mat-03-done-long-ago"
    DUE_FAR_AHEAD = "mat-03-due-far-ahead"
    LOT_AMOUNT = "mat-01-lot-amount"
    LOT_REASON = "aud-03-lot-reason"
    LOT_UNREADABLE = "mat-02-lot-unreadable"
    EXPIRED_AT_RECEIPT = "mat-02-expired-at-receipt"
    HUMAN_ORIGIN = "mat-02-human-origin"
    DONOR_POOL = "mat-02-donor-pool"
    OTHER_MATERIAL = "mat-02-other-material"
    EXPIRED_AT_RELEASE = "mat-02-expired-at-release"
    OTHER_KIND = "mat-03-other-kind"
    DONE_IN_THE_FUTURE = "mat-03-done-in-the-future"
    CALIBRATION_CORRECTED_ALREADY = "mat-03-calibration-corrected-already"
    DUE_BEFORE_DONE = "mat-03-due-before-done"
    LOT_QUARANTINE = "mat-02-lot-quarantine"
    LOT_ON_HOLD = "mat-02-lot-on-hold"
    LOT_REJECTED = "mat-02-lot-rejected"
    LOT_EXPIRED = "mat-02-lot-expired"
    CALIBRATION_OVERDUE = "mat-03-calibration-overdue"
    NOT_CALIBRATED = "mat-03-not-calibrated"
    EQUIPMENT_ON_HOLD = "mat-03-equipment-on-hold"
    CONTAINER_ON_HOLD = "trc-01-container-on-hold"
    VOID_DECIDED = "ebr-08-void-decided"
    VOID_USED = "ebr-08-void-used"
    VOID_RECEIVED = "ebr-08-void-received"
    HOLD_REASON = "aud-03-hold-reason"
    HOLD_NOT_IN_FORCE = "rel-02-hold-not-in-force"
    LOT_UNKNOWN = "mat-02-lot-unknown"
    EQUIPMENT_UNKNOWN = "mat-03-equipment-unknown"
