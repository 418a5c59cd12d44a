"""A tablet is handed over by badge, and what was typed before it was locked is there again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demonstration.culture import walk
from people import badges
from tests.journeys.tablet import Tablet

pytestmark = pytest.mark.browser


def draw(mine: Tablet, codes: list[str]) -> str:
    """The badge of who is signed in, drawn and shown once."""
    mine.open("/badge/own")
    mine.named("password").fill(mine.site.passwords[mine.username])
    mine.press("Draw")
    assert "Shown this once" in mine.text and mine.page.locator(".qr").is_visible()
    return codes[-1]


def scan(mine: Tablet, code: str) -> None:
    field = mine.page.locator("#badge_password")
    field.press_sequentially(code)
    with mine.page.expect_navigation(wait_until="domcontentloaded"):
        field.press("Enter")


@pytest.mark.req("IAM-10")
def test_the_second_person_takes_the_tablet_by_badge_and_hands_it_back(site, tablet, monkeypatch):
    codes, new = [], badges.new_code
    monkeypatch.setattr(badges, "new_code", lambda: codes.append(new()) or codes[-1])
    batch = site.batch()
    for _ in walk(site.bench(), batch.id, until="wash"):
        pass
    mine = tablet("technician1")
    first = draw(mine, codes)
    name = mine.signed_in
    with mine.page.expect_navigation(wait_until="domcontentloaded"):
        mine.page.get_by_role("button", name="Switch").click()
    mine.username = "technician2"
    mine.open("/bench")
    second = draw(mine, codes)
    other = mine.signed_in
    assert name != other
    with mine.page.expect_navigation(wait_until="domcontentloaded"):
        mine.page.get_by_role("button", name="Switch").click()
    scan(mine, first)
    assert mine.signed_in == name
    mine.page.goto(f"{site.url}/batches/{batch.code}/next")
    mine.fill({"volume": "203.5"})
    site.clock.wait(timedelta(minutes=45))
    with mine.page.expect_navigation(wait_until="domcontentloaded"):
        mine.page.locator("main form button[type=submit]").first.click()
    assert "This tablet is locked" in mine.text
    scan(mine, second)
    assert mine.signed_in == other
    with mine.page.expect_navigation(wait_until="domcontentloaded"):
        mine.page.get_by_role("button", name="Switch").click()
    scan(mine, first)
    mine.page.goto(f"{site.url}/batches/{batch.code}/next")
    assert mine.signed_in == name and mine.value("volume") == "203.5"
