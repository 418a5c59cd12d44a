"""Moments that a person writes in a step, and claims in the order of the record, through the real
acts on both databases."""

from datetime import timedelta

import pytest

from integrity.acts import Act
from integrity.signatures import Seal, reviewed
from labels import codes
from manufacturing.execution.rules.steps import CommentWanted
from stores import holds, lots
from tests.makers import stores
from tests.makers.people import entry_id
from tests.makers.steps import SMALL, find_small, make_small, refused, whole

MINUTE, HOUR, NOW = timedelta(minutes=1), timedelta(hours=1), timedelta(0)
CLEANED = '{ id = "cleaned", type = "confirm", label = { en = "Cleaned" } },'
FINISHED = '{ id = "finished", type = "datetime", label = { en = "Finished" } },'
AHEAD = (
    '{ id = "until", type = "datetime", required = false, '
    'ahead = { value = "4", unit = "h" }, label = { en = "Keeps until" } },'
)
RECORD = SMALL.replace(CLEANED, f"{CLEANED}\n  {FINISHED}\n  {AHEAD}", 1)
WHY = "The tablet was charging in the corridor"


def written(at):
    return at.strftime("%Y-%m-%d %H:%M +00:00")


@pytest.mark.req("EBR-09", "TIM-06")
@pytest.mark.parametrize(
    ("field", "gap", "says"),
    [
        ("finished", 5 * HOUR, "Finished lies in the future"),
        ("finished", timedelta(days=365), "Finished lies in the future"),
        ("finished", timedelta(days=-9000), "Finished lies before the batch was started"),
        ("until", 4 * HOUR + MINUTE, "lies more than 4 h ahead"),
        ("until", -2 * HOUR, "Keeps until lies before the batch was started"),
    ],
)
def test_a_moment_that_cannot_be_is_not_recorded(database, clock, field, gap, says):
    small = make_small(database, clock, record=RECORD)
    clock.at += HOUR
    typed = {"finished": written(clock()), field: written(clock() + gap)}
    refused(small, "clear", typed=typed, wait=NOW, says=says)


@pytest.mark.req("EBR-09", "EBR-08")
def test_a_correction_does_not_move_a_moment_past_its_own_recording(database, clock):
    small = make_small(database, clock, record=RECORD)
    clock.at += HOUR
    typed = {"finished": written(clock()), "until": written(clock() + 4 * HOUR)}
    entry = small.record("clear", typed=typed, wait=NOW)
    clock.at += 2 * HOUR
    with pytest.raises(Exception, match="Finished lies in the future"):
        small.correct(entry, typed | {"finished": written(clock() - HOUR)})
    corrected = small.correct(entry, typed | {"finished": written(clock() - 2 * HOUR - MINUTE)})
    assert corrected.corrects_id == entry.id
    assert whole(small)


@pytest.mark.state("small")
@pytest.mark.req("EBR-09")
@pytest.mark.parametrize(("earlier", "found"), [(MINUTE, True), (NOW, False)])
def test_what_is_claimed_before_the_step_before_it_is_found(database, clock, earlier, found):
    small = find_small(database, clock)
    small.walk(until="wash")
    first = small.record("wash")
    clock.at += 10 * MINUTE
    claimed = first.performed_at.replace(second=0, microsecond=0) - earlier
    if found:
        refused(
            small,
            "wash",
            2,
            performed_at=claimed,
            wait=NOW,
            error=CommentWanted,
            says="before Washing · Wash 1, which was done at",
        )
    small.record("wash", 2, performed_at=claimed, wait=NOW, comment=WHY if found else None)
    assert [each.rule for each in small.now().found] == ["ebr-09-out-of-order"] * found
    assert whole(small)


# Lots and equipment at the time that is claimed and at the time of recording
# -------------------------------------------------------------------------------------------------


def scanned(small, code):
    return {"pbs": code, "volume": "200.0"}


@pytest.mark.state("small")
@pytest.mark.req("MAT-02", "EBR-09")
def test_a_lot_in_date_when_it_was_used_is_a_late_entry_after_its_last_day(database, clock):
    small = find_small(database, clock)
    small.walk(until="wash")
    with database.writing() as session:
        by, qa = small.technician, small.people["qa"]
        day = clock().date()
        lot = stores.make_lot(session, by=by, qa=qa, at=clock(), expires_on=day)
    clock.at = clock().replace(hour=0, minute=6, second=0) + timedelta(days=1)
    claimed = clock() - 11 * MINUTE
    refused(small, "wash", typed=scanned(small, lot.code), wait=NOW, says="expired on")
    typed = scanned(small, lot.code)
    refused(
        small,
        "wash",
        typed=typed,
        performed_at=claimed,
        wait=NOW,
        error=CommentWanted,
        says="after it was done",
    )
    entry = small.record("wash", typed=typed, performed_at=claimed, wait=NOW, comment=WHY)
    assert (entry.late, entry.needs_second) == (True, True)


@pytest.mark.state("small")
@pytest.mark.req("MAT-02")
def test_a_lot_that_was_released_after_the_claimed_time_was_not_used_then(database, clock):
    small = find_small(database, clock)
    small.walk(until="wash")
    claimed = clock()
    clock.at += HOUR
    with database.writing() as session:
        by, qa = small.technician, small.people["qa"]
        lot = stores.make_lot(session, by=by, qa=qa, at=clock())
    typed = scanned(small, lot.code)
    refused(
        small,
        "wash",
        typed=typed,
        performed_at=claimed,
        comment=WHY,
        wait=NOW,
        says="is in quarantine",
    )
    small.record("wash", typed=typed, wait=NOW)


