"""How a person signs.

Both components first, the password alone afterwards, the second person always both.
"""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from documents.register import ControlledDocument
from integrity import signatures, trail
from integrity.acts import Act
from integrity.findings import Refused
from integrity.post import Post
from integrity.signatures import Meaning, Signature
from integrity.trail import Event
from people import accounts, grants, machine
from people.access import requires
from people.accounts import Person
from people.grants import Wanted
from people.permissions import Permission
from people.signing import signing_page
from tests.makers.people import (
    PASSWORD,
    entry_id,
    make_people,
    make_person,
    new_password_for,
    post,
    sign_in,
    token,
)
from tests.makers.records import switch_off_guards
from tests.makers.stores import make_lot
from tests.makers.subjects import make_subject
from tests.pages import Page

pytestmark = pytest.mark.state("technician+verifier+qa+administrator")

BOTH = {"username": "qa1", "password": PASSWORD}


@pytest.fixture
def people(sqlite, clock):
    return make_people(sqlite, "technician", "verifier", "qa", "administrator", at=clock())


@pytest.fixture
def lots(sqlite, clock, people):
    """The addresses of three lots in quarantine."""
    with sqlite.writing() as session:
        made = [
            make_lot(session, by=people["technician"], at=clock(), supplier_lot=f"2026-{n}")
            for n in (1, 2, 3)
        ]
        return [f"/lots/{lot.code}" for lot in made]


@pytest.fixture
def qa(application, people):
    return signed_in(application, "qa1")


def signed_in(application, username, password=PASSWORD):
    client = application.test_client()
    assert sign_in(client, username, password).status_code == 303
    return client


def reviewed(client, path: str) -> str:
    return Page(client.get(path)).value("reviewed")


def sign(client, path: str, **typed):
    return post(client, path, **({"reviewed": reviewed(client, path)} | typed))


def said(database, action: str) -> list[dict]:
    with database.reading() as session:
        return [
            event.said
            for event in session.scalars(
                select(Event).where(Event.action == action).order_by(Event.seq)
            )
        ]


def kept(database) -> list[Signature]:
    """Every signature but those on the documents that the site began with, and on people."""
    given_before = (ControlledDocument.__tablename__, Person.__tablename__)
    with database.reading() as session:
        mine = select(Signature).where(Signature.subject_kind.not_in(given_before))
        return list(session.scalars(mine.order_by(Signature.id)))


# Components
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-06")
def test_a_session_alone_is_no_signature_and_a_wrong_password_is_an_event(qa, lots, sqlite):
    assert sign(qa, lots[0] + "/release").status_code == 401
    assert said(sqlite, "signature.failed") == []
    assert sign(qa, lots[0] + "/release", username="qa1", password="wrong").status_code == 401
    [event] = said(sqlite, "signature.failed")
    assert (event["actor"]["username"], event["subject"][0]) == ("qa1", "people")
    assert sign(qa, lots[0] + "/release", username="qa1").status_code == 401
    assert kept(sqlite) == []


@pytest.mark.req("SIG-07")
def test_the_first_signing_asks_for_both_the_next_for_the_password(qa, lots, sqlite):
    answer = sign(qa, lots[0] + "/release", password=PASSWORD)
    assert answer.status_code == 401
    assert "Type your user name and your password" in answer.get_data(as_text=True)
    assert sign(qa, lots[0] + "/release", **BOTH).status_code == 303
    assert 'name="username"' not in qa.get(lots[1] + "/release").get_data(as_text=True)
    assert sign(qa, lots[1] + "/release", password=PASSWORD).status_code == 303
    assert [signature.components for signature in kept(sqlite)] == [
        "user name and password",
        "password",
    ]


def _sign_out(client, clock):
    post(client, "/sign-out", page="/password")
    sign_in(client, "qa1")


def _idle(client, clock):
    given = token(client, "/password")
    clock.advance(minutes=10, seconds=1)
    assert client.get("/trail").status_code == 401
    unlocked = client.post(
        "/unlock",
        data={"csrf_token": given, "entry_id": entry_id(), "password": PASSWORD, "next": "/trail"},
    )
    assert unlocked.status_code == 303


