"""Samples in QC's custody.

Received once, in a condition, and then listed by what is still to do.
"""

import pytest

from integrity import deviations, states
from integrity.acts import Act
from integrity.findings import Refused
from qc.laboratory import samples
from qc.laboratory.samples import TESTING, ReceiptFacts
from tests.makers import qc
from tests.makers.people import entry_id

pytestmark = pytest.mark.state("qc")


@pytest.fixture
def people(database, clock):
    return qc.make_laboratory(database, at=clock())


@pytest.fixture
def batch(database, people, clock):
    with database.writing() as session:
        qc.make_specification(session, people, at=clock())
        return qc.make_bare_batch(session, people, at=clock())


@pytest.mark.parametrize(
    ("condition", "testing", "classes"),
    [
        ("intact", "received", []),
        ("damaged", "received", ["minor"]),
        ("unfit", "unfit", ["major"]),
    ],
)
def test_a_receipt_says_who_when_and_in_what_condition(
    database, people, batch, clock, condition, testing, classes
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, at=clock(), received=False)
        receipt = qc.receive(
            session, people, sample, at=clock.advance(hours=1), condition=condition
        )
    with database.reading() as session:
        assert (receipt.name, receipt.received_at) == ("QC analyst 1", clock())
        assert states.of(session, sample, TESTING) == testing
        assert [
            each.classification for each in deviations.in_scopes(session, [batch.id])
        ] == classes


def test_a_sample_is_received_once_and_only_a_sample(database, people, batch, clock):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, at=clock())
    with pytest.raises(Refused, match="already"), database.writing() as session:
        qc.receive(session, people, sample, at=clock())
    with pytest.raises(Refused, match="not the code of a sample"), database.writing() as session:
        samples.receive(
            Act(session, people["qc_analyst"], clock(), entry_id=entry_id()),
            ReceiptFacts("V26000154", "intact", "Shelf 1"),
        )


@pytest.mark.req("QC-03")
def test_without_a_receipt_the_gap_in_custody_is_flagged_and_no_result_is_taken(
    database, people, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, at=clock(), received=False)
    with pytest.raises(Refused, match="custody has no gap"), database.writing() as session:
        qc.make_result(session, people, sample, at=clock())


def test_the_list_holds_what_is_still_to_do(database, people, batch, clock):
    with database.writing() as session:
        waiting, done = (qc.make_sample(session, people, batch, at=clock()) for _ in range(2))
        unfit = qc.make_sample(session, people, batch, at=clock(), received=False)
        qc.receive(session, people, unfit, at=clock(), condition="unfit")
        entered = qc.make_result(session, people, done, at=clock())
        assert [each.code for each in session.scalars(samples.listed("open"))] == [
            waiting.code,
            done.code,
        ]
        qc.review(session, entered, by=people["qc_reviewer"], at=clock())
    with database.reading() as session:
        assert [each.code for each in session.scalars(samples.listed("open"))] == [waiting.code]
        assert [each.code for each in session.scalars(samples.listed("complete"))] == [
            unfit.code,
            done.code,
        ]
        assert len(session.scalars(samples.listed("all")).all()) == 3


def test_a_retention_sample_is_complete_when_it_is_received_because_nobody_tests_it(
    database, people, batch, clock
):
    with database.writing() as session:
        kept = qc.make_sample(session, people, batch, (), kind="retention", at=clock())
    with database.reading() as session:
        assert session.scalars(samples.listed("open")).all() == []
        assert [each.code for each in session.scalars(samples.listed("complete"))] == [kept.code]
