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

from integrity import facts
from integrity.facts import Fact
from integrity.quantities import Measured
from qc.laboratory.rules.means import mean_of
from qc.laboratory.rules.results import CONFORMS, FAILS, INCONCLUSIVE, INTERIM, Basis
from qc.laboratory.words import LaboratoryPhrase, ResultWord
from qc.specifications.model import Line, Reported

MISSING, NOT_REVIEWED, PENDING = "missing", "entered, not reviewed", "pending"
INCOMPLETE = "incomplete"  # fewer results than the specification or the plan of a retest asks for
NEVER = datetime.max.replace(tzinfo=UTC)
STATE_WORDS: Mapping[str, ResultWord] = {
    CONFORMS: ResultWord.CONFORMS,
    FAILS: ResultWord.FAILS,
    INCONCLUSIVE: ResultWord.INCONCLUSIVE,
    INCOMPLETE: ResultWord.INCOMPLETE,
    MISSING: ResultWord.MISSING,
    PENDING: ResultWord.PENDING,
    NOT_REVIEWED: ResultWord.NOT_REVIEWED,
}
_ORDER = (FAILS, INCONCLUSIVE, INCOMPLETE, MISSING, PENDING, NOT_REVIEWED, CONFORMS)


@dataclass(frozen=True)
class Tested:
    """One valid result (not corrected, not invalidated), judged for the amounts the caller gave."""

    id: int
    word: str
    shown: Fact
    reviewed: bool
    line: Line
    typed: str = ""
    alert: Fact = ""
    deviation: str | None = None
    specification: str = ""
    worse: Fraction = Fraction(0)
    plan_id: int | None = None
    measured: Measured | None = None


@dataclass(frozen=True)
class RetestPlan:
    """What phase I planned: which deviation it is from, how many, what is reported, what it found
    (a word of `Cause`)."""

    id: int
    deviation: str
    retests: int
    reported: str
    found: str


@dataclass(frozen=True)
class Sampled:
    """One sample that asks for the test: its code, what it is, its results in order, when a long
    test may end, whether all it had was invalidated, the plan of its retest, whether that is done
    on another sample, and whether somebody of QC signed why it is not tested."""

    code: str
    kind: str
    results: Sequence[Tested]
    until: datetime | None = None
    struck: bool = False
    plan: RetestPlan | None = None
    is_elsewhere: bool = False
    is_explained: bool = False
    basis: Basis = Basis()

    @property
    def is_replaced(self) -> bool:
        """Whether nothing of it counts and nothing more is tested on it: a plan of its own is done
        whatever was signed before it."""
        if self.plan is not None:
            return False
        return (self.is_elsewhere and not self.finals) or (self.is_explained and not self.results)

    @property
    def finals(self) -> list[Tested]:
        return [each for each in self.results if each.word != INTERIM]


@dataclass(frozen=True)
class LineStatus:
    """One line of a specification and where a batch stands on it.

    `state`: conforms | fails | inconclusive | incomplete | missing | entered, not reviewed |
    pending. `until` is when a long test may end. `limit`, `method` and `specification` are those
    of the version the result was judged with. `deviation` is a bare code. `repeats` are the other
    valid results of the sample: `result` shows them behind the one that is reported; `reported` is
    the rule it is made by, `plan` that of a retest."""

    line: Line
    state: str
    limit: Fact
    method: Fact
    result: Fact = ""
    typed: str = ""
    reviewed: bool = False
    result_id: int | None = None
    sample: str | None = None
    deviation: str | None = None
    alert: Fact = ""
    specification: str = ""
    until: datetime | None = None
    repeats: tuple[int, ...] = ()
    reported: str = Reported.WORSE
    plan: RetestPlan | None = None

    @property
    def pending(self) -> bool:
        return self.state == PENDING

    @property
    def worded(self) -> Fact:
        """The state in words, with the moment that a long test is waited for."""
        if self.pending and self.until:
            return facts.message(LaboratoryPhrase.PENDING_UNTIL, until=facts.instant(self.until))
        return facts.word(STATE_WORDS[self.state])

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
        if not (sample.is_replaced or (_is_struck(sample) and number < len(samples) - 1))
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


def _is_struck(sample: Sampled) -> bool:
    """Whether all it had was invalidated, and no retest of it is planned."""
    return sample.struck and not sample.results and sample.plan is None


def _rank(standing: LineStatus) -> int:
    return _ORDER.index(standing.state)


