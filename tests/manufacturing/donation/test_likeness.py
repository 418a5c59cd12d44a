"""A donor whose code reads like another's, and a second cord of one birth, are asked about."""

from dataclasses import replace
from datetime import timedelta

import pytest

from integrity.acts import Act
from integrity.findings import Refused
from manufacturing.donation import cords, donors
from manufacturing.donation.cords import CordFacts
from manufacturing.donation.rule_ids import DonationRule
from manufacturing.donation.rules import cords as cord_rules, donors as donor_rules
from tests.makers.donors import RECEIPT, donor_facts, make_donation_people, make_donor
from tests.makers.people import entry_id, post, sign_in
from tests.templates import MORNING

BORN = MORNING - timedelta(hours=2)
MONTH = timedelta(days=30)
MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.req("QC-15")
@pytest.mark.parametrize(
    ("code", "is_asked"),
    [
        ("DN-2026-O142", True),  # a letter for the nought
        ("DN-2O26-0I42", True),
        ("DN20260142", True),
        ("DN-2026-0143", False),
        ("DN-2026-01420", False),
        ("DN-2026-0142", False),  # the very same is refused, not asked about
    ],
)
def test_a_code_that_reads_like_a_registered_one_is_asked_about(code, is_asked):
    registered = ["DN-2026-0142", "DN-2026-0199"]
    found = donor_rules.judge_likeness(code, registered, is_another=False)
    assert [each.rule for each in found] == [DonationRule.DONOR_ALIKE] * is_asked
    assert donor_rules.judge_likeness(code, registered, is_another=True) == []


@pytest.mark.req("QC-15")
@pytest.mark.parametrize(
    ("apart", "is_asked"),
    [
        (timedelta(0), True),
        (timedelta(minutes=9), True),
        (-MONTH, True),  # no mother is delivered twice in a month: a wrong day
        (MONTH + MILLISECOND, False),
        (-MONTH - MILLISECOND, False),
    ],
)
def test_a_second_cord_of_one_birth_is_asked_about(apart, is_asked):
    known = [("C26000101", BORN)]
    found = cord_rules.judge_likeness(BORN + apart, known, is_another=False)
    assert [each.rule for each in found] == [DonationRule.CORD_KNOWN] * is_asked
    assert cord_rules.judge_likeness(BORN + apart, known, is_another=True) == []
    assert cord_rules.judge_likeness(BORN, [], is_another=False) == []


@pytest.mark.state("people")
@pytest.mark.req("QC-15")
def test_a_donor_whose_code_reads_the_same_is_registered_when_she_is_another(database):
    by = make_donation_people(database, "technician", at=MORNING)["technician"]
    facts = donor_facts("DN-2026-O142", at=MORNING)
    with database.writing() as session:
        make_donor(session, by=by, at=MORNING)
    with database.writing() as session, pytest.raises(Refused, match=r"the same: DN-2026-0142\."):
        donors.register(Act(session, by, MORNING, entry_id=entry_id()), facts)
    with database.writing() as session:
        act = Act(session, by, MORNING, entry_id=entry_id())
        assert donors.register(act, replace(facts, another_donor=True)).code == "DN-2026-O142"


@pytest.mark.state("people")
@pytest.mark.req("QC-15")
def test_a_cord_received_twice_is_asked_about_and_that_of_a_twin_is_received(database):
    by = make_donation_people(database, "technician", at=MORNING)["technician"]
    facts = CordFacts("DN-2026-0142", BORN, BORN + timedelta(minutes=5), RECEIPT)

    def receive(session, facts):
        return cords.receive(Act(session, by, MORNING, entry_id=entry_id()), facts).code

    with database.writing() as session:
        make_donor(session, by=by, at=MORNING)
        first = receive(session, facts)
    with database.writing() as session, pytest.raises(Refused, match="on record already: C26"):
        receive(session, replace(facts, born_at=BORN + timedelta(minutes=1)))
    with database.writing() as session:
        assert receive(session, replace(facts, another_cord=True)) != first


@pytest.mark.state("people")
@pytest.mark.req("QC-15")
def test_the_pages_ask_with_a_link_to_what_is_on_record(application, sqlite):
    by = make_donation_people(sqlite, "technician", at=MORNING)["technician"]
    with sqlite.writing() as session:
        make_donor(session, by=by, at=MORNING)
        facts = CordFacts("DN-2026-0142", BORN, BORN, RECEIPT)
        cord = cords.receive(Act(session, by, MORNING, entry_id=entry_id()), facts)
    client = application.test_client()
    sign_in(client, "technician1")
    donor = donor_facts("DN-2026-O142", at=MORNING)
    typed = {"code": donor.code, **donor.answers.answers, "form_version": "CF-3"}
    typed |= {"day": donor.consent.day.isoformat(), "covers": "clinical"}
    answer = post(client, "/donors/new", **typed)
    assert answer.status_code == 409
    assert 'href="/donors/DN-2026-0142"' in answer.get_data(as_text=True)
    assert post(client, "/donors/new", **typed, another_donor="y").status_code == 303
    arrived = {"donor_code": "DN-2026-0142", **RECEIPT}
    arrived |= {"born_at": "2026-11-02 06:00 Z", "collected_at": "2026-11-02 06:10 Z"}
    answer = post(client, "/cords/new", **arrived)
    assert answer.status_code == 409
    assert f'href="/codes/{cord.code}"' in answer.get_data(as_text=True)
    assert post(client, "/cords/new", **arrived, another_cord="y").status_code == 303
