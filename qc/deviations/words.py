"""Words that what is signed of a deviation is put together from."""

from __future__ import annotations

from integrity.catalogue import Message


class DeviationTerm(Message):
    """What facts of a deviation are called where it is shown and signed."""

    DEVIATION = "term-deviation-deviation"
    UNDER = "term-deviation-under"
    PLACE = "term-deviation-place"
    WHAT_HAPPENED = "term-deviation-what-happened"
    RULE = "term-deviation-rule"
    CLASS_WHEN_OPENED = "term-deviation-class-when-opened"
    OPENED = "term-deviation-opened"
    CONSEQUENCE = "term-deviation-consequence"
    CAUSE = "term-deviation-cause"
    IMPACT = "term-deviation-impact"
    CLASS = "term-deviation-class"
    WHY_CHANGED = "term-deviation-why-changed"
    ASSESSED_BY = "term-deviation-assessed-by"
    JUDGEMENT = "term-deviation-judgement"
    JUDGED_BY = "term-deviation-judged-by"
    ACTION_BECOMES = "term-action-becomes"
    ACTION_KIND = "term-action-kind"
    ACTION_WHAT = "term-action-what"
    ACTION_RESPONSIBLE = "term-action-responsible"
    ACTION_DUE = "term-action-due"
    ACTION_CHECK = "term-action-check"
    ACTION_PLANNED_BY = "term-action-planned-by"
    ACTION_DONE_BY = "term-action-done-by"
    ACTION_DONE_AT = "term-action-done-at"
    ACTION_DONE_HOW = "term-action-done-how"
    OBSERVED = "term-observation-said"
    OBSERVED_OF = "term-observation-of"
    OBSERVED_BY = "term-observation-by"
    OBSERVED_AT = "term-observation-at"
    OBSERVED_IS = "term-observation-is"


class ActionWord(Message):
    """Whether an action puts right or prevents."""

    CORRECTIVE = "action-corrective"
    PREVENTIVE = "action-preventive"


class VerdictWord(Message):
    """What QA says that an observation is."""

    NOTHING = "observation-nothing"
    DEVIATION = "observation-deviation"


class DecisionWord(Message):
    """What QA decided on a deviation."""

    CONTINUE = "decision-continue"
    REJECT = "decision-reject"


class DeviationPhrase(Message):
    """How facts of a deviation are put together."""

    OPENED = "deviation-opened"
    BY_HAND = "place-by-hand"
    ONLY_REJECTED = "deviation-only-rejected"
    NO_LONGER_SO = "deviation-no-longer-so"
    UNDER_DONOR = "deviation-under-donor"
    UNDER_CODE = "deviation-under-code"


class DeviationQueue(Message):
    """What waits of deviations, as it is called on the first page."""

    DEVIATIONS = "queue-deviations"
    OBSERVATIONS = "queue-observations"
    ACTIONS = "queue-actions"
    CHECKS = "queue-checks"


class DeviationDue(Message):
    """What falls due of deviations, as it is called on the page of the week."""

    DEVIATIONS = "due-deviation"
    ACTIONS = "due-action"
    CHECKS = "due-check"
