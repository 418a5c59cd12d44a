"""Somebody who walks from page to page and counts what it costs them.

A page is what the browser loads, a tap is a press on a link, a button or a choice, a key is a
character that a hand types. A scanned code is one scan and no key.
"""

from __future__ import annotations

from collections import Counter

from playwright.sync_api import Browser, Frame, Locator

from tests.journeys.site import Site
from tests.journeys.tablet import Tablet

COUNTED = ("pages", "taps", "keys", "scans", "passwords")


class Walker(Tablet):
    """A person with a device of their own, who opens the first page once and follows links."""

    def __init__(self, browser: Browser, site: Site, username: str, counts: Counter[str]):
        self.counts = counts
        super().__init__(browser, site)
        self.username = username
        self.page.on("framenavigated", self._turned)
        self.page.goto(f"{site.url}/")
        self.let_in()

    def _turned(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.counts["pages"] += 1

    # What hands do
    # ---------------------------------------------------------------------------------------------

    def _type(self, field: Locator, value: str, folded: bool) -> None:
        if field.input_value() == value:
            return
        if field.evaluate("field => field.tagName") == "SELECT":
            self.counts["taps"] += 2  # the list is opened, and one of it is chosen
            field.select_option(value)
            return
        self.counts["taps" if folded else "keys"] += 1  # unfolding, or going on to the field
        self.counts["keys"] += len(value)
        super()._type(field, value, folded)

    def fill(self, values: dict[str, str]) -> None:
        before = self.page.evaluate(_STANDING)
        asked = {name: value for name, value in values.items() if before.get(name) != value}
        kinds = self.page.evaluate(_KINDS)
        self.counts["scans"] += sum(kinds.get(name) == "scan" for name in asked)
        self.counts["taps"] += sum(kinds.get(name) in ("radio", "checkbox") for name in asked)
        super().fill(asked)

    def press(self, text: str = "") -> None:
        self.counts["taps"] += 1
        super().press(text)
        self.let_in()
        refused = self.page.locator("main .error-summary")
        assert not refused.count(), f"{self.path}: {refused.inner_text()}"

    def go(self, text: str, within: str = "main", to: str = "") -> None:
        """Follow the first link in a part of the page that says this and leads to what ends so."""
        self.counts["taps"] += 1
        links = self.page.locator(f"{within} a{f'[href$={to!r}]' if to else ''}:visible")
        found = links.filter(has_text=text)
        assert found.count(), f"no link {text!r} {to} on {self.path}: {links.all_inner_texts()}"
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            found.first.click()
        self.let_in()

    def tap(self, selector: str) -> None:
        """Tap something that stays on the page."""
        self.counts["taps"] += 1
        self.page.locator(selector).first.click()

    def home(self) -> None:
        """The first page, by the name in the corner of every page."""
        self.go("Cordbook", "header")

    def menu(self, text: str) -> None:
        self.go(text, "nav.navigation")

    def scan(self, code: str) -> None:
        """Scan a code into the box of every page, which opens what it names."""
        self.counts["scans"] += 1
        box = self.page.locator("#scan")
        box.fill(code)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            box.press("Enter")
        self.let_in()

    def sign(self, username: str = "", comment: str = "") -> None:
        signer = username or self.username
        assert self.named("password").count(), f"nothing to sign on {self.path}: {self.text}"
        if comment:
            self._type(self.named("comment").first, comment, False)
        if self.named("username").count():
            self._type(self.named("username").first, signer, False)
        self._password(self.site.passwords[signer])
        self.press()

    def let_in(self) -> None:
        """Sign in or unlock, where a page asks for it."""
        if self.page.locator('form[action="/unlock"]').count() == 0:
            if self.path != "/sign-in":
                return
            self._type(self.named("username").first, self.username, False)
        self._password(self.site.passwords[self.username])
        self.counts["taps"] += 1
        super().press()

    def _password(self, password: str) -> None:
        self.counts["passwords"] += 1
        self.counts["keys"] += len(password)
        self.named("password").first.fill(password)


_STANDING = """() => Object.fromEntries([...document.querySelectorAll("main [name]")]
    .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked)
    .map((field) => [field.name, field.value]))"""
_KINDS = """() => Object.fromEntries([...document.querySelectorAll("main [name]")].map((field) =>
    [field.name, "scan" in field.dataset ? "scan" : field.type]))"""


def said(counts: Counter[str]) -> str:
    """The counts in one line."""
    return ", ".join(f"{counts[name]} {name}" for name in COUNTED)
