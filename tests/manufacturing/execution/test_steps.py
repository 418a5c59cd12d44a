"""Steps through the real acts on both databases.

Order, limits, scans, times, timers, the window, second persons, sign-offs.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from integrity import facts
from integrity.acts import Act
from integrity.findings import Refused, Stale
from integrity.signatures import Seal, reviewed
from integrity.trail import Event
from integrity.verification import verify
from manufacturing.execution import batch_state, entry_writing, scans, steps
from manufacturing.execution.batches import Batch, standing
from manufacturing.execution.rules.sequence import Position
from manufacturing.execution.rules.steps import CommentWanted
from manufacturing.execution.steps import StepFacts
from stores.equipment import EquipmentUse
from stores.lot_uses import LotUse
from tests.makers.batches import find_batch, find_laboratory, walk_batch
from tests.makers.people import entry_id
from tests.makers.steps import COUNT, SMALL, find_small, make_small, refused, rows, whole
from tests.makers.stores import make_equipment, make_lot

pytestmark = pytest.mark.state("small")

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
NOW = timedelta(0)


@pytest.fixture
def small(database, clock):
    return find_small(database, clock)


@pytest.mark.state("planned")
def test_the_shipped_record_goes_from_the_cord_to_the_last_step_without_a_deviation(
    database, clock
):
    laboratory, batch = find_laboratory(database, clock), find_batch(database)
    made = walk_batch(laboratory, batch)
    with database.reading() as session:
        now = batch_state.gather(session, batch.id)
        assert now.open.is_complete
        assert [each.sentence() for each in now.found] == []
        assert made == len(now.current)
        assert standing(session, session.get_one(Batch, batch.id)) == ("complete", "quarantine")
        assert verify(session).faults == []


def test_a_small_batch_is_complete_with_its_last_sign_off_and_not_before(small):
    small.walk(passages=2)
    assert small.standing() == ("complete", "quarantine")
    assert [each.sentence() for each in small.now().found] == []
    assert whole(small)


# Order
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("EBR-02")
def test_a_step_out_of_order_is_refused(small):
    refused(small, "receipt", says="not due yet")
    small.record("clear")
    refused(small, "receipt", says="waits for its second person")
    small.verify(small.now().at(small.position("clear")))
    refused(small, "wash", says="Record “Receipt” first")
    small.walk(until="enzyme")
    small.record("wash", 2)
    refused(small, "wash", 2, says="recorded already, perhaps on another tablet")
    small.record("enzyme")
    refused(small, "wash", 3, says="not due yet")


@pytest.mark.parametrize(
    "position",
    [
        Position("prepare", 1, "nothing", 1),
        Position("washing", 1, "clear", 1),
        Position("prepare", 2, "clear", 1),
        Position("prepare", 1, "clear", 2),
        Position("", 0, "", -1),
    ],
)
def test_an_invented_position_is_refused(small, position):
    facts = StepFacts(position, {"cleaned": "y"})
    with pytest.raises(Refused), small.database.writing() as session:
        steps.record_step(
            Act(session, small.technician, small.clock(), entry_id=entry_id()),
            small.batch.id,
            facts,
        )


def test_the_same_entry_twice_is_one_entry(small):
    one = small.record("clear", entry="the-same-entry", wait=NOW)
    before = rows(small.database)
    assert small.record("clear", entry="the-same-entry", wait=NOW).id == one.id
    assert rows(small.database) == before


def test_the_same_entry_id_with_other_facts_or_from_somebody_else_is_refused(small):
    small.record("clear", entry="the-same-entry", wait=NOW)
    refused(
        small,
        "clear",
        typed={"remark": "Another"},
        entry="the-same-entry",
        says="already used for another entry",
    )
    refused(
        small,
        "clear",
        by=small.people["technician2"],
        entry="the-same-entry",
        says="already used for another entry",
    )


@pytest.mark.parametrize("role", ["verifier", "qa", "master_author"])
def test_a_role_that_the_record_does_not_name_is_refused(small, role):
    refused(small, "clear", by=small.people[role], says="This step is done by: technician.")


def test_recording_is_whole_or_not_at_all(small, monkeypatch):
    small.walk(until="seed")
    before = rows(small.database)
    monkeypatch.setattr(entry_writing, "settle", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        small.record("seed", typed={"volume": "0.5"})
    assert rows(small.database) == before
    assert whole(small)


# Values
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("EBR-05")
def test_ph_74_is_refused_and_viability_69_is_recorded_with_a_comment_and_a_deviation(small):
    small.walk(until="receipt")
    [found] = refused(small, "receipt", typed={"ph": "74"}, says="cannot be")
    assert found.field == "ph"
    [found] = refused(
        small,
        "receipt",
        typed={"viability": "69"},
        error=CommentWanted,
        says="write a comment and record it",
    )
    assert found.field == "viability"
    entry = small.record("receipt", typed={"viability": "69"}, comment="Counted twice, it is so")
    [deviation] = small.now().found
    assert entry.values["viability"]["text"] == "69"
    assert (deviation.classification, deviation.comment) == ("major", "Counted twice, it is so")
    assert deviation.sentence() == "Viability: 69 %, accepted ≥ 70 %."
    assert small.now().deviation_states[deviation.id] == "open"
    assert whole(small)


def test_every_fault_is_said_at_once(small):
    small.walk(until="receipt")
    found = refused(
        small,
        "receipt",
        typed={"ph": "7,400", "viability": "101"},
        performed_at=small.clock() + DAY,
        says="two ways",
    )
    assert {each.field for each in found} == {"ph", "viability", "performed_at"}


def test_at_the_limit_nothing_deviates(small):
    small.walk(until="receipt")
    small.record("receipt", typed={"ph": "7.20", "viability": "70.0"})
    assert small.now().found == []


@pytest.mark.req("EBR-04")
def test_a_critical_number_waits_for_a_second_person_before_anything_else(small):
    small.walk(until="receipt")
    entry = small.record("receipt")
    assert entry.needs_second
    assert small.now().open.verify == entry.position
    refused(small, "wash", says="waits for its second person")
    with pytest.raises(Stale):
        small.sign("prepare")
    small.verify(entry)
    small.sign("prepare")
    small.record("wash")


def test_a_calculation_keeps_all_digits_its_unit_and_its_formula_with_the_values_put_in(small):
    small.walk(
        typed={"counted": {"count-1-live": "201", "count-2-live": "203", "count-3-live": "197"}}
    )
    dose = small.now().at(small.position("dose"))
    assert dose.values["cells"] == {
        "text": "62500000",
        "unit": "cells",
        "formula": dose.values["cells"]["formula"],
    }
    assert dose.values["volume"]["text"].startswith("62.3960066555740432612312")
    assert "62.5 kg" in dose.values["cells"]["formula"]


# Scans
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("MAT-02")
def test_a_lot_in_quarantine_expired_or_of_another_material_is_stopped_at_the_scan(small):
    small.walk(until="wash")
    with small.database.writing() as session:
        common = {"by": small.technician, "at": small.clock()}
        waiting = make_lot(session, **common).code
        other = make_lot(
            session, qa=small.people["qa"], material="Saline 0.9 %", name="Saline", **common
        ).code
        expired = make_lot(
            session, qa=small.people["qa"], expires_on=small.clock().date(), **common
        ).code
    refused(small, "wash", typed={"pbs": waiting}, says="is in quarantine")
    refused(small, "wash", typed={"pbs": other}, says="DPBS is needed here")
    refused(small, "wash", typed={"pbs": expired}, wait=2 * DAY, says="expired on")
    entry = small.record("wash", comment="The window is another matter")
    with small.database.reading() as session:
        [use] = session.scalars(select(LotUse))
        assert (use.scope, use.entry_id, use.field) == (small.batch.code, entry.id, "pbs")
    assert entry.values["pbs"]["code"] == small.scans["DPBS"]


@pytest.mark.parametrize(
    "code", ["", "M2600017", "not a code", "B26000154", "9312345000005", "\x00", "<b>", "M" * 300]
)
def test_a_foreign_or_damaged_code_is_refused_in_a_sentence(small, code):
    small.walk(until="wash")
    [found] = refused(small, "wash", typed={"pbs": code}, says="")
    assert (found.field, found.sentence()[-1]) == ("pbs", ".")


def test_a_code_of_another_kind_is_refused(small):
    small.walk(until="wash")
    for code in (small.batch.code, small.scans["incubator"], small.batch.cord_code):
        [found] = refused(small, "wash", typed={"pbs": code}, says="")
        assert found.rule.requirement == "MAT-02"


@pytest.mark.req("MAT-03")
def test_overdue_equipment_is_stopped_at_the_scan_and_what_is_used_goes_into_the_logbook(small):
    small.walk(until="enzyme")
    with small.database.writing() as session:
        due = small.clock().date()
        overdue = make_equipment(session, by=small.people["qa"], at=small.clock(), due=due).code
    refused(small, "enzyme", typed={"incubator": overdue}, wait=2 * DAY, says="was due on")
    entry = small.record("enzyme")
    with small.database.reading() as session:
        [use] = session.scalars(select(EquipmentUse))
        assert (use.entry_id, use.field) == (entry.id, "incubator")


# Left out
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("EBR-10")
def test_not_applicable_is_for_optional_steps_with_a_reason_and_a_second_person_where_critical(
    small,
):
    refused(
        small, "clear", not_applicable="It was clear already, I think", says="cannot be left out"
    )
    small.walk(until="sampled")
    refused(small, "sampled", not_applicable="no", says="at least ten characters")
    refused(small, "sampled", not_applicable="", says="at least ten characters")
    entry = small.record("sampled", not_applicable="Passed on, sampled in the next one")
    assert (entry.values, entry.needs_second) == ({}, True)
    refused(small, "counted", says="waits for its second person")
    assert small.containers("sample") == []


def test_what_is_worked_out_from_a_step_that_was_left_out_is_undefined_and_deviates(small):
    small.walk(until="harvested", left_out=("sampled",))
    refused(small, "harvested", error=CommentWanted, says="Since the sample is not defined")
    entry = small.record("harvested", comment="No sample was drawn in this passage")
    assert set(entry.values["since"]) == {"undefined"}
    assert [each.requirement for each in small.now().found] == ["EBR-16"]
    small.walk()
    assert small.standing()[0] == "complete"
    assert whole(small)


def test_a_harvest_of_no_living_cell_is_recorded_and_what_follows_is_undefined(small):
    dead = COUNT | {f"count-{n}-live": "0" for n in (1, 2, 3)}
    small.walk(typed={"counted": dead}, comment="Every cell is dead, counted three times")
    assert "undefined" in small.now().at(small.position("dose")).values["volume"]


# Second person and sign-off
# -------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-10")
def test_the_second_person_is_neither_who_did_it_nor_who_corrected_it(small):
    entry = small.record("clear")
    with pytest.raises(Refused, match="somebody else"):
        small.verify(entry, by=small.technician)
    corrected = small.correct(
        entry, {"remark": "The lamp flickers"}, by=small.people["technician2"]
    )
    for person in (small.technician, small.people["technician2"]):
        with pytest.raises(Refused, match="somebody else"):
            small.verify(corrected, by=person)
    small.verify(corrected)


def test_a_verification_twice_is_one_and_another_one_comes_too_late(small):
    entry = small.record("clear")
    with small.database.reading() as session:
        seal = Seal(reviewed(steps.entry_facts(session, entry.id)), "user name and password")
    one = small.verify(entry, seal=seal, entry_uuid="verified-once")
    before = rows(small.database)
    assert small.verify(entry, seal=seal, entry_uuid="verified-once").id == one.id
    with pytest.raises(Stale, match="meanwhile"):
        small.verify(entry)
    assert rows(small.database) == before


def test_an_entry_that_was_corrected_meanwhile_is_not_verified(small):
    entry = small.record("clear")
    with small.database.reading() as session:
        seal = Seal(reviewed(steps.entry_facts(session, entry.id)), "user name and password")
    newer = small.correct(entry, {"remark": "The lamp flickers"})
    for target in (entry, newer):
        with pytest.raises(Stale):
            small.verify(target, seal=seal)


def test_an_entry_that_needs_no_second_person_is_not_verified(small):
    small.walk(until="wash")
    with pytest.raises(Stale):
        small.verify(small.record("wash"))


def test_a_sign_off_twice_is_one_and_out_of_turn_is_refused(small):
    with pytest.raises(Stale, match="not ready"):
        small.sign("prepare")
    small.verify(small.record("clear"))
    small.verify(small.record("receipt"))
    with pytest.raises(Refused, match="signed off by: technician"):
        small.sign("prepare", by=small.people["verifier"])
    one = small.sign("prepare", entry="signed-once")
    assert small.sign("prepare", entry="signed-once").id == one.id
    with pytest.raises(Stale, match="signed already"):
        small.sign("prepare")


def test_each_entry_is_one_event_that_says_place_person_and_values(small):
    small.walk(until="wash")
    small.record("wash", typed={"volume": "150"}, comment="The bottle ran out")
    with small.database.reading() as session:
        event = session.scalars(
            select(Event).where(Event.action == "step.recorded").order_by(Event.seq.desc())
        ).first()
        details = event.said["details"]
        assert facts.shown(details["place"]) == "Washing · Wash 1"
        assert [{"text": {"en": "Volume"}}, {"quantity": ["150", "mL"]}] in details["recorded"]
        assert (event.said["reason"], event.username, event.scope) == (
            "The bottle ran out",
            "technician1",
            small.batch.code,
        )


def test_what_was_scanned_is_recognised_in_words(small):
    step = small.now().master.step("wash")
    with small.database.reading() as session:
        known, found = scans.recognised(
            session, step.field("pbs"), small.scans["DPBS"], small.clock()
        )
        assert (known[1], found) == ("DPBS without Ca, Mg · released · use by 2027-03-31", [])
        known, found = scans.recognised(session, step.field("pbs"), "rubbish", small.clock())
        assert known is None and found


@pytest.mark.state("schema")
def test_the_event_of_a_step_tells_every_alert_and_every_field_of_one_label(database, clock):
    ph = 'unit = "pH", low = "7.2", high'
    record = SMALL.replace(ph, 'unit = "pH", low = "7.2", alert_low = "7.3", high')
    small = make_small(database, clock, record=record.replace('"Viability"', '"pH"'))
    small.walk(until="receipt")
    entry = small.record("receipt", typed={"ph": "7.25", "viability": "75"})
    small.correct(entry, {"ph": "7.28", "viability": "78"})
    with database.reading() as session:
        told = {each.action: each.said["details"] for each in session.scalars(select(Event))}
    recorded, corrected = told["step.recorded"], told["step.corrected"]["changed"]
    said = facts.drawn(recorded["recorded"])
    assert [value for term, value in said if term == "pH"] == ["7.25 pH", "75 %"]
    assert len([term for term, _ in said if term == "Alert"]) == 2
    assert facts.compared(corrected) == [("pH", "7.25 pH", "7.28 pH"), ("pH", "75 %", "78 %")]
    assert whole(small)
