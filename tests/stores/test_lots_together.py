"""Several lots are released by one signing: each is signed by itself, and all of them or none."""

from __future__ import annotations

import re
from datetime import date

import pytest

from integrity import several, signatures, states
from integrity.acts import Act
from integrity.facts import drawn
from integrity.findings import Refused, Stale
from integrity.rule_ids import IntegrityRule
from stores import lots
from stores.rule_ids import StoreRule
from stores.rules import Disposition
from tests.makers.people import entry_id, post, sign_in, sign_on
from tests.makers.stores import make_lot, make_store_people, release, seal_of
from tests.pages import Page

pytestmark = pytest.mark.state("people")


@pytest.fixture
def people(database, clock):
    return make_store_people(database, "technician", "qa", at=clock())


def received(database, people, at, count=3):
    with database.writing() as session:
        return [
            make_lot(session, by=people["technician"], at=at, supplier_lot=f"L{each}").id
            for each in range(count)
        ]


def release_each(database, people, at, seals, key=None):
    with database.writing() as session:
        act = Act(session, people["qa"], at, entry_id=key or entry_id())
        deeds = {
            str(number): lambda part, number=number, seal=seal: lots.release_lot(
                part, number, seal=seal
            )
            for number, seal in seals.items()
        }
        return several.each(act, deeds)


def seals_of(database, numbers):
    with database.reading() as session:
        return {each: seal_of(session, session.get_one(lots.Lot, each)) for each in numbers}


def test_each_lot_has_its_own_signature_over_its_own_facts(database, people, clock):
    numbers = received(database, people, clock())
    release_each(database, people, clock(), seals_of(database, numbers))
    with database.reading() as session:
        for each in numbers:
            lot = session.get_one(lots.Lot, each)
            assert states.of(session, lot, lots.AXIS) == Disposition.RELEASED
            [signature] = signatures.of(session, lot)
            said = dict(signatures.signed_facts(session, signature))
            assert said["Supplier's lot"] == lot.supplier_lot
            assert not signatures.invalid(session, [signature])
        seqs = {signatures.of(session, each)[0].seq for each in numbers}
    assert len(seqs) == len(numbers)


def test_the_same_post_again_is_the_same_signatures(database, people, clock):
    numbers, key = received(database, people, clock()), entry_id()
    seals = seals_of(database, numbers)
    for _ in range(2):
        release_each(database, people, clock(), seals, key)
    with database.reading() as session:
        assert [len(signatures.of(session, each)) for each in numbers] == [1, 1, 1]


def test_what_speaks_against_one_of_them_leaves_all_unsigned_and_is_said_of_each(
    database, people, clock
):
    with database.writing() as session:
        short = [
            make_lot(
                session,
                by=people["technician"],
                at=clock(),
                supplier_lot=f"S{each}",
                expires_on=date(2026, 11, 20),
            ).id
            for each in range(2)
        ]
    numbers = [*received(database, people, clock()), *short]
    seals, later = seals_of(database, numbers), clock.advance(days=60)
    with pytest.raises(Refused) as refused:
        release_each(database, people, later, seals)
    rules = [each.rule for each in refused.value.findings]
    assert rules == [StoreRule.EXPIRED_AT_RELEASE, StoreRule.EXPIRED_AT_RELEASE]
    with database.reading() as session:
        assert not any(signatures.of(session, each) for each in numbers)


def test_what_was_not_shown_is_not_signed(database, people, clock):
    numbers = received(database, people, clock(), 2)
    seals = seals_of(database, numbers)
    with pytest.raises(Stale) as refused:
        release_each(database, people, clock(), {**seals, numbers[0]: seals[numbers[1]]})
    assert [each.rule for each in refused.value.findings] == [IntegrityRule.FACTS_CHANGED]


# The page
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def qa(application, sqlite, clock):
    people = make_store_people(sqlite, "technician", "qa", at=clock())
    client = application.test_client()
    sign_in(client, "qa1")
    client.people = people
    return client


def standing(sqlite, numbers):
    with sqlite.reading() as session:
        return [states.of(session, session.get_one(lots.Lot, each), lots.AXIS) for each in numbers]


def test_the_first_page_leads_to_one_page_on_which_those_that_are_ticked_are_released(
    application, sqlite, clock, qa
):
    numbers = received(sqlite, qa.people, clock())
    assert "/lots/release" in qa.get("/").get_data(as_text=True)
    page = qa.get("/lots/release").get_data(as_text=True)
    assert "Release 3 lots" in page and all(f"L{each}" in page for each in range(3))
    assert page.count(" checked") == 3
    wanted = list(map(str, numbers[:2]))
    assert sign_on(qa, "/lots/release", "qa1", chosen=wanted).status_code == 303
    assert standing(sqlite, numbers) == [
        Disposition.RELEASED,
        Disposition.RELEASED,
        Disposition.QUARANTINE,
    ]


@pytest.mark.parametrize("chosen", [[], ["NaN"], ["-1"], ["1e3"], ["٣"], ["9" * 40]])
def test_nothing_that_is_no_lot_can_be_chosen(sqlite, clock, qa, chosen):
    numbers = received(sqlite, qa.people, clock(), 1)
    answer = sign_on(qa, "/lots/release", "qa1", chosen=chosen)
    assert answer.status_code == 422
    assert "Choose at least one of them." in Page(answer).words
    assert standing(sqlite, numbers) == [Disposition.QUARANTINE]


def test_what_is_not_there_or_was_released_meanwhile_is_refused_and_what_was_typed_is_kept(
    sqlite, clock, qa
):
    numbers = received(sqlite, qa.people, clock(), 2)
    page = qa.get("/lots/release").get_data(as_text=True)
    reviewed = re.search(r'name="reviewed" value="([^"]*)"', page)[1]
    with sqlite.writing() as session:
        release(session, session.get_one(lots.Lot, numbers[0]), qa.people["qa"], clock())
    for gone in (str(numbers[0]), "999999999"):
        chosen = [gone, str(numbers[1])]
        said = {"chosen": chosen, "reviewed": reviewed, "comment": "Certificates seen."}
        answer = sign_on(qa, "/lots/release", "qa1", **said)
        assert answer.status_code == 409
        assert "Certificates seen." in answer.get_data(as_text=True)
        assert standing(sqlite, numbers)[1] == Disposition.QUARANTINE


def test_who_does_not_prove_who_they_are_signs_nothing(sqlite, clock, qa):
    numbers = received(sqlite, qa.people, clock(), 1)
    said = {"chosen": str(numbers[0]), "password": "not the password"}
    assert sign_on(qa, "/lots/release", "qa1", **said).status_code == 401
    assert standing(sqlite, numbers) == [Disposition.QUARANTINE]


def test_only_quality_opens_it_and_there_is_none_where_nothing_waits(application, sqlite, qa):
    assert qa.get("/lots/release").status_code == 404
    technician = application.test_client()
    sign_in(technician, "technician1")
    assert technician.get("/lots/release").status_code == 403
    assert post(technician, "/lots/release", page="/").status_code == 403


def test_the_facts_of_each_lot_are_shown(sqlite, clock, qa):
    [number] = received(sqlite, qa.people, clock(), 1)
    words = Page(qa.get("/lots/release")).words
    with sqlite.reading() as session:
        for label, said in drawn(lots.facts_of(session, number)):
            assert label in words and str(said) in words
