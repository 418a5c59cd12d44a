"""Testing: the acts that begin a long test, record, correct, review and invalidate results.

An out-of-specification result opens a deviation at once and holds its test until QA has judged it
(QC-05)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from integrity import deviations, signatures, site, states, trail
from integrity.database import Record, Session
from integrity.deviations import open_deviation
from integrity.findings import Finding, Refused, Weight, blocks, refuse_if_blocked
from integrity.signatures import Meaning, Seal
from integrity.trail import Actor
from labels import codes
from labels.numbering import issue
from qc.laboratory import batch_amounts as bases
from qc.laboratory import samples
from qc.laboratory.results import (
    AXIS,
    Beginning,
    Result,
    beginnings_of,
    facts_of,
    of_sample,
    oos_of,
    open_oos,
    specification_of,
    states_of,
)
from qc.laboratory.rules import results as rules
from qc.laboratory.rules.results import INTERIM, Basis, Verdict
from qc.release import decisions
from qc.specifications import register
from qc.specifications.model import Contents, Line
from qc.specifications.register import Specification
from stores.containers import Container


@dataclass(frozen=True)
class ResultFacts:
    """What an analyst enters. `value`: a number or a bound of one ("< 0.05"), a word of the line,
    or a text with `choice`; `corrects_id` with `reason` makes it the correction of an earlier
    result."""

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


def begin(
    session: Session, facts: BeginningFacts, *, entry_id: str, by: Actor, at: datetime
) -> Beginning:
    """Record when a long test began, once; a start told late is a deviation (QC-08, TIM-06)."""
    if earlier := trail.answered(session, "test.begun", entry_id, facts, by=by):
        return session.get_one(Beginning, earlier)
    sample, _, _, line = _asked(session, facts.sample, facts.test, at)
    known = beginnings_of(session, [sample.id]).get((sample.id, line.id))
    late = timedelta(minutes=int(site.settings(session)["late_minutes"]))
    found = refuse_if_blocked(
        rules.may_begin(
            line,
            known.began_at if known else None,
            states.of(session, sample, samples.TESTING),
            facts.began_at,
            sample.made_at,
            at,
            late,
        )
    )
    beginning = Beginning(
        container_id=sample.id,
        test=line.id,
        began_at=facts.began_at,
        recorded_at=at,
        username=by.username,
        name=by.name,
    )
    session.add(beginning)
    session.flush()
    _open_deviations(session, found, sample, line, beginning, None, by, at)
    trail.say(
        session,
        "test.begun",
        beginning,
        by=by,
        at=at,
        scope=sample.scope,
        entry_id=entry_id,
        facts=facts,
        details={"sample": sample.code, "test": line.id, "began_at": facts.began_at},
    )
    return beginning


def record(
    session: Session,
    facts: ResultFacts,
    *,
    basis: Basis | None = None,
    entry_id: str,
    by: Actor,
    at: datetime,
) -> Result:
    """Record a result, or the correction of one; the law judges it by the specification in force
    now.

    `basis` is what the batch says (volume, weight, label claim), read from its record where it is
    not given. Raises Refused."""
    if earlier := trail.answered(session, "result.recorded", entry_id, facts, by=by):
        return session.get_one(Result, earlier)
    sample, specification, contents, line = _asked(session, facts.sample, facts.test, at)
    basis = basis or bases.basis_of(session, sample.scope, contents.sources)
    old = _corrected(session, facts)
    verdict, found = _judged(session, facts, sample, contents, line, basis, at)
    result = Result(
        container_id=sample.id,
        sample=sample.code,
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
        recorded_at=at,
        username=by.username,
        name=by.name,
        corrects_id=facts.corrects_id,
        reason=facts.reason,
    )
    session.add(result)
    session.flush()
    states.move(session, result, AXIS, "entered", allowed=rules.RESULT_MOVES, by=by, at=at)
    if old:
        states.move(
            session,
            old,
            AXIS,
            "corrected",
            allowed=rules.RESULT_MOVES,
            by=by,
            at=at,
            reason=facts.reason,
        )
    _open_deviations(session, found, sample, line, result, facts.remark, by, at)
    _settle(session, sample, contents, by, at)
    decisions.hold_if_failed(
        session, sample.scope, verdict.word, f"{line.name}: {verdict.shown}.", by=by, at=at
    )
    trail.say(
        session,
        "result.recorded",
        result,
        by=by,
        at=at,
        scope=sample.scope,
        reason=facts.reason,
        entry_id=entry_id,
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
    return result


def _asked(
    session: Session, sample_code: str, test: str, at: datetime
) -> tuple[Container, Specification, Contents, Line]:
    """The sample, the specification in force and its line.

    Refused where one of them is not there.
    """
    sample = samples.find(session, sample_code)
    if sample is None:
        raise Refused(
            blocks("QC-03", "This is not the code of a sample. Scan the sample's label.", "sample")
        )
    held = specification_of(session, sample, at)
    if held is None:
        raise Refused(
            blocks(
                "QC-01",
                "No approved specification is effective for this batch. QC authors it and QA "
                "approves it first.",
            )
        )
    line = held[1].line(test)
    if line is None:
        raise Refused(blocks("QC-01", f"{held[0].named} has no line for this test."))
    return sample, *held, line


def _corrected(session: Session, facts: ResultFacts) -> Result | None:
    """The valid result of the same sample and test that is corrected."""
    if facts.corrects_id is None:
        return None
    old = session.get(Result, facts.corrects_id)
    if old is None or (old.sample, old.test) != (facts.sample, facts.test):
        raise Refused(
            blocks(
                "QC-04",
                "A correction belongs to a result of the same sample and test. Open that result "
                "anew.",
            )
        )
    if not (facts.reason or "").strip():
        raise Refused(blocks("AUD-03", "Say why the result is corrected.", "reason"))
    return old


def _judged(
    session: Session,
    facts: ResultFacts,
    sample: Container,
    contents: Contents,
    line: Line,
    basis: Basis,
    at: datetime,
) -> tuple[Verdict, tuple[Finding, ...]]:
    beginning = beginnings_of(session, [sample.id]).get((sample.id, line.id))
    situation = rules.RecordingFacts(
        line=line,
        asked=samples.asked(sample, contents),
        testing=states.of(session, sample, samples.TESTING),
        pulled_at=sample.made_at,
        began=beginning.began_at if beginning else None,
        tested_at=facts.tested_at,
        at=at,
        method_version=facts.method_version,
        reading=facts.reading,
        open_oos=open_oos(session, sample.scope, line.id),
    )
    try:
        verdict = rules.judge(line, facts.value, facts.unit, facts.choice or "", basis)
    except ValueError as fault:
        raise Refused(
            [blocks("QC-04", str(fault), "value"), *_blocking(rules.may_record(situation))]
        ) from None
    if facts.reading:
        verdict = rules.interim(line, verdict, situation.began, facts.tested_at)
    return verdict, refuse_if_blocked(
        [
            *rules.may_record(situation),
            *rules.long_test(situation, verdict),
            *rules.oos(line, verdict),
        ]
    )


def _blocking(found: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.weight is Weight.BLOCKS]


def _kept(line: Line, basis: Basis) -> dict[str, list[str]]:
    """The amounts this line was judged with, as they are kept beside the result."""
    wanted = (("volume", "weight") if line.per_weight else ()) + (
        ("claim",) if line.operator == "claim" else ()
    )
    return {
        name: [amount["text"], amount["unit"]]
        for name, amount in asdict(basis).items()
        if name in wanted and amount
    }


def _open_deviations(
    session: Session,
    found: Iterable[Finding],
    sample: Container,
    line: Line,
    subject: Record,
    comment: str | None,
    by: Actor,
    at: datetime,
) -> None:
    for finding in deviations.deviating(found):
        open_deviation(
            session,
            finding,
            issue(session, "N", at=at),
            scope=sample.scope,
            subject=subject,
            comment=comment,
            by=by,
            at=at,
            place=f"QC · sample {codes.read(sample.code).shown} · {line.name}",
        )


def _settle(
    session: Session, sample: Container, contents: Contents, by: Actor, at: datetime
) -> None:
    """A sample is complete when every test it asks for has a reviewed final result (or those that
    may stand in for it).
    """
    session.flush()
    found = of_sample(session, sample.id)
    where = states_of(session, found)
    done = {
        result.test
        for result in found
        if where[result.id] == "reviewed" and result.verdict != INTERIM
    }
    lines = [contents.line(test) for test in sample.details.get("tests", [])]
    complete = all(
        line and (line.id in done or (line.instead and done.issuperset(line.instead)))
        for line in lines
    )
    waiting = {
        result.test
        for result in found
        if where[result.id] == "entered" and result.verdict != INTERIM
    }
    samples.set_testing(session, sample, complete and not waiting, by=by, at=at)


def review(
    session: Session, result_id: int, *, seal: Seal, entry_id: str, by: Actor, at: datetime
) -> Result:
    """Another person than the analyst signs that the result is accurate, complete and follows the
    method (QC-02).
    """
    result = session.get_one(Result, result_id)
    if trail.answered(session, "result.reviewed", entry_id, [result_id, seal.reviewed], by=by):
        return result
    refuse_if_blocked(rules.may_review(result.username, by.username))
    return _sign(session, result, "reviewed", Meaning.REVIEWED, seal, entry_id, by, at)


def invalidate(
    session: Session, result_id: int, *, seal: Seal, entry_id: str, by: Actor, at: datetime
) -> Result:
    """Strike a result for a documented cause that the signature names.

    It stays visible and counts no more (QC-06).
    """
    result = session.get_one(Result, result_id)
    if trail.answered(session, "result.invalidated", entry_id, [result_id, seal.reviewed], by=by):
        return result
    refuse_if_blocked(
        rules.may_strike(_open_on(session, result), by.username, result.username, seal.comment)
    )
    return _sign(session, result, "invalidated", Meaning.REJECTED, seal, entry_id, by, at)


def _open_on(session: Session, result: Result) -> str | None:
    deviation = oos_of(session, [result]).get(result.id)
    return (
        codes.read(deviation.code).shown
        if deviation and not deviations.is_judged(session, deviation)
        else None
    )


def _sign(
    session: Session,
    result: Result,
    becomes: str,
    meaning: Meaning,
    seal: Seal,
    entry_id: str,
    by: Actor,
    at: datetime,
) -> Result:
    signatures.sign(
        session,
        seal,
        meaning,
        result,
        facts_of(session, result.id),
        by=by,
        at=at,
        scope=result.scope,
    )
    states.move(
        session,
        result,
        AXIS,
        becomes,
        allowed=rules.RESULT_MOVES,
        by=by,
        at=at,
        reason=seal.comment,
    )
    specification = session.get_one(Specification, result.specification_id)
    sample = session.get_one(Container, result.container_id)
    _settle(session, sample, register.contents_of(session, specification), by, at)
    trail.say(
        session,
        f"result.{becomes}",
        result,
        by=by,
        at=at,
        scope=result.scope,
        reason=seal.comment,
        entry_id=entry_id,
        facts=[result.id, seal.reviewed],
        details={"sample": result.sample, "test": result.test, "reported": result.shown},
    )
    return result
