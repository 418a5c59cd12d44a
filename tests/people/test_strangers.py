"""Guessing: one answer to every failure, slower and slower, and nobody locks out a colleague."""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median

import pytest
from sqlalchemy import func, select, text

from integrity import outbox
from integrity.facts import shown
from integrity.post import Post
from integrity.trail import Event
from people.access_log import Access
from people.attempts import Attempts
from people.rules.guesses import FREE_OF_ADDRESS, FREE_OF_NAME, LONGEST_WAIT
from people.stations import network
from tests import mail_server
from tests.makers.people import PASSWORD, entry_id, make_people, post, sign_in, token
from tests.makers.stores import make_lot
from tests.pages import Page

pytestmark = pytest.mark.state("technician+verifier+qa+administrator")

REFUSED = (
    "User name, password or code is wrong, or this account is closed here after repeated failures."
)
UNSIGNED = (
    "User name, password or code is wrong, or signing is closed here after repeated failures."
)


@pytest.fixture
def people(sqlite, clock):
    return make_people(sqlite, "technician", "verifier", "qa", "administrator", at=clock())


@pytest.fixture
def guess(application, people):
    """Sign in from an address, on a device of that client."""

    def ask(username, password=PASSWORD, *, address="192.0.2.66", client=None):
        client = client or application.test_client()
        data = {"csrf_token": token(client), "entry_id": entry_id()}
        data |= {"username": username, "password": password}
        return client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": address})

    return ask


def said(database, action):
    with database.reading() as session:
        asked = select(Event).where(Event.action == action).order_by(Event.seq)
        return [event.said for event in session.scalars(asked)]


def words(answer) -> str:
    """What an answer says, without what no two pages share."""
    return Page(answer).words


def fail(guess, username="qa1", times=5, **how):
    for number in range(times):
        assert guess(username, f"wrong {number}", **how).status_code == 401


# Signing in
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("IAM-07")
def test_the_sixth_attempt_with_the_right_password_gets_the_answer_of_every_failure(guess, sqlite):
    wrong, nobody = guess("qa1", "wrong"), guess("nobody.here", "wrong")
    fail(guess, times=4)
    right = guess("qa1")
    assert [each.status_code for each in (wrong, nobody, right)] == [401, 401, 401]
    assert words(wrong) == words(right) == words(nobody).replace("nobody.here", "qa1")
    assert REFUSED in words(right)
    [closed] = said(sqlite, "person.closed")
    assert closed["details"]["purpose"] == "sign in"
    assert list(map(shown, closed["details"]["where"])) == ["from the address 192.0.2.66"]


@pytest.mark.req("IAM-07")
def test_a_deactivated_account_is_answered_like_any_other_failure(application, guess, people):
    administrator = application.test_client()
    sign_in(administrator, "administrator1")
    path = f"/people/{people['verifier'].id}/standing"
    post(administrator, path, deed="deactivate", reason="Has left the company.")
    right, wrong = guess("verifier1"), guess("verifier1", "wrong")
    assert (right.status_code, words(right)) == (401, words(wrong))


@pytest.mark.req("IAM-07")
def test_strangers_close_a_name_where_they_failed_and_never_on_its_own_device(application, guess):
    own, tablet = application.test_client(), application.test_client()
    assert guess("qa1", client=own).status_code == 303  # from the very address of the stranger
    fail(guess, times=9)
    assert guess("qa1").status_code == 401
    assert guess("qa1", client=own).status_code == 303
    assert guess("qa1", address="192.0.2.7", client=tablet).status_code == 303
    assert guess("technician1").status_code == 303


@pytest.mark.req("IAM-07")
def test_the_failing_device_is_closed_wherever_it_goes_and_the_others_are_not(application, guess):
    device, other = application.test_client(), application.test_client()
    for client in (device, other):
        assert guess("qa1", client=client).status_code == 303
    fail(guess, client=device)
    assert guess("qa1", client=device, address="192.0.2.7").status_code == 401
    assert guess("qa1", client=other).status_code == 303
    assert guess("technician1", client=device).status_code == 303


