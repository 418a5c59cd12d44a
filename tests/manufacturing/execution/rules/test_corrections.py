"""The law of what a correction takes out of a record, or moves in it after it was over."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from integrity.findings import Finding
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules import corrections as law
from stores import calibrations
from stores.rule_ids import StoreRule
from tests.templates import MORNING

TICK, HOUR = timedelta(milliseconds=1), timedelta(hours=1)
DECIDED = (StoreRule.LOT_REJECTED, StoreRule.LOT_ON_HOLD, StoreRule.EQUIPMENT_ON_HOLD)


@pytest.mark.req("MAT-02", "MAT-03")
@pytest.mark.parametrize("rule", [*DECIDED, *sorted(law.LAPSES)])
@pytest.mark.parametrize("is_now", [False, True])
def test_what_is_decided_counts_as_it_is_now_and_a_day_as_of_the_use(rule, is_now):
    found = [Finding(rule, parameters={})]
    now, then = (found, []) if is_now else ([], found)
    assert list(law.speaks_against(now, then)) == found * ((rule in DECIDED) is is_now)


@pytest.mark.req("MAT-02", "MAT-03")
@pytest.mark.parametrize("number", [0, 1, 2])
def test_each_thing_that_speaks_against_it_is_a_major_deviation(number):
    against = [Finding(rule, parameters={}) for rule in DECIDED[:number]]
    found = list(law.written_out("PBS lot", "M260000118", against))
    found += law.doubted("Incubator", "Q260000118", ["2026-11-25"] * number)
    rules = [ExecutionRule.WRITTEN_OUT, ExecutionRule.DOUBTED_WRITTEN_OUT]
    assert [each.rule for each in found] == [rule for rule in rules for _ in range(number)]
    assert {each.classification for each in found} <= {"major"}


@pytest.mark.req("EBR-08")
@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        (None, MORNING, None),
        (MORNING, MORNING + HOUR, None),  # its last moment is inside
        (MORNING - TICK, MORNING + HOUR, ExecutionRule.EXPIRY_REVIVED),
        (MORNING - HOUR, MORNING - HOUR + TICK, ExecutionRule.EXPIRY_REVIVED),
        (MORNING - HOUR, MORNING - HOUR, None),
        (MORNING - HOUR, MORNING - 2 * HOUR, None),
        (MORNING - HOUR, None, ExecutionRule.EXPIRY_GONE),
        (MORNING + HOUR, None, None),
    ],
)
def test_an_expiry_that_has_passed_moves_no_further_without_quality(was, becomes, rule):
    found = [each.rule for each in law.revived(was, becomes, MORNING)]
    assert found == ([rule] if rule else [])


@pytest.mark.req("MAT-03")
@pytest.mark.parametrize(
    ("used_after", "doubts"), [(-TICK, False), (TICK, True), (10 * HOUR, True), (13 * HOUR, False)]
)
@pytest.mark.parametrize("as_found", ["in_tolerance", "out_of_tolerance"])
def test_a_use_is_in_doubt_from_the_calibration_before_until_the_finding_was_recorded(
    used_after, doubts, as_found
):
    before = SimpleNamespace(done_at=MORNING, at=MORNING + HOUR, as_found="in_tolerance")
    found = SimpleNamespace(done_at=MORNING + 9 * HOUR, at=MORNING + 12 * HOUR, as_found=as_found)
    doubting = calibrations.doubting([before, found], MORNING + used_after)
    assert doubting == ([found] if doubts and as_found == "out_of_tolerance" else [])
