"""A sample that was recorded and does not exist waits for nothing: not for its receipt, its test or
an explanation; one that the laboratory received does exist."""

from __future__ import annotations

import pytest

from integrity.acts import Act
from integrity.findings import Refused
from qc.laboratory import pulled_samples, results, samples
from qc.laboratory.samples import ReceiptFacts
from stores import voiding
from stores.rule_ids import StoreRule
from tests.makers import qc

pytestmark = [pytest.mark.state("qc"), pytest.mark.req("TRC-08")]
WHY = "It was recorded by mistake, nothing was sampled"


@pytest.fixture
def people(database, clock):
    return qc.make_laboratory(database, at=clock())


@pytest.fixture
def pulled(database, people, clock):
    """(batch, its one sample, which nobody has received)."""
    with database.writing() as session:
        qc.make_specification(session, people, at=clock())
        batch = qc.make_bare_batch(session, people, at=clock())
        return batch, qc.make_sample(session, people, batch, at=clock(), received=False)


def void(database, people, clock, sample):
    with database.writing() as session:
        voiding.void(Act(session, people["technician"], clock()), [sample.code], reason=WHY)


def test_a_void_sample_is_on_no_list_and_its_tests_are_asked_of_nobody(
    database, people, clock, pulled
):
    batch, sample = pulled
    with database.reading() as session:
        _, said = results.specification_of(session, sample)
        recorded = results.recorded(session, [batch.code])
        waiting = pulled_samples.of_batches(session, {batch.code: said}, recorded)
        assert [each.sample for each in waiting[batch.code]] == [sample.code]
    void(database, people, clock, sample)
    with database.reading() as session:
        assert pulled_samples.of_batches(session, {batch.code: said}, recorded)[batch.code] == []
        assert samples.find(session, sample.code) is None
        for which in ("open", "complete", "all"):
            listed = session.scalars(samples.listed(which)).all()
            assert sample.code not in [each.code for each in listed]


def test_a_void_sample_is_not_received(database, people, clock, pulled):
    _, sample = pulled
    void(database, people, clock, sample)
    with database.writing() as session, pytest.raises(Refused):
        facts = ReceiptFacts(sample.code, "intact", "Refrigerator 2")
        samples.receive(Act(session, people["qc_analyst"], clock()), facts)


def test_what_the_laboratory_received_is_not_voided(database, people, clock, pulled):
    _, sample = pulled
    with database.reading() as session:
        assert voiding.against(session, [sample.code]) == []
    with database.writing() as session:
        qc.receive(session, people, sample, at=clock())
    with database.reading() as session:
        [finding] = voiding.against(session, [sample.code])
        assert finding.rule == StoreRule.VOID_RECEIVED
