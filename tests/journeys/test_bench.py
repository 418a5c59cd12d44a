"""What happens to tablets in the middle of a step.

Tapped twice, used at the same time, left alone, handed over.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from demonstration.culture import ENTRIES, walk
from manufacturing.execution.entries import Entry

pytestmark = pytest.mark.browser
WASH = "/batches/{code}/steps/washing/1/wash/1"


def entries_of(site, batch, step):
    with site.database.reading() as reading:
        return reading.scalar(
            select(func.count()).where(Entry.batch_id == batch.id, Entry.step == step)
        )


def washing(site, **changes):
    """A batch whose first wash is due."""
    batch = site.batch()
    for _ in walk(site.bench(**changes), batch.id, until="wash"):
        pass
    return (
        batch,
        WASH.format(code=batch.code),
        {"pbs": site.laboratory.scans["DPBS"], **ENTRIES["wash"]},
    )


def test_a_double_tap_on_the_record_button_is_one_entry(site, tablet):
    batch, path, typed = washing(site)
    mine = tablet("technician1")
    mine.open(path)
    mine.fill(typed)
    with mine.page.expect_navigation():
        mine.page.locator("main form button[type=submit]").first.dblclick()
    assert "Recorded." in mine.text
    # The same again without the browser's own care: the very form posted twice.
    mine.open(path.replace("/wash/1", "/wash/2"))
    mine.fill(typed)
    mine.page.evaluate("""async () => {
        const form = document.querySelector("main form");
        const body = () => new URLSearchParams(new FormData(form));
        const post = () => fetch(location.href, {method: "POST", body: body()});
        await Promise.all([1, 2, 3].map(post));
    }""")
    assert entries_of(site, batch, "wash") == 2


def test_the_second_of_two_tablets_on_one_step_is_refused_with_what_was_typed_kept(site, tablet):
    batch, path, typed = washing(site)
    first, second = tablet("technician1"), tablet("technician2")
    for each in (first, second):
        each.open(path)
    first.fill(typed)
    second.fill(typed | {"volume": "207.5"})
    first.press()
    second.press()
    assert "Recorded." in first.text
    assert "recorded already, perhaps on another tablet" in second.text
    assert second.value("volume") == "207.5"
    assert entries_of(site, batch, "wash") == 1


def test_what_an_answer_asks_for_is_shown_with_it_and_neither_shown_nor_sent_without_it(
    site, tablet
):
    batch = site.batch()
    for position in walk(site.bench(), batch.id, until="wash_cells"):
        assert position.step != "wash_cells"
    mine = tablet("technician1")
    mine.open(f"/batches/{batch.code}/next")
    scans = site.laboratory.scans
    assert not mine.named("albumin").is_visible()
    mine.fill({"saline": scans["Saline 0.9 %"], "washed_in": "albumin"})
    assert mine.named("albumin").is_visible()
    mine.fill({"albumin": scans["Human albumin"], "centrifuge": scans["centrifuge"]})
    mine.fill({"volume": "20", "washed_in": "saline"})
    assert not mine.named("albumin").is_visible()
    mine.press()
    assert "Recorded" in mine.text
    with site.database.reading() as reading:
        [entry] = reading.scalars(select(Entry).where(Entry.step == "wash_cells"))
    assert "albumin" not in entry.values and entry.values["washed_in"] == {"value": "saline"}
    assert mine.faults == []


@pytest.mark.req("IAM-08")
def test_a_tablet_left_alone_in_the_middle_of_a_step_gives_the_typed_values_back(site, tablet):
    batch, path, typed = washing(site)
    mine = tablet("technician1")
    mine.open(path)
    mine.fill(typed | {"volume": "203.5"})
    site.clock.wait(timedelta(minutes=11))
    mine.press()
    assert "This tablet is locked" in mine.text
    assert entries_of(site, batch, "wash") == 0
    mine.let_in()
    assert (
        mine.path == path and mine.value("volume") == "203.5" and mine.value("pbs") == typed["pbs"]
    )
    assert mine.page.locator('[name="clarity"][value="clear"]').is_checked()
    mine.press()
    assert entries_of(site, batch, "wash") == 1


@pytest.mark.req("SIG-10")
def test_the_second_person_signs_on_the_first_ones_tablet_and_leaves_it_as_it_was(site, tablet):
    batch = site.batch()
    mine = tablet("technician1")
    mine.open(f"/batches/{batch.code}/next")
    mine.fill(
        {"cabinet": site.laboratory.scans["biosafety cabinet"], **ENTRIES["clearance_before"]}
    )
    mine.press()
    assert mine.path.endswith("/verify")
    mine.sign("technician1")  # nobody verifies what they did themselves
    assert "must be somebody else" in mine.text
    mine.sign("verifier1")
    assert mine.signed_in == "Technician 1" and "/steps/receipt/1/cord_receipt/1" in mine.path
    mine.fill(ENTRIES["cord_receipt"])
    mine.press()
    mine.sign()
    assert entries_of(site, batch, "cord_receipt") == 1
