"""The demonstration laboratory, loaded once.

What it shows, whose acts made it, and by which clock.
"""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta

import pytest
import rfc8785
from sqlalchemy import func, select, text

import app as roof
from demonstration import laboratory
from integrity import clock, deviations, site, states, trail
from integrity.database import Base, Database, Document
from integrity.trail import Event
from integrity.verification import verify
from manufacturing.donation import cords, window
from manufacturing.execution import batch_state, batches, worklist
from manufacturing.execution.entries import Entry
from people import accounts
from people.permissions import Role
from qc.release import certificate_files, certificates, decisions
from tests.makers.demonstration import ADDRESS, NOW
from tests.makers.people import token

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, templates):
    path = tmp_path_factory.mktemp("demonstration") / "cordbook.db"
    template = templates.copy("demonstration", path)
    database = Database(f"sqlite:///{path}")
    yield database, template.facts
    database.close()


@pytest.fixture
def reading(loaded):
    with loaded[0].reading() as session:
        yield session


@pytest.fixture
def report(loaded):
    return loaded[1]


def test_every_event_says_that_its_clock_is_simulated_and_none_lies_after_now(reading):
    events = reading.scalars(select(Event).order_by(Event.seq)).all()
    assert {event.said["clock"] for event in events} == {"simulated"}
    assert events[0].at < NOW - timedelta(days=40)
    assert [event.at for event in events] == sorted(event.at for event in events) and events[
        -1
    ].at < NOW
    assert not clock.has_gone_back(reading, NOW)


def test_the_trail_and_every_row_verify(reading):
    assert verify(reading).faults == []


def test_everything_stored_as_json_is_spelt_as_rfc_8785_spells_it(loaded):
    documents = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Document)
    }
    with loaded[0].engine.connect() as connection:
        for table, column in documents | {("events", "content")}:
            stored = connection.execute(text(f'SELECT "{column}" FROM "{table}"')).scalars()
            for each in stored:
                assert each is None or each.encode() == rfc8785.dumps(json.loads(each))


@pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_the_second_database_holds_the_same_laboratory(database, reading, report):
    made = laboratory.load(database, ADDRESS, NOW)
    for each in ("released_batch", "running_batch", "waiting_cord"):
        assert getattr(made, each) == getattr(report, each)
    with database.reading() as session:
        assert verify(session).faults == []
        assert trail.head(session)[0] == trail.head(reading)[0]


def test_the_site_is_marked_as_a_demonstration(reading):
    said = site.settings(reading)
    assert (said["demonstration"], said["name"], said["zone"]) == (
        "yes",
        "Demonstration laboratory",
        "Asia/Ho_Chi_Minh",
    )


def test_every_role_has_somebody_who_can_sign_in_at_once(reading, report):
    made = [
        (accounts.find(reading, username), password) for _, username, password in report.sign_ins
    ]
    assert {accounts.grant_of(reading, person.id).role for person, _ in made} == {
        role.value for role in Role
    }
    for person, password in made[:2]:
        assert accounts.proven(reading, person.username, password)
    assert not any(accounts.credential_of(reading, person.id).temporary for person, _ in made)


def test_passwords_are_made_at_that_moment_and_stand_in_no_code(report):
    passwords = [password for _, _, password in report.sign_ins]
    assert len(set(passwords)) == len(passwords)
    assert all(re.fullmatch(r"(\w{4}-){3}\w{4}", password) for password in passwords)


def test_names_are_those_of_roles(reading):
    people = reading.scalars(accounts.listed()).all()
    assert all(re.fullmatch(r"[A-Z][A-Za-z ]+ \d", grant.name) for grant in people)


def test_the_first_batch_is_released_with_a_certificate_that_supersedes_the_initial_one(
    reading, report
):
    batch = batches.by_code(reading, report.released_batch)
    assert batches.standing(reading, batch) == ("complete", "released")
    first, second = certificates.of_batch(reading, batch.id)
    assert certificates.states_of(reading, [first, second]) == {
        first.id: "superseded",
        second.id: "current",
    }
    assert (first.stage, second.stage) == ("initial", "final")
    made = certificate_files.of(reading, second.id)
    kept = certificate_files.content_of(reading, made)
    assert certificate_files.draw(second) == report.certificate == kept.content
    assert certificate_files.undrawn(reading) == []
    assert report.certificate_name.endswith(".pdf")
    assert second.said["address"].startswith(f"{ADDRESS}/c/")