def _password_changed(client, clock):
    new = PASSWORD[::-1]
    assert post(client, "/password", current=PASSWORD, wanted=new, again=new).status_code == 303
    assert (
        post(client, "/password", current=new, wanted=PASSWORD, again=PASSWORD).status_code == 303
    )


def _switched(client, clock):
    post(client, "/sign-out", page="/password")
    sign_in(client, "technician1")
    post(client, "/sign-out", page="/password")
    sign_in(client, "qa1")


@pytest.mark.req("SIG-08")
@pytest.mark.parametrize("broken", [_sign_out, _idle, _password_changed, _switched])
def test_a_broken_session_asks_for_both_again(broken, qa, lots, clock, sqlite):
    assert sign(qa, lots[0] + "/release", **BOTH).status_code == 303
    broken(qa, clock)
    assert sign(qa, lots[1] + "/release", password=PASSWORD).status_code == 401
    assert sign(qa, lots[1] + "/release", **BOTH).status_code == 303


def test_nobody_signs_in_another_persons_session(qa, lots, sqlite):
    answer = sign(qa, lots[0] + "/release", username="administrator1", password=PASSWORD)
    assert answer.status_code == 409
    assert "You are signed in as qa1" in html.unescape(answer.get_data(as_text=True))
    assert kept(sqlite) == []


# The second person
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def witness(own_addresses, application, sqlite, people):
    """A page on the technician's tablet that a second person signs.

    Gives the technician's tablet and the facts on the page.
    """
    facts = [["Step", "3"], ["Value", "37.0 °C"]]

    def deed(act, *, seal):
        signatures.sign(act, seal, Meaning.VERIFIED, make_subject(act.session), facts)
        act.say("step.verified", ("entries", "3"), facts=seal.reviewed)
        return True

    def page():
        return signing_page(
            title="Verify step 3",
            meaning=Meaning.VERIFIED,
            facts=lambda _: facts,
            act=deed,
            second_person=True,
            permission=Permission.VERIFY_STEPS,
            then=lambda _: "/trail",
            cancel="/trail",
        )

    application.add_url_rule(
        "/witness", view_func=requires(Permission.RECORD_STEPS)(page), methods=["GET", "POST"]
    )
    return signed_in(application, "technician1"), facts


@pytest.mark.req("SIG-10")
def test_the_second_person_signs_with_both_on_the_first_ones_tablet(witness, sqlite):
    tablet, _ = witness
    same = sign(tablet, "/witness", username="Technician1 ", password=PASSWORD)
    assert same.status_code == 409
    assert "The second person must be somebody else" in same.get_data(as_text=True)
    assert sign(tablet, "/witness", password=PASSWORD).status_code == 401
    assert sign(tablet, "/witness", username="verifier1", password="wrong").status_code == 401
    assert sign(tablet, "/witness", username="qa1", password=PASSWORD).status_code == 409
    assert kept(sqlite) == []
    assert sign(tablet, "/witness", username="verifier1", password=PASSWORD).status_code == 303
    [signature] = kept(sqlite)
    assert (signature.username, signature.meaning, signature.components) == (
        "verifier1",
        "verified",
        "user name and password",
    )
    assert "Technician 1" in tablet.get("/trail").get_data(as_text=True)
    assert sign(tablet, "/witness", password=PASSWORD).status_code == 401


@pytest.mark.req("SIG-16")
def test_facts_that_changed_behind_the_page_are_shown_anew_and_not_signed(witness, sqlite):
    tablet, facts = witness
    shown = reviewed(tablet, "/witness")
    facts[1][1] = "38.5 °C"
    answer = post(tablet, "/witness", reviewed=shown, username="verifier1", password=PASSWORD)
    assert answer.status_code == 409
    assert "Something changed since you opened this page" in answer.get_data(as_text=True)
    assert "38.5 °C" in answer.get_data(as_text=True)
    assert kept(sqlite) == []
    [refusal] = said(sqlite, "refused")
    assert refusal["details"]["findings"][0][0] == "sig-16-facts-changed"


