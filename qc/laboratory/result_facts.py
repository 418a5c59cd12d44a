"""What is shown and signed of one result, at its review or its invalidation."""

from __future__ import annotations

from collections.abc import Iterator

from documents.register import ControlledDocument
from documents.words import Term
from integrity import facts
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.facts import Fact, Pair
from integrity.quantities import Quantity
from integrity.words import person
from qc.laboratory import results, verdicts
from qc.laboratory.oos_phases import PhaseOne
from qc.laboratory.results import Result
from qc.laboratory.rules.line_status import LineStatus
from qc.laboratory.rules.oos import Cause
from qc.laboratory.verdicts import Judged
from qc.laboratory.words import (
    BasisWord,
    LaboratoryPhrase,
    LaboratoryTerm,
    ReportedWord,
    ResultWord,
    worded,
)
from qc.specifications.model import Line
from qc.specifications.words import SpecificationPhrase


def facts_of(session: Session, result_id: int) -> list[Pair]:
    """Everything of one result by the version and the amounts that judge it now, with what it said
    when it was recorded where that was something else; what it does not say is left out."""
    result = session.get_one(Result, result_id)
    now = verdicts.as_judged(session, [result])[result.id]
    pairs = [
        *_asked(result, now.line, session.get_one(ControlledDocument, now.specification_id)),
        *_said(result, now),
        *_recorded(session, result, now),
        *_done(result),
        *_around(session, result),
    ]
    return [(label, fact) for label, fact in pairs if fact]


def _asked(result: Result, line: Line, specification: ControlledDocument) -> Iterator[Pair]:
    limit = facts.message(
        LaboratoryPhrase.SPECIFICATION, specification=specification.named, limit=line.limit_fact
    )
    method = facts.message(
        SpecificationPhrase.METHOD, method=result.method, version=result.method_version
    )
    yield facts.pair(Term.BATCH, facts.code(result.scope))
    yield facts.pair(Term.SAMPLE, facts.code(result.sample))
    yield facts.pair(Term.TEST, line.test)
    yield facts.pair(Term.SPECIFICATION, limit)
    yield facts.pair(Term.METHOD, method)


def _said(result: Result, now: Judged) -> Iterator[Pair]:
    yield facts.pair(LaboratoryTerm.TYPED, "" if now.line.kind == "qualitative" else result.typed)
    yield facts.pair(LaboratoryTerm.REPORTED, now.verdict.shown)
    yield facts.pair(LaboratoryTerm.VERDICT, verdict_word(now.verdict.word))
    yield facts.pair(Term.WHY, now.verdict.why)
    yield facts.pair(LaboratoryTerm.ALERT, now.verdict.alert)
    yield facts.pair(LaboratoryTerm.JUDGED_WITH, _basis(now))


def _basis(now: Judged) -> Fact:
    known = [
        facts.message(LaboratoryPhrase.BASIS, name=basis_word(name), amount=_amount(amount))
        for name, amount in now.amounts.items()
    ]
    return facts.listed(known, "; ") if known else ""


def _recorded(session: Session, result: Result, now: Judged) -> Iterator[Pair]:
    """What was said when it was recorded, where it says something else now."""
    said = (result.shown, result.verdict, result.specification_id)
    if said != (now.verdict.shown, now.verdict.word, now.specification_id):
        then = session.get_one(ControlledDocument, result.specification_id)
        recorded = facts.message(
            LaboratoryPhrase.RECORDED_AS,
            result=result.shown,
            verdict=verdict_word(result.verdict),
            specification=then.named,
        )
        yield facts.pair(LaboratoryTerm.RECORDED_AS, recorded)


def verdict_word(verdict: str) -> Fact:
    """The verdict on a result as a word."""
    return facts.word(worded(ResultWord, verdict))


def basis_word(name: str) -> Fact:
    """What an amount is that a result was judged with."""
    return facts.word(worded(BasisWord, name))


def _amount(amount: Quantity) -> Fact:
    return facts.power(amount) if amount.unit == "cells" else facts.quantity(amount)


def _done(result: Result) -> Iterator[Pair]:
    yield facts.pair(LaboratoryTerm.TESTED, facts.instant(result.tested_at))
    yield facts.pair(LaboratoryTerm.RAW_DATA, result.reference)
    yield facts.pair(Term.REMARK, result.remark or "")
    yield facts.pair(LaboratoryTerm.ANALYST, person(result.name, result.username))
    yield facts.pair(Term.RECORDED, facts.instant(result.recorded_at))


def _around(session: Session, result: Result) -> Iterator[Pair]:
    """The deviation it opened, why it is there beside another one, and what it corrects."""
    if deviation := results.oos_of(session, [result]).get(result.id):
        code = facts.message(LaboratoryPhrase.DEVIATION, code=facts.code(deviation.code))
        yield facts.pair(LaboratoryTerm.OUT_OF_SPECIFICATION, code)
    if result.plan_id:
        yield facts.pair(LaboratoryTerm.RETEST, retest(session, result.plan_id))
    if result.reason and not result.corrects_id:
        yield facts.pair(LaboratoryTerm.REPEATED, result.reason)
    if result.corrects_id:
        old = session.get_one(Result, result.corrects_id)
        said = facts.message(
            LaboratoryPhrase.CORRECTS,
            result=old.typed if old.unit else old.shown,
            reason=result.reason or "",
        )
        yield facts.pair(LaboratoryTerm.CORRECTS, said)


def measured(status: LineStatus) -> Fact:
    """A number as it was typed, before it was rounded or worked out; else what was judged."""
    return status.typed if status.line.kind == "numeric" else status.result


def reported(status: LineStatus) -> Fact:
    """What stands on review and certificate: every valid result, by which rule they are reported
    where there are several, and that it is a retest."""
    said: Fact = status.result
    if status.repeats:
        rule = facts.word(worded(ReportedWord, status.reported))
        said = facts.message(LaboratoryPhrase.REPORTED, result=said, rule=rule)
    if status.plan:
        made = retest_of(status.plan.found, status.plan.deviation)
        said = facts.message(LaboratoryPhrase.REPORTED, result=said, rule=made)
    return said


def retest(session: Session, plan_id: int) -> Fact:
    """By which plan a result is a retest; that of a test that was not valid says so (QC-07)."""
    plan = session.get_one(PhaseOne, plan_id)
    deviation = session.get_one(Deviation, plan.deviation_id)
    return retest_of(plan.found, deviation.code)


def retest_of(found: str, deviation: str) -> Fact:
    """The same from what phase I found."""
    if found == Cause.TEST_SYSTEM:
        return facts.message(LaboratoryPhrase.REPEAT_OF_INVALID, code=facts.code(deviation))
    return facts.message(LaboratoryPhrase.RETEST, code=facts.code(deviation))
