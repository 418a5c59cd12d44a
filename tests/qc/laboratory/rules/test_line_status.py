"""Where a batch stands on a line, as tables: the worst sample decides, nothing is averaged away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from integrity import facts
from integrity.quantities import read_measured
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
    assert (found.state, facts.shown(found.result)) == (state, shown)


@pytest.mark.req("QC-06")
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_valid_results_the_worse_is_reported_both_are_shown_and_an_alert_stays(order):
    low = replace(outcome("conforms", number=1), shown="81 %", alert="below", worse=Fraction(-81))
    high = replace(outcome("conforms", number=2), shown="96 %", worse=Fraction(-96))
    found = rules.answer(LINE, sample(*[(low, high)[each] for each in order]))
    assert (facts.shown(found.result), found.result_id, found.alert) == ("81 %; 96 %", 1, "below")
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


def planned(reported="each", count=2):
    return rules.RetestPlan(7, "N260000153", count, reported, "laboratory")


def by_plan(word="conforms", reviewed=True, number=1):
    return replace(outcome(word, reviewed, number), plan_id=7)


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("results", "until", "state"),
    [
        ([], None, "incomplete"),
        ([], NOON, "pending"),
        ([by_plan()], None, "incomplete"),
        ([outcome("conforms"), by_plan(number=2)], None, "incomplete"),
        ([by_plan(), by_plan(number=2)], None, "conforms"),
        ([by_plan(), by_plan(reviewed=False, number=2)], None, "entered, not reviewed"),
        ([by_plan("fails")], None, "fails"),
        ([by_plan(), by_plan("fails", number=2)], None, "fails"),
    ],
)
def test_a_retest_is_complete_when_as_many_results_as_were_planned_are_there(results, until, state):
    found = rules.answer(LINE, sample(*results, until=until, plan=planned()))
    assert (found.state, found.plan) == (state, planned())


@pytest.mark.req("QC-06")
def test_an_invalidated_result_waits_for_its_retest_on_whichever_sample_that_is_planned():
    waiting = sample(struck=True, plan=planned())
    moved = sample(struck=True, is_elsewhere=True)
    good = sample(outcome("conforms"))
    assert rules.line_standing(LINE, [waiting, good]).state == "incomplete"
    assert rules.line_standing(LINE, [good, moved]).state == "conforms"
    lost = sample(is_explained=True)
    assert rules.line_standing(LINE, [good, lost]).state == "conforms"
    assert rules.line_standing(LINE, [lost]).state == "missing"
    back = sample(is_elsewhere=True, is_explained=True, plan=planned())
    assert rules.line_standing(LINE, [good, back]).state == "incomplete"
    failing = sample(outcome("fails"), is_elsewhere=True, is_explained=True)
    assert rules.line_standing(LINE, [good, failing]).state == "fails"


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("results", "other", "state"),
    [
        ([outcome("conforms")], {"is_elsewhere": True}, "conforms"),
        ([outcome("conforms", reviewed=False)], {"is_elsewhere": True}, "entered, not reviewed"),
        ([outcome("fails")], {"is_elsewhere": True}, "fails"),
        ([outcome("conforms")], {}, "incomplete"),
        ([outcome("interim")], {"is_elsewhere": True}, "conforms"),
        ([outcome("interim")], {"is_explained": True}, "missing"),
    ],
)
def test_a_sample_whose_retest_is_done_on_another_waits_for_nothing_more(results, other, state):
    line = replace(LINE, planned=2)
    good = [replace(outcome("conforms", number=n), line=line) for n in (8, 9)]
    mine = [replace(each, line=line) for each in results]
    found = rules.line_standing(line, [sample(*mine, **other), sample(*good)])
    assert found.state == state


PLANNED_3 = replace(LINE, planned=3)


def value(text, number, reviewed=True):
    word = "conforms" if int(text) > 80 else "fails"
    measured = read_measured(text, "%")
    return replace(outcome(word, reviewed, number), shown=f"{text} %", measured=measured)


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("reported", "values", "state", "shown"),
    [
        ("each", ["90"], "incomplete", "90 %"),
        ("each", ["90", "91", "92"], "conforms", "92 %; 90 %; 91 %"),
        ("each", ["90", "79", "92"], "fails", "79 %; 90 %; 92 %"),
        ("mean", ["90", "92"], "incomplete", "92 %; 90 %"),
        ("mean", ["90", "91", "92"], "conforms", "mean 91 % of 92 %; 90 %; 91 %"),
        ("mean", ["79"], "fails", "79 %"),
        ("mean", ["79", "81", "83"], "conforms", "mean 81 % of 79 %; 81 %; 83 %"),
        (
            "mean",
            ["79", "79", "81"],
            "fails",
            "mean 79.6667 % of 79 %; 79 %; 81 %",
        ),
    ],
)
def test_what_is_reported_of_planned_results_follows_the_rule_of_the_line(
    reported, values, state, shown
):
    line = replace(PLANNED_3, reported=reported)
    given = [replace(value(text, n), line=line) for n, text in enumerate(values, 1)]
    found = rules.answer(line, sample(*given))
    assert (found.state, facts.shown(found.result), found.reported) == (state, shown, reported)


def test_a_mean_is_reviewed_when_every_value_of_it_is():
    line = replace(PLANNED_3, reported="mean")
    given = [replace(value("90", n, n < 3), line=line) for n in (1, 2, 3)]
    assert rules.answer(line, sample(*given)).state == "entered, not reviewed"


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
    assert ("97 %" in facts.shown(found.result)) is (own != state)


def test_a_line_that_waits_names_its_moment_when_it_is_shown():
    until = datetime(2026, 11, 2, 12, tzinfo=UTC)
    waiting = LineStatus(LINE, "pending", "", "", until=until)
    assert facts.shown(waiting.worded) == "pending until 2026-11-02 12:00 +00:00"
    assert facts.shown(LineStatus(LINE, "fails", "", "").worded) == "fails"
