"""A clock that goes back stops signing until it is judged; times are shown with their offset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from integrity import clock, facts, site, times
from integrity.acts import Act
from integrity.findings import Refused, Unavailable
from integrity.trail import SYSTEM, Event
from integrity.verification import verify
from tests.makers.people import entry_id, make_person
from tests.templates import MORNING


def act(database, at: datetime) -> str | None:
    """Any act at a moment of the server's clock; gives the clock's standing afterwards."""
    with clock.transaction(database, lambda: at) as moment:
        site.change(moment, "name", "Site one", reason="A name for the tests.")
    with database.reading() as session:
        return clock.state(session)


@pytest.mark.req("TIM-03")
@pytest.mark.parametrize(
    ("back", "found"), [(0, None), (1.999, None), (2, None), (2.001, "suspect"), (3600, "suspect")]
)
def test_two_seconds_back_are_tolerated_and_no_more(back, found, database):
    act(database, MORNING)
    assert act(database, MORNING - timedelta(seconds=back)) == found
    with database.reading() as session:
        assert verify(session).whole


class Beside:
    """A clock that is set by hand, and a steady one beside it."""

    def __init__(self) -> None:
        self.at, self.seconds = MORNING, 1000.0

    def __call__(self) -> datetime:
        return self.at

    def steady(self) -> float:
        return self.seconds

    def go(self, wall: float, steady: float) -> None:
        self.at += timedelta(seconds=wall)
        self.seconds += steady


def record(database, beside: Beside, name: str = "Site one") -> str | None:
    with clock.transaction(database, beside) as moment:
        site.change(moment, "name", name, reason="A name for the tests.")
    with database.reading() as session:
        return clock.state(session)


@pytest.mark.req("TIM-03")
@pytest.mark.parametrize(
    ("ahead", "found"),
    [(0, None), (2, None), (2.001, "suspect"), (14 * 86_400, "suspect"), (-3600, "suspect")],
)
def test_a_clock_that_goes_on_without_its_time_passing_is_found_at_the_next_act(
    ahead, found, database
):
    beside = Beside()
    assert record(database, beside) is None
    beside.go(7200 + ahead, 7200)
    assert record(database, beside) == found
    with database.reading() as session:
        events = session.scalars(select(Event).order_by(Event.seq)).all()
        assert verify(session).whole
    if ahead > 2:
        assert [each.action for each in events] == [
            "site.changed",
            "clock.jumped",
            "site.changed",
        ]
        assert events[0].said["clock"] == "server" and events[-1].said["clock"] == "suspect"
        with database.reading() as session, pytest.raises(Unavailable, match="jumped"):
            clock.refuse_if_suspect(session)


def test_a_jump_that_a_refused_act_meets_is_found_at_the_next(database):
    beside = Beside()
    record(database, beside)
    beside.go(30 * 86_400, 1)
    with pytest.raises(Refused), clock.transaction(database, beside) as moment:
        site.change(moment, "name", "", reason="A name for the tests.")
    beside.go(1, 1)
    assert record(database, beside, "Site two") == "suspect"


def test_after_it_was_judged_the_clock_is_trusted_again_and_a_jump_is_said_once(sqlite):
    beside = Beside()
    record(sqlite, beside)
    beside.go(20 * 86_400, 60)
    assert record(sqlite, beside) == "suspect"
    beside.go(60, 60)
    record(sqlite, beside, "Site two")
    with sqlite.writing() as session:
        administrator, qa = (
            make_person(session, role, at=beside.at, declares=False)
            for role in ("administrator", "qa")
        )
        why = "The battery of the clock was exchanged."
        clock.acknowledge(Act(session, administrator, beside.at, entry_id()), reason=why)
        clock.judge(Act(session, qa, beside.at, entry_id()), reason=why)
    beside.go(60, 60)
    assert record(sqlite, beside, "Site three") == "judged"
    with sqlite.reading() as session:
        events = session.scalars(select(Event).order_by(Event.seq)).all()
    assert [each.action for each in events].count("clock.jumped") == 1
    assert events[-1].said["clock"] == "server"


@pytest.mark.req("TIM-03")
@pytest.mark.parametrize(
    ("silent", "setting", "found"),
    [
        (timedelta(days=14), None, False),
        (timedelta(days=14, seconds=1), None, True),
        (timedelta(days=2), "1", True),
        (timedelta(days=300), "365", False),
    ],
)
def test_a_start_after_a_long_silence_is_judged_before_anybody_signs(
    silent, setting, found, database
):
    with clock.transaction(database, lambda: MORNING) as moment:
        site.change(moment, "name", "Site one", reason="A name for the tests.")
        if setting:
            site.change(moment, "silent_days", setting, reason="So our quality wants it.")
    assert clock.begin(database, lambda: MORNING + silent) is found
    with database.reading() as session:
        assert (clock.state(session) == "suspect") is found


def test_a_demonstration_may_be_looked_at_again_after_a_year(sqlite):
    with clock.transaction(sqlite, lambda: MORNING) as moment:
        site.change(moment, "demonstration", "yes", reason="A demonstration laboratory.")
    assert clock.begin(sqlite, lambda: MORNING + timedelta(days=365)) is False


def test_the_steady_clock_of_the_machine_goes_on_as_its_clock_does():
    began, beside = clock.server_clock(), clock.server_clock.steady()
    gone = clock.server_clock() - began
    assert abs(clock.server_clock.steady() - beside - gone.total_seconds()) < 1


def test_a_simulated_clock_of_a_demonstration_says_so_in_every_event(sqlite):
    with sqlite.writing() as session:
        session.ledger.clock = "simulated"
        site.change(
            Act(session, SYSTEM, MORNING), "name", "Site one", reason="A name for the tests."
        )
    with sqlite.reading() as session:
        assert session.get_one(Event, 1).said["clock"] == "simulated"


def test_the_clock_is_acknowledged_then_judged_and_every_step_is_an_event(database):
    act(database, MORNING)
    act(database, MORNING - timedelta(hours=1))
    later = MORNING + timedelta(minutes=1)
    with database.writing() as session:
        administrator, qa = (
            make_person(session, role, at=later, declares=False) for role in ("administrator", "qa")
        )
        with pytest.raises(Unavailable, match="clock went back, or jumped"):
            clock.refuse_if_suspect(session)
        with pytest.raises(Refused):
            clock.judge(
                Act(session, qa, later, entry_id=entry_id()), reason="Judged before anybody looked."
            )
        entry = entry_id()
        for _ in range(2):  # a double tap
            clock.acknowledge(
                Act(session, administrator, later, entry_id=entry),
                reason="The time server was wrong.",
            )
        with pytest.raises(Unavailable):
            clock.refuse_if_suspect(session)
        clock.judge(
            Act(session, qa, later, entry_id=entry_id()), reason="Nothing was recorded meanwhile."
        )
        clock.refuse_if_suspect(session)
    with database.reading() as session:
        said = session.scalars(
            select(Event.action).where(Event.action.startswith("clock.")).order_by(Event.seq)
        ).all()
        assert said == ["clock.went_back", "clock.acknowledged", "clock.judged"]
    assert act(database, later - timedelta(hours=1)) == "suspect"


def test_a_clock_that_goes_back_again_while_suspect_is_another_event(database):
    act(database, MORNING)
    act(database, MORNING - timedelta(hours=1))
    act(database, MORNING - timedelta(hours=2))
    with database.reading() as session:
        assert (
            len(session.scalars(select(Event).where(Event.action == "clock.went_back")).all()) == 2
        )
        assert verify(session).whole


def test_an_act_that_waited_for_its_turn_is_no_clock_that_went_back(sqlite):
    """The clock is read when the writer's turn has come."""
    moments = iter([MORNING])
    with clock.transaction(sqlite, lambda: next(moments)) as act:
        assert act.at == MORNING
    assert list(moments) == []


