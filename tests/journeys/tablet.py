"""A tablet in the clean room.

Real Chromium at 1280 × 800, in the hands of whoever signed in on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page

from tests.journeys.site import Site

SIZE = {"width": 1280, "height": 800}
KINDS = """() => Object.fromEntries([...document.querySelectorAll("main [name]")].map((field) => {
    const kind = field.closest("details") ? "folded" : "typed";
    const other = ["radio", "checkbox"].includes(field.type) ? field.type : kind;
    return [field.name, "scan" in field.dataset ? "scan" : other];
}))"""


class Tablet:
    """One browser with its own session."""

    def __init__(self, browser: Browser, site: Site, username: str = ""):
        self.context = browser.new_context(
            viewport=SIZE, accept_downloads=True, reduced_motion="reduce"
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.site, self.username = site, username
        self.faults: list[str] = []
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.on("response", self._look)
        if username:
            self.open("/bench")

    def _look(self, response: Any) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        """What the page says, as it is read."""
        return re.sub(r"\s+", " ", self.page.locator("body").inner_text())

    @property
    def signed_in(self) -> str:
        """The printed name of who is signed in, or nothing."""
        who = self.page.locator(".who-name")
        return who.inner_text() if who.count() else ""

    def named(self, name: str) -> Locator:
        """The inputs of a name in the page's own part."""
        return self.page.locator(f'main [name="{name}"]')

    def value(self, name: str) -> str:
        return self.named(name).first.input_value()

    def open(self, path: str) -> None:
        """Open a page.

        Whoever has this tablet in hand unlocks it or signs in where it asks for that.
        """
        self.page.goto(self.site.url + path)
        self.let_in()

    def let_in(self) -> None:
        """Answer the lock or the sign-in page, if one of them is what is shown."""
        if self.page.locator('form[action="/unlock"]').count():
            self.named("password").fill(self.site.passwords[self.username])
            self.press()
        elif self.path == "/sign-in":
            self.named("username").fill(self.username)
            self.named("password").fill(self.site.passwords[self.username])
            self.press()

    def press(self, text: str = "") -> None:
        """Press the large button of the page's first form, or the one with this text, and wait for
        the answer.
        """
        buttons = self.page.locator("main form button[type=submit]", has_text=text or None)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            buttons.first.click()

    def go(self, text: str) -> None:
        """Follow the link that says this."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.locator("main a", has_text=text).first.click()

    def fill(self, values: Mapping[str, str]) -> None:
        """Fill a form as a hand and a scanner would.

        Buttons tapped, ticks set, codes scanned with Enter, the rest typed.
        """
        kinds = self.page.evaluate(KINDS)
        for name, value in values.items():
            field, kind = self.named(name), kinds.get(name)
            assert kind, f"{name} is not on {self.path}: {sorted(kinds)}"
            if kind == "radio":
                self.page.locator(f'main .choice:has([name="{name}"][value="{value}"])').click()
            elif kind == "checkbox":
                field.first.set_checked(value == "y", force=True)
            elif kind == "scan":
                field.first.fill("")
                field.first.press_sequentially(value)
                field.first.press("Enter")
            else:
                self._type(field.first, value, kind == "folded")

    def _type(self, field: Locator, value: str, folded: bool) -> None:
        if folded and not field.is_visible():
            field.locator("xpath=ancestor::details/summary").first.click()
        field.fill(value)

    def sign(self, username: str = "", comment: str = "") -> None:
        """Sign on a signing page: as somebody else on this tablet, or as oneself.

        The user name where it is asked for.
        """
        signer = username or self.username
        if comment:
            self.named("comment").fill(comment)
        if self.named("username").count():
            self.named("username").fill(signer)
        self.named("password").fill(self.site.passwords[signer])
        self.press()

    def look(self, name: str, full: bool = False) -> None:
        """Keep a picture where one is asked for."""
        from tests.journeys.pictures import keep

        keep(self.page, name, full)

    def close(self) -> None:
        self.context.close()
        assert not self.faults, self.faults


def judge_exceptions(hand: Tablet) -> None:
    """Say on the review page, which is open, that each exception has no effect."""
    asked = hand.page.locator('main input[type="radio"][name^="effect_"][value="none"]')
    names = [str(each.get_attribute("name")) for each in asked.all()]
    if names:
        hand.fill(dict.fromkeys(names, "none"))
        hand.press("Record what you hold")
