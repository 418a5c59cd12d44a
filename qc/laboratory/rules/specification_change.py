"""The law of a change of specification for one batch: approved by quality assurance by name, before
any release, and never to hide what fails. Pure: facts in, findings out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from documents.rules import DocumentState
from integrity import reasons
from integrity.facts import Fact, code
from integrity.findings import Finding, blocks
from integrity.verdicts import FAILS
from integrity.words import state_word
from qc.laboratory.rule_ids import LaboratoryRule
from stores.rules import Disposition

APPROVED = (DocumentState.APPROVED, DocumentState.EFFECTIVE)
BEFORE_RELEASE = (Disposition.QUARANTINE, Disposition.UNDER_REVIEW)


@dataclass(frozen=True)
class Rejudged:
    """A valid result of the batch: its test, what it says by the version that judges now, and by
    the other one (empty: that one has no such line; None: that one cannot read it)."""

    test: Fact
    was: str
    becomes: str | None


@dataclass(frozen=True)
class Retested:
    """A plan of a retest: its test and deviation, how many results are still waited for, and
    whether the other version has the line."""

    test: Fact
    deviation: str
    left: int
    has_line: bool


@dataclass(frozen=True)
class Change:
    """What is known when somebody wants one batch judged by another version: that version and its
    state, whether it is of the same code and judges already, where the batch stands, who tested,
    the deviations (bare codes) of results whose investigation has not ended, and the plans of
    retests that were signed."""

    named: str
    is_same_code: bool
    state: str
    is_judging: bool
    disposition: str
    results: Sequence[Rejudged] = ()
    analysts: Collection[str] = ()
    investigated: Sequence[str] = ()
    retested: Sequence[Retested] = ()


def may_change(change: Change, signer: str, reason: str | None) -> Iterator[Finding]:
    """An approved version of the same specification, before the release, with a reason; a result
    that fails is neither passed nor left out by it (QC-01, QC-06)."""
    if not change.is_same_code:
        yield blocks(LaboratoryRule.OTHER_SPECIFICATION)
    if change.state not in APPROVED:
        state = state_word(change.state)
        yield blocks(LaboratoryRule.VERSION_NOT_APPROVED, document=change.named, state=state)
    if change.is_judging:
        yield blocks(LaboratoryRule.VERSION_JUDGES, document=change.named)
    if change.disposition not in BEFORE_RELEASE:
        yield blocks(LaboratoryRule.CHANGED_TOO_LATE, state=state_word(change.disposition))
    if signer in change.analysts:
        yield blocks(LaboratoryRule.CHANGED_BY_ANALYST)
    for each in change.results:
        if each.becomes is None:
            yield blocks(LaboratoryRule.VERSION_CANNOT_READ, test=each.test, document=change.named)
        elif each.was == FAILS != each.becomes:
            yield blocks(LaboratoryRule.FAILURE_HIDDEN, test=each.test, document=change.named)
    yield from _investigations(change)
    yield from reasons.wanted(LaboratoryRule.CHANGE_REASON, reason, "comment")


def _investigations(change: Change) -> Iterator[Finding]:
    """What is under investigation is judged by the version it failed by, and what was planned is
    done (QC-06)."""
    for each in change.investigated:
        yield blocks(LaboratoryRule.CHANGED_UNDER_INVESTIGATION, deviation=code(each))
    for plan in change.retested:
        deviation = code(plan.deviation)
        if plan.left:
            yield blocks(
                LaboratoryRule.CHANGED_BEFORE_RETEST,
                left=plan.left,
                test=plan.test,
                deviation=deviation,
            )
        elif not plan.has_line:
            yield blocks(
                LaboratoryRule.RETEST_LEFT_OUT,
                document=change.named,
                test=plan.test,
                deviation=deviation,
            )
