"""The window from birth to processing, at both of its edges."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from integrity.acts import Act
from integrity.findings import Weight
from manufacturing.donation import cords, window
from manufacturing.donation.criteria import Limits
from manufacturing.donation.rules.window import inside_the_window, state_at
from tests.makers.donors import make_cord, make_donor
from tests.makers.people import make_people
from tests.templates import MORNING

pytestmark = pytest.mark.state("people")

BORN = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
LIMITS = Limits(timedelta(hours=24), timedelta(hours=48), timedelta(hours=2))
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
DAY = 24 * HOUR


@pytest.mark.parametrize(("elapsed", "state"), [
    (timedelta(0), "open"), (22 * HOUR, "open"), (22 * HOUR + SECOND, "closing"),
    (DAY - SECOND, "closing"), (DAY, "closing"),
    (DAY + timedelta(milliseconds=1), "over"), (DAY + SECOND, "over"), (48 * HOUR, "over"),
    (48 * HOUR + SECOND, "rejectable"),
])  # fmt: skip
def test_the_state_of_the_window_at_each_edge(elapsed, state):
    assert state_at(BORN, BORN + elapsed, LIMITS) == state


def test_a_window_without_a_rejecting_limit_is_never_rejectable():
    assert state_at(BORN, BORN + timedelta(days=9), Limits(DAY, None)) == "over"


@pytest.mark.req("EBR-07")
@pytest.mark.parametrize("elapsed", [timedelta(0), 23 * HOUR, DAY])
def test_a_start_at_up_to_exactly_24_h_is_inside(elapsed):
    assert inside_the_window(BORN, BORN + elapsed, BORN + elapsed, LIMITS) is None


@pytest.mark.req("EBR-07")
@pytest.mark.parametrize(("claimed", "recorded", "rule", "consequence", "words"), [
    (DAY + SECOND, DAY + SECOND, "EBR-07", "deviation", "24 h 00 min 01 s"),
    (DAY + SECOND, 48 * HOUR, "EBR-07", "deviation", "48 h 00 min 00 s"),
    (30 * HOUR, 48 * HOUR + SECOND, "EBR-07", "reject", "can only be rejected"),
    (DAY, DAY + SECOND, "EBR-09", "deviation", "Late entry"),
    (20 * HOUR, 50 * HOUR, "EBR-09", "deviation", "Late entry"),
])  # fmt: skip
def test_a_start_recorded_after_24_h_is_a_major_deviation_that_qa_decides(
    claimed, recorded, rule, consequence, words
):
    finding = inside_the_window(BORN, BORN + claimed, BORN + recorded, LIMITS)
    assert (
        finding.rule.requirement,
        finding.weight,
        finding.classification,
        finding.consequence,
    ) == (
        rule,
        Weight.DEVIATES,
        "major",
        consequence,
    )
    assert words in finding.sentence()


def test_the_zone_in_which_a_time_was_written_does_not_move_the_window():
    elsewhere = timezone(7 * HOUR)
    assert (
        inside_the_window(
            BORN.astimezone(elsewhere), BORN + DAY, (BORN + DAY).astimezone(elsewhere), LIMITS
        )
        is None
    )


def _cord(session, people, born_at, at):
    donor = make_donor(session, by=people["technician"], at=at)
    return make_cord(session, donor, born_at=born_at, by=people["technician"], at=at)


@pytest.mark.parametrize(("elapsed", "word", "tone", "shown", "runs"), [
    (2 * HOUR, "Time left", "accepted", "22 h 00", True),
    (23 * HOUR, "Closing", "held", "1 h 00", True),
    (DAY, "Closing", "held", "0 s", True),
    (DAY + SECOND, "Over", "rejected", "−1 s", False),
    (49 * HOUR, "Over, reject", "rejected", "−25 h 00", False),
])  # fmt: skip
def test_the_window_says_in_word_and_tone_what_is_left(database, elapsed, word, tone, shown, runs):
    people = make_people(database, "technician", at=MORNING)
    with database.writing() as session:
        cord = _cord(session, people, MORNING - 2 * HOUR, MORNING)
        said = window.window_of(session, cord, cord.born_at + elapsed)
    assert (said.word, said.tone, said.left_shown, said.until is not None) == (
        word,
        tone,
        shown,
        runs,
    )
    assert said.left == DAY - elapsed and said.lines


@pytest.mark.parametrize(("claimed", "recorded", "word", "tone"), [
    (DAY, DAY, "Started in time", "accepted"),
    (DAY + SECOND, DAY + SECOND, "Started late", "rejected"),
    (23 * HOUR, 25 * HOUR, "Late entry", "held"),
])  # fmt: skip
def test_once_processing_has_started_the_window_says_whether_in_time(
    database, claimed, recorded, word, tone
):
    people = make_people(database, "technician", at=MORNING)
    with database.writing() as session:
        cord = _cord(session, people, MORNING - 2 * HOUR, MORNING)
        at = cord.born_at + recorded
        start = cords.start_processing(
            Act(session, people["technician"], at), cord.id, performed_at=cord.born_at + claimed
        )
        again = cords.start_processing(
            Act(session, people["technician"], at + HOUR), cord.id, performed_at=at
        )
        said = window.window_of(session, cord, at + 9 * DAY)
    assert start.id == again.id
    assert (said.state, said.word, said.tone, said.until) == ("started", word, tone, None)


def test_the_limits_of_a_started_batch_take_the_place_of_the_site_criteria(database):
    people = make_people(database, "technician", at=MORNING)
    shorter = Limits(12 * HOUR, 20 * HOUR)
    with database.writing() as session:
        cord = _cord(session, people, MORNING - 2 * HOUR, MORNING)
        at = cord.born_at + 13 * HOUR
        assert window.window_of(session, cord, at).state == "open"
        assert window.window_of(session, cord, at, shorter).state == "over"
        cords.start_processing(
            Act(session, people["technician"], at), cord.id, performed_at=at, limits=shorter
        )
        assert window.window_of(session, cord, at).word == "Started late"
