"""A batch that is refused.

Its passages are those of donor 58R (PNAS 2000;97:3213, Table 2), more doublings than are allowed.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from demonstration import laboratory, quality
from demonstration.culture import count, walk
from integrity.deviations import Deviation
from manufacturing.donation.donations import Donor
from manufacturing.execution import batches

pytestmark = pytest.mark.browser


def thin(live: int, apart: int = 0) -> dict[str, str]:
    """Three counts of a thin suspension: so many live cells in four squares, counted in forty."""
    return count(10 * live, 1, apart=10 * apart) | {"count-squares": "40"}


# 530 cells seeded each time; 80,000, 1,100,000 and 230,000 harvested.
PASSAGES = {
    1: ("1", "0.0053", "1", thin(16)),
    2: ("1", "0.006625", "11", thin(20)),
    3: ("1", "0.0053", "2", thin(23)),
}
CHANGES = {
    "p0_count": thin(20),
    "seed": {"density": "3", "comment": "Seeded as thinly as in the published work."},
    "passage_count 3": {"comment": "Grown on as in the published work."},
    "wash_cells": {"volume": "1"},
    "final_count": thin(40, apart=1) | {"comment": "Less than the samples alone would take."},
    "dose": {"weight": "2", "per_kg": "10000"},
    "suspend": {"drawn": "0.10"},
    "satellites": {"drawn": "0.057"},
    "harvest_samples": {"comment": "As little as was harvested in the published work."},
}
SPAN = timedelta(days=14)
GOLDEN = (
    "7.237864",
    "11.019224",
    "8.761426",
    "46.4225",
    "30.4922",
    "38.3499",
    "18.257087",
    "27.018513",
)


@pytest.mark.req("EBR-16")
def test_a_batch_of_too_many_doublings_can_only_be_rejected(site, tablet):
    cord = site.cord(site.clock() - timedelta(hours=3), "58R")
    batch = site.batch(cord)
    carry(site, batch)
    accept_and_test(site, cord, batch)
    qa, releaser = tablet("qa1"), tablet("releaser1")
    qa.open(f"/batches/{batch.code}")
    said = qa.page.locator("main").evaluate("main => main.textContent")
    assert all(number in said for number in GOLDEN)
    grave = next(each for each in opened(site, batch) if each.consequence == "reject")
    assert "27.018513" in grave.sentence()
    judge(site, qa, grave)
    refuse(qa, releaser, batch)
    qa.open(f"/batches/{batch.code}/reject")
    qa.sign(comment="More doublings than the master record allows.")
    assert "Rejected" in qa.text
    with site.database.reading() as reading:
        assert batches.standing(reading, batch) == ("complete", "rejected")


def carry(site, batch):
    """To the end of the record, every passage taking 14 days to the minute."""
    bench, seeded = (
        site.bench(
            changes=CHANGES,
            figures=PASSAGES,
            medium_changes=3,
            after={"medium_change": timedelta(hours=88)},
        ),
        None,
    )
    for position in walk(bench, batch.id):
        if position.step == "seed":
            seeded = site.clock()
        elif position.step == "microbiology":
            second_person = timedelta(minutes=3) if position.cycle < 3 else timedelta(0)
            bench.after = {**bench.after, "harvest": seeded + SPAN - site.clock() - second_person}


def accept_and_test(site, cord, batch):
    """Whatever else could stand against a release is in order."""
    with site.database.reading() as reading:
        donor = reading.get_one(Donor, cord.donor_id)
    laboratory.accept(site.laboratory, donor, cord)
    office = site.quality()
    quality.receive_samples(office, batch)
    quality.test(
        office,
        batch,
        lambda _, name: name not in quality.LATE,
        figures={**quality.RESULTS, "cell_dose": "20000"},
    )
    quality.test(
        office,
        batch,
        lambda sample, name: (
            name == quality.LONG and sample.sample_kind == "spent medium with cells"
        ),
        reading=True,
    )
    quality.explain_what_follows(office, batch)
    for deviation in opened(site, batch):
        if deviation.consequence != "reject":
            quality.settle(
                office,
                deviation,
                cause="Seeded thinly on purpose.",
                impact="None on this batch.",
                reason="Planned and known before.",
            )


def opened(site, batch):
    with site.database.reading() as reading:
        return reading.scalars(
            select(Deviation).where(Deviation.scope_id.in_([batch.id, batch.cord_id]))
        ).all()


def judge(site, qa, deviation):
    """QA may not let the work go on, and judges: reject."""
    page = f"/deviations/{deviation.code}"
    qa.open(f"{page}/assess")
    qa.fill(
        {
            "cause": "Thin seeding, three passages.",
            "impact": "Older cells than allowed.",
            "classification": deviation.classification,
        }
    )
    qa.press()
    qa.open(f"{page}/judge/continue")
    qa.sign(comment="Tried to let it go on.")
    assert "no other decision here than to reject" in qa.text
    qa.open(f"{page}/judge/reject")
    qa.sign(comment="Over the limit of 25 doublings.")
    qa.open(f"{page}/close")
    qa.sign()
    assert "Closed" in qa.text


def refuse(qa, releaser, batch):
    """Neither QA's review nor a release can be signed; the pages say why."""
    for hand, page in (
        (qa, "review/sign"),
        (releaser, "release/initial"),
        (releaser, "release/final"),
    ):
        hand.open(f"/batches/{batch.code}/{page}")
        hand.sign()
        assert "Nothing was signed." in hand.text and "27.018513" in hand.text
    releaser.open(f"/batches/{batch.code}/review")
    assert "can only be rejected" in releaser.text
    assert releaser.page.locator("main a", has_text="Sign ").count() == 0
    releaser.look("refused", full=True)
