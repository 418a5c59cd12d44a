"""Made-up donations: a donor who meets the criteria, her tests, and a cord in its jar."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from integrity import signatures
from integrity.acts import Act
from integrity.database import Session
from integrity.trail import Actor
from manufacturing.donation import (
    blood_samples,
    cords,
    criteria_register as criteria,
    donors,
    eligibility,
)
from manufacturing.donation.donations import Cord, Donor

ANSWERS = {
    "age": "29",
    "health": "healthy",
    "delivery": "vaginal",
    "gestation": "39.4",
    "rupture": "6",
    "fever": "none",
    "exclusions": "none",
    "haemodilution": "none",
}
RECEIPT = {
    "label": "match",
    "seal": "intact",
    "colour": "pearl",
    "weight": "42.6",
    "length": "31.5",
    "logger_lowest": "3.1",
    "logger_highest": "6.4",
}


def register_donor(session: Session, code: str, *, by: Actor, at: datetime) -> Donor:
    facts = donors.DonorFacts(
        code, donors.AnswerFacts(ANSWERS), donors.ConsentFacts("CF-3", at.date(), "clinical")
    )
    return donors.register(Act(session, by, at, entry_id=str(uuid.uuid4())), facts)


def receive_cord(
    session: Session,
    donor: Donor,
    born_at: datetime,
    *,
    by: Actor,
    at: datetime,
    is_twins: bool = False,
) -> Cord:
    collected_at = born_at + timedelta(minutes=12)
    facts = cords.CordFacts(donor.code, born_at, collected_at, RECEIPT, is_twins)
    return cords.receive(Act(session, by, at, entry_id=str(uuid.uuid4())), facts)


def record_tests(
    session: Session, donor: Donor, sampled_at: datetime, *, by: Actor, at: datetime
) -> None:
    """Every test of the panel, negative, in one sample of the mother's blood."""
    results = {test.id: "negative" for test in criteria.current(session, at).panel}
    facts = blood_samples.SampleFacts(sampled_at, "Laboratory 1", results)
    blood_samples.record_sample(Act(session, by, at, entry_id=str(uuid.uuid4())), donor.id, facts)


def determine_eligible(session: Session, donor: Donor, *, by: Actor, at: datetime) -> None:
    seal = signatures.seal(session, eligibility.facts_of(session, donor.id, "eligible", at))
    eligibility.determine(
        Act(session, by, at, entry_id=str(uuid.uuid4())), donor.id, "eligible", seal=seal
    )
