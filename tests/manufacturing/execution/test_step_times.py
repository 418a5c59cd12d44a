"""The times of a step on both databases.

Late entries, timers the server keeps, intervals, and the window from birth to the first wash.
"""

from datetime import timedelta

import pytest

from integrity.facts import drawn
from manufacturing.donation import cords
from manufacturing.execution import steps
from manufacturing.execution.rules.steps import CommentWanted
from tests.makers import release
from tests.makers.donors import judge_deviations
from tests.makers.settings import change_setting
from tests.makers.steps import find_small, refused, whole

pytestmark = pytest.mark.state("small")

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
NOW = timedelta(0)


@pytest.fixture
def small(database, clock):
    return find_small(database, clock)


# Times
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("EBR-09", "TIM-06")
@pytest.mark.parametrize(("ago", "late"), [(15 * MINUTE, False), (15 * MINUTE + SECOND, True)])
def test_more_than_a_quarter_of_an_hour_later_is_a_late_entry_with_reason_and_second_person(
    small, ago, late
):
    small.walk(until="wash")
    small.clock.advance(hours=2)
    done = small.clock() - ago
    if late:
        refused(
            small,
            "wash",
            performed_at=done,
            wait=NOW,
            error=CommentWanted,
            says="after it was done",
        )
    entry = small.record(
        "wash", performed_at=done, wait=NOW, comment="The tablet was charging" if late else None
    )
    assert (entry.late, entry.needs_second) == (late, late)
    assert (entry.performed_at, entry.recorded_at) == (done, small.clock())
    assert [each.requirement for each in small.now().found] == ["EBR-09"] * late
    assert ("Late entry", "yes") in steps_facts(small, entry) or not late


@pytest.mark.req("EBR-09", "TIM-06")
@pytest.mark.parametrize(("limit", "ago", "late"), [("120", 60, True), ("1", 10, False)])
def test_an_entry_is_late_by_the_limit_of_when_it_was_done(small, limit, ago, late):
    small.walk(until="wash")
    small.clock.advance(hours=2)
    done = small.clock()
    change_setting(small.database, small.clock.advance(minutes=1), "late_minutes", limit)
    small.clock.advance(minutes=ago - 1)
    why = "The tablet was charging" if late else None
    entry = small.record("wash", performed_at=done, wait=NOW, comment=why)
    assert (entry.late, entry.needs_second) == (late, late)
    assert [each.requirement for each in small.now().found] == ["EBR-09"] * late


def steps_facts(small, entry):
    with small.database.reading() as session:
        return drawn(steps.entry_facts(session, entry.id))


@pytest.mark.req("EBR-09")
def test_nothing_is_done_in_the_future_or_before_the_batch_was_started(small):
    small.clock.advance(hours=1)
    refused(small, "clear", performed_at=small.clock() + SECOND, wait=NOW, says="in the future")
    refused(
        small,
        "clear",
        performed_at=small.batch.started_at - SECOND,
        wait=NOW,
        says="before the batch was started",
    )
    small.record(
        "clear",
        performed_at=small.batch.started_at,
        wait=NOW,
        comment="Written down at once, entered now",
    )


@pytest.mark.req("EBR-07")
@pytest.mark.parametrize(
    ("ran", "count"), [(HOUR, 0), (HOUR - SECOND, 1), (4 * HOUR, 0), (4 * HOUR + SECOND, 1)]
)
def test_the_server_keeps_the_timer_and_both_ends_are_inside(small, ran, count):
    small.walk(until="enzyme")
    small.record("enzyme")
    started = small.now().running()
    small.clock.at += ran
    assert (
        small.now().running() == started
    )  # whoever looks again, on whatever tablet, sees the same start
    if count:
        refused(small, "stop", wait=NOW, error=CommentWanted, says="Digestion: ")
    small.record("stop", wait=NOW, comment="The shaker stood still" if count else None)
    assert [each.requirement for each in small.now().found] == ["EBR-07"] * count
    assert small.now().running() == []


RULES = ["ebr-07-timer-short", "ebr-07-timer-long"]


def timers(small):
    return [str(each.rule) for each in small.now().found if each.rule in RULES]


@pytest.mark.req("EBR-07", "EBR-09")
@pytest.mark.parametrize(
    ("claimed", "said"), [(10 * MINUTE, RULES[:1]), (59 * MINUTE, RULES[:1]), (HOUR, [])]
)
def test_a_digestion_is_as_long_as_it_is_said_to_have_been(small, claimed, said):
    small.walk(until="enzyme")
    began = small.record("enzyme").performed_at
    small.clock.at += 2 * HOUR
    at = began + claimed
    small.record("stop", wait=NOW, performed_at=at, comment="Written down late, it took so long")
    assert timers(small) == said
    assert whole(small)


