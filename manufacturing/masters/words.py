"""What the facts of a master record are called where it is signed, and what is different in a
newer one."""

from __future__ import annotations

from integrity.catalogue import Message


class MasterTerm(Message):
    STAGES = "term-master-stages"
    STEPS = "term-master-steps"


class ChangePhrase(Message):
    """What is different in a newer master record."""

    CHANGED = "change-head"
    WINDOW_REMOVED = "change-window-removed"
    WINDOW_ADDED = "change-window-added"
    WINDOW_CHANGED = "change-window-changed"
    TIMER_REMOVED = "change-timer-removed"
    TIMER_ADDED = "change-timer-added"
    TIMER_CHANGED = "change-timer-changed"
    STEP_REMOVED = "change-step-removed"
    STEP_ADDED = "change-step-added"
    STEP_CHANGED = "change-step-changed"
    ORDER_CHANGED = "change-order-of-steps"
    WITHOUT_FIELD = "change-without-field"
    WITH_FIELD = "change-with-field"
    FIELD_CHANGED = "change-of-field"
    MORE = "change-more"


class ChangeTerm(Message):
    """What the head of a master record says, at the beginning of a sentence."""

    TITLE = "change-head-title"
    PRODUCT = "change-head-product"
    SPECIFICATION = "change-head-specification"
    STORAGE = "change-head-storage"
    EXPIRY = "change-head-expiry"
    FORM = "change-head-form"
    ROUTE = "change-head-route"
    TRIAL = "change-head-trial"
    HOLD = "change-head-hold"
    EXPIRES_FROM = "change-head-expires-from"
    NOTE = "change-head-note"
    DEMONSTRATION = "change-head-demonstration"
    STAGES = "change-head-stages"


class ChangedPart(Message):
    """What a step says, in the middle of a sentence."""

    TITLE = "change-part-title"
    INSTRUCTION = "change-part-instruction"
    BUTTON = "change-part-button"
    PERFORMS = "change-part-performs"
    VERIFY = "change-part-verify"
    VERIFIES = "change-part-verifies"
    CRITICAL = "change-part-critical"
    OPTIONAL = "change-part-optional"
    REPEAT = "change-part-repeat"
    TIMER = "change-part-timer"
    INTERVAL = "change-part-interval"
    EXPECTED = "change-part-expected"
    ORDER = "change-part-order"
