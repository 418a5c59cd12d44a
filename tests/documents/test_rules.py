"""The law of a document's life as tables: who signs, and which version holds at a moment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from documents import rules
from documents.rule_ids import DocumentRule as Rule
from documents.rules import Situation, Span
from tests.templates import MORNING

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


# Who signs, and when
# ------------------------------------------------------------------------------------------

FOUND = Situation("specification", importer="qc1", author="qc2", approver="qa1")


def ids(found):
    return [finding.rule for finding in found]


@pytest.mark.parametrize(
    ("same", "other", "moment", "found"),
    [
        (None, None, None, []),
        (None, None, MORNING, []),
        (None, None, MORNING + HOUR, []),
        (None, None, MORNING - HOUR, [Rule.TIME_HAS_PASSED]),
        ("SP-1 version 1", None, None, [Rule.SAME_FILE]),
        (None, "DC-1", None, [Rule.OTHER_CODE]),
        (
            "SP-1 version 1",
            "DC-1",
            MORNING - HOUR,
            [Rule.SAME_FILE, Rule.OTHER_CODE, Rule.TIME_HAS_PASSED],
        ),
    ],
)
def test_an_import_is_new_is_the_sites_own_and_begins_in_no_past(same, other, moment, found):
    assert ids(rules.imports(same, other, moment, MORNING)) == found


@pytest.mark.parametrize(
    ("username", "approves", "approves_for_quality"),
    [("qc1", False, False), ("qc2", False, False), ("qa1", True, False), ("qa2", True, True)],
)
def test_who_had_a_hand_in_a_version_signs_no_later_step_of_it(
    username, approves, approves_for_quality
):
    assert (ids(rules.approved_by_another(FOUND, username)) == []) is approves
    assert (ids(rules.approved_by_quality(FOUND, username)) == []) is approves_for_quality


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"not_before": MORNING}, []),
        ({"not_before": MORNING + HOUR}, [Rule.NOT_BEFORE]),
        ({"version": 2, "effective_version": 1}, []),
        ({"version": 2, "effective_version": 3}, [Rule.NEWER_EFFECTIVE]),
    ],
)
def test_a_version_comes_into_force_in_time_and_never_behind_a_newer_one(changed, found):
    assert ids(rules.may_come_into_force(replace(FOUND, **changed), MORNING)) == found


@pytest.mark.parametrize(
    ("state", "reason", "found"),
    [
        ("effective", "No longer made", []),
        ("effective", None, [Rule.REASON]),
        ("superseded", "No longer made", [Rule.SUPERSEDED]),
        ("superseded", "", [Rule.SUPERSEDED, Rule.REASON]),
    ],
)
def test_nothing_ends_without_a_reason_and_nothing_twice(state, reason, found):
    assert ids(rules.may_end(state, reason)) == found


@pytest.mark.parametrize(
    ("site_says", "documents_say", "marked"),
    [
        (False, (), False),
        (False, (False, False), False),
        (True, (False, False), True),
        (False, (True, False), True),
        (False, (False, True), True),
        (True, (True, True), True),
    ],
)
def test_site_or_any_document_marks_what_rests_on_it(site_says, documents_say, marked):
    assert rules.is_for_show(site_says, documents_say) is marked
