"""A batch that was released and is broken off: what was given out is recalled, and its certificate
counts no more."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from integrity import states, verification
from integrity.acts import Act
from manufacturing.execution import batches
from qc.release import certificates, decisions
from stores import containers
from stores.rules import DISPOSITION
from tests.makers import broken, fates, release
from tests.makers.people import entry_id

WHY = "The cold room failed over night."


def break_off(world):
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        seal = release.seal(batches.termination_facts(session, world.batch.id), WHY)
        act = Act(session, world.people["qa"], world.clock(), entry_id=entry_id())
        batches.terminate(act, world.batch.id, seal=seal)


@pytest.mark.state("finished")
@pytest.mark.req("EBR-12", "REL-11", "REL-09")
@pytest.mark.parametrize(
    ("given", "becomes"), [(("issued",), "recalled"), (("issued", "used"), "recalled"),
                           ((), "rejected"), (("destroyed",), "rejected")],
)  # fmt: skip
def test_a_released_batch_that_is_broken_off_is_recalled_where_any_of_it_was_given_out(
    reviewed, given, becomes
):
    world = reviewed
    world.decide("release_stage_1")
    with world.database.reading() as session:
        [final] = containers.of_scope(session, world.batch.code, "final")
    for fate in given:
        world.clock.advance(minutes=1)
        with world.database.writing() as session:
            fates.become(session, world, final.code, fate)
    world.decide("hold", by="qa")
    with world.database.writing() as session:
        broken.correct_the_open_time(session, world)
        said = str(batches.termination_facts(session, world.batch.id))
    assert f"recorded-containers-{becomes}" in said
    break_off(world)
    with world.database.reading() as session:
        assert batches.standing(session, world.batch) == ("terminated", becomes)
        assert states.of(session, final, DISPOSITION) == becomes
        made = certificates.of_batch(session, world.batch.id)
        assert certificates.states_of(session, made)[made[-1].id] == "withdrawn"
        stands = {
            which: world.batch.id in session.scalars(select(decisions._standing(which).subquery()))
            for which in decisions.DESKS
        }
        assert stands == {"waiting": False, "stage1": False, "decided": True}
        assert verification.verify(session).faults == []
