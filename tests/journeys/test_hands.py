"""What hands in gloves do by accident: Enter in a number field, a scan with something else in
focus, a scan of something that the page does not ask for."""

from __future__ import annotations

import re
import time

import pytest
from sqlalchemy import func, select

from demonstration.culture import ENTRIES, walk
from manufacturing.execution.entries import Entry

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _patient(chromium):
    from playwright.sync_api import expect as expecting

    expecting.set_options(timeout=15_000)


def expect(place):
    from playwright.sync_api import expect as expecting

    return expecting(place)


def entries_of(site, batch):
    with site.database.reading() as reading:
        return reading.scalar(select(func.count()).where(Entry.batch_id == batch.id))


def at_step(site, tablet, step):
    """(batch, tablet) where this step is what is next."""
    batch = site.batch()
    for _ in walk(site.bench(), batch.id, until=step):
        pass
    mine = tablet("technician1")
    mine.open(f"/batches/{batch.code}/next")
    assert f"/{step}/" in mine.path
    return batch, mine


def focused(mine):
    return mine.page.evaluate("document.activeElement.name || document.activeElement.type")


def scan(mine, code):
    """As a scanner types: fast, into whatever has the focus, with Enter at the end.

    Each key says when it came, five milliseconds after the one before, however busy this machine
    is.
    """
    keys = [{"key": each, "text": each} for each in code]
    keys.append({"key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13})
    keyboard, begins = mine.page.context.new_cdp_session(mine.page), time.time()
    for number, key in enumerate(keys):
        pressed = {"timestamp": begins + number * 0.005, **key}
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **pressed})
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed, "text": ""})


def test_a_step_opens_in_its_first_field_and_enter_goes_on_and_never_records(site, tablet):
    batch, mine = at_step(site, tablet, "wash")
    before = entries_of(site, batch)
    assert focused(mine) == "pbs"
    scan(mine, site.laboratory.scans["DPBS"])
    seen = [focused(mine)]
    mine.page.keyboard.type("200.0", delay=80)
    for _ in range(3):
        mine.page.keyboard.press("Enter", delay=20)
        mine.page.wait_for_timeout(50)
        seen.append(focused(mine))
    assert seen[0] == "volume" and "submit" in seen and mine.path.endswith("/wash/1")
    assert mine.value("volume") == "200.0"
    assert entries_of(site, batch) == before
    mine.fill({name: value for name, value in ENTRIES["wash"].items() if name != "volume"})
    mine.press()
    assert "Recorded." in mine.text and entries_of(site, batch) == before + 1


@pytest.mark.parametrize("focus", ["nothing", "button", "number"])
def test_a_scan_goes_to_the_field_that_waits_for_it_whatever_has_the_focus(site, tablet, focus):
    _, mine = at_step(site, tablet, "wash")
    if focus == "nothing":
        mine.page.evaluate("document.activeElement.blur()")
    elif focus == "button":
        mine.page.locator("main form button[type=submit]").first.focus()
    else:
        mine.named("volume").focus()
        mine.page.keyboard.type("19", delay=90)
        mine.page.wait_for_timeout(100)
    scan(mine, site.laboratory.scans["DPBS"])
    expect(mine.named("pbs")).to_have_value(site.laboratory.scans["DPBS"])
    assert mine.value("volume") == ("19" if focus == "number" else "")
    assert mine.path.endswith("/wash/1") and focused(mine) == "volume"
    mine.page.wait_for_selector("#seen-pbs .recognised")
    assert "use by" in mine.text


@pytest.mark.parametrize("into", ["nothing", "the scan box"])
def test_a_scan_that_no_field_wants_asks_before_it_leaves_what_is_typed(site, tablet, into):
    _, mine = at_step(site, tablet, "wash")
    other = site.laboratory.scans["incubator"]
    mine.fill({"volume": "203.5"})
    mine.page.evaluate("document.activeElement.blur()")
    if into == "the scan box":
        mine.page.locator("#scan").focus()
    scan(mine, other)
    asked = mine.page.locator("#leave")
    asked.wait_for(state="visible")
    assert other in re.sub("-", "", asked.inner_text())
    asked.get_by_text("Stay here").click()
    assert mine.path.endswith("/wash/1") and mine.value("volume") == "203.5"
    assert focused(mine) == "pbs"
    mine.page.evaluate("document.activeElement.blur()")
    scan(mine, other)
    asked.wait_for(state="visible")
    with mine.page.expect_navigation(wait_until="domcontentloaded"):
        asked.get_by_text("Leave without recording").click()
    assert "/equipment/" in mine.path, mine.text


def test_a_scan_that_no_field_wants_opens_what_it_is_where_nothing_is_typed(site, tablet):
    _, mine = at_step(site, tablet, "wash")
    mine.page.evaluate("document.activeElement.blur()")
    with mine.page.expect_navigation(wait_until="domcontentloaded"):
        scan(mine, site.laboratory.scans["incubator"])
    assert "/equipment/" in mine.path, mine.text


@pytest.mark.req("EBR-16")
def test_what_is_to_be_seeded_is_worked_out_from_what_is_typed_before_anything_is_recorded(
    site, tablet
):
    batch, mine = at_step(site, tablet, "p0_seed")
    before = entries_of(site, batch)
    place = mine.page.locator("#seen-to_seed")
    assert "worked out as soon as" in place.inner_text()
    mine.fill({"flasks": "2", "density": "10000"})
    mine.page.wait_for_selector("#seen-to_seed .seen-value")
    assert "mL" in place.inner_text() and "not yet recorded" in place.inner_text()
    volume = place.locator(".seen-value").inner_text().split()[0]
    mine.fill({"volume": volume})
    mine.page.wait_for_selector("#seen-reached .status-accepted")
    shown = mine.page.locator("#seen-reached").inner_text()
    assert "In its limits" in shown
    mine.fill({"density": "20000"})
    mine.page.wait_for_selector("#seen-density .seen-said")
    mine.fill({"density": "ten thousand"})
    expect(place.locator(".seen-value")).to_have_count(0)
    assert entries_of(site, batch) == before and mine.faults == []
