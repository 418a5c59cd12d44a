"""Label stock as a document: read strictly, and named by every print."""

import pytest

from documents.faults import InvalidDocument
from documents.kinds import Kind
from integrity.acts import Act
from integrity.findings import Refused
from labels import codes, print_register
from labels.stock_register import HANDLING
from labels.stocks import LabelFacts
from tests.makers import documents
from tests.makers.people import entry_id, make_people
from tests.templates import MORNING

SHIPPED = HANDLING.shipped.read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "place", "piece"),
    [
        ('width = "33 mm"', 'width = "33"', "stocks.vial › width", "is no length"),
        ('width = "33 mm"', "width = 33", "stocks.vial › width", "a text in quotes"),
        ('width = "33 mm"', 'width = "8 mm"', "stocks.vial › symbol", "wider than the label"),
        ('smallest = "4.2 pt"', 'smallest = "9 pt"', "stocks.vial › smallest", "exchange"),
        ('columns = "5"', 'columns = "0"', "stocks.vial › on_a4 › columns", "whole number"),
        ('status = { en = "Status: scan" }', "", "stocks.vial", "“status” is missing"),
        ("[stocks.vial]", "[stocks.Vial]", "stocks", "cannot be an id"),
        ("[document]", "[documents]", "", "“document” is missing"),
    ],
)
def test_a_fault_is_said_with_its_place(old, new, place, piece):
    assert old in SHIPPED
    with pytest.raises(InvalidDocument) as invalid:
        HANDLING.read(SHIPPED.replace(old, new, 1).encode())
    assert any(place in each.place and piece in each.sentence() for each in invalid.value.faults), (
        invalid.value
    )


def test_the_shipped_stock_has_its_sizes_in_points():
    vial = HANDLING.read(SHIPPED.encode()).stocks["vial"]
    assert round(vial.width * 1000) == 93543 and round(vial.code * 10) == 68
    assert (vial.size, vial.columns, vial.rows, vial.required) == ("33 × 13 mm", 5, 18, ())


def test_a_label_is_printed_on_the_stock_in_force_and_drawn_again_on_its_own(database):
    people = make_people(database, "label_printer", "qa", at=MORNING)
    printer, qa = people["label_printer"], people["qa"]
    label = LabelFacts(codes.make("F", 26, 1), "flask", "T175", ("Batch B260017-06",))
    wider = SHIPPED.replace('width = "51 mm"', 'width = "55 mm"')

    def printed(session, reason=None):
        act = Act(session, printer, MORNING, entry_id())
        drawing = print_register.draw_ahead(session, [label], "roll", MORNING)
        return print_register.print_labels(act, [label], drawing, paper="roll", reason=reason)

    with pytest.raises(Refused, match="No label stock"), database.writing() as session:
        printed(session)
    stocks = []
    with database.writing() as session:
        for data in (SHIPPED, wider):
            held = documents.make_document(
                session,
                Kind.LABEL_STOCK,
                author=printer,
                approver=qa,
                at=MORNING,
                data=data.encode(),
            )
            stocks.append(held.id)
            made = printed(session, None if data is SHIPPED else "Another size of label")
            assert made[0].stock_id == held.id
    with database.reading() as session:
        first, second = session.scalars(print_register.listed()).all()
        assert [second.stock_id, first.stock_id] == stocks
        for each in (first, second):
            kept = print_register.file_of(session, each).content
            assert print_register.redrawn(session, [each]) == kept