@pytest.mark.req("EBR-07", "EBR-08", "EBR-09")
@pytest.mark.parametrize(
    ("step", "moved", "said"),
    [
        ("stop", -110 * MINUTE, RULES[:1]),
        ("stop", -30 * MINUTE, []),
        ("enzyme", -3 * HOUR, RULES[1:]),
        ("enzyme", -MINUTE, []),
    ],
)
def test_a_corrected_claim_of_its_start_or_its_stop_is_judged_by_the_timer(
    small, step, moved, said
):
    small.walk(until="enzyme")
    small.clock.at += 4 * HOUR
    small.record("enzyme", wait=NOW)
    small.clock.at += 2 * HOUR
    small.record("stop", wait=NOW)
    assert timers(small) == []
    entry = small.now().at(small.position(step))
    typed = {name: each["code"] for name, each in entry.values.items() if "code" in each}
    small.correct(entry, typed, performed_at=entry.performed_at + moved)
    assert timers(small) == said
    assert whole(small)


def test_a_claimed_time_does_not_move_a_timer(small):
    small.walk(until="enzyme")
    small.record("enzyme", wait=HOUR, performed_at=small.clock() + 50 * MINUTE)
    [(_, since)] = small.now().running()
    assert since == small.clock()


@pytest.mark.parametrize(
    ("gap", "classes"),
    [
        (2 * DAY, []),
        (2 * DAY - SECOND, ["minor"]),
        (4 * DAY, []),
        (4 * DAY + SECOND, ["minor"]),
        (5 * DAY + SECOND, ["major"]),
    ],
)
def test_a_medium_change_falls_into_its_interval(small, gap, classes):
    small.walk(until="change")
    small.record(
        "change", wait=gap, comment="It could not be earlier or later" if classes else None
    )
    assert [each.classification for each in small.now().found] == classes


# The window
# -------------------------------------------------------------------------------------------------


def at_the_wash(database, clock, age):
    small = find_small(database, clock)
    small.walk(until="wash")
    with database.reading() as session:
        born = cords.by_code(session, small.batch.cord_code).born_at
    clock.at = born + age
    return small


def test_exactly_24_hours_is_inside(database, clock):
    inside = at_the_wash(database, clock, 24 * HOUR)
    inside.record("wash", wait=NOW)
    assert inside.now().found == []


@pytest.mark.req("EBR-07")
def test_one_second_more_than_24_hours_stops_the_work_until_qa_has_judged(database, clock):
    small = at_the_wash(database, clock, 24 * HOUR + SECOND)
    refused(small, "wash", wait=NOW, error=CommentWanted, says="24 h 00 min 01 s after the birth")
    small.record("wash", wait=NOW, comment="The courier came late")
    [deviation] = small.now().found
    assert (deviation.classification, deviation.consequence) == ("major", "deviation")
    refused(small, "enzyme", says="QA decides on it before work goes on")
    refused(small, "wash", 2, says="QA decides on it before work goes on")
    with small.database.writing() as session:
        by, at = small.people["qa"], small.clock()
        release.assess(session, deviation, by=by, at=at)
        release.judge(session, deviation, by=by, at=at)
    small.record("enzyme")
    assert len(small.now().found) == 1  # the window is judged once, at the first wash
    assert whole(small)


def test_a_time_claimed_inside_the_window_does_not_bring_a_late_recording_inside(database, clock):
    small = at_the_wash(database, clock, 24 * HOUR + 10 * MINUTE)
    small.record(
        "wash",
        wait=NOW,
        performed_at=small.clock() - 11 * MINUTE,
        comment="The tablet was charging",
    )
    assert (
        "Late entry: processing is said to have started inside" in small.now().found[-1].sentence()
    )
    refused(small, "enzyme", says="QA decides")


def test_more_than_48_hours_can_only_be_rejected(database, clock):
    small = at_the_wash(database, clock, 48 * HOUR + SECOND)
    small.record("wash", wait=NOW, comment="The courier came two days late")
    [deviation] = small.now().found
    assert deviation.consequence == "reject"
    with small.database.writing() as session:
        judge_deviations(session, [deviation], by=small.people["qa"], at=small.clock())
    refused(small, "enzyme", says="can only be rejected")
