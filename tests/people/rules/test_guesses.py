"""What failed attempts lead to, as a table: who waits, where a name is closed, and where not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from people.rules.guesses import (
    DEVICES,
    FORGOTTEN,
    FREE_OF_ADDRESS,
    FREE_OF_NAME,
    LONGEST_WAIT,
    Closed,
    Failed,
    Guess,
    Purpose,
    closes,
    closes_everywhere,
    counts_for_name,
    is_refused,
    is_repeated,
    tells,
    wait,
)
from tests.templates import MORNING

NOW = MORNING


def failed(count: int, ago: timedelta = timedelta(0)) -> Failed:
    return Failed(count, NOW - ago)


@pytest.mark.req("IAM-07")
@pytest.mark.parametrize(
    ("of_name", "of_address", "seconds"),
    [
        (0, 0, 0),
        (FREE_OF_NAME - 1, 0, 0),
        (FREE_OF_NAME, 0, 1),
        (FREE_OF_NAME + 1, 0, 2),
        (FREE_OF_NAME + 5, 0, 32),
        (0, FREE_OF_ADDRESS - 1, 0),
        (0, FREE_OF_ADDRESS, 1),
        (0, FREE_OF_ADDRESS + 4, 16),
        (FREE_OF_NAME + 1, FREE_OF_ADDRESS + 3, 8),
        (FREE_OF_NAME + 10_000, 0, LONGEST_WAIT.seconds),
    ],
)
def test_guesses_wait_longer_and_longer_by_name_and_by_address(of_name, of_address, seconds):
    guess = Guess(Purpose.SIGN_IN, of_name=failed(of_name), of_address=failed(of_address))
    assert wait(guess, NOW) == seconds


@pytest.mark.parametrize(
    ("ago", "seconds"), [(0, 8), (3, 5), (7.2, 1), (8, 0), (9, 0), (FORGOTTEN.total_seconds(), 0)]
)
def test_a_wait_passes_and_is_said_in_whole_seconds(ago, seconds):
    of_name = failed(FREE_OF_NAME + 3, timedelta(seconds=ago))
    assert wait(Guess(Purpose.SIGN_IN, of_name=of_name), NOW) == seconds


@pytest.mark.req("IAM-07")
def test_nobody_waits_on_their_own_device_for_what_strangers_did_elsewhere():
    many = failed(10_000)
    for purpose in Purpose:
        guess = Guess(purpose, is_own=True, of_name=many, of_address=many)
        assert (wait(guess, NOW), is_refused(guess, NOW)) == (0, False)


@pytest.mark.parametrize(
    ("here", "seconds"), [(0, 0), (FREE_OF_NAME - 1, 0), (FREE_OF_NAME, 1), (FREE_OF_NAME + 3, 8)]
)
def test_ones_own_device_waits_for_its_own_failures(here, seconds):
    assert wait(Guess(Purpose.SIGN_IN, is_own=True, here=failed(here)), NOW) == seconds


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, False), (FREE_OF_ADDRESS - 1, True), (FREE_OF_ADDRESS, False), (500, False)],
)
def test_an_address_from_which_much_fails_is_told_once(count, told):
    assert tells(Guess(Purpose.SIGN_IN, of_address=failed(count)), NOW) is told


@pytest.mark.req("IAM-07", "SIG-15")
@pytest.mark.parametrize(
    ("purpose", "count", "is_closing", "refuses"),
    [
        (Purpose.SIGN_IN, 3, False, False),
        (Purpose.SIGN_IN, 4, True, False),
        (Purpose.SIGN_IN, 5, True, True),
        (Purpose.SIGN, 1, False, False),
        (Purpose.SIGN, 2, True, False),
        (Purpose.SIGN, 3, True, True),
    ],
)
def test_the_fifth_sign_in_and_the_third_signing_that_fail_close_a_name_here(
    purpose, count, is_closing, refuses
):
    guess = Guess(purpose, here=failed(count))
    assert (closes(guess, NOW), is_refused(guess, NOW)) == (is_closing, refuses)


def test_what_is_closed_is_not_closed_again_and_refuses_however_long_ago_it_was():
    guess = Guess(Purpose.SIGN, here=failed(3, 2 * FORGOTTEN), is_closed=True)
    assert (closes(guess, NOW), is_refused(guess, NOW)) == (False, True)


@pytest.mark.parametrize(("count", "counts"), [(0, True), (4, True), (5, False), (50, False)])
def test_failures_where_a_name_is_closed_slow_nobody_elsewhere(count, counts):
    assert counts_for_name(Guess(Purpose.SIGN_IN, here=failed(count)), NOW) is counts


def test_failures_of_yesterday_count_no_longer():
    guess = Guess(Purpose.SIGN_IN, here=failed(4, FORGOTTEN))
    assert (closes(guess, NOW), is_refused(guess, NOW)) == (False, False)


def own(place: str) -> Closed:
    return Closed(place, is_own=True, tablet_of=1)


def foreign(place: str, tablet_of: int) -> Closed:
    return Closed(place, is_own=False, tablet_of=tablet_of)


@pytest.mark.req("SIG-15")
@pytest.mark.parametrize(
    ("places", "everywhere"),
    [
        ([], False),
        ([own("a"), own("b")], False),
        ([own("a"), own("b"), own("c")], True),
        ([own("a"), own("a"), own("a")], False),
        ([foreign("a", 7), foreign("b", 7), foreign("c", 7), foreign("d", 7)], False),
        ([foreign("a", 7), foreign("b", 8), foreign("c", 9)], True),
        ([own("a"), own("b"), foreign("c", 7)], True),
        ([own("a"), foreign("c", 7), foreign("d", 7)], False),
    ],
)
def test_three_devices_close_signing_everywhere_unless_one_stranger_made_them_up(
    places, everywhere
):
    assert closes_everywhere(places) is everywhere
    assert DEVICES == 3


@pytest.mark.req("IAM-06")
@pytest.mark.parametrize(
    ("password", "username", "repeats"),
    [
        ("qa.person1", "qa.person1", True),
        ("qa.person1qa.person1", "qa.person1", True),
        ("QA.Person1 qa-person1", "qa.person1", True),
        ("qa1qa1qa1qa1", "qa1", True),
        ("qa1.qa1.qa1.qa1!", "qa1", True),
        ("1nosrep.aq", "qa.person1", True),
        ("..........", "qa1", True),
        ("qa1qa1qa1qa", "qa1", False),
        ("qa.person1 and more", "qa.person1", False),
        ("a long pass phrase", "qa1", False),
        ("a long pass phrase", "--", False),
    ],
)
def test_a_password_is_not_the_user_name_however_often(password, username, repeats):
    assert is_repeated(password, username) is repeats