@pytest.mark.req("SIG-16")
def test_of_two_browsers_the_slower_one_is_told(application, qa, lots, sqlite, clock):
    with sqlite.writing() as session:
        make_person(session, "qa", username="qa2", name="Quality assurance 2", at=clock())
    shown = reviewed(qa, lots[0] + "/release")
    other = signed_in(application, "qa2")
    assert (
        sign(
            other,
            lots[0] + "/reject",
            username="qa2",
            password=PASSWORD,
            comment="The certificate is missing.",
        ).status_code
        == 303
    )
    answer = post(qa, lots[0] + "/release", reviewed=shown, **BOTH)
    assert answer.status_code == 409
    assert [signature.username for signature in kept(sqlite)] == ["qa2"]


@pytest.mark.parametrize("given", ["", "0" * 64, "<script>", "x" * 5000])
def test_a_signature_over_facts_nobody_was_shown_is_refused(given, qa, lots, sqlite):
    assert post(qa, lots[0] + "/release", reviewed=given, **BOTH).status_code in (409, 422)
    assert kept(sqlite) == []


def test_a_double_tap_on_sign_is_one_signature(qa, lots, sqlite):
    page = Page(qa.get(lots[0] + "/release"))
    form = {name: page.value(name) for name in ("csrf_token", "entry_id", "reviewed")}
    assert [qa.post(lots[0] + "/release", data=form | BOTH).status_code for _ in range(2)] == [
        303,
        303,
    ]
    assert len(kept(sqlite)) == 1


# What is seen afterwards
# ------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-02")
def test_the_page_shows_name_role_and_time_as_they_were_signed(
    application, qa, lots, people, sqlite, clock
):
    sign(qa, lots[0] + "/release", **BOTH)
    with sqlite.writing() as session:
        grants.change(
            Act(session, people["administrator"], clock(), entry_id=entry_id()),
            people["qa"].id,
            Wanted("Another name", "reader"),
            reason="Married and moved.",
        )
    page = html.unescape(signed_in(application, "technician1").get(lots[0]).get_data(as_text=True))
    for part in (
        "Quality assurance 1",
        "qa1",
        "Quality assurance",
        "I approve this",
        "2026-11-02 08:00:00 +00:00",
    ):
        assert part in page
    assert "Another name" not in page


@pytest.mark.req("SIG-04")
def test_a_signature_that_was_tampered_with_is_shown_as_invalid(qa, lots, sqlite):
    sign(qa, lots[0] + "/release", **BOTH)
    assert "Signature invalid" not in qa.get(lots[0]).get_data(as_text=True)
    with sqlite.engine.begin() as connection:
        switch_off_guards(connection)
        key = lots[0].rpartition("/")[2]
        columns = ", ".join(column.name for column in Signature.__table__.columns)
        copied = columns.replace("id,", "", 1) if columns.startswith("id,") else columns
        copied = ", ".join(name for name in copied.split(", ") if name != "id")
        other = text("SELECT id FROM lots WHERE code = :code")
        code = lots[1].rpartition("/")[2]
        source = copied.replace(
            "subject_id", str(connection.execute(other, {"code": code}).scalar_one())
        )
        connection.execute(
            text(
                f"INSERT INTO signatures ({copied}) SELECT {source} FROM signatures WHERE scope "
                f"= '{key}'"
            )
        )
    assert "Signature invalid" in qa.get(lots[1]).get_data(as_text=True)
    assert "Signature invalid" not in qa.get(lots[0]).get_data(as_text=True)


# Accounts
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-11")
@pytest.mark.parametrize("again", ["verifier1", "Verifier1", "  VERIFIER1 "])
def test_a_user_name_is_never_used_again(again, application, people, sqlite):
    administrator = signed_in(application, "administrator1")
    path = f"/people/{people['verifier'].id}/standing"
    assert (
        post(administrator, path, deed="deactivate", reason="Has left the company.").status_code
        == 303
    )
    answer = post(
        administrator, "/people/new", username=again, name="Somebody else", role="verifier"
    )
    assert answer.status_code == 409
    assert "is never used again" in html.unescape(answer.get_data(as_text=True))


@pytest.mark.req("SIG-11", "IAM-05")
def test_the_database_itself_keeps_user_names_unique(database, clock):
    made = make_people(database, "reader", at=clock())["reader"]
    with pytest.raises(Refused), database.writing() as session:
        machine.found(
            Act(session, trail.SYSTEM, clock()),
            accounts.PersonFacts(made.username.upper(), "x", "reader"),
            password_hash=accounts.hashed("x" * 12),
        )
    with (
        pytest.raises(Exception, match="(?i)unique|only ever inserted"),
        database.engine.begin() as connection,
    ):
        connection.execute(
            text("INSERT INTO people (id, username, made_at) VALUES (99, 'reader1', '2026')")
        )


