"""Steps through the real acts on both databases: order, limits, scans, second persons, corrections, completion."""

import pytest

from integrity.findings import Refused
from integrity.verification import verify
from manufacturing import situation, steps
from manufacturing.batches import Batch, standing
from manufacturing.rules.order import Position
from manufacturing.steps import StepFacts
from tests.makers import entry_id
from tests.makers_batches import make_batch, make_laboratory, walk_batch


@pytest.fixture
def laboratory(database, clock):
    return make_laboratory(database, clock)


def gather(laboratory, batch):
    with laboratory.database.reading() as session:
        return situation.gather(session, session.get_one(Batch, batch.id))


def test_a_batch_goes_from_the_cord_to_the_last_step_without_a_deviation(laboratory):
    batch = make_batch(laboratory)
    made = walk_batch(laboratory, batch)
    now = gather(laboratory, batch)
    assert now.open.is_complete
    assert [each.sentence for each in now.found] == []
    assert made == len(now.current)
    with laboratory.database.reading() as session:
        assert standing(session, session.get_one(Batch, batch.id)) == ("complete", "quarantine")
        assert verify(session).faults == []
