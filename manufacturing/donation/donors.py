"""Donors.

Registered by the hospital's code, judged against the criteria, corrected only by a further record
with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, select

from integrity import deviations, site
from integrity.acts import Act
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.findings import Finding, Refused, blocks, refuse_if_blocked
from integrity.trail import Actor
from labels.numbering import issue
from manufacturing.donation import criteria
from manufacturing.donation import eligibility as determinations
from manufacturing.donation.donations import (
    Cord,
    Determination,
    Donor,
    DonorAnswers,
    DonorConsent,
    DonorTest,
)
from manufacturing.donation.eligibility import (
    determine,
    eligibility,
    eligibility_statement,
    facts_of,
)
from manufacturing.donation.rules import donors as rules

__all__ = [
    "AnswerFacts",
    "ConsentFacts",
    "CorrectionFacts",
    "Determination",
    "Donor",
    "DonorAnswers",
    "DonorConsent",
    "DonorFacts",
    "DonorTest",
    "SampleFacts",
    "by_code",
    "change_consent",
    "correct_answers",
    "correct_test",
    "determine",
    "eligibility",
    "eligibility_statement",
    "facts_of",
    "judge_samples",
    "listed",
    "record_sample",
    "register",
]


@dataclass(frozen=True)
class AnswerFacts:
    """The answers to the acceptance criteria, {question id: answer as typed}.

    `reason` for a correction.
    """

    answers: Mapping[str, str]
    remark: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ConsentFacts:
    """A consent, or its withdrawal with a reason; `covers` is a scope of the criteria."""

    form_version: str
    day: date
    covers: str
    state: str = "given"
    reason: str = ""


@dataclass(frozen=True)
class DonorFacts:
    code: str
    answers: AnswerFacts
    consent: ConsentFacts


@dataclass(frozen=True)
class SampleFacts:
    """One blood sample of the mother and what was found in it, {test id: result}."""

    sampled_at: datetime
    laboratory: str
    results: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CorrectionFacts:
    """What a result should have said, and why it did not."""

    result: str
    sampled_at: datetime
    laboratory: str
    reason: str


def by_code(session: Session, code: str) -> Donor | None:
    """The donor with the hospital's code, or None."""
    return session.scalar(select(Donor).where(Donor.code == code))


def listed() -> Select[tuple[Donor]]:
    """Every donor, newest first, for a paged list."""
    return select(Donor).order_by(Donor.id.desc())


def register(act: Act, facts: DonorFacts) -> Donor:
    """Register a donor by the hospital's code.

    Criteria that are not met become deviations that QA judges.
    """
    if earlier := act.once("donor.registered", facts):
        return act.session.get_one(Donor, earlier)
    law = criteria.current()
    code_fault = rules.code_fault(facts.code) or _known(act.session, facts.code)
    found = refuse_if_blocked(
        [
            *([code_fault] if code_fault else []),
            *rules.judge(law.donor, facts.answers.answers),
            *_judge_consent(act.session, facts.consent, act.at),
        ]
    )
    donor = Donor(code=facts.code, registered_at=act.at, username=act.by.username)
    act.session.add(donor)
    act.session.flush()
    act.session.add(_answers(donor.id, facts.answers, None, act.by, act.at))
    act.session.add(_consent(donor.id, facts.consent, act.by, act.at))
    act.session.flush()
    _open_deviations(act, donor, found, "Acceptance criteria of the donor")
    act.say(
        "donor.registered",
        donor,
        scope=donor.code,
        facts=facts,
        details={"donor": donor.code, "criteria": law.version, "answers": facts.answers.answers},
    )
    return donor


def _known(session: Session, code: str) -> Finding | None:
    if by_code(session, code) is None:
        return None
    return blocks(
        "QC-15",
        "This donor is registered already. Open the donor's page, or check the code.",
        "code",
    )


def _judge_consent(session: Session, facts: ConsentFacts, at: datetime) -> list[Finding]:
    today = at.astimezone(site.zone(session)).date()
    return rules.judge_consent(
        criteria.current(),
        state=facts.state,
        form_version=facts.form_version,
        day=facts.day,
        covers=facts.covers,
        today=today,
    )


def _answers(
    donor_id: int, facts: AnswerFacts, corrects_id: int | None, by: Actor, at: datetime
) -> DonorAnswers:
    kept = {name: answer for name, answer in facts.answers.items() if answer}
    return DonorAnswers(
        donor_id=donor_id,
        answers=kept,
        remark=facts.remark or None,
        criteria_version=criteria.current().version,
        corrects_id=corrects_id,
        reason=facts.reason or None,
        at=at,
        username=by.username,
    )


