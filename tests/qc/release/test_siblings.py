"""What grew in a batch is one of the batches beside it: QA judges each, released or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from integrity import deviations, states, verification
from integrity.acts import Act
from integrity.findings import Refused
from manufacturing.execution.uses import UsedEquipment
from qc.deviations import raising
from qc.deviations.raising import RaisedFacts
from qc.laboratory.rule_ids import LaboratoryRule
from qc.release import certificates, rules, siblings
from stores import lots
from stores.rules import DISPOSITION
from tests.makers import donors, qc, release, stores
from tests.makers.batches import find_laboratory, make_batch, walk_batch
from tests.makers.people import entry_id
from tests.makers.steps import WHY
from tests.makers.stores import find_scans
from tests.qc.conftest import Finished, find_finished
from tests.qc.release.test_balances import correct

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


@pytest.mark.state("finished")
@pytest.mark.req("QC-05", "REL-03")
@pytest.mark.parametrize("how", ["grew", "was seen", "was seen and closed"])
def test_a_batch_that_takes_the_same_lots_afterwards_is_asked_until_that_is_closed(
    database, clock, how
):
    one = find_finished(database, clock)
    laboratory, batch = another(one, one.clock() - timedelta(hours=3))
    other = Finished(database, clock, one.people, one.second, batch)
    if how == "grew":
        grows(one)
    else:
        made = raised(one, "critical")
        if how == "was seen and closed":
            with database.writing() as session:
                release.settle(session, made, by=one.people["qa"], at=clock())
            clock.advance(minutes=1)
    assert opened(other) == []
    walk_batch(laboratory, batch, until="mince")
    assert len(opened(other)) == (how != "was seen and closed")
    assert opened(one) == []
    with database.reading() as session:
        assert verification.verify(session).faults == []


def apart(world, clock):
    """A batch days later, of another donor and made with lots of its own, that is finished: it
    shares nothing with the other one."""
    clock.advance(days=40)
    laboratory, batch = another(world, clock() - timedelta(hours=3))
    by, qa, at = world.people["technician"], world.people["qa"], clock()
    with world.database.writing() as session:
        for lot in session.scalars(select(lots.Lot)).all():
            said = {"material": lot.material, "name": lot.name, "supplier_lot": f"{lot.code}-2"}
            said |= {"human": bool(lot.donor_pool), "donor_pool": lot.donor_pool}
            said |= {"quantity": lot.quantity_text, "unit": lot.unit}
            made = stores.make_lot(session, by=by, at=at, qa=qa, **said)
            laboratory.scans[lot.material] = made.code
    walk_batch(laboratory, batch)
    clock.advance(minutes=20)
    with world.database.writing() as session:
        release.test_samples(session, laboratory, batch, {}, True)
    return Finished(world.database, clock, world.people, world.second, batch)


@pytest.mark.slow
@pytest.mark.state("finished")
@pytest.mark.req("QC-05", "REL-03", "EBR-08")
@pytest.mark.parametrize("until", ["finished", "reviewed", "released and held"])
def test_a_lot_that_a_correction_names_makes_its_batch_a_sibling_before_and_after_the_review(
    finished, until
):
    with finished.database.reading() as session:
        code = find_scans(session)["DPBS"]
    world = apart(finished, finished.clock)
    grows(finished)
    if until != "finished":
        world.review()
    if until == "released and held":
        world.decide("release_stage_1")
        world.decide("hold", by="qa")
    assert opened(world) == []
    correct(world, "wash", pbs=code)
    assert len(opened(world)) == 1
    with pytest.raises(Refused, match="QA judges whether this batch is touched"):
        world.decide("resume") if until == "released and held" else world.review()
    with pytest.raises(Refused, match="has not reviewed|out of date|cannot become"):
        world.decide("release_stage_1")


@pytest.mark.req("QC-05")
@pytest.mark.parametrize(
    ("closed_at", "used_at", "asks"),
    [(None, AT, True), (AT, AT - TICK, True), (AT, AT, False), (AT, AT + TICK, False)],
)
def test_a_use_is_asked_about_until_the_judgement_of_what_grew_is_closed(closed_at, used_at, asks):
    assert rules.still_spreads(closed_at, used_at) is asks


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
