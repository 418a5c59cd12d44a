"""The law of deviations, case by case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from integrity.findings import Finding, deviates
from manufacturing.execution.rule_ids import ExecutionRule
from qc.deviations.rules import (
    Keeping,
    Situation,
    is_still_so,
    keeping,
    may_assess,
    may_close,
    may_judge,
)

WHY = "Viability was not affected."


def situation(
    state: str = "assessed", classification: str = "major", consequence: str = "deviation"
) -> Situation:
    return Situation(state, classification, consequence, "technician1")


@pytest.mark.parametrize(
    ("was", "becomes", "reason", "refused"),
    [
        ("minor", "major", "", False),
        ("minor", "critical", "", False),
        ("major", "major", "", False),
        ("major", "minor", "", True),
        ("critical", "major", "too small", True),
        ("critical", "minor", "ten chars!", True),
        ("critical", "major", "ten letters", False),
        ("major", "grave", "", True),
    ],
)
def test_the_class_may_be_raised_and_is_lowered_only_with_a_reason(was, becomes, reason, refused):
    assert bool(list(may_assess(situation("open", was), becomes, reason))) is refused


@pytest.mark.parametrize(
    ("state", "refused"), [("open", False), ("assessed", False), ("judged", True), ("closed", True)]
)
def test_what_is_judged_is_not_assessed_again(state, refused):
    assert bool(list(may_assess(situation(state), "major", ""))) is refused


@pytest.mark.parametrize(
    ("state", "consequence", "decision", "why", "judge", "rule"),
    [
        ("assessed", "deviation", "continue", WHY, "qa1", None),
        ("assessed", "deviation", "reject", WHY, "qa1", None),
        ("assessed", "reject", "reject", WHY, "qa1", None),
        ("assessed", "reject", "continue", WHY, "qa1", "DEV-DECISION"),
        ("assessed", "deviation", "perhaps", WHY, "qa1", "DEV-DECISION"),
        ("open", "deviation", "continue", WHY, "qa1", "DEV-STATE"),
        ("judged", "deviation", "continue", WHY, "qa1", "DEV-STATE"),
        ("closed", "deviation", "continue", WHY, "qa1", "DEV-STATE"),
        ("assessed", "deviation", "continue", WHY, "technician1", "IAM-03"),
        ("assessed", "deviation", "continue", "", "qa1", "AUD-03"),
        ("assessed", "deviation", "continue", "........ no", "qa1", "AUD-03"),
    ],
)
def test_a_judgement_follows_the_assessment_by_another_person_with_a_reason(
    state, consequence, decision, why, judge, rule
):
    found = [
        finding.rule.requirement
        for finding in may_judge(situation(state, consequence=consequence), decision, why, judge)
    ]
    assert found == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("state", "closer", "rules"),
    [
        ("judged", "qa1", []),
        ("open", "qa1", ["DEV-STATE"]),
        ("assessed", "qa1", ["DEV-STATE"]),
        ("closed", "qa1", ["DEV-STATE"]),
        ("judged", "technician1", ["IAM-03"]),
    ],
)
def test_it_is_closed_once_after_its_judgement(state, closer, rules):
    assert [finding.rule.requirement for finding in may_close(situation(state), closer)] == rules


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("classification", "judge", "wants_two", "rules"),
    [
        ("critical", "qa1", True, ["IAM-03"]),
        ("critical", "qa2", True, []),
        ("major", "qa1", True, []),
        ("critical", "qa1", False, []),
    ],
)
def test_a_critical_deviation_is_closed_by_another_than_its_judge_where_the_site_wants_two(
    classification, judge, wants_two, rules
):
    now = Situation("judged", classification, "deviation", "technician1", judge, wants_two)
    assert [each.rule.requirement for each in may_close(now, "qa1")] == rules


CRITICAL = Keeping("N1", "critical")
JUDGED = Keeping("N1", "critical", judge="qa1", judged_meanwhile=True)
LESSER = Keeping("N1", "minor", is_its_own=True)


@pytest.mark.parametrize(
    ("found", "lifter", "wants_two", "waiting", "alone"),
    [
        ([], "qa1", True, (), ()),
        ([CRITICAL], "qa1", True, ("N1",), ()),
        ([CRITICAL], "qa1", False, ("N1",), ()),
        ([replace(CRITICAL, classification="major")], "qa1", True, (), ()),
        ([LESSER], "qa1", True, ("N1",), ()),
        ([replace(LESSER, judge="qa1", judged_meanwhile=True)], "qa1", True, (), ()),
        ([JUDGED], "qa1", True, (), ("N1",)),
        ([JUDGED], "qa2", True, (), ()),
        ([JUDGED], "qa1", False, (), ()),
        ([replace(JUDGED, judged_meanwhile=False)], "qa1", True, (), ()),
        ([JUDGED, replace(CRITICAL, code="N2")], "qa1", True, ("N2",), ("N1",)),
    ],
)
def test_a_thing_stays_on_hold_until_what_keeps_it_is_judged_and_by_another_person(
    found, lifter, wants_two, waiting, alone
):
    kept = keeping(found, lifter, wants_two=wants_two)
    assert (kept.waiting, kept.alone) == (waiting, alone)


LABEL = {"label": {"text": {"en": "Fill"}}, "value": "12.40 mL"}


def rejects(label: str = "Fill", rule: Any = ExecutionRule.OUTSIDE_LIMITS, **other: Any) -> Finding:
    words: dict[str, Any] = {"label": {"text": {"en": label}}, "value": "12.60 mL"}
    return deviates(rule, "major", **({"consequence": "reject"} | other), **words)


@pytest.mark.parametrize(
    ("found", "stands"),
    [
        ([], False),
        ([rejects()], True),
        ([rejects(consequence="deviation")], False),
        ([rejects("Residue")], False),
        ([rejects(rule=ExecutionRule.NOT_DEFINED)], False),
        ([rejects("Residue"), rejects()], True),
    ],
)
def test_what_opened_a_deviation_stands_while_it_can_still_only_be_rejected_for_it(found, stands):
    assert is_still_so(ExecutionRule.OUTSIDE_LIMITS, LABEL, found) is stands


@pytest.mark.parametrize(
    ("consequence", "is_still_so", "decision", "refused"),
    [
        ("reject", True, "continue", True),
        ("reject", True, "reject", False),
        ("reject", False, "continue", False),
        ("reject", False, "reject", False),
        ("deviation", True, "continue", False),
    ],
)
def test_work_may_go_on_once_what_could_only_be_rejected_was_put_right(
    consequence, is_still_so, decision, refused
):
    now = replace(situation(consequence=consequence), is_still_so=is_still_so)
    assert bool(list(may_judge(now, decision, WHY, "qa1"))) is refused
    assert [each.rule.requirement for each in may_judge(now, decision, "", "qa1")][-1] == "AUD-03"
