"""The law of results: what a result says about its line of the specification, and when one may be
recorded or struck.

A result is converted exactly to the line's unit, rounded once if the line says so, and compared;
the raw value stays as typed (QC-04). What cannot be told (a bound too wide, an amount not known) is
inconclusive, and inconclusive is not a pass."""

from __future__ import annotations

import enum
import functools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Context
from fractions import Fraction

from integrity import facts, reasons, vocabulary
from integrity.facts import Fact, code, span
from integrity.findings import Classification, Finding, blocks, deviates
from integrity.quantities import Measured, Quantity
from integrity.states import Moves
from integrity.units import unit_of
from integrity.verdicts import CONFORMS, FAILS, INCONCLUSIVE, conforms
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules.custody import after_the_sample, in_custody, started, told_in_time
from qc.laboratory.rules.readings import NotAResult, ReadingFault, readable
from qc.laboratory.words import AmountWord, JudgedPhrase, LaboratoryPhrase
from qc.specifications.model import COMPARISONS, Line


class WithoutVerdict(enum.StrEnum):
    """A result against no limit, and a reading of a test that goes on."""

    REPORTED = "reported"
    INTERIM = "interim"


REPORTED, INTERIM = WithoutVerdict


class ResultState(enum.StrEnum):
    """How far a result is."""

    ENTERED = "entered"
    REVIEWED = "reviewed"
    INVALIDATED = "invalidated"
    CORRECTED = "corrected"


class TestingState(enum.StrEnum):
    """How far QC is with a sample."""

    RECEIVED = "received"
    UNFIT = "unfit"
    COMPLETE = "complete"


RESULT = vocabulary.axis("result", ResultState)
TESTING = vocabulary.axis("testing", TestingState)
RESULT_MOVES: Moves = {
    None: frozenset({ResultState.ENTERED}),
    ResultState.ENTERED: frozenset(
        {ResultState.REVIEWED, ResultState.INVALIDATED, ResultState.CORRECTED}
    ),
    ResultState.REVIEWED: frozenset({ResultState.INVALIDATED, ResultState.CORRECTED}),
}
ACTIVE = (ResultState.ENTERED, ResultState.REVIEWED)
TESTING_MOVES: Moves = {
    None: frozenset({TestingState.RECEIVED, TestingState.UNFIT}),
    TestingState.RECEIVED: frozenset({TestingState.COMPLETE, TestingState.UNFIT}),
    TestingState.COMPLETE: frozenset({TestingState.RECEIVED, TestingState.UNFIT}),
    TestingState.UNFIT: frozenset({TestingState.RECEIVED}),  # its receipt was put right
}
FIGURES_SHOWN = 6


@dataclass(frozen=True)
class Basis:
    """The amounts of the batch that a result is judged with: volume of the container, lowest weight
    on the label, the viable cells the label claims. None: not recorded yet."""

    volume: Quantity | None = None
    weight: Quantity | None = None
    claim: Quantity | None = None


@dataclass(frozen=True)
class Verdict:
    """conforms, fails, inconclusive, reported or interim; what is reported.

    Why, where it needs saying; the alert limit crossed; how far it lies towards the wrong side of
    its line, to tell which of two is the worse.
    """

    word: str
    shown: Fact
    why: Fact = ""
    alert: Fact = ""
    worse: Fraction = field(default=Fraction(0), compare=False)


# What a result says
# -------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=8192)  # lists judge the same results again and again
def judge(line: Line, value: str, unit: str | None, verdict: str, basis: Basis) -> Verdict:
    """The verdict on what was typed; `verdict` is the word chosen on a text line. Raises
    NotAResult, NotANumber or UnitUnknown for what cannot be read."""
    if line.kind == "numeric":
        return judge_measured(line, readable(line, value, unit), basis)
    chosen = line.value(value if line.kind == "qualitative" else verdict)
    if chosen is None and line.values:
        raise NotAResult(ReadingFault.CHOOSE)
    if line.kind == "qualitative":
        if chosen is None:
            return Verdict(REPORTED, value)
        return Verdict(chosen.verdict, facts.text(chosen.label))
    if chosen is None:
        return Verdict(REPORTED, value)
    label = facts.text({language: said.lower() for language, said in chosen.label.items()})
    shown = facts.message(LaboratoryPhrase.CHOSEN, value=value, label=label)
    return Verdict(chosen.verdict, shown)


def judge_measured(line: Line, measured: Measured, basis: Basis) -> Verdict:
    """The verdict on a number, or a bound of one."""
    if line.operator == "report":
        return Verdict(REPORTED, _reported(line, measured, measured))
    missing = _missing(line, basis)
    if missing:
        amounts = facts.listed(map(facts.word, missing), JudgedPhrase.AMOUNTS_AND)
        why = facts.message(JudgedPhrase.WANTS_AMOUNTS, amounts=amounts)
        return Verdict(INCONCLUSIVE, str(measured), why)
    reported = _for_weight(line, measured, basis) if line.per_weight else measured
    words = [
        conforms(reported, operator, limit, line.decimals, line.rounding)
        for operator, limit in _bounds(line, basis)
    ]
    word = next((each for each in (FAILS, INCONCLUSIVE) if each in words), CONFORMS)
    why = facts.word(JudgedPhrase.BOUND_TOO_WIDE) if word == INCONCLUSIVE else ""
    worse = _towards_failing(line, reported.quantity.size, basis)
    return Verdict(word, _reported(line, reported, measured), why, _alert(line, reported), worse)


