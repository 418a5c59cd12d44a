"""The law of a change of specification for one batch, as a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qc.laboratory.rule_ids import LaboratoryRule as Rule
from qc.laboratory.rules.specification_change import (
    Change,
    Rejudged,
    Retested,
    may_change,
)

WHY = "The limit was approved for this donor by the sponsor."
READY = Change("SP-UCMSC version 2", True, "effective", False, "quarantine", (), ("one",))


def with_result(was, becomes):
    return replace(READY, results=(Rejudged("Viability", was, becomes),))


def with_plan(left, has_line):
    return replace(READY, retested=(Retested("Viability", "D26000012", left, has_line),))


@pytest.mark.req("QC-01", "QC-06")
@pytest.mark.parametrize(
    ("change", "signer", "reason", "found"),
    [
        (READY, "qa1", WHY, []),
        (replace(READY, state="approved"), "qa1", WHY, []),
        (replace(READY, disposition="under_review"), "qa1", WHY, []),
        (replace(READY, is_same_code=False), "qa1", WHY, [Rule.OTHER_SPECIFICATION]),
        (replace(READY, state="authored"), "qa1", WHY, [Rule.VERSION_NOT_APPROVED]),
        (replace(READY, state="retired"), "qa1", WHY, [Rule.VERSION_NOT_APPROVED]),
        (replace(READY, is_judging=True), "qa1", WHY, [Rule.VERSION_JUDGES]),
        (replace(READY, disposition="released"), "qa1", WHY, [Rule.CHANGED_TOO_LATE]),
        (replace(READY, disposition="on_hold"), "qa1", WHY, [Rule.CHANGED_TOO_LATE]),
        (READY, "one", WHY, [Rule.CHANGED_BY_ANALYST]),
        (READY, "qa1", "...", [Rule.CHANGE_REASON]),
        (with_result("fails", "conforms"), "qa1", WHY, [Rule.FAILURE_HIDDEN]),
        (with_result("fails", "inconclusive"), "qa1", WHY, [Rule.FAILURE_HIDDEN]),
        (with_result("fails", ""), "qa1", WHY, [Rule.FAILURE_HIDDEN]),
        (with_result("fails", "fails"), "qa1", WHY, []),
        (with_result("conforms", "fails"), "qa1", WHY, []),
        (with_result("conforms", ""), "qa1", WHY, []),
        (
            replace(READY, investigated=("D26000012",)),
            "qa1",
            WHY,
            [Rule.CHANGED_UNDER_INVESTIGATION],
        ),
        (with_plan(2, True), "qa1", WHY, [Rule.CHANGED_BEFORE_RETEST]),
        (with_plan(2, False), "qa1", WHY, [Rule.CHANGED_BEFORE_RETEST]),
        (with_plan(0, False), "qa1", WHY, [Rule.RETEST_LEFT_OUT]),
        (with_plan(0, True), "qa1", WHY, []),
        (with_result("conforms", None), "qa1", WHY, [Rule.VERSION_CANNOT_READ]),
        (with_result("fails", None), "qa1", WHY, [Rule.VERSION_CANNOT_READ]),
    ],
)
def test_a_change_is_approved_by_name_before_a_release_and_hides_no_failure(
    change, signer, reason, found
):
    assert [each.rule for each in may_change(change, signer, reason)] == found
