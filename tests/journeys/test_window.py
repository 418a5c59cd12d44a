"""A cord at the edge of its 24 hours: inside to the second, and one second over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from demonstration.culture import ENTRIES, walk
from integrity.deviations import Deviation

pytestmark = pytest.mark.browser
DAY = timedelta(hours=24)


def waiting(site, span):
    """A batch whose first wash is due so long after the birth of its cord."""
    born_at = site.clock() - timedelta(hours=20)
    batch = site.batch(site.cord(born_at))
    for _ in walk(site.bench(), batch.id, until="wash"):
        pass
    site.clock.until(born_at + span)
    return batch, {"pbs": site.laboratory.scans["DPBS"], **ENTRIES["wash"]}


def deviations_of(site, batch):
    with site.database.reading() as reading:
        return reading.scalars(select(Deviation).where(Deviation.scope == batch.code)).all()


def wash(hand, batch, turn, typed):
    hand.open(f"/batches/{batch.code}/steps/washing/1/wash/{turn}")
    hand.fill(typed)
    hand.press()


@pytest.mark.req("EBR-07")
def test_a_first_wash_at_exactly_24_h_is_inside_the_window(site, tablet):
    batch, typed = waiting(site, DAY)
    technician = tablet("technician1")
    wash(technician, batch, 1, typed)
    assert "Recorded." in technician.text
    assert deviations_of(site, batch) == []


@pytest.mark.req("EBR-07")
def test_a_first_wash_one_second_after_24_h_stops_the_work_until_qa_has_judged_it(site, tablet):
    batch, typed = waiting(site, DAY + timedelta(seconds=1))
    technician, qa = tablet("technician1"), tablet("qa1")
    wash(technician, batch, 1, typed)
    assert "write a comment" in technician.text and technician.value("volume") == typed["volume"]
    assert deviations_of(site, batch) == []
    technician.fill({"comment": "The courier stood in the flood."})
    technician.press()
    assert "Recorded, with 1 deviation for QA." in technician.text
    (late,) = deviations_of(site, batch)
    assert late.classification == "major" and "24" in late.sentence()
    wash(technician, batch, 2, typed)
    assert "QA decides on it before work goes on" in technician.text
    technician.look("window")
    judge(qa, late)
    wash(technician, batch, 2, typed)
    assert "Recorded." in technician.text


def judge(qa, deviation):
    qa.open("/deviations")
    qa.go(deviation.code[:8])
    qa.open(f"/deviations/{deviation.code}/assess")
    qa.fill(
        {
            "cause": "The road was flooded.",
            "impact": "One second over 24 hours.",
            "classification": "major",
        }
    )
    qa.press()
    qa.open(f"/deviations/{deviation.code}/judge/continue")
    qa.sign(comment="One second makes no difference to the tissue.")