@pytest.mark.req("IAM-07", "SIG-15")
def test_an_administrator_opens_what_was_closed_with_a_reason_and_time_does_not(
    application, guess, people, sqlite, clock
):
    fail(guess)
    clock.advance(days=30)
    assert guess("qa1").status_code == 401
    administrator = application.test_client()
    sign_in(administrator, "administrator1")
    person = f"/people/{people['qa'].id}"
    page = Page(administrator.get(person))
    assert "Signing in from the address 192.0.2.66" in page.words
    assert "Signing in is closed for qa1" in page.words
    opened = {"deed": "activate", "page": f"{person}/standing"}
    assert post(administrator, f"{person}/standing", reason="", **opened).status_code == 422
    why = "Identity checked in person."
    assert post(administrator, f"{person}/standing", reason=why, **opened).status_code == 303
    again = post(administrator, f"{person}/standing", reason=why, **opened)
    assert (again.status_code, "Nothing is closed" in Page(again).words) == (409, True)
    assert guess("qa1").status_code == 303
    [event] = said(sqlite, "person.opened")
    assert (event["reason"], event["actor"]["username"]) == (why, "administrator1")
    assert "closed for qa1" not in Page(administrator.get("/people")).words


@pytest.mark.req("IAM-07", "SIG-15")
def test_who_is_closed_out_is_in_the_outbox_and_above_the_pages_of_administrators_and_qa(
    application, guess, sqlite
):
    fail(guess, "verifier1")
    for username, sees in (("administrator1", True), ("qa1", True), ("technician1", False)):
        client = application.test_client()
        sign_in(client, username)
        shown = Page(client.get("/trail")).words
        assert ("Signing in is closed for verifier1" in shown) is sees
    with sqlite.reading() as session:
        [mail] = session.scalars(select(outbox.Mail)).all()
    assert mail.subject == (
        "Cordbook: signing in is closed for verifier1 from the address 192.0.2.66"
    )


@pytest.mark.req("SIG-15")
@pytest.mark.parametrize(
    ("username", "told"),
    [
        ("qa1", ["security@example.org", "quality@example.org"]),
        ("technician1", ["security@example.org"]),
    ],
)
def test_quality_is_told_when_it_is_the_account_of_quality(
    username, told, application, guess, sqlite, clock
):
    fail(guess, username)
    with mail_server.running() as (mails, post_office):
        post = Post(
            post_office.host, post_office.port, ("security@example.org",), ("quality@example.org",)
        )
        assert outbox.deliver(sqlite, post, clock) == 1
    assert mails.recipients == told


@pytest.mark.req("IAM-07")
def test_a_name_that_is_guessed_from_everywhere_is_slowed_for_strangers_alone(
    application, guess, clock
):
    own, address = application.test_client(), 0
    assert guess("qa1", client=own).status_code == 303
    for address in range(FREE_OF_NAME):
        fail(guess, times=1, address=f"198.51.100.{address}")
    answers = {guess("qa1", password, address="192.0.2.8") for password in (PASSWORD, "wrong")}
    assert {each.status_code for each in answers} == {401}
    assert len({words(each) for each in answers}) == 1
    assert "Try again in 1 seconds." in words(answers.pop())
    assert guess("qa1", client=own).status_code == 303
    clock.advance(seconds=1)
    fail(guess, times=1, address="192.0.2.8")
    assert "Try again in 2 seconds." in words(guess("qa1", address="192.0.2.9"))
    clock.advance(seconds=2)
    assert guess("qa1", address="192.0.2.9").status_code == 303


