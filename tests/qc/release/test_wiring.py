"""What a release rests on is asked by the real acts, on a real batch: the law alone protects
nobody.
"""

from __future__ import annotations

import csv
import io
import json
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, func, select, text

from integrity import clock as clocks, times
from integrity.acts import Act
from integrity.findings import Refused, Unavailable
from integrity.signatures import Meaning, Signature
from labels.print_register import LabelPrint
from manufacturing.donation.donations import Cord, Donor
from manufacturing.execution import batch_state
from people.accounts import Grant, Person
from qc.release import review
from qc.release.rests_on import blocking
from stores.containers import Container
from tests.machine import words_of
from tests.makers.broken import correct_the_open_time as correct_the_open_time_of
from tests.makers.people import post, sign_in
from tests.makers.records import switch_off_guards
from tests.makers.release import sign_again
from tests.pages import Page

WHY = "Misread, looked up on the print-out"


def correct_the_open_time(finished, minutes: str = "26") -> None:
    """The technician corrects how long the tissue lay open; whoever signed it signs again."""
    with finished.database.writing() as session:
        correct_the_open_time_of(session, finished, minutes)
    sign_again(finished)


def page_of(site, username: str, address: str) -> Page:
    client = site.test_client()
    sign_in(client, username)
    answer = client.get(address)
    assert answer.status_code == 200
    return Page(answer)


@pytest.mark.req("AUD-06")
def test_a_correction_stands_in_the_review_with_both_values_its_reason_and_who(finished, site):
    correct_the_open_time(finished)
    words = page_of(site, "qa1", f"/batches/{finished.batch.code}/review").words
    for said in ("Correction", "24 min", "26 min", WHY, finished.people["technician"].name):
        assert said in words
    finished.review()
    with finished.database.reading() as session:
        asked = select(Signature.facts).where(Signature.meaning == Meaning.REVIEWED)
        assert WHY in str(session.scalars(asked).all()[-1])


@pytest.mark.req("AUD-06")
def test_a_correction_after_the_review_outdates_it_and_the_release_is_refused(finished, site):
    finished.review()
    correct_the_open_time(finished)
    with pytest.raises(Refused, match="step corrected by technician1"):
        finished.decide("release_stage_1")
    releaser = page_of(site, "releaser1", f"/batches/{finished.batch.code}/review")
    assert "The review is out of date" in releaser.words
    finished.review()
    assert finished.decide("release_stage_1").version == 1


@pytest.mark.req("TIM-03")
def test_nothing_is_released_while_the_clock_is_under_suspicion(finished):
    finished.review()
    qa, administrator = finished.people["qa"], finished.people["administrator"]
    with finished.database.writing() as session:
        clocks.suspect(Act(session, qa, finished.clock()).by_system())
    assert "clock" in blocked(finished)
    with pytest.raises((Refused, Unavailable), match="clock"):
        finished.decide("release_stage_1", why=None)
    with finished.database.writing() as session:
        clocks.acknowledge(
            Act(session, administrator, finished.clock()), reason="The battery was empty."
        )
    assert "clock" in blocked(finished)
    with finished.database.writing() as session:
        clocks.judge(Act(session, qa, finished.clock()), reason="No time of this batch is touched.")
    assert "clock" not in blocked(finished)


def blocked(finished) -> str:
    """The headlines of what stands between this batch and its release."""
    with finished.database.reading() as session:
        facts = review.situation(session, finished.batch)
        return " ".join(item.headline() for item in blocking(facts, "initial"))


@pytest.mark.req("SIG-04")
def test_a_signature_that_was_changed_is_shown_as_invalid_wherever_it_stands(finished, site):
    finished.review()
    finished.decide("release_stage_1", why=None)
    code = finished.batch.code
    with finished.database.engine.begin() as connection:
        switch_off_guards(connection)
        connection.execute(text("UPDATE signatures SET comment = 'Another comment'"))
    client = site.test_client()
    sign_in(client, "qa1")
    shown = 0
    for address in addresses_with_signatures(finished):
        answer = client.get(address)
        assert answer.status_code == 200, address
        signatures = Page(answer).of_class("signature")
        assert signatures, address
        for each in signatures:
            assert "Signature invalid" in each.words, address
            assert each.words.count("Another comment") == 1, address
        assert Page(answer).words.count("Another comment") == len(signatures), address
        shown += len(signatures)
    assert shown > 20
    words = words_of(client.get(f"/batches/{code}/record.pdf").data)
    record = json.loads(client.get(f"/batches/{code}/record.json").data)
    signed = [each for stage in record["stages"] for each in stage["signatures"]]
    for each in [*record["decisions"], *signed]:
        assert "INVALID" in each["meaning"]
    assert words.count("INVALID") >= len(signed) + len(record["decisions"])
    rows = client.get(f"/batches/{code}/record.csv").get_data(as_text=True)
    assert rows.count("INVALID") >= len(signed)


