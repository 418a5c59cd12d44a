"""Ten spare codes beside a phone: shown once, each opens once, counted, drawn anew."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from integrity.acts import Act
from integrity.database import Base
from integrity.findings import Refused
from integrity.trail import Event
from integrity.verification import verify
from people import second_factors, spare_codes
from people.rules.second_factors import Occasion
from tests.makers.people import PASSWORD, make_people, new_password_for, post, sign_in
from tests.makers.phones import KEY, code_of, drawn_spares, set_up_phone
from tests.makers.settings import propose_setting
from tests.people.test_second_factors import admitted, come_in, seated, sign, spares_on, words

pytestmark = [pytest.mark.state("technician+qa+administrator"), pytest.mark.req("SIG-09")]
__all__ = ["seated"]


@pytest.fixture
def people(database, clock):
    return make_people(database, "technician", "qa", "administrator", at=clock())


@pytest.fixture
def codes(database, clock, people):
    """The spare codes of the technician, five minutes after the phone was set up."""
    set_up_phone(database, clock(), people["technician"])
    clock.advance(minutes=5)
    return drawn_spares()[0]


def left(database, who) -> int | None:
    with database.reading() as session:
        return second_factors.spares_left(session, who.id)


def said(database) -> list[tuple[str, str, str]]:
    """(event, who, how many are left) of everything that became of spare codes."""
    with database.reading() as session:
        found = session.scalars(select(Event).where(Event.action.contains("spare")))
        return [
            (each.action.rpartition(".")[2], each.username, each.said["details"].get("left", ""))
            for each in found.all()
        ]


def test_each_opens_once_in_the_place_of_the_phone(database, clock, people, codes):
    assert len(set(codes)) == 10 and left(database, people["technician"]) == 10
    assert admitted(database, clock(), "technician1", codes[4])
    assert not admitted(database, clock(), "technician1", codes[4])
    assert admitted(database, clock(), "technician1", f" {codes[7].upper().replace('-', '  ')} ")
    assert left(database, people["technician"]) == 8
    with database.reading() as session:
        assert verify(session).whole


def test_it_replaces_no_password_and_is_not_used_up_by_a_wrong_one(database, clock, people, codes):
    assert not admitted(database, clock(), "technician1", codes[0], password="quite another one")
    assert left(database, people["technician"]) == 10
    assert admitted(database, clock(), "technician1", codes[0])


@pytest.mark.parametrize(
    "typed", ["abcd-efg", "abcd-efgh-j", "0000-0000", "abcd-efgh", "@@@@-@@@@"]
)
def test_what_is_none_opens_nothing(typed, database, clock, people, codes):
    assert not admitted(database, clock(), "technician1", typed)


def test_one_persons_opens_nothing_for_another(database, clock, people, codes):
    with database.writing() as session:
        second_factors.begin(Act(session, people["qa"], clock()))
        factor = second_factors.newest(session, people["qa"].id)
        code, other = second_factors.secret_of(factor, KEY), drawn_spares(KEY, 1)[1]
        act = Act(session, people["qa"], clock())
        second_factors.confirm(act, code_of(code, clock()), key=KEY, spare=other)
    assert not admitted(database, clock(), "qa1", codes[0])
    assert admitted(database, clock(), "qa1", drawn_spares(KEY, 1)[0][0])


def test_each_use_is_an_event_and_so_is_that_few_are_left(database, clock, people, codes):
    for code in codes:
        assert admitted(database, clock(), "technician1", code)
    every = [("used", "technician1", str(count)) for count in range(9, -1, -1)]
    few = [("few", "technician1", str(count)) for count in (3, 2, 1, 0)]
    told = said(database)
    assert [each for each in told if each[0] == "used"] == every
    assert [each for each in told if each[0] == "few"] == few
    assert left(database, people["technician"]) == 0


def test_ten_new_ones_take_the_place_of_those_before(database, clock, people, codes):
    new, kept = drawn_spares(KEY, 2)
    with database.writing() as session:
        second_factors.draw_spares(Act(session, people["technician"], clock()), kept)
    assert said(database) == [("drawn", "technician1", "")]
    assert not admitted(database, clock(), "technician1", codes[0])
    assert admitted(database, clock(), "technician1", new[0])


def test_one_that_was_judged_before_new_ones_were_drawn_opens_nothing(
    database, clock, people, codes
):
    who = people["technician"]
    with database.reading() as session:
        typed = second_factors.typed_by(session, "technician1", KEY, codes[0], clock())
    with database.writing() as session:
        second_factors.draw_spares(Act(session, who, clock()), drawn_spares(KEY, 2)[1])
        person = session.get_one(second_factors.Person, who.id)
        act = Act(session, who, clock())
        assert not second_factors.admits(act, person, typed, Occasion.COMING_IN)


def test_they_end_with_the_phone(database, clock, people, codes):
    who = people["technician"]
    with database.writing() as session:
        second_factors.end(Act(session, who, clock()))
    assert left(database, who) is None
    with database.writing() as session, pytest.raises(Refused, match="No phone is set up"):
        second_factors.draw_spares(Act(session, who, clock()), drawn_spares(KEY, 2)[1])


def test_a_new_password_lets_them_go(database, clock, people, codes):
    quality = {"administrator": people["administrator"], "qa": people["qa"]}
    new_password_for(database, clock(), "technician1", **quality)
    assert left(database, people["technician"]) is None


def test_no_code_stands_in_the_database(database, clock, people, codes):
    with database.reading() as session:
        held = " ".join(
            str(list(row))
            for table in Base.metadata.tables
            for row in session.execute(text(f"SELECT * FROM {table}")).all()
        )
        kept = session.scalars(select(spare_codes.SpareCodes)).one()
    assert kept.salt in held
    for code in codes:
        assert code not in held and code.replace("-", "") not in held
    again = spare_codes.drawn(codes, "another installation")
    assert not set(again.digests) & set(kept.digests)


# Through the pages
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def written(seated, clock):
    """QA with a phone and ten new spare codes, drawn through the page; (client, codes)."""
    client, secret = seated
    path = "/phone/spare-codes"
    proof = {"password": PASSWORD, "password_code": code_of(secret, clock())}
    assert post(client, path, **(proof | {"password": "not this one"})).status_code == 401
    shown = post(client, path, **proof)
    assert shown.status_code == 200 and shown.headers["Cache-Control"] == "no-store"
    return client, spares_on(shown)


def test_they_are_shown_once_and_counted_on_the_page(written, application, sqlite):
    client, codes = written
    assert len(set(codes)) == 10
    page = words(client.get("/phone")) + words(client.get("/phone/spare-codes"))
    assert "10 of ten spare codes left" in page and not any(code in page for code in codes)
    stranger = application.test_client()
    for code in codes[:7]:
        assert come_in(stranger, "qa1", code).status_code == 303
    assert "3 of ten spare codes left" in words(client.get("/phone"))
    administrator = application.test_client()
    sign_in(administrator, "administrator1")
    with sqlite.reading() as session:
        number = second_factors.accounts.find(session, "qa1").id
    assert "3 of ten spare codes left" in words(administrator.get(f"/people/{number}"))


def test_nobody_draws_new_ones_without_a_code(seated):
    client, _ = seated
    assert post(client, "/phone/spare-codes", password=PASSWORD).status_code == 401


def test_who_has_no_phone_has_none_to_draw(application, sqlite, clock):
    make_people(sqlite, "technician", "qa", "administrator", at=clock())
    client = application.test_client()
    come_in(client, "technician1")
    refused = post(client, "/phone/spare-codes", password=PASSWORD)
    assert refused.status_code == 409 and "No phone is set up" in words(refused)


@pytest.mark.req("IAM-07")
def test_guesses_close_the_account_here_as_wrong_passwords_do(written, application):
    _, codes = written
    client = application.test_client()
    for _ in range(5):
        assert come_in(client, "qa1", "abcd-efgh").status_code == 401
    assert come_in(client, "qa1", codes[0]).status_code == 401


def test_it_signs_where_a_code_of_the_phone_does(written, sqlite, clock):
    client, codes = written
    change = propose_setting(sqlite, clock(), "late_minutes", "20")
    path, both = f"/site/settings/{change.id}/approve", {"username": "qa1", "password": PASSWORD}
    assert sign(client, path, **both, password_code="abcd-efgh").status_code == 401
    assert sign(client, path, **both, password_code=codes[0]).status_code == 303
