"""Where a batch stands on each line of its specification: the worst of everything that was sampled
and tested for it.

A sample that was pulled for a test is answered by a result, and one failing result is enough to
fail the line: nothing is averaged away or tested into compliance. A missing required result blocks
exactly like a failing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction

from qc.laboratory.rules.results import CONFORMS, FAILS, INCONCLUSIVE, INTERIM
from qc.specifications.model import Line

MISSING, NOT_REVIEWED, PENDING = "missing", "entered, not reviewed", "pending"
NEVER = datetime.max.replace(tzinfo=UTC)
_ORDER = (FAILS, INCONCLUSIVE, MISSING, PENDING, NOT_REVIEWED, CONFORMS)


@dataclass(frozen=True)
class Tested:
    """One valid result (not corrected, not invalidated), judged for the amounts the caller gave."""

    id: int
    word: str
    shown: str
    reviewed: bool
    line: Line
    typed: str = ""
    alert: str = ""
    deviation: str | None = None
    specification: str = ""
    worse: Fraction = Fraction(0)


@dataclass(frozen=True)
class Sampled:
    """One sample that asks for the test: its code, what it is, its results in order, when a long
    test may end, and whether all it had was invalidated."""

    code: str
    kind: str
    results: Sequence[Tested]
    until: datetime | None = None
    due: str = ""  # the same as it is shown
    struck: bool = False


@dataclass(frozen=True)
class LineStatus:
    """One line of a specification and where a batch stands on it.

    `state`: conforms | fails | inconclusive | missing | entered, not reviewed | pending. `until` is
    when a long test may end, `due` the same as it is shown. `limit`, `method` and `specification`
    are those of the version the result was judged with. `deviation` is a bare code. `repeats` are
    the other valid results of the sample: `result` shows them behind the one that is reported."""

    line: Line
    state: str
    limit: str
    method: str
    result: str = ""
    typed: str = ""
    reviewed: bool = False
    result_id: int | None = None
    sample: str | None = None
    deviation: str | None = None
    alert: str = ""
    specification: str = ""
    until: datetime | None = None
    due: str = ""
    repeats: tuple[int, ...] = ()

    @property
    def pending(self) -> bool:
        return self.state == PENDING

    @property
    def worded(self) -> str:
        """The state as it is shown, with the moment that a long test is waited for."""
        return f"{self.state} until {self.due}" if self.pending else self.state

    def blocks(self, gate: str) -> bool:
        """Whether it blocks release at a gate: "initial" (stage 1) or "final" (everything)."""
        if self.line.gate == "information":
            return False
        if self.state in (FAILS, INCONCLUSIVE):
            return True
        if self.line.gate == "final" and gate == "initial":
            return False
        return self.state != CONFORMS and (self.line.required or self.state != MISSING)


def line_standing(line: Line, samples: Sequence[Sampled]) -> LineStatus:
    """The worst of all samples that ask for the line's test."""
    answers = [
        answer(line, sample)
        for number, sample in enumerate(samples)
        if not (sample.struck and not sample.results and number < len(samples) - 1)
    ]
    worst = min(answers, key=_rank) if answers else _nothing(line)
    if worst.pending:
        worst = max(
            (each for each in answers if each.pending), key=lambda each: each.until or NEVER
        )  # the date that ends the waiting
    if _rank(worst) > _ORDER.index(MISSING) and not any(
        sample.kind in ("", line.sample) for sample in samples
    ):
        return _nothing(line)
    return worst


def _rank(standing: LineStatus) -> int:
    return _ORDER.index(standing.state)


def _nothing(line: Line) -> LineStatus:
    return LineStatus(line, MISSING, line.shown_limit, line.shown_method)


def answer(line: Line, sample: Sampled) -> LineStatus:
    """What one sample says.

    Any failing result, otherwise the worse of its final ones, otherwise what is still awaited. All
    of them are shown, and an alert of one stays.
    """
    finals = [each for each in sample.results if each.word != INTERIM]
    if finals:
        chosen = _worst(finals)
        others = [each for each in finals if each is not chosen]
        state = _state(chosen)
        if state == CONFORMS and not all(each.reviewed for each in others):
            state = NOT_REVIEWED
        alert = next((each.alert for each in (chosen, *others) if each.alert), "")
        return replace(
            _of(chosen, state, sample),
            alert=alert,
            result="; ".join(each.shown for each in (chosen, *others)),
            repeats=tuple(each.id for each in others),
        )
    state = PENDING if sample.until else MISSING
    if sample.results:
        return _of(sample.results[-1], state, sample)
    return replace(
        _nothing(line), state=state, sample=sample.code, until=sample.until, due=sample.due
    )


def _worst(finals: Sequence[Tested]) -> Tested:
    """What is reported of several valid results: a failing one, what is not conclusive where
    nothing came after it, otherwise the one nearest to failing, the newest of equal ones."""
    if failing := [each for each in finals if each.word == FAILS]:
        return failing[-1]
    if finals[-1].word == INCONCLUSIVE:
        return finals[-1]
    conclusive = [each for each in finals if each.word != INCONCLUSIVE]
    return max(reversed(conclusive), key=lambda each: each.worse)


def _state(result: Tested) -> str:
    if result.word in (FAILS, INCONCLUSIVE):
        return result.word
    return CONFORMS if result.reviewed else NOT_REVIEWED


def _of(result: Tested, state: str, sample: Sampled) -> LineStatus:
    return LineStatus(
        result.line,
        state,
        result.line.shown_limit,
        result.line.shown_method,
        result.shown,
        result.typed,
        result.reviewed,
        result.id,
        sample.code,
        result.deviation,
        result.alert,
        result.specification,
        sample.until,
        sample.due,
    )


def stand_in(statuses: Sequence[LineStatus]) -> list[LineStatus]:
    """A line without a result of its own conforms when every line that may stand in for it does."""
    by_test: Mapping[str, LineStatus] = {each.line.id: each for each in statuses}
    return [_stood_in(each, [by_test[test] for test in each.line.instead]) for each in statuses]


def _stood_in(standing: LineStatus, others: Sequence[LineStatus]) -> LineStatus:
    if standing.state != MISSING or not others or any(other.state != CONFORMS for other in others):
        return standing
    shown = "; ".join(
        f"{other.line.name.removesuffix(' positive')} {other.result}" for other in others
    )
    return replace(standing, state=CONFORMS, result=shown, reviewed=True, sample=others[0].sample)
