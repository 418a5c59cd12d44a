"""Lots and equipment that come together are entered on one page, and lots released by one signing:
each is a record of its own, all of them or none."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from integrity import several, signatures, states
from integrity.acts import Act
from integrity.facts import drawn
from integrity.findings import Refused, Stale
from integrity.rule_ids import IntegrityRule
from stores import calibrations, equipment, lots
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


# Received together
# -------------------------------------------------------------------------------------------------

NEW = "/lots/new/several"
COMMON = {"supplier": "Supplier 1", "human": "no"}


def lot_row(row, material, number, **other):
    said = {"supplier_lot": number, "certificate": f"CoA {number}", "expires_on": "2027-03-31"}
    said |= {"material": material, "quantity": "500", "unit": "mL"} | other
    return {f"l{row}-{field}": value for field, value in said.items()}


@pytest.fixture
def receiver(application, sqlite, clock):
    make_store_people(sqlite, "technician", "qa", at=clock())
    client = application.test_client()
    sign_in(client, "technician1")
    return client


def kept(sqlite):
    with sqlite.reading() as session:
        return {each.supplier_lot: each for each in session.scalars(select(lots.Lot))}


def test_the_lots_of_a_delivery_are_received_on_one_page_and_a_row_can_differ(sqlite, receiver):
    assert NEW in receiver.get("/lots").get_data(as_text=True)
    page = receiver.get(NEW).get_data(as_text=True)
    assert 'name="l8-material" value="DPBS"' in page
    rows = lot_row(8, "DPBS", "A1") | lot_row(15, "DPBS", "A2", supplier="Supplier 2")
    answer = post(receiver, NEW, **COMMON, **rows)
    assert answer.status_code == 303
    made = kept(sqlite)
    assert {name: (lot.material, lot.supplier) for name, lot in made.items()} == {
        "A1": ("DPBS", "Supplier 1"),
        "A2": ("DPBS", "Supplier 2"),
    }
    assert standing(sqlite, [each.id for each in made.values()]) == [Disposition.QUARANTINE] * 2


def test_a_material_from_human_donors_says_so_by_itself_and_asks_for_its_pool(sqlite, receiver):
    row = lot_row(11, "Human albumin", "A1")
    answer = post(receiver, NEW, **COMMON, **row)
    assert answer.status_code == 409 and kept(sqlite) == {}
    answer = post(receiver, NEW, **COMMON, **row, **{"l11-donor_pool": "Pool 1"})
    assert answer.status_code == 303 and kept(sqlite)["A1"].donor_pool == "Pool 1"


@pytest.mark.parametrize("bad", ["NaN", "0", "-1", "x" * 5000, "\u202etxet", "'; DROP TABLE"])
def test_one_row_that_cannot_be_read_leaves_all_unreceived_and_typed(sqlite, receiver, bad):
    rows = lot_row(8, "DPBS", "A1") | lot_row(2, "Coating", "A2", quantity=bad)
    answer = post(receiver, NEW, **COMMON, **rows)
    assert answer.status_code == 422 and "Coating, Quantity received" in Page(answer).words
    assert 'value="A1"' in answer.get_data(as_text=True) and kept(sqlite) == {}


def test_every_fault_is_said_at_once_and_an_empty_page_receives_nothing(sqlite, receiver):
    rows = lot_row(8, "DPBS", "A1", expires_on="soon") | lot_row(2, "Coating", "")
    answer = post(receiver, NEW, human="no", **rows)
    assert answer.status_code == 422
    words = Page(answer).words
    for place in ("DPBS, Use by", "DPBS, Supplier", "Coating, Supplier's lot number"):
        assert place in words
    assert post(receiver, NEW, **COMMON).status_code == 422
    assert kept(sqlite) == {}


def test_the_same_lot_twice_is_asked_about_at_its_row(sqlite, receiver):
    rows = lot_row(8, "DPBS", "A1") | lot_row(15, "DPBS", "A1")
    answer = post(receiver, NEW, **COMMON, **rows)
    assert answer.status_code == 409 and "another delivery" in Page(answer).words
    answer = post(receiver, NEW, **COMMON, **rows, **{"l15-another_delivery": "y"})
    assert answer.status_code == 303


# Equipment
# -------------------------------------------------------------------------------------------------

PIECES = "/equipment/new/several"
FOUND = {"room": "Clean room 2", "as_found": "in_tolerance"}
FOUND |= {"done_on": "2026-10-01", "due_on": "2027-09-30"}


def piece_row(row, kind, name, serial, **other):
    said = {"kind": kind, "name": name, "serial": serial, "reference": f"Cal {serial}"}
    said |= other
    return {f"e{row}-{field}": value for field, value in said.items()}


def pieces(sqlite):
    with sqlite.reading() as session:
        found = session.scalars(select(equipment.Equipment)).all()
        newest = calibrations.newest(session, [each.id for each in found])
        return {each.serial: (each.room, newest[each.id].reference) for each in found}


def test_pieces_are_registered_on_one_page_each_with_its_calibration(sqlite, clock, qa):
    assert PIECES in qa.get("/equipment").get_data(as_text=True)
    rows = piece_row(7, "incubator", "Incubator 1", "SN-1")
    rows |= piece_row(4, "centrifuge", "Centrifuge 1", "SN-2", room="Room 3")
    assert post(qa, PIECES, **FOUND, **rows).status_code == 303
    assert pieces(sqlite) == {
        "SN-1": ("Clean room 2", "Cal SN-1"),
        "SN-2": ("Room 3", "Cal SN-2"),
    }


def test_without_its_calibration_no_piece_is_registered(sqlite, qa):
    rows = piece_row(7, "incubator", "Incubator 1", "SN-1")
    rows |= piece_row(4, "centrifuge", "Centrifuge 1", "SN-2", done_on="2026-12-24", due_on="x")
    answer = post(qa, PIECES, **FOUND, **rows)
    assert answer.status_code == 422 and "Centrifuge, Due again on" in Page(answer).words
    rows |= {"e4-due_on": "2027-12-24"}
    answer = post(qa, PIECES, **FOUND, **rows)
    assert answer.status_code == 409 and pieces(sqlite) == {}
    assert post(qa, PIECES, **FOUND).status_code == 422


def test_the_same_serial_number_twice_is_asked_about_at_its_row(sqlite, qa):
    rows = piece_row(7, "incubator", "Incubator 1", "SN-1")
    rows |= piece_row(11, "incubator", "Incubator 2", "SN-1", reference="Cal 2")
    answer = post(qa, PIECES, **FOUND, **rows)
    assert answer.status_code == 409 and "another piece" in Page(answer).words
    assert pieces(sqlite) == {}
    assert post(qa, PIECES, **FOUND, **rows, **{"e11-another_piece": "y"}).status_code == 303
