"""Donors.

Registered by the hospital's code, judged against the criteria, corrected only by a further record
with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from integrity import site
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import Finding, Refused, blocks, refuse_if_blocked
from integrity.trail import Actor
from manufacturing.donation import criteria, eligibility
from manufacturing.donation.donations import (
    Donor,
    DonorAnswers,
    DonorConsent,
)
from manufacturing.donation.donor_deviations import made_void, open_deviations, without_reason
from manufacturing.donation.rule_ids import DonationRule
from manufacturing.donation.rules import donors as rules


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
    act.add(donor)
    act.add(_answers(donor.id, facts.answers, None, act.by, act.at))
    act.add(_consent(donor.id, facts.consent, act.by, act.at))
    open_deviations(act, donor, found, "Acceptance criteria of the donor")
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
    return blocks(DonationRule.DONOR_KNOWN, "code")


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
        eligibility.answers_of(act.session, donor_id)[-1],
    )
    found = refuse_if_blocked(
        [*rules.judge(criteria.current().donor, facts.answers), *without_reason(facts.reason)]
    )
    made = _answers(donor_id, facts, last.id, act.by, act.at)
    if (made.answers, made.remark) == (last.answers, last.remark):
        raise Refused(blocks(DonationRule.NOTHING_DIFFERENT))
    act.add(made)
    open_deviations(act, donor, found, "Acceptance criteria of the donor")
    made_void(act, donor, "The donor's answers were corrected.")
    act.say(
        "donor.corrected",
        donor,
        scope=eligibility.scope_of(act.session, donor.id),
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
        [*_judge_consent(act.session, facts, act.at), *without_reason(facts.reason)]
    )
    act.add(_consent(donor_id, facts, act.by, act.at))
    open_deviations(act, donor, found, "Consent of the donor")
    made_void(act, donor, "The donor's consent changed.")
    act.say(
        "donor.consent_changed",
        donor,
        scope=eligibility.scope_of(act.session, donor.id),
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