def _consent(donor_id: int, facts: ConsentFacts, by: Actor, at: datetime) -> DonorConsent:
    return DonorConsent(
        donor_id=donor_id,
        state=facts.state,
        form_version=facts.form_version,
        day=facts.day.isoformat(),
        covers=facts.covers,
        reason=facts.reason or None,
        at=at,
        username=by.username,
    )


def correct_answers(act: Act, donor_id: int, facts: AnswerFacts) -> Donor:
    """Replace the answers by new ones with a reason.

    The old ones stay legible and a determination becomes void.
    """
    if earlier := act.once("donor.corrected", [donor_id, facts]):
        return act.session.get_one(Donor, earlier)
    donor, last = (
        act.session.get_one(Donor, donor_id),
        determinations.answers_of(act.session, donor_id)[-1],
    )
    found = refuse_if_blocked(
        [*rules.judge(criteria.current().donor, facts.answers), *_without_reason(facts.reason)]
    )
    made = _answers(donor_id, facts, last.id, act.by, act.at)
    if (made.answers, made.remark) == (last.answers, last.remark):
        raise Refused(
            blocks(
                "QC-15", "Nothing is different from what is recorded already. Change what is wrong."
            )
        )
    act.session.add(made)
    act.session.flush()
    _open_deviations(act, donor, found, "Acceptance criteria of the donor")
    _made_void(act, donor, "The donor's answers were corrected.")
    act.say(
        "donor.corrected",
        donor,
        scope=_scope(act.session, donor),
        reason=facts.reason,
        facts=[donor_id, facts],
        details={"donor": donor.code, "was": last.answers, "becomes": made.answers},
    )
    return donor


def change_consent(act: Act, donor_id: int, facts: ConsentFacts) -> Donor:
    """Record a withdrawal, or a further consent, with a reason; a determination becomes void."""
    if earlier := act.once("donor.consent_changed", [donor_id, facts]):
        return act.session.get_one(Donor, earlier)
    donor = act.session.get_one(Donor, donor_id)
    found = refuse_if_blocked(
        [*_judge_consent(act.session, facts, act.at), *_without_reason(facts.reason)]
    )
    act.session.add(_consent(donor_id, facts, act.by, act.at))
    act.session.flush()
    _open_deviations(act, donor, found, "Consent of the donor")
    _made_void(act, donor, "The donor's consent changed.")
    act.say(
        "donor.consent_changed",
        donor,
        scope=_scope(act.session, donor),
        reason=facts.reason,
        facts=[donor_id, facts],
        details={
            "donor": donor.code,
            "consent": facts.state,
            "day": facts.day,
            "form": facts.form_version,
        },
    )
    return donor


def record_sample(act: Act, donor_id: int, facts: SampleFacts) -> Donor:
    """Record the results of one blood sample.

    Reactive is critical, a sample outside its days a finding.
    """
    if earlier := act.once("donor.tested", [donor_id, facts]):
        return act.session.get_one(Donor, earlier)
    donor, law = act.session.get_one(Donor, donor_id), criteria.current()
    found = refuse_if_blocked(
        [
            *rules.judge_sample_time(facts.sampled_at, facts.laboratory, now=act.at),
            *rules.judge_results(law, facts.results),
        ]
    )
    made = [
        DonorTest(
            donor_id=donor_id,
            test=test,
            method=_method(test),
            result=result,
            sampled_at=facts.sampled_at,
            laboratory=facts.laboratory,
            corrects_id=None,
            reason=None,
            at=act.at,
            username=act.by.username,
        )
        for test, result in facts.results.items()
    ]
    act.session.add_all(made)
    act.session.flush()
    _judged_tests(act, donor, found, made)
    act.say(
        "donor.tested",
        donor,
        scope=_scope(act.session, donor),
        facts=[donor_id, facts],
        details={"donor": donor.code, "sampled_at": facts.sampled_at, "results": facts.results},
    )
    return donor


