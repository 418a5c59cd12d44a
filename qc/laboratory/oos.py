"""The acts of an investigation of an out-of-specification result: phase I is written and ended,
phase II is written and ended.

The signed end of phase I invalidates the result where an assignable cause is confirmed and its test
is done again; the result stays legible, and its retest follows the plan that was signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from integrity import dependents, signatures, states
from integrity.acts import Act
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.facts import Pair
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.signatures import Meaning, Seal, Signature
from qc.laboratory import (
    judging_versions,
    oos_facts,
    oos_phases,
    pulled_samples,
    result_reviews,
    results,
    samples,
)
from qc.laboratory.actions import LaboratoryAction
from qc.laboratory.oos_phases import PhaseOne, PhaseOneCheck, PhaseTwo
from qc.laboratory.results import AXIS, Result
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules import oos as rules
from qc.laboratory.rules.oos import (
    OOS,
    OOS_MOVES,
    RETESTED,
    Cause,
    Check,
    Investigated,
    OosState,
    PhaseOneSaid,
    PhaseTwoSaid,
    Written,
)
from qc.laboratory.rules.pulled import SETTLED
from qc.laboratory.rules.results import RESULT_MOVES, TESTING, ResultState
from qc.specifications.model import Contents, Line
from stores import containers, fates
from stores.containers import Container


@dataclass(frozen=True)
class PhaseOneFacts:
    """What the laboratory writes: what each check found, the cause in a word and in its own words
    with its evidence; for a retest how many, on which sample (a bare code), what is reported."""

    deviation_id: int
    checks: Mapping[str, str]
    cause: str
    said: str
    evidence: str = ""
    retests: int | None = None
    sample: str = ""
    reported: str = ""


@dataclass(frozen=True)
class PhaseTwoFacts:
    """What quality assurance writes: the manufacture, other batches, the conclusion."""

    deviation_id: int
    manufacture: str
    others: str
    conclusion: str


@dataclass(frozen=True)
class Inquiry:
    """A failing result with everything that its investigation looks at."""

    deviation: Deviation
    result: Result
    contents: Contents
    line: Line
    state: str | None
    analysts: frozenset[str] = field(default_factory=frozenset)


def inquiry(session: Session, deviation: Deviation) -> Inquiry:
    """The investigation that a deviation is about. Refused where it is about no failing result."""
    result = session.get(Result, deviation.subject_id) if oos_phases.is_oos(deviation) else None
    if result is None:
        raise Refused(blocks(LaboratoryRule.NO_OOS))
    judging = judging_versions.judging(session, [result])
    line, version = judging.of(result)
    analysts = frozenset(each.username for each in results.line_of(session, result))
    state = oos_phases.state_of(session, deviation)
    return Inquiry(deviation, result, judging.contents[version], line, state, analysts)


def retest_samples(session: Session, now: Inquiry) -> list[Container]:
    """The samples of the batch that ask for the test, that of the failing result first."""
    pulled = containers.of_scope(session, now.result.scope, "sample")
    tests = containers.tests_of(session, [each.id for each in pulled])
    asking = [each for each in pulled if now.line.id in samples.asked(tests[each.id], now.contents)]
    return sorted(asking, key=lambda each: each.id != now.result.container_id)


def testable_samples(session: Session, now: Inquiry) -> list[Container]:
    """Those of them that can be tested: QC has them, they are there, and nobody signed that they
    are not tested."""
    asking = retest_samples(session, now)
    where = states.of_many(session, [each.id for each in asking], TESTING)
    return [
        each
        for each in asking
        if rules.can_be_tested(where.get(each.id), *_taken_away(session, now, each))
    ]


def _taken_away(session: Session, now: Inquiry, sample: Container) -> tuple[bool, bool]:
    """(whether QC signed that it is not tested, whether it is destroyed)."""
    is_gone = fates.gone_at(session, sample.id) is not None
    return _is_explained(session, now, sample), is_gone


def _earlier(session: Session, now: Inquiry) -> tuple[PhaseOne | None, bool]:
    """(the signed plan that may be written anew, whether what it waits for cannot be done)."""
    plan = oos_phases.amended(session, now.deviation)
    sample = oos_phases.sample_of(session, plan) if plan else None
    if plan is None or sample is None:
        return None, False
    state = states.of(session, sample, TESTING)
    is_kept = rules.can_be_tested(state, *_taken_away(session, now, sample))
    waits = oos_phases.left_of(session, now.result, sample.id, plan) > 0
    return plan, waits and not is_kept


def is_plan_lost(session: Session, deviation: Deviation) -> bool:
    """Whether the signed plan of a retest waits for a sample that can be tested no more."""
    if oos_phases.state_of(session, deviation) != OosState.CAUSE_CONFIRMED:
        return False
    return _earlier(session, inquiry(session, deviation))[1]


def record_phase_one(act: Act, facts: PhaseOneFacts) -> PhaseOne:
    """Write what the checks of the laboratory found; may be written anew until it is signed."""
    if earlier := act.once(LaboratoryAction.PHASE_ONE_RECORDED, facts):
        return act.session.get_one(PhaseOne, earlier)
    now = inquiry(act.session, act.session.get_one(Deviation, facts.deviation_id))
    sample = _retested(act.session, now, facts.sample)
    said = PhaseOneSaid(
        facts.checks, facts.cause, facts.said, facts.evidence, facts.retests, facts.reported
    )
    looked_at = _investigated(act.session, now, sample)
    refuse_if_blocked(rules.may_record(looked_at, said))
    is_retested, amends = facts.cause in RETESTED, oos_phases.amended(act.session, now.deviation)
    made = PhaseOne(
        deviation_id=now.deviation.id,
        found=facts.cause,
        cause=facts.said,
        evidence=facts.evidence,
        retests=facts.retests if is_retested else None,
        container_id=sample.id if sample and is_retested else None,
        reported=facts.reported if is_retested else None,
        excluded=sorted(now.analysts),
        amends_id=amends.id if amends else None,
        at=act.at,
        name=act.by.name,
    )
    act.add(made)
    for check in Check:
        act.add(PhaseOneCheck(phase_one_id=made.id, looked_at=check, answer=facts.checks[check]))
    if looked_at.is_plan_lost and now.state == OosState.CAUSE_CONFIRMED:
        states.move(act, now.deviation, OOS, OosState.PLAN_OPEN, allowed=OOS_MOVES)
    act.say(
        LaboratoryAction.PHASE_ONE_RECORDED,
        made,
        scope=now.deviation.scope,
        facts=facts,
        details={"code": now.deviation.code, "found": facts.cause},
    )
    return made


def _retested(session: Session, now: Inquiry, code: str) -> Container | None:
    """The sample that is to be tested again, where it is one of those that may be."""
    return next((each for each in retest_samples(session, now) if each.code == code), None)


def _investigated(session: Session, now: Inquiry, sample: Container | None = None) -> Investigated:
    """What the law looks at, with the sample that the retest is planned on."""
    number = sample.id if sample else None
    earlier, is_lost = _earlier(session, now)
    return Investigated(
        line=now.line,
        state=now.state,
        analysts=now.analysts,
        retested_on=states.of(session, sample, TESTING) if sample else None,
        is_explained=sample is not None and _is_explained(session, now, sample),
        is_gone=sample is not None and fates.gone_at(session, sample.id) is not None,
        left=oos_phases.left_of(session, now.result, number, earlier),
        signer=_signer(session, now.deviation),
        is_plan_lost=is_lost,
        confirmed=earlier.found if earlier else "",
    )


def _is_explained(session: Session, now: Inquiry, sample: Container) -> bool:
    """Whether QC signed that it is not tested; what was tested all the same is there."""
    said = pulled_samples.explanations_of(session, [sample.id]).get((sample.id, now.line.id))
    is_settled = said is not None and said.untested in SETTLED
    return is_settled and not results.finals_of(session, sample, now.line.id)


def _signer(session: Session, deviation: Deviation) -> str | None:
    """Who signed the end of phase I: the first who reviewed the deviation."""
    return next(
        (
            each.username
            for each in signatures.of(session, deviation)
            if each.meaning == Meaning.REVIEWED
        ),
        None,
    )


def end_phase_one(act: Act, deviation_id: int, *, seal: Seal) -> Deviation:
    """A reviewer of QC other than the analyst signs what phase I found.

    A result whose test is done again is invalidated by it; of a plan that is written anew it is.
    """
    deviation, signed = act.session.get_one(Deviation, deviation_id), [deviation_id, seal.reviewed]
    if act.once(LaboratoryAction.PHASE_ONE_ENDED, signed):
        return deviation
    now, found = inquiry(act.session, deviation), oos_phases.phase_one(act.session, deviation_id)
    ready, written = _ready(act.session, now, found)
    refuse_if_blocked(rules.may_end_phase_one(ready, written, act.by.username))
    assert found  # the law refuses an end of what was not written
    _sign(act, now, seal, oos_facts.phase_one_facts(act.session, deviation_id))
    becomes = OosState.EXTENDED if found.found == Cause.NONE else OosState.CAUSE_CONFIRMED
    states.move(act, deviation, OOS, becomes, allowed=OOS_MOVES, reason=seal.comment)
    if found.found in RETESTED and now.state is None:
        _invalidate(act, now, found)
    _say(act, LaboratoryAction.PHASE_ONE_ENDED, now, seal, signed, found.found)
    dependents.changed(act, now.result)
    return deviation


def _ready(
    session: Session, now: Inquiry, found: PhaseOne | None
) -> tuple[Investigated, Written | None]:
    """The investigation with what phase I says, as the law looks at its end."""
    if found is None:
        return _investigated(session, now), None
    sample = oos_phases.sample_of(session, found)
    written = Written(found.username, found.found, found.retests, found.reported or "")
    return _investigated(session, now, sample), written


def _invalidate(act: Act, now: Inquiry, found: PhaseOne) -> None:
    """The result counts no more for the cause that was found; it stays legible."""
    result = now.result
    states.move(
        act, result, AXIS, ResultState.INVALIDATED, allowed=RESULT_MOVES, reason=found.cause
    )
    sample = act.session.get_one(Container, result.container_id)
    result_reviews.settle(act, sample)


def record_phase_two(act: Act, facts: PhaseTwoFacts) -> PhaseTwo:
    """Write what quality assurance found beyond the laboratory; anew until it is signed."""
    if earlier := act.once(LaboratoryAction.PHASE_TWO_RECORDED, facts):
        return act.session.get_one(PhaseTwo, earlier)
    now = inquiry(act.session, act.session.get_one(Deviation, facts.deviation_id))
    said = PhaseTwoSaid(facts.manufacture, facts.others, facts.conclusion)
    refuse_if_blocked(rules.may_extend(_investigated(act.session, now), said))
    made = PhaseTwo(
        deviation_id=now.deviation.id,
        manufacture=facts.manufacture,
        others=facts.others,
        conclusion=facts.conclusion,
        at=act.at,
        name=act.by.name,
    )
    act.add(made)
    act.say(
        LaboratoryAction.PHASE_TWO_RECORDED,
        made,
        scope=now.deviation.scope,
        facts=facts,
        details={"code": now.deviation.code},
    )
    return made


def end_phase_two(act: Act, deviation_id: int, *, seal: Seal) -> Deviation:
    """Quality assurance signs what phase II found: the result stands, and QA judges the batch."""
    deviation, signed = act.session.get_one(Deviation, deviation_id), [deviation_id, seal.reviewed]
    if act.once(LaboratoryAction.PHASE_TWO_ENDED, signed):
        return deviation
    now, found = inquiry(act.session, deviation), oos_phases.phase_two(act.session, deviation_id)
    ready = _investigated(act.session, now)
    written = Written(found.username) if found else None
    refuse_if_blocked(rules.may_end_phase_two(ready, written, act.by.username))
    _sign(act, now, seal, oos_facts.phase_two_facts(act.session, deviation_id))
    states.move(act, deviation, OOS, OosState.STANDS, allowed=OOS_MOVES, reason=seal.comment)
    _say(act, LaboratoryAction.PHASE_TWO_ENDED, now, seal, signed, OosState.STANDS)
    return deviation


def _sign(act: Act, now: Inquiry, seal: Seal, shown: Sequence[Pair]) -> Signature:
    return signatures.sign(
        act, seal, Meaning.REVIEWED, now.deviation, shown, scope=now.deviation.within
    )


def _say(
    act: Act, action: LaboratoryAction, now: Inquiry, seal: Seal, signed: object, found: str
) -> None:
    act.say(
        action,
        now.deviation,
        scope=now.deviation.scope,
        reason=seal.comment,
        facts=signed,
        details={
            "code": now.deviation.code,
            "found": found,
            "sample": now.result.sample,
            "test": now.result.test,
            "reported": now.result.shown,
        },
    )
