"""What is entered twice under somebody else's number is asked about, and received when it is
another delivery or another piece.
"""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from integrity import looks
from integrity.acts import Act
from integrity.findings import Refused
from stores import equipment, equipment_corrections, likeness_rules, lot_corrections, lots
from stores.likeness_rules import Delivery
from stores.rule_ids import StoreRule
from tests.makers.people import entry_id, post, sign_in
from tests.makers.stores import (
    lot_facts,
    make_equipment,
    make_lot,
    make_store_people,
    release,
    seal_of,
)

USUAL = Delivery("Supplier 1", "", "2026-118")


# The law
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("2026-118", True),
        ("2026118", True),
        (" 2026 – 118 ", True),
        ("2O26-II8", True),  # letters for digits
        ("2026-l|8", True),
        ("２０２６-118", True),  # wide digits
        ("2026-119", False),
        ("2026-1180", False),
        ("", False),
        ("-", False),
    ],
)
def test_a_number_that_reads_the_same_is_the_same_number(number, is_one):
    assert looks.is_one("2026-118", number) is is_one
    assert likeness_rules.is_one_lot(USUAL, replace(USUAL, number=number)) is is_one
    assert looks.alike(number, [("M1", "2026-118"), ("M2", "7")]) == (["M1"] if is_one else [])


@pytest.mark.req("MAT-01")
@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (Delivery("SUPPLIER-1", "", "2026-118"), True),
        (Delivery("Suррlier 1", "", "2026-118"), True),  # two Cyrillic letters
        (Delivery("Dealer 9", "Supplier 1", "2026-118"), True),  # another dealer of one maker
        (Delivery("Supplier 1", "Maker 4", "2026-118"), True),
        (Delivery("Dealer 9", "", "2026-118"), False),
        (Delivery("Dealer 9", "Maker 4", "2026-118"), False),
        (Delivery("Supplier 1", "", "2026-119"), False),
    ],
)
def test_a_lot_is_known_by_its_number_and_who_made_or_sent_it(other, is_one):
    assert likeness_rules.is_one_lot(USUAL, other) is is_one
    assert likeness_rules.is_one_lot(other, USUAL) is is_one
    known = [("M26000101", other), ("M26000102", replace(other, number="7"))]
    assert likeness_rules.deliveries(USUAL, known) == (["M26000101"] if is_one else [])


@pytest.mark.parametrize(
    ("law", "rule"),
    [
        (likeness_rules.lot, StoreRule.LOT_KNOWN),
        (likeness_rules.equipment, StoreRule.EQUIPMENT_KNOWN),
        (
            lambda known, is_another: likeness_rules.certificate(known, is_its_own=is_another),
            StoreRule.CERTIFICATE_KNOWN,
        ),
    ],
)
@pytest.mark.parametrize(
    ("known", "is_another", "is_asked"),
    [
        ([], False, False),
        ([], True, False),
        (["M26000101"], False, True),
        (["M26000101"], True, False),
    ],
)
def test_what_is_on_record_is_asked_about_until_somebody_says_it_is_another(
    law, rule, known, is_another, is_asked
):
    assert [each.rule for each in law(known, is_another=is_another)] == [rule] * is_asked


# The acts
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def people(database, clock):
    return make_store_people(database, "technician", "qa", "qc_analyst", at=clock())


def receive(session, by, at, **other):
    return lots.receive(Act(session, by, at, entry_id=entry_id()), lot_facts(**other))


@pytest.mark.state("people")
@pytest.mark.req("MAT-01")
@pytest.mark.parametrize(
    "again",
    [
        {},
        {"supplier_lot": "2O26 118", "supplier": "SUPPLIER-1"},
        {"material": "dpbs", "expires_on": date(2027, 4, 30), "quantity": "250"},
        {"supplier": "Dealer 9", "manufacturer": "supplier 1"},
    ],
)
def test_one_lot_received_twice_is_asked_about_and_a_second_delivery_is_received(
    database, clock, people, again
):
    by, at = people["technician"], clock()
    with database.writing() as session:
        first = receive(session, by, at)
    with database.writing() as session, pytest.raises(Refused, match="already: M26") as refusal:
        receive(session, by, at, **again)
    assert [each.field for each in refusal.value.findings] == ["another_delivery"]
    with database.writing() as session:
        assert session.scalar(select(func.count()).select_from(lots.Lot)) == 1
        second = receive(session, by, at, **again, another_delivery=True)
        first = session.get_one(lots.Lot, first.id)
        assert (lots.others(session, first), lots.others(session, second)) == (
            [second.code],
            [first.code],
        )
        signed = lots.facts_of(session, first.id)
        assert {"list": [", ", [{"code": second.code}]]} in [fact for _, fact in signed]