@pytest.mark.req("SIG-14")
def test_after_a_reset_nothing_is_signed_with_the_one_time_password(
    application, witness, qa, lots, people, sqlite, clock
):
    with sqlite.writing() as session:
        another = make_person(session, "qa", username="qa2", at=clock())

    def reset(role):
        by = {"administrator": people["administrator"], "qa": another}
        return new_password_for(sqlite, clock(), people[role].username, **by)

    one_time = reset("qa")
    assert qa.get(lots[0] + "/release").status_code == 302  # the session ended with the reset
    again = signed_in(application, "qa1", one_time)
    answer = again.get(lots[0] + "/release")
    assert (answer.status_code, answer.location) == (303, "/password")
    given = {
        "csrf_token": token(again, "/password"),
        "entry_id": entry_id(),
        "username": "qa1",
        "password": one_time,
    }
    assert (
        again.post(lots[0] + "/release", data=given | {"reviewed": "0" * 64}).location
        == "/password"
    )
    tablet, _ = witness
    answer = sign(tablet, "/witness", username="verifier1", password=reset("verifier"))
    assert answer.status_code == 401
    assert "This is a one-time password" in answer.get_data(as_text=True)
    assert kept(sqlite) == []
    assert (
        post(
            again,
            "/password",
            current=one_time,
            wanted="another pass phrase",
            again="another pass phrase",
        ).status_code
        == 303
    )
    assert (
        sign(
            again, lots[0] + "/release", username="qa1", password="another pass phrase"
        ).status_code
        == 303
    )


def test_a_mail_server_that_is_down_refuses_no_page(application, people, sqlite):
    application.config["POST"] = Post("127.0.0.1", 9, ("security@example.org",))
    for _ in range(5):
        assert sign_in(application.test_client(), "verifier1", "wrong").status_code == 401


# The clock
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("TIM-03")
def test_a_clock_that_goes_back_stops_signing_until_it_is_judged(
    application, qa, lots, sqlite, clock
):
    administrator, judge = signed_in(application, "administrator1"), signed_in(application, "qa1")
    sign(qa, lots[0] + "/release", **BOTH)
    clock.advance(hours=-1)
    answer = sign(qa, lots[1] + "/release", password=PASSWORD)
    assert answer.status_code == 503
    assert "clock went back" in html.unescape(answer.get_data(as_text=True))
    assert len(said(sqlite, "clock.went_back")) == 1
    assert "Signing is stopped" in judge.get("/trail").get_data(as_text=True)
    assert judge.get("/site/clock/acknowledge").status_code == 403
    assert administrator.get("/site/clock/judge").status_code == 403
    for client, page in ((administrator, "acknowledge"), (judge, "judge")):
        told = Page(client.get(f"/site/clock/{page}")).words
        assert "The clock went back: it said" in told and "1 h 00 before" in told
    assert (
        post(
            administrator, "/site/clock/acknowledge", reason="The time server was wrong."
        ).status_code
        == 303
    )
    assert sign(qa, lots[1] + "/release", password=PASSWORD).status_code == 503
    assert (
        post(judge, "/site/clock/judge", reason="Nothing was recorded meanwhile.").status_code
        == 303
    )
    assert sign(qa, lots[1] + "/release", password=PASSWORD).status_code == 303
    assert [
        len(said(sqlite, f"clock.{word}")) for word in ("went_back", "acknowledged", "judged")
    ] == [1, 1, 1]


@pytest.mark.req("TIM-01")
def test_the_time_a_device_claims_is_not_the_time_of_the_record(qa, lots, sqlite, clock):
    sign(
        qa,
        lots[0] + "/release",
        at="2001-01-01T00:00:00Z",
        recorded_at="2001-01-01T00:00:00Z",
        **BOTH,
    )
    [signature] = kept(sqlite)
    assert signature.at == clock()
    assert clock() - signature.at < timedelta(seconds=1)
