"""The parts of a specification, as frozen dataclasses: what a document says, unchanged once read.

Limits are Quantities (digits as typed); every text is a mapping from language to words, English
always there."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from documents.texts import Text, text
from integrity import facts
from integrity.facts import Fact
from integrity.findings import Classification
from integrity.quantities import Quantity
from integrity.units import UNITS
from integrity.words import Between
from manufacturing.masters.model import Limits, possible
from qc.specifications.words import SpecificationPhrase

KINDS = ("numeric", "qualitative", "text")
COMPARISONS = ("<", "<=", ">", ">=")
OPERATORS = (*COMPARISONS, "within", "claim", "report")
GATES = ("initial", "final", "information")
VERDICTS = ("conforms", "fails")
OOS_CLASSES = (Classification.MAJOR, Classification.CRITICAL)
OOS_WITHIN = Quantity("30", "d")
_SIGNS = {"<=": "≤", ">=": "≥"}


class Reported(enum.StrEnum):
    """What is reported of several valid results of one sample: the one nearest to failing, the mean
    of as many as were planned, or all of them, each of which must conform."""

    WORSE = "worse"
    MEAN = "mean"
    EACH = "each"


@dataclass(frozen=True)
class Value:
    """One answer of a qualitative line, or one verdict of a text line, and what it means for the
    batch.
    """

    value: str
    label: Text = field(hash=False)
    verdict: str


@dataclass(frozen=True)
class Line:
    """One line of a specification: the test, its method and how its result is judged.

    `operator`: < <= > >= against `limit`; within `low` and `high` (both inside); claim, `tolerance`
    % around the label claim of the batch; report, nothing is judged. A line `per_weight` is typed
    in `typed_unit` (EU/mL) and judged in `unit` (EU/kg) for the given volume and weight.
    `plausible` is what a result can be at all, in the unit it is typed in: the rest is refused.
    `earliest_final`: no conforming final result before that time has gone by since the test began;
    readings before it are interim. `instead`: when every one of these lines conforms, this one
    does. `gate`: initial (needed for release stage 1), final (needed for the final release),
    information (never blocks by its absence). `reported` says what is reported of several results
    of one sample, of which `planned` are asked for. A `microbial` line is never retested into
    compliance: only an invalid test is repeated. `in_process` is the kind of sample of the last
    passage whose newest reading stage 1 asks for."""

    id: str
    title: Text = field(hash=False)
    method: str
    method_version: str
    kind: str
    operator: str
    gate: str
    required: bool
    stage: str
    sample: str
    unit: str | None = None
    typed_unit: str | None = None
    limit: Quantity | None = None
    low: Quantity | None = None
    high: Quantity | None = None
    tolerance: Quantity | None = None
    decimals: int | None = None
    rounding: str = "half-up"
    alert_low: Quantity | None = None
    alert_high: Quantity | None = None
    plausible: Limits | None = None
    values: tuple[Value, ...] = ()
    earliest_final: Quantity | None = None
    per_weight: bool = False
    oos_class: str = "major"
    instead: tuple[str, ...] = ()
    reported: str = Reported.WORSE
    planned: int = 1
    microbial: bool = False
    in_process: str = ""

    @property
    def name(self) -> str:
        return text(self.title)

    @property
    def test(self) -> Fact:
        """The name of the test as a fact, in every language of the document."""
        return facts.text(self.title)

    @property
    def test_within(self) -> Fact:
        """The same in the middle of a sentence."""
        return facts.text({language: name.lower() for language, name in self.title.items()})

    @property
    def entered_in(self) -> str | None:
        """The unit a result is usually typed in."""
        return self.typed_unit or self.unit

    @property
    def amounts(self) -> tuple[str, ...]:
        """The amounts of the batch that judge it: volume and weight of a dose, its label claim."""
        claim = ("claim",) if self.operator == "claim" else ()
        return (("volume", "weight") if self.per_weight else ()) + claim

    @property
    def can_be(self) -> Limits:
        """What a result can be at all, in the unit it is typed in.

        `plausible`, or 0 to 100 for a percentage, 0 to 1 for a share, nothing below 0."""
        return self.plausible or possible(self.entered_in or "1", share=True)

    @cached_property
    def limit_fact(self) -> Fact:
        """The limit: "> 80 %", "label claim ± 20 %", "No growth, final at 14 d", "report"."""
        limit = _LIMITS[self.operator if self.kind == "numeric" else self.kind](self)
        if self.reported in _REPEATED:
            limit = facts.message(_REPEATED[self.reported], limit=limit, many=self.planned)
        if self.earliest_final is None:
            return limit
        wait = facts.quantity(self.earliest_final)
        return facts.message(SpecificationPhrase.FINAL_AT, limit=limit, wait=wait)

    @cached_property
    def method_fact(self) -> Fact:
        """The method and its version."""
        version = self.method_version
        return facts.message(SpecificationPhrase.METHOD, method=self.method, version=version)

    def value(self, word: str) -> Value | None:
        return next((each for each in self.values if each.value == word), None)


def _compared(line: Line) -> Fact:
    return f"{_SIGNS.get(line.operator, line.operator)} {line.limit}"


def _between(line: Line) -> Fact:
    return facts.message(SpecificationPhrase.BETWEEN, low=str(line.low), high=str(line.high))


def _claimed(line: Line) -> Fact:
    return facts.message(SpecificationPhrase.CLAIM, tolerance=str(line.tolerance))


def _not_judged(line: Line) -> Fact:
    symbol = UNITS[line.unit].symbol if line.unit else ""
    if not symbol:
        return facts.word(SpecificationPhrase.REPORT)
    return facts.message(SpecificationPhrase.REPORT_IN, unit=symbol)


def _conforming(line: Line) -> Fact:
    good = [facts.text(each.label) for each in line.values if each.verdict == "conforms"]
    return facts.listed(good, Between.OR) if good else facts.word(SpecificationPhrase.REPORT)


_LIMITS: Mapping[str, Callable[[Line], Fact]] = {
    **dict.fromkeys(COMPARISONS, _compared),
    "within": _between,
    "claim": _claimed,
    "report": _not_judged,
    "qualitative": _conforming,
    "text": _conforming,
}


_REPEATED: Mapping[str, SpecificationPhrase] = {
    Reported.MEAN: SpecificationPhrase.MEAN_OF,
    Reported.EACH: SpecificationPhrase.EACH_OF,
}


@dataclass(frozen=True)
class Sources:
    """Where in the batch record the amounts stand that judge a result, each as step.field."""

    volume: str | None = None
    weight: str | None = None
    claim: str | None = None
    content: str | None = None  # the cells in one container, as they were measured


@dataclass(frozen=True)
class Contents:
    """A whole specification as its document says it.

    `oos_within` is the time in which an out-of-specification result is investigated.
    """

    code: str
    title: Text
    demonstration: bool
    note: Text | None
    sources: Sources
    lines: tuple[Line, ...]
    sha256: str = ""
    oos_within: Quantity = OOS_WITHIN

    def line(self, test: str) -> Line | None:
        return self.by_id.get(test)

    @cached_property
    def by_id(self) -> Mapping[str, Line]:
        return {line.id: line for line in self.lines}
