"""A result that fails, wholly through pages: phase I with an assignable cause and another analyst's
retest, and phase II without one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from demonstration import quality
from demonstration.culture import walk
from integrity.deviations import Deviation
from integrity.trail import SYSTEM
from qc.laboratory.results import Result
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules.oos import Check
from tests.makers import qc
from tests.makers.people import PASSWORD, make_person

pytestmark = [pytest.mark.browser, pytest.mark.req("QC-05", "QC-06")]
CHECKS = {f"check_{check.value}": "in order" for check in Check}


@pytest.fixture
def batch(site):
    """A batch whose bench work is done and whose samples QC has."""
    site.idle_after(120)
    made = site.batch()
    for _ in walk(site.bench(), made.id):
        pass
    quality.receive_samples(site.quality(), made)
    return made


def sample_for(site, batch, test):
    with site.database.reading() as reading:
        return qc.samples_for(reading, batch, test)[0]


def record(site, analyst, sample, test, value):
    site.clock.wait(timedelta(minutes=5))
    analyst.open(f"/samples/{sample.code}/tests/{test}/result")
    analyst.fill({"value": value, "reference": "Notebook 3 page 40"})
    analyst.press()


def failing(site, analyst, batch, test, value):
    """(the sample, the path of the deviation that its failing result opened)."""
    sample = sample_for(site, batch, test)
    record(site, analyst, sample, test, value)
    assert "Out of specification" in analyst.text
    with site.database.reading() as reading:
        wanted = select(Deviation).where(Deviation.rule == LaboratoryRule.OUT_OF_SPECIFICATION)
        return sample, f"/deviations/{reading.scalars(wanted).one().code}"


def newest(site):
    with site.database.reading() as reading:
        return reading.scalars(select(Result).order_by(Result.id.desc())).first()


def test_an_assignable_cause_is_confirmed_and_another_analyst_retests_by_the_signed_plan(
    site, tablet, batch
):
    with site.quality().transaction(SYSTEM) as act:
        make_person(act.session, "qc_analyst", username="analyst2", at=act.at)
    site.passwords["analyst2"] = PASSWORD
    analyst, reviewer, other = tablet("analyst1"), tablet("reviewer1"), tablet("analyst2")
    sample, path = failing(site, analyst, batch, "viability", "78")
    record(site, other, sample, "viability", "92")
    assert "not judged yet" in other.text
    analyst.open(path)
    analyst.go("Write phase I")
    analyst.look("phase-one", full=True)
    found = {"check_method": "not in order", "cause": "laboratory", "said": qc.BUBBLE}
    analyst.fill(CHECKS | found | {"evidence": qc.BOOK, "retests": "1"})
    analyst.press("Record phase I")
    assert "Phase I is written" in analyst.text
    reviewer.open(path)
    reviewer.go("End phase I")
    assert "air bubble" in reviewer.text and "1 on sample" in reviewer.text
    reviewer.sign()
    assert "Cause confirmed" in reviewer.text
    reviewer.look("phase-one-ended", full=True)
    record(site, analyst, sample, "viability", "92")
    assert "Another analyst retests" in analyst.text
    record(site, other, sample, "viability", "92")
    assert "Another person reviews it" in other.text
    reviewer.open(f"/results/{newest(site).id}/review")
    assert "by the plan of deviation" in reviewer.text
    reviewer.sign()
    reviewer.open(f"/batches/{batch.code}/review")
    assert "Viability: 78 %" in reviewer.text and "Viability: 92 %" in reviewer.text
    assert "Viability fails" not in reviewer.text and "Viability not complete" not in reviewer.text


def test_without_a_cause_quality_assurance_ends_phase_two_and_the_result_stands(
    site, tablet, batch
):
    analyst, reviewer, qa = tablet("analyst1"), tablet("reviewer1"), tablet("qa1")
    writer = tablet("qa2")
    sample, path = failing(site, analyst, batch, "cd73", "90")
    analyst.open(f"{path}/phase-one")
    analyst.fill(CHECKS | {"cause": "none", "said": qc.NOTHING})
    analyst.press("Record phase I")
    reviewer.open(f"{path}/phase-one/end")
    reviewer.sign()
    qa.open(f"{path}/assess")
    qa.fill({"cause": "Not found.", "impact": "Identity.", "classification": "major"})
    qa.press()
    qa.open(f"{path}/judge/reject")
    qa.sign(comment="The identity of the cells is not shown.")
    assert "Phase II of this investigation has not ended" in qa.text
    writer.open(path)
    writer.go("Write phase II")
    writer.fill(qc.EXTENDED)
    writer.press("Record phase II")
    qa.open(path)
    qa.go("End phase II")
    assert qc.EXTENDED["manufacture"] in qa.text
    qa.sign()
    assert "The result stands" in qa.text
    qa.look("phase-two-ended", full=True)
    qa.open(f"{path}/judge/reject")
    qa.sign(comment="The identity of the cells is not shown.")
    assert "Judged: reject" in qa.text
    record(site, analyst, sample, "cd73", "97")
    assert "not tested into compliance" in analyst.text
    qa.open(f"/batches/{batch.code}/review")
    assert "CD73 positive" in qa.text and "90 %" in qa.text
    assert qa.page.locator("main a", has_text="Sign ").count() == 0
