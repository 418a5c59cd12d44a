"""People are made, changed and locked by an administrator, as records.

What they are called is shown as text.
"""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from people import accounts
from people.accounts import Handover, Person
from people.permissions import ALLOWED, Permission, Role
from tests.makers.people import (
    PASSWORD,
    confirm_password,
    entry_id,
    make_people,
    make_person,
    post,
    sign_in,
    token,
)
from tests.pages import Page
from tests.people.test_forms import FORMS, REASON, STRANGE_TEXT
from tests.writer import watched

pytestmark = pytest.mark.state("technician+administrator")


@pytest.fixture
def administrator(application, sqlite, clock):
    make_people(sqlite, "technician", "administrator", at=clock())
    client = application.test_client()
    assert sign_in(client, "administrator1").status_code == 303
    return client


def shown(answer) -> str:
    return html.unescape(answer.get_data(as_text=True))


def half_of(answer) -> str:
    return Page(answer).of_class("number-value")[0].words


def test_text_of_any_language_and_intent_is_recorded_as_it_is_and_shown_as_text(administrator):
    for number, strange in enumerate(STRANGE_TEXT.values()):
        for path in ("/people/new", "/people/1", "/people/1/standing", "/site"):
            good = FORMS[path][0] | {
                "deed": "deactivate" if number % 2 == 0 else "activate",
                "username": f"tech{number + 3}",
            }
            typed = good | (
                {"name": strange}
                if path.startswith("/people/") and "standing" not in path
                else {"reason": strange}
            )
            typed = {name: value for name, value in typed.items() if name in FORMS[path][0]}
            if "role" in typed:
                typed["another_human"] = "y"
            assert post(administrator, path, **typed).status_code in (200, 303), (path, strange)
    trail = administrator.get("/trail")
    for strange in STRANGE_TEXT.values():
        assert shown(trail).count(strange) >= 4
    assert "<script>alert" not in trail.get_data(as_text=True)


@pytest.mark.req("TIM-05")
@pytest.mark.parametrize(
    ("setting", "value"),
    [("idle_minutes", "1"), ("idle_minutes", "120"), ("zone", "Europe/Berlin"), ("name", "x" * 80)],
)
def test_a_setting_at_the_edge_of_its_range_is_taken(setting, value, administrator):
    answer = post(administrator, "/site", name=setting, value=value, reason=REASON)
    assert (answer.status_code, answer.location) == (303, "/site/settings/3/propose")
    assert value in shown(administrator.get("/site/settings"))
    assert "setting.drafted" in shown(administrator.get("/trail"))


@pytest.mark.req("REC-10")
def test_how_much_room_files_have_is_set_by_one(administrator):
    answer = post(administrator, "/site", name="file_megabytes", value="7", reason=REASON)
    assert (answer.status_code, answer.location) == (303, "/site")
    assert "site.changed" in shown(administrator.get("/trail"))
    assert "7" in shown(administrator.get("/site/settings"))


def test_wrong_present_passwords_are_counted_as_failed_sign_ins(application, administrator):
    for _ in range(5):
        post(
            administrator,
            "/password",
            current="wrong",
            wanted="quite another phrase",
            again="quite another phrase",
        )
    assert administrator.get("/people").status_code == 302
    assert sign_in(administrator, "administrator1").status_code == 401
    assert sign_in(application.test_client(), "administrator1").status_code == 303


