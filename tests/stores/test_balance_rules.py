"""How much of a lot is used: never more than was received, whatever units it is told in."""

import pytest

from integrity.quantities import Quantity
from stores import balance_rules
from stores.rule_ids import StoreRule


def amounts(*typed):
    return [Quantity(*each.split()) if each else None for each in typed]


@pytest.mark.req("MAT-01")
@pytest.mark.parametrize(
    ("received", "before", "by", "is_over"),
    [
        ("600 mL", ["200 mL", "200 mL"], "200 mL", False),
        ("600 mL", ["200 mL", "200 mL"], "200.1 mL", True),
        ("0.6 L", ["200 mL", "200 mL"], "200.0 mL", False),
        ("0.6 L", ["200 mL", "200 mL"], "200.001 mL", True),
        ("600 mL", ["601 mL"], "1 mL", True),  # every further use as well
        ("600 mL", ["", "600 mL"], "0.1 mL", True),  # one of them said no amount
        ("10 1", ["6 1"], "4 1", False),
        ("10 1", ["6 1"], "5 1", True),
        ("10 1", ["600 mL"], "600 mL", False),  # pieces are no volume: nothing is known
        ("600 mL", ["10 1"], "600 mL", False),
        ("600 mL", [], "600 mL", False),
        ("600 mL", [], "600.1 mL", True),
    ],
)
def test_all_uses_together_up_to_what_was_received_and_a_digit_more_deviates(
    received, before, by, is_over
):
    [told, use] = amounts(received, by)
    found = list(balance_rules.overdrawn("M26000101", "DPBS", told, amounts(*before), use))
    assert [each.rule for each in found] == [StoreRule.LOT_OVERDRAWN] * is_over
    assert all(each.classification == "major" and "DPBS" in each.sentence() for each in found)


@pytest.mark.parametrize(
    ("received", "uses", "used", "left"),
    [
        ("20 L", ["200 mL", "200.0 mL"], "0.4 L", "19.6 L"),
        ("500 mL", ["", "0.6 L"], "600 mL", "-100 mL"),
        ("500 mL", ["", "3 1"], None, None),
        ("500 mL", [], None, None),
    ],
)
def test_what_is_left_is_told_in_the_unit_of_the_delivery(received, uses, used, left):
    [told] = amounts(received)
    found = balance_rules.used(told, amounts(*uses))
    assert (found and str(found)) == used
    assert (found and str(balance_rules.left(told, found))) == left
