"""Donor criteria as a document.

Read strictly, in force before a donor, named by what rests on them.
"""

from datetime import timedelta

import pytest

from documents import approval, register
from documents.faults import InvalidDocument
from documents.kinds import Kind
from integrity import signatures
from integrity.findings import Refused
from manufacturing.donation import criteria_register, eligibility
from manufacturing.donation.donations import Cord, DonorAnswers
from manufacturing.donation.window import window_of
from tests.makers import documents
from tests.makers.donors import (
    determine,
    make_accepted_cord,
    make_cord,
    make_donation_people,
    make_donor,
    make_results,
)
from tests.makers.people import make_people
from tests.templates import MORNING

SHIPPED = criteria_register.HANDLING.shipped.read_text("utf-8")
STRICTER = SHIPPED.replace('high = "45"', 'high = "28"').replace(
    'max = { value = "24", unit = "h" }', 'max = { value = "20", unit = "h" }'
)


@pytest.mark.parametrize(
    ("old", "new", "place", "piece"),
    [
        ('code = "DC-UCMSC"', 'code = "dc 1"', "document › code", "cannot be a code"),
        ('low = "18"', "low = 18", "donor[0] ‘age’ › low", "in quotes"),
        ('low = "18"', 'low = "50"', "donor[0] ‘age’", "above “high”"),
        ('low = "18"', 'lowest = "18"', "donor[0] ‘age’ › lowest", "did you mean “low”"),
        (
            'plausible = ["10", "65"]',
            'plausible = ["65", "10"]',
            "donor[0] ‘age’ › plausible",
            "above",
        ),
        ('id = "health"', 'id = "age"', "donor", "stands here 2 times"),
        ('type = "choice"', 'type = "tick"', "donor[1] ‘health’ › type", "not known here"),
        (
            'verdict = "accept" },',
            'verdict = "yes" },',
            "consent › scopes[0] ‘clinical’ › verdict",
            "not known here",
        ),
        ('acceptable = ["negative"]', 'acceptable = ["good"]', "acceptable", "is no result"),
        ('value = "24", unit = "h"', 'value = "24", unit = "mL"', "window › max", "is no time"),
        ('first_day = "0"', 'first_day = "9"', "samples", "after “last_day”"),
        ("[consent]", "[consents]", "", "“consent” is missing"),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_its_place_and_its_line(old, new, place, piece):
    assert old in SHIPPED
    with pytest.raises(InvalidDocument) as invalid:
        criteria_register.HANDLING.read(SHIPPED.replace(old, new, 1).encode())
    found = [
        fault
        for fault in invalid.value.faults
        if place in fault.place and piece in fault.sentence()
    ]
    assert found and (not place or found[0].line)


def test_a_donor_is_refused_until_criteria_are_in_force(database):
    technician = make_people(database, "technician", "qa", at=MORNING)["technician"]
    facts = documents.import_document
    with database.writing() as session:
        made = facts(session, Kind.DONOR_CRITERIA, by=technician, at=MORNING)
        documents.sign(session, approval.author, made.id, by=technician, at=MORNING)
        with pytest.raises(Refused, match="another person of QA approves them"):
            criteria_register.in_force(session, MORNING)


def test_what_was_recorded_keeps_the_criteria_it_was_judged_by(database):
    people = make_donation_people(database, "technician", "qa", at=MORNING)
    by, qa, born = people["technician"], people["qa"], MORNING - timedelta(hours=2)
    with database.writing() as session:
        first = criteria_register.in_force(session, MORNING)[0]
        cord = make_accepted_cord(session, by=by, qa=qa, at=MORNING)
        second = documents.make_document(
            session, Kind.DONOR_CRITERIA, author=qa, approver=by, at=MORNING, data=STRICTER.encode()
        )
        assert (first.version, second.version) == (1, 2)
        assert register.in_force(session, Kind.DONOR_CRITERIA, MORNING).id == second.id
        later = make_donor(session, "DN-2", by=by, at=MORNING)
        other = make_cord(session, later, born_at=born, by=by, at=MORNING)
    with database.reading() as session:
        assert session.get_one(Cord, cord.id).criteria_id == first.id
        assert session.get_one(Cord, other.id).criteria_id == second.id
        statement = eligibility.eligibility_statement(session, cord.donor_id)
        assert f"under the criteria DC-UCMSC version 1, SHA-256 {first.sha256}" in statement
        assert not eligibility.deviations_of(session, cord.donor_id)
        assert "age" in str(eligibility.deviations_of(session, later.id)[0].sentence()).lower()
        left = [window_of(session, each, MORNING).left for each in (cord, other)]
        assert left == [timedelta(hours=22), timedelta(hours=18)]
        answers = session.get_one(DonorAnswers, 1)
        assert criteria_register.of(session, answers.criteria_id).donor[0].high == 45


def test_a_determination_signs_the_version_and_the_whole_digest(database):
    people = make_donation_people(database, "technician", "qa", at=MORNING)
    by, qa, born = people["technician"], people["qa"], MORNING - timedelta(hours=2)
    with database.writing() as session:
        donor = make_donor(session, by=by, at=MORNING)
        make_cord(session, donor, born_at=born, by=by, at=MORNING)
        make_results(session, donor, sampled_at=born + timedelta(minutes=5), by=by, at=MORNING)
        made = determine(session, donor, by=qa, at=MORNING)
        held = criteria_register.in_force(session, MORNING)[0]
        [signature] = eligibility.signatures_of(session, [made])
        signed = dict(signatures.signed_facts(session, signature))
    assert signed["Criteria"] == f"DC-UCMSC version 1, SHA-256 {held.sha256}"
    assert made.criteria_id == held.id
