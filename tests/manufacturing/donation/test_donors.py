"""Donors.

Codes only, criteria that are judged, results, the signed determination and what makes it void.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from integrity import deviations, facts, signatures
from integrity.acts import Act
from integrity.database import Base
from integrity.findings import Refused, Stale, Weight
from integrity.signatures import Seal, reviewed
from integrity.trail import Event
from manufacturing.donation import (
    blood_samples,
    cord_corrections,
    cords,
    donors,
    eligibility,
    eligibility_facts,
)
from manufacturing.donation.blood_samples import CorrectionFacts
from manufacturing.donation.cords import CordFacts
from manufacturing.donation.donations import Donor
from manufacturing.donation.donors import AnswerFacts, ConsentFacts
from manufacturing.donation.rule_ids import DonationRule
from manufacturing.donation.rules import donors as rules
from tests.makers import release
from tests.makers.donors import (
    ANSWERS,
    CRITERIA,
    LABORATORY,
    RECEIPT,
    decide,
    determine,
    donor_facts,
    judge_deviations,
    make_accepted_cord,
    make_cord,
    make_donation_people,
    make_donor,
    make_results,
)
from tests.makers.people import entry_id, make_person
from tests.templates import MORNING

pytestmark = pytest.mark.state("people")

BORN = MORNING - timedelta(hours=2)
LAW = CRITERIA
ROLES = ("technician", "qa")


# The law
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["DN-2026-0142", "A1B", "0142", "D" * 23 + "1"])
def test_a_code_of_the_hospital_is_taken(code):
    assert rules.code_fault(code) is None


@pytest.mark.req("IAM-16")
@pytest.mark.parametrize(("code", "why"), [
    ("DN 0142", "blank"), ("Nguyen-1", "small letters"), ("NGUYEN-LAN", "no digit"),
    ("A1", "not a donor code"), ("", "not a donor code"),
    ("ĐN-0142", "not a donor code"), ("-DN-1", "not a donor code"),
    ("D" * 24 + "1", "not a donor code"), ("B26001706", "Cordbook's own"),
])  # fmt: skip
def test_what_may_be_a_name_is_refused_and_the_sentence_says_why(code, why):
    fault = rules.code_fault(code)
    assert fault.weight is Weight.BLOCKS and fault.field == "code" and why in fault.sentence()


@pytest.mark.req("IAM-16")
def test_no_table_of_a_donor_or_cord_has_a_column_for_a_name():
    tables = (
        "donors",
        "donor_answers",
        "donor_consents",
        "donor_tests",
        "determinations",
        "cords",
        "processing_starts",
    )
    columns = {column.name for table in tables for column in Base.metadata.tables[table].columns}
    assert not {
        column for column in columns if "name" in column and column != "username"
    } | columns & {"address", "phone", "surname"}


@pytest.mark.parametrize(("question", "inside", "outside"), [
    ("age", ["18", "45"], ["17.9", "45.1"]), ("gestation", ["37", "42"], ["36.9", "42.1"]),
    ("rupture", ["0", "18"], ["18.1"]),
    ("health", ["healthy"], ["not_healthy"]), ("delivery", ["vaginal"], ["caesarean"]),
    ("fever", ["none"], ["fever"]),
    ("exclusions", ["none"], ["found"]), ("haemodilution", ["none", "calculated"], ["diluted"]),
])  # fmt: skip
def test_each_criterion_is_judged_at_its_edges(question, inside, outside):
    for answer in inside:
        assert rules.judge(LAW.donor, ANSWERS | {question: answer}) == []
    for answer in outside:
        (finding,) = rules.judge(LAW.donor, ANSWERS | {question: answer})
        assert (finding.weight, finding.classification) == (
            Weight.DEVIATES,
            "major",
        ) and "criterion not met" in finding.sentence()


@pytest.mark.parametrize("answer", ["", "9.9", "66", "-1", "NaN", "Infinity", "abc", "1e99"])
def test_a_missing_or_senseless_age_is_refused(answer):
    assert [finding.weight for finding in rules.judge(LAW.donor, ANSWERS | {"age": answer})] == [
        Weight.BLOCKS
    ]


def test_every_missing_answer_is_named_at_once():
    assert {finding.field for finding in rules.judge(LAW.donor, {})} == set(ANSWERS)


@pytest.mark.parametrize(("result", "test", "weight", "classification"), [
    ("negative", "hbsag", None, None), ("not_done", "hbsag", None, None),
    ("reactive", "cmv", None, None),
    ("reactive", "hbsag", Weight.DEVIATES, "critical"),
    ("indeterminate", "hbsag", Weight.DEVIATES, "major"),
    ("positive", "hbsag", Weight.BLOCKS, "major"), ("negative", "measles", Weight.BLOCKS, "major"),
])  # fmt: skip
def test_a_reactive_marker_is_critical_unless_the_panel_accepts_it(
    result, test, weight, classification
):
    found = rules.judge_results(LAW, {test: result})
    assert [(finding.weight, finding.classification) for finding in found] == (
        [(weight, classification)] if weight else []
    )


@pytest.mark.parametrize(("offset", "inside"), [
    (timedelta(hours=-8), True), (timedelta(hours=-8, seconds=-1), False),
    (timedelta(days=7), True),
    (timedelta(days=8, hours=-8, seconds=-1), True), (timedelta(days=8, hours=-8), False),
])  # fmt: skip
def test_blood_is_drawn_from_the_day_of_the_birth_to_the_seventh_day_after_it(offset, inside):
    zone, born = ZoneInfo("UTC"), MORNING
    assert (rules.judge_sample(LAW.samples, born, born + offset, zone, "HBsAg") is None) is inside


def test_the_day_of_a_sample_is_the_calendar_day_of_the_site():
    evening = MORNING.replace(hour=16, minute=30)  # 23:30 in Viet Nam
    assert (
        rules.sample_day(evening, evening + timedelta(hours=1), ZoneInfo("Asia/Ho_Chi_Minh")) == 1
    )
    assert rules.sample_day(evening, evening + timedelta(hours=1), ZoneInfo("UTC")) == 0


# The acts
# -------------------------------------------------------------------------------------------------


def _refused(deed, session, *arguments, by, at):
    with pytest.raises(Refused) as refusal:
        deed(Act(session, by, at, entry_id()), *arguments)
    return " ".join(finding.sentence() for finding in refusal.value.findings)


def test_a_donor_outside_the_criteria_is_recorded_with_a_deviation_each(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    with database.writing() as session:
        donor = make_donor(
            session, by=people["technician"], at=MORNING, delivery="caesarean", age="47"
        )
        found = eligibility.deviations_of(session, donor.id)
        assert [(made.rule, made.classification, made.scope) for made in found] == [
            (DonationRule.CRITERION_FIGURE, "major", donor.code),
            (DonationRule.CRITERION_ANSWER, "major", donor.code),
        ]
        newest = session.scalars(select(Event).order_by(Event.seq.desc()).limit(1)).one()
        assert (newest.action, newest.scope) == ("donor.registered", donor.code)


def test_the_same_entry_twice_is_one_donor_and_the_same_code_is_refused(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    facts, entry = donor_facts(at=MORNING), entry_id()
    with database.writing() as session:
        first = donors.register(Act(session, people["technician"], MORNING, entry_id=entry), facts)
        assert (
            donors.register(Act(session, people["technician"], MORNING, entry_id=entry), facts).id
            == first.id
        )
        assert session.scalar(select(func.count()).select_from(Donor)) == 1
        assert "registered already" in _refused(
            donors.register, session, facts, by=people["technician"], at=MORNING
        )


def test_all_faults_of_a_registration_are_said_at_once(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    facts = donors.DonorFacts(
        "Lan Anh", AnswerFacts({"age": "29"}), ConsentFacts("", date(2026, 12, 1), "everything")
    )
    with database.writing() as session:
        said = _refused(donors.register, session, facts, by=people["technician"], at=MORNING)
    for words in ("may be a name", "Delivery", "consent form", "future", "what the consent covers"):
        assert words in said


@pytest.mark.req("QC-15")
def test_a_donor_is_open_until_every_required_test_is_there_and_qa_has_signed(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by, qa = people["technician"], people["qa"]
    with database.writing() as session:
        donor = make_donor(session, by=by, at=MORNING)
        with pytest.raises(
            Refused, match=r"No acceptable result yet: Anti-HIV-1/2, .*No cord of this donor"
        ):
            determine(session, donor, by=qa, at=MORNING)
        make_cord(session, donor, born_at=BORN, by=by, at=MORNING)
        make_results(
            session, donor, sampled_at=BORN, by=by, at=MORNING, results={"hcv_nat": "not_done"}
        )
        with pytest.raises(Refused, match=r"No acceptable result yet: HCV NAT\."):
            determine(session, donor, by=qa, at=MORNING)
        assert eligibility.eligibility(session, donor.id) == "open"
        make_results(session, donor, sampled_at=BORN, by=by, at=MORNING)
        made = determine(session, donor, by=qa, at=MORNING)
        assert eligibility.eligibility(session, donor.id) == "eligible"
        assert "eligible, determined by Quality assurance 1" in eligibility.eligibility_statement(
            session, donor.id
        )
        (signed,) = signatures.of(session, made)
        shown = dict(signatures.signed_facts(session, signed))
        panel = [eligibility_facts.marker_fact(LAW, marker.id) for marker in LAW.panel]
        assert {facts.shown(each) for each in panel} <= set(shown)
        assert {question.label for question in LAW.donor} <= set(shown) and shown[
            "Determination"
        ] == "eligible"


@pytest.mark.req("QC-15")
def test_a_reactive_marker_contradicts_eligible_until_the_result_is_corrected_and_qa_has_judged(
    database,
):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by, qa = people["technician"], people["qa"]
    with database.writing() as session:
        donor = make_donor(session, by=by, at=MORNING)
        cord = make_cord(session, donor, born_at=BORN, by=by, at=MORNING)
        make_results(
            session, donor, sampled_at=BORN, by=by, at=MORNING, results={"hbsag": "reactive"}
        )
        (deviation,) = eligibility.deviations_of(session, donor.id)
        assert (deviation.classification, deviation.scope) == ("critical", cord.code)
        with pytest.raises(Refused, match="HBsAg is reactive.*is not judged yet"):
            determine(session, donor, by=qa, at=MORNING)
        wrong = next(
            test for test in eligibility.tests_of(session, donor.id) if test.result == "reactive"
        )
        facts = CorrectionFacts(
            "negative", BORN, LABORATORY, "Typed beside the line of another donor"
        )
        assert "You recorded what speaks against it" in _refused(
            blood_samples.correct_test, session, donor.id, wrong.id, facts, by=by, at=MORNING
        )
        other = make_person(session, "technician", username="technician2", at=MORNING)
        blood_samples.correct_test(
            Act(session, other, MORNING, entry_id=entry_id()), donor.id, wrong.id, facts
        )
        assert "corrected already" in _refused(
            blood_samples.correct_test, session, donor.id, wrong.id, facts, by=by, at=MORNING
        )
        assert len(eligibility.tests_of(session, donor.id)) == len(LAW.panel) + 1
        judge_deviations(session, [deviation], by=qa, at=MORNING)
        (signed,) = signatures.of(session, determine(session, donor, by=qa, at=MORNING))
        assert eligibility.eligibility(session, donor.id) == "eligible"
        said = [
            value for term, value in signatures.signed_facts(session, signed) if "HBsAg" in term
        ]
        assert len(said) == 2 and said[0].startswith("Negative") and "Reactive" in said[1]
        assert "by technician1" in said[1] and "by technician2" in said[1]


def test_an_answer_or_check_that_fails_is_put_right_by_another_person(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by, at = people["technician"], MORNING
    with database.writing() as session:
        other = make_person(session, "technician", username="technician2", at=at)
        donor = make_donor(session, by=by, at=at, age="47")
        cord = make_cord(session, donor, born_at=BORN, by=by, at=at, seal="broken")
        younger = AnswerFacts(ANSWERS | {"age": "27"}, reason="Misread from the form.")
        sealed = (
            cord.id,
            CordFacts(donor.code, cord.born_at, cord.collected_at, RECEIPT),
            "The seal was whole.",
        )
        for act, told in (
            (donors.correct_answers, (donor.id, younger)),
            (cord_corrections.correct, sealed),
        ):
            assert "Another person" in _refused(act, session, *told, by=by, at=at)
            act(Act(session, other, at, entry_id=entry_id()), *told)
        make_results(session, donor, sampled_at=BORN, by=by, at=at)
        found = {*eligibility.deviations_of(session, donor.id), *cords.deviations_of(session, cord)}
        judge_deviations(session, found, by=other, at=at)
        (signed,) = signatures.of(session, determine(session, donor, by=people["qa"], at=at))
        shown = signatures.signed_facts(session, signed)
        assert any("47" in value and "by technician2" in value for _, value in shown)


def _reverse(session, donor, by, reason):
    pairs = eligibility.facts_of(session, donor.id, "eligible", MORNING)
    seal, act = Seal(reviewed(pairs), "password", reason), Act(session, by, MORNING, entry_id())
    return eligibility.determine(act, donor.id, "eligible", seal=seal)


@pytest.mark.req("QC-15", "AUD-03")
@pytest.mark.parametrize("is_news", [True, False])
def test_a_donor_found_ineligible_is_eligible_again_with_a_reason_and_news_or_a_second_person(
    database, is_news
):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by, qa = people["technician"], people["qa"]
    why = "The travel was to another country."
    with database.writing() as session:
        other = make_person(session, "qa", username="qa2", at=MORNING)
        cord = make_accepted_cord(session, by=by, qa=qa, at=MORNING)
        donor = session.get_one(Donor, cord.donor_id)
        determine(session, donor, "ineligible", by=qa, at=MORNING)
        if is_news:
            make_results(session, donor, sampled_at=BORN, by=by, at=MORNING)
        else:
            with pytest.raises(Refused, match="You found this donor ineligible"):
                _reverse(session, donor, qa, why)
        able = qa if is_news else other
        with pytest.raises(Refused, match="Say why"):
            _reverse(session, donor, able, None)
        (signed,) = signatures.of(session, _reverse(session, donor, able, why))
        assert eligibility.eligibility(session, donor.id) == "eligible"
        before = dict(signatures.signed_facts(session, signed))["Found before"]
        assert "ineligible" in before and "Travelled in an area of risk" in before


def test_ineligible_can_always_be_signed_and_takes_accepted_cords_back(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    with database.writing() as session:
        cord = make_accepted_cord(session, by=people["technician"], qa=people["qa"], at=MORNING)
        determine(
            session,
            session.get_one(Donor, cord.donor_id),
            "ineligible",
            by=people["qa"],
            at=MORNING,
        )
        assert eligibility.eligibility(session, cord.donor_id) == "ineligible"
        assert cords.standing(session, cord) == "quarantine"


def _another_sample(session, donor, by):
    make_results(session, donor, sampled_at=BORN, by=by, at=MORNING)


def _corrected_answers(session, donor, by):
    facts = AnswerFacts(ANSWERS | {"age": "30"}, reason="Age taken from the wrong line")
    donors.correct_answers(Act(session, by, MORNING, entry_id=entry_id()), donor.id, facts)


def _withdrawn(session, donor, by):
    facts = ConsentFacts(
        "CF-3", MORNING.date(), "clinical", "withdrawn", "The donor asked the hospital to"
    )
    donors.change_consent(Act(session, by, MORNING, entry_id=entry_id()), donor.id, facts)


def _another_cord(session, donor, by):
    make_cord(session, donor, born_at=BORN, by=by, at=MORNING)


@pytest.mark.req("SIG-05")
@pytest.mark.parametrize("change", [_another_sample, _corrected_answers, _withdrawn, _another_cord])
def test_whatever_is_recorded_after_the_determination_makes_it_void(database, change):
    people = make_donation_people(database, *ROLES, at=MORNING)
    with database.writing() as session:
        cord = make_accepted_cord(session, by=people["technician"], qa=people["qa"], at=MORNING)
        donor = session.get_one(Donor, cord.donor_id)
        assert eligibility.eligibility(session, donor.id) == "eligible" and not eligibility.is_void(
            session, donor.id
        )
        change(session, donor, people["technician"])
        assert eligibility.eligibility(session, donor.id) == "open" and eligibility.is_void(
            session, donor.id
        )
        assert cords.standing(session, cord) == "quarantine"
        assert len(signatures.of(session, eligibility.determinations_of(session, donor.id)[0])) == 1
        assert "not complete" in eligibility.eligibility_statement(session, donor.id)


def _given(session, donor, by, day):
    facts = ConsentFacts("CF-3", day, "clinical", "given", "It was another donor who withdrew.")
    donors.change_consent(Act(session, by, MORNING, entry_id=entry_id()), donor.id, facts)


@pytest.mark.req("QC-15")
def test_a_withdrawal_on_the_wrong_donor_is_put_right_by_another_person_and_judged(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by, qa, today = people["technician"], people["qa"], MORNING.date()
    with database.writing() as session:
        other = make_person(session, "technician", username="technician2", at=MORNING)
        cord = make_accepted_cord(session, by=by, qa=qa, at=MORNING)
        donor = session.get_one(Donor, cord.donor_id)
        _withdrawn(session, donor, by)
        with pytest.raises(Refused, match="Another person"):
            _given(session, donor, by, today)
        _given(session, donor, other, today - timedelta(days=200))
        assert eligibility.consent_in_force(session, donor.id).state == "withdrawn"
        (deviation,) = eligibility.deviations_of(session, donor.id)
        release.assess(session, deviation, by=qa, at=MORNING)
        with pytest.raises(Refused, match="no other decision"):
            release.judge(session, deviation, by=qa, at=MORNING)
        _given(session, donor, other, today)
        release.judge(session, deviation, by=qa, at=MORNING)
        (signed,) = signatures.of(session, determine(session, donor, by=qa, at=MORNING))
        assert eligibility.eligibility(session, donor.id) == "eligible"
        shown = [v for t, v in signatures.signed_facts(session, signed) if "does not hold" in t]
        assert any("Withdrawn" in each and "by technician1" in each for each in shown)
        _withdrawn(session, donor, by)
        assert len(eligibility.deviations_of(session, donor.id)) == 2


def test_a_withdrawn_consent_is_critical_and_only_a_rejection_can_follow(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    with database.writing() as session:
        cord = make_accepted_cord(session, by=people["technician"], qa=people["qa"], at=MORNING)
        donor = session.get_one(Donor, cord.donor_id)
        _withdrawn(session, donor, people["technician"])
        (deviation,) = eligibility.deviations_of(session, donor.id)
        assert (deviation.classification, deviation.consequence, deviation.scope) == (
            "critical",
            "reject",
            cord.code,
        )
        assert any(
            "only a rejection" in each.sentence()
            for each in eligibility.against(session, donor.id, MORNING)
        )


@pytest.mark.parametrize("sample_first", [True, False])
def test_a_sample_outside_its_days_is_a_deviation_whichever_is_recorded_first(
    database, sample_first
):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by, born, drawn = (
        people["technician"],
        MORNING - timedelta(hours=2),
        MORNING - timedelta(days=3),
    )
    with database.writing() as session:
        donor = make_donor(session, by=by, at=MORNING)
        if sample_first:
            make_results(session, donor, sampled_at=drawn, by=by, at=MORNING)
        cord = make_cord(session, donor, born_at=born, by=by, at=MORNING)
        if not sample_first:
            make_results(session, donor, sampled_at=drawn, by=by, at=MORNING)
        (deviation,) = eligibility.deviations_of(session, donor.id)
        assert (deviation.rule, deviation.scope, deviation.classification) == (
            DonationRule.SAMPLE_WINDOW,
            cord.code,
            "major",
        )


def test_a_sample_of_the_future_or_without_a_laboratory_is_refused(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    with database.writing() as session:
        donor = make_donor(session, by=people["technician"], at=MORNING)
        facts = blood_samples.SampleFacts(MORNING + timedelta(seconds=1), "", {})
        said = _refused(
            blood_samples.record_sample,
            session,
            donor.id,
            facts,
            by=people["technician"],
            at=MORNING,
        )
    assert "future" in said and "laboratory" in said and "at least one result" in said


def test_a_correction_needs_a_reason_and_a_difference(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by = people["technician"]
    with database.writing() as session:
        donor = make_donor(session, by=by, at=MORNING)
        assert "Say why" in _refused(
            donors.correct_answers,
            session,
            donor.id,
            AnswerFacts(ANSWERS | {"age": "30"}),
            by=by,
            at=MORNING,
        )
        same = AnswerFacts(ANSWERS, reason="A good enough reason")
        assert "Nothing is different" in _refused(
            donors.correct_answers, session, donor.id, same, by=by, at=MORNING
        )


@pytest.mark.req("SIG-16")
def test_a_determination_over_facts_that_changed_is_refused_as_stale(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by, qa = people["technician"], people["qa"]
    with pytest.raises(Stale), database.writing() as session:
        donor = make_donor(session, by=by, at=MORNING)
        make_cord(session, donor, born_at=BORN, by=by, at=MORNING)
        make_results(session, donor, sampled_at=BORN, by=by, at=MORNING)
        seal = Seal(
            reviewed(eligibility.facts_of(session, donor.id, "eligible", MORNING)),
            "password",
        )
        make_results(session, donor, sampled_at=BORN + timedelta(minutes=1), by=by, at=MORNING)
        eligibility.determine(
            Act(session, qa, MORNING, entry_id=entry_id()), donor.id, "eligible", seal=seal
        )


def test_the_same_determination_is_not_signed_twice(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    with database.writing() as session:
        cord = make_accepted_cord(session, by=people["technician"], qa=people["qa"], at=MORNING)
        with pytest.raises(Refused, match="determined eligible already"):
            determine(session, session.get_one(Donor, cord.donor_id), by=people["qa"], at=MORNING)


def test_twins_share_the_donor_and_each_cord_has_the_deviation(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by = people["technician"]
    with database.writing() as session:
        donor = make_donor(session, by=by, at=MORNING)
        both = [
            make_cord(session, donor, born_at=BORN + timedelta(minutes=m), by=by, at=MORNING)
            for m in (0, 9)
        ]
        make_results(
            session, donor, sampled_at=BORN, by=by, at=MORNING, results={"syphilis": "reactive"}
        )
        assert {made.scope for made in eligibility.deviations_of(session, donor.id)} == {
            cord.code for cord in both
        }
        assert all(len(cords.deviations_of(session, cord)) == 1 for cord in both)
        assert (
            decide(
                session,
                both[0],
                "rejected",
                by=people["qa"],
                at=MORNING,
                comment="A reactive marker",
            )
            and len(deviations.in_scopes(session, [both[0].id])) == 1
        )
