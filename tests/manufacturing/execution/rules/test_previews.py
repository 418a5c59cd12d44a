"""The law of what is not recorded yet, without a database: how a value stands."""

from dataclasses import replace

import pytest

from integrity.findings import Classification, deviates, warns
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules.previews import Within, within
from manufacturing.masters.document import SHIPPED, read

RECORD = read(SHIPPED.read_bytes())
WITH_LIMITS = RECORD.step("wash").field("volume")
WITHOUT = replace(WITH_LIMITS, limits=None)
OUTSIDE = deviates(ExecutionRule.OUTSIDE_LIMITS, Classification.MINOR)
BEYOND = warns(ExecutionRule.BEYOND_ALERT)


@pytest.mark.parametrize(
    ("field", "outside", "beyond", "stands"),
    [
        (WITH_LIMITS, [], [], Within.INSIDE),
        (WITH_LIMITS, [], [BEYOND], Within.ALERT),
        (WITH_LIMITS, [OUTSIDE], [], Within.OUTSIDE),
        (WITH_LIMITS, [OUTSIDE], [BEYOND], Within.OUTSIDE),
        (WITHOUT, [], [], Within.OPEN),
        (WITHOUT, [OUTSIDE], [], Within.OUTSIDE),
        (RECORD.step("tissue_count").field("count"), [], [], Within.INSIDE),
    ],
)
def test_a_value_is_outside_before_it_is_beyond_an_alert_and_open_without_limits(
    field, outside, beyond, stands
):
    assert within(field, outside, beyond) is stands
