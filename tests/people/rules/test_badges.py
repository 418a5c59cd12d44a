"""Whom a badge brings back: everything has to hold, and whatever is not known is denied."""

from datetime import UTC, datetime, timedelta

import pytest

from people.rules.badges import Scan, opens

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SHIFT = timedelta(hours=12)
HOLDS = {
    "is_known": True,
    "is_active": True,
    "is_open": True,
    "own_password": True,
    "came_in": NOON - timedelta(hours=3),
}


def test_whoever_came_in_here_in_this_shift_is_brought_back():
    assert opens(Scan(**HOLDS), NOON, SHIFT)


@pytest.mark.req("IAM-10")
@pytest.mark.parametrize("missing", HOLDS)
def test_nothing_is_opened_where_one_thing_does_not_hold(missing):
    assert not opens(
        Scan(**{name: each for name, each in HOLDS.items() if name != missing}), NOON, SHIFT
    )


def test_what_nothing_is_known_of_opens_nothing():
    assert not opens(Scan(), NOON, SHIFT)


@pytest.mark.parametrize(
    ("ago", "is_opened"),
    [
        (timedelta(0), True),
        (SHIFT - timedelta(seconds=1), True),
        (SHIFT, False),
        (SHIFT + timedelta(seconds=1), False),
        (-timedelta(seconds=1), False),
    ],
)
def test_a_shift_ends_with_its_last_moment_and_begins_with_the_sign_in(ago, is_opened):
    assert opens(Scan(**(HOLDS | {"came_in": NOON - ago})), NOON, SHIFT) is is_opened
