"""Deviations from opening to closing, and their pages."""

from __future__ import annotations

import pytest

from integrity import deviations as kept, signatures, verification
from integrity.acts import Act
from integrity.findings import Refused, Stale
from integrity.trail import Event
from qc.deviations import investigation
from tests.makers.batches import find_batch, find_laboratory, walk_batch
from tests.makers.people import PASSWORD, entry_id, make_people, post, sign_in
from tests.makers.qc import make_bare_batch
from tests.makers.release import assess, close, judge, make_deviation, seal, settle

pytestmark = pytest.mark.state("people")

NASTY = [
    "",
    "x" * 5000,
    "NaN\x00",
    "\x1b[31m red",
    "\u202eright to left",
    "<script>alert(1)</script>" * 200,
]


@pytest.fixture
def opened(database, clock):
    """(database, people, a batch, a deviation of it)."""
    people = make_people(database, at=clock())
    with database.writing() as session:
        batch = make_bare_batch(session, people, at=clock())
        return (
            database,
            people,
            batch,
            make_deviation(session, batch, batch.code, by=people["technician"], at=clock()),
        )


def test_a_deviation_goes_from_open_to_closed_by_signature(opened, clock):
    database, people, _, deviation = opened
    with database.writing() as session:
        assess(session, deviation, by=people["qa"], at=clock())
        assert not kept.is_judged(session, deviation)
        judge(session, deviation, by=people["qa"], at=clock())
        assert kept.is_judged(session, deviation)
        close(session, deviation, by=people["qa"], at=clock())
    with database.reading() as session:
        story = investigation.story_of(session, deviation)
        signed = signatures.of(session, deviation)
        assert (story.state, story.judgement.decision) == ("closed", "continue")
        assert [(each.meaning, each.username) for each in signed] == [
            ("approved", "qa1"),
            ("approved", "qa1"),
        ]
        assert not signatures.invalid(session, signed)
        assert verification.verify(session).whole


def test_an_assessment_written_anew_leaves_the_earlier_one_on_record(opened, clock):
    database, people, _, deviation = opened
    with database.writing() as session:
        assess(session, deviation, by=people["qa"], at=clock())
        assess(session, deviation, by=people["qa"], at=clock(), classification="critical")
        assert session.query(investigation.Assessment).count() == 2
        assert investigation.story_of(session, deviation).classification == "critical"


def test_what_can_only_be_rejected_is_not_judged_to_go_on(opened, clock):
    database, people, batch, _ = opened
    with database.writing() as session:
        grave = make_deviation(
            session, batch, batch.code, by=people["technician"], at=clock(), consequence="reject"
        )
        assess(session, grave, by=people["qa"], at=clock())
        with pytest.raises(Refused, match="no other decision"):
            judge(session, grave, by=people["qa"], at=clock())
        assert judge(session, grave, "reject", by=people["qa"], at=clock()).decision == "reject"


@pytest.mark.state("planned")
def test_a_batch_that_qa_judged_to_be_rejected_takes_no_further_entry(database, clock):
    laboratory, batch = find_laboratory(database, clock), find_batch(database)
    walk_batch(laboratory, batch, until="wash")
    with database.writing() as session:
        grave = make_deviation(
            session, batch, batch.code, by=laboratory.people["technician"], at=clock()
        )
        assess(session, grave, by=laboratory.people["qa"], at=clock())
        judge(session, grave, "reject", by=laboratory.people["qa"], at=clock())
    with pytest.raises(Refused, match="is to be rejected"):
        walk_batch(laboratory, batch)


def test_a_judgement_of_facts_that_changed_meanwhile_is_refused(opened, clock):
    database, people, _, deviation = opened
    with database.writing() as session:
        assess(session, deviation, by=people["qa"], at=clock())
        shown = investigation.judge_facts(session, deviation.id, "continue")
        assess(session, deviation, by=people["qa"], at=clock(), classification="critical")
        with pytest.raises(Stale):
            investigation.judge(
                Act(session, people["qa"], clock(), entry_id=entry_id()),
                deviation.id,
                "continue",
                seal=seal(shown, "It makes no difference."),
            )


def test_the_same_entry_twice_is_one_judgement(opened, clock):
    database, people, _, deviation = opened
    entry = entry_id()
    with database.writing() as session:
        assess(session, deviation, by=people["qa"], at=clock())
        shown = investigation.judge_facts(session, deviation.id, "continue")
        made = [
            investigation.judge(
                Act(session, people["qa"], clock(), entry_id=entry),
                deviation.id,
                "continue",
                seal=seal(shown, "It makes no difference."),
            ).id
            for _ in range(2)
        ]
        assert made[0] == made[1]


