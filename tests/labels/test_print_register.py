"""Every print of a label is on record.

Copy, reason, file, and that it can be drawn again byte for byte.
"""

import hashlib

import pytest
from sqlalchemy import func, select

from documents.kinds import Kind
from integrity.acts import Act
from integrity.findings import Refused, Stale
from integrity.trail import Actor, Event
from labels import codes, print_register, stock_register
from labels.print_register import LabelPrint
from labels.stocks import LabelFacts
from tests.makers import documents
from tests.makers.people import entry_id
from tests.templates import MORNING
from tests.writer import watched

pytestmark = pytest.mark.state("label_printer")
PRINTER = Actor(1, "labelprinter1", "Label printer 1", "label_printer", "Label printer")
AGAIN = "The first one tore"


def label(number=1, **other):
    return LabelFacts(
        **(
            {
                "code": codes.make("F", 26, number),
                "kind": "flask",
                "product": "T175 · nuôi cấy",
                "lines": ("Batch B260017-06",),
                "demonstration": True,
            }
            | other
        )
    )


def stocked(database):
    """The label stock in force."""
    with database.writing() as session:
        documents.ensure(session, Kind.LABEL_STOCK, by=PRINTER, at=MORNING)


def drawn(database, labels, paper="a4"):
    with database.reading() as session:
        return print_register.draw_ahead(session, labels, paper, MORNING)


def printed(database, labels, **other):
    words = {"paper": "a4", "entry_id": entry_id()} | other
    stocked(database)
    drawing = words.pop("drawing", None) or drawn(database, labels, words["paper"])
    with database.writing() as session:
        act = Act(session, PRINTER, MORNING, words.pop("entry_id"))
        return print_register.print_labels(act, labels, drawing, **words)


def counted(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(LabelPrint))


@pytest.mark.req("LAB-02")
@pytest.mark.parametrize("paper", print_register.PAPERS)
def test_a_print_is_kept_and_drawn_again_it_is_the_same(database, paper):
    made = printed(database, [label(1), label(2)], paper=paper, scope="B26001706")
    with database.reading() as session:
        kept = print_register.file_of(session, made[0])
        again = session.scalars(
            print_register.listed().order_by(None).order_by(LabelPrint.id)
        ).all()
        assert print_register.redrawn(session, again) == kept.content
        assert {each.sha256 for each in again} == {hashlib.sha256(kept.content).hexdigest()}
        held = stock_register.in_force(session, MORNING)[0]
        assert {each.stock_id for each in again} == {held.id}
        assert {each.drawing for each in again} == {print_register.drawing_version()}
        (said,) = session.scalars(select(Event).where(Event.scope == "B26001706"))
        assert said.action == "label.printed" and said.said["details"]["labels"] == [
            [each.code, "1"] for each in made
        ]


@pytest.mark.parametrize("reason", [None, "", "torn", "a - b . c ! ?", "123456789"])
def test_a_second_print_without_a_reason_of_ten_characters_is_refused(database, reason):
    printed(database, [label()])
    with pytest.raises(Refused, match="Printed before: F2600001-") as refusal:
        printed(database, [label(), label(2)], reason=reason)
    assert refusal.value.findings[0].field == "reason" and counted(database) == 1


def test_a_reprint_says_which_copy_it_is(database):
    printed(database, [label()])
    second = printed(database, [label(), label(2)], reason=AGAIN)
    third = printed(database, [label()], reason="1234567890")
    assert [(each.code, each.copy, each.facts["copy"]) for each in second + third] == [
        (label().code.bare, 2, 2),
        (label(2).code.bare, 1, 0),
        (label().code.bare, 3, 3),
    ]
    with database.reading() as session:
        assert print_register.copies(session, [label(n).code.bare for n in (1, 2, 3)]) == {
            label(1).code.bare: 3,
            label(2).code.bare: 1,
        }
        assert (
            len({print_register.file_of(session, each).sha256 for each in (second[0], third[0])})
            == 2
        )


def test_the_same_entry_twice_is_one_print(database):
    entered = entry_id()
    first = printed(database, [label(1), label(2)], entry_id=entered)
    assert [each.id for each in printed(database, [label(1), label(2)], entry_id=entered)] == [
        each.id for each in first
    ]
    assert counted(database) == 2


@pytest.mark.parametrize(
    ("labels", "paper", "sentence"),
    [
        ([], "a4", "no label"),
        ([label()], "vellum", "Choose what"),
        ([label(), label()], "a4", "chosen twice"),
        ([label(), label(2, kind="jar")], "a4", "one kind"),
        ([label(product="x" * 400)], "roll", "does not fit"),
        ([label(status="RELEASED")], "a4", "status is shown by scanning"),
        ([label(n) for n in range(1, print_register.MOST + 2)], "a4", "at most"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_nothing_is_recorded(
    database, labels, paper, sentence
):
    with pytest.raises(Refused, match=sentence):
        printed(database, labels, paper=paper)
    assert counted(database) == 0


def test_a_drawing_of_another_copy_is_not_recorded_and_drawn_again_it_is_numbered_anew(database):
    stocked(database)
    early = drawn(database, [label()])
    first = printed(database, [label()], drawing=early)
    late = drawn(database, [label()])
    second = printed(database, [label()], drawing=late, reason=AGAIN)
    with pytest.raises(Stale, match="Somebody printed one of these labels meanwhile"):
        printed(database, [label()], drawing=late, reason=AGAIN)
    third = printed(database, [label()], reason=AGAIN)
    assert [each[0].copy for each in (first, second, third)] == [1, 2, 3]
    with database.reading() as session:
        for made in (first, second, third):
            kept = print_register.file_of(session, made[0])
            assert kept.content == print_register.redrawn(session, made)


def test_a_drawing_on_another_paper_or_of_other_labels_is_not_recorded(database):
    stocked(database)
    for other in (
        drawn(database, [label(1)], "roll"),
        drawn(database, [label(2)]),
        drawn(database, [label(1, product="Another")]),
    ):
        with pytest.raises(Stale):
            printed(database, [label(1)], drawing=other)
    assert counted(database) == 0


def test_a_label_is_drawn_once_and_never_while_the_writer_is_held(database, monkeypatch):
    stocked(database)
    free: list[bool] = []
    real = print_register._draw
    monkeypatch.setattr(print_register, "_draw", watched(database, real, free))
    printed(database, [label(7)], paper="roll")
    assert free == [True]
    with pytest.raises(Refused, match="does not fit"):
        printed(database, [label(8, product="x" * 500)], paper="roll")
    assert free == [True, True]
