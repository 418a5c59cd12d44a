"""What a correction names after a release is watched as what was there before it: the lot that was
really used, found bad later, holds what is released."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from integrity import states, verification
from integrity.acts import Act
from integrity.findings import Refused
from integrity.signatures import Seal, reviewed as digest_reviewed
from stores import lots
from stores.lot_uses import LotUse
from stores.lots import Lot
from stores.rules import DISPOSITION
from tests.makers import broken, release as makers
from tests.makers.batches import find_laboratory
from tests.makers.people import entry_id
from tests.makers.stores import make_lot
from tests.qc.conftest import find_finished
from tests.qc.release.test_untrue_labels import settle

WHY = "The supplier recalled it after a failed test."
SALINE = "Saline 0.9 %"


@pytest.fixture
def world(sqlite, clock):
    """A released batch; of the saline there was a lot that no entry of it named."""
    laboratory = find_laboratory(sqlite, clock)
    with sqlite.writing() as session:
        words = {"by": laboratory.people["technician"], "qa": laboratory.people["qa"]}
        words |= {"material": SALINE, "supplier_lot": "2026-777", "at": clock()}
        make_lot(session, expires_on=date(2028, 1, 31), quantity="500", unit="L", **words)
    makers.finish(sqlite, clock)
    made = find_finished(sqlite, clock)
    made.review()
    made.decide("release_stage_1")
    return made


def really_used(world):
    """That lot, once the batch is put right to have been suspended in it and is released again."""
    with world.database.reading() as session:
        named = select(LotUse.lot_id).where(LotUse.scope == world.batch.code)
        lot = session.scalars(select(Lot).where(Lot.material == SALINE, Lot.id.not_in(named))).one()
    world.decide("hold", by="qa")
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        broken.correct_entry_of_suspension(session, world, saline=lot.code)
    settle(world)
    world.review()
    world.decide("resume", by="qa")
    return lot


def where(world):
    with world.database.reading() as session:
        assert verification.verify(session).faults == []
        return states.of(session, world.batch, DISPOSITION)


def reject(session, world, lot):
    seal = Seal(digest_reviewed(lots.facts_of(session, lot.id, "rejected")), "password", WHY)
    act = Act(session, world.people["qa"], world.clock(), entry_id=entry_id())
    lots.dispose(act, lot.id, "rejected", seal=seal)


@pytest.mark.state("laboratory")
@pytest.mark.req("REL-03", "TRC-02", "EBR-08")
def test_a_lot_that_a_correction_named_after_the_release_holds_it_when_it_turns_bad(world):
    lot = really_used(world)
    assert where(world) == "released_stage_1"
    with world.database.writing() as session:
        broken.hold(session, world, lot.code)
    assert where(world) == "on_hold"
    with pytest.raises(Refused, match="is on hold"):
        world.decide("resume", by="qa")
    with world.database.writing() as session:
        broken.lift_every_hold(session, world)
    world.review()
    world.decide("resume", by="qa")
    assert where(world) == "released_stage_1"
    with world.database.writing() as session:
        reject(session, world, lot)
    assert where(world) == "on_hold"
    with pytest.raises(Refused, match="is rejected"):
        world.decide("resume", by="qa")
