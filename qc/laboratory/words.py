"""The words of the laboratory: what its facts are called and how they are put together."""

from __future__ import annotations

from typing import TypeVar

from integrity.catalogue import Message

Words = TypeVar("Words", bound=Message)


def worded(words: type[Words], word: str) -> Words:
    """The message for a word of a vocabulary ("not in order")."""
    return words[word.upper().replace(" ", "_")]


class ConditionWord(Message):
    """In what condition a sample arrived, in the middle of a sentence."""

    INTACT = "condition-intact"
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
    RECORDED_AS = "term-result-recorded-as"
    RETEST = "term-result-retest"
    REPEATED = "term-result-repeated"
    NOT_TESTED = "term-sample-not-tested"
    ARRIVED = "term-sample-arrived"
    KEPT = "term-sample-kept"
    REMARK = "term-sample-remark"
    BEGAN = "term-test-began"
    JUDGED_NOW = "term-change-judged-now"
    JUDGED_THEN = "term-change-judged-then"
    CAUSE = "term-oos-cause"
    CAUSE_SAID = "term-oos-cause-said"
    EVIDENCE = "term-oos-evidence"
    PLAN = "term-oos-plan"
    NOT_BY = "term-oos-not-by"
    LABORATORY_PHASE_BY = "term-oos-phase-one-by"
    MANUFACTURE = "term-oos-manufacture"
    OTHER_BATCHES = "term-oos-others"
    CONCLUSION = "term-oos-conclusion"
    EXTENDED_PHASE_BY = "term-oos-phase-two-by"


class LaboratoryPhrase(Message):
    """How facts of a result are put together."""

    SPECIFICATION = "result-specification"
    DEVIATION = "result-deviation"
    CORRECTS = "result-corrects"
    RECORDED_AS = "result-recorded-as"
    BASIS = "result-basis"
    RETEST = "result-retest"
    REPORTED = "result-reported"
    REPEAT_OF_INVALID = "result-repeat-of-invalid"
    PLAN = "oos-plan"
    LINE_CHANGED = "change-line"
    NO_LINE = "change-no-line"
    REQUIRED_LINE = "change-line-required"
    OPTIONAL_LINE = "change-line-optional"
    TO_DAY = "result-to-day"
    CHOSEN = "result-chosen"
    MEAN = "result-mean"
    OF_TEST = "result-of-test"
    PENDING_UNTIL = "status-pending-until"


class JudgedPhrase(Message):
    """Why a result is not conclusive, and the alert limit it has crossed."""

    WANTS_AMOUNTS = "result-wants-amounts"
    AMOUNTS_AND = "amounts-and"
    BOUND_TOO_WIDE = "result-bound-too-wide"
    BOUND_HAS_NO_MEAN = "result-bound-has-no-mean"
    UNREADABLE_NOW = "result-unreadable-now"
    READ_TOO_EARLY = "result-read-too-early"
    BELOW_ALERT = "result-below-alert"
    ABOVE_ALERT = "result-above-alert"


class ResultWord(Message):
    """What a result says against its line, or where a line stands."""

    CONFORMS = "verdict-conforms"
    FAILS = "verdict-fails"
    INCONCLUSIVE = "verdict-inconclusive"
    REPORTED = "verdict-reported"
    INTERIM = "verdict-interim"
    INCOMPLETE = "verdict-incomplete"
    MISSING = "verdict-missing"
    PENDING = "verdict-pending"
    NOT_REVIEWED = "verdict-not-reviewed"


class BasisWord(Message):
    """The amounts of the batch that a result was judged with."""

    VOLUME = "basis-volume"
    WEIGHT = "basis-weight"
    CLAIM = "basis-claim"


class AmountWord(Message):
    """The same where they are missing, in the middle of a sentence."""

    VOLUME = "amount-volume"
    WEIGHT = "amount-weight"
    CLAIM = "amount-claim"


class CheckWord(Message):
    """What is looked at in phase I."""

    SAMPLE = "oos-check-sample"
    METHOD = "oos-check-method"
    INSTRUMENT = "oos-check-instrument"
    REAGENTS = "oos-check-reagents"
    CONTROLS = "oos-check-controls"
    CALCULATION = "oos-check-calculation"
    ANALYST = "oos-check-analyst"


class AnswerWord(Message):
    """What a check found."""

    IN_ORDER = "oos-answer-in-order"
    NOT_IN_ORDER = "oos-answer-not-in-order"
    NOT_APPLICABLE = "oos-answer-not-applicable"


class CauseWord(Message):
    """What phase I found."""

    NONE = "oos-cause-none"
    LABORATORY = "oos-cause-laboratory"
    TEST_SYSTEM = "oos-cause-test-system"
    MISTYPED = "oos-cause-mistyped"


class UntestedWord(Message):
    """Why a sample was not tested."""

    LOST = "untested-lost"
    NOT_NEEDED = "untested-not-needed"
    FOLLOWS = "untested-follows"


class ReportedWord(Message):
    """What is reported of several results."""

    WORSE = "reported-worse"
    MEAN = "reported-mean"
    EACH = "reported-each"


class LaboratoryPlace(Message):
    """Where something about a sample or its test deviated."""

    RECEIPT = "place-receipt-of-sample"
    TEST = "place-test-of-sample"


class LaboratoryQueue(Message):
    """What waits in the laboratory, as it is called on the first page."""

    SAMPLES = "queue-samples"
    TESTS = "queue-tests"
    READINGS = "queue-readings"
    RESULTS = "queue-results"
    INVESTIGATIONS = "queue-investigations"


class LaboratoryDue(Message):
    """What falls due in the laboratory, as it is called on the page of the week."""

    READINGS = "due-reading"
    INVESTIGATIONS = "due-investigation"
