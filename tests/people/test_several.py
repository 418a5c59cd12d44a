"""Several people are named on one page and their passwords confirmed by one signing: each is asked
for, signed and handed over by itself, by two who know one half each."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from integrity import signatures, states
from people import accounts, handovers
from people.accounts import ACCOUNT, AccountState, Person
from people.handovers import IdentityCheck
from people.rules.handovers import HandoverState
from tests.makers.people import (
    ask_password,
    entry_id,
    make_people,
    post,
    sign_in,
    sign_on,
    token,
)
from tests.pages import Page

pytestmark = pytest.mark.state("technician+qa+administrator")
NEW, CONFIRM = "/people/new/several", "/people/waiting/passport"
THREE = {
    "p1-username": "analyst7",
    "p1-name": "Analyst 7",
    "p1-role": "qc_analyst",
    "p2-username": "analyst8",
    "p2-name": "Analyst 8",
    "p2-role": "qc_analyst",
    "p5-username": "releaser7",
    "p5-name": "Releaser 7",
    "p5-role": "releaser",
}
NAMES = ("analyst7", "analyst8", "releaser7")


@pytest.fixture
def site(application, sqlite, clock):
    made = make_people(sqlite, "technician", "qa", "administrator", at=clock())
    clients = {}
    for username in ("administrator1", "qa1", "technician1"):
        clients[username] = application.test_client()
        assert sign_in(clients[username], username).status_code == 303
    return made, clients


def halves(answer):
    page = Page(answer)
    return {each.given["data-half"]: each.words for each in page.of_class("number-value")}


def people_count(sqlite):
    with sqlite.reading() as session:
        return session.scalar(select(func.count()).select_from(Person))


def numbers(sqlite):
    with sqlite.reading() as session:
        return {name: accounts.find(session, name).id for name in NAMES}


def test_two_hand_over_the_passwords_of_several_and_each_opens_with_both_halves(
    application, sqlite, site
):
    _, clients = site
    assert NEW in clients["administrator1"].get("/people").get_data(as_text=True)
    answer = post(clients["administrator1"], NEW, **THREE)
    assert answer.status_code == 200
    first = halves(answer)
    assert set(first) == set(NAMES)
    assert CONFIRM in clients["qa1"].get("/people/waiting").get_data(as_text=True)
    ids = numbers(sqlite)
    chosen = [str(ids["analyst7"]), str(ids["releaser7"])]
    answer = sign_on(clients["qa1"], CONFIRM, "qa1", chosen=chosen)
    assert answer.status_code == 200
    second = halves(answer)
    assert set(second) == {"analyst7", "releaser7"} and not set(second.values()) & set(
        first.values()
    )
    with sqlite.reading() as session:
        stands = {name: handovers.state_of(session, ids[name]) for name in NAMES}
        assert stands["analyst8"] == HandoverState.ASKED
        for name in second:
            person = session.get_one(Person, ids[name])
            assert states.of(session, person, ACCOUNT) == AccountState.ACTIVE
            [signature] = signatures.of(session, person)
            said = dict(signatures.signed_facts(session, signature))
            assert name in str(said) and "passport" in said.values()
        shown = session.scalars(select(IdentityCheck.document))
        assert list(shown).count("passport") == 2
    for name in second:
        newcomer = application.test_client()
        assert sign_in(newcomer, name, first[name]).status_code == 401
        answer = sign_in(newcomer, name, f"{first[name]}-{second[name]}")
        assert answer.status_code == 303


def test_every_fault_of_every_row_is_said_at_once_and_nobody_is_made(sqlite, site):
    _, clients = site
    before = people_count(sqlite)
    wrong = {"p1-username": "a b", "p2-name": "", "p5-role": ""}
    answer = post(clients["administrator1"], NEW, **(THREE | wrong))
    assert answer.status_code == 422
    words = Page(answer).words
    assert "Person 1, User name" in words and "Person 2, Printed name" in words
    assert "Person 5, Role" in words and 'value="Analyst 7"' in answer.get_data(as_text=True)
    twice = THREE | {"p2-username": "analyst7", "p5-username": "technician1"}
    answer = post(clients["administrator1"], NEW, **twice)
    assert answer.status_code == 409
    words = Page(answer).words
    assert "Person 2, User name" in words and "Person 5, User name" in words
    assert post(clients["administrator1"], NEW).status_code == 422
    assert people_count(sqlite) == before


def test_the_same_post_again_makes_nobody_twice_and_shows_no_other_half(sqlite, site):
    _, clients = site
    admin, before = clients["administrator1"], people_count(sqlite)
    body = {"csrf_token": token(admin, NEW), "entry_id": entry_id()} | THREE
    assert admin.post(NEW, data=body).status_code == 200
    assert admin.post(NEW, data=body).status_code == 303
    assert people_count(sqlite) == before + 3


def test_nobody_confirms_what_they_asked_for_or_their_own(sqlite, clock, site):
    made, clients = site
    for username, by in (("qa1", "administrator"), ("technician1", "qa")):
        ask_password(sqlite, clock(), username, administrator=made[by])
    assert clients["qa1"].get(CONFIRM).status_code == 404
    ids = [str(made["qa"].id), str(made["technician"].id)]
    answer = post(
        clients["qa1"], CONFIRM, page="/", username="qa1", password="a long pass phrase", chosen=ids
    )
    assert answer.status_code == 409
    with sqlite.reading() as session:
        assert "passport" not in list(session.scalars(select(IdentityCheck.document)))


def test_only_administrators_name_and_only_quality_confirms(site):
    _, clients = site
    assert clients["qa1"].get(NEW).status_code == 403
    assert clients["administrator1"].get(CONFIRM).status_code == 403
    assert clients["technician1"].get(NEW).status_code == 403
