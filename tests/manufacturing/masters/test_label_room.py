"""What a master record names has room on the labels of the site: said with its place when either
document is imported, and again before the last approval; never first at the printer."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from documents.faults import InvalidDocument
from documents.kinds import Kind
from documents.register import ControlledDocument
from integrity.findings import Refused
from labels import stock_register
from manufacturing.masters import label_room
from manufacturing.masters.document import read
from tests.makers import documents
from tests.makers.masters import SHIPPED_BYTES, do, make_effective_master, make_master
from tests.makers.people import make_people, make_person, post, sign_in
from tests.pages import Page

LONG = "Sample of the final suspension for the identity panel by flow cytometry"
BIOBURDEN = "stages[1] ‘washing’ › steps[0] ‘transport_sample’ › fields[0] ‘bioburden’"
STOCK = stock_register.HANDLING.shipped.read_bytes()
STOCKS = stock_register.HANDLING.read(STOCK)
SHIPPED = read(SHIPPED_BYTES)


def record(words: str) -> bytes:
    """The shipped record with another name of its sample for bioburden."""
    line = next(each for each in SHIPPED_BYTES.split(b"\n") if b'id = "bioburden"' in each)
    named = SHIPPED.step("transport_sample").field("bioburden").label["en"].encode()
    assert named in line
    return SHIPPED_BYTES.replace(line, line.replace(named, words.encode()), 1)


def narrow() -> bytes:
    """The shipped stock with a vial label on which no text has room."""
    assert b'smallest = "4.2 pt"' in STOCK
    return STOCK.replace(b'smallest = "4.2 pt"', b'smallest = "5.4 pt"', 1)


@pytest.mark.req("LAB-03")
@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("Bioburden", []),
        ("Bioburden of the fluid", []),
        ("Deoxyribonucleotidyltransferase-assay", [BIOBURDEN]),
        (LONG, [BIOBURDEN]),
    ],
)
def test_the_longest_label_of_every_container_is_judged_on_its_smallest_stock(words, places):
    found = list(label_room.faults(read(record(words)), STOCKS))
    assert [each.place for each in found] == [f"{place} › label" for place in places]
    assert all("does not fit on a 33 × 13 mm label" in each.sentence() for each in found)


@pytest.mark.req("LAB-03")
def test_a_copy_on_a_demonstration_site_is_judged_with_both_its_marks():
    """A status that fills its line has room with either mark and not with both."""
    vial = replace(STOCKS.stocks["vial"], status="Status: scan before any use")
    stocks = replace(STOCKS, stocks={**STOCKS.stocks, "vial": vial})
    assert {each.place for each in label_room.stock_faults(SHIPPED, stocks)} == {"stocks.vial"}


@pytest.mark.parametrize("kind", ["flask", "vial", "final"])
def test_a_stock_that_lacks_a_kind_is_said_at_every_field_that_needs_it(kind):
    less = replace(STOCKS, stocks={key: each for key, each in STOCKS.stocks.items() if key != kind})
    found = list(label_room.faults(SHIPPED, less))
    assert found and all(kind in each.sentence() for each in found)
    assert {each.place for each in label_room.stock_faults(SHIPPED, less)} == {f"stocks.{kind}"}


def test_the_place_of_a_final_container_is_never_left_out_so_its_longest_round_is_judged():
    stage = next(each for each in SHIPPED.stages if each.id == "labelling")
    wordy = replace(stage, title={"en": "Formulation and filling " * 60})
    found = list(label_room.faults(replace(SHIPPED, stages=(wordy,)), STOCKS))
    assert len(found) == 1 and "100 × 50 mm" in found[0].sentence()


# The documents and their pages
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def people(application, sqlite, clock):
    return make_people(
        sqlite, "master_author", "master_approver", "qa", "label_printer", at=clock()
    )


def import_stock(sqlite, people, clock, data=STOCK):
    with sqlite.writing() as session:
        author = people["label_printer"]
        approver = make_person(session, "qa", username="papers1", at=clock())
        documents.make_document(
            session, Kind.LABEL_STOCK, author=author, approver=approver, at=clock(), data=data
        )


def counted(sqlite, kind):
    with sqlite.reading() as session:
        every = select(func.count()).select_from(ControlledDocument)
        return session.scalar(every.where(ControlledDocument.kind == kind))


def imported(application, username, path, data):
    client = application.test_client()
    assert sign_in(client, username).status_code == 303
    return post(client, path, document=data.decode())


@pytest.mark.state("people")
@pytest.mark.req("LAB-03")
def test_a_record_whose_label_has_no_room_is_refused_at_its_import_with_place_and_words_kept(
    application, sqlite, people, clock
):
    import_stock(sqlite, people, clock)
    answer = imported(application, "masterauthor1", "/masters/import", record(LONG))
    page = Page(answer).words
    assert answer.status_code == 422 and counted(sqlite, Kind.MASTER_RECORD) == 0
    assert f"{BIOBURDEN} › label" in page and "does not fit on a 33 × 13 mm label" in page
    assert "Line " in page and LONG in answer.get_data(as_text=True)
    answer = imported(application, "masterauthor1", "/masters/import", SHIPPED_BYTES)
    assert answer.status_code == 303 and counted(sqlite, Kind.MASTER_RECORD) == 1


@pytest.mark.state("people")
def test_a_record_that_came_before_the_stock_is_refused_at_its_last_approval(
    application, sqlite, people, clock
):
    with sqlite.writing() as session:
        make_master(session, people, data=record(LONG), until="approve", at=clock())
    import_stock(sqlite, people, clock)
    with pytest.raises(Refused, match="does not fit"), sqlite.writing() as session:
        draft = session.scalar(
            select(ControlledDocument).where(ControlledDocument.kind == Kind.MASTER_RECORD)
        )
        do(session, "approve_for_quality", draft.id, by=people["qa"], at=clock())


@pytest.mark.state("people")
def test_a_stock_on_which_a_record_in_force_has_no_room_is_refused_at_its_import(
    application, sqlite, people, clock
):
    make_effective_master(sqlite, people, data=record(LONG), at=clock())
    answer = imported(application, "labelprinter1", "/documents/label-stock/import", STOCK)
    page = Page(answer).words
    assert answer.status_code == 422 and counted(sqlite, Kind.LABEL_STOCK) == 0
    assert "stocks.vial" in page and LONG in page and "UC-MSC-15ML" in page


@pytest.mark.state("people")
def test_a_smaller_stock_is_refused_while_a_record_in_force_needs_the_larger_one(
    application, sqlite, people, clock
):
    make_effective_master(sqlite, people, at=clock())
    with pytest.raises(InvalidDocument, match=r"stocks\.vial"):
        import_stock(sqlite, people, clock, narrow())
    import_stock(sqlite, people, clock)
