"""Equipment: usable while its newest calibration is not overdue; its logbook writes itself."""

from datetime import date, timedelta

import pytest

from integrity.acts import Act
from integrity.findings import Refused
from stores import calibrations, equipment
from tests.makers.people import entry_id
from tests.makers.stores import make_equipment, make_store_people
from tests.makers.subjects import scope_named

pytestmark = pytest.mark.state("people")


@pytest.fixture
def qa(database, clock):
    return make_store_people(database, "qa", at=clock())["qa"]


@pytest.mark.req("MAT-03")
def test_a_scan_of_overdue_or_never_calibrated_equipment_is_a_hard_stop(database, clock, qa):
    with database.writing() as session:
        never = make_equipment(session, by=qa, at=clock(), done=None)
        item = make_equipment(session, by=qa, at=clock(), name="Incubator 2")
        due = calibrations.newest(session, [item.id])[item.id].due_at
        assert (
            "no calibration on record"
            in equipment.usable(session, never.code, "incubator", clock())[1][0].sentence()
        )
        assert equipment.usable(session, item.code, "incubator", due) == (item, ())
        found, findings = equipment.usable(
            session, item.code, "incubator", due + timedelta(milliseconds=1)
        )
    assert found is item
    assert (
        findings[0]
        .sentence()
        .startswith("The calibration of Incubator 2 (Q2600002-45) was due on 2027-09-30.")
    )


def test_another_kind_of_equipment_is_refused(database, clock, qa):
    with database.writing() as session:
        item = make_equipment(session, by=qa, at=clock())
        findings = equipment.usable(session, item.code, "centrifuge", clock())[1]
    assert [finding.sentence() for finding in findings] == [
        "Incubator 1 (Q2600001-48) is registered as incubator; centrifuge is needed here. Scan "
        "the centrifuge you use."
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Scan or type"),
        ("M2600001-87", "is the code of a material lot"),
        ("Q2600009-24", "no equipment of this site"),
    ],
)
def test_what_is_no_equipment_is_said(database, clock, qa, text, says):
    with database.reading() as session:
        item, findings = equipment.usable(session, text, "incubator", clock())
    assert item is None
    assert says in findings[0].sentence()


def test_the_calibration_done_last_counts_whatever_was_recorded_last(database, clock, qa):
    with database.writing() as session:
        item = make_equipment(session, by=qa, at=clock())
        older = equipment.CalibrationFacts(date(2025, 10, 1), date(2026, 9, 30), "Certificate 8")
        equipment.calibrate(Act(session, qa, clock(), entry_id=entry_id()), item.id, older)
        assert calibrations.newest(session, [item.id])[item.id].reference == "Certificate 12"
        again = equipment.CalibrationFacts(
            date(2026, 10, 1), date(2027, 3, 31), "Certificate 12, due day corrected"
        )
        equipment.calibrate(Act(session, qa, clock(), entry_id=entry_id()), item.id, again)
        assert calibrations.newest(session, [item.id])[item.id].reference.endswith("corrected")


def test_a_calibration_in_the_future_and_an_unknown_kind_are_refused(database, clock, qa):
    with database.writing() as session:
        item = make_equipment(session, by=qa, at=clock(), done=None)
        tomorrow = equipment.CalibrationFacts(date(2026, 11, 3), date(2027, 11, 3), "x")
        with pytest.raises(Refused, match="Today is 2026-11-02"):
            equipment.calibrate(Act(session, qa, clock(), entry_id=entry_id()), item.id, tomorrow)
        with pytest.raises(Refused, match="no kind of equipment"):
            make_equipment(session, by=qa, at=clock(), kind="teapot")


def test_the_same_entry_twice_is_one_registration_and_one_calibration(database, clock, qa):
    first, second = entry_id(), entry_id()
    facts = equipment.EquipmentFacts("incubator", "Incubator 1", "Room 2")
    done = equipment.CalibrationFacts(date(2026, 10, 1), date(2027, 9, 30), "Certificate 12")
    with database.writing() as session:
        items = [
            equipment.register(Act(session, qa, clock(), entry_id=first), facts) for _ in range(2)
        ]
        made = [
            equipment.calibrate(Act(session, qa, clock(), entry_id=second), items[0].id, done)
            for _ in range(2)
        ]
    assert items[0] is items[1]
    assert made[0] is made[1]


@pytest.mark.req("TRC-02")
def test_the_logbook_of_each_piece_of_equipment_tells_every_batch(database, clock, qa):
    with database.writing() as session:
        item, other = (
            make_equipment(session, by=qa, at=clock(), name=f"Incubator {n}") for n in (1, 2)
        )
        for each, scope in ((item, "B26000154"), (item, "B26000251"), (other, "B26000251")):
            equipment.use_equipment(
                Act(session, qa, clock()), each.itself, scope_named(session, scope), None
            )
        logbooks = {each.id: session.scalars(equipment.uses(each.id)) for each in (item, other)}
        told = {number: [use.scope for use in uses] for number, uses in logbooks.items()}
        assert told == {item.id: ["B26000251", "B26000154"], other.id: ["B26000251"]}
