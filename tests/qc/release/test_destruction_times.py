"""A destruction lies after everything for which the container had to be there, whatever is claimed:
what was taken from it, its receipt by the laboratory, its tests, the beginning of a culture."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from integrity.findings import Refused
from manufacturing.execution.entries import Entry
from qc.laboratory import results, samples
from stores import containers
from stores.containers import Container, ContainerParent
from tests.makers import fates, qc

pytestmark = [pytest.mark.state("finished"), pytest.mark.req("TRC-03", "TIM-06")]
MINUTE = timedelta(minutes=1)
BEFORE = "cannot have been done before"


def destroy(made, container, done_at):
    with made.database.writing() as session:
        return fates.become(session, made, container.code, "destroyed", done_at=done_at)


def is_only_possible_from(made, container, first):
    with pytest.raises(Refused, match=BEFORE):
        destroy(made, container, first - MINUTE)
    assert destroy(made, container, first).done_at == first


def last_taken(made, container):
    """When the last of what was taken from a container was taken, as its entry says."""
    with made.database.reading() as session:
        wanted = (
            select(Entry.performed_at)
            .join(Container, Container.entry_id == Entry.id)
            .join(ContainerParent, ContainerParent.child_id == Container.id)
            .where(ContainerParent.parent_id == container.id)
        )
        return max(session.scalars(wanted).all())


def test_nothing_is_destroyed_before_what_was_taken_from_it(reviewed):
    with reviewed.database.reading() as session:
        flask = containers.of_scope(session, reviewed.batch.code, "flask")[0]
    last = last_taken(reviewed, flask)
    assert last > flask.made_at + MINUTE
    is_only_possible_from(reviewed, flask, last)


def sample_for(made, test):
    with made.database.reading() as session:
        return qc.samples_for(session, made.batch, test)[-1]


def test_a_sample_is_destroyed_after_its_receipt_and_its_last_test(reviewed):
    sample = sample_for(reviewed, "viability")
    reviewed.clock.advance(minutes=30)
    tested_at = reviewed.clock()
    with reviewed.database.writing() as session:
        again = {"basis": None, "reason": "A further run was asked for"}
        qc.make_result(session, reviewed.people, sample, at=tested_at, **again)
    reviewed.clock.advance(minutes=30)
    is_only_possible_from(reviewed, sample, tested_at)


def test_a_sample_that_was_only_received_is_destroyed_after_its_receipt(reviewed):
    with reviewed.database.writing() as session:
        by, batch = reviewed.people, reviewed.batch
        sample = qc.make_sample(session, by, batch, at=reviewed.clock(), received=False)
        received_at = reviewed.clock.advance(minutes=30)
        qc.receive(session, by, sample, at=received_at)
    reviewed.clock.advance(minutes=30)
    is_only_possible_from(reviewed, sample, received_at)


def test_a_culture_is_destroyed_after_its_beginning_while_it_is_still_read(reviewed):
    sample = sample_for(reviewed, "sterility")
    with reviewed.database.reading() as session:
        began_at = results.beginnings_of(session, [sample.id])[(sample.id, "sterility")].began_at
        assert samples.received_at(session, sample.id) <= [began_at]
    reviewed.sterility()
    is_only_possible_from(reviewed, sample, began_at)


def test_what_happens_between_the_two_people_is_not_signed_away(reviewed):
    """The claim was possible when it was written; by the second signature a test stands after."""
    sample = sample_for(reviewed, "viability")
    reviewed.clock.advance(minutes=5)
    claimed = reviewed.clock()
    with reviewed.database.writing() as session:
        by = reviewed.people["technician"]
        told = fates.record(session, sample.code, "destroyed", by=by, at=claimed)
        tested_at = reviewed.clock.advance(minutes=5)
        again = {"basis": None, "reason": "A further run was asked for"}
        qc.make_result(session, reviewed.people, sample, at=tested_at, **again)
    with pytest.raises(Refused, match=BEFORE), reviewed.database.writing() as session:
        fates.confirm(session, told, by=reviewed.second, at=reviewed.clock())