def test_the_list_shows_those_that_wait_first(opened, clock):
    database, people, batch, deviation = opened
    with database.writing() as session:
        later = make_deviation(session, batch, batch.code, by=people["technician"], at=clock())
        settle(session, later, by=people["qa"], at=clock())
    with database.reading() as session:
        assert [each.id for each in session.scalars(investigation.listed("all"))] == [
            deviation.id,
            later.id,
        ]
        assert [each.id for each in session.scalars(investigation.listed("open"))] == [deviation.id]
        assert [each.id for each in session.scalars(investigation.listed("closed"))] == [later.id]


# Pages
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def pages(application, sqlite, clock):
    """(client signed in as QA, the database, a deviation with a hostile comment)."""
    people = make_people(sqlite, at=clock())
    with sqlite.writing() as session:
        batch = make_bare_batch(session, people, at=clock())
        made = make_deviation(
            session,
            batch,
            batch.code,
            by=people["technician"],
            at=clock(),
            comment="<script>alert(1)</script> Đổ tràn",
            sentence="Volume: 240 mL <b>over</b>",
        )
    client = application.test_client()
    sign_in(client, "qa1")
    return client, sqlite, made


def test_a_scanned_deviation_opens_with_its_state_and_its_text_escaped(pages):
    client, _, made = pages
    page = client.get(f"/scan?code={made.code}", follow_redirects=True).get_data(as_text=True)
    assert (
        "OPEN" in page
        and "&lt;script&gt;alert(1)" in page
        and "<script>alert" not in page
        and "<b>over" not in page
    )
    assert "Đổ tràn" in page


def test_qa_assesses_judges_and_closes_on_pages(pages):
    client, database, made = pages
    at = f"/deviations/{made.code}"
    answer = post(
        client,
        f"{at}/assess",
        cause="The jug has no mark.",
        impact="None.",
        classification="major",
        reason="",
    )
    assert answer.status_code == 303
    page = client.get(f"{at}/judge/continue").get_data(as_text=True)
    digest = page.split('name="reviewed" value="')[1].split('"')[0]
    assert (
        post(
            client,
            f"{at}/judge/continue",
            username="qa1",
            password=PASSWORD,
            reviewed=digest,
            comment="no",
        ).status_code
        == 422
    )
    signed = {"username": "qa1", "password": PASSWORD, "reviewed": digest}
    assert (
        post(client, f"{at}/judge/continue", **signed, comment="Yield not affected").status_code
        == 303
    )
    page = client.get(f"{at}/close").get_data(as_text=True)
    digest = page.split('name="reviewed" value="')[1].split('"')[0]
    assert post(client, f"{at}/close", password=PASSWORD, reviewed=digest).status_code == 303
    shown = client.get(at).get_data(as_text=True)
    assert "Closed" in shown and shown.count("I approve this") == 2
    with database.reading() as session:
        assert (
            investigation.story_of(session, investigation.by_code(session, made.code)).state
            == "closed"
        )


@pytest.mark.parametrize("typed", NASTY)
def test_an_assessment_that_makes_no_sense_is_refused_with_what_was_typed(pages, typed):
    client, database, made = pages
    answer = post(
        client,
        f"/deviations/{made.code}/assess",
        cause=typed,
        impact="Không",
        classification="other",
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Không" in page and "<script>alert" not in page
    with database.reading() as session:
        assert session.query(investigation.Assessment).count() == 0


def test_lowering_the_class_without_a_reason_is_refused_at_its_field(pages):
    client, _, made = pages
    answer = post(
        client,
        f"/deviations/{made.code}/assess",
        cause="The jug",
        impact="None",
        classification="minor",
    )
    assert answer.status_code == 409 and "lowered from major to minor" in answer.get_data(
        as_text=True
    )


def test_only_qa_works_on_deviations(pages, application):
    _, database, made = pages
    client = application.test_client()
    sign_in(client, "technician1")
    assert client.get(f"/deviations/{made.code}").status_code == 200
    assert client.get(f"/deviations/{made.code}/assess").status_code == 403
    assert (
        post(client, f"/deviations/{made.code}/close", page="/bench", password=PASSWORD).status_code
        == 403
    )
    with database.reading() as session:
        assert session.query(Event).filter(Event.action == "refused").count() == 1


def test_unknown_deviations_and_decisions_are_not_found(pages):
    client, _, made = pages
    assert client.get("/deviations/N26999999").status_code == 404
    assert client.get(f"/deviations/{made.code}/judge/perhaps").status_code == 404
