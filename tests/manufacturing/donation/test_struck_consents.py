"""A consent or a withdrawal that was entered by mistake is struck out by a second person with a
reason: it stays legible, and what stands beside it is judged anew."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from integrity import signatures
from integrity.acts import Act
from integrity.findings import Refused
from integrity.trail import Event
from integrity.verification import verify
from manufacturing.donation import donors, eligibility
from manufacturing.donation.donations import Donor
from manufacturing.donation.donors import ConsentFacts
from manufacturing.donation.rule_ids import DonationRule
from manufacturing.donation.rules import donors as rules, separation
from qc.deviations import openings
from tests.makers import release
from tests.makers.donors import determine, make_accepted_cord, make_donation_people
from tests.makers.people import entry_id, make_person, post, sign_in
from tests.manufacturing.donation.test_donors import MORNING, ROLES

WHY = "It was the consent of another donor of that day."


@pytest.mark.parametrize(
    ("is_standing", "others", "found"),
    [
        (True, 1, []),
        (True, 0, [DonationRule.LAST_CONSENT]),
        (False, 1, [DonationRule.STRUCK_ALREADY]),
        (False, 0, [DonationRule.STRUCK_ALREADY]),
    ],
)
def test_what_stands_is_struck_out_and_never_the_last_of_it(is_standing, others, found):
    assert [each.rule for each in rules.judge_strike(is_standing, others)] == found


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(("by", "is_refused"), [("one", True), ("two", False)])
def test_who_recorded_it_does_not_strike_it_out(by, is_refused):
    found = [each.rule for each in separation.may_strike("one", by)]
    assert found == [DonationRule.CORRECTOR_RECORDED] * is_refused


class Donation:
    """A donor with an accepted cord, and two people who record consents."""

    def __init__(self, session, people):
        self.session, self.people = session, people
        self.by, self.qa = people["technician"], people["qa"]
        self.other = make_person(session, "technician", username="technician2", at=MORNING)
        cord = make_accepted_cord(session, by=self.by, qa=self.qa, at=MORNING)
        self.donor = session.get_one(Donor, cord.donor_id)

    def consent(self, state, days=0, by=None):
        day = MORNING.date() - timedelta(days=days)
        facts = ConsentFacts("CF-3", day, "clinical", state, "The hospital told it by telephone.")
        donors.change_consent(self.act(by or self.by), self.donor.id, facts)
        return eligibility.consents_of(self.session, self.donor.id)[-1]

    def act(self, by):
        return Act(self.session, by, MORNING, entry_id=entry_id())

    def strike(self, consent, by=None, reason=WHY):
        donors.strike_consent(self.act(by or self.other), self.donor.id, consent.id, reason)

    @property
    def holds(self):
        return eligibility.consent_in_force(self.session, self.donor.id)

    @property
    def eligible(self):
        return eligibility.eligibility(self.session, self.donor.id)


@pytest.fixture
def donation(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    with database.writing() as session:
        yield Donation(session, people)


@pytest.mark.req("QC-15", "EBR-08", "IAM-03")
def test_a_withdrawal_of_another_donor_is_struck_out_and_the_consent_holds_again(donation):
    withdrawn = donation.consent("withdrawn")
    (deviation,) = eligibility.deviations_of(donation.session, donation.donor.id)
    assert openings.stands(donation.session, deviation)
    with pytest.raises(Refused, match="Another person"):
        donation.strike(withdrawn, donation.by)
    with pytest.raises(Refused, match="characters"):
        donation.strike(withdrawn, reason="no")
    assert donation.holds.state == "withdrawn"
    donation.strike(withdrawn)
    assert (donation.holds.state, donation.eligible) == ("given", "open")
    assert not openings.stands(donation.session, deviation)  # QA may judge it otherwise now
    with pytest.raises(Refused, match="struck out meanwhile"):
        donation.strike(withdrawn)
    every = eligibility.consents_of(donation.session, donation.donor.id)
    assert [each.state for each in every] == ["given", "withdrawn", "struck"]
    asked = select(Event).where(Event.action == "donor.consent_struck")
    [event] = donation.session.scalars(asked)
    assert (event.said["reason"], event.said["details"]["consent"]) == (WHY, "withdrawn")
    assert verify(donation.session).faults == []


@pytest.mark.req("QC-15")
def test_a_consent_given_again_by_mistake_leaves_the_withdrawal_which_is_judged(donation):
    donation.consent("withdrawn", days=1)
    again = donation.consent("given", by=donation.other)
    donation.strike(again, donation.by)
    assert donation.holds.state == "withdrawn"
    found = eligibility.deviations_of(donation.session, donation.donor.id)
    assert {each.rule for each in found} == {DonationRule.CONSENT_WITHDRAWN}
    against = eligibility.against(donation.session, donation.donor.id, MORNING)
    assert against


@pytest.mark.req("QC-15")
def test_the_only_consent_is_struck_out_once_the_right_one_is_recorded(donation):
    wrong = donation.holds
    with pytest.raises(Refused, match="record the right one first"):
        donation.strike(wrong)
    right = donation.consent("given", days=400)  # of an earlier day: it does not hold yet
    assert donation.holds is wrong
    donation.strike(wrong)
    assert donation.holds is right


@pytest.mark.req("QC-15", "SIG-05")
def test_who_determines_the_donor_sees_what_was_struck_out_and_why(donation):
    withdrawn = donation.consent("withdrawn")
    donation.strike(withdrawn)
    shown = [
        each
        for _, each in signatures_shown(donation, determine_again(donation))
        if "Struck out" in each
    ]
    assert any(WHY in each and "technician2" in each for each in shown)


def determine_again(donation):
    (deviation,) = eligibility.deviations_of(donation.session, donation.donor.id)
    release.assess(donation.session, deviation, by=donation.qa, at=MORNING)
    release.judge(donation.session, deviation, by=donation.qa, at=MORNING)
    return determine(donation.session, donation.donor, by=donation.qa, at=MORNING)


def signatures_shown(donation, made):
    (signed,) = signatures.of(donation.session, made)
    return signatures.signed_facts(donation.session, signed)


@pytest.mark.req("QC-15", "EBR-08")
def test_the_page_leads_to_it_and_shows_both(application, sqlite):
    people = make_donation_people(sqlite, *ROLES, at=MORNING)
    with sqlite.writing() as session:
        made = Donation(session, people)
        code, number = made.donor.code, made.consent("withdrawn").id
    client, address = application.test_client(), f"/donors/{code}/consent/{number}/strike"
    sign_in(client, "technician2")
    assert address in client.get(f"/donors/{code}").text
    assert "characters" in post(client, address, reason="no").text
    assert post(client, address, reason=WHY).status_code == 303
    page = client.get(f"/donors/{code}").text
    assert WHY in page and "Struck out" in page and address not in page
    assert client.get(f"/donors/{code}/consent/999999/strike").status_code == 404
