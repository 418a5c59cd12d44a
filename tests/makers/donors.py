"""Donors and cords with honest defaults, through the same acts the pages use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from documents.kinds import Kind
from integrity import deviations, states
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.signatures import Seal, reviewed
from integrity.trail import Actor
from manufacturing.donation import blood_samples, cords, donors, eligibility
from manufacturing.donation.blood_samples import SampleFacts
from manufacturing.donation.cords import Cord, CordFacts
from manufacturing.donation.criteria_register import HANDLING
from manufacturing.donation.donations import Donor
from manufacturing.donation.donors import AnswerFacts, ConsentFacts, DonorFacts
from tests.makers import documents
from tests.makers.people import entry_id, make_people

CRITERIA = HANDLING.read(HANDLING.shipped.read_bytes())
ANSWERS = {
    "age": "29",
    "health": "healthy",
    "delivery": "vaginal",
    "gestation": "39.5",
    "rupture": "6",
    "fever": "none",
    "exclusions": "none",
    "haemodilution": "none",
}
RECEIPT = {
    "label": "match",
    "seal": "intact",
    "colour": "pearl",
    "weight": "41.5",
    "length": "32.0",
    "logger_lowest": "3.1",
    "logger_highest": "6.4",
}
LABORATORY = "LAB-07, ISO 15189"


def make_donation_people(database: Database, *roles: str, at: datetime) -> dict[str, Actor]:
    """One person of each role, and the donor criteria in force."""
    people = make_people(database, *roles, at=at)
    with database.writing() as session:
        documents.ensure(session, Kind.DONOR_CRITERIA, by=next(iter(people.values())), at=at)
    return people


def all_negative() -> dict[str, str]:
    return {marker.id: "negative" for marker in CRITERIA.panel}


def donor_facts(
    code: str = "DN-2026-0142", *, at: datetime, covers: str = "clinical", **answers: str
) -> DonorFacts:
    return DonorFacts(
        code,
        AnswerFacts(ANSWERS | answers),
        ConsentFacts("CF-3", (at - timedelta(days=20)).date(), covers),
    )


def make_donor(
    session: Session, code: str = "DN-2026-0142", *, by: Actor, at: datetime, **answers: str
) -> Donor:
    """A healthy donor with a vaginal delivery and consent; `answers` replaces single answers."""
    documents.ensure(session, Kind.DONOR_CRITERIA, by=by, at=at)
    return donors.register(
        Act(session, by, at, entry_id=entry_id()), donor_facts(code, at=at, **answers)
    )


def make_cord(
    session: Session, donor: Donor, *, born_at: datetime, by: Actor, at: datetime, **receipt: str
) -> Cord:
    """A cord collected ten minutes after the birth (or at receipt, if that is earlier) in a good
    jar; one of twins where the donor has another.
    """
    collected_at = min(born_at + timedelta(minutes=10), at)
    facts = CordFacts(donor.code, born_at, collected_at, RECEIPT | receipt, another_cord=True)
    return cords.receive(Act(session, by, at, entry_id=entry_id()), facts)


def make_results(
    session: Session,
    donor: Donor,
    *,
    sampled_at: datetime,
    by: Actor,
    at: datetime,
    results: Mapping[str, str] | None = None,
) -> Donor:
    """The whole panel, negative; `results` replaces single results."""
    facts = SampleFacts(sampled_at, LABORATORY, all_negative() | dict(results or {}))
    return blood_samples.record_sample(Act(session, by, at, entry_id=entry_id()), donor.id, facts)


def determine(
    session: Session, donor: Donor, verdict: str = "eligible", *, by: Actor, at: datetime
) -> Any:
    """The determination signed by QA as `by`; whoever is ineligible is found so with a reason."""
    why = "Travelled in an area of risk" if verdict == "ineligible" else None
    facts = eligibility.facts_of(session, donor.id, verdict, at)
    seal = Seal(reviewed(facts), "password", why)
    return eligibility.determine(
        Act(session, by, at, entry_id=entry_id()), donor.id, verdict, seal=seal
    )


def decide(
    session: Session,
    cord: Cord,
    verdict: str = "accepted",
    *,
    by: Actor,
    at: datetime,
    comment: str | None = None,
) -> Cord:
    """The cord accepted (or rejected) by QA as `by`."""
    seal = Seal(reviewed(cords.facts_of(session, cord.id, verdict)), "password", comment)
    return cords.decide(Act(session, by, at, entry_id=entry_id()), cord.id, verdict, seal=seal)


def make_accepted_cord(
    session: Session,
    *,
    by: Actor,
    qa: Actor,
    at: datetime,
    born_at: datetime | None = None,
    code: str = "DN-2026-0142",
) -> Cord:
    """Donor, cord, negative results, determination and acceptance, all at one moment.

    Born two hours before unless said.
    """
    born = born_at or at - timedelta(hours=2)
    donor = make_donor(session, code, by=by, at=at)
    cord = make_cord(session, donor, born_at=born, by=by, at=at)
    make_results(session, donor, sampled_at=born + timedelta(minutes=5), by=by, at=at)
    determine(session, donor, by=qa, at=at)
    return decide(session, cord, by=qa, at=at)


def judge_deviations(session: Session, found: Any, *, by: Actor, at: datetime) -> None:
    """Bring deviations to judged, as QA would, without the pages of QA."""
    for deviation in found:
        for becomes in ("assessed", "judged"):
            states.move(
                Act(session, by, at), deviation, deviations.AXIS, becomes, allowed=deviations.MOVES
            )
            Act(session, by, at).say(f"deviation.{becomes}", deviation, scope=deviation.scope)
