"""Equipment that was found out of tolerance before its use was told: the batch has the deviation
that it has when the finding comes after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from demonstration.culture import ENTRIES
from integrity import deviations, states
from integrity.acts import Act
from integrity.findings import Refused
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.corrections import CorrectionFacts
from qc.release import release_inputs, rests_on, rules
from qc.release.rule_ids import ReleaseRule
from qc.release.situation import INITIAL
from stores import equipment
from stores.equipment import CalibrationFacts
from stores.rules import DISPOSITION
from tests.makers.people import entry_id
from tests.makers.steps import find_small, whole
from tests.makers.stores import make_equipment
from tests.qc.conftest import find_finished

NOW, MINUTE = timedelta(0), timedelta(minutes=1)
WHY = "The tablet was charging in the corridor."
DAY = datetime(2026, 11, 2, tzinfo=UTC)


def find(world, item):
    """A calibration finds the equipment out of tolerance."""
    today = world.clock().date()
    facts = CalibrationFacts(today, today + timedelta(days=90), "C-13", "out_of_tolerance")
    with world.database.writing() as session:
        act = Act(session, world.people["qa"], world.clock(), entry_id())
        equipment.calibrate(act, item.id, facts)


def opened(world):
    with world.database.reading() as session:
        found = deviations.in_scopes(session, [world.batch.id])
        return [each for each in found if each.rule == ReleaseRule.FOUND_OUT_OF_TOLERANCE]


@pytest.fixture
def small(database, clock):
    return find_small(database, clock)


def used(small, *, claimed, steps):
    """The opened deviations once the enzyme was added in an incubator, and it was found."""
    small.walk(until="enzyme")
    small.clock.at += timedelta(days=1)
    with small.database.writing() as session:
        done = small.clock().date() - timedelta(days=1)
        by, at = small.people["qa"], small.clock()
        item = make_equipment(session, by=by, at=at, done=done, name="Incubator 2")
    small.clock.at += timedelta(hours=1)
    begin = small.clock.at
    deeds = {
        "find": lambda: find(small, item),
        "record": lambda: small.record(
            "enzyme",
            typed={"incubator": item.code},
            performed_at=begin + claimed,
            wait=NOW,
            comment=WHY,
        ),
    }
    for step in steps:
        small.clock.at += 30 * MINUTE
        deeds[step]()
    return opened(small)


@pytest.mark.state("small")
@pytest.mark.req("MAT-03", "REL-03")
@pytest.mark.parametrize("steps", [("record", "find"), ("find", "record")])
def test_what_is_found_and_what_is_told_have_one_deviation_in_either_order(small, steps):
    [made] = used(small, claimed=20 * MINUTE, steps=steps)
    assert (made.classification, made.parameters["reference"]) == ("major", "C-13")
    assert whole(small)


@pytest.mark.state("small")
@pytest.mark.req("MAT-03")
def test_a_use_after_the_finding_is_in_no_doubt(small):
    assert used(small, claimed=40 * MINUTE, steps=("find", "record")) == []


@pytest.mark.state("small")
@pytest.mark.req("MAT-03")
def test_each_finding_opens_its_deviation_once(small):
    [made] = used(small, claimed=20 * MINUTE, steps=("find", "record"))
    entry = small.now().at(small.position("enzyme"))
    typed = {"incubator": "", "temperature": "37.2"}
    with small.database.reading() as session:
        typed["incubator"] = session.get_one(equipment.Equipment, made.subject_id).code
    small.correct(entry, typed)
    assert [each.id for each in opened(small)] == [made.id]


@pytest.fixture
def world(database, clock):
    return find_finished(database, clock)


def name_another_cabinet(world):
    """A correction says that the batch was begun in a cabinet which was found bad meanwhile."""
    world.clock.advance(minutes=1)
    began = world.batch.started_at.date()
    with world.database.writing() as session:
        by, at = world.people["qa"], world.clock()
        done = began - timedelta(days=30)
        item = make_equipment(session, by=by, at=at, kind="biosafety cabinet", done=done)
    find(world, item)
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        state = batch_state.gather(session, world.batch.id)
        entry = next(each for each in state.current if each.step == "clearance_before")
        typed = {**ENTRIES["clearance_before"], "cabinet": item.code}
        act = Act(session, world.people["technician"], world.clock(), entry_id())
        corrections.correct(act, CorrectionFacts(entry.id, typed, "The other cabinet was used."))


@pytest.mark.state("finished")
@pytest.mark.req("MAT-03", "REL-03", "EBR-08")
@pytest.mark.parametrize("is_reviewed", [False, True])
def test_a_corrected_scan_of_what_was_found_before_blocks_the_review(world, is_reviewed):
    if is_reviewed:
        world.review()
    name_another_cabinet(world)
    assert len(opened(world)) == 1
    with world.database.reading() as session:
        found = release_inputs.gather(session, world.batch, world.clock()).facts
        against = rests_on.blocking(found, INITIAL)
    assert any("was found out of tolerance" in each.finding.sentence() for each in against)
    review = ReleaseRule.REVIEW_OUT_OF_DATE if is_reviewed else ReleaseRule.NOT_REVIEWED
    assert review in [each.rule for each in against]


@pytest.mark.state("finished")
@pytest.mark.req("MAT-03", "REL-03", "REL-04")
def test_a_held_release_is_not_resumed_while_such_a_finding_waits(world):
    world.review()
    world.decide("release_stage_1")
    world.decide("hold", by="qa")
    name_another_cabinet(world)
    assert len(opened(world)) == 1
    with pytest.raises(Refused, match="was found out of tolerance"):
        world.decide("resume", by="qa")
    with world.database.reading() as session:
        assert states.of(session, world.batch, DISPOSITION) == "on_hold"


@pytest.mark.parametrize(
    ("used_at", "since", "is_doubted"),
    [
        (1, None, True),
        (5, None, True),  # the very moment is in doubt
        (6, None, False),
        (2, 2, True),
        (1, 2, False),
    ],
)
def test_a_finding_puts_in_doubt_what_was_used_since_the_calibration_before(
    used_at, since, is_doubted
):
    def day(number):
        return None if number is None else DAY + number * timedelta(days=1)

    assert rules.is_doubted(day(used_at), day(since), day(5)) is is_doubted
