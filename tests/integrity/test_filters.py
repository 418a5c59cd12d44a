"""Filters of a list: what each lets through, at both edges of a day, and what is no filter."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from integrity import filters
from people.access_log import Access

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def where(filter_, typed):
    """(what narrows the list, the sentences against it)."""
    made = filters.narrowed(select(Access.id), [filter_], {filter_.name: typed}, ZONE)
    text = made.wanted.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    said = str(text).split("WHERE ")[-1] if "WHERE" in str(text) else ""
    return " ".join(said.split()), made.faults


SINCE, UNTIL = filters.days(Access.at)


@pytest.mark.parametrize(
    ("filter_", "typed", "said"),
    [
        (SINCE, "2026-11-02", "accesses.at >= '2026-11-01T17:00:00.000Z'"),
        (UNTIL, "2026-11-02", "accesses.at < '2026-11-02T17:00:00.000Z'"),
        (SINCE, "  ", ""),
        (filters.code(Access.what), "b26-0001", "accesses.what >= 'B260001' AND"),
        (
            filters.same(Access.username, "Who", "who", str.lower),
            "QA1",
            "accesses.username = 'qa1'",
        ),
        (filters.choice(Access.kind, "Kind", "kind", [("a", "A")]), "a", "accesses.kind = 'a'"),
        (filters.number(Access.id, "Number"), "LOT-1", "search_terms.term >= 'lot1' AND"),
    ],
)
def test_what_is_typed_narrows_the_list_by_a_range_of_an_index(filter_, typed, said):
    narrowed, faults = where(filter_, typed)
    assert said in narrowed and faults == ()
    assert bool(narrowed) is bool(said)


@pytest.mark.parametrize(
    ("filter_", "typed", "said"),
    [
        (SINCE, "never", "From day: This is no day. Write it as 2026-11-22."),
        (UNTIL, "9999-12-31", "To day: This is no day."),
        (filters.code(Access.what), "-", "Code begins with: Write the letters and digits"),
        (filters.choice(Access.kind, "Kind", "kind", [("a", "A")]), "b", "Kind: Choose it"),
        (filters.number(Access.id, "Number"), "a.b", "Number: Write at least 3 letters"),
    ],
)
def test_what_is_no_filter_says_what_to_type_and_narrows_nothing(filter_, typed, said):
    narrowed, (fault,) = where(filter_, typed)
    assert narrowed == "" and fault.startswith(said)
