"""More was used of a lot than was received, as is found after the release: what is released is held
until QA has judged it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from integrity import deviations, states, verification
from integrity.acts import Act
from integrity.findings import Refused
from stores import lot_corrections
from stores.lot_uses import LotUse
from stores.lots import Lot
from stores.rule_ids import StoreRule
from stores.rules import DISPOSITION
from tests.makers import broken, release as makers
from tests.makers.people import entry_id

pytestmark = pytest.mark.state("finished")


def counted(session, world):
    """The first lot of which the batch says how much it used."""
    said = LotUse.scope == world.batch.code, LotUse.quantity_text.is_not(None)
    return session.get_one(
        Lot, session.scalars(select(LotUse.lot_id).where(*said).order_by(LotUse.id)).first()
    )


def received(world, quantity, why="Misread on the papers of the delivery."):
    world.clock.advance(minutes=5)
    with world.database.writing() as session:
        lot = counted(session, world)
        facts = replace(broken.papers_of(lot), quantity=quantity, unit="mL", certificate=why)
        act = Act(session, world.people["qa"], world.clock(), entry_id())
        lot_corrections.correct(act, lot.id, facts, why)


def where(world):
    with world.database.reading() as session:
        assert verification.verify(session).faults == []
        return states.of(session, world.batch, DISPOSITION)


@pytest.mark.parametrize(("quantity", "becomes"), [("600", "released_stage_1"), ("599", "on_hold")])
def test_a_delivery_that_was_smaller_than_what_was_used_of_it_holds_what_is_released(
    reviewed, quantity, becomes
):
    reviewed.decide("release_stage_1")
    received(reviewed, quantity)
    assert where(reviewed) == becomes
    if becomes == "released_stage_1":
        return
    with pytest.raises(Refused, match="is used than was received"):
        reviewed.decide("resume", by="qa")
    with reviewed.database.writing() as session:
        for each in deviations.in_scopes(session, [reviewed.batch.id]):
            if each.rule == StoreRule.LOT_OVERDRAWN:
                makers.settle(session, each, by=reviewed.people["qa"], at=reviewed.clock())
    reviewed.review()
    reviewed.decide("resume", by="qa")
    assert where(reviewed) == "released_stage_1"
