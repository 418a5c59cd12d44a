"""A sample that two people signed as destroyed is tested no more: an out-of-specification result
does not go away by a retest of what is not there. What began before is read."""

from __future__ import annotations

import pytest

from integrity.findings import Refused
from qc.laboratory import results
from tests.makers import fates, qc

pytestmark = [pytest.mark.state("finished"), pytest.mark.req("QC-03", "QC-06")]
AGAIN = "A further run was asked for"
GONE = "This sample was destroyed at"


def sample_for(made, test):
    with made.database.reading() as session:
        return qc.samples_for(session, made.batch, test)[0]


def destroy(made, sample, **changes):
    with made.database.writing() as session:
        fates.become(session, made, sample.code, "destroyed", **changes)


def result(made, sample, test, value, **said):
    with made.database.writing() as session:
        said = {"at": made.clock(), "basis": None, "reason": AGAIN} | said
        return qc.make_result(session, made.people, sample, test, value, **said)


def fail(made, sample):
    """A viability of 70 %, and its deviation."""
    made.clock.advance(minutes=5)
    failing = result(made, sample, "viability", "70")
    with made.database.reading() as session:
        return results.oos_of(session, [failing])[failing.id]


def plan(made, deviation, sample):
    with made.database.writing() as session:
        said = {"cause": "laboratory", "sample": sample.code}
        qc.write_phase_one(session, made.people, deviation, at=made.clock(), **said)


def test_no_result_is_of_a_time_after_the_destruction_and_one_of_before_is_told(reviewed):
    sample = sample_for(reviewed, "viability")
    tested_at = reviewed.clock()
    reviewed.clock.advance(minutes=2)
    destroy(reviewed, sample)
    reviewed.clock.advance(minutes=3)
    with pytest.raises(Refused, match=GONE):
        result(reviewed, sample, "viability", "99")
    assert result(reviewed, sample, "viability", "99", tested_at=tested_at).verdict == "conforms"


def test_no_correction_moves_a_test_past_the_destruction(reviewed):
    sample = sample_for(reviewed, "viability")
    told = result(reviewed, sample, "viability", "98")
    destroy(reviewed, sample)
    reviewed.clock.advance(minutes=3)
    right = {"corrects_id": told.id, "reason": "The print-out says 97 %"}
    with pytest.raises(Refused, match=GONE):
        result(reviewed, sample, "viability", "97", **right)
    right |= {"tested_at": told.tested_at}
    assert result(reviewed, sample, "viability", "97", **right).shown == "97 %"


def test_no_retest_is_planned_on_a_sample_that_is_destroyed(reviewed):
    sample = sample_for(reviewed, "viability")
    deviation = fail(reviewed, sample)
    destroy(reviewed, sample)
    with pytest.raises(Refused, match="that is not destroyed"):
        plan(reviewed, deviation, sample)


def test_no_plan_is_signed_and_none_fulfilled_once_its_sample_is_destroyed(reviewed):
    sample = sample_for(reviewed, "viability")
    deviation = fail(reviewed, sample)
    plan(reviewed, deviation, sample)
    destroy(reviewed, sample)
    by, at = reviewed.people["qc_reviewer"], reviewed.clock()
    with (
        pytest.raises(Refused, match="that is not destroyed"),
        reviewed.database.writing() as session,
    ):
        qc.end_phase_one(session, deviation, by=by, at=at)


def test_a_retest_that_was_signed_for_is_not_done_on_what_is_destroyed(reviewed):
    sample = sample_for(reviewed, "viability")
    deviation = fail(reviewed, sample)
    plan(reviewed, deviation, sample)
    with reviewed.database.writing() as session:
        by, at = reviewed.people["qc_reviewer"], reviewed.clock()
        qc.end_phase_one(session, deviation, by=by, at=at)
    destroy(reviewed, sample)
    reviewed.clock.advance(minutes=3)
    reviewed.people["qc_analyst"] = reviewed.people["technician"]
    with pytest.raises(Refused, match=GONE):
        result(reviewed, sample, "viability", "97", reason=None)


def test_a_culture_that_began_before_is_read_and_none_begins_after(reviewed):
    for sample in (sample_for(reviewed, each) for each in qc.CULTURES):
        destroy(reviewed, sample)
    reviewed.sterility()
    with reviewed.database.writing() as session:
        [last] = qc.samples_for(session, reviewed.batch, "sterility")[-1:]
        kept = qc.make_sample(
            session, reviewed.people, reviewed.batch, ("sterility",), at=reviewed.clock()
        )
        assert results.finals_of(session, last, "sterility")
    destroy(reviewed, kept)
    reviewed.clock.advance(minutes=3)
    with pytest.raises(Refused, match=GONE), reviewed.database.writing() as session:
        qc.begin(session, reviewed.people, kept, at=reviewed.clock())