@pytest.mark.state("people")
@pytest.mark.req("MAT-01")
@pytest.mark.parametrize(
    "other",
    [{"supplier_lot": "2026-119"}, {"supplier": "Dealer 9"}, {"material": "Ethanol 70 %"}],
)
def test_another_lot_is_received_without_a_question(database, clock, people, other):
    with database.writing() as session:
        receive(session, people["technician"], clock())
        assert lots.others(session, receive(session, people["technician"], clock(), **other)) == []


@pytest.mark.state("people")
@pytest.mark.req("MAT-01")
def test_a_rejected_lot_that_comes_again_is_asked_about(database, clock, people):
    by, at = people["technician"], clock()
    with database.writing() as session:
        lot = receive(session, by, at)
        why = "Seal was broken on arrival."
        act = Act(session, people["qa"], at, entry_id())
        lots.reject_lot(act, lot.id, seal=seal_of(session, lot, "rejected", why))
    with database.writing() as session, pytest.raises(Refused, match="on record already"):
        receive(session, by, at)


@pytest.mark.state("people")
@pytest.mark.req("EBR-08")
def test_a_lot_that_is_corrected_to_the_number_of_another_is_asked_about_once(
    database, clock, people
):
    by, qa, at = people["technician"], people["qa"], clock()

    def correct(session, lot, **said):
        act = Act(session, qa, at, entry_id=entry_id())
        return lot_corrections.correct(act, lot.id, lot_facts(**said), "Read from the bottle.")

    with database.writing() as session:
        receive(session, by, at)
        lot = receive(session, by, at, supplier_lot="2026-811")
    with database.writing() as session, pytest.raises(Refused, match="on record already"):
        correct(session, lot)
    with database.writing() as session:
        correct(session, lot, another_delivery=True)
    with database.writing() as session:  # what it is known by stays: nothing is asked again
        assert correct(session, lot, quantity="400").quantity_text == "400"


@pytest.mark.state("people")
@pytest.mark.req("MAT-03")
@pytest.mark.parametrize(
    ("kind", "serial", "is_asked"),
    [
        ("incubator", "SN-0417", True),
        ("incubator", "sn 0417", True),
        ("incubator", "SN-O4l7", True),
        ("centrifuge", "SN-0417", True),  # one piece under two kinds
        ("incubator", "SN-0418", False),
        ("incubator", "", False),
        ("incubator", "–", False),
    ],
)
def test_one_serial_number_registered_twice_is_asked_about(
    database, clock, people, kind, serial, is_asked
):
    by = people["qc_analyst"]
    told = equipment.EquipmentFacts(kind, "Incubator 2", "Room 2", serial)

    def register(session, facts):
        return equipment.register(Act(session, by, clock(), entry_id=entry_id()), facts)

    with database.writing() as session:
        register(session, equipment.EquipmentFacts("incubator", "Incubator 1", "Room 2", "SN-0417"))
    if is_asked:
        with database.writing() as session, pytest.raises(Refused, match="on record already: Q26"):
            register(session, told)
        told = replace(told, another_piece=True)
    with database.writing() as session:
        made = register(session, told)
        assert made.serial == serial
        act = Act(session, people["qa"], clock(), entry_id=entry_id())
        facts = replace(told, another_piece=False, serial="SN-0418 ", name="Incubator 3")
        equipment_corrections.correct(act, made.id, facts, "Read from the plate again.")
    with database.writing() as session, pytest.raises(Refused, match="on record already: Q26"):
        act = Act(session, people["qa"], clock(), entry_id=entry_id())
        facts = replace(facts, serial="SN0417")
        equipment_corrections.correct(act, made.id, facts, "Read from the plate again.")


