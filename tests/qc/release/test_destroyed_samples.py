"""A sample that two people signed as destroyed is tested no more: an out-of-specification result
does not go away by a retest of what is not there. What began before is read."""

from __future__ import annotations

import pytest

from integrity import verification
from integrity.findings import Refused
from qc.laboratory import oos_phases, results
from tests.makers import fates, qc
from tests.makers.people import sign_in

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


def plan(made, deviation, sample, **other):
    with made.database.writing() as session:
        said = {"cause": "laboratory", "sample": sample.code} | other
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


def sign_plan(made, deviation, by="qc_reviewer"):
    with made.database.writing() as session:
        qc.end_phase_one(session, deviation, by=made.people[by], at=made.clock())


def extra_sample(made):
    """Another sample of the batch that asks for the test of viability, received by QC."""
    with made.database.writing() as session:
        return qc.make_sample(session, made.people, made.batch, at=made.clock())


def verified(made):
    with made.database.reading() as session:
        return verification.verify(session).faults


def test_a_signed_plan_whose_sample_is_gone_is_written_anew_and_signed_by_another(reviewed):
    sample, other = sample_for(reviewed, "viability"), extra_sample(reviewed)
    deviation = fail(reviewed, sample)
    plan(reviewed, deviation, sample, retests=2)
    sign_plan(reviewed, deviation)
    with pytest.raises(Refused, match="what was signed stands"):  # its sample is there
        plan(reviewed, deviation, other, retests=2)
    destroy(reviewed, sample)
    reviewed.clock.advance(minutes=3)
    with pytest.raises(Refused, match="waits for retests: 2"):
        plan(reviewed, deviation, other)
    with pytest.raises(Refused, match="stays: choose it again"):
        plan(reviewed, deviation, other, cause="test system", retests=2)
    plan(reviewed, deviation, other, retests=2)
    with reviewed.database.reading() as session:
        assert oos_phases.state_of(session, deviation) == "plan_open"
        assert oos_phases.investigated(session, [failing_of(session, deviation)])
    with pytest.raises(Refused, match="Another person of QC ends"):
        sign_plan(reviewed, deviation, "qc_analyst")
    sign_plan(reviewed, deviation)
    with reviewed.database.reading() as session:
        assert oos_phases.state_of(session, deviation) == "cause_confirmed"
        planned, _ = oos_phases.plans_of(session, [reviewed.batch.code])
        assert [(key[0], made[0].retests) for key, made in planned.items()] == [(other.id, 2)]
    reviewed.people["qc_analyst"] = reviewed.people["technician"]
    for value in ("97", "96"):
        result(reviewed, other, "viability", value, reason=None)
    assert verified(reviewed) == []
    with pytest.raises(Refused, match="what was signed stands"):
        plan(reviewed, deviation, other, retests=2)


def test_a_plan_that_is_open_again_can_be_written_again_and_asks_for_what_was_signed(reviewed):
    sample, other = sample_for(reviewed, "viability"), extra_sample(reviewed)
    deviation = fail(reviewed, sample)
    plan(reviewed, deviation, sample, retests=2)
    sign_plan(reviewed, deviation)
    destroy(reviewed, sample)
    plan(reviewed, deviation, other, retests=3)
    with pytest.raises(Refused, match="waits for retests: 2"):  # as many as were signed
        plan(reviewed, deviation, other, retests=1)
    plan(reviewed, deviation, other, retests=2)
    sign_plan(reviewed, deviation)
    assert verified(reviewed) == []


def failing_of(session, deviation):
    return session.get(results.Result, deviation.subject_id)


def test_the_form_offers_only_samples_that_can_be_tested_and_the_page_leads_to_it(site, finished):
    sample, other = sample_for(finished, "viability"), extra_sample(finished)
    deviation = fail(finished, sample)
    address = f"/deviations/{deviation.code}/phase-one"
    client = site.test_client()
    sign_in(client, "qcanalyst1")
    assert f'value="{sample.code}"' in client.get(address).text
    plan(finished, deviation, sample)
    sign_plan(finished, deviation)
    page = client.get(f"/deviations/{deviation.code}").text
    assert "Write the plan anew" not in page
    destroy(finished, sample)
    page = client.get(f"/deviations/{deviation.code}").text
    assert "Write the plan anew" in page and "can be tested no more" in page
    form = client.get(address).text
    assert f'value="{sample.code}"' not in form and f'value="{other.code}"' in form
    plan(finished, deviation, other)
    page = client.get(f"/deviations/{deviation.code}").text
    assert "Plan of the retest written anew" in page and "Write the plan anew" not in page
