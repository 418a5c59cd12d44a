"""A badge opens the lock of a tablet, or hands it over, for who signed in on it in this shift; it
never begins a session and never signs (IAM-10)."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from people import badges, sessions
from people.access_log import Access
from people.badges import Badge
from tests.makers.people import PASSWORD, make_people, post, sign_in, token
from tests.pages import Page

pytestmark = pytest.mark.state("technician+verifier+administrator")
WHY = "It was lost on the way home."


@pytest.fixture
def people(sqlite, clock):
    return make_people(sqlite, "technician", "verifier", "administrator", at=clock())


@pytest.fixture
def drawn(monkeypatch):
    """The codes as they were drawn, in order: they are shown once and kept nowhere."""
    codes, new = [], badges.new_code

    def note():
        codes.append(new())
        return codes[-1]

    monkeypatch.setattr(badges, "new_code", note)
    return codes


@pytest.fixture
def tablet(application, people, drawn):
    """A tablet on which the verifier and then the technician have signed in, each with a badge."""
    client = application.test_client()
    for username in ("verifier1", "technician1"):
        assert sign_in(client, username).status_code == 303
        answer = post(client, "/badge/own", password=PASSWORD)
        assert answer.status_code == 200 and "Shown this once" in answer.get_data(as_text=True)
    return client


def scan(client, code, page="/sign-in", **more):
    return client.post(
        "/badge",
        data={
            "csrf_token": token(client, page),
            "entry_id": "badge-scan-0001",
            "badge_password": code,
            **more,
        },
    )


def who(client):
    found = re.search(r'class="who-name">([^<]+)<', client.get("/").get_data(as_text=True))
    return html.unescape(found[1]) if found else ""


def lines(sqlite, *kinds):
    with sqlite.reading() as session:
        rows = session.scalars(select(Access).order_by(Access.id)).all()
        return [(each.kind, each.username) for each in rows if each.kind in kinds]


def lock(client, clock):
    clock.advance(minutes=11)
    assert client.get("/").status_code == 401


@pytest.mark.req("IAM-10")
def test_a_badge_opens_the_lock_of_its_holder(tablet, drawn, clock, sqlite):
    lock(tablet, clock)
    page = tablet.get("/bench").get_data(as_text=True)
    assert "Or scan your badge" in page
    answer = scan(tablet, drawn[1], page="/bench", next="/bench")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/bench")
    assert who(tablet) == "Technician 1"
    assert lines(sqlite, "unlocked") == [("unlocked", "technician1")]


@pytest.mark.req("IAM-10")
def test_a_badge_hands_the_tablet_over_to_who_signed_in_on_it(tablet, drawn, clock, sqlite):
    assert who(tablet) == "Technician 1"
    lock(tablet, clock)
    answer = scan(tablet, drawn[0], page="/bench", next="/people/1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert who(tablet) == "Verifier 1"
    post(tablet, "/sign-out", page="/password")
    assert scan(tablet, drawn[1]).status_code == 303
    assert who(tablet) == "Technician 1"


@pytest.mark.req("IAM-10")
def test_it_never_signs(tablet, drawn, clock, sqlite):
    with sqlite.writing() as session:
        session.execute(text("UPDATE sessions SET has_signed = 1"))
    lock(tablet, clock)
    assert scan(tablet, drawn[1], page="/bench").status_code == 303
    with sqlite.reading() as session:
        every = session.scalars(select(sessions.SignedIn)).all()
        assert [each.has_signed for each in every if not each.locked] == [False]


@pytest.mark.req("IAM-10")
def test_it_begins_no_session(application, tablet, drawn, clock, sqlite):
    other = application.test_client()  # another tablet, on which nobody has signed in
    assert scan(other, drawn[0]).status_code == 401
    sign_in(other, "administrator1")
    post(other, "/sign-out", page="/password")
    assert scan(other, drawn[0]).status_code == 401
    assert lines(sqlite, "badge refused") == [("badge refused", "verifier1")] * 2


@pytest.mark.parametrize(("hours", "status"), [(11, 303), (12, 401)])
def test_the_shift_ends(tablet, drawn, clock, hours, status):
    clock.advance(hours=hours)
    assert scan(tablet, drawn[1]).status_code == status


@pytest.mark.parametrize("lost", ["withdrawn", "replaced", "deactivated", "unknown", "of-nobody"])
def test_what_holds_no_more_opens_nothing(application, tablet, people, drawn, clock, sqlite, lost):
    administrator, code = application.test_client(), drawn[1]
    if lost == "withdrawn":
        sign_in(administrator, "administrator1")
        path = f"/people/{people['technician'].id}/badge/withdraw"
        page = f"/people/{people['technician'].id}"
        assert post(administrator, path, page=page, reason=WHY).status_code == 303
    elif lost == "replaced":
        post(tablet, "/badge/own", password=PASSWORD)
    elif lost == "deactivated":
        sign_in(administrator, "administrator1")
        path = f"/people/{people['technician'].id}/standing"
        page = f"/people/{people['technician'].id}"
        assert (
            post(administrator, path, page=page, deed="deactivate", reason=WHY).status_code == 303
        )
    elif lost == "unknown":
        code = badges.new_code()
    else:
        code = ""
    if lost != "deactivated":
        lock(tablet, clock)
    assert scan(tablet, code).status_code == 401


def test_its_holder_withdraws_it_with_a_reason(tablet, drawn, clock, sqlite):
    assert post(tablet, "/badge/own/withdraw", page="/badge/own", reason="").status_code == 422
    assert post(tablet, "/badge/own/withdraw", page="/badge/own", reason=WHY).status_code == 303
    answer = post(tablet, "/badge/own/withdraw", page="/badge/own", reason=WHY)
    assert answer.status_code == 409
    lock(tablet, clock)
    assert scan(tablet, drawn[1]).status_code == 401


def test_wrong_ones_close_the_tablet_for_badges_until_somebody_signs_in(tablet, drawn, clock):
    lock(tablet, clock)
    for _ in range(5):
        assert scan(tablet, badges.new_code()).status_code == 401
    assert scan(tablet, drawn[1]).status_code == 401
    assert sign_in(tablet, "verifier1").status_code == 303
    lock(tablet, clock)
    assert scan(tablet, drawn[0]).status_code == 303


def test_strangers_wait_longer_and_longer(tablet, clock):
    lock(tablet, clock)
    for _ in range(11):
        scan(tablet, badges.new_code())
    said = scan(tablet, badges.new_code()).get_data(as_text=True)
    assert "Too many attempts failed" in said
    clock.advance(seconds=60)
    assert "Too many" not in scan(tablet, badges.new_code()).get_data(as_text=True)


def test_no_answer_tells_why(tablet, drawn, clock):
    post(tablet, "/badge/own/withdraw", page="/badge/own", reason=WHY)
    lock(tablet, clock)
    answers = {Page(scan(tablet, each)).words for each in (drawn[1], badges.new_code(), "rubbish")}
    assert len(answers) == 1


def test_what_is_kept_opens_nothing(tablet, drawn, sqlite):
    assert len({*drawn}) == 2 and all(len(each) >= 40 for each in drawn)
    with sqlite.reading() as session:
        kept = [each.digest for each in session.scalars(select(Badge))]
    assert not set(kept) & set(drawn)
    assert scan(tablet, kept[1]).status_code == 401


def test_without_a_badge_switching_ends_the_session(application, people, sqlite, clock):
    client = application.test_client()
    sign_in(client, "verifier1")
    assert "Or scan your badge" not in client.get("/sign-in").get_data(as_text=True)
    post(client, "/sign-out", page="/password")
    with sqlite.reading() as session:
        assert session.scalars(select(sessions.SignedIn)).all() == []
    assert timedelta(hours=1) < badges_shift(sqlite)


def badges_shift(sqlite):
    with sqlite.reading() as session:
        return badges.shift(session)
