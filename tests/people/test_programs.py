"""A program is answered as well as a browser.

JSON goes into the same form and the same act; every refusal is a problem document (RFC 9457) and
records what a refused page records.
"""

import pytest
from sqlalchemy import func, select
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from integrity import clock as watched
from integrity.acts import Act
from integrity.deed import perform
from integrity.findings import Refused
from integrity.trail import SYSTEM, Event
from people import accounts, machine, programs
from people.access import requires
from people.answers import PROBLEMS
from people.permissions import Permission
from stores import lots
from tests.makers import documents
from tests.makers.people import PASSWORD, entry_id, make_people, make_person, sign_in, token
from tests.makers.programs import problem, send
from tests.makers.stores import lot_facts, make_lot
from tests.stores.test_pages import LOT

# The body
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ('{"value": "97"}', ["97"]),
        ('{"value": 10.0}', ["10.0"]),
        ('{"value": 1e-400}', ["1e-400"]),
        ('{"value": 12345678901234567890.10}', ["12345678901234567890.10"]),
        ('{"value": true}', ["y"]),
        ('{"value": false}', []),
        ('{"value": null}', []),
        ('{"value": ["F26000011", "F26000029"]}', ["F26000011", "F26000029"]),
        ('{"value": "Nguyễn Thị Ánh"}', ["Nguyễn Thị Ánh"]),
    ],
)
def test_a_body_is_read_with_its_digits_as_they_were_sent(body, texts):
    read = programs.fields(body.encode(), "one-entry")
    assert [text for name, text in read if name == "value"] == texts
    assert [text for name, text in read if name == "entry_id"] == ["one-entry"]


@pytest.mark.parametrize(
    ("body", "key", "says"),
    [
        (b"", "one-entry", "no JSON"),
        (b"{", "one-entry", "no JSON"),
        (b"[]", "one-entry", "one JSON object"),
        (b'"text"', "one-entry", "one JSON object"),
        (b'{"value": NaN}', "one-entry", "NaN is no number"),
        (b'{"value": 1, "value": 2}', "one-entry", "in it twice"),
        (b'{"value": {"unit": "mL"}}', "one-entry", "holds an object"),
        (b'{"value": [["x"]]}', "one-entry", "holds an object"),
        (b'{"value": "\\ud800"}', "one-entry", "half a character"),
        (b"\xff\xfe{}", "one-entry", "no JSON"),
        (b"[" * 100_000, "one-entry", "nested too deep"),
        (b"{}", "", "Name the entry once"),
        (b'{"entry_id": "another-entry"}', "one-entry", "Name the entry once"),
        (b'{"entry_id": 12345678}', "one-entry", "Name the entry once"),
        (b'{"entry_id": {}}', "", "Name the entry once"),
    ],
)
def test_a_body_that_cannot_be_read_says_what_to_send(body, key, says):
    with pytest.raises(BadRequest, match=says):
        programs.fields(body, key)


# A lot
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def people(sqlite, clock):
    """Who is here, at a site whose documents are in force."""
    made = make_people(sqlite, "technician", "qa", "reader", at=clock())
    with sqlite.writing() as session:
        documents.ensure(session, *documents.SITE, by=made["qa"], at=clock())
    return made


@pytest.fixture
def client(application, people):
    client = application.test_client()
    assert sign_in(client, "technician1").status_code == 303
    return client


def lots_of(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(lots.Lot))


def refusals(database):
    with database.reading() as session:
        return session.scalars(select(Event).where(Event.action == "refused")).all()


def test_a_lot_is_received_by_json_and_the_same_again_is_the_same_lot(client, sqlite):
    twice = {"entry_id": entry_id()}
    first = send(client, "/lots/new", LOT | twice)
    again = send(client, "/lots/new", LOT | twice)
    assert (first.status_code, first.mimetype) == (201, "application/json")
    assert first.get_json()["location"] == again.get_json()["location"] == first.location
    assert "is received into quarantine" in first.get_json()["said"][0]["sentence"]
    assert client.get(first.location).status_code == 200
    assert lots_of(sqlite) == 1


