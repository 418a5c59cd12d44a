"""Pages of a list by key: whole, in order, from both ends, and never lost in a strange address."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from integrity import pagination
from integrity.acts import Act
from integrity.database import Session
from integrity.trail import SYSTEM, Event
from tests.templates import MORNING

ORDERS = {
    "oldest first": (Event.seq,),
    "newest first": (Event.seq.desc(),),
    "by a text, newest first within": (Event.action, Event.seq.desc()),
    "by a time": (Event.at, Event.seq),
}


ACTIONS = ("site.changed", "site.rebuilt", "site.restored")


@pytest.fixture
def reading(database):
    with database.writing() as session:
        for number in range(23):
            Act(session, SYSTEM, MORNING).say(ACTIONS[number % 3], ("site", str(number)))
    with database.reading() as session:
        yield session


def walk(reading: Session, wanted, way: str, start: dict[str, str]) -> list[list[int]]:
    """The numbers on each page, from one page to the next."""
    pages, asked = [], start
    while True:
        page = pagination.page(reading, wanted, asked, 5)
        pages.append([each.seq for each in page.items])
        cursor = getattr(page, way)
        if cursor is None:
            return pages
        asked = {way: cursor}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_the_pages_of_a_list_are_the_whole_list_in_its_order(order, reading):
    wanted = select(Event).order_by(*order)
    whole = [each.seq for each in reading.scalars(wanted)]
    pages = walk(reading, wanted, "after", {})
    assert [seq for page in pages for seq in page] == whole
    assert [len(page) for page in pages] == [5, 5, 5, 5, 3]


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_from_the_last_page_one_comes_back_to_the_first_and_misses_nothing(order, reading):
    wanted = select(Event).order_by(*order)
    whole = [each.seq for each in reading.scalars(wanted)]
    pages = walk(reading, wanted, "before", {"before": ""})
    assert pages[0] == whole[-5:]
    assert pages[-1] == whole[:5]
    assert {seq for page in pages for seq in page} == set(whole)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"after": ""},
        {"after": "x"},
        {"after": "1,2"},
        {"after": '"1"'},
        {"after": "true"},
        {"after": "1.5"},
        {"after": "[1]"},
        {"after": "9" * 400},
        {"before": "0"},
        {"before": "4"},
        {"after": "1e400"},
    ],
    ids=str,
)
def test_a_cursor_that_is_none_and_one_before_the_second_page_give_the_first_page(asked, reading):
    page = pagination.page(reading, select(Event).order_by(Event.seq), asked, 5)
    assert [each.seq for each in page.items] == [1, 2, 3, 4, 5]
    assert page.before is None
    assert page.after == "5"


@pytest.mark.parametrize("asked", [{"after": "23"}, {"after": "99"}, {"before": ""}], ids=str)
def test_behind_the_end_stands_the_last_page(asked, reading):
    page = pagination.page(reading, select(Event).order_by(Event.seq), asked, 5)
    assert [each.seq for each in page.items] == [19, 20, 21, 22, 23]
    assert (page.before, page.after) == ("19", None)


def test_a_list_of_one_page_is_whole_and_an_empty_one_too(reading):
    wanted = select(Event).order_by(Event.seq)
    assert pagination.page(reading, wanted, {}).is_whole
    nothing = pagination.page(reading, wanted.where(Event.seq > 99), {"after": "3"})
    assert (list(nothing.items), nothing.is_whole) == ([], True)


def test_a_page_is_one_question_that_counts_nothing_and_skips_nothing(reading):
    asked: list[str] = []
    event.listen(reading.bind, "before_cursor_execute", lambda *given: asked.append(given[2]))
    pagination.page(reading, select(Event).order_by(Event.seq), {"after": "5"}, 5)
    (question,) = [each for each in asked if each.startswith("SELECT")]
    assert "count(" not in question.lower()
    assert "seq > " in question
