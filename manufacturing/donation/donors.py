"""Donors.

Registered by the hospital's code, judged against the criteria, corrected only by a further record
with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from integrity import dependents, reasons, search_terms, site
from integrity.acts import Act
from integrity.database import Session
from integrity.facts import word
from integrity.findings import Finding, Refused, blocks, refuse_if_blocked
from manufacturing.donation import criteria_register as criteria, eligibility
from manufacturing.donation.actions import DonationAction
from manufacturing.donation.criteria import Criteria
from manufacturing.donation.donations import (
    Donor,
    DonorAnswers,
    DonorConsent,
)
from manufacturing.donation.donor_deviations import made_void, open_deviations
from manufacturing.donation.rule_ids import DonationRule
from manufacturing.donation.rules import donors as rules, separation
from manufacturing.donation.rules.donors import ConsentState
from manufacturing.donation.words import DonationPlace, RecallPhrase


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
    state: str = ConsentState.GIVEN
    reason: str = ""


@dataclass(frozen=True)
class DonorFacts:
    """`another_donor`: whoever is registered under a code that reads the same is somebody else."""

    code: str
    answers: AnswerFacts
    consent: ConsentFacts
    another_donor: bool = False


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
    if earlier := act.once(DonationAction.DONOR_REGISTERED, facts):
        return act.session.get_one(Donor, earlier)
    held, law = criteria.in_force(act.session, act.at)
    code_fault = rules.code_fault(facts.code) or _known(act.session, facts.code)
    found = refuse_if_blocked(
        [
            *([code_fault] if code_fault else []),
            *rules.judge_likeness(
                facts.code,
                act.session.scalars(select(Donor.code).order_by(Donor.id)),
                is_another=facts.another_donor,
            ),
            *rules.judge(law.donor, facts.answers.answers),
            *_judge_consent(act, law, facts.consent),
        ]
    )
    donor = Donor(code=facts.code, registered_at=act.at)
    act.add(donor)
    search_terms.keep(act, donor.id, [donor.code])
    act.add(_answers(act, donor.id, facts.answers, None, held.id))
    act.add(_consent(act, donor.id, facts.consent, held.id))
    open_deviations(act, donor, found, word(DonationPlace.CRITERIA))
    act.say(
        DonationAction.DONOR_REGISTERED,
        donor,
        scope=donor.code,
        facts=facts,
        details={"donor": donor.code, "criteria": held.named, "answers": facts.answers.answers},
    )
    return donor


def _known(session: Session, code: str) -> Finding | None:
    if by_code(session, code) is None:
        return None
    return blocks(DonationRule.DONOR_KNOWN, "code")


def _judge_consent(
    act: Act, law: Criteria, facts: ConsentFacts, given_on: date | None = None
) -> list[Finding]:
    today = act.at.astimezone(site.zone(act.session)).date()
    return rules.judge_consent(
        law,
        state=facts.state,
        form_version=facts.form_version,
        day=facts.day,
        covers=facts.covers,
        today=today,
        given_on=given_on,
    )


def _answers(
    act: Act, donor_id: int, facts: AnswerFacts, corrects_id: int | None, criteria_id: int
) -> DonorAnswers:
    kept = {name: answer for name, answer in facts.answers.items() if answer}
    return DonorAnswers(
        donor_id=donor_id,
        answers=kept,
        remark=facts.remark or None,
        criteria_id=criteria_id,
        corrects_id=corrects_id,
        reason=facts.reason or None,
        at=act.at,
    )


def _consent(act: Act, donor_id: int, facts: ConsentFacts, criteria_id: int) -> DonorConsent:
    return DonorConsent(
        donor_id=donor_id,
        state=facts.state,
        form_version=facts.form_version,
        day=facts.day.isoformat(),
        covers=facts.covers,
        criteria_id=criteria_id,
        reason=facts.reason or None,
        at=act.at,
    )


def correct_answers(act: Act, donor_id: int, facts: AnswerFacts) -> Donor:
    """Replace the answers by new ones with a reason.

    The old ones stay legible and a determination becomes void.
    """
    if earlier := act.once(DonationAction.DONOR_CORRECTED, [donor_id, facts]):
        return act.session.get_one(Donor, earlier)
    donor, answers = (
        act.session.get_one(Donor, donor_id),
        eligibility.answers_of(act.session, donor_id),
    )
    last = answers[-1]
    held, law = criteria.in_force(act.session, act.at)
    found = refuse_if_blocked(
        [
            *(becomes := rules.judge(law.donor, facts.answers)),
            *separation.may_correct(_said(law, answers), becomes, act.by.username or ""),
            *reasons.wanted(DonationRule.DONOR_REASON, facts.reason),
        ]
    )
    made = _answers(act, donor_id, facts, last.id, held.id)
    if (made.answers, made.remark) == (last.answers, last.remark):
        raise Refused(blocks(DonationRule.NOTHING_DIFFERENT))
    act.add(made)
    stood = rules.judge(law.donor, last.answers)
    open_deviations(act, donor, found, word(DonationPlace.CRITERIA), stood)
    made_void(act, donor, RecallPhrase.ANSWERS_CORRECTED)
    act.say(
        DonationAction.DONOR_CORRECTED,
        donor,
        scope=eligibility.scope_of(act.session, donor.id).code,
        reason=facts.reason,
        facts=[donor_id, facts],
        details={"donor": donor.code, "was": last.answers, "becomes": made.answers},
    )
    dependents.changed(act, donor)
    return donor


def _said(law: Criteria, answers: Iterable[DonorAnswers]) -> list[separation.Said]:
    return [
        separation.Said(said.username or "", rules.judge(law.donor, said.answers))
        for said in answers
    ]


def change_consent(act: Act, donor_id: int, facts: ConsentFacts) -> Donor:
    """Record a withdrawal, or a further consent, with a reason; a determination becomes void."""
    if earlier := act.once(DonationAction.DONOR_CONSENT_CHANGED, [donor_id, facts]):
        return act.session.get_one(Donor, earlier)
    donor = act.session.get_one(Donor, donor_id)
    held, law = criteria.in_force(act.session, act.at)
    holds = eligibility.consent_in_force(act.session, donor_id)
    found = refuse_if_blocked(
        [
            *_judge_consent(act, law, facts, holds.date),
            *separation.may_consent(
                holds.state, holds.username or "", facts.state, act.by.username or ""
            ),
            *reasons.wanted(DonationRule.DONOR_REASON, facts.reason),
        ]
    )
    act.add(_consent(act, donor_id, facts, held.id))
    open_deviations(act, donor, found, word(DonationPlace.CONSENT))
    made_void(act, donor, RecallPhrase.CONSENT_CHANGED)
    act.say(
        DonationAction.DONOR_CONSENT_CHANGED,
        donor,
        scope=eligibility.scope_of(act.session, donor.id).code,
        reason=facts.reason,
        facts=[donor_id, facts],
        details={
            "donor": donor.code,
            "consent": facts.state,
            "day": facts.day,
            "form": facts.form_version,
        },
    )
    dependents.changed(act, donor)
    return donor


def strike_consent(act: Act, donor_id: int, consent_id: int, reason: str) -> Donor:
    """Strike out a consent or withdrawal that was entered by mistake, as another person than who
    recorded it; it stays legible, what stands is judged anew, and a determination becomes void."""
    told = [donor_id, consent_id, reason]
    if earlier := act.once(DonationAction.DONOR_CONSENT_STRUCK, told):
        return act.session.get_one(Donor, earlier)
    donor = act.session.get_one(Donor, donor_id)
    standing = {
        each.id: each
        for each in eligibility.standing_consents(eligibility.consents_of(act.session, donor_id))
    }
    consent = standing.get(consent_id)
    recorder = (consent.username or "") if consent else ""
    refuse_if_blocked(
        [
            *rules.judge_strike(consent is not None, len(standing) - 1),
            *separation.may_strike(recorder, act.by.username or ""),
            *reasons.wanted(DonationRule.DONOR_REASON, reason),
        ]
    )
    assert consent  # the law refuses what does not stand
    was = eligibility.consent_in_force(act.session, donor_id)
    act.add(_strike(act, consent, reason.strip()))
    holds = eligibility.consent_in_force(act.session, donor_id)
    if holds is not was:
        found = _found_in(act.session, holds)
        open_deviations(act, donor, found, word(DonationPlace.CONSENT))
    made_void(act, donor, RecallPhrase.CONSENT_CHANGED)
    act.say(
        DonationAction.DONOR_CONSENT_STRUCK,
        donor,
        scope=eligibility.scope_of(act.session, donor.id).code,
        reason=reason.strip(),
        facts=told,
        details={
            "donor": donor.code,
            "consent": consent.state,
            "day": consent.day,
            "form": consent.form_version,
            "holds": holds.state,
        },
    )
    dependents.changed(act, donor)
    return donor


def _strike(act: Act, consent: DonorConsent, reason: str) -> DonorConsent:
    return DonorConsent(
        donor_id=consent.donor_id,
        state=ConsentState.STRUCK,
        form_version=consent.form_version,
        day=consent.day,
        covers=consent.covers,
        criteria_id=consent.criteria_id,
        strikes_id=consent.id,
        reason=reason,
        at=act.at,
    )


def _found_in(session: Session, consent: DonorConsent) -> list[Finding]:
    """What a consent that holds again means, by the criteria it was recorded under."""
    return rules.judge_consent(
        criteria.of(session, consent.criteria_id),
        state=consent.state,
        form_version=consent.form_version,
        day=consent.date,
        covers=consent.covers,
        today=consent.date,
    )
