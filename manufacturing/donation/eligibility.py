"""The eligibility of a donor.

What it rests on, the signed determination, and what makes it void (QC-15, SIG-05).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, select

from documents.register import ControlledDocument
from documents.words import Term
from integrity import dependents, deviations, facts, signatures, site, states
from integrity.acts import Act
from integrity.database import Session
from integrity.deviations import Deviation, DeviationState
from integrity.facts import Fact, Pair, Reader
from integrity.findings import Finding, Refused, refuse_if_blocked
from integrity.signatures import Meaning, Seal, Signature
from integrity.site import TwoPersons
from integrity.subjects import Scope
from integrity.words import state_word
from manufacturing.donation import criteria_register as criteria, eligibility_facts as drawn
from manufacturing.donation.actions import DonationAction
from manufacturing.donation.donations import (
    BASIS,
    Cord,
    Determination,
    Donor,
    DonorAnswers,
    DonorConsent,
    DonorTest,
)
from manufacturing.donation.rules import separation
from manufacturing.donation.rules.cords import CORD_AXIS, CORD_MOVES, CordState
from manufacturing.donation.rules.donors import (
    Eligibility,
    EligibilityFacts,
    judge_determination,
    judge_reason,
    newest,
)
from manufacturing.donation.words import DonationPhrase, DonationTerm, RecallPhrase

MEANINGS: dict[str, Meaning] = {
    Eligibility.ELIGIBLE: Meaning.APPROVED,
    Eligibility.INELIGIBLE: Meaning.REJECTED,
}


# What there is
# -------------------------------------------------------------------------------------------------


def answers_of(session: Session, donor_id: int) -> Sequence[DonorAnswers]:
    """Every statement of the answers, oldest first; the last one holds."""
    return session.scalars(
        select(DonorAnswers).where(DonorAnswers.donor_id == donor_id).order_by(DonorAnswers.id)
    ).all()


def consents_of(session: Session, donor_id: int) -> Sequence[DonorConsent]:
    """Every consent and withdrawal in the order of their entry, and what strikes one out."""
    return session.scalars(
        select(DonorConsent).where(DonorConsent.donor_id == donor_id).order_by(DonorConsent.id)
    ).all()


def standing_consents(consents: Iterable[DonorConsent]) -> list[DonorConsent]:
    """Those that nobody has struck out."""
    every = list(consents)
    struck = {each.strikes_id for each in every}
    return [each for each in every if each.strikes_id is None and each.id not in struck]


def consent_in_force(session: Session, donor_id: int) -> DonorConsent:
    """The one that holds: of those that stand the newest by its day, not by its entry."""
    found = {each.id: each for each in standing_consents(consents_of(session, donor_id))}
    return found[newest((each.day, each.id) for each in found.values())]


def tests_of(session: Session, donor_id: int) -> Sequence[DonorTest]:
    """Every infectious-disease result, corrected ones included, oldest first."""
    return session.scalars(
        select(DonorTest).where(DonorTest.donor_id == donor_id).order_by(DonorTest.id)
    ).all()


def current_tests(tests: Iterable[DonorTest]) -> list[DonorTest]:
    """Those that no other one corrects."""
    every = list(tests)
    struck = {test.corrects_id for test in every}
    return [test for test in every if test.id not in struck]


def cords_of(session: Session, donor_id: int) -> Sequence[Cord]:
    """The cords of a donor's births, oldest first."""
    return session.scalars(select(Cord).where(Cord.donor_id == donor_id).order_by(Cord.id)).all()


def determinations_of(session: Session, donor_id: int) -> Sequence[Determination]:
    """Every determination, oldest first."""
    return session.scalars(
        select(Determination).where(Determination.donor_id == donor_id).order_by(Determination.id)
    ).all()


def deviations_of(session: Session, donor_id: int) -> Sequence[Deviation]:
    """Every deviation about the donor herself, oldest first."""
    return session.scalars(
        select(Deviation).where(Deviation.subject_id == donor_id).order_by(Deviation.id)
    ).all()


# Where it stands
# -------------------------------------------------------------------------------------------------


def eligibility(session: Session, donor_id: int) -> str:
    """open, eligible or ineligible.

    The newest determination, as long as nothing was recorded after it.
    """
    return eligibilities(session, [donor_id])[donor_id]


_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_NEWEST = select(func.max(Determination.id)).where(Determination.donor_id.in_(_IDS))
_DETERMINED = select(Determination).where(
    Determination.id.in_(_NEWEST.group_by(Determination.donor_id))
)


