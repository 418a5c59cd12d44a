"""The time of day for reminders, both edges of it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrity import site
from people.rules.reminders import LATE, is_due

SEVEN = datetime(2026, 11, 2, 7, 0, tzinfo=ZoneInfo("Europe/Vienna"))
MOMENT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("local", "hour", "wanted"),
    [
        (SEVEN - MOMENT, "7", False),
        (SEVEN, "7", True),
        (SEVEN + LATE - MOMENT, "7", True),
        (SEVEN + LATE, "7", False),  # a machine that was started in the evening waits
        (SEVEN, "8", False),
        (SEVEN, "none", False),
    ],
)
def test_reminders_go_out_from_the_hour_on_and_never_at_night(local, hour, wanted):
    assert is_due(local, hour) is wanted


@pytest.mark.parametrize(
    ("typed", "taken"),
    [("1", True), ("23", True), ("none", True), ("0", False), ("24", False), ("7:00", False),
     ("", False), ("-1", False), ("7.5", False)],
)  # fmt: skip
def test_the_hour_is_one_of_the_day_or_none(typed, taken):
    assert list(site.against("reminder_hour", typed, "none")) is not taken