def _towards_failing(line: Line, size: Fraction, basis: Basis) -> Fraction:
    """How far a result lies towards the side on which its line fails."""
    if line.operator in (">", ">="):
        return -size
    if line.operator in ("<", "<="):
        return size
    middle = [bound.size for _, bound in _bounds(line, basis)]
    return abs(size - sum(middle, Fraction(0)) / len(middle)) if middle else Fraction(0)


def _missing(line: Line, basis: Basis) -> list[AmountWord]:
    known = {name: getattr(basis, name) for name in line.amounts}
    return [AmountWord[name.upper()] for name, amount in known.items() if not _is_there(amount)]


def _is_there(amount: Quantity | None) -> bool:
    return amount is not None and amount.number > 0


def _for_weight(line: Line, measured: Measured, basis: Basis) -> Measured:
    """EU/mL × volume / weight = EU/kg, exactly (docs/process.md, 2)."""
    assert basis.volume and basis.weight  # the rule before asks for them
    dose = measured.quantity.size * basis.volume.size / basis.weight.size
    return Measured(
        measured.qualifier, Quantity.of(dose / unit_of(line.unit or "1").factor, line.unit or "1")
    )


def _bounds(line: Line, basis: Basis) -> list[tuple[str, Quantity]]:
    if line.operator in COMPARISONS and line.limit:
        return [(line.operator, line.limit)]
    if line.operator == "claim" and line.tolerance and basis.claim:
        share = line.tolerance.size
        return [
            (operator, Quantity.of(Fraction(basis.claim.number) * part, basis.claim.unit))
            for operator, part in ((">=", 1 - share), ("<=", 1 + share))
        ]
    return [(operator, bound) for operator, bound in ((">=", line.low), ("<=", line.high)) if bound]


def _reported(line: Line, measured: Measured, typed: Measured) -> str:
    """What is reported: in the line's unit, rounded once by the line's rule; a bound keeps its
    digits, and a computed number is shown to six figures (verdicts use them all)."""
    quantity = measured.quantity.to(line.unit or measured.quantity.unit)
    if line.decimals is not None and not measured.qualifier:
        quantity = quantity.rounded(line.decimals, line.rounding)
    elif (
        quantity.unit != typed.quantity.unit
        and len(quantity.number.as_tuple().digits) > FIGURES_SHOWN
    ):
        quantity = Quantity.of(Context(prec=FIGURES_SHOWN).plus(quantity.number), quantity.unit)
    return str(Measured(measured.qualifier, quantity))


def _alert(line: Line, measured: Measured) -> Fact:
    for operator, limit, crossed in (
        (">=", line.alert_low, JudgedPhrase.BELOW_ALERT),
        ("<=", line.alert_high, JudgedPhrase.ABOVE_ALERT),
    ):
        if limit and conforms(measured, operator, limit, line.decimals, line.rounding) == FAILS:
            return facts.message(crossed, limit=facts.quantity(limit))
    return ""


def oos(line: Line, verdict: Verdict) -> Iterator[Finding]:
    """An out-of-specification result opens an investigation on being saved (QC-05)."""
    if verdict.word == FAILS:
        yield deviates(
            LaboratoryRule.OUT_OF_SPECIFICATION,
            line.oos_class,
            test=line.test,
            result=verdict.shown,
            limit=line.limit_fact,
        )


def interim(line: Line, verdict: Verdict, began: datetime | None, tested_at: datetime) -> Verdict:
    """A reading before the end that finds nothing: "No growth to day 7".

    One that finds something is the result.
    """
    if verdict.word == FAILS or began is None:
        return verdict
    day = (tested_at - began).days
    shown = facts.message(LaboratoryPhrase.TO_DAY, result=verdict.shown, day=day)
    return Verdict(INTERIM, shown)


# When a result may be recorded
# ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecordingFacts:
    """What is known when a result is about to be recorded; `began` is when a long test began,
    `open_oos` the samples of the batch on which the same test is investigated: {id of the sample:
    bare code of a deviation without a confirmed cause that QA has not judged}."""

    line: Line
    asked: Collection[str]
    testing: str | None
    pulled_at: datetime
    began: datetime | None
    tested_at: datetime
    at: datetime
    method_version: str
    reading: bool
    sample: int
    open_oos: Mapping[int, str]
    received_at: datetime | None = None
    late_after: timedelta | None = None  # None: it is no late entry (a correction)


