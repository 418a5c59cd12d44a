"""A code from a phone beside the password: set up by its holder, asked for, used once, let go."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select, text

from integrity.acts import Act
from integrity.database import Base
from integrity.findings import Refused
from integrity.signatures import Signature
from integrity.trail import SYSTEM, Event
from integrity.verification import verify
from people import accounts, admission, machine, second_factors, setting_changes
from people.admission import Claim
from people.rules.guesses import Purpose
from people.rules.second_factors import FactorState, Occasion
from people.second_factors import SecondFactor
from people.stations import Station
from tests.makers.people import PASSWORD, entry_id, make_people, new_password_for, post, token
from tests.makers.phones import KEY, code_of, drawn_spares, set_up_phone
from tests.makers.settings import change_setting, propose_setting, seal_of
from tests.pages import Page

pytestmark = pytest.mark.state("technician+qa+administrator")
HERE = Station(None, "127.0.0.1")


@pytest.fixture
def people(database, clock):
    return make_people(database, "technician", "qa", "administrator", at=clock())


def admitted(database, at, username, code, *, occasion=Occasion.COMING_IN, password=PASSWORD):
    """Whether this name, password and code admit somebody."""
    claim = Claim(username, Purpose.SIGN_IN, HERE, occasion=occasion)
    with database.reading() as session:
        credential = accounts.proven(session, username, password)
        typed = second_factors.typed_by(session, username, KEY, code, at)
    with database.writing() as session:
        found = admission.admit(Act(session, SYSTEM, at), claim, credential, typed)
    return found.person is not None


def state_of(database, who) -> str | None:
    with database.reading() as session:
        return second_factors.state_of(session, who.id)


# What a code is
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize(
    ("seconds", "eight_digits"),
    [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ],
)
def test_the_program_that_makes_codes_here_agrees_with_the_examples_of_the_standard(
    seconds, eight_digits
):
    from datetime import UTC, datetime

    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B: 12345678901234567890
    assert code_of(secret, datetime.fromtimestamp(seconds, UTC)) == eight_digits[2:]


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize(
    ("intervals", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_phone_may_be_wrong_by_one_interval(intervals, opens, database, clock, people):
    secret = set_up_phone(database, clock(), people["technician"])
    clock.advance(minutes=10)
    code = code_of(secret, clock(), intervals=intervals)
    assert admitted(database, clock(), "technician1", code) is opens


@pytest.mark.req("SIG-09")
def test_a_code_opens_once_and_so_does_none_before_it(database, clock, people):
    secret = set_up_phone(database, clock(), people["technician"])
    used = code_of(secret, clock())
    assert not admitted(database, clock(), "technician1", used), "the one that confirmed it"
    clock.advance(minutes=5)
    newest, before = code_of(secret, clock()), code_of(secret, clock(), intervals=-1)
    assert admitted(database, clock(), "technician1", newest)
    assert not admitted(database, clock(), "technician1", newest)
    assert not admitted(database, clock(), "technician1", before)
    clock.advance(seconds=30)
    assert admitted(database, clock(), "technician1", code_of(secret, clock()))


@pytest.mark.req("SIG-09")
def test_a_right_code_does_not_replace_a_password_and_is_not_used_up_by_a_wrong_one(
    database, clock, people
):
    secret = set_up_phone(database, clock(), people["technician"])
    clock.advance(minutes=5)
    code = code_of(secret, clock())
    assert not admitted(database, clock(), "technician1", code, password="quite another phrase")
    assert admitted(database, clock(), "technician1", code)


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345", "1e5000"])
def test_what_is_no_code_opens_nothing(typed, database, clock, people):
    set_up_phone(database, clock(), people["technician"])
    clock.advance(minutes=5)
    assert not admitted(database, clock(), "technician1", typed)


@pytest.mark.req("SIG-09")
def test_a_code_may_be_typed_in_two_groups(database, clock, people):
    secret = set_up_phone(database, clock(), people["technician"])
    clock.advance(minutes=5)
    code = code_of(secret, clock())
    assert admitted(database, clock(), "technician1", f" {code[:3]} {code[3:]} ")


@pytest.mark.req("SIG-09")
def test_one_persons_code_opens_nothing_for_another(database, clock, people):
    secret = set_up_phone(database, clock(), people["technician"])
    set_up_phone(database, clock(), people["qa"])
    clock.advance(minutes=5)
    assert not admitted(database, clock(), "qa1", code_of(secret, clock()))


# What is kept
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-09")
def test_whoever_reads_the_database_alone_has_no_secret(database, clock, people):
    secret = set_up_phone(database, clock(), people["technician"])
    with database.reading() as session:
        held = " ".join(
            str(list(row))
            for table in Base.metadata.tables
            for row in session.execute(text(f"SELECT * FROM {table}")).all()
        )
        factor = session.scalars(select(SecondFactor)).one()
        assert factor.nonce in held and secret not in held and secret.lower() not in held
        assert second_factors.secret_of(factor, "another installation") != secret
        assert verify(session).whole


@pytest.mark.req("SIG-09")
def test_each_phone_has_a_secret_of_its_own(database, clock, people):
    first = set_up_phone(database, clock(), people["technician"])
    second = set_up_phone(database, clock(), people["qa"])
    assert first != second and all(re.fullmatch("[A-Z2-7]{32}", each) for each in (first, second))


# How it ends
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-09")
def test_a_phone_is_let_go_with_the_password_that_two_hand_over(database, clock, people):
    secret = set_up_phone(database, clock(), people["technician"])
    quality = {"administrator": people["administrator"], "qa": people["qa"]}
    one_time = new_password_for(database, clock(), "technician1", **quality)
    assert state_of(database, people["technician"]) == FactorState.ENDED
    clock.advance(minutes=5)
    assert admitted(database, clock(), "technician1", "", password=one_time)
    with database.writing() as session:
        second_factors.begin(Act(session, people["technician"], clock()))
    with pytest.raises(Refused, match="not the code of now"), database.writing() as session:
        act, stale = Act(session, people["technician"], clock()), code_of(secret, clock())
        second_factors.confirm(act, stale, key=KEY, spare=drawn_spares()[1])


@pytest.mark.req("SIG-09")
def test_a_code_of_a_secret_that_is_another_one_by_now_opens_nothing(database, clock, people):
    technician = people["technician"]
    secret = set_up_phone(database, clock(), technician)
    clock.advance(minutes=5)
    with database.reading() as session:
        credential = accounts.proven(session, "technician1", PASSWORD)
        code = code_of(secret, clock())
        typed = second_factors.typed_by(session, "technician1", KEY, code, clock())
    with database.writing() as session:
        second_factors.end(Act(session, technician, clock()))
    set_up_phone(database, clock.advance(seconds=-30), technician)
    clock.advance(seconds=30)
    with database.writing() as session:
        claim = Claim("technician1", Purpose.SIGN_IN, HERE)
        assert not admission.admit(Act(session, SYSTEM, clock()), claim, credential, typed).person


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize("state", ["begun", "in force"])
def test_a_password_made_at_the_machine_lets_the_phone_go_too(state, database, clock, people):
    technician = people["technician"]
    if state == "begun":
        with database.writing() as session:
            second_factors.begin(Act(session, technician, clock()))
    else:
        set_up_phone(database, clock(), technician)
    with database.writing() as session:
        words = {"password_hash": accounts.hashed("x" * 12), "reason": "The phone is lost."}
        machine.reset(Act(session, SYSTEM, clock()), technician.id, **words)
    assert state_of(database, technician) == FactorState.ENDED


@pytest.mark.req("SIG-09")
def test_what_becomes_of_a_phone_is_in_the_trail(database, clock, people):
    technician = people["technician"]
    set_up_phone(database, clock(), technician)
    with pytest.raises(Refused, match="set up already"), database.writing() as session:
        second_factors.begin(Act(session, technician, clock()))
    with database.writing() as session:
        second_factors.end(Act(session, technician, clock()))
    with pytest.raises(Refused, match="No phone is set up"), database.writing() as session:
        second_factors.end(Act(session, technician, clock()))
    with database.reading() as session:
        said = session.scalars(select(Event.action).where(Event.action.contains("second_factor")))
        assert [each.rpartition(".")[2] for each in said] == ["begun", "confirmed", "ended"]


# What the site wants
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize("policy", ["first_signature", "every_signature"])
def test_where_the_site_wants_one_nobody_signs_without(policy, database, clock, people):
    change_setting(database, clock(), "second_factor", policy)
    with pytest.raises(Refused, match="wants a code from a phone"):
        propose_setting(database, clock(), "late_minutes", "20")
    set_up_phone(database, clock(), people["administrator"])
    change = propose_setting(database, clock(), "late_minutes", "20")
    for has_phone in (False, True):
        if has_phone:
            set_up_phone(database, clock(), people["qa"])
        with database.writing() as session:
            act, seal = Act(session, people["qa"], clock()), seal_of(session, change.id)
            if has_phone:
                setting_changes.approve(act, change.id, seal=seal)
                continue
            with pytest.raises(Refused, match="wants a code from a phone"):
                setting_changes.approve(act, change.id, seal=seal)


# Through the pages
# -------------------------------------------------------------------------------------------------


def words(answer) -> str:
    return html.unescape(answer.get_data(as_text=True))


def spares_on(answer) -> list[str]:
    return re.findall(r">([a-z2-9]{4}-[a-z2-9]{4})<", words(answer))


def come_in(client, username, code=None, password=PASSWORD):
    typed = {"username": username, "password": password}
    typed |= {} if code is None else {"password_code": code}
    form = {"csrf_token": token(client), "entry_id": entry_id()}
    return client.post("/sign-in", data=form | typed)


@pytest.fixture
def seated(application, sqlite, clock):
    """QA, signed in, who has set up a phone through the pages; (client, secret)."""
    make_people(sqlite, "technician", "qa", "administrator", at=clock())
    client = application.test_client()
    assert come_in(client, "qa1").status_code == 303
    assert post(client, "/phone", password=PASSWORD).location == "/phone/confirm"
    shown = Page(client.get("/phone/confirm"))
    secret = re.search("[A-Z2-7]{32}", shown.words).group(0)
    wrong = post(client, "/phone/confirm", password_code="000000")
    assert wrong.status_code == 409 and "not the code of now" in words(wrong)
    assert "000000" not in words(wrong)
    confirmed = post(client, "/phone/confirm", password_code=code_of(secret, clock()))
    assert confirmed.status_code == 200 and len(spares_on(confirmed)) == 10
    assert "Set up" in words(client.get("/phone"))
    clock.advance(minutes=1)
    return client, secret


@pytest.mark.req("SIG-09")
def test_nobody_is_asked_for_a_code_before_somebody_has_one(application, sqlite, clock):
    make_people(sqlite, "technician", "qa", "administrator", at=clock())
    page = words(application.test_client().get("/sign-in"))
    assert "Code from your phone" not in page


@pytest.mark.req("SIG-09")
def test_the_qr_holds_what_the_phone_needs(seated, application, sqlite, clock):
    client = application.test_client()
    come_in(client, "technician1")
    post(client, "/phone", password=PASSWORD)
    page = words(client.get("/phone/confirm"))
    assert "<svg" in page and 'role="img"' in page
    with sqlite.reading() as session:
        person = accounts.find(session, "technician1")
        factor = second_factors.newest(session, person.id)
        address = second_factors.address_of(factor, KEY, person.username)
    assert re.fullmatch(
        r"otpauth://totp/Cordbook:technician1\?secret=[A-Z2-7]{32}&issuer=Cordbook.*", address
    )
    assert client.get("/phone/confirm").headers["Cache-Control"] == "no-store"


@pytest.mark.req("SIG-09")
def test_who_has_one_comes_in_with_it_and_every_failure_has_one_answer(seated, application, clock):
    _, secret = seated

    def failed(**typed) -> str:
        client = application.test_client()
        answer = come_in(client, "qa1", **typed)
        assert answer.status_code == 401
        return Page(answer).of_class("error-list")[0].words

    code = code_of(secret, clock())
    answers = {
        failed(code=code, password="not this one at all"),
        failed(code="000000"),
        failed(code=""),
        failed(),
    }
    assert len(answers) == 1
    client = application.test_client()
    assert come_in(client, "qa1", code).status_code == 303
    assert come_in(application.test_client(), "technician1").status_code == 303


@pytest.mark.req("SIG-09", "IAM-07")
def test_wrong_codes_close_the_account_here_as_wrong_passwords_do(seated, application, clock):
    _, secret = seated
    client = application.test_client()
    for _ in range(5):
        assert come_in(client, "qa1", "000000").status_code == 401
    assert come_in(client, "qa1", code_of(secret, clock())).status_code == 401


def sign(client, path, **typed):
    return post(client, path, reviewed=Page(client.get(path)).value("reviewed"), **typed)


@pytest.fixture
def proposals(sqlite, clock, seated):
    """The pages of three changes that wait for quality."""
    made = [
        propose_setting(sqlite, clock(), name, value)
        for name, value in (("late_minutes", "20"), ("silent_days", "7"), ("idle_minutes", "8"))
    ]
    return [f"/site/settings/{change.id}/approve" for change in made]


def components(database) -> list[str]:
    with database.reading() as session:
        given = select(Signature).where(
            Signature.subject_kind == "setting_changes", Signature.username == "qa1"
        )
        return [each.components for each in session.scalars(given.order_by(Signature.id))]


@pytest.mark.req("SIG-09")
def test_the_first_signature_wants_a_code_and_further_ones_do_not(seated, proposals, sqlite, clock):
    client, secret = seated
    both = {"username": "qa1", "password": PASSWORD}
    unsigned = sign(client, proposals[0], **both)
    assert unsigned.status_code == 401 and "code that your phone shows now" in words(unsigned)
    assert sign(client, proposals[0], **both, password_code="000000").status_code == 401
    assert components(sqlite) == []
    signed = sign(client, proposals[0], **both, password_code=code_of(secret, clock()))
    assert signed.status_code == 303
    assert "Code from your phone" not in words(client.get(proposals[1]))
    assert sign(client, proposals[1], password=PASSWORD).status_code == 303
    assert components(sqlite) == ["user name and password and code", "password"]


@pytest.mark.req("SIG-09")
def test_where_the_site_wants_it_each_signature_has_a_code_of_its_own(
    seated, proposals, sqlite, clock
):
    client, secret = seated
    set_up_phone(sqlite, clock(), make_people(sqlite, "administrator", at=clock())["administrator"])
    change_setting(sqlite, clock(), "second_factor", "every_signature")
    both = {"username": "qa1", "password": PASSWORD}
    code = code_of(secret, clock())
    assert sign(client, proposals[0], **both, password_code=code).status_code == 303
    assert sign(client, proposals[1], password=PASSWORD).status_code == 401
    assert sign(client, proposals[1], password=PASSWORD, password_code=code).status_code == 401
    clock.advance(seconds=30)
    code = code_of(secret, clock())
    assert sign(client, proposals[1], password=PASSWORD, password_code=code).status_code == 303
    assert components(sqlite)[-2:] == ["user name and password and code", "password and code"]


@pytest.mark.req("SIG-09")
def test_a_locked_tablet_is_unlocked_with_a_code(seated, clock):
    client, secret = seated
    clock.advance(minutes=11)
    assert client.get("/trail").status_code == 401
    typed = {"csrf_token": token(client, "/trail"), "password": PASSWORD, "next": "/trail"}
    assert client.post("/unlock", data=typed | {"entry_id": entry_id()}).status_code == 401
    typed |= {"password_code": code_of(secret, clock()), "entry_id": entry_id()}
    assert client.post("/unlock", data=typed).location == "/trail"


@pytest.mark.req("SIG-09")
def test_what_was_typed_of_a_code_is_not_kept_with_a_draft(seated, proposals, sqlite, clock):
    client, secret = seated
    form = {"csrf_token": token(client, proposals[0]), "entry_id": entry_id()}
    clock.advance(minutes=11)
    code = code_of(secret, clock())
    client.post(proposals[0], data=form | {"password": PASSWORD, "password_code": code})
    with sqlite.reading() as session:
        kept = str(session.execute(text("SELECT typed FROM drafts")).all())
    assert code not in kept and PASSWORD not in kept


@pytest.mark.req("SIG-09")
def test_its_holder_ends_it_with_a_code_and_not_without(seated, clock):
    client, secret = seated
    assert post(client, "/phone", password=PASSWORD).status_code == 401
    code = code_of(secret, clock())
    assert post(client, "/phone", password=PASSWORD, password_code=code).location == "/phone"
    assert "Not set up" in words(client.get("/phone"))
    assert client.get("/phone/confirm").location == "/phone"


@pytest.mark.req("SIG-09")
def test_setting_up_a_phone_wants_the_password_and_ends_other_sessions(application, sqlite, clock):
    make_people(sqlite, "technician", "qa", "administrator", at=clock())
    client, other = application.test_client(), application.test_client()
    assert all(come_in(each, "qa1").status_code == 303 for each in (client, other))
    assert post(client, "/phone", password="not this one at all").status_code == 401
    post(client, "/phone", password=PASSWORD)
    secret = re.search("[A-Z2-7]{32}", Page(client.get("/phone/confirm")).words).group(0)
    post(client, "/phone/confirm", password_code=code_of(secret, clock()))
    assert client.get("/trail").status_code == 200
    assert other.get("/trail").status_code == 302


@pytest.mark.req("SIG-09")
def test_the_site_says_on_the_page_that_it_wants_one(application, sqlite, clock):
    make_people(sqlite, "technician", "qa", "administrator", at=clock())
    change_setting(sqlite, clock(), "second_factor", "first_signature")
    client = application.test_client()
    come_in(client, "technician1")
    assert "Until it is set up you sign nothing" in words(client.get("/phone"))