def test_a_person_is_made_with_a_one_time_password_that_opens_only_the_page_that_changes_it(
    application, administrator, sqlite, clock
):
    first = half_of(post(administrator, "/people/new", **FORMS["/people/new"][0]))
    with sqlite.writing() as session:
        qa = make_person(session, "qa", at=clock())
    one_time = f"{first}-{confirm_password(sqlite, clock(), 'tech3', qa=qa)}"
    client = application.test_client()
    assert sign_in(client, "tech3", one_time).status_code == 303
    for path in ("/trail", "/people", "/"):
        assert client.get(path).location == "/password"
    assert (
        post(
            client,
            "/password",
            current=one_time,
            wanted="my own pass phrase",
            again="my own pass phrase",
        ).status_code
        == 303
    )
    assert client.get("/trail").status_code == 200


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/people/new", FORMS["/people/new"][0]),
        ("/people/1/standing", {"deed": "reset", "reason": REASON}),
    ],
)
def test_a_double_tap_makes_one_person_and_shows_no_half_that_is_none(
    path, typed, administrator, sqlite
):
    form = typed | {"csrf_token": token(administrator, path), "entry_id": entry_id()}
    first, second = (administrator.post(path, data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 303)
    username = typed.get("username", "technician1")
    with sqlite.reading() as session:
        person = session.scalars(select(Person).where(Person.username == username)).one()
        asked = session.scalars(select(Handover).where(Handover.holder_id == person.id)).all()
        assert accounts.is_of(asked[-1].first_hash, half_of(first))
        assert len(asked) == (1 if "username" in typed else 2)


@pytest.mark.req("IAM-03")
def test_nobody_changes_their_own_role_or_deactivates_themselves(administrator):
    answer = post(administrator, "/people/2", name="Administrator 1", role="qa", reason=REASON)
    assert (answer.status_code, "Nobody changes their own role" in shown(answer)) == (409, True)
    answer = post(administrator, "/people/2/standing", deed="deactivate", reason=REASON)
    assert (answer.status_code, "Nobody deactivates their own account" in shown(answer)) == (
        409,
        True,
    )


@pytest.mark.req("IAM-03")
def test_the_administrator_holds_no_production_qc_or_qa_right():
    administrators = {
        permission for permission, roles in ALLOWED.items() if Role.ADMINISTRATOR in roles
    }
    assert administrators == {
        Permission.OWN_ACCOUNT,
        Permission.SEE_RECORDS,
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_SITE,
        Permission.SEE_ACCESS,
    }


@pytest.mark.req("IAM-05")
def test_one_spelling_of_a_user_name():
    for typed in ("Tech3", " tech3 ", "TECH3", "tech3"):
        assert accounts.normal(typed) == "tech3"


def test_a_change_that_is_none_any_more_says_where_it_stands(administrator):
    answer = post(administrator, "/people/1/standing", deed="activate", reason=REASON)
    assert answer.status_code == 409
    assert "Nothing is closed for this person" in shown(answer)


def test_a_one_time_password_is_random_and_can_be_read_aloud():
    made = {accounts.new_password() for _ in range(100)}
    assert len(made) == 100
    assert all(
        re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}", password) for password in made
    )


def test_passwords_are_nowhere_in_the_clear(administrator, sqlite):
    post(
        administrator,
        "/password",
        current=PASSWORD,
        wanted="quite another phrase",
        again="quite another phrase",
    )
    with sqlite.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    assert PASSWORD not in dump and "quite another phrase" not in dump
    assert dump.count("$argon2id$") == 3


class Watched:
    """The real hasher; notes each time whether another could write meanwhile."""

    def __init__(self, hasher, database):
        self.free = []
        self.hash = watched(database, hasher.hash, self.free)
        self.verify = watched(database, hasher.verify, self.free)


def test_no_password_is_hashed_while_the_writer_is_held(
    administrator, application, sqlite, clock, monkeypatch
):
    with sqlite.writing() as session:
        make_person(session, "qa", at=clock())
    hasher = Watched(accounts._hasher(), sqlite)
    monkeypatch.setattr(accounts, "_hasher", lambda: hasher)
    first = half_of(
        post(administrator, "/people/new", username="newcomer", name="New Comer", role="technician")
    )
    qa = application.test_client()
    assert sign_in(qa, "qa1").status_code == 303
    path = "/people/4/password/passport"
    typed = {"reviewed": Page(qa.get(path)).value("reviewed")}
    signed = post(qa, path, username="qa1", password=PASSWORD, **typed)
    one_time = f"{first}-{half_of(post(qa, signed.location))}"
    newcomer = application.test_client()
    assert sign_in(newcomer, "newcomer", one_time).status_code == 303
    typed = {"current": one_time, "wanted": PASSWORD * 2, "again": PASSWORD * 2}
    assert post(newcomer, "/password", **typed).status_code == 303
    assert len(hasher.free) >= 5 and all(hasher.free)


@pytest.mark.req("IAM-02")
def test_the_last_of_quality_assurance_is_not_taken_away(administrator, sqlite, clock):
    with sqlite.writing() as session:
        make_person(session, "qa", at=clock())
    for path, typed in (
        ("/people/3", {"name": "Quality assurance 1", "role": "reader"}),
        ("/people/3/standing", {"deed": "deactivate"}),
    ):
        answer = post(administrator, path, **typed, reason=REASON)
        assert (answer.status_code, "only active person with the role" in shown(answer)) == (
            409,
            True,
        ), typed
    with sqlite.writing() as session:
        make_person(session, "qa", username="another.qa", at=clock())
    answer = post(administrator, "/people/3/standing", deed="deactivate", reason=REASON)
    assert answer.status_code == 303