def may_record(known: RecordingFacts) -> Iterator[Finding]:
    """The sample is with QC and asks for this test, the times are possible, and it is not
    investigated on this sample: what is found on another one is always recorded (QC-05).
    """
    if known.line.id not in known.asked:
        yield blocks(LaboratoryRule.TEST_NOT_ASKED, test=known.line.test)
    if known.testing is None:
        yield blocks(LaboratoryRule.NOT_RECEIVED)
    if known.testing == TestingState.UNFIT:
        yield blocks(LaboratoryRule.SAMPLE_UNFIT)
    if known.sample in known.open_oos:
        yield blocks(LaboratoryRule.DEVIATION_OPEN, code=code(known.open_oos[known.sample]))
    yield from _times(known.tested_at, known.pulled_at, known.at, "tested_at")
    yield from in_custody(known.line, known.received_at, known.tested_at, "tested_at")
    if known.late_after is not None:
        yield from told_in_time(known.line, known.at - known.tested_at, known.late_after)
    if known.method_version != known.line.method_version:
        yield deviates(
            LaboratoryRule.METHOD_VERSION,
            Classification.MINOR,
            test=known.line.test,
            used=known.method_version,
            wanted=known.line.method_version,
        )


def _times(claimed: datetime, pulled_at: datetime, at: datetime, field: str) -> Iterator[Finding]:
    if claimed > at:
        yield blocks(LaboratoryRule.IN_THE_FUTURE, field)
    yield from after_the_sample(claimed, pulled_at, field)


def long_test(known: RecordingFacts, verdict: Verdict) -> Iterator[Finding]:
    """A long test is read after it began, and has no conforming final result before its earliest
    end (QC-08).
    """
    wait = known.line.earliest_final
    if wait is None:
        if known.reading:
            yield blocks(LaboratoryRule.NO_INTERIM, "reading", test=known.line.test)
        return
    if known.began is None:
        yield blocks(LaboratoryRule.START_MISSING, test=known.line.test_within)
    elif known.tested_at < known.began:
        yield blocks(LaboratoryRule.BEFORE_THE_START, "tested_at")
    elif (
        not known.reading
        and verdict.word == CONFORMS
        and known.tested_at < known.began + _span(wait)
    ):
        yield blocks(
            LaboratoryRule.NOT_FINAL_YET,
            "reading",
            test=known.line.test,
            wait=str(wait),
            gone=span(known.tested_at - known.began),
        )


@functools.lru_cache(maxsize=64)  # of the few waits that specifications ask for
def _span(wait: Quantity) -> timedelta:
    return timedelta(microseconds=int(wait.to("s").size * 1_000_000))


def earliest_final(line: Line, began: datetime | None) -> datetime | None:
    """When a long test may have its final result; None for others and before it began."""
    return began + _span(line.earliest_final) if began and line.earliest_final else None


def may_begin(
    line: Line,
    earlier: datetime | None,
    testing: str | None,
    began: datetime,
    pulled_at: datetime,
    at: datetime,
    late: timedelta,
) -> Iterator[Finding]:
    """A long test begins once, on a sample that QC has.

    A start told late is a deviation, because its end follows from it.
    """
    if line.earliest_final is None:
        yield blocks(LaboratoryRule.NO_WAITING_TIME, test=line.test)
    if earlier is not None:
        yield blocks(LaboratoryRule.STARTED_ALREADY)
    if testing not in (TestingState.RECEIVED, TestingState.COMPLETE):
        yield blocks(LaboratoryRule.NOT_RECEIVED)
    if began > at:
        yield blocks(LaboratoryRule.IN_THE_FUTURE, "began_at")
    yield from started(line, began, pulled_at, at, late)


# Review, correction, invalidation
# -------------------------------------------------------------------------------------


def may_review(analyst: str, reviewer: str) -> Iterator[Finding]:
    """The reviewer is another person than the analyst (21 CFR 211.194(a)(8))."""
    if analyst == reviewer:
        yield blocks(LaboratoryRule.REVIEWER_IS_ANALYST)


def may_strike(fails: bool, invalidator: str, analyst: str, cause: str | None) -> Iterator[Finding]:
    """A result is invalidated for a documented cause only, by another person than its analyst; one
    that fails only by the end of phase I of its investigation (QC-06)."""
    if fails:
        yield blocks(LaboratoryRule.FAILING_IS_INVESTIGATED)
    if invalidator == analyst:
        yield blocks(LaboratoryRule.INVALIDATOR_IS_ANALYST)
    yield from reasons.wanted(LaboratoryRule.NO_CAUSE, cause, "comment")


__all__ = [
    "ACTIVE",
    "CONFORMS",
    "FAILS",
    "INCONCLUSIVE",
    "INTERIM",
    "REPORTED",
    "RESULT_MOVES",
    "TESTING_MOVES",
    "Basis",
    "RecordingFacts",
    "Verdict",
    "earliest_final",
    "interim",
    "judge",
    "judge_measured",
    "long_test",
    "may_begin",
    "may_record",
    "may_review",
    "may_strike",
    "oos",
]
