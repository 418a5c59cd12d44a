"""The digestion counts down in sight of the bench and sounds when it may and when it must end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demonstration.culture import walk

pytestmark = pytest.mark.browser


def digesting(site, tablet, span):
    """(batch, tablet) so long after the enzyme was recorded."""
    batch = site.batch()
    for _ in walk(site.bench(), batch.id, until="neutralise"):
        pass
    from manufacturing.execution import batch_state

    with site.database.reading() as reading:
        [(_, since)] = batch_state.gather(reading, batch.id).running()
    site.idle_after(120)
    site.clock.at = since + span
    return batch, tablet("technician1")


def expect(place):
    from playwright.sync_api import expect as expecting

    return expecting(place)


@pytest.mark.req("EBR-08")
@pytest.mark.parametrize("page", ["bench", "step", "batch"])
def test_a_timer_counts_down_by_the_servers_time_and_sounds_when_it_may_be_stopped(
    site, tablet, page
):
    batch, mine = digesting(site, tablet, timedelta(minutes=59, seconds=56))
    paths = {"bench": "/bench", "step": f"/batches/{batch.code}/next"}
    mine.open(paths.get(page, f"/batches/{batch.code}"))
    card = mine.page.locator(".timer", has_text="Digestion")
    assert "0 min 0" in card.inner_text() and "until it may be stopped" in card.inner_text()
    mine.page.mouse.click(5, 5)
    expect(card).to_have_attribute("data-rung", "end", timeout=15_000)
    assert "may be stopped; left until it must be" in card.inner_text()
    mine.page.reload()
    expect(card).to_have_attribute("data-stands", "end")
    assert card.get_attribute("data-rung") is None  # it sounds once
    assert mine.faults == []


def test_an_end_that_passed_while_no_page_was_open_sounds_on_the_next_one(site, tablet):
    batch, mine = digesting(site, tablet, timedelta(hours=4, minutes=3))
    mine.page.mouse.click(5, 5)  # of the bench, to which the sign-in has led
    card = mine.page.locator(".timer", has_text="Digestion")
    expect(card).to_have_attribute("data-rung", "over", timeout=15_000)
    assert "3 min 0" in card.inner_text() and "over its time" in card.inner_text()
    mine.open(f"/batches/{batch.code}/next")
    expect(card).to_have_attribute("data-stands", "over")
    assert card.get_attribute("data-rung") is None  # it sounds once