def eligibilities(session: Session, donor_ids: Iterable[int]) -> dict[int, str]:
    """{donor id: open | eligible | ineligible} of many donors in a fixed number of queries."""
    ids = list(donor_ids)
    found = session.scalars(_DETERMINED, {"ids": ids})
    made = {each.donor_id: each for each in found}
    bases = _bases(session, list(made))
    return {
        key: made[key].verdict
        if key in made and made[key].basis == bases[key]
        else Eligibility.OPEN
        for key in ids
    }


def determined(session: Session, donor_ids: Iterable[int]) -> set[int]:
    """Those donors who were ever determined."""
    return set(
        session.scalars(
            select(Determination.donor_id)
            .where(Determination.donor_id.in_(list(donor_ids)))
            .distinct()
        )
    )


def is_void(session: Session, donor_id: int) -> bool:
    """Whether a determination was signed and something was recorded after it.

    It needs to be signed again.
    """
    return (
        bool(determinations_of(session, donor_id))
        and eligibility(session, donor_id) == Eligibility.OPEN
    )


_NEWEST_BASES = {
    name: select(table.donor_id, func.max(table.id))
    .where(table.donor_id.in_(_IDS))
    .group_by(table.donor_id)
    for name, table in BASIS.items()
}


def _bases(session: Session, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    bases: dict[int, dict[str, int]] = {key: dict.fromkeys(BASIS, 0) for key in ids}
    for name, wanted in _NEWEST_BASES.items():
        for donor_id, latest in session.rows(wanted, {"ids": ids}):
            bases[donor_id][name] = latest
    return bases


def eligibility_statement(session: Session, donor_id: int) -> str:
    """One sentence for labels and certificates.

    What was determined, by whom, when, under which criteria; no name of a donor.
    """
    return facts.shown(determined_as(session, donor_id), Reader(zone=site.zone(session).key))


def determined_as(session: Session, donor_id: int) -> Fact:
    """The same as a fact."""
    donor, where = session.get_one(Donor, donor_id), eligibility(session, donor_id)
    if where == Eligibility.OPEN:
        return facts.message(DonationPhrase.UNDETERMINED, donor=donor.code)
    made = determinations_of(session, donor_id)[-1]
    signed = signatures.of(session, made)[-1]
    return facts.message(
        DonationPhrase.DETERMINED,
        donor=donor.code,
        verdict=state_word(where),
        name=signed.name,
        role=signed.role_title,
        signed=facts.instant(signed.at, seconds=True),
        criteria=named_criteria(session, made),
    )


# The determination
# -------------------------------------------------------------------------------------------------


def facts_of(session: Session, donor_id: int, verdict: str, at: datetime) -> list[Pair]:
    """Exactly what a determination shows and signs.

    Every criterion, consent, test, birth and deviation.
    """
    held, law = criteria.in_force(session, at)
    donor, answers = session.get_one(Donor, donor_id), answers_of(session, donor_id)
    said = answers[-1]
    cords, consent = cords_of(session, donor_id), consent_in_force(session, donor_id)
    tests = tests_of(session, donor_id)
    return [
        facts.pair(DonationTerm.DETERMINATION, state_word(verdict)),
        *_found_before(session, donor_id),
        facts.pair(Term.DONOR, donor.code),
        facts.pair(DonationTerm.CRITERIA, held.cited),
        *((question.asked, drawn.answered(question, said.answers)) for question in law.donor),
        *drawn.replaced_answers(law, answers),
        *([facts.pair(Term.REMARK, said.remark)] if said.remark else []),
        facts.pair(DonationTerm.CONSENT, drawn.consent_fact(session, consent)),
        *drawn.other_consents(session, consents_of(session, donor_id), consent),
        *(facts.pair(DonationTerm.BIRTH, drawn.birth(cord)) for cord in cords),
        *drawn.tested(law, current_tests(tests), cords),
        *drawn.replaced_results(law, tests, cords),
        *drawn.deviation_facts(session, deviations_of(session, donor_id)),
    ]


def _found_before(session: Session, donor_id: int) -> Iterator[Pair]:
    """When she was found ineligible before, by whom and why: whoever signs anew sees it."""
    for made in determinations_of(session, donor_id):
        if made.verdict == Eligibility.INELIGIBLE:
            signed = signatures.of(session, made)[-1]
            shown = facts.message(
                DonationPhrase.FOUND_INELIGIBLE,
                name=signed.name,
                signed=facts.instant(signed.at),
                reason=signed.comment or "",
            )
            yield facts.pair(DonationTerm.FOUND_BEFORE, shown)


def situation(session: Session, donor_id: int, verdict: str) -> EligibilityFacts:
    """What the rule needs to know before a determination."""
    found = deviations_of(session, donor_id)
    where = deviations.states_of(session, found)
    return EligibilityFacts(
        verdict,
        eligibility(session, donor_id),
        [(test.test, test.result) for test in current_tests(tests_of(session, donor_id))],
        consent_in_force(session, donor_id).state,
        bool(cords_of(session, donor_id)),
        [
            made.code
            for made in found
            if where[made.id] not in (DeviationState.JUDGED, DeviationState.CLOSED)
        ],
        deviations.rejecting(session, found),
    )


def against(session: Session, donor_id: int, at: datetime) -> list[Finding]:
    """What keeps this donor from being determined eligible now."""
    try:
        law = criteria.current(session, at)
    except Refused as refusal:
        return list(refusal.findings)
    return judge_determination(law, situation(session, donor_id, Eligibility.ELIGIBLE))


def named_criteria(session: Session, made: Determination) -> str:
    """The criteria a determination rests on: code, version and SHA-256."""
    return session.get_one(ControlledDocument, made.criteria_id).cited


def signatures_of(session: Session, made: Iterable[Determination]) -> Sequence[Signature]:
    """The signatures on determinations, oldest first."""
    ids = [determination.id for determination in made]
    return session.scalars(
        select(Signature).where(Signature.subject_id.in_(ids)).order_by(Signature.id)
    ).all()


def determine(act: Act, donor_id: int, verdict: str, *, seal: Seal) -> Determination:
    """Sign that a donor is eligible or ineligible.

    Refused while a test is missing, reactive or a deviation is not judged.
    """
    signed = [donor_id, verdict, seal.reviewed]
    if earlier := act.once(DonationAction.DONOR_DETERMINED, signed):
        return act.session.get_one(Determination, earlier)
    held, law = criteria.in_force(act.session, act.at)
    found = judge_determination(law, situation(act.session, donor_id, verdict))
    recorders = {each.username for each in tests_of(act.session, donor_id)}
    wants_two = site.wants_two(act.session, TwoPersons.ELIGIBILITY)
    alone = separation.may_determine(wants_two, recorders, act.by.username)
    reversal = separation.may_reverse(
        newest_determination(act.session, donor_id), verdict, seal.comment, act.by.username or ""
    )
    refuse_if_blocked([*found, *judge_reason(verdict, seal.comment), *reversal, *alone])
    shown, scope = facts_of(act.session, donor_id, verdict, act.at), scope_of(act.session, donor_id)
    made = Determination(
        donor_id=donor_id,
        verdict=verdict,
        basis=_bases(act.session, [donor_id])[donor_id],
        criteria_id=held.id,
        at=act.at,
    )
    act.add(made)
    signatures.sign(act, seal, MEANINGS[verdict], made, shown, scope=scope)
    if verdict == Eligibility.INELIGIBLE:
        recall_cords(act, donor_id, facts.word(RecallPhrase.DETERMINED_INELIGIBLE))
    act.say(
        DonationAction.DONOR_DETERMINED,
        made,
        scope=scope.code,
        reason=seal.comment,
        facts=signed,
        details={
            "donor": act.session.get_one(Donor, donor_id).code,
            "verdict": verdict,
            "criteria": held.named,
            "criteria_sha256": held.sha256,
        },
    )
    dependents.changed(act, act.session.get_one(Donor, donor_id))
    return made


def newest_determination(session: Session, donor_id: int) -> separation.Determined | None:
    """What was determined last, for the law of who may take it back."""
    made = determinations_of(session, donor_id)
    if not made:
        return None
    is_outdated = eligibility(session, donor_id) == Eligibility.OPEN
    return separation.Determined(made[-1].verdict, made[-1].username or "", is_outdated)


def scope_of(session: Session, donor_id: int) -> Scope:
    """Under what something about the donor is found.

    Her newest cord's, or her own while there is none.
    """
    cords = cords_of(session, donor_id)
    return cords[-1].itself if cords else session.get_one(Donor, donor_id).itself


def recall_cords(act: Act, donor_id: int, reason: Fact) -> None:
    """Accepted cords go back to quarantine (inner act; the calling act says the event)."""
    cords = cords_of(act.session, donor_id)
    where = states.of_many(act.session, [cord.id for cord in cords], CORD_AXIS)
    for cord in cords:
        if where.get(cord.id) == CordState.ACCEPTED:
            states.move(
                act, cord, CORD_AXIS, CordState.QUARANTINE, allowed=CORD_MOVES, reason=reason
            )
