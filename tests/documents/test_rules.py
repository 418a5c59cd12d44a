"""Which version is in force: the newest that began, until it ends; nothing older comes back."""

from datetime import timedelta

import pytest

from documents import rules
from documents.rules import Span
from tests.conftest import MORNING

HOUR = timedelta(hours=1)


def span(number, begins, ends=None, code="A"):
    moment = lambda hours: None if hours is None else MORNING + hours * HOUR  # noqa: E731
    return Span(number, code, number, moment(begins), moment(ends))


@pytest.mark.parametrize(
    ("spans", "held"),
    [
        ([], None),
        ([span(1, 0)], 1),
        ([span(1, 1)], None),
        ([span(1, -2), span(2, -1)], 2),
        ([span(1, -2), span(2, 0)], 2),
        ([span(1, -2), span(2, 1)], 1),
        ([span(1, -2), span(2, -2)], 2),
        ([span(1, -2), span(2, -1, ends=0)], None),
        ([span(1, -2), span(2, -1, ends=1)], 2),
        ([span(1, -2), span(2, -1, ends=-1)], 1),
        ([span(1, -3), span(2, 1, ends=-1)], 1),
    ],
)
def test_one_version_of_a_code_holds_at_a_moment(spans, held):
    assert rules.in_force(spans, MORNING).get("A") == held


def test_each_code_has_its_own_version_in_force():
    held = rules.in_force([span(1, -1), span(2, -1, code="B")], MORNING)
    assert held == {"A": 1, "B": 2}


@pytest.mark.parametrize(
    ("signed", "begins", "newest", "shown"),
    [
        ("draft", None, None, "draft"),
        ("approved", None, None, "approved"),
        ("approved", 1, None, "approved"),
        ("approved", 0, 1, "effective"),
        ("approved", -1, 2, "superseded"),
        ("effective", -1, 1, "effective"),
        ("retired", -1, 1, "retired"),
    ],
)
def test_a_state_is_read_from_signatures_and_dates(signed, begins, newest, shown):
    mine = None if begins is None else span(1, begins)
    assert rules.shown_state(signed, mine, newest, MORNING) == shown
