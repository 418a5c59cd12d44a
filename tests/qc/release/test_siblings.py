"""What grew in a batch is one of the batches beside it: QA judges each, released or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from integrity import deviations, states, verification
from integrity.acts import Act
from integrity.findings import Refused
from manufacturing.execution.uses import UsedEquipment
from qc.deviations import raising
from qc.deviations.raising import RaisedFacts
from qc.laboratory.rule_ids import LaboratoryRule
from qc.release import certificates, rules, siblings
from stores.rules import DISPOSITION
from tests.makers import donors, qc, release
from tests.makers.batches import find_laboratory, make_batch, walk_batch
from tests.makers.people import entry_id
from tests.makers.steps import WHY
from tests.qc.conftest import Finished, find_finished

AT, DAY, TICK = datetime(2026, 11, 2, tzinfo=UTC), timedelta(days=1), timedelta(milliseconds=1)


def another(world, born_at):
    """A batch of another donor that is begun in the same laboratory."""
    laboratory = find_laboratory(world.database, world.clock)
    by, at = world.people["technician"], world.clock()
    with world.database.writing() as session:
        donor = donors.make_donor(session, "H1-0099", by=by, at=at)
        cord = donors.make_cord(session, donor, born_at=born_at, by=by, at=at)
        donors.make_results(session, donor, sampled_at=born_at, by=by, at=at)
        donors.determine(session, donor, by=world.people["qa"], at=at)
        donors.decide(session, cord, by=world.people["qa"], at=at)
    return laboratory, make_batch(laboratory, cord)


def grows(world):
    world.clock.advance(minutes=5)
    with world.database.writing() as session:
        sample = qc.samples_for(session, world.batch, "sterility")[0]
        qc.make_result(
            session, world.people, sample, "sterility", "growth", at=world.clock(), basis=None
        )


def raised(world, classification):
    with world.database.writing() as session:
        act = Act(session, world.people["technician"], world.clock(), entry_id())
        facts = RaisedFacts(world.batch.code, WHY, "Bench", classification)
        return raising.raise_deviation(act, facts)


def opened(world):
    with world.database.reading() as session:
        found = deviations.in_scopes(session, [world.batch.id])
        return [each for each in found if each.rule == "dev-beside"]


@pytest.mark.slow
@pytest.mark.state("finished")
@pytest.mark.req("QC-05", "REL-03")
def test_what_grew_in_a_batch_holds_its_released_sibling_and_is_judged_there(database, clock):
    one = find_finished(database, clock)
    laboratory, batch = another(one, one.clock() - timedelta(hours=3))
    walk_batch(laboratory, batch)
    clock.advance(minutes=20)
    with database.writing() as session:
        release.test_samples(session, laboratory, batch, {}, True)
    other = Finished(database, clock, one.people, one.second, batch)
    other.review()
    other.decide("release_stage_1")
    with database.reading() as session:
        assert [each.id for each in session.scalars(siblings.of(session, one.batch))] == [batch.id]
    grows(one)
    assert opened(one) == [] and len(opened(other)) == 1
    with database.reading() as session:
        assert states.of(session, batch, DISPOSITION) == "on_hold"
        made = certificates.of_batch(session, batch.id)
        assert "under_review" in certificates.states_of(session, made).values()
    with pytest.raises(Refused, match="QA judges whether this batch is touched"):
        other.decide("resume", by="qa")
    with database.writing() as session:
        [found] = opened(other)
        release.settle(session, found, by=other.people["qa"], at=clock())
    other.review()
    other.decide("resume", by="qa")
    with database.reading() as session:
        assert verification.verify(session).faults == []


@pytest.mark.state("finished")
@pytest.mark.parametrize(("classification", "spreads"), [("critical", 1), ("major", 0)])
def test_a_critical_deviation_by_hand_is_one_of_a_sibling_of_the_same_lots_and_a_minor_one_not(
    database, clock, classification, spreads
):
    one = find_finished(database, clock)
    laboratory, batch = another(one, one.clock() - timedelta(hours=3))
    walk_batch(laboratory, batch, until="mince")
    other = Finished(database, clock, one.people, one.second, batch)
    made = raised(one, classification)
    assert len(opened(other)) == spreads
    with database.writing() as session:
        release.assess(session, made, by=one.people["qa"], at=clock(), classification="critical")
    assert len(opened(other)) == 1  # once, also where QA calls it critical later
    with database.writing() as session:
        release.judge(session, made, by=one.people["qa"], at=clock())
    assert len(opened(other)) == 1


@pytest.mark.req("QC-05")
@pytest.mark.parametrize("classification", ["minor", "major", "critical"])
@pytest.mark.parametrize(
    ("rule", "spreads"),
    [
        (LaboratoryRule.OUT_OF_SPECIFICATION, True),
        ("dev-raised-by-hand", True),
        ("rel-03-given-late", False),
        ("dev-beside", False),
    ],
)
def test_what_grew_or_was_seen_and_is_critical_spreads(rule, spreads, classification):
    assert rules.spreads(rule, classification) is (spreads and classification == "critical")


@pytest.mark.parametrize(
    ("later", "together"), [(-3 * DAY, True), (DAY, True), (DAY + TICK, False), (9 * DAY, False)]
)
def test_two_batches_are_together_on_what_they_used_in_the_same_days(later, together):
    one = UsedEquipment(1, "Q260000118", AT - 4 * DAY, AT)
    other = UsedEquipment(1, "Q260000118", AT + later, AT + later + DAY)
    assert rules.together(one, other) is rules.together(other, one) is together
