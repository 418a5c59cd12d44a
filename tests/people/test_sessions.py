"""Signing in and out, the idle limit."""

import pytest
from sqlalchemy import text

from people import sessions
from tests.makers.people import make_people, make_person, post, sign_in, token
from tests.pages import Page

pytestmark = pytest.mark.state("technician+administrator+qa")

REFUSED = (
    "User name, password or code is wrong, or this account is closed here after repeated failures."
)


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


@pytest.mark.req("IAM-01")
@pytest.mark.usefixtures("own_addresses")
@pytest.mark.parametrize("username", ["", "administrator1", "qa1"])
def test_a_route_that_declares_no_permission_is_closed_to_everybody(application, client, username):
    application.add_url_rule("/forgotten", view_func=lambda: "open", methods=["GET", "POST"])
    given = token(client)
    if username:
        sign_in(client, username)
        given = token(client, "/password")
    answer = client.get("/forgotten")
    assert answer.status_code == 403 and answer.get_data(as_text=True) != "open"
    assert client.post("/forgotten", data={"csrf_token": given}).status_code == 403


@pytest.mark.req("IAM-07")
def test_the_sixth_attempt_fails_even_with_the_right_password(client):
    for _ in range(5):
        assert sign_in(client, "technician1", "wrong").status_code == 401
    assert sign_in(client, "technician1").status_code == 401
    sign_in(client, "administrator1")
    answer = post(client, "/people/1/standing", deed="activate", reason="")
    assert answer.status_code == 422
    assert (
        post(
            client, "/people/1/standing", deed="activate", reason="Identity checked in person."
        ).status_code
        == 303
    )
    assert sign_in(client, "technician1").status_code == 303


@pytest.mark.req("IAM-08")
def test_idle_beyond_the_limit_locks_on_the_servers_clock(client, clock):
    sign_in(client, "administrator1")
    given = token(client, "/people/new")
    clock.advance(minutes=10, seconds=1)
    answer = client.post(
        "/people/new",
        data={
            "csrf_token": given,
            "entry_id": "12345678",
            "username": "tech3",
            "name": "Technician 3",
            "role": "technician",
        },
    )
    assert answer.status_code == 401
    assert "locked" in answer.get_data(as_text=True)
    assert client.get("/people").status_code == 401
    answer = client.post(
        "/unlock",
        data={
            "csrf_token": given,
            "entry_id": "12345678",
            "password": "a long pass phrase",
            "next": "/people",
        },
    )
    assert answer.status_code == 303
    assert "tech3" not in client.get("/people").get_data(as_text=True)


def test_pages_of_people_answer(client):
    sign_in(client, "administrator1")
    for path in (
        "/people",
        "/people/new",
        "/people/1",
        "/people/1/standing",
        "/permissions",
        "/site",
        "/password",
        "/trail",
        "/site/clock/acknowledge",
        "/trail.csv",
        "/scan?code=nonsense",
    ):
        assert client.get(path).status_code in (200, 404), path


@pytest.fixture
def another(application):
    return application.test_client()


def test_the_token_is_a_new_one_at_every_sign_in(client):
    tokens = []
    for _ in range(2):
        sign_in(client, "qa1")
        with client.session_transaction() as cookie:
            tokens.append(cookie["token"])
    assert tokens[0] != tokens[1]
    with client.session_transaction() as cookie:
        cookie["token"] = tokens[0]
    assert client.get("/trail").status_code == 302


def test_a_token_set_before_the_sign_in_opens_nothing_afterwards(client, another):
    with client.session_transaction() as cookie:
        cookie["token"] = "fixed by somebody else"
    sign_in(client, "qa1")
    with another.session_transaction() as cookie:
        cookie["token"] = "fixed by somebody else"
    assert another.get("/trail").status_code == 302


def test_signing_out_ends_the_session_for_a_copy_of_its_cookie_too(client, another):
    sign_in(client, "qa1")
    another.set_cookie("cordbook", client.get_cookie("cordbook").value)
    assert another.get("/trail").status_code == 200
    assert post(client, "/sign-out", page="/password").status_code == 303
    assert another.get("/trail").status_code == 302


