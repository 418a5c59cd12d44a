"""What happened before something was forbidden is recorded after it: as a late entry with its
second person, judged at the time that is claimed and again as things stand, by QA."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrity.acts import Act
from integrity.findings import Refused
from manufacturing.donation.donations import Cord
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules.steps import CommentWanted
from qc.deviations import holding
from qc.deviations.holding import HoldFacts
from stores import equipment, holds, lots
from stores.rule_ids import StoreRule
from tests.makers import fates
from tests.makers.people import entry_id
from tests.makers.steps import find_small, whole
from tests.makers.stores import make_equipment, make_lot, seal_of

pytestmark = pytest.mark.state("small")

WHY = "The tablet was charging in the corridor."
NOW, SECOND, MINUTE = timedelta(0), timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def small(database, clock):
    return find_small(database, clock)


def act(session, small, by="technician"):
    return Act(session, small.people[by], small.clock(), entry_id())


def new_lot(small):
    with small.database.writing() as session:
        by, qa = small.technician, small.people["qa"]
        return make_lot(session, by=by, at=small.clock(), qa=qa).code


def new_incubator(small):
    with small.database.writing() as session:
        return make_equipment(session, by=small.people["qa"], at=small.clock()).code


def reject(small, code):
    with small.database.writing() as session:
        lot = lots.by_code(session, code)
        seal = seal_of(session, lot, "rejected", WHY)
        lots.dispose(act(session, small, "qa"), lot.id, "rejected", seal=seal)


def hold(small, code):
    with small.database.writing() as session:
        holding.hold(act(session, small), HoldFacts(code, WHY))


def hold_cord(small, _):
    with small.database.writing() as session:
        cord = session.get_one(Cord, small.batch.cord_id)
        holds.put(act(session, small), cord, cord.itself, WHY, said=WHY)


def flask(small):
    return small.containers("flask")[0].code


def nothing(small):
    return ""


# what turns bad: (the step, its scan, what is used, what turns it)
TURNED = {
    "a lot is rejected": ("wash", "pbs", new_lot, reject),
    "a lot is put on hold": ("wash", "pbs", new_lot, hold),
    "equipment is put on hold": ("enzyme", "incubator", new_incubator, hold),
    "a flask is put on hold": ("sampled", "", flask, hold),
    "the cord is put on hold": ("seed", "", nothing, hold_cord),
}


def told(small, what, *, before=2 * MINUTE, **other):
    """The step is recorded after its thing turned bad, claimed for so long before that."""
    step, name, made, turn = TURNED[what]
    small.walk(until=step)
    small.clock.at += timedelta(minutes=5)
    code = made(small)
    small.clock.at += timedelta(minutes=10)
    turn(small, code)
    claimed = small.clock.at - before
    small.clock.at += timedelta(minutes=3)
    typed = {name: code} if name else {}
    return small.record(step, typed=typed, performed_at=claimed, wait=NOW, **other)


def since(small):
    return [each for each in small.now().found if each.rule == ExecutionRule.UNFIT_SINCE]


@pytest.mark.req("MAT-02", "MAT-03", "EBR-09")
@pytest.mark.parametrize("what", TURNED)
def test_a_use_before_something_was_forbidden_is_recorded_late_with_a_deviation(small, what):
    entry = told(small, what, comment=WHY)
    assert entry.late and entry.needs_second
    [opened] = since(small)
    assert (opened.classification, opened.comment) == ("major", WHY)
    assert small.now().open.verify == entry.position
    assert whole(small)


@pytest.mark.parametrize("what", TURNED)
def test_such_a_use_is_never_recorded_without_a_word(small, what):
    with pytest.raises(CommentWanted, match="cannot be any more"):
        told(small, what)


@pytest.mark.req("MAT-02", "MAT-03", "TIM-06")
@pytest.mark.parametrize("what", TURNED)
def test_a_use_after_something_was_forbidden_is_refused_whatever_is_claimed(small, what):
    with pytest.raises(Refused, match=r"rejected|on hold") as caught:
        told(small, what, before=-2 * MINUTE, comment=WHY)
    assert not isinstance(caught.value, CommentWanted)


@pytest.mark.req("MAT-02")
def test_a_lot_rejected_within_the_minute_that_is_claimed_was_used_before(small):
    small.walk(until="wash")
    code = new_lot(small)
    small.clock.at = (small.clock.at + 10 * MINUTE).replace(second=30)
    reject(small, code)
    minute = small.clock.at.replace(second=0)
    small.clock.at += 5 * MINUTE
    small.record("wash", typed={"pbs": code}, performed_at=minute, wait=NOW, comment=WHY)
    assert len(since(small)) == 1


@pytest.mark.req("MAT-02", "MAT-03", "EBR-08")
@pytest.mark.parametrize("what", ["a lot is rejected", "equipment is put on hold"])
def test_a_correction_that_names_what_was_forbidden_since_waits_for_a_second_person(small, what):
    step, name, made, turn = TURNED[what]
    small.walk(until=step)
    code = made(small)
    entry = small.record(step)
    small.clock.at += timedelta(hours=1)
    turn(small, code)
    corrected = small.correct(entry, {name: code})
    assert corrected.late and corrected.needs_second
    [opened] = since(small)
    assert (opened.subject_id, opened.comment) == (corrected.id, corrected.reason)
    assert whole(small)


@pytest.mark.req("REL-11", "EBR-09")
@pytest.mark.parametrize(("before", "is_recorded"), [(2 * MINUTE, True), (-2 * MINUTE, False)])
def test_what_was_taken_before_its_container_was_destroyed_is_told_late(small, before, is_recorded):
    small.walk(until="sampled")
    small.clock.at += timedelta(minutes=10)
    for each in small.containers("flask"):
        with small.database.writing() as session:
            fates.become(session, small, each.code, "destroyed")
    claimed = small.clock.at - before
    small.clock.at += timedelta(minutes=3)
    if not is_recorded:
        with pytest.raises(Refused, match="Nothing is taken from it any more"):
            small.record("sampled", performed_at=claimed, wait=NOW, comment=WHY)
        return
    entry = small.record("sampled", performed_at=claimed, wait=NOW, comment=WHY)
    assert entry.late and entry.needs_second and since(small) == []
    assert whole(small)


@pytest.mark.req("MAT-03")
def test_equipment_whose_calibration_ran_out_since_is_late_and_nothing_else(small):
    small.walk(until="enzyme")
    with small.database.writing() as session:
        today = small.clock().date()
        item = make_equipment(session, by=small.people["qa"], at=small.clock(), due=today)
    claimed = small.clock.at + MINUTE
    small.clock.at += timedelta(days=2)
    typed = {"incubator": item.code}
    entry = small.record("enzyme", typed=typed, performed_at=claimed, wait=NOW, comment=WHY)
    assert entry.late and since(small) == []
    with small.database.reading() as session:
        [over] = equipment.usable(session, item.code, "incubator", small.clock())[1]
    assert over.rule == StoreRule.CALIBRATION_OVERDUE
