"""When something is likely to be done, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from integrity.quantities import Quantity
from manufacturing.execution.rules.coming import between, expected_at
from manufacturing.masters.model import Due, Expected

SEEDED = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
DAY, MILLISECOND = timedelta(days=1), timedelta(milliseconds=1)
HARVEST = Expected(("seed",), Quantity("4", "d"))


@pytest.mark.parametrize(
    ("worked_out", "span"),
    [
        (None, 4 * DAY),  # a first passage
        ("57.6", timedelta(hours=57, minutes=36)),
        ("0", 4 * DAY),  # as dense as it was harvested before
        ("0.000001", timedelta(microseconds=3600)),
        ("-12", 4 * DAY),  # seeded denser than it was harvested
        ("8784", 366 * DAY),
        ("8784.001", 4 * DAY),  # cells that hardly grow
    ],
)
def test_what_has_no_meaning_takes_as_long_as_it_usually_does(worked_out, span):
    told = Quantity(worked_out, "h") if worked_out is not None else None
    found = expected_at(HARVEST, SEEDED, told)
    assert abs(found - SEEDED - span) <= MILLISECOND


@pytest.mark.parametrize("least", [None, Quantity("2", "d")])
@pytest.mark.parametrize("most", [None, Quantity("4", "d")])
def test_an_interval_has_the_ends_that_its_record_names(least, most):
    begin, until = between(Due(("seed",), least, most, "minor"), SEEDED)
    assert begin == (SEEDED + 2 * DAY if least else None)
    assert until == (SEEDED + 4 * DAY if most else None)