@pytest.mark.req("IAM-07")
def test_an_address_that_tries_one_name_after_another_is_told_and_slowed(
    application, guess, clock, sqlite
):
    own = application.test_client()
    assert guess("qa1", client=own).status_code == 303
    for number in range(FREE_OF_ADDRESS):
        fail(guess, f"somebody{number}", times=1)
    with sqlite.reading() as session:
        [mail] = session.scalars(select(outbox.Mail)).all()
    assert mail.subject.endswith("failed from the address 192.0.2.66")
    shown = {words(guess(name)).replace(name, "") for name in ("technician1", "nobody.here")}
    assert len(shown) == 1 and "Try again in 1 seconds." in shown.pop()
    assert guess("technician1", address="192.0.2.7").status_code == 303
    assert guess("qa1", client=own).status_code == 303
    clock.advance(seconds=LONGEST_WAIT.seconds)
    assert guess("technician1").status_code == 303


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.66", "192.0.2.66"),
        ("::ffff:192.0.2.66", "192.0.2.66"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_an_address_is_counted_by_its_network(address, counted):
    assert network(address) == counted


@pytest.mark.req("IAM-07")
def test_a_success_in_between_starts_the_count_of_this_device_anew(application, guess):
    client = application.test_client()
    for _ in range(3):
        fail(guess, times=4, client=client)
        assert guess("qa1", client=client).status_code == 303


def test_counted_failures_are_cleared_after_their_use_and_hold_no_typed_name(guess, sqlite, clock):
    fail(guess, times=4)
    fail(guess, "my secret typed as a name", times=1)
    with sqlite.reading() as session:
        rows = session.scalars(select(Attempts)).all()
        assert len(rows) == 5  # two names with their place, two anywhere, one address
        assert not any("qa1" in row.name or "secret" in row.name for row in rows)
        lines = session.scalars(select(Access.username)).all()
        assert "my secret typed as a name" not in lines and "qa1" in lines
    clock.advance(hours=25)
    fail(guess, "technician1", times=1, address="192.0.2.9")
    with sqlite.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempts)) == 3


@pytest.mark.req("IAM-07")
@pytest.mark.state("schema")  # its people are made here, at what a password really costs
def test_an_unknown_name_a_wrong_password_and_a_closed_account_take_the_same_time(real_cost, guess):
    fail(guess, "verifier1", times=5, address="192.0.2.1")
    cases = {
        "unknown": lambda n: guess(f"nobody{n}", "wrong", address=f"203.0.113.{n}"),
        "wrong": lambda n: guess("qa1", "wrong", address=f"203.0.113.{n + 50}"),
        "closed": lambda n: guess("verifier1", address="192.0.2.1"),
    }
    took = {name: [] for name in cases}
    for number in range(4):
        for name, ask in cases.items():
            began = time.perf_counter()
            assert ask(number).status_code == 401
            took[name].append(time.perf_counter() - began)
    middle = {name: median(times) for name, times in took.items()}
    assert max(middle.values()) < 2 * min(middle.values()), middle


def test_what_an_unknown_name_is_compared_with_is_hashed_as_every_password_is(real_cost):
    from people.accounts import NOBODY, hashed

    assert "m=19456,t=2,p=1" in NOBODY
    assert NOBODY.split("$")[:4] == hashed("whatever").split("$")[:4]


# Signing
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def lots(sqlite, clock, people):
    with sqlite.writing() as session:
        made = [
            make_lot(session, by=people["technician"], at=clock(), supplier_lot=f"2026-{n}")
            for n in range(4)
        ]
        return [f"/lots/{lot.code}/release" for lot in made]


@pytest.fixture
def device(application, people):
    """A device of its own on which somebody is signed in."""

    def make(username="qa1", client=None):
        client = client or application.test_client()
        assert sign_in(client, username).status_code == 303
        return client

    return make


def sign(client, path, username="qa1", password=PASSWORD):
    reviewed = Page(client.get(path)).value("reviewed")
    return post(client, path, reviewed=reviewed, username=username, password=password)


def fail_to_sign(client, path, username="qa1"):
    for number in range(3):
        assert sign(client, path, username, f"wrong {number}").status_code == 401


@pytest.mark.req("SIG-15")
def test_three_failed_signings_close_signing_on_that_device_until_a_sign_in_there(
    application, device, lots, sqlite
):
    tablet, other = device(), device()
    with mail_server.running() as (mails, application.config["POST"]):
        fail_to_sign(tablet, lots[0])
        assert len(mails.mails) == 1
    assert "signing is closed for qa1 on the device" in mails.mails[0]
    assert "Quality assurance" in mails.mails[0]
    assert len(said(sqlite, "signature.failed")) == 3
    right, wrong = sign(tablet, lots[0]), sign(tablet, lots[0], password="wrong")
    assert (right.status_code, wrong.status_code) == (401, 401)
    assert UNSIGNED in words(right) and words(right) == words(wrong)
    assert sign(other, lots[0]).status_code == 303
    assert sign(device(client=tablet), lots[1]).status_code == 303
    [opened] = said(sqlite, "person.opened")
    assert shown(opened["reason"]) == "Signed in on this device with user name and password."


