"""In what condition a sample arrived, in the middle of a sentence."""

from __future__ import annotations

from integrity.catalogue import Message


class ConditionWord(Message):
    DAMAGED = "condition-damaged"
    UNFIT = "condition-unfit"


class LaboratoryTerm(Message):
    """What facts of a result are called where it is shown and signed."""

    TYPED = "term-result-typed"
    REPORTED = "term-result-reported"
    VERDICT = "term-result-verdict"
    ALERT = "term-result-alert"
    JUDGED_WITH = "term-result-judged-with"
    TESTED = "term-result-tested"
    RAW_DATA = "term-result-raw-data"
    ANALYST = "term-result-analyst"
    OUT_OF_SPECIFICATION = "term-result-out-of-specification"
    CORRECTS = "term-result-corrects"


class LaboratoryPhrase(Message):
    """How facts of a result are put together."""

    SPECIFICATION = "result-specification"
    METHOD = "result-method"
    DEVIATION = "result-deviation"
    CORRECTS = "result-corrects"
    BASIS = "result-basis"
