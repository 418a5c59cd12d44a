"""What is wrong with one delivery of a supplier's lot is asked of every batch that was made with
another delivery of it, released or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from integrity import deviations, states, verification
from integrity.acts import Act
from integrity.findings import Classification, Refused
from qc.deviations import holding
from qc.deviations.holding import HoldFacts
from qc.release import certificates, rules
from stores import holds, lot_corrections, lots
from stores.holds import Hold
from stores.rules import DISPOSITION, Disposition
from tests.makers import broken, release, stores
from tests.makers.batches import walk_batch
from tests.makers.people import entry_id, make_person
from tests.qc.conftest import Finished, find_finished
from tests.qc.release.test_siblings import another

WHY = "The supplier recalled this lot after a failed test."
RULE = "mat-02-another-delivery"


def deliver(world, **other):
    """A further delivery of the lot that the batch used first, as it is on record."""
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        used = broken.used_lot(session, world)
        said = {"material": used.material, "supplier": used.supplier, "name": used.name}
        said |= {"supplier_lot": used.supplier_lot, "manufacturer": used.manufacturer}
        by, qa = world.people["technician"], world.people["qa"]
        said |= {"human": bool(used.donor_pool), "donor_pool": used.donor_pool} | other
        return stores.make_lot(session, by=by, at=world.clock(), qa=qa, **said).id


def reject(world, lot_id):
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        act = Act(session, world.people["qa"], world.clock(), entry_id())
        shown = lots.facts_of(session, lot_id, Disposition.REJECTED)
        lots.reject_lot(act, lot_id, seal=release.seal(shown, WHY))


def hold(world, lot_id):
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        act = Act(session, world.people["technician"], world.clock(), entry_id())
        holding.hold(act, HoldFacts(session.get_one(lots.Lot, lot_id).code, WHY))


TURNS = {"rejected": reject, "on_hold": hold}


def found(world):
    with world.database.reading() as session:
        every = deviations.in_scopes(session, [world.batch.id])
        return [each for each in every if each.rule == RULE]


def stands(world):
    with world.database.reading() as session:
        made = certificates.of_batch(session, world.batch.id)
        assert verification.verify(session).faults == []
        return (
            states.of(session, world.batch, DISPOSITION),
            certificates.states_of(session, made)[made[-1].id] if made else None,
        )


def settle(world):
    """Somebody of quality who found nothing of it judges and closes whatever waits."""
    world.clock.advance(minutes=2)
    with world.database.writing() as session:
        qa = make_person(session, "qa", username="qa9", name="Quality 9", at=world.clock())
        for each in deviations.in_scopes(session, [world.batch.id]):
            if states.of(session, each, deviations.AXIS) != "closed":
                release.settle(session, each, by=qa, at=world.clock())


@pytest.mark.req("MAT-02")
@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("disposition", [None, *Disposition])
def test_a_delivery_speaks_against_the_others_where_it_is_rejected_or_held(disposition, held):
    said = rules.speaks_against_others(disposition, is_held=held)
    expected = "on_hold" if held else None
    assert said == ("rejected" if disposition == "rejected" else expected)


def test_what_is_said_names_both_deliveries_and_their_lot():
    made = rules.another_delivery("M260000183", "M260000281", "DPBS", "2026-118", "rejected")
    assert made.classification is Classification.MAJOR
    assert "2026-118 of DPBS" in made.sentence() and "rejected" in made.sentence()


@pytest.mark.state("finished")
@pytest.mark.req("MAT-02", "REL-03")
@pytest.mark.parametrize("turns", TURNS)
def test_before_the_review_its_users_wait_for_qa(database, clock, turns):
    world = find_finished(database, clock)
    TURNS[turns](world, deliver(world))
    assert len(found(world)) == 1
    with pytest.raises(Refused, match="another delivery"):
        world.review()
    settle(world)
    world.review()
    assert stands(world) == ("under_review", None)


@pytest.mark.state("finished")
@pytest.mark.req("MAT-02", "REL-03", "REL-04")
@pytest.mark.parametrize("turns", TURNS)
def test_after_the_release_its_users_are_held_until_qa_has_judged(reviewed, turns):
    world = reviewed
    world.decide("release_stage_1")
    delivered = deliver(world)
    assert stands(world) == ("released_stage_1", "current")
    TURNS[turns](world, delivered)
    assert len(found(world)) == 1
    assert stands(world) == ("on_hold", "under_review")
    with pytest.raises(Refused, match="another delivery"):
        world.decide("resume", by="qa")
    settle(world)
    world.review()
    world.decide("resume", by="qa")
    assert stands(world)[0] == "released_stage_1"


@pytest.mark.state("finished")
@pytest.mark.req("MAT-02")
@pytest.mark.parametrize(
    "other",
    [{"supplier_lot": "ANOTHER-9"}, {"supplier": "Supplier 9", "manufacturer": "Maker 9"}],
    ids=["another number", "another maker"],
)
def test_what_is_no_delivery_of_the_same_lot_is_not_asked_about(reviewed, other):
    reviewed.decide("release_stage_1")
    reject(reviewed, deliver(reviewed, **other))
    assert found(reviewed) == []
    assert stands(reviewed) == ("released_stage_1", "current")


@pytest.mark.state("finished")
@pytest.mark.req("MAT-02")
def test_a_hold_that_is_lifted_and_put_again_is_judged_again(finished):
    delivered = deliver(finished)
    hold(finished, delivered)
    settle(finished)
    finished.clock.advance(minutes=1)
    with finished.database.writing() as session:
        [put] = session.scalars(select(Hold).where(Hold.subject_id == delivered))
        act = Act(session, finished.people["qa"], finished.clock(), entry_id())
        holds.lift(act, put.id, seal=release.seal(holds.lift_facts(session, put.id), WHY))
    assert len(found(finished)) == 1
    hold(finished, delivered)
    assert len(found(finished)) == 2


@pytest.mark.state("finished")
@pytest.mark.req("MAT-02", "EBR-08")
def test_a_batch_that_is_said_to_have_used_another_delivery_later_is_asked_as_well(finished):
    world = finished
    delivered = deliver(world, supplier_lot="MISREAD-1")
    reject(world, delivered)
    assert found(world) == []
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        number = broken.used_lot(session, world).supplier_lot
        facts = broken.papers_of(session.get_one(lots.Lot, delivered))
        act = Act(session, world.people["qa"], world.clock(), entry_id())
        said = replace(facts, supplier_lot=number, another_delivery=True)
        lot_corrections.correct(act, delivered, said, "The number was misread on the bottle.")
    assert len(found(world)) == 1


@pytest.mark.state("finished")
@pytest.mark.req("MAT-02")
def test_a_batch_that_takes_a_delivery_after_another_was_rejected_is_asked_once(database, clock):
    one = find_finished(database, clock)
    laboratory, batch = another(one, one.clock() - timedelta(hours=3))
    reject(one, deliver(one))
    later = Finished(database, clock, one.people, one.second, batch)
    assert found(later) == []
    walk_batch(laboratory, batch, until="mince")
    assert len(found(later)) == 1
