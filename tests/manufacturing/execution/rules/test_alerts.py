"""Alert limits of the master record, pure, as a table at both edges."""

from __future__ import annotations

import pytest

from integrity.deviations import deviating
from integrity.findings import Weight, refuse_if_blocked
from integrity.quantities import Quantity
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules import alerts
from manufacturing.masters.model import Field, Limits, Step

WORDS = {"en": "It"}


def limits(unit, **bounds):
    return Limits(unit, **{name: Quantity(value, unit) for name, value in bounds.items()})


VOLUME = Field(
    "it",
    "measurement",
    WORDS,
    unit="mL",
    limits=limits("mL", low="180", high="220"),
    alert=limits("mL", low="190", high="210"),
)
RECOVERY = Field(
    "it",
    "calculation",
    WORDS,
    unit="%",
    limits=limits("%", low="70"),
    alert=limits("%", low="80"),
    decimals=1,
)
COUNT = Field(
    "it", "count", WORDS, limits=limits("%", low="85"), alert=limits("%", low="90"), replicates=3
)


def told(field, **value):
    return [each.sentence() for each in alerts.crossed(field, value)]


@pytest.mark.req("EBR-05")
@pytest.mark.parametrize(
    ("value", "crossed"),
    [
        ("179.9", False),
        ("180", True),
        ("189.9", True),
        ("190", False),
        ("200", False),
        ("210.0", False),
        ("210.1", True),
        ("220", True),
        ("220.1", False),
    ],
)
def test_what_is_accepted_and_beyond_the_alert_limit_warns_and_what_deviates_does_not_warn_too(
    value, crossed
):
    assert bool(told(VOLUME, text=value, unit="mL")) is crossed


def test_an_alert_is_judged_in_whatever_unit_the_value_was_typed():
    assert told(VOLUME, text="0.185", unit="L") and not told(VOLUME, text="0.2", unit="L")


@pytest.mark.parametrize(
    ("viability", "said"),
    [
        ("84.99", []),
        ("85", ["It: 85.0 % is accepted, and beyond the alert limit ≥ 90 %."]),
        ("89.9999", ["It: 89.9999 % is accepted, and beyond the alert limit ≥ 90 %."]),
        ("90", []),
    ],
)
def test_of_a_count_it_is_the_viability_that_warns_and_no_rounding_hides_it(viability, said):
    assert told(COUNT, viability=viability, viable_concentration="1") == said


def test_a_calculation_warns_with_the_digits_that_show_why_and_one_without_a_value_does_not():
    assert told(RECOVERY, text="79.99999", unit="%") == [
        "It: 79.99999 % is accepted, and beyond the alert limit ≥ 80 %."
    ]
    assert told(RECOVERY, text="75.04", unit="%") == [
        "It: 75.0 % is accepted, and beyond the alert limit ≥ 80 %."
    ]
    assert told(RECOVERY, undefined="nothing was harvested") == []


def test_a_field_without_an_alert_limit_never_warns():
    assert told(Field("it", "measurement", WORDS, unit="mL"), text="1", unit="mL") == []
    assert told(Field("it", "text", WORDS), value="words") == []


def test_an_alert_weighs_less_than_a_deviation_it_neither_refuses_nor_opens_one():
    step = Step("step", WORDS, WORDS, fields=(Field("other", "text", WORDS), VOLUME))
    found = alerts.of_step(step, {"it": {"text": "185", "unit": "mL"}})
    assert [each.weight for each in found] == [Weight.WARNS]
    assert found[0].rule is ExecutionRule.BEYOND_ALERT and found[0].field == "it"
    assert refuse_if_blocked(found) == tuple(found) and deviating(found) == []
