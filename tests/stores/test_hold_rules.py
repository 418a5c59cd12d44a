"""The law of holds by hand, as tables."""

from __future__ import annotations

import pytest

from stores import hold_rules
from stores.hold_rules import Judged
from stores.rule_ids import StoreRule


@pytest.mark.parametrize(
    ("why", "refused"), [("", True), (None, True), (". . . . . .", True), ("It leaks.", True),
                         ("It leaks at its port.", False)],
)  # fmt: skip
def test_a_hold_says_why(why, refused):
    assert [each.field for each in hold_rules.may_hold(why)] == ["reason"] * refused


@pytest.mark.parametrize(
    ("state", "why", "refused"),
    [
        ("in_force", "Nothing had got in.", []),
        ("in_force", "", [StoreRule.HOLD_REASON]),
        ("lifted", "Nothing had got in.", [StoreRule.HOLD_NOT_IN_FORCE]),
        (None, "", [StoreRule.HOLD_NOT_IN_FORCE, StoreRule.HOLD_REASON]),
    ],
)
def test_a_hold_is_lifted_once_and_with_a_reason(state, why, refused):
    assert [each.rule for each in hold_rules.may_lift(state, why)] == refused


@pytest.mark.parametrize(
    ("judged", "rule"),
    [
        (Judged(waiting=("N260000123", "N260000220")), StoreRule.HOLD_WAITS_FOR_JUDGEMENT),
        (Judged(alone=("N260000123", "N260000220")), StoreRule.HOLD_JUDGED_ALONE),
    ],
)
def test_a_hold_stays_until_what_keeps_it_is_judged_and_is_lifted_by_another_person(judged, rule):
    [found] = hold_rules.may_lift("in_force", "It was cleaned.", judged)
    assert found.rule == rule
    assert "N2600001-23, N2600002-20" in found.sentence()


@pytest.mark.parametrize("held", [[], ["F260000123"], ["F260000123", "F260000220"]])
def test_nothing_is_taken_from_a_container_on_hold(held):
    found = [each.sentence() for each in hold_rules.container_use(held)]
    assert len(found) == len(held) and all("is on hold" in each for each in found)
