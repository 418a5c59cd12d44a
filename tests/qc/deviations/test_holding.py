"""Anybody who works here puts a thing on hold, QA lifts it; meanwhile every place answers so."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from integrity import states, verification
from integrity.acts import Act
from integrity.findings import Refused
from integrity.signatures import Seal, reviewed
from manufacturing.donation.donations import Donor
from manufacturing.execution import batches
from manufacturing.execution.rules.batches import StartFacts as Start, may_start
from qc.deviations import holding
from qc.deviations.holding import HoldFacts
from qc.release import full_record_csv, full_record_pdf
from stores import equipment, holds, lot_lists, lots
from stores.equipment import Equipment
from stores.lots import Lot
from stores.rules import DISPOSITION
from tests.makers import donors as donation
from tests.makers.people import entry_id, sign_in, token
from tests.pages import Page
from tests.qc.deviations.test_observing import full_record_of
from tests.qc.deviations.test_raising import codes_of

WHY = "Its cap was found loose on the shelf."
ELSE = ["jar", "cord", "container", "sample", "lot", "equipment", "donor"]


def hold(world, code, *, by="technician", why=WHY, entry=None):
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        act = Act(session, world.people[by], world.clock(), entry or entry_id())
        return holding.hold(act, HoldFacts(code, why))


def lift(world, put, *, why="It was closed again and nothing had got in."):
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        seal = Seal(reviewed(holds.lift_facts(session, put.id)), "user name and password", why)
        act = Act(session, world.people["qa"], world.clock(), entry_id())
        return holding.lift(act, put.id, seal=seal)


def is_held(world, put):
    with world.database.reading() as session:
        return put.subject_id in holds.held(session, [put.subject_id])


@pytest.mark.req("REL-02")
@pytest.mark.parametrize("kind", ELSE)
def test_whatever_has_a_code_is_put_on_hold_and_returns_to_what_it_was(finished, kind):
    code, scope = codes_of(finished)[kind]
    put = hold(finished, code)
    assert is_held(finished, put) and put.scope == scope
    with pytest.raises(Refused, match="ten characters"):
        lift(finished, put, why="no")
    assert is_held(finished, put)
    lift(finished, put)
    assert not is_held(finished, put)
    with pytest.raises(Refused, match="lifted already"):
        lift(finished, put)
    with finished.database.reading() as session:
        assert verification.verify(session).faults == []


@pytest.mark.req("SIG-03")
def test_the_record_shows_each_hold_with_who_signed_that_it_is_lifted(finished):
    code, _ = codes_of(finished)["lot"]
    empty = full_record_of(finished)
    assert empty["holds"] == []
    put = hold(finished, code)
    [told] = full_record_of(finished)["holds"]
    assert (told["state"], told["reason"], told["signatures"]) == ("in force", WHY, [])
    lift(finished, put)
    record = full_record_of(finished)
    [told] = record["holds"]
    assert told["state"] == "lifted" and [each["username"] for each in told["signatures"]] == [
        "qa1"
    ]
    lines = [" ".join(line) for line in full_record_csv.lines_of(record)]
    assert any(line.startswith("holds") and "qa1" in line for line in lines)
    assert len(full_record_pdf.draw(empty)) < len(full_record_pdf.draw(record))


def test_each_hold_is_lifted_by_itself(finished):
    code, _ = codes_of(finished)["container"]
    one, other = hold(finished, code), hold(finished, code, by="qc_analyst")
    lift(finished, one)
    assert is_held(finished, other)
    lift(finished, other)
    assert not is_held(finished, other)


@pytest.mark.parametrize("why", ["", "..........", "short"])
def test_a_hold_says_why(finished, why):
    with pytest.raises(Refused, match="ten characters"):
        hold(finished, codes_of(finished)["lot"][0], why=why)


@pytest.mark.parametrize("code", ["B26000999", "nobody", "", "N2600001"])
def test_a_code_that_nothing_stands_under_is_refused(finished, code):
    with pytest.raises(Refused, match="Scan its label again"):
        hold(finished, code)


def test_a_batch_is_held_on_its_own_page(finished, site):
    with pytest.raises(Refused, match="own page"):
        hold(finished, finished.batch.code)
    client = site.test_client()
    sign_in(client, "technician1")
    answer = client.get(f"/holds/new?about={finished.batch.code}")
    assert answer.location == f"/batches/{finished.batch.code}/hold"


def test_a_double_tap_puts_one_hold(finished):
    code, twice = codes_of(finished)["lot"][0], entry_id()
    assert hold(finished, code, entry=twice).id == hold(finished, code, entry=twice).id


PAGES = {
    "container": "/containers/{}?scanned=1",
    "sample": "/samples/{}?scanned=1",
    "lot": "/lots/{}?scanned=1",
    "equipment": "/equipment/{}?scanned=1",
    "cord": "/cords/{}?scanned=1",
    "jar": "/cords/{cord}?scanned=1",
    "donor": "/cords/{cord}?scanned=1",
}


@pytest.mark.req("LAB-08")
@pytest.mark.parametrize("kind", PAGES)
def test_a_scan_answers_on_hold_and_what_it_was_once_the_hold_is_lifted(finished, site, kind):
    client = site.test_client()
    sign_in(client, "reader1")
    code, _ = codes_of(finished)[kind]
    address = PAGES[kind].format(code, cord=finished.batch.cord_code)
    before = Page(client.get(address)).words
    put = hold(finished, code)
    band = Page(client.get(address)).words
    assert "ON HOLD" in band and "ON HOLD" not in before
    lift(finished, put)
    assert "ON HOLD" not in Page(client.get(address)).words


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("lot", "/lots"),
        ("equipment", "/equipment"),
        ("cord", "/cords"),
        ("container", "/batches/{batch}"),
    ],
)
def test_a_list_says_it_too(finished, site, kind, address):
    client = site.test_client()
    sign_in(client, "reader1")
    address = address.format(batch=finished.batch.code)

    def held():
        return [
            each
            for each in Page(client.get(address)).of_class("status-held")
            if each.words.strip() == "On hold"
        ]

    assert held() == []
    hold(finished, codes_of(finished)[kind][0])
    assert len(held()) == 1


def test_a_held_lot_stands_among_those_on_hold_and_not_among_the_released(finished):
    lot = codes_of(finished)["lot"][0]
    put = hold(finished, lot)
    with finished.database.reading() as session:
        named = {
            state: {
                each.code for each in session.scalars(lot_lists.listed(state, finished.clock()))
            }
            for state in ("on_hold", "released")
        }
    assert lot in named["on_hold"] and lot not in named["released"]
    lift(finished, put)
    with finished.database.reading() as session:
        assert lot in {each.code for each in session.scalars(lot_lists.listed("released", put.at))}


@pytest.mark.req("MAT-02", "MAT-03")
@pytest.mark.parametrize("kind", ["lot", "equipment"])
@pytest.mark.parametrize("claimed", [False, True])
def test_no_step_takes_what_is_on_hold_or_was_when_it_is_said_to_have_been_used(
    finished, kind, claimed
):
    code = codes_of(finished)[kind][0]

    def against():
        with finished.database.reading() as session:
            thing, usable = (
                (session.scalar(select(Lot).where(Lot.code == code)), lots.usable)
                if kind == "lot"
                else (
                    session.scalar(select(Equipment).where(Equipment.code == code)),
                    equipment.usable,
                )
            )
            wanted = thing.material if kind == "lot" else thing.kind
            then = put.at if claimed else None
            return [
                each.sentence() for each in usable(session, code, wanted, finished.clock(), then)[1]
            ]

    put = hold(finished, code)
    assert any("is on hold" in each for each in against())
    lift(finished, put)
    assert any("is on hold" in each for each in against()) == claimed


def test_equipment_on_hold_leaves_what_is_released_to_what_quality_says(finished):
    finished.review()
    finished.decide("release_stage_1")
    hold(finished, codes_of(finished)["equipment"][0])
    with finished.database.reading() as session:
        assert states.of(session, finished.batch, DISPOSITION) == "released_stage_1"


@pytest.mark.parametrize(("is_held", "rules"), [(True, ["mbr-02-cord-on-hold"]), (False, [])])
def test_the_law_of_starting_a_batch_knows_of_a_hold(is_held, rules):
    facts = Start("accepted", False, "eligible", "effective", True, is_held)
    assert [each.rule for each in may_start(facts)] == rules


@pytest.mark.parametrize("what", ["cord", "donor"])
def test_no_batch_is_started_from_a_cord_that_is_on_hold_or_whose_donor_is(finished, what):
    with finished.database.writing() as session:
        cord = donation.make_accepted_cord(
            session,
            by=finished.people["technician"],
            qa=finished.people["qa"],
            at=finished.clock(),
        )
        donor = session.get_one(Donor, cord.donor_id)
    hold(finished, {"cord": cord.code, "donor": donor.code}[what])
    with finished.database.writing() as session, pytest.raises(Refused, match="on hold"):
        act = Act(session, finished.people["technician"], finished.clock(), entry_id())
        batches.start(act, batches.StartFacts(cord.code, finished.batch.master_id, is_known=True))


def test_the_pages_lead_from_the_bench_to_the_hold_and_to_its_lifting(finished, site):
    code = codes_of(finished)["container"][0]
    technician, qa = site.test_client(), site.test_client()
    sign_in(technician, "technician1")
    sign_in(qa, "qa1")
    [path] = {
        link for link in Page(technician.get(f"/containers/{code}")).links if "/holds/new" in link
    }
    typed = {"about": code, "reason": WHY, "csrf_token": token(technician, path)}
    refused = technician.post(path, data=typed | {"reason": "x", "entry_id": entry_id()})
    assert refused.status_code == 422 and code in refused.get_data(as_text=True)
    made = technician.post(path, data=typed | {"entry_id": entry_id()})
    assert made.status_code == 303
    assert WHY in Page(qa.get("/holds")).words and WHY in Page(qa.get(f"/containers/{code}")).words
    assert f"{made.location}/lift" not in Page(technician.get(made.location)).links
    assert technician.get(f"{made.location}/lift").status_code == 403
    assert f"{made.location}/lift" in Page(qa.get(made.location)).links
    assert "On hold" in Page(qa.get(f"{made.location}/lift")).words
