"""Testing: the acts that begin a long test, record and correct results.

An out-of-specification result opens a deviation at once and holds its test until its cause is
confirmed or QA has judged it (QC-05); a retest follows the plan that phase I fixed (QC-06)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from documents.register import ControlledDocument
from integrity import corrections, dependents, deviations, site, states
from integrity.acts import Act
from integrity.database import Session
from integrity.deviations import Deviation, open_deviation
from integrity.facts import MessageError, code, message
from integrity.findings import Finding, Refused, Weight, blocks, refuse_if_blocked
from integrity.subjects import SubjectRecord
from integrity.verdicts import FAILS
from labels import codes
from labels.numbering import issue
from qc.laboratory import batch_amounts as bases, oos_phases, result_reviews, samples, verdicts
from qc.laboratory.actions import LaboratoryAction
from qc.laboratory.oos_phases import PhaseOne
from qc.laboratory.results import (
    AXIS,
    Beginning,
    Result,
    beginnings_of,
    finals_of,
    line_of,
    oos_of,
    specification_of,
)
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules import custody, repeats, results as rules
from qc.laboratory.rules.results import Basis, ResultState, Verdict
from qc.laboratory.words import LaboratoryPlace
from qc.specifications.model import Contents, Line
from stores import containers, fates, holds
from stores.containers import Container


@dataclass(frozen=True)
class ResultFacts:
    """What an analyst enters. `value`: a number or a bound of one ("< 0.05"), a word of the line,
    or a text with `choice`; `corrects_id` with `reason` makes it the correction of an earlier
    result, `reason` alone the repeat of one that is valid."""

    sample: str
    test: str
    value: str
    tested_at: datetime
    method_version: str
    reference: str
    unit: str | None = None
    choice: str | None = None
    reading: bool = False
    remark: str | None = None
    corrects_id: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class BeginningFacts:
    sample: str
    test: str
    began_at: datetime


def begin(act: Act, facts: BeginningFacts) -> Beginning:
    """Record when a long test began, once; a start told late is a deviation (QC-08, TIM-06)."""
    if earlier := act.once(LaboratoryAction.TEST_BEGUN, facts):
        return act.session.get_one(Beginning, earlier)
    sample, _, _, line = _asked(act.session, facts.sample, facts.test)
    plan, again = _repeated(act.session, sample, line)
    known = _began(act.session, sample, line, plan)
    received_at = _received_at(act.session, sample)
    found = refuse_if_blocked(
        [
            *rules.may_begin(
                line,
                known.began_at if known else None,
                states.of(act.session, sample, rules.TESTING),
                facts.began_at,
                sample.made_at,
                act.at,
                site.late_after(act.session, facts.began_at),
            ),
            *custody.in_custody(line, received_at, facts.began_at, "began_at"),
            *custody.still_there(fates.gone_at(act.session, sample.id), facts.began_at, "began_at"),
            *custody.unheld(
                line, holds.was_held(act.session, sample.id, facts.began_at), "began_at"
            ),
            *repeats.by_another(again.plan, act.by.username or ""),
        ]
    )
    beginning = Beginning(
        container_id=sample.id,
        test=line.id,
        recorded_at=act.at,
        name=act.by.name,
        plan_id=plan.id if plan else None,
        **corrections.said_first({"began_at": facts.began_at}),
    )
    act.add(beginning)
    open_deviations(act, found, sample, line, beginning, None)
    act.say(
        LaboratoryAction.TEST_BEGUN,
        beginning,
        scope=sample.scope,
        facts=facts,
        details={"sample": sample.code, "test": line.id, "began_at": facts.began_at},
    )
    return beginning


def record(act: Act, facts: ResultFacts, *, basis: Basis | None = None) -> Result:
    """Record a result, or the correction of one; the law judges it by the specification that the
    batch began with.

    `basis` is what the batch says (volume, weight, label claim), read from its record where it is
    not given. Raises Refused."""
    if earlier := act.once(LaboratoryAction.RESULT_RECORDED, facts):
        return act.session.get_one(Result, earlier)
    sample, specification, contents, line = _asked(act.session, facts.sample, facts.test)
    basis = basis or bases.basis_of(act.session, sample.scope, contents.sources)
    old = _corrected(act.session, facts)
    plan, again = _second_word(act, facts, sample, line, old)
    verdict, found = _judged(act.session, facts, sample, contents, line, basis, act.at, again)
    result = _result(act, facts, sample, specification, line, verdict, basis)
    result.plan_id = plan
    act.add(result)
    states.move(act, result, AXIS, ResultState.ENTERED, allowed=rules.RESULT_MOVES)
    if old:
        states.move(
            act, old, AXIS, ResultState.CORRECTED, allowed=rules.RESULT_MOVES, reason=facts.reason
        )
    open_deviations(act, found, sample, line, result, facts.remark)
    result_reviews.settle(act, sample)
    act.say(
        LaboratoryAction.RESULT_RECORDED,
        result,
        scope=sample.scope,
        reason=facts.reason,
        facts=facts,
        details={
            "sample": sample.code,
            "test": line.id,
            "typed": result.typed,
            "reported": result.shown,
            "verdict": result.verdict,
            "specification": specification.named,
            "corrects": facts.corrects_id,
        },
    )
    dependents.changed(act, result)
    return result


def _result(
    act: Act,
    facts: ResultFacts,
    sample: Container,
    specification: ControlledDocument,
    line: Line,
    verdict: Verdict,
    basis: Basis,
) -> Result:
    return Result(
        container_id=sample.id,
        sample=sample.code,
        scope_id=sample.scope_id,
        scope=sample.scope,
        test=line.id,
        specification_id=specification.id,
        reading=facts.reading,
        value=facts.value,
        unit=facts.unit or line.entered_in if line.kind == "numeric" else None,
        choice=facts.choice if line.kind == "text" else None,
        verdict=verdict.word,
        shown=verdict.shown,
        why=verdict.why,
        alert=verdict.alert,
        basis=_kept(line, basis),
        tested_at=facts.tested_at,
        method=line.method,
        method_version=facts.method_version,
        reference=facts.reference,
        remark=facts.remark,
        recorded_at=act.at,
        name=act.by.name,
        corrects_id=facts.corrects_id,
        reason=facts.reason,
    )


def _asked(
    session: Session, sample_code: str, test: str
) -> tuple[Container, ControlledDocument, Contents, Line]:
    """The sample, the specification of its batch and the line.

    Refused where one of them is not there.
    """
    sample = samples.find(session, sample_code)
    if sample is None:
        raise Refused(blocks(LaboratoryRule.NO_SUCH_SAMPLE, "sample"))
    held = specification_of(session, sample)
    if held is None:
        raise Refused(blocks(LaboratoryRule.NO_SPECIFICATION))
    line = held[1].line(test)
    if line is None:
        raise Refused(blocks(LaboratoryRule.NO_LINE, specification=held[0].named))
    return sample, *held, line


def _corrected(session: Session, facts: ResultFacts) -> Result | None:
    """The valid result of the same sample and test that is corrected."""
    if facts.corrects_id is None:
        return None
    old = session.get(Result, facts.corrects_id)
    if old is None or (old.sample, old.test) != (facts.sample, facts.test):
        raise Refused(blocks(LaboratoryRule.CORRECTION_ELSEWHERE))
    return old


def _second_word(
    act: Act, facts: ResultFacts, sample: Container, line: Line, old: Result | None
) -> tuple[int | None, Sequence[Finding]]:
    """The plan that a result is a retest by, and what speaks against it as a correction, a retest
    or a repeat of what is valid."""
    by = act.by.username or ""
    if old:
        analysts = {each.username for each in line_of(act.session, old) if each.username}
        fails = old.verdict == FAILS or bool(oos_of(act.session, [old]))
        verdict = FAILS if fails else old.verdict
        said = repeats.Corrected(verdict, analysts, oos_phases.is_mistyped(act.session, old))
        return old.plan_id, list(repeats.may_correct(said, by, facts.reason))
    plan, again = _repeated(act.session, sample, line)
    found = []
    if again.is_by_plan or not facts.reading:
        found = list(repeats.may_repeat(again, by, facts.reason))
    return plan.id if plan and again.is_by_plan else None, found


def _repeated(
    session: Session, sample: Container, line: Line
) -> tuple[PhaseOne | None, repeats.Repeated]:
    """What there is of a sample and test already, for the law."""
    valid = finals_of(session, sample, line.id)
    plan, deviation, elsewhere = _plans(session, sample, line)
    planned = None
    if plan and deviation:
        done = oos_phases.done_by(session, plan, valid)
        planned = repeats.Planned(deviation.code, plan.retests or 0, plan.excluded, done)
    opened = oos_of(session, valid)
    fails = any(each.verdict == FAILS or each.id in opened for each in valid)
    return plan, repeats.Repeated(len(valid), fails, line.planned, planned, elsewhere)


def _plans(
    session: Session, sample: Container, line: Line
) -> tuple[PhaseOne | None, Deviation | None, str | None]:
    """The plan of the retest on this sample with its deviation, and the sample on which it is
    planned where that is another one."""
    planned, elsewhere = oos_phases.plans_of(session, [sample.scope])
    plan, deviation = planned.get((sample.id, line.id), (None, None))
    if plan is None and (other := elsewhere.get((sample.id, line.id))):
        named = oos_phases.sample_of(session, other[0])
        return None, None, named.code if named else None
    return plan, deviation, None


def _began(
    session: Session, sample: Container, line: Line, plan: PhaseOne | None
) -> Beginning | None:
    """When a long test began: a retest begins anew."""
    found = beginnings_of(session, [sample.id]).get((sample.id, line.id))
    return found if found and found.plan_id == (plan.id if plan else None) else None


def _judged(
    session: Session,
    facts: ResultFacts,
    sample: Container,
    contents: Contents,
    line: Line,
    basis: Basis,
    at: datetime,
    again: Sequence[Finding],
) -> tuple[Verdict, tuple[Finding, ...]]:
    beginning = _began(session, sample, line, _plans(session, sample, line)[0])
    situation = rules.RecordingFacts(
        line=line,
        asked=samples.asked(containers.tests_of(session, [sample.id])[sample.id], contents),
        testing=states.of(session, sample, rules.TESTING),
        pulled_at=sample.made_at,
        began=beginning.began_at if beginning else None,
        tested_at=facts.tested_at,
        at=at,
        method_version=facts.method_version,
        reading=facts.reading,
        sample=sample.id,
        open_oos=oos_phases.open_oos(session, sample.scope, line.id),
        received_at=_received_at(session, sample),
        late_after=None if facts.corrects_id else site.late_after(session, facts.tested_at),
    )
    again = [*again, *_fit(session, sample, line, facts.tested_at, situation.began)]
    try:
        verdict = rules.judge(line, facts.value, facts.unit, facts.choice or "", basis)
    except MessageError as fault:
        raise Refused(
            [
                blocks(LaboratoryRule.UNREADABLE, "value", fault=fault.fact),
                *_blocking([*again, *rules.may_record(situation)]),
            ]
        ) from None
    if facts.reading:
        verdict = rules.interim(line, verdict, situation.began, facts.tested_at)
    return verdict, refuse_if_blocked(
        [
            *rules.may_record(situation),
            *again,
            *rules.long_test(situation, verdict),
            *rules.oos(line, verdict),
        ]
    )


def _fit(
    session: Session, sample: Container, line: Line, tested_at: datetime, began: datetime | None
) -> Iterator[Finding]:
    """The sample was there and not on hold; a long test is judged by when it began."""
    gone_at = fates.gone_at(session, sample.id)
    yield from custody.still_there(gone_at, tested_at, "tested_at", began)
    if began is None:
        is_held = holds.was_held(session, sample.id, tested_at)
        yield from custody.unheld(line, is_held, "tested_at")


def _received_at(session: Session, sample: Container) -> datetime | None:
    receipt = samples.receipt_of(session, sample.id)
    return receipt.received_at if receipt else None


def _blocking(found: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.weight is Weight.BLOCKS]


def _kept(line: Line, basis: Basis) -> dict[str, list[str]]:
    """The amounts this line was judged with, as they are kept beside the result."""
    known = verdicts.amounts_of(line, basis)
    return {name: [amount.text, amount.unit] for name, amount in known.items()}


def open_deviations(
    act: Act,
    found: Iterable[Finding],
    sample: Container,
    line: Line,
    subject: SubjectRecord,
    comment: str | None,
) -> None:
    """The deviations of what was found about a result, or the beginning of a test."""
    for finding in deviations.deviating(found):
        open_deviation(
            act,
            finding,
            issue(act, codes.Series.DEVIATION),
            scope=sample.within,
            subject=subject,
            comment=comment,
            place=message(LaboratoryPlace.TEST, sample=code(sample.code), test=line.test),
        )