@pytest.mark.parametrize("written", ["{}", '"{}"'])
def test_the_header_idempotency_key_names_the_entry(client, sqlite, written):
    headers = {"Idempotency-Key": written.format("pump-3-0001")}
    answers = [send(client, "/lots/new", LOT, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].location == answers[1].location and lots_of(sqlite) == 1
    other = send(client, "/lots/new", LOT | {"quantity": "501"}, headers=headers)
    assert other.status_code == 409 and lots_of(sqlite) == 1


def test_a_browser_s_form_is_answered_with_json_where_that_is_asked_for(client, sqlite):
    form = LOT | {"csrf_token": token(client, "/lots/new"), "entry_id": entry_id()}
    answer = client.post("/lots/new", data=form, headers={"Accept": "application/json"})
    assert answer.status_code == 201 and lots_of(sqlite) == 1
    form["quantity"] = "NaN"
    problem(
        client.post("/lots/new", data=form, headers={"Accept": "application/problem+json"}),
        422,
        "invalid",
    )


def test_nonsense_is_422_with_every_fault_at_its_field(client, sqlite):
    answer = send(client, "/lots/new", LOT | {"quantity": "NaN", "supplier": "", "unit": "kg"})
    content = problem(answer, 422, "invalid")
    assert set(content["errors"]) == {"quantity", "supplier", "unit"}
    assert content["errors"]["supplier"] == ["Write who supplied the lot."]
    assert lots_of(sqlite) == 0 and refusals(sqlite) == []


def test_what_the_law_refuses_is_409_with_rule_field_and_sentence_and_one_event(client, sqlite):
    answer = send(client, "/lots/new", LOT | {"expires_on": "2026-01-31"})
    [finding] = problem(answer, 409, "refused")["findings"]
    assert set(finding) == {"rule", "field", "sentence"} and finding["field"] == "expires_on"
    assert finding["sentence"] == answer.get_json()["detail"]
    assert lots_of(sqlite) == 0
    [refusal] = refusals(sqlite)
    assert finding["rule"] in refusal.content


# Every other status
# -------------------------------------------------------------------------------------------------


def test_without_the_token_in_the_header_a_program_is_refused_and_told_the_token(client, sqlite):
    refused = send(client, "/lots/new", LOT, forged=True)
    problem(refused, 400, "unreadable")
    in_the_body = send(
        client, "/lots/new", LOT | {"csrf_token": token(client, "/lots/new")}, forged=True
    )
    problem(in_the_body, 400, "unreadable")
    assert lots_of(sqlite) == 0
    given = {"X-CSRF-Token": refused.headers["X-CSRF-Token"]}
    assert send(client, "/lots/new", LOT, forged=True, headers=given).status_code == 201


def test_a_body_that_is_no_json_is_400(client, sqlite):
    problem(send(client, "/lots/new", b"{"), 400, "unreadable")
    problem(send(client, "/lots/new", b"{}"), 400, "unreadable")
    assert lots_of(sqlite) == 0


def test_a_stranger_is_401_and_signs_in_by_json(application, people):
    stranger = application.test_client()
    problem(send(stranger, "/lots/new", LOT, page="/sign-in"), 401, "not-signed-in")
    problem(stranger.get("/lots", headers={"Accept": "application/json"}), 401, "not-signed-in")
    wrong = send(stranger, "/sign-in", {"username": "technician1", "password": "wrong"})
    assert "password" in problem(wrong, 401, "unproven")["detail"]
    right = send(stranger, "/sign-in", {"username": "technician1", "password": PASSWORD})
    assert right.status_code == 200
    given = {"X-CSRF-Token": right.headers["X-CSRF-Token"]}
    assert send(stranger, "/lots/new", LOT, forged=True, headers=given).status_code == 201


def test_behind_the_lock_a_program_is_401_and_keeps_what_it_sent(client, clock, sqlite):
    given = {"X-CSRF-Token": token(client, "/lots/new")}
    clock.advance(minutes=60)
    answer = send(client, "/lots/new", LOT, forged=True, headers=given)
    problem(answer, 401, "locked")
    assert lots_of(sqlite) == 0


def test_a_one_time_password_opens_nothing_to_a_program(application, people, sqlite, clock):
    with sqlite.writing() as session:
        person = make_person(session, "technician", username="newcomer", at=clock())
        machine.reset(
            Act(session, SYSTEM, clock()),
            person.id,
            password_hash=accounts.hashed(PASSWORD),
            reason="Lost it today",
        )
    client = application.test_client()
    sign_in(client, "newcomer")
    answer = send(client, "/lots/new", LOT, page="/password")
    problem(answer, 403, "password-to-change")
    assert lots_of(sqlite) == 0


def test_who_may_not_is_403_and_said_in_the_trail(application, people, sqlite):
    reader = application.test_client()
    sign_in(reader, "reader1")
    problem(send(reader, "/lots/new", LOT, page="/password"), 403, "not-allowed")
    [refusal] = refusals(sqlite)
    assert refusal.username == "reader1"


def test_what_is_not_there_and_what_is_not_done_so_are_404_and_405(client):
    problem(send(client, "/lots/M26000012/label", {}, page="/lots/new"), 404, "nothing-here")
    problem(send(client, "/no/such/page", {}, page="/lots/new"), 404, "nothing-here")
    answer = send(client, "/lots", {}, page="/lots/new")
    problem(answer, 405, "not-this-way")
    assert "GET" in answer.headers["Allow"]


def test_what_is_too_large_is_413(client, sqlite):
    answer = send(client, "/lots/new", LOT | {"name": "x" * (3 * 1024 * 1024)})
    problem(answer, RequestEntityTooLarge.code, "too-large")
    assert lots_of(sqlite) == 0


def test_while_the_clock_is_under_suspicion_a_signature_is_503(application, people, sqlite, clock):
    with sqlite.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock())
        watched.suspect(Act(session, SYSTEM, clock()))
    qa = application.test_client()
    sign_in(qa, "qa1")
    path = f"/lots/{lot.code}/release"
    page = qa.get(path).get_data(as_text=True)
    reviewed = page.split('name="reviewed"')[1].split('value="')[1].split('"')[0]
    words = {"reviewed": reviewed, "username": "qa1", "password": PASSWORD}
    content = problem(send(qa, path, words), 503, "unavailable")
    assert content["findings"][0]["rule"].startswith("tim-03")