@pytest.mark.state("small")
@pytest.mark.req("MAT-03")
def test_equipment_is_judged_by_the_calibration_of_the_time_that_is_claimed(database, clock):
    small = find_small(database, clock)
    small.walk(until="enzyme")
    done = clock().date() + timedelta(days=1)
    claimed = clock()
    clock.at += timedelta(days=1)
    with database.writing() as session:
        due = done + timedelta(days=90)
        item = stores.make_equipment(session, by=small.people["qa"], at=clock(), done=done, due=due)
    typed = {"incubator": item.code, "temperature": "37.0"}
    refused(
        small,
        "enzyme",
        typed=typed,
        performed_at=claimed,
        comment=WHY,
        wait=NOW,
        says="has no calibration on record",
    )
    small.record("enzyme", typed=typed, wait=NOW)


@pytest.mark.state("small")
@pytest.mark.req("MAT-02", "REL-02")
@pytest.mark.parametrize(
    ("claimed", "was_held"),
    [(-1, False), (0, False), (1, True), (4, True), (5, False), (6, False)],
)
def test_a_lot_was_held_in_the_whole_minutes_of_its_hold_and_free_in_those_it_began_and_ended_in(
    database, clock, claimed, was_held
):
    small = find_small(database, clock)
    small.walk(until="wash")
    clock.at = clock().replace(second=40) + timedelta(minutes=5)
    minute = clock().replace(second=0)
    lot = hold_pbs(small)
    clock.at += 5 * MINUTE
    lift_all(small)
    clock.at += 4 * MINUTE
    words = {"typed": scanned(small, lot.code), "performed_at": minute + claimed * MINUTE}
    if was_held:
        refused(small, "wash", wait=NOW, comment=WHY, says="on hold", **words)
    else:
        assert small.record("wash", wait=NOW, comment=WHY, **words)


def hold_pbs(small):
    """Somebody puts the lot of PBS on hold; gives it."""
    with small.database.writing() as session:
        lot = lots.by_code(session, codes.read(small.scans["DPBS"]).bare)
        act = Act(session, small.technician, small.clock(), entry_id())
        holds.put(act, lot, lot.itself, WHY, said=WHY)
        return lot


def lift_all(small):
    with small.database.writing() as session:
        for each in session.scalars(holds.listed()).all():
            seal = Seal(reviewed(holds.lift_facts(session, each.id)), "password", WHY)
            holds.lift(
                Act(session, small.people["qa"], small.clock(), entry_id()), each.id, seal=seal
            )


# Moments in the order of the record
# -------------------------------------------------------------------------------------------------

PH = '{ id = "ph", type = "measurement"'
RECEIVED = SMALL.replace(PH, f"{FINISHED}\n  {PH}", 1)


def received(small, at, **other):
    """The second step, with when it was finished."""
    return {"typed": {"finished": written(at)}, "wait": NOW} | other


def whole_minute(at):
    return at.replace(second=0, microsecond=0)


@pytest.mark.req("EBR-09", "TIM-06")
@pytest.mark.parametrize(("earlier", "found"), [(MINUTE, True), (NOW, False)])
def test_a_moment_before_the_step_before_it_is_a_deviation(database, clock, earlier, found):
    small = make_small(database, clock, record=RECEIVED)
    first = small.record("clear")
    small.verify(first)
    clock.at += 20 * MINUTE
    at = whole_minute(first.performed_at) - earlier
    if found:
        said = "before Prepare · Clear the line, which was done at"
        refused(small, "receipt", **received(small, at), error=CommentWanted, says=said)
    small.record("receipt", **received(small, at, comment=WHY if found else None))
    assert [each.rule for each in small.now().found] == ["ebr-09-moment-out-of-order"] * found
    assert whole(small)


@pytest.mark.req("EBR-09", "TIM-06")
@pytest.mark.parametrize(("later", "found"), [(MINUTE, True), (NOW, False)])
def test_a_moment_after_its_own_step_is_a_deviation(database, clock, later, found):
    small = make_small(database, clock, record=RECEIVED)
    small.verify(small.record("clear"))
    clock.at += 20 * MINUTE
    claimed = whole_minute(clock() - 5 * MINUTE)
    words = received(small, claimed + later, performed_at=claimed)
    if found:
        said = "after the step itself is said to be done"
        refused(small, "receipt", **words, error=CommentWanted, says=said)
    small.record("receipt", **words, comment=WHY if found else None)
    assert [each.rule for each in small.now().found] == ["ebr-09-moment-after-claim"] * found
    assert whole(small)


@pytest.mark.req("EBR-08", "EBR-09")
def test_a_correction_of_a_moment_or_of_a_claim_around_it_is_judged_anew_once(database, clock):
    small = make_small(database, clock, record=RECEIVED)
    first = small.record("clear")
    small.verify(first)
    clock.at += 20 * MINUTE
    finished = whole_minute(clock())
    entry = small.record("receipt", **received(small, finished))
    clock.at += 5 * MINUTE
    assert not small.now().found
    before = {"finished": written(first.performed_at - 5 * MINUTE)}
    moved = small.correct(entry, before)
    assert [each.rule for each in small.now().found] == ["ebr-09-moment-out-of-order"]
    right = small.correct(moved, {"finished": written(finished)}, performed_at=finished)
    assert len(small.now().found) == 1
    right = small.correct(right, {"finished": written(finished)}, performed_at=finished - HOUR / 6)
    assert [each.rule for each in small.now().found][1:] == ["ebr-09-moment-after-claim"]
    assert small.now().found[-1].subject_id == right.id
    assert whole(small)