@pytest.mark.req("TIM-02")
def test_the_hour_that_comes_twice_shows_its_offset_and_sorts(sqlite):
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=0)
    second = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)
    assert times.shown(first, berlin) == "2026-10-25 02:30 +02:00"
    assert times.shown(second, berlin) == "2026-10-25 02:30 +01:00"
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    with sqlite.writing() as session:
        for at in (second, first):
            Act(session, SYSTEM, at).say("site.changed", ("site", "1"))
    with sqlite.reading() as session:
        stored = session.scalars(select(Event.at).order_by(Event.at)).all()
        assert stored == [first.astimezone(UTC), second.astimezone(UTC)]
        assert [times.shown(at, berlin)[-6:] for at in stored] == ["+02:00", "+01:00"]


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(seconds=60), "0 h 01"),
        (timedelta(hours=24), "24 h 00"),
        (timedelta(hours=47, minutes=59), "47 h 59"),
        (timedelta(days=2), "2 d 00 h"),
        (-timedelta(hours=1), "−1 h 00"),
    ],
)
def test_a_length_of_time_is_shown(length, text):
    assert times.span(length) == text


@pytest.mark.req("TIM-03")
@pytest.mark.parametrize(
    ("action", "details", "said"),
    [
        ("clock.jumped", {"by": 5_400_000}, "went forward by 1 h 30 more"),
        ("clock.jumped", {"by": -5_400_000}, "went back by 1 h 30:"),
        ("clock.went_back", {"newest_event": "2026-11-02T09:00:00.000Z"}, "1 h 00 before"),
        ("clock.jumped", {"newest_event": "2026-10-31T08:00:00.000Z"}, "may have gone forward"),
    ],
)
def test_which_way_the_clock_went_and_by_how_much_is_said(action, details, said):
    told = clock.moved(action, {"clock_says": "2026-11-02T08:00:00.000Z"} | details)
    assert said in facts.shown(told)


def test_only_what_was_not_judged_yet_is_told(sqlite):
    beside = Beside()
    record(sqlite, beside)
    beside.go(20 * 86_400, 60)
    record(sqlite, beside)
    with sqlite.writing() as session:
        [told] = clock.suspicions(session)
        assert "went forward" in facts.shown(told)
        by = make_person(session, "administrator", at=beside.at, declares=False)
        clock.acknowledge(Act(session, by, beside.at, entry_id()), reason="The battery was empty.")
        clock.judge(Act(session, by, beside.at, entry_id()), reason="The battery was empty.")
        assert clock.suspicions(session) == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-11-22 08:14", "2026-11-22 08:14+01:00"),
        (" 2026-07-22T08:14:30 ", "2026-07-22 08:14:30+02:00"),
        ("2026-11-22 08:14 +07:00", "2026-11-22 08:14 +07:00"),
        ("2026-10-25 02:30", "2026-10-25 02:30"),
        ("2026-03-29 02:30", "2026-03-29 02:30"),
        ("2026-13-22 08:14", "2026-13-22 08:14"),
        ("yesterday", "yesterday"),
        ("", ""),
    ],
    ids=[
        "winter",
        "summer",
        "with its own",
        "twice",
        "never",
        "no month",
        "words",
        "none",
    ],
)
def test_a_time_that_is_typed_has_the_sites_zone_unless_it_is_shown_twice_or_never(typed, read):
    assert times.zoned(typed, ZoneInfo("Europe/Berlin")) == read
