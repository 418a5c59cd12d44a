"""Labels of what a step made are printed from the page that follows it, with what is typed there
left alone."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from demonstration.culture import ENTRIES, walk
from labels.print_register import LabelPrint

pytestmark = pytest.mark.browser


def printed(site):
    with site.database.reading() as reading:
        return reading.scalar(select(func.count(LabelPrint.id)))


@pytest.fixture
def mine(site, tablet):
    """A tablet on the page that follows the mincing, which made a tissue vessel."""
    batch = site.batch()
    for _ in walk(site.bench(), batch.id, until="enzyme"):
        pass
    made = tablet("technician1")
    made.open(f"/batches/{batch.code}/next")
    assert "/enzyme/" in made.path
    return made


@pytest.mark.req("LAB-04")
def test_one_tap_prints_what_the_step_before_made_and_what_is_typed_stays(site, mine):
    before, volume = printed(site), ENTRIES["enzyme"]["volume"]
    card = mine.page.locator(".to-print")
    assert "Cut and mince" in card.inner_text()
    mine.fill({"volume": volume})
    with mine.page.expect_download() as saved:
        card.get_by_role("button", name="Print 1 label").first.click()
    assert saved.value.suggested_filename.endswith(".pdf")
    card.get_by_role("status").wait_for()
    assert "1 label printed." in card.inner_text()
    assert (mine.value("volume"), printed(site)) == (volume, before + 1)
    mine.page.reload()
    assert "Cut and mince" not in mine.text.split("Add the enzyme")[0].split("earlier")[0]


def test_a_card_is_put_away_without_leaving_the_page(site, mine):
    before = printed(site)
    mine.fill({"volume": "12.0"})
    mine.page.get_by_role("button", name="Put away").click()
    mine.page.locator(".to-print").wait_for(state="detached")
    assert (mine.value("volume"), printed(site)) == ("12.0", before)