def test_a_cookie_that_was_forged_is_nobody(client):
    sign_in(client, "qa1")
    client.set_cookie("cordbook", client.get_cookie("cordbook").value[:-2] + "xx")
    assert client.get("/trail").status_code == 302


def test_cookies_are_for_this_server_alone(client):
    given = sign_in(client, "qa1").headers["Set-Cookie"]
    assert "HttpOnly" in given and "SameSite=Lax" in given and "Path=/" in given


def test_behind_https_cookies_are_secure(sqlite, clock):
    from app import create_app

    made = create_app(
        sqlite, "not a secret: a test", clock=clock, address="https://cordbook.example.org"
    )
    assert "Secure" in made.test_client().get("/sign-in").headers["Set-Cookie"]


def test_who_is_deactivated_is_out_at_the_next_request(client, another):
    sign_in(client, "administrator1")
    sign_in(another, "technician1")
    assert another.get("/trail").status_code == 200
    assert (
        post(
            client, "/people/1/standing", deed="deactivate", reason="Has left the company."
        ).status_code
        == 303
    )
    assert another.get("/trail").status_code == 302
    answer = sign_in(another, "technician1")
    assert (answer.status_code, REFUSED in Page(answer).words) == (401, True)


def test_who_gets_another_role_has_it_at_the_next_request(client, another, sqlite, clock):
    with sqlite.writing() as session:
        make_person(session, "qa", username="another.qa", at=clock())
    sign_in(client, "administrator1")
    sign_in(another, "qa1")
    assert another.get("/people").status_code == 403
    assert (
        post(
            client,
            "/people/3",
            name="Quality assurance 1",
            role="administrator",
            reason="Changes the department.",
        ).status_code
        == 303
    )
    assert another.get("/people").status_code == 200


def test_a_password_change_ends_the_other_sessions_of_the_person(client, another):
    sign_in(client, "qa1")
    sign_in(another, "qa1")
    new = "quite another phrase"
    assert (
        post(client, "/password", current="a long pass phrase", wanted=new, again=new).status_code
        == 303
    )
    assert client.get("/trail").status_code == 200
    assert another.get("/trail").status_code == 302


@pytest.mark.req("IAM-08")
def test_what_was_typed_is_kept_when_the_tablet_locks_and_no_password_with_it(
    client, clock, sqlite
):
    from sqlalchemy import select

    from people.drafts import Draft

    sign_in(client, "administrator1")
    given = token(client, "/people/new")
    clock.advance(minutes=10, seconds=1)
    secret = dict.fromkeys(("password", "current", "wanted", "again"), "secret")
    client.post("/people/new", data={"csrf_token": given, "username": "tech3"} | secret)
    client.post("/people/1", data={"csrf_token": given, "reason": "x" * 70_000})
    with sqlite.reading() as session:
        [draft] = session.scalars(select(Draft)).all()
        assert (draft.path, draft.typed) == ("/people/new", {"username": ["tech3"]})


@pytest.mark.req("IAM-08")
@pytest.mark.parametrize(("idle", "status"), [(600, 200), (600.001, 401)])
def test_the_idle_limit_at_its_edge(idle, status, client, clock):
    sign_in(client, "administrator1")
    clock.advance(seconds=idle)
    assert client.get("/people").status_code == status


def test_a_wrong_name_and_a_wrong_password_are_told_apart_by_nobody(client):
    answers = [sign_in(client, name, "wrong") for name in ("technician1", "nobody")]
    assert [REFUSED in Page(answer).words for answer in answers] == [True, True]


def test_a_session_that_no_sign_in_opened_is_named_by_verification(client, sqlite, clock):
    sign_in(client, "qa1")
    with sqlite.reading() as session:
        assert list(sessions.faults(session)) == []
    with sqlite.engine.begin() as connection:
        connection.execute(text("UPDATE sessions SET person_id = person_id - 1"))
    with sqlite.reading() as session:
        (told,) = sessions.faults(session)
    assert told.startswith("The session of administrator1 since") and "no sign-in" in told
