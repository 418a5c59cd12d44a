"""What was put right of a lot, equipment, a calibration, a cord, a sample's receipt and a start
stands in every form of the batch's record: old value, new value, who, when and why."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from integrity.acts import Act
from manufacturing.donation.donations import Cord
from qc.laboratory import corrections, results
from qc.laboratory.samples import ReceiptFacts
from qc.laboratory.testing import BeginningFacts
from qc.release import full_record, full_record_csv, full_record_pdf, release_inputs
from stores import calibrations, equipment, equipment_corrections, lot_corrections, lots
from stores.equipment import CalibrationFacts, Equipment, EquipmentFacts, EquipmentUse
from stores.lot_uses import LotUse
from stores.lots import Lot
from tests.machine import words_of
from tests.makers import qc
from tests.makers.broken import correct_cord
from tests.makers.people import entry_id
from tests.makers.stores import make_equipment, make_lot

WHY = "Read again from the papers."


def used(session, world, thing, use, key):
    """The first of the things that a batch used."""
    mine = select(thing).join(use, key == thing.id).where(use.scope == world.batch.code)
    return session.scalars(mine.order_by(thing.id)).first()


def as_received(session, lot):
    """What its papers say, as a form would say it again."""
    return lots.LotFacts(
        lot.material,
        lot.supplier,
        lot.supplier_lot,
        date.fromisoformat(lot.day(lot.expires_at)),
        lot.quantity_text,
        lot.unit,
        lot.name,
        lot.manufacturer,
        lot.certificate,
        bool(lot.donor_pool),
        lot.donor_pool,
    )


def put_everything_right(world):
    """A correction of each kind; gives {about: (part, old, new)} as the record says it."""
    people, clock = world.people, world.clock

    def act(session, who):
        return Act(session, people[who], clock.advance(minutes=1), entry_id=entry_id())

    with world.database.writing() as session:
        lot = used(session, world, Lot, LotUse, LotUse.lot_id)
        told = replace(as_received(session, lot), supplier_lot="2026-811")
        lot_was = lot.supplier_lot
        lot_corrections.correct(act(session, "qa"), lot.id, told, WHY)
        item = used(session, world, Equipment, EquipmentUse, EquipmentUse.equipment_id)
        facts = EquipmentFacts(item.kind, item.name, item.room, "SN-4711")
        serial_was = item.serial
        equipment_corrections.correct(act(session, "qc_reviewer"), item.id, facts, WHY)
        made = calibrations.newest(session, [item.id])[item.id]
        done, due = (date.fromisoformat(made.day(at)) for at in (made.done_at, made.due_at))
        anew = CalibrationFacts(done, due + timedelta(days=1), made.reference)
        equipment_corrections.correct_calibration(act(session, "qc_reviewer"), made.id, anew, WHY)
        correct_cord(session, world, timedelta(minutes=1))
        cord = session.get_one(Cord, world.batch.cord_id)
        sample = qc.samples_for(session, world.batch, "sterility")[-1]
        receipt = ReceiptFacts(sample.code, "intact", "Refrigerator 7")
        corrections.correct_receipt(act(session, "qc_reviewer"), receipt, WHY)
        [begun] = results.beginnings_of(session, [sample.id]).values()
        start = BeginningFacts(sample.code, "sterility", begun.began_at - timedelta(minutes=5))
        corrections.correct_beginning(act(session, "qc_reviewer"), start, WHY)
    return {
        (lot.code, "Supplier's lot"): ("lots", lot_was, "2026-811"),
        (item.code, "Serial number"): ("equipment", serial_was, "SN-4711"),
        (item.code, "Due again on"): (
            "equipment",
            due.isoformat(),
            (due + timedelta(days=1)).isoformat(),
        ),
        (cord.code, "Birth"): ("cord", "", ""),
        (sample.code, "Where it is kept"): ("samples", "Refrigerator 2", "Refrigerator 7"),
        (sample.code, "Began"): ("samples", "", ""),
    }


@pytest.mark.state("finished")
@pytest.mark.req("EBR-08", "AUD-13", "REC-01")
def test_what_was_put_right_stands_in_print_json_and_csv_wherever_the_thing_is_named(reviewed):
    wanted = put_everything_right(reviewed)
    with reviewed.database.writing() as session:  # of another batch: not of this record
        people, at = reviewed.people, reviewed.clock()
        lot = make_lot(session, by=people["technician"], at=at)
        told = replace(as_received(session, lot), certificate="CoA 9", another_delivery=True)
        deed = {"by": people["qa"], "at": at}
        lot_corrections.correct(Act(session, **deed, entry_id=entry_id()), lot.id, told, WHY)
        other = make_equipment(session, by=people["technician"], at=at)
        facts = equipment.EquipmentFacts(other.kind, "Incubator 9", "Room 9")
        act = Act(session, **deed, entry_id=entry_id())
        equipment_corrections.correct(act, other.id, facts, WHY)
    with reviewed.database.reading() as session:
        found = release_inputs.gather(session, reviewed.batch, reviewed.clock())
        record = full_record.record_of(session, found)
    by_what = {each["what"]: each for each in record["put_right"]}
    assert {"Room", "Certificate of analysis"}.isdisjoint(by_what)
    assert set(by_what) >= {what for _, what in wanted}
    words = words_of(full_record_pdf.draw(record))
    text = io.StringIO()
    csv.writer(text).writerows(full_record_csv.lines_of(record))
    lines = list(csv.DictReader(io.StringIO(text.getvalue())))
    for (_, what), (part, was, becomes) in wanted.items():
        each = by_what[what]
        assert each["part"] == part and each["was"] != each["becomes"]
        assert (each["was"], each["becomes"]) == (was or each["was"], becomes or each["becomes"])
        assert each["reason"] and each["by"] and each["at"]
        [line] = [
            line for line in lines
            if line["step"] == "corrected" and line["field"] == f"{each['about']}: {what}"
        ]  # fmt: skip
        assert line["stage"] == part and line["struck"] == each["was"]
        assert (line["value"], line["reason"]) == (each["becomes"], each["reason"])
        assert (line["by"], line["recorded"]) == (each["by"], each["at"])
        for one in (what, each["was"], each["becomes"], each["by"]):
            assert one in words
    assert "Samples in QC" in words and "2026-811" in words and "SN-4711" in words


@pytest.mark.state("finished")
@pytest.mark.req("EBR-08")
def test_a_record_of_which_nothing_was_put_right_says_so_by_its_silence(reviewed):
    with reviewed.database.reading() as session:
        found = release_inputs.gather(session, reviewed.batch, reviewed.clock())
        record = full_record.record_of(session, found)
    assert record["put_right"] == []
    assert {each["condition"] for each in record["samples"]} == {"intact"}
    assert any("began" in began for each in record["samples"] for began in each["began"])


@pytest.mark.state("finished")
@pytest.mark.req("MAT-03", "EBR-08")
@pytest.mark.parametrize(("days", "is_named"), [(-40, False), (1, True)])
def test_a_calibration_that_counted_for_no_use_is_named_where_it_was_put_right_since(
    reviewed, days, is_named
):
    with reviewed.database.writing() as session:
        item = used(session, reviewed, Equipment, EquipmentUse, EquipmentUse.equipment_id)
        at = reviewed.clock() + timedelta(days=days)
        old = CalibrationFacts(date(2026, 1, 5), date(2026, 6, 30), "Certificate 3")
        by, second = reviewed.people["technician"], reviewed.people["qa"]
        made = equipment.calibrate(Act(session, by, at, entry_id=entry_id()), item.id, old)
        anew, act = replace(old, reference="Certificate 4"), Act(session, second, at, entry_id())
        equipment_corrections.correct_calibration(act, made.id, anew, WHY)
    with reviewed.database.reading() as session:
        found = release_inputs.gather(session, reviewed.batch, reviewed.clock())
        record = full_record.record_of(session, found)
    told = [each["becomes"] for each in record["put_right"]]
    assert told == ["Certificate 4"] * is_named
    assert all("Certificate 4" not in each["calibration"] for each in record["equipment"])
