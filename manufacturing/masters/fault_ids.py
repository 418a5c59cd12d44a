"""What may be wrong with a master record beside what may be wrong with any document, by the ids of
the sentences in locales/<language>/masters.ftl.
"""

from __future__ import annotations

from integrity.catalogue import Message


class TwiceFault(Message):
    """An id that stands twice."""

    STAGE = "stage-twice"
    STEP = "step-twice"
    FIELD = "field-twice"
    ANSWER = "answer-twice"


class UnlikeFault(Message):
    """A quantity of another kind than the one that is wanted."""

    FIELD = "unlike-field"
    AREA = "unlike-area"
    PERCENTAGE = "unlike-percentage"
    TIME = "unlike-time"
    VOLUME = "unlike-volume"


class FieldFault(Message):
    """What is wrong with one field."""

    RESERVED = "field-reserved"
    PLAIN_NUMBER = "field-plain-number"
    REPLICATES = "field-replicates"
    DILUTION = "field-dilution"
    READING_UNIT = "field-reading-unit"


class RangeFault(Message):
    """What is wrong with limits and other ranges."""

    JUDGES_NOTHING = "range-judges-nothing"
    TIMER_JUDGES_NOTHING = "range-timer-judges-nothing"
    REPEAT_REVERSED = "range-repeat-reversed"
    DECIMALS = "range-decimals"
    UNLIKE_ENDS = "range-unlike-ends"
    REVERSED = "range-reversed"
    NO_LIMIT = "range-no-limit"
    SAME_SIDE = "range-same-side"
    BEYOND_NOTHING = "range-beyond-nothing"
    NEVER_WARNS = "range-never-warns"
    BEYOND_INSIDE = "range-beyond-inside"
    PLAUSIBLE_INSIDE = "range-plausible-inside"
    TARGET_OUTSIDE = "range-target-outside"


class TimerFault(Message):
    """What is wrong with windows, timers and intervals."""

    NEGATIVE = "time-negative"
    WINDOW_END = "window-end"
    NO_TIMER = "timer-none"
    NEVER_STARTED = "timer-never-started"
    NEVER_STOPPED = "timer-never-stopped"
    ALREADY_STARTED = "timer-already-started"
    ALREADY_STOPPED = "timer-already-stopped"
    STOPPED_BEFORE = "timer-stopped-before"
    RUNS_FROM = "interval-runs-from"
    RUNS_FROM_LATER = "interval-runs-from-later"
    EXPIRES_FROM = "expiry-runs-from"
    NO_EXPIRY = "expiry-missing"
    NO_HOLD = "expiry-no-hold"
    SECOND_FORMULATION = "expiry-second-formulation"
    HOLD_MISSING = "expiry-hold-missing"


class RoleFault(Message):
    """Who may not do what a step asks."""

    NONE = "step-role-none"
    MAY_NOT = "step-role-may-not"
    NOT_VERIFIED = "step-not-verified"


class ReferenceFault(Message):
    """A name of something that is not there."""

    NO_TEST = "reference-no-test"
    NO_SPECIFICATION = "reference-no-specification"
    NO_MAKER = "reference-no-maker"
    MADE_LATER = "reference-made-later"
    NOTHING_MADE = "reference-nothing-made"
    NO_MEASUREMENT = "reference-no-measurement"
    NO_AMOUNT = "reference-no-amount"


class ConditionFault(Message):
    """What is wrong with where a field is asked for."""

    NO_CHOICE = "condition-no-choice"
    LATER = "condition-later"
    NO_ANSWER = "condition-no-answer"
    ALWAYS = "condition-always"


class AgreementFault(Message):
    """What is wrong with a choice that has to be answered as an earlier one was."""

    NO_CHOICE = "agreement-no-choice"
    LATER = "agreement-later"
    OTHER_ANSWERS = "agreement-other-answers"


class RoomFault(Message):
    """What has no room on a label."""

    ON_STOCK = "room-on-stock"


class ReachFault(Message):
    """A name that a formula cannot reach."""

    UNKNOWN = "reach-unknown"
    UNKNOWN_NEAR = "reach-unknown-near"
    NO_TURN_BEFORE = "reach-no-turn-before"
    LATER = "reach-later"
    NOT_ALWAYS = "reach-not-always"
