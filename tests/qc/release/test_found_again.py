"""The same fault that is found once more, after it was put right and its deviation was closed, is
another deviation and holds again: known is what waits, or what was judged of the same facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from integrity import corrections, deviations, states, verification
from integrity.acts import Act
from integrity.corrections import Change
from stores import containers, expiries, lot_corrections
from stores.rules import DISPOSITION
from tests.makers import broken, fates, release
from tests.makers.people import entry_id, make_person

AT, TICK, HOUR, DAY = (
    datetime(2026, 11, 2, tzinfo=UTC),
    timedelta(milliseconds=1),
    timedelta(hours=1),
    timedelta(hours=22),
)


def good_use_by(session, world):
    lot = broken.used_lot(session, world)
    facts = {**vars(broken.papers_of(lot)), "expires_on": date(2028, 1, 31)}
    act = Act(session, world.people["qa"], world.clock(), entry_id=entry_id())
    lot_corrections.correct(act, lot.id, type(broken.papers_of(lot))(**facts), "Read rightly.")


def good_due_day(session, world):
    broken.correct_calibration(session, by_technician(world), due_on=date(2028, 1, 31))


def good_as_found(session, world):
    broken.correct_calibration(session, by_technician(world), as_found="in_tolerance")


def by_technician(world):
    """A second person puts right what the first one put right wrongly."""
    people = world.people | {"qc_analyst": world.people["technician"]}
    return SimpleNamespace(batch=world.batch, people=people, clock=world.clock)


# what was found: (the deed that shows it, the deed that takes it back, the rule)
FOUND = {
    "use-by": (broken.correct_use_by, good_use_by, "mat-02-used-expired"),
    "due day": (broken.correct_due_day, good_due_day, "mat-03-used-uncalibrated"),
    "as found": (broken.correct_as_found, good_as_found, "mat-03-found-out-of-tolerance"),
}


def do(world, deed):
    world.clock.advance(minutes=2)
    with world.database.writing() as session:
        deed(session, world)


def opened(world, rule):
    with world.database.reading() as session:
        found = deviations.in_scopes(session, [world.batch.id])
        return len([each for each in found if each.rule == rule])


def settle(world):
    """Somebody of quality who found nothing of it judges and closes whatever waits."""
    world.clock.advance(minutes=2)
    with world.database.writing() as session:
        qa = make_person(session, "qa", username="qa9", name="Quality 9", at=world.clock())
        for each in deviations.in_scopes(session, [world.batch.id]):
            release.settle(session, each, by=qa, at=world.clock())


def standing(world):
    with world.database.reading() as session:
        return states.of(session, world.batch, DISPOSITION)


@pytest.mark.slow
@pytest.mark.state("finished")
@pytest.mark.req("MAT-02", "MAT-03", "EBR-08")
@pytest.mark.parametrize("what", FOUND)
def test_what_is_found_once_more_after_it_was_judged_holds_again(reviewed, what):
    bad, good, rule = FOUND[what]
    reviewed.decide("release_stage_1")
    do(reviewed, bad)
    do(reviewed, good)
    settle(reviewed)
    assert opened(reviewed, rule) == 1
    reviewed.review()
    reviewed.decide("resume", by="qa")
    do(reviewed, lambda s, w: broken.hold(s, w, broken.used_lot(s, w).code))
    do(reviewed, broken.lift_every_hold)
    assert opened(reviewed, rule) == 1
    reviewed.review()
    reviewed.decide("resume", by="qa")
    do(reviewed, bad)
    assert (opened(reviewed, rule), standing(reviewed)) == (2, "on_hold")
    with reviewed.database.reading() as session:
        assert verification.verify(session).faults == []


@pytest.mark.state("finished")
@pytest.mark.req("EBR-07")
def test_a_birth_that_is_corrected_back_and_again_opens_its_deviation_again(reviewed):
    for earlier in (DAY, -DAY):
        do(reviewed, lambda s, w, by=earlier: broken.correct_cord(s, w, by))
    settle(reviewed)
    assert opened(reviewed, "ebr-07-window-over") == 1
    do(reviewed, lambda s, w: broken.correct_cord(s, w, DAY))
    assert opened(reviewed, "ebr-07-window-over") == 2
    do(reviewed, lambda s, w: broken.correct_cord(s, w, timedelta(0), seal="broken"))
    assert opened(reviewed, "ebr-07-window-over") == 2


@pytest.mark.state("finished")
@pytest.mark.req("REL-03", "EBR-08")
def test_an_expiry_that_lay_before_the_issue_is_found_again(reviewed):
    reviewed.decide("release_stage_1")
    with reviewed.database.writing() as session:
        [final] = containers.of_scope(session, reviewed.batch.code, "final")
        until = expiries.of(session, [final.id])[final.id]
        fates.become(session, reviewed, final.code, "issued")
    before = reviewed.clock().replace(second=0, microsecond=0) - HOUR
    reviewed.decide("hold", by="qa")

    def expires(at):
        said = (at - 4 * HOUR).isoformat(sep=" ", timespec="seconds")
        do(reviewed, lambda s, w: broken.correct_entry_of_suspension(s, w, finished=said))

    expires(before)
    first = opened(reviewed, "rel-03-given-late")
    assert first >= 1
    expires(until)
    settle(reviewed)
    expires(before)
    assert opened(reviewed, "rel-03-given-late") == 2 * first


@pytest.mark.parametrize("state", ["open", "assessed", "judged", "closed"])
@pytest.mark.parametrize(
    ("since", "stood"), [(None, True), (AT - TICK, True), (AT, True), (AT + TICK, False)]
)
def test_a_deviation_answers_while_it_waits_or_for_the_facts_it_judged(state, since, stood):
    assert deviations.judges(state, AT, since) is (stood or state != "closed")


@pytest.mark.parametrize(
    ("said", "since"),
    [
        ([], None),
        ([(1, 1)], None),
        ([(1, 2)], AT),
        ([(1, 2), (2, 2)], AT),
        ([(1, 2), (2, 1)], AT + HOUR),
    ],
)
def test_a_thing_says_what_it_says_since_the_last_correction_that_changed_it(said, since):
    changes = [
        Change(SimpleNamespace(at=AT + HOUR * number), {"day": was}, {"day": becomes})
        for number, (was, becomes) in enumerate(said)
    ]
    assert corrections.changed_at(changes, "day") == since
