"""Signing in, the locks, the idle limit."""

import pytest

from tests.makers import make_people, post, sign_in, token


@pytest.fixture
def client(application, sqlite, clock):
    make_people(sqlite, "technician", "administrator", "qa", at=clock())
    return application.test_client()


def test_a_person_signs_in_and_sees_the_trail(client):
    assert sign_in(client, "qa1").status_code == 303
    page = client.get("/trail")
    assert page.status_code == 200
    assert "person.created" in page.get_data(as_text=True)


@pytest.mark.req("IAM-01")
def test_without_signing_in_a_page_leads_to_the_sign_in_and_a_post_is_refused(client):
    assert client.get("/trail").status_code == 302
    assert client.post("/people/new", data={"csrf_token": token(client)}).status_code == 401


@pytest.mark.req("IAM-07")
def test_the_sixth_attempt_fails_even_with_the_right_password(client):
    for _ in range(5):
        assert sign_in(client, "technician1", "wrong").status_code == 401
    assert sign_in(client, "technician1").status_code == 401
    sign_in(client, "administrator1")
    answer = post(client, "/people/1/standing", deed="activate", reason="")
    assert answer.status_code == 422
    assert post(client, "/people/1/standing", deed="activate", reason="Identity checked in person.").status_code == 303
    assert sign_in(client, "technician1").status_code == 303


@pytest.mark.req("IAM-08")
def test_idle_beyond_the_limit_locks_on_the_servers_clock(client, clock):
    sign_in(client, "administrator1")
    given = token(client, "/people/new")
    clock.advance(minutes=10, seconds=1)
    answer = client.post("/people/new", data={"csrf_token": given, "entry_id": "12345678", "username": "tech3", "name": "Technician 3",
                                              "role": "technician"})
    assert answer.status_code == 401
    assert "locked" in answer.get_data(as_text=True)
    assert client.get("/people").status_code == 401
    answer = client.post("/unlock", data={"csrf_token": given, "entry_id": "12345678", "password": "a long pass phrase", "next": "/people"})
    assert answer.status_code == 303
    assert "tech3" not in client.get("/people").get_data(as_text=True)


def test_pages_of_people_answer(client):
    sign_in(client, "administrator1")
    for path in ("/people", "/people/new", "/people/1", "/people/1/standing", "/permissions", "/site", "/password", "/trail",
                 "/site/clock/acknowledge", "/trail.csv", "/scan?code=nonsense"):
        assert client.get(path).status_code in (200, 404), path
