"""One gathering a request.

The state of a batch is put together once for whatever is asked of it: a page, a post that records,
and a post that is refused. What follows a post is the next step itself.
"""

import re

import pytest
from sqlalchemy import event

from tests.makers.people import PASSWORD, entry_id, sign_in, token
from tests.makers.steps import TYPED, WHY, make_small

GATHERING = re.compile(r"SELECT 1 FROM deviations WHERE scope_id IN")
STEP_PAGE = 15  # questions at most of the page of a step, whatever the batch holds
STEP_POST = 28  # questions, rows and marks of a post that records it and leads to the next one


@pytest.fixture
def small(application, sqlite, clock):
    return make_small(sqlite, clock)


@pytest.fixture
def client(application, small):
    client = application.test_client()
    sign_in(client, "technician1")
    return client


@pytest.fixture
def asked(sqlite):
    """Every statement since the list was emptied last."""
    statements = []

    def note(connection, cursor, statement, *rest):
        statements.append(statement)

    event.listen(sqlite.engine, "before_cursor_execute", note)
    yield statements
    event.remove(sqlite.engine, "before_cursor_execute", note)


def gatherings(asked):
    return sum(bool(GATHERING.search(statement)) for statement in asked)


def place(small, stage, step, turn=1, cycle=1):
    return f"/batches/{small.batch.code}/steps/{stage}/{cycle}/{step}/{turn}"


def get(client, asked, path, status=200):
    sign_in(client, "technician1")  # the idle lock may have come in between
    asked.clear()
    answer = client.get(path)
    assert answer.status_code == status
    return answer


def send(client, asked, path, status, **typed):
    sign_in(client, "technician1")
    data = {"csrf_token": token(client, "/bench"), "entry_id": entry_id()} | typed
    asked.clear()
    answer = client.post(path, data=data)
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    return answer


def reviewed(page):
    return re.search(r'name="reviewed" value="([0-9a-f]{64})"', page.get_data(as_text=True)).group(
        1
    )


def test_a_post_gathers_once_and_leads_to_the_next_thing_itself(small, client, asked):
    """Record, second person, sign-off: each one redirect to a page that is there."""
    path, met = place(small, "prepare", "clear"), []
    get(client, asked, path)
    assert gatherings(asked) == 1
    typed = {
        "clear": {"cleaned": "y"},
        "receipt": {"ph": "7.30", "viability": "95"},
    }
    while not re.search(r"/steps/washing/", path):
        page = get(client, asked, path)
        assert gatherings(asked) == 1
        if "/steps/" in path:
            words = typed[path.split("/")[-2]]
        elif path.endswith("/verify"):
            words = {"username": "verifier1", "password": PASSWORD, "reviewed": reviewed(page)}
        else:
            words = {"username": "technician1", "password": PASSWORD, "reviewed": reviewed(page)}
        answer = send(client, asked, path, 303, **words)
        assert gatherings(asked) == 1
        met.append(path.rsplit("/", 1)[-1])
        path = answer.location
    assert {"verify", "sign"} <= set(met) and len(met) == len(small.now().everything) + 3


def test_a_page_and_a_post_of_a_step_ask_no_more_than_they_did(small, client, asked):
    small.walk(until="wash")
    path = place(small, "washing", "wash")
    get(client, asked, path)
    assert len(asked) <= STEP_PAGE
    send(client, asked, path, 303, pbs=small.scans["DPBS"], volume="200")
    assert len(asked) <= STEP_POST


def test_a_refused_post_gathers_once_for_the_act_and_the_page_that_says_so(small, client, asked):
    small.walk(until="receipt")
    path = place(small, "prepare", "receipt")
    send(client, asked, path, 422, ph="NaN", viability="95")
    assert gatherings(asked) == 1
    page = send(client, asked, path, 409, ph="7.40", viability="69").get_data(as_text=True)
    assert gatherings(asked) == 1
    assert "Outside the limits" in page and small.batch.master_title in page
    page = send(client, asked, place(small, "washing", "wash"), 409, pbs="x", volume="200")
    assert gatherings(asked) == 1 and "not due yet" in page.get_data(as_text=True)


def test_a_correction_gathers_once_whether_it_is_taken_or_not(small, client, asked):
    small.walk(until="wash")
    entry = small.now().at(small.position("receipt"))
    path = f"/batches/{small.batch.code}/entries/{entry.id}/correct"
    get(client, asked, path)
    assert gatherings(asked) == 1
    same = dict(TYPED["receipt"])
    send(client, asked, path, 409, **same, reason=WHY)
    assert gatherings(asked) == 1
    answer = send(client, asked, path, 303, **same | {"ph": "7.25"}, reason=WHY)
    assert gatherings(asked) == 1 and client.get(answer.location).status_code == 200


@pytest.mark.parametrize("words", [{}, {"username": "verifier1", "password": "wrong"}])
def test_a_signature_that_is_not_proven_gathers_once(small, client, asked, words):
    small.record("clear")
    [entry] = small.now().current
    send(client, asked, f"/batches/{small.batch.code}/entries/{entry.id}/verify", 401, **words)
    assert gatherings(asked) == 1


def test_what_another_tablet_signed_meanwhile_gathers_once(small, client, asked):
    small.record("clear")
    [entry] = small.now().current
    path = f"/batches/{small.batch.code}/entries/{entry.id}/verify"
    seen = reviewed(get(client, asked, path))
    small.verify(entry)
    send(client, asked, path, 409, username="verifier1", password=PASSWORD, reviewed=seen)
    assert gatherings(asked) == 1


@pytest.mark.parametrize(
    ("page", "status"), [("/bench", 200), ("/batches/{}", 200), ("/batches/{}/next", 303)]
)
def test_every_page_of_a_batch_gathers_once(small, client, asked, page, status):
    small.walk(until="receipt")
    get(client, asked, page.format(small.batch.code), status)
    assert gatherings(asked) == 1
