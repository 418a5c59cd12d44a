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


class DecisionWord(Message):
    """What QA decided on a deviation."""

    CONTINUE = "decision-continue"
    REJECT = "decision-reject"


class DeviationPhrase(Message):
    """How facts of a deviation are put together."""

    OPENED = "deviation-opened"
    ONLY_REJECTED = "deviation-only-rejected"
    UNDER_DONOR = "deviation-under-donor"
    UNDER_CODE = "deviation-under-code"
