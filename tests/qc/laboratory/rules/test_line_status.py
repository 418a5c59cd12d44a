"""Where a batch stands on a line, as tables: the worst sample decides, nothing is averaged away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from qc.laboratory.rules import line_status as rules
from qc.laboratory.rules.line_status import LineStatus, Sampled
from qc.specifications import document
from tests.makers.qc import SHIPPED_BYTES

LINES = document.read(SHIPPED_BYTES).by_id
LINE = LINES["viability"]
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def outcome(word, reviewed=True, number=1):
    return rules.Tested(number, word, f"result {number}", reviewed, LINE)


def sample(*results, kind=LINE.sample, **other):
    return Sampled("S26000012", kind, results, **other)


@pytest.mark.parametrize(
    ("results", "until", "state", "shown"),
    [
        ([], None, "missing", ""),
        ([], NOON, "pending", ""),
        ([("conforms", True)], None, "conforms", "result 1"),
        ([("conforms", False)], None, "entered, not reviewed", "result 1"),
        ([("reported", True)], None, "conforms", "result 1"),
        ([("fails", True)], None, "fails", "result 1"),
        ([("fails", False)], None, "fails", "result 1"),
        ([("inconclusive", True)], None, "inconclusive", "result 1"),
        ([("fails", True), ("conforms", True)], None, "fails", "result 1; result 2"),
        (
            [("conforms", False), ("conforms", True)],
            None,
            "entered, not reviewed",
            "result 2; result 1",
        ),
        ([("conforms", True), ("conforms", True)], None, "conforms", "result 2; result 1"),
        (
            [("conforms", True), ("inconclusive", True)],
            None,
            "inconclusive",
            "result 2; result 1",
        ),
        ([("inconclusive", True), ("conforms", True)], None, "conforms", "result 2; result 1"),
        ([("interim", True)], NOON, "pending", "result 1"),
        ([("interim", True)], None, "missing", "result 1"),
        ([("interim", True), ("conforms", True)], NOON, "conforms", "result 2"),
    ],
)
def test_a_sample_says_its_failing_result_else_the_worse_final_one_else_what_is_awaited(
    results, until, state, shown
):
    given = [outcome(word, reviewed, n) for n, (word, reviewed) in enumerate(results, 1)]
    found = rules.answer(LINE, sample(*given, until=until))
    assert (found.state, found.result) == (state, shown)


@pytest.mark.req("QC-06")
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_valid_results_the_worse_is_reported_both_are_shown_and_an_alert_stays(order):
    low = replace(outcome("conforms", number=1), shown="81 %", alert="below", worse=Fraction(-81))
    high = replace(outcome("conforms", number=2), shown="96 %", worse=Fraction(-96))
    found = rules.answer(LINE, sample(*[(low, high)[each] for each in order]))
    assert (found.result, found.result_id, found.alert) == ("81 %; 96 %", 1, "below")
    assert found.repeats == (2,)


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (["conforms", "conforms"], "conforms"),
        (["conforms", "fails"], "fails"),
        (["inconclusive", "fails"], "fails"),
        (["conforms", "inconclusive"], "inconclusive"),
        (["conforms", None], "missing"),
        ([None, "fails"], "fails"),
        ([], "missing"),
    ],
)
def test_the_worst_of_all_samples_is_where_the_line_stands(words, state):
    samples = [sample(outcome(word)) if word else sample() for word in words]
    assert rules.line_standing(LINE, samples).state == state


def test_of_two_samples_that_wait_the_later_one_ends_the_waiting():
    early, late = sample(until=NOON), sample(until=NOON + timedelta(days=1))
    assert rules.line_standing(LINE, [late, early]).until == late.until
    assert rules.line_standing(LINE, [early, late]).until == late.until


def test_a_result_of_another_kind_of_sample_answers_nothing_unless_it_fails():
    other = sample(outcome("conforms"), kind="another")
    assert rules.line_standing(LINE, [other]).state == "missing"
    assert rules.line_standing(LINE, [sample(outcome("fails"), kind="another")]).state == "fails"
    assert rules.line_standing(LINE, [other, sample(outcome("conforms"))]).state == "conforms"


def test_a_sample_whose_results_were_struck_counts_no_more_once_a_later_one_was_pulled():
    struck = sample(struck=True)
    assert rules.line_standing(LINE, [struck, sample(outcome("conforms"))]).state == "conforms"
    assert rules.line_standing(LINE, [sample(outcome("conforms")), struck]).state == "missing"


@pytest.mark.parametrize(
    ("gate", "required", "state", "initial", "final"),
    [
        ("initial", True, "conforms", False, False),
        ("initial", True, "missing", True, True),
        ("initial", False, "missing", False, False),
        ("initial", False, "entered, not reviewed", True, True),
        ("initial", True, "fails", True, True),
        ("final", True, "pending", False, True),
        ("final", True, "inconclusive", True, True),
        ("final", False, "missing", False, False),
        ("information", True, "fails", False, False),
    ],
)
def test_what_blocks_which_gate(gate, required, state, initial, final):
    found = LineStatus(replace(LINE, gate=gate, required=required), state, "", "")
    assert (found.blocks("initial"), found.blocks("final")) == (initial, final)


@pytest.mark.parametrize(
    ("own", "others", "state"),
    [
        ("missing", ["conforms", "conforms"], "conforms"),
        ("missing", ["conforms", "fails"], "missing"),
        ("missing", [], "missing"),
        ("fails", ["conforms"], "fails"),
    ],
)
def test_a_line_without_a_result_is_stood_in_for_by_lines_that_all_conform(own, others, state):
    named = [
        LineStatus(replace(LINE, id=f"other{n}"), word, "", "", result="97 %", sample="S26000012")
        for n, word in enumerate(others)
    ]
    line = replace(LINE, instead=tuple(each.line.id for each in named))
    found = rules.stand_in([LineStatus(line, own, "", ""), *named])[0]
    assert found.state == state
    assert ("97 %" in found.result) is (own != state)


def test_a_line_that_waits_names_its_moment_when_it_is_shown():
    waiting = LineStatus(LINE, "pending", "", "", due="2026-11-02 12:00")
    assert waiting.worded == "pending until 2026-11-02 12:00"
    assert LineStatus(LINE, "fails", "", "").worded == "fails"
