"""A second word on one sample and test, as tables: corrections, retests by their plan, repeats."""

from __future__ import annotations

import pytest

from qc.laboratory.rule_ids import LaboratoryRule as Rule
from qc.laboratory.rules import repeats
from qc.laboratory.rules.repeats import Corrected, Planned, Repeated

WHY = "Mistyped: the print-out says 96"
PLAN = Planned("N260000153", 2, ("one",), 1)
FULL = Planned("N260000153", 2, ("one",), 2)


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("verdict", "analysts", "mistyped", "by", "why", "found"),
    [
        ("conforms", ["one"], False, "one", WHY, []),
        ("conforms", ["one"], False, "one", ". . . . . . . . . .", [Rule.CORRECTION_REASON]),
        ("fails", ["one"], False, "one", WHY, [Rule.OWN_FAILING_RESULT]),
        ("fails", ["one"], True, "one", WHY, [Rule.OWN_FAILING_RESULT]),
        ("fails", ["two", "one"], True, "one", WHY, [Rule.OWN_FAILING_RESULT]),
        ("fails", ["one"], False, "two", WHY, [Rule.NOT_MISTYPED]),
        ("fails", ["one"], True, "two", WHY, []),
    ],
)
def test_a_failing_result_is_corrected_by_another_where_phase_one_found_it_mistyped(
    verdict, analysts, mistyped, by, why, found
):
    old = Corrected(verdict, analysts, mistyped)
    assert [each.rule for each in repeats.may_correct(old, by, why)] == found


@pytest.mark.req("QC-06", "QC-07")
@pytest.mark.parametrize(
    ("again", "by", "why", "found"),
    [
        (Repeated(0, False, 1), "one", None, []),
        (Repeated(1, False, 1), "one", WHY, []),
        (Repeated(1, False, 1), "one", None, [Rule.REPEAT_REASON]),
        (Repeated(2, False, 1), "one", "...", [Rule.REPEAT_REASON]),
        (Repeated(2, False, 3), "one", None, []),
        (Repeated(3, False, 3), "one", None, [Rule.REPEAT_REASON]),
        (Repeated(1, True, 1), "two", WHY, [Rule.FAILURE_STANDS]),
        (Repeated(1, True, 3), "two", WHY, []),
        (Repeated(3, True, 3), "two", WHY, [Rule.FAILURE_STANDS]),
        (Repeated(1, False, 1, PLAN), "two", None, []),
        (Repeated(1, False, 1, PLAN), "one", WHY, [Rule.RETEST_BY_ANOTHER]),
        (Repeated(2, False, 1, FULL), "two", WHY, [Rule.PLAN_FULFILLED]),
        (Repeated(2, True, 1, FULL), "two", WHY, [Rule.FAILURE_STANDS]),
        (Repeated(0, False, 1, None, "S26000012"), "two", WHY, [Rule.RETEST_ELSEWHERE]),
    ],
)
def test_a_repeat_says_why_a_retest_follows_its_plan_and_a_failure_is_not_tested_away(
    again, by, why, found
):
    assert [each.rule for each in repeats.may_repeat(again, by, why)] == found


@pytest.mark.parametrize(
    ("plan", "by", "found"),
    [(None, "one", []), (PLAN, "two", []), (PLAN, "one", [Rule.RETEST_BY_ANOTHER])],
)
def test_nobody_begins_a_retest_of_what_they_tested(plan, by, found):
    assert [each.rule for each in repeats.by_another(plan, by)] == found
