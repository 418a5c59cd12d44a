"""A lot that was recorded wrongly: put right by QA, the old legible, judged anew."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from integrity import facts, states, verification
from integrity.acts import Act
from integrity.findings import Refused
from integrity.trail import Event
from stores import lot_corrections, lot_lists, lots
from tests.makers.people import entry_id, post, sign_in
from tests.makers.stores import lot_facts, make_lot, make_store_people, release
from tests.pages import Page

pytestmark = pytest.mark.state("people")
WHY = "The year was misread on the bottle."


@pytest.fixture
def people(database, clock):
    return make_store_people(database, "technician", "qa", at=clock())


def correct(session, lot, by, at, reason=WHY, **other):
    act = Act(session, by, at, entry_id=entry_id())
    return lot_corrections.correct(act, lot.id, lot_facts(**other), reason)


@pytest.mark.req("EBR-08", "MAT-01", "AUD-01")
def test_what_is_put_right_holds_everywhere_and_what_was_received_stays_legible(
    database, clock, people
):
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], qa=people["qa"], at=clock())
    clock.advance(minutes=5)
    with database.writing() as session:
        day = date(2027, 5, 31)
        other = {"supplier_lot": "2026-811", "quantity": "50", "expires_on": day}
        made = correct(session, lot, people["qa"], clock(), **other)
        assert (made.supplier_lot, made.day(made.expires_at)) == ("2026-811", "2027-05-31")
    with database.reading() as session:
        held = lots.by_code(session, lot.code)
        assert (held.supplier_lot, held.first_supplier_lot) == ("2026-811", "2026-118")
        assert (lots.amount(held), held.first_quantity_text) == ("50 mL", "500")
        assert states.of(session, held, "disposition") == "released"
        [change] = lot_corrections.of(session, held)
        assert facts.compared(lot_corrections.changes(held, change)) == [
            ("Supplier's lot", "2026-118", "2026-811"),
            ("Quantity received", "500 mL", "50 mL"),
            (
                "Use by",
                "2027-03-31 (end of the day, UTC)",
                "2027-05-31 (end of the day, UTC)",
            ),
        ]
        said = session.scalars(select(Event).where(Event.action == "lot.corrected")).one().said
        assert said["reason"] == WHY
        assert ("Supplier's lot", "2026-118", "2026-811") in facts.compared(
            said["details"]["changed"]
        )
        assert verification.verify(session).faults == []


@pytest.mark.req("MAT-02")
def test_a_use_by_day_that_is_put_right_decides_whether_the_lot_may_be_used(
    database, clock, people
):
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], qa=people["qa"], at=clock())
        correct(session, lot, people["qa"], clock(), expires_on=date(2026, 11, 1))
        assert lot_lists.states_of(session, [lot], clock()) == {lot.id: "expired"}
    with database.reading() as session:
        _, found = lots.usable(session, lot.code, "DPBS", clock())
        assert [each.sentence() for each in found] == [
            "Lot M2600001-87 expired on 2026-11-01. Set it apart and take a lot that is in date."
        ]
        for state, ids in (("expired", [lot.id]), ("released", [])):
            assert [each.id for each in session.scalars(lot_lists.listed(state, clock()))] == ids


def test_the_newest_correction_holds_and_each_says_what_was_before_it(database, clock, people):
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock())
        correct(session, lot, people["qa"], clock(), supplier="Supplier 2")
        correct(session, lot, people["qa"], clock(), supplier="Supplier 3", manufacturer="M")
    with database.reading() as session:
        held = lots.by_code(session, lot.code)
        made = lot_corrections.of(session, held)
        assert (held.supplier, held.manufacturer) == ("Supplier 3", "M")
        assert [(each.was["supplier"], each.becomes["supplier"]) for each in made] == [
            ("Supplier 1", "Supplier 2"),
            ("Supplier 2", "Supplier 3"),
        ]


def test_the_same_entry_twice_is_one_correction(database, clock, people):
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock())
        act, facts = Act(session, people["qa"], clock(), entry_id()), lot_facts(quantity="50")
        for _ in range(2):
            assert lot_corrections.correct(act, lot.id, facts, WHY) is lot
        assert len(lot_corrections.of(session, lot)) == 1


@pytest.mark.parametrize(
    ("role", "changes", "reason", "says"),
    [
        ("technician", {"quantity": "50"}, WHY, "Ask a second person"),
        ("qa", {}, WHY, "Nothing differs"),
        ("qa", {"quantity": "50"}, "typo", "Say why"),
        ("qa", {"quantity": "0"}, WHY, "a number above 0"),
        ("qa", {"quantity": "1,000"}, WHY, "can be read in two ways"),
        ("qa", {"expires_on": date(2047, 1, 1)}, WHY, "more than 20 years"),
        ("qa", {"human": True}, WHY, "donor pool"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_nothing_is_kept(
    database, clock, people, role, changes, reason, says
):
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock())
        with pytest.raises(Refused, match=says):
            correct(session, lot, people[role], clock(), reason, **changes)
        assert lot_corrections.of(session, lot) == []


def test_a_lot_is_released_as_it_stands(database, clock, people):
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock())
        correct(session, lot, people["qa"], clock(), expires_on=date(2026, 11, 1))
        with pytest.raises(Refused, match="expired on 2026-11-01"):
            release(session, lot, people["qa"], clock())


@pytest.mark.req("EBR-08")
def test_qa_puts_a_lot_right_on_its_page_and_everybody_reads_the_old_beside_the_new(
    application, sqlite, clock
):
    people = make_store_people(sqlite, "technician", "qa", at=clock())
    with sqlite.writing() as session:
        lot = make_lot(session, by=people["technician"], qa=people["qa"], at=clock())
    path = f"/lots/{lot.code}/correct"
    technician, qa = application.test_client(), application.test_client()
    sign_in(technician, "technician1")
    assert technician.get(path).status_code == 403
    sign_in(qa, "qa1")
    form = Page(qa.get(path))
    assert (form.value("expires_on"), form.value("supplier_lot")) == ("2027-03-31", "2026-118")
    typed = {
        **{name: form.value(name) for name in ("name", "supplier", "manufacturer", "certificate")},
        **{"supplier_lot": "2026-811", "expires_on": "2027-03-31", "quantity": "500"},
        **{"unit": "mL", "human": "no", "donor_pool": ""},
    }
    refused = post(qa, path, **typed, reason="typo")
    assert refused.status_code == 422 and "2026-811" in refused.text
    assert post(qa, path, **typed, reason=WHY).status_code == 303
    page = technician.get(f"/lots/{lot.code}")
    assert "was 2026-118 → now 2026-811" in Page(page).words
    assert WHY in Page(page).words


def test_a_lot_keeps_its_material(database, clock, people):
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock())
        facts = replace(lot_facts(quantity="50"), material="Human albumin")
        act = Act(session, people["qa"], clock(), entry_id())
        assert lot_corrections.correct(act, lot.id, facts, WHY).material == "DPBS"
