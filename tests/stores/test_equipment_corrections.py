"""Equipment and calibrations that were recorded wrongly: put right by a second person, the old
legible, judged anew."""

from datetime import date

import pytest
from sqlalchemy import select

from integrity import verification
from integrity.acts import Act
from integrity.facts import compared
from integrity.findings import Refused, Stale
from integrity.trail import Event
from stores import calibrations, equipment, equipment_corrections
from tests.makers.people import entry_id, post, sign_in
from tests.makers.stores import make_equipment, make_store_people
from tests.pages import Page

pytestmark = pytest.mark.state("people")
WHY = "Misread from the certificate."
DONE, DUE = date(2026, 10, 1), date(2027, 9, 30)


@pytest.fixture
def people(database, clock):
    return make_store_people(database, "qc_analyst", "qa", at=clock())


def said(**other):
    facts = {"done_on": DONE, "due_on": DUE, "reference": "Certificate 12"} | other
    return equipment.CalibrationFacts(**facts)


def correct(session, item, by, at, reason=WHY, **other):
    made = calibrations.newest(session, [item.id])[item.id]
    act = Act(session, by, at, entry_id=entry_id())
    return equipment_corrections.correct_calibration(act, made.id, said(**other), reason)


@pytest.mark.req("EBR-08", "MAT-03")
def test_a_due_day_that_is_put_right_decides_and_the_old_calibration_stays_legible(
    database, clock, people
):
    with database.writing() as session:
        item = make_equipment(session, by=people["qc_analyst"], at=clock())
        correct(session, item, people["qa"], clock(), due_on=date(2026, 11, 1))
        _, found = equipment.usable(session, item.code, "incubator", clock())
        assert "was due on 2026-11-01" in found[0].sentence()
    with database.reading() as session:
        new, old = session.scalars(calibrations.listed(item.id)).all()
        assert (new.corrects_id, new.reason, new.day(new.due_at)) == (old.id, WHY, "2026-11-01")
        assert old.day(old.due_at) == "2027-09-30"
        assert calibrations.corrections_of(session, [old, new]) == {old.id: new}
        [event] = session.scalars(select(Event).where(Event.action == "calibration.corrected"))
        assert list(event.said["details"]["changed"]) == ["due_at"]
        assert verification.verify(session).faults == []


def test_a_calibration_that_was_corrected_counts_no_more_whenever_it_says_it_was_done(
    database, clock, people
):
    with database.writing() as session:
        item = make_equipment(session, by=people["qc_analyst"], at=clock())
        new = correct(session, item, people["qa"], clock(), done_on=date(2026, 9, 1))
        assert calibrations.newest(session, [item.id]) == {item.id: new}
        assert calibrations.before(session, new) is None
        assert calibrations.at(session, item.id, new.done_at) is new


def test_what_was_corrected_meanwhile_is_not_corrected_again(database, clock, people):
    with database.writing() as session:
        item = make_equipment(session, by=people["qc_analyst"], at=clock())
        first = calibrations.newest(session, [item.id])[item.id]
        correct(session, item, people["qa"], clock(), reference="Certificate 13")
        act = Act(session, people["qa"], clock(), entry_id())
        with pytest.raises(Stale, match="corrected meanwhile"):
            equipment_corrections.correct_calibration(act, first.id, said(reference="C 14"), WHY)


@pytest.mark.parametrize(
    ("role", "changes", "reason", "says"),
    [
        ("qc_analyst", {"reference": "C 13"}, WHY, "Ask a second person"),
        ("qa", {}, WHY, "Nothing differs"),
        ("qa", {"reference": "C 13"}, "typo", "Say why"),
        ("qa", {"due_on": DONE}, WHY, "due after this one"),
        ("qa", {"done_on": date(2026, 12, 1)}, WHY, "the day on which the calibration was done"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_nothing_is_kept(
    database, clock, people, role, changes, reason, says
):
    with database.writing() as session:
        item = make_equipment(session, by=people["qc_analyst"], at=clock())
        with pytest.raises(Refused, match=says):
            correct(session, item, people[role], clock(), reason, **changes)
        assert len(session.scalars(calibrations.listed(item.id)).all()) == 1


@pytest.mark.req("EBR-08")
def test_name_number_and_room_are_put_right_by_a_second_person(database, clock, people):
    facts = equipment.EquipmentFacts("incubator", "Incubator 1", "Room 3", "SN-2")
    with database.writing() as session:
        item = make_equipment(session, by=people["qc_analyst"], at=clock())
        act = Act(session, people["qc_analyst"], clock(), entry_id())
        with pytest.raises(Refused, match="Ask a second person"):
            equipment_corrections.correct(act, item.id, facts, WHY)
        act = Act(session, people["qa"], clock(), entry_id())
        for _ in range(2):
            assert equipment_corrections.correct(act, item.id, facts, WHY).room == "Room 3"
    with database.reading() as session:
        held = equipment.by_code(session, item.code)
        assert (held.room, held.first_room, held.serial) == ("Room 3", "Room 2", "SN-2")
        [change] = equipment_corrections.of(session, held)
        assert compared(equipment_corrections.changes(change)) == [
            ("Serial number", "SN-1", "SN-2"),
            ("Room", "Room 2", "Room 3"),
        ]


@pytest.mark.req("EBR-08")
def test_equipment_is_put_right_on_its_page_and_everybody_reads_the_old_beside_the_new(
    application, sqlite, clock
):
    people = make_store_people(sqlite, "qc_analyst", "qa", "reader", at=clock())
    with sqlite.writing() as session:
        item = make_equipment(session, by=people["qc_analyst"], at=clock())
        number = calibrations.newest(session, [item.id])[item.id].id
    path, qa, reader = f"/equipment/{item.code}", *(application.test_client() for _ in range(2))
    sign_in(qa, "qa1")
    sign_in(reader, "reader1")
    assert reader.get(f"{path}/correct").status_code == 403
    form = Page(qa.get(f"{path}/correct"))
    typed = {"name": form.value("name"), "serial": "SN-2", "room": form.value("room")}
    assert post(qa, f"{path}/correct", **typed, reason=WHY).status_code == 303
    form = Page(qa.get(f"{path}/calibration/{number}"))
    days = {"done_on": form.value("done_on"), "due_on": "2027-10-31", "reference": "Certificate 13"}
    days |= {"as_found": "in_tolerance"}
    assert post(qa, f"{path}/calibration/{number}", **days, reason="no").status_code == 422
    assert post(qa, f"{path}/calibration/{number}", **days, reason=WHY).status_code == 303
    assert qa.get(f"{path}/calibration/99").status_code == 404
    page = Page(reader.get(path)).words
    assert "was SN-1 → now SN-2" in page
    assert "2027-10-31" in page and "2027-09-30" in page and "Certificate 12" in page
    assert f"Corrected by qa1: “{WHY}”" in page