@pytest.mark.req("SIG-04")
def test_nothing_is_released_over_a_signature_that_was_changed(finished):
    finished.review()
    with finished.database.engine.begin() as connection:
        switch_off_guards(connection)
        wanted = "SELECT max(id) FROM signatures WHERE meaning = 'verified'"
        connection.execute(
            text(f"UPDATE signatures SET comment = 'Another comment' WHERE id = ({wanted})")
        )
    with pytest.raises(Refused, match="A signature is invalid"):
        finished.decide("release_stage_1", why=None)


@pytest.mark.req("SIG-04")
@pytest.mark.parametrize("page", ["review", "record.json", "record.csv", "record.pdf"])
def test_the_trail_is_asked_once_for_the_signatures_of_a_dossier(finished, site, page):
    finished.review()
    client, asked = site.test_client(), []
    sign_in(client, "qa1")

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    event.listen(finished.database.engine, "before_cursor_execute", note)
    try:
        assert client.get(f"/batches/{finished.batch.code}/{page}").status_code == 200
    finally:
        event.remove(finished.database.engine, "before_cursor_execute", note)
    assert sum("events.seq IN" in each for each in asked) == 1


def addresses_with_signatures(finished) -> list[str]:
    with finished.database.reading() as session:

        def first(asked: str) -> str:
            return str(session.execute(text(asked)).scalars().first())

        code = finished.batch.code
        return [
            f"/batches/{code}",
            f"/batches/{code}/review",
            f"/donors/{first('SELECT code FROM donors')}",
            f"/lots/{first('SELECT code FROM lots')}",
            f"/results/{first('SELECT id FROM results')}",
            f"/masters/{first(KIND.format('master_record'))}",
            f"/specifications/{first(KIND.format('specification'))}",
            f"/certificates/{first('SELECT code FROM certificates')}",
        ]


KIND = "SELECT id FROM documents WHERE kind = '{}'"


@pytest.mark.req("SIG-03")
def test_every_sign_off_of_a_stage_stands_in_print_json_and_csv(finished, site):
    client = site.test_client()
    sign_in(client, "reader1")
    code = finished.batch.code
    with finished.database.reading() as session:
        state = batch_state.gather(session, finished.batch.id)
        rounds = dict.fromkeys(entry.round for entry in state.current)
        expected = [signed for wanted in rounds if (signed := state.sign_off(wanted))]
    record = json.loads(client.get(f"/batches/{code}/record.json").data)
    lines = csv.DictReader(
        io.StringIO(client.get(f"/batches/{code}/record.csv").get_data(as_text=True))
    )
    words = words_of(client.get(f"/batches/{code}/record.pdf").data)
    assert len(expected) >= 8
    signed = [(stage, each) for stage in record["stages"] for each in stage["signatures"]]
    closing = {line["stage"]: line["signatures"] for line in lines if line["step"] == "sign-off"}
    assert len(signed) == len(closing) == len(expected)
    said = {(each["name"], each["time"]) for _, each in signed}
    assert said == {
        (each.name, times.shown(each.at, ZoneInfo(each.zone), seconds=True)) for each in expected
    }
    for stage, each in signed:
        assert each["time"] in closing[stage["title"]] and each["time"] in words
        assert each["name"] in closing[stage["title"]] and each["name"] in words


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize("username", ["technician1", "qa1", "verifier1", "administrator1"])
def test_a_role_without_release_is_refused_at_the_door_whatever_it_posts(finished, site, username):
    finished.review()
    client = site.test_client()
    sign_in(client, username)
    answer = post(client, f"/batches/{finished.batch.code}/release/initial", password="x")
    assert answer.status_code == 403
    with finished.database.reading() as session:
        asked = text("SELECT count(*) FROM certificates")
        assert session.execute(asked).scalar_one() == 0


@pytest.mark.req("LAB-09")
def test_no_label_of_a_batch_names_its_donor_or_a_person(finished, site):
    client = site.test_client()
    sign_in(client, "labelprinter1")
    with finished.database.reading() as session:
        donor, cord = session.execute(
            select(Donor.code, Cord.code).join(Cord, Cord.donor_id == Donor.id)
        ).one()
        kinds = session.execute(
            select(Container.kind, func.min(Container.code)).group_by(Container.kind)
        ).all()
        secret = {donor, *session.scalars(select(Person.username)).all()}
        secret |= set(session.scalars(select(Grant.name)).all())
    assert {kind for kind, _ in kinds} >= {"jar", "flask", "final", "sample"}
    again = "The first label fell off."
    addresses = [f"/containers/{code}/label" for kind, code in kinds if kind != "jar"]
    for address in (f"/cords/{cord}/label", *addresses):
        printed = post(client, address, paper="roll", reason=again)
        assert printed.mimetype == "application/pdf", address
        words = words_of(printed.data)
        assert not [each for each in secret if each in words], address
    with finished.database.reading() as session:
        kept = str(session.scalars(select(LabelPrint.facts)).all())
        assert session.scalar(select(func.count()).select_from(LabelPrint)) == len(kinds) + 1
    assert not [each for each in secret if each in kept]
