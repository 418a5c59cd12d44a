"""The law of a second word on one sample and test: a repeat says why, a retest follows its plan,
and no failing result is corrected or repeated away. Pure: facts in, findings out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from integrity import reasons
from integrity.facts import code
from integrity.findings import Finding, blocks
from integrity.verdicts import FAILS
from qc.laboratory.rule_ids import LaboratoryRule


@dataclass(frozen=True)
class Corrected:
    """A result that is to be corrected: what it said, who recorded it or what it corrects, and
    whether phase I found that it was only written down wrongly."""

    verdict: str
    analysts: Collection[str]
    is_mistyped: bool = False


@dataclass(frozen=True)
class Planned:
    """The plan of a retest, fixed with the signature of phase I: the deviation that it is from, how
    many, who may not do it, and how many valid ones there are."""

    deviation: str
    retests: int
    excluded: Collection[str]
    done: int


@dataclass(frozen=True)
class Repeated:
    """A further final result of a sample and test: the valid ones there are, whether one of them
    fails, how many its line plans, the newest plan of a retest here, and the sample that another
    plan names instead of this one."""

    valid: int
    fails: bool
    planned: int
    plan: Planned | None = None
    elsewhere: str | None = None

    @property
    def is_by_plan(self) -> bool:
        return self.plan is not None and self.plan.done < self.plan.retests


def may_correct(old: Corrected, by: str, reason: str | None) -> Iterator[Finding]:
    """A correction says why; a failing result ends by investigation: it is corrected by another
    analyst where phase I found it mistyped, and otherwise not at all (QC-06)."""
    yield from reasons.wanted(LaboratoryRule.CORRECTION_REASON, reason)
    if old.verdict == FAILS:
        if by in old.analysts:
            yield blocks(LaboratoryRule.OWN_FAILING_RESULT)
        elif not old.is_mistyped:
            yield blocks(LaboratoryRule.NOT_MISTYPED)


def may_repeat(again: Repeated, by: str, reason: str | None) -> Iterator[Finding]:
    """A retest is one of its plan, by another analyst; a standing failure is not tested into
    compliance; any other further result says why, unless the line plans it (QC-06)."""
    plan = again.plan
    if again.elsewhere:
        yield blocks(LaboratoryRule.RETEST_ELSEWHERE, sample=code(again.elsewhere))
    elif plan and again.is_by_plan:
        yield from by_another(plan, by)
    elif plan and not again.fails:
        yield blocks(
            LaboratoryRule.PLAN_FULFILLED, deviation=code(plan.deviation), many=plan.retests
        )
    elif again.fails and again.valid >= again.planned:
        yield blocks(LaboratoryRule.FAILURE_STANDS)
    elif again.valid >= again.planned:
        yield from reasons.wanted(LaboratoryRule.REPEAT_REASON, reason)


def by_another(plan: Planned | None, by: str) -> Iterator[Finding]:
    """Nobody retests what they tested themselves."""
    if plan and by in plan.excluded:
        yield blocks(LaboratoryRule.RETEST_BY_ANOTHER, deviation=code(plan.deviation))