@pytest.mark.state("people")
@pytest.mark.req("MAT-03")
@pytest.mark.parametrize(
    ("which", "reference", "is_asked"),
    [
        ("the same", "Certificate 12", True),
        ("another", "Certificate 12", True),
        ("another", "CERTIFICATE I2", True),
        ("the same", "Certificate 13", False),
        ("another", "Certificate 13", False),
    ],
)
def test_one_certificate_entered_twice_is_asked_about_and_taken_when_it_is_said_to_be_another(
    database, clock, people, which, reference, is_asked
):
    by = people["qc_analyst"]
    told = equipment.CalibrationFacts(date(2026, 10, 2), date(2027, 9, 30), reference)
    with database.writing() as session:
        first = make_equipment(session, by=by, at=clock())
        item = first
        if which == "another":
            item = make_equipment(session, by=by, at=clock(), name="Incubator 2", done=None)
        number, code = item.id, first.code

    def calibrate(session, facts):
        act = Act(session, by, clock(), entry_id=entry_id())
        return equipment.calibrate(act, number, facts)

    if is_asked:
        with database.writing() as session, pytest.raises(Refused, match="is on record") as refusal:
            calibrate(session, told)
        assert [each.field for each in refusal.value.findings] == ["own_certificate"]
        assert refusal.value.findings[0].parameters["known"] == {"list": [", ", [{"code": code}]]}
        told = replace(told, own_certificate=True)
    with database.writing() as session:
        made = calibrate(session, told)
        assert (made.reference, made.equipment_id) == (reference, number)


@pytest.mark.state("people")
@pytest.mark.req("EBR-08", "MAT-03")
def test_a_calibration_corrected_to_the_certificate_of_another_is_asked_about_once(
    database, clock, people
):
    by, qa, at = people["qc_analyst"], people["qa"], clock()
    facts = equipment.CalibrationFacts(date(2026, 10, 2), date(2027, 9, 30), "Certificate 13")

    def correct(session, made, who, **said):
        act = Act(session, who, at, entry_id=entry_id())
        told = replace(facts, **said)
        return equipment_corrections.correct_calibration(act, made.id, told, "Read once more.")

    with database.writing() as session:
        item = make_equipment(session, by=by, at=at)  # by the certificate 12
        made = equipment.calibrate(Act(session, by, at, entry_id=entry_id()), item.id, facts)
    with database.writing() as session, pytest.raises(Refused, match="on record already"):
        correct(session, made, qa, reference="Certificate 12")
    with database.writing() as session:
        made = correct(session, made, qa, reference="Certificate 12", own_certificate=True)
    with database.writing() as session:  # its number stays: nothing is asked again
        made = correct(session, made, by, reference="Certificate 12", due_on=date(2027, 9, 29))
    with database.writing() as session:  # what was corrected to another number is free again
        facts = replace(facts, done_on=date(2026, 10, 3))
        equipment.calibrate(Act(session, by, at, entry_id=entry_id()), item.id, facts)


# The pages
# -------------------------------------------------------------------------------------------------


@pytest.mark.state("people")
@pytest.mark.req("MAT-01")
def test_the_page_asks_with_a_link_to_the_earlier_lot_and_takes_the_tick(
    application, sqlite, clock
):
    staff = make_store_people(sqlite, "technician", "qa", at=clock())
    with sqlite.writing() as session:
        lot = make_lot(session, by=staff["technician"], at=clock())
        release(session, lot, staff["qa"], clock())
    typed = {
        **{"material": "DPBS", "supplier": "supplier 1", "supplier_lot": "2026 118"},
        **{"certificate": "CoA 118", "expires_on": "2027-03-31", "quantity": "500"},
        **{"unit": "mL", "human": "no"},
    }
    client = application.test_client()
    sign_in(client, "technician1")
    tick = 'name="another_delivery"'
    assert tick not in client.get("/lots/new").get_data(as_text=True)  # nobody asked yet
    answer = post(client, "/lots/new", **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "is on record already" in page and tick in page
    assert f'href="/codes/{lot.code}"' in page and 'value="2026 118"' in page
    assert post(client, "/lots/new", **typed, another_delivery="y").status_code == 303
    assert "Other deliveries of this lot" in client.get(f"/lots/{lot.code}").get_data(as_text=True)


@pytest.mark.state("people")
@pytest.mark.req("MAT-03")
def test_the_page_of_a_calibration_asks_with_a_link_and_takes_the_tick(application, sqlite, clock):
    staff = make_store_people(sqlite, "qc_analyst", at=clock())
    with sqlite.writing() as session:
        code = make_equipment(session, by=staff["qc_analyst"], at=clock()).code
    typed = {
        **{"done_on": "2026-10-02", "due_on": "2027-09-30", "reference": "certificate 12"},
        "as_found": "in_tolerance",
    }
    client, address = application.test_client(), f"/equipment/{code}/calibration"
    sign_in(client, "qcanalyst1")
    tick = 'name="own_certificate"'
    assert tick not in client.get(address).get_data(as_text=True)
    answer = post(client, address, **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "is on record already" in page and tick in page
    assert f'href="/codes/{code}"' in page and 'value="certificate 12"' in page
    assert post(client, address, **typed, own_certificate="y").status_code == 303