@pytest.mark.req("SIG-15")
def test_unlocking_with_the_password_alone_does_not_open_signing_again(device, lots, clock):
    tablet = device()
    fail_to_sign(tablet, lots[0])
    given = token(tablet, "/password")
    clock.advance(minutes=10, seconds=1)
    data = {"csrf_token": given, "entry_id": entry_id(), "password": PASSWORD, "next": "/trail"}
    assert tablet.post("/unlock", data=data).status_code == 303
    assert sign(tablet, lots[0]).status_code == 401


@pytest.mark.req("SIG-15")
def test_failures_on_three_devices_close_signing_everywhere_until_an_administrator_opens_it(
    device, lots, people, sqlite
):
    fourth = device()
    for _ in range(3):
        fail_to_sign(device(), lots[0])
    assert sign(fourth, lots[0]).status_code == 401
    assert sign(device(client=fourth), lots[0]).status_code == 401
    closed = said(sqlite, "person.closed")[-1]["details"]["where"]
    assert "everywhere" in map(shown, closed)
    administrator = device("administrator1")
    path = f"/people/{people['qa'].id}/standing"
    why = "Identity checked in person."
    assert post(administrator, path, deed="open_signing", reason=why).status_code == 303
    assert sign(fourth, lots[0]).status_code == 303


@pytest.fixture
def witness(own_addresses, application, people):
    """The address of a page that a second person signs on the first one's device."""
    from integrity import signatures
    from integrity.signatures import Meaning
    from people.access import requires
    from people.permissions import Permission
    from people.signing import signing_page
    from tests.makers.subjects import make_subject

    facts = [["Step", "3"]]

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

    view = requires(Permission.RECORD_STEPS)(page)
    application.add_url_rule("/witness", view_func=view, methods=["GET", "POST"])
    return "/witness"


@pytest.mark.req("SIG-15")
def test_nobody_closes_a_colleagues_signing_from_their_own_device_however_many_they_make_up(
    witness, device
):
    colleague = device("verifier1")
    fresh = device("verifier1")
    post(fresh, "/sign-out", page="/password")
    for _ in range(4):
        tablet = device("technician1")
        fail_to_sign(tablet, witness, "verifier1")
        assert sign(tablet, witness, "verifier1").status_code == 401
    assert sign(device("technician1", fresh), witness, "verifier1").status_code == 303
    assert colleague.get("/trail").status_code == 200


@pytest.mark.req("SIG-15")
def test_the_second_person_page_answers_an_unknown_name_like_a_wrong_password(witness, device):
    tablet = device("technician1")
    answers = [
        words(sign(tablet, witness, name, "wrong")).replace(name, "")
        for name in ("verifier1", "nobody.here")
    ]
    assert answers[0] == answers[1] and UNSIGNED in answers[0]


# Addresses
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["//people", "//example.org/people", "/people//1", "///"])
def test_a_doubled_slash_leads_to_no_host_that_the_request_names(path, application):
    asked = {"PATH_INFO": path, "HTTP_HOST": "evil.example"}
    answer = application.test_client().get("/", environ_overrides=asked)
    assert answer.status_code in (302, 404)
    assert "evil" not in str(answer.headers) and "//" not in (answer.location or "")


# On both databases
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("IAM-07")
@pytest.mark.state("schema")
def test_a_closing_is_a_record_that_nobody_changes_on_both_databases(database, clock):
    from app import create_app

    make_people(database, "qa", "administrator", at=clock())
    client = create_app(database, "not a secret: a test", clock=clock).test_client()
    for _ in range(5):
        assert sign_in(client, "qa1", "wrong").status_code == 401
    assert sign_in(client, "qa1").status_code == 401
    assert sign_in(client, "administrator1").status_code == 303
    for statement in ("UPDATE closings SET is_closed = 0", "DELETE FROM accesses"):
        with (
            pytest.raises(Exception, match="only ever inserted"),
            database.engine.begin() as connection,
        ):
            connection.execute(text(statement))
    why = {"deed": "activate", "reason": "Identity checked in person."}
    assert post(client, "/people/1/standing", **why).status_code == 303
    clock.advance(seconds=timedelta(minutes=1).seconds)
    assert sign_in(client, "qa1").status_code == 303