def test_facts_that_changed_behind_a_signature_are_409_stale(application, people, sqlite, clock):
    with sqlite.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock())
    qa = application.test_client()
    sign_in(qa, "qa1")
    words = {"reviewed": "0" * 64, "username": "qa1", "password": PASSWORD}
    problem(send(qa, f"/lots/{lot.code}/release", words), 409, "stale")


@pytest.mark.usefixtures("own_addresses")
def test_a_fault_of_ours_is_500_without_a_word_of_its_cause(application, people):
    def broken():
        raise RuntimeError("a secret of the inside")

    application.add_url_rule(
        "/broken", view_func=requires(Permission.OWN_ACCOUNT)(broken), methods=["POST"]
    )
    client = application.test_client()
    sign_in(client, "technician1")
    answer = send(client, "/broken", {}, page="/lots/new")
    problem(answer, 500, "fault")
    assert "secret" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("kind", PROBLEMS)
def test_the_type_of_a_problem_leads_to_what_it_means(client, kind):
    answer = client.get(f"/problems/{kind}")
    assert answer.status_code == 200 and PROBLEMS[kind][1] in answer.get_data(as_text=True)
    assert client.get("/problems/nothing").status_code == 404


# A script
# -------------------------------------------------------------------------------------------------


def test_a_script_calls_the_same_act_and_its_refusal_is_said_too(database, clock):
    people = make_people(database, "technician", "qa", at=clock())
    with database.writing() as session:
        documents.ensure(session, *documents.SITE, by=people["qa"], at=clock())
    words = {"by": people["technician"], "entry_id": entry_id()}
    first = perform(database, clock, lots.receive, lot_facts(), **words)
    assert perform(database, clock, lots.receive, lot_facts(), **words).id == first.id
    with pytest.raises(Refused):
        perform(database, clock, lots.receive, lot_facts(quantity="501"), scope="a day", **words)
    assert lots_of(database) == 1
    [refusal] = refusals(database)
    assert (refusal.scope, refusal.username) == ("a day", "technician1")