def correct_test(act: Act, donor_id: int, test_id: int, facts: CorrectionFacts) -> Donor:
    """Replace one result by a new one with a reason; the old one stays legible, struck."""
    if earlier := act.once("donor.test_corrected", [donor_id, test_id, facts]):
        return act.session.get_one(Donor, earlier)
    donor = act.session.get_one(Donor, donor_id)
    was = next(
        (
            test
            for test in determinations.current_tests(determinations.tests_of(act.session, donor_id))
            if test.id == test_id
        ),
        None,
    )
    if was is None:
        raise Refused(
            blocks(
                "QC-15",
                "This result was corrected already. Open the donor's page anew and correct the "
                "one that holds.",
            )
        )
    found = refuse_if_blocked(
        [
            *rules.judge_sample_time(facts.sampled_at, facts.laboratory, now=act.at),
            *_without_reason(facts.reason),
            *rules.judge_results(criteria.current(), {was.test: facts.result}),
        ]
    )
    made = DonorTest(
        donor_id=donor_id,
        test=was.test,
        method=was.method,
        result=facts.result,
        sampled_at=facts.sampled_at,
        laboratory=facts.laboratory,
        corrects_id=was.id,
        reason=facts.reason,
        at=act.at,
        username=act.by.username,
    )
    act.session.add(made)
    act.session.flush()
    _judged_tests(act, donor, found, [made])
    act.say(
        "donor.test_corrected",
        donor,
        scope=_scope(act.session, donor),
        reason=facts.reason,
        facts=[donor_id, test_id, facts],
        details={"donor": donor.code, "test": was.test, "was": was.result, "becomes": facts.result},
    )
    return donor


def judge_samples(act: Act, donor: Donor, cord: Cord) -> None:
    """Judge the blood samples that are there against a birth that is now known (inner act of
    receiving its cord).
    """
    tests = determinations.current_tests(determinations.tests_of(act.session, donor.id))
    for finding in _sample_findings(act.session, cord, tests):
        _open(act, donor, finding, cord.code, "Blood sample of the donor")
    _made_void(act, donor, "A further cord was received.")


def _judged_tests(act: Act, donor: Donor, found: Iterable[Finding], made: list[DonorTest]) -> None:
    _open_deviations(act, donor, found, "Infectious-disease results of the donor")
    for cord in determinations.cords_of(act.session, donor.id):
        for finding in _sample_findings(act.session, cord, made):
            _open(act, donor, finding, cord.code, "Blood sample of the donor")
    _made_void(act, donor, "Infectious-disease results were recorded.")


def _sample_findings(session: Session, cord: Cord, tests: Iterable[DonorTest]) -> list[Finding]:
    """One finding for every sample, by its time, that lies outside of its days."""
    samples: dict[datetime, list[str]] = {}
    for test in tests:
        marker = criteria.current().marker(test.test)
        samples.setdefault(test.sampled_at, []).append(marker.label if marker else test.test)
    zone, days = site.zone(session), criteria.current().samples
    judged = [
        rules.judge_sample(days, cord.born_at, at, zone, ", ".join(labels))
        for at, labels in samples.items()
    ]
    return [finding for finding in judged if finding]


def _open_deviations(act: Act, donor: Donor, findings: Iterable[Finding], place: str) -> None:
    """Each finding under every cord of the donor, or under her own code while there is none."""
    cords = [cord.code for cord in determinations.cords_of(act.session, donor.id)]
    for finding in deviations.deviating(findings):
        for scope in cords or [donor.code]:
            _open(act, donor, finding, scope, place)


def _open(act: Act, donor: Donor, finding: Finding, scope: str, place: str) -> Deviation | None:
    """Open the deviation unless the same finding is open under this scope already."""
    known = {
        (made.rule, made.sentence, made.scope)
        for made in determinations.deviations_of(act.session, donor.id)
    }
    if (finding.rule, finding.sentence(act.reader), scope) in known:
        return None
    return deviations.open_deviation(
        act, finding, issue(act, "N"), scope=scope, subject=donor, place=place, comment=None
    )


def _made_void(act: Act, donor: Donor, reason: str) -> None:
    if determinations.is_void(act.session, donor.id):
        determinations.recall_cords(
            act, donor.id, f"{reason} The determination needs to be signed again."
        )


def _without_reason(reason: str) -> list[Finding]:
    return (
        []
        if len(reason.strip()) >= 10
        else [blocks("AUD-03", "Say why, in at least ten characters.", "reason")]
    )


def _method(test: str) -> str:
    marker = criteria.current().marker(test)
    return marker.method if marker else ""


def _scope(session: Session, donor: Donor) -> str:
    return determinations.scope_of(session, donor.id)
