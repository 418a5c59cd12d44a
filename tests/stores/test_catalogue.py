"""The list of materials as a document: read strictly, and named by the lots received under it."""

import pytest

from documents.faults import InvalidDocument
from documents.kinds import Kind
from integrity.facts import drawn
from integrity.findings import Refused
from stores import catalogue_register, lots
from stores.catalogue_register import HANDLING
from tests.makers import documents
from tests.makers.people import make_people
from tests.makers.stores import lot_facts, make_equipment, make_lot, make_store_people
from tests.templates import MORNING

SHIPPED = HANDLING.shipped.read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "place", "piece"),
    [
        ('code = "ML-STORES"', 'code = "ml"', "document › code", "cannot be a code"),
        ('name = "DPBS"', 'nam = "DPBS"', "names › materials[7]", "“name” is missing"),
        ('name = "DPBS"', 'name = "collagenase"', "names › materials", "stands here 2 times"),
        ('albumin", human = true', 'albumin", human = "yes"', "human", "true or false"),
        ('unit = "CDU"', 'unit = "kg"', "names › materials", "kg"),
        ('code = "mL"', 'code = "cup"', "names › units[0] › code", "cup"),
        ('"balance",', "7,", "names › equipment", "list of at least one text"),
        ("[names]", "[name]", "", "“names” is missing"),
    ],
)
def test_a_fault_is_said_with_its_place(old, new, place, piece):
    assert old in SHIPPED
    with pytest.raises(InvalidDocument) as invalid:
        HANDLING.read(SHIPPED.replace(old, new, 1).encode())
    assert any(place in each.place and piece in each.sentence() for each in invalid.value.faults), (
        invalid.value
    )


def test_no_lot_and_no_equipment_comes_in_while_no_list_is_in_force(database):
    qa = make_people(database, "qa", at=MORNING)["qa"]
    with database.writing() as session, pytest.raises(Refused, match="No list of materials"):
        from integrity.acts import Act

        lots.receive(Act(session, qa, MORNING), lot_facts())


def test_a_lot_names_the_version_it_was_received_under(database):
    people = make_store_people(database, "technician", "qa", at=MORNING)
    by, qa = people["technician"], people["qa"]
    other = SHIPPED.replace('{ name = "DPBS",', '{ name = "Dpbs",').replace('"balance"', '"scale"')
    with database.writing() as session:
        first = catalogue_register.in_force(session, MORNING)[0]
        lot = make_lot(session, by=by, at=MORNING)
        second = documents.make_document(
            session, Kind.MATERIALS, author=by, approver=qa, at=MORNING, data=other.encode()
        )
        later = make_lot(session, by=by, at=MORNING, supplier_lot="2")
        assert (lot.materials_id, later.materials_id) == (first.id, second.id)
        assert (lot.material, later.material) == ("DPBS", "Dpbs")
        assert dict(drawn(lots.described(session, lot.id)))["List of materials"] == first.cited
        make_equipment(session, by=qa, at=MORNING, kind="scale")
        with pytest.raises(Refused, match="balance"):
            make_equipment(session, by=qa, at=MORNING, kind="balance")