def test_the_first_certificate_lists_what_was_pending(reading, report):
    first = certificates.of_batch(reading, batches.by_code(reading, report.released_batch).id)[0]
    assert [each["test"] for each in first.said["statement"]["pending"]] == ["Sterility"]


def test_the_first_batch_has_a_correction_and_a_closed_deviation_to_review(reading, report):
    batch = batches.by_code(reading, report.released_batch)
    (corrected,) = reading.scalars(
        select(Entry).where(Entry.batch_id == batch.id, Entry.corrects_id.is_not(None))
    ).all()
    assert corrected.values["tissue_weight"]["text"] == "31.2"
    found = deviations.in_scopes(reading, [batch.id, batch.cord_id])
    assert list(deviations.states_of(reading, found).values()) == ["closed"]


def test_the_releaser_performed_nothing(reading, report):
    batch = batches.by_code(reading, report.released_batch)
    hands = set(reading.scalars(select(Entry.username).where(Entry.batch_id == batch.id)))
    assert hands == {"technician1"}
    assert certificates.of_batch(reading, batch.id)[-1].username == "releaser1"


def test_the_second_batch_waits_in_passage_2_for_a_change_of_medium(reading, report):
    batch = batches.by_code(reading, report.running_batch)
    now = batch_state.gather(reading, batch.id)
    assert [(p.cycle, p.step, p.turn) for p in now.open.steps] == [(2, "medium_change", 1)]
    (line,) = worklist.lines(reading, reading.scalars(worklist.open_batches()).all(), NOW)
    assert line.batch.code == batch.code and line.due_from < NOW < line.due_until < NOW + timedelta(
        days=2
    )
    assert cords.standing(reading, cords.by_code(reading, batch.cord_code)) == "accepted"


def test_a_third_cord_of_two_hours_waits(reading, report):
    (cord,) = reading.scalars(worklist.waiting_cords()).all()
    assert (cord.code, cord.born_at) == (report.waiting_cord, NOW - timedelta(hours=2))
    assert window.window_of(reading, cord, NOW).left == timedelta(hours=22)


def test_what_was_left_out_pulled_no_samples(reading, report):
    batch = batches.by_code(reading, report.released_batch)
    left_out = reading.scalars(
        select(Entry).where(Entry.batch_id == batch.id, Entry.not_applicable.is_not(None))
    ).all()
    assert len(left_out) == 4 and all(entry.values == {} for entry in left_out)


def test_nothing_waits_at_the_release_desk(reading):
    for desk, wanted in (("waiting", 0), ("stage1", 0), ("decided", 1)):
        assert (
            reading.scalar(select(func.count()).select_from(decisions.listed(desk).subquery()))
            == wanted
        )


def test_a_lot_waits_for_its_release(reading):
    lot = states.State
    assert (
        len(
            reading.scalars(
                select(lot).where(lot.subject_kind == "lots", lot.state == "quarantine")
            ).all()
        )
        == 1
    )


def test_the_page_behind_the_code_says_that_the_product_has_expired_and_knows_the_file(loaded):
    database, report = loaded
    with database.reading() as session:
        address = certificates.of_batch(
            session, batches.by_code(session, report.released_batch).id
        )[-1].said["address"]
    page = address.removeprefix(ADDRESS)
    client = roof.create_app(
        database, "not a secret: a test", clock=lambda: NOW, address=ADDRESS
    ).test_client()
    assert "EXPIRED" in client.get(page).get_data(as_text=True)
    for content, verdict in (
        (report.certificate, "VALID"),
        (report.certificate[:-1] + b"\0", "NOT OURS"),
    ):
        answer = client.post(
            page,
            data={
                "csrf_token": token(client, page),
                "file": (io.BytesIO(content), "certificate.pdf"),
            },
        )
        assert verdict in answer.get_data(as_text=True)