def _nothing(line: Line) -> LineStatus:
    return LineStatus(line, MISSING, line.limit_fact, line.method_fact)


def answer(line: Line, sample: Sampled) -> LineStatus:
    """What one sample says.

    What its rule reports of its final results, otherwise what is still awaited. All of them are
    shown, and an alert of one stays.
    """
    finals = sample.finals
    missing = _wanted(line, sample) - len(_counting(sample, finals))
    if finals and not (missing > 0 and sample.until and not _fails(finals)):
        return _reported(line, sample, finals, missing)
    state = PENDING if sample.until else INCOMPLETE if sample.plan else MISSING
    if sample.results:
        return replace(_of(sample.results[-1], state, sample), plan=sample.plan)
    return replace(
        _nothing(line),
        state=state,
        sample=sample.code,
        until=sample.until,
        plan=sample.plan,
    )


def _wanted(line: Line, sample: Sampled) -> int:
    """How many final results are waited for; none where the rest is tested on another sample."""
    if sample.plan:
        return sample.plan.retests
    return 0 if sample.is_elsewhere else line.planned


def _counting(sample: Sampled, finals: Sequence[Tested]) -> list[Tested]:
    """Those that the plan of a retest counts; all of them where there is none."""
    return [each for each in finals if sample.plan is None or each.plan_id == sample.plan.id]


def _fails(finals: Sequence[Tested]) -> bool:
    return any(each.word == FAILS for each in finals)


def _reported(line: Line, sample: Sampled, finals: Sequence[Tested], missing: int) -> LineStatus:
    """What the rule of the line, or of the plan, makes of the final results of one sample."""
    rule = sample.plan.reported if sample.plan else line.reported
    chosen = _worst(finals)
    others = [each for each in finals if each is not chosen]
    made = replace(
        _of(chosen, _state(chosen), sample),
        alert=next((each.alert for each in (chosen, *others) if each.alert), ""),
        result=_all_shown([chosen, *others]),
        repeats=tuple(each.id for each in others),
        reported=rule,
        plan=sample.plan,
    )
    if rule == Reported.MEAN and missing <= 0:
        made = _mean(made, sample, finals)
    if made.state == CONFORMS and missing > 0:
        return replace(made, state=INCOMPLETE)
    if made.state == CONFORMS and not all(each.reviewed for each in finals):
        return replace(made, state=NOT_REVIEWED)
    return made


def _all_shown(finals: Sequence[Tested]) -> Fact:
    first, *others = [each.shown for each in finals]
    return facts.listed([first, *others], "; ") if others else first


def _mean(made: LineStatus, sample: Sampled, finals: Sequence[Tested]) -> LineStatus:
    """The same, with the mean of all final results as what is reported; there is none where one of
    them cannot be read."""
    values = [each.measured for each in finals if each.measured]
    if len(values) < len(finals):
        return made if made.state == FAILS else replace(made, state=INCONCLUSIVE)
    verdict = mean_of(finals[-1].line, values, sample.basis)
    state = verdict.word if verdict.word in (FAILS, INCONCLUSIVE) else CONFORMS
    return replace(
        made,
        state=state,
        result=facts.message(LaboratoryPhrase.MEAN, mean=verdict.shown, results=made.result),
        alert=verdict.alert or made.alert,
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
        result.line.limit_fact,
        result.line.method_fact,
        result.shown,
        result.typed,
        result.reviewed,
        result.id,
        sample.code,
        result.deviation,
        result.alert,
        result.specification,
        sample.until,
    )


def stand_in(statuses: Sequence[LineStatus]) -> list[LineStatus]:
    """A line without a result of its own conforms when every line that may stand in for it does."""
    by_test: Mapping[str, LineStatus] = {each.line.id: each for each in statuses}
    return [_stood_in(each, [by_test[test] for test in each.line.instead]) for each in statuses]


def _stood_in(standing: LineStatus, others: Sequence[LineStatus]) -> LineStatus:
    if standing.state != MISSING or not others or any(other.state != CONFORMS for other in others):
        return standing
    shown = facts.listed(map(_of_test, others), "; ")
    return replace(standing, state=CONFORMS, result=shown, reviewed=True, sample=others[0].sample)


def _of_test(standing: LineStatus) -> Fact:
    """A result under the name of its own test: “CD34 0.3 %” of “CD34 positive”."""
    title = standing.line.title
    name = {language: said.removesuffix(" positive") for language, said in title.items()}
    return facts.message(LaboratoryPhrase.OF_TEST, test=facts.text(name), result=standing.result)
