"""Cords.

Received in a jar, judged, held in quarantine until the donor is eligible and QA has signed.
"""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from integrity.acts import Act
from integrity.findings import Refused, Weight
from integrity.verification import verify
from manufacturing.donation import cords, eligibility
from manufacturing.donation.cords import Cord, CordFacts
from manufacturing.donation.rule_ids import DonationRule
from manufacturing.donation.rules import cords as rules
from people import accounts
from stores import containers
from tests.makers.donors import (
    CRITERIA,
    RECEIPT,
    decide,
    determine,
    judge_deviations,
    make_accepted_cord,
    make_cord,
    make_donation_people,
    make_donor,
    make_results,
)
from tests.makers.people import entry_id, post, sign_in
from tests.makers.programs import problem, send
from tests.templates import MORNING

pytestmark = pytest.mark.state("people")

BORN = MORNING - timedelta(hours=2)
SECOND = timedelta(seconds=1)
LAW = CRITERIA
ROLES = ("technician", "qa")


# The law
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("check", "answer", "classification", "consequence"), [
    ("length", "10", None, None), ("length", "9.9", "major", "deviation"),
    ("seal", "broken", "major", "deviation"),
    ("label", "mismatch", "critical", "reject"), ("colour", "meconium", "minor", "deviation"),
    ("logger_lowest", "2", None, None), ("logger_lowest", "1.9", "major", "deviation"),
    ("logger_lowest", "0", "major", "deviation"),
    ("logger_lowest", "-0.1", "major", "reject"), ("logger_highest", "8", None, None),
    ("logger_highest", "8.1", "major", "deviation"),
    ("logger_highest", "30", "major", "deviation"), ("logger_highest", "30.1", "major", "reject"),
    ("logger_highest", "", None, None),
])  # fmt: skip
def test_each_receipt_check_is_judged_at_its_edges(check, answer, classification, consequence):
    found = rules.judge_receipt(LAW, RECEIPT | {check: answer})
    assert [(finding.weight, finding.classification, finding.consequence) for finding in found] == (
        [(Weight.DEVIATES, classification, consequence)] if classification else []
    )


def test_a_logger_whose_lowest_is_above_its_highest_is_refused():
    (finding,) = rules.judge_receipt(LAW, RECEIPT | {"logger_lowest": "7", "logger_highest": "3"})
    assert finding.weight is Weight.BLOCKS and "above its highest" in finding.sentence()


@pytest.mark.parametrize(("born", "collected", "words"), [
    (-2, -2, []), (0, 0, []), (1, 1, ["birth lies in the future", "collection lies in the future"]),
    (-2, -3, ["before the birth"]), (-2, 1, ["collection lies in the future"]),
    (-30 * 86400, -2, []), (-30 * 86400 - 1, -2, ["30 days"]),
])  # fmt: skip
def test_birth_collection_and_receipt_follow_one_another(born, collected, words):
    found = rules.judge_times(MORNING + born * SECOND, MORNING + collected * SECOND, now=MORNING)
    assert len(found) == len(words) and all(
        word in finding.sentence() for word, finding in zip(words, found, strict=True)
    )


# The acts
# -------------------------------------------------------------------------------------------------


def test_a_received_cord_has_its_code_its_jar_and_stands_in_quarantine(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    with database.writing() as session:
        donor = make_donor(session, by=people["technician"], at=MORNING)
        cord = make_cord(session, donor, born_at=BORN, by=people["technician"], at=MORNING)
        jar = containers.by_code(session, cord.jar_code)
        assert (cord.code[0], jar.kind, jar.scope, cord.received_at) == (
            "C",
            "jar",
            cord.code,
            MORNING,
        )
        assert (
            cords.standing(session, cord) == "quarantine"
            and cords.deviations_of(session, cord) == []
        )
        assert cords.by_jar(session, cord.jar_code) is cord
        assert (
            cords.scanned(session, f" {cord.jar_code.lower()} ") is cord
            and cords.scanned(session, cord.code) is cord
        )
        assert (
            cords.scanned(session, "B26001706") is None and cords.scanned(session, "junk") is None
        )


def test_the_same_entry_twice_is_one_cord(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    with database.writing() as session:
        donor, entry = make_donor(session, by=people["technician"], at=MORNING), entry_id()
        facts = CordFacts(donor.code, BORN, BORN, RECEIPT)
        made = [
            cords.receive(Act(session, people["technician"], MORNING, entry_id=entry), facts).id
            for _ in range(2)
        ]
        assert made[0] == made[1] and session.scalar(select(func.count()).select_from(Cord)) == 1


def test_every_fault_of_a_receipt_is_said_at_once_and_nothing_is_recorded(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    facts = CordFacts("DN-9", MORNING + SECOND, MORNING, {"label": "perhaps", "weight": "NaN"})
    with database.writing() as session, pytest.raises(Refused) as refusal:
        cords.receive(Act(session, people["technician"], MORNING, entry_id=entry_id()), facts)
    said = " ".join(finding.sentence() for finding in refusal.value.findings)
    for words in (
        "No donor is registered",
        "birth lies in the future",
        "before the birth",
        "Jar label",
        "Seal",
        "Weight",
        "Length",
    ):
        assert words in said
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Cord)) == 0


@pytest.mark.req("QC-15")
def test_a_cord_stays_in_quarantine_until_the_donor_is_eligible(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by, qa = people["technician"], people["qa"]
    with database.writing() as session:
        donor = make_donor(session, by=by, at=MORNING)
        cord = make_cord(session, donor, born_at=BORN, by=by, at=MORNING)
        with pytest.raises(Refused, match="eligibility is open: the cord stays in quarantine"):
            decide(session, cord, by=qa, at=MORNING)
        make_results(session, donor, sampled_at=BORN, by=by, at=MORNING)
        determine(session, donor, by=qa, at=MORNING)
        decide(session, cord, by=qa, at=MORNING)
        assert cords.standing(session, cord) == "accepted"


def test_a_transport_excursion_is_judged_by_qa_before_the_cord_is_accepted(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by, qa = people["technician"], people["qa"]
    with database.writing() as session:
        donor = make_donor(session, by=by, at=MORNING)
        cord = make_cord(session, donor, born_at=BORN, by=by, at=MORNING, logger_highest="9.5")
        make_results(session, donor, sampled_at=BORN, by=by, at=MORNING)
        determine(session, donor, by=qa, at=MORNING)
        (deviation,) = cords.deviations_of(session, cord)
        with pytest.raises(Refused, match=r"Deviation N\d+-\d\d is not judged"):
            decide(session, cord, by=qa, at=MORNING)
        judge_deviations(session, [deviation], by=qa, at=MORNING)
        decide(session, cord, by=qa, at=MORNING)


@pytest.mark.parametrize(
    "receipt", [{"logger_highest": "30.1"}, {"logger_lowest": "-0.1"}, {"label": "mismatch"}]
)
def test_after_frost_heat_or_a_wrong_label_only_a_rejection_can_follow(database, receipt):
    people = make_donation_people(database, *ROLES, at=MORNING)
    by, qa = people["technician"], people["qa"]
    with database.writing() as session:
        donor = make_donor(session, by=by, at=MORNING)
        cord = make_cord(session, donor, born_at=BORN, by=by, at=MORNING, **receipt)
        make_results(session, donor, sampled_at=BORN, by=by, at=MORNING)
        determine(session, donor, by=qa, at=MORNING)
        judge_deviations(session, cords.deviations_of(session, cord), by=qa, at=MORNING)
        with pytest.raises(Refused, match="only a rejection can follow"):
            decide(session, cord, by=qa, at=MORNING)
        decide(session, cord, "rejected", by=qa, at=MORNING, comment="As the criteria say")
        assert cords.standing(session, cord) == "rejected"
        jar = containers.by_code(session, cord.jar_code)
        assert containers.dispositions(session, [jar])[jar.id] == "rejected"
        with pytest.raises(Refused, match="is rejected and cannot become"):
            decide(session, cord, "rejected", by=qa, at=MORNING, comment="Once more")


def test_criteria_not_met_before_the_cord_came_are_found_under_the_cord_too(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    with database.writing() as session:
        donor = make_donor(session, by=people["technician"], at=MORNING, delivery="caesarean")
        cord = make_cord(session, donor, born_at=BORN, by=people["technician"], at=MORNING)
        (made,) = cords.deviations_of(session, cord)
        assert (made.rule, made.parameters["question"]) == (
            DonationRule.CRITERION_ANSWER,
            "Delivery",
        )


def test_the_trail_answers_for_every_row_of_a_donor_and_a_cord(database):
    people = make_donation_people(database, *ROLES, at=MORNING)
    with database.writing() as session:
        cord = make_accepted_cord(session, by=people["technician"], qa=people["qa"], at=MORNING)
        cords.start_processing(
            Act(session, people["technician"], MORNING), cord.id, performed_at=MORNING
        )
    with database.reading() as session:
        assert verify(session).faults == []


# The pages
# -------------------------------------------------------------------------------------------------

FORM = RECEIPT | {
    "donor_code": "DN-2026-0142",
    "born_at": "2026-11-02 13:00 +07:00",
    "collected_at": "2026-11-02 13:10 +07:00",
}
HOSTILE = [
    "",
    "x" * 5000,
    "NaN",
    "1e999",
    "1,000",
    "a\x00b",
    "\u202eabc",
    "<script>alert(1)</script>",
    "Nguyễn Thị Lan",
    "'; DROP TABLE cords; --",
    "=1+1",
    "-999",
    "2026-11-02 13:00",
    "2027-01-01 00:00 +00:00",
]


@pytest.fixture
def technician(application, sqlite, clock):
    people = make_donation_people(sqlite, *ROLES, at=clock.at)
    with sqlite.writing() as session:
        make_donor(session, by=people["technician"], at=clock.at)
    client = application.test_client()
    sign_in(client, "technician1")
    return client


def _cords(sqlite):
    with sqlite.reading() as session:
        return session.scalars(select(Cord)).all()


def test_a_technician_receives_a_cord_and_scanning_the_jar_opens_it(technician, sqlite):
    assert post(technician, "/cords/new", **FORM).status_code == 303
    (cord,) = _cords(sqlite)
    answer = technician.get(f"/scan?code={cord.jar_code}", follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert answer.request.path == f"/cords/{cord.code}" and answer.request.args["scanned"] == "1"
    assert (
        "QUARANTINE" in page and "Time left" in page and "22 h 00" in page and "band-held" in page
    )
    assert "22 h 00" in technician.get("/cords").get_data(as_text=True)
    assert technician.get("/cords?state=rejected").status_code == 200


def test_a_program_receives_a_cord_once(technician, sqlite):
    content = problem(send(technician, "/cords/new", FORM | {"born_at": "NaN"}), 422, "invalid")
    assert set(content["errors"]) == {"born_at"} and _cords(sqlite) == []
    headers = {"Idempotency-Key": "jar-reader-0001"}
    answers = [send(technician, "/cords/new", FORM, headers=headers) for _ in range(2)]
    (cord,) = _cords(sqlite)
    assert [(each.status_code, each.location) for each in answers] == [
        (201, f"/cords/{cord.code}")
    ] * 2


@pytest.mark.req("EBR-07")
@pytest.mark.parametrize(
    ("hours", "seconds", "word", "tone"),
    [
        (23, 0, "Closing", "held"),
        (24, 0, "Closing", "held"),
        (24, 1, "Over", "rejected"),
        (48, 1, "Over, reject", "rejected"),
    ],
)
def test_the_page_says_in_colour_word_and_shape_what_is_left(
    technician, sqlite, clock, hours, seconds, word, tone
):
    post(technician, "/cords/new", **FORM)
    (cord,) = _cords(sqlite)
    clock.at = cord.born_at + timedelta(hours=hours, seconds=seconds)
    sign_in(technician, "technician1")
    for _ in range(2):  # opening the page anew starts nothing afresh
        page = technician.get(f"/cords/{cord.code}").get_data(as_text=True)
        assert f"window tone-{tone}" in page and f"<span>{word}</span>" in page


@pytest.mark.parametrize(
    "name", ["donor_code", "born_at", "collected_at", "label", "weight", "length", "logger_highest"]
)
def test_nonsense_at_receipt_is_refused_with_a_sentence_and_kept(technician, sqlite, name):
    kept = "41.5" if name != "weight" else "32.0"
    for typed in HOSTILE:
        if name == "logger_highest" and not typed:
            continue  # a cord may come without a logger
        answer = post(technician, "/cords/new", **(FORM | {name: typed}))
        page = answer.get_data(as_text=True)
        assert answer.status_code in (409, 422) and "Nothing was recorded" in page, typed
        assert f'value="{kept}"' in page and "<script>alert" not in page
    assert _cords(sqlite) == []


def test_qa_accepts_a_cord_by_signature_and_a_technician_may_not(
    application, technician, sqlite, clock
):
    with sqlite.writing() as session:
        by, qa = (
            accounts.actor(session, accounts.find(session, name)) for name in ("technician1", "qa1")
        )
        donor = session.scalars(select(cords.Donor)).one()
        cord = make_cord(session, donor, born_at=BORN, by=by, at=clock.at)
        make_results(session, donor, sampled_at=BORN, by=by, at=clock.at)
        determine(session, donor, by=qa, at=clock.at)
    path = f"/cords/{cord.code}"
    assert technician.get(f"{path}/accept").status_code == 403
    client = application.test_client()
    sign_in(client, "qa1")
    page = client.get(f"{path}/accept").get_data(as_text=True)
    reviewed = page.split('name="reviewed"')[1].split('value="')[1].split('"')[0]
    answer = post(
        client, f"{path}/accept", reviewed=reviewed, username="qa1", password="a long pass phrase"
    )
    assert answer.status_code == 303
    page = client.get(path).get_data(as_text=True)
    assert "Accepted by QA" in page and "I approve this" in page and "Quality assurance 1" in page
    assert client.get(f"{path}/accept?verdict=lost").status_code == 404


@pytest.mark.parametrize(
    "path", ["/cords/C260000103", "/cords/x", "/jars/J26000100", "/cords/nothing/accept"]
)
def test_an_unknown_cord_or_jar_is_not_found(technician, path):
    assert technician.get(path).status_code in (403, 404)


def test_the_number_of_queries_of_the_list_does_not_grow_with_the_cords(
    application, sqlite, clock, technician
):
    def queries():
        seen = []
        listen = lambda *words: seen.append(words[2])  # noqa: E731
        event.listen(sqlite.engine, "before_cursor_execute", listen)
        assert technician.get("/cords").status_code == technician.get("/donors").status_code == 200
        event.remove(sqlite.engine, "before_cursor_execute", listen)
        return len(seen)

    with sqlite.writing() as session:
        by, qa = (
            accounts.actor(session, accounts.find(session, name)) for name in ("technician1", "qa1")
        )
        make_accepted_cord(session, by=by, qa=qa, at=clock.at, code="DN-1")
    few = queries()
    with sqlite.writing() as session:
        made = [
            make_accepted_cord(session, by=by, qa=qa, at=clock.at, code=f"DN-{number}").donor_id
            for number in range(2, 8)
        ]
    assert queries() == few
    with sqlite.reading() as session:
        assert set(eligibility.eligibilities(session, made).values()) == {"eligible"}
