"""Light or dark: as the device asks, or as somebody chose on it; paper and codes stay the same."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from tests.house.test_look import tokens

pytestmark = pytest.mark.browser
LIGHT, DARK = tokens("light"), tokens("dark")
GIVEN = """(token) => getComputedStyle(document.documentElement).getPropertyValue(token).trim()"""
SEEN = """() => getComputedStyle(document.querySelector(".top")).backgroundColor"""


def theme(mine):
    paper = mine.page.evaluate(GIVEN, "--paper")
    return {LIGHT["--paper"]: "light", DARK["--paper"]: "dark"}.get(paper, paper)


def choose(mine, value):
    mine.page.get_by_label("Colours").select_option(value)


def test_the_theme_is_that_of_the_device_until_somebody_chooses_and_the_device_keeps_it(tablet):
    mine = tablet("technician1")
    assert theme(mine) == "light"
    mine.page.emulate_media(color_scheme="dark")
    assert theme(mine) == "dark"
    choose(mine, "light")
    assert theme(mine) == "light"
    mine.open("/lots")
    assert (theme(mine), mine.page.get_by_label("Colours").input_value()) == ("light", "light")
    choose(mine, "dark")
    mine.page.emulate_media(color_scheme="light")
    mine.open("/bench")
    assert theme(mine) == "dark"
    choose(mine, "")
    mine.open("/bench")
    assert theme(mine) == "light"


def test_a_page_is_dark_at_its_first_paint(tablet):
    mine = tablet("technician1")
    choose(mine, "dark")
    mine.page.route("**/*.js?*", lambda route: _all_but_the_first(route))
    mine.page.goto(f"{mine.site.url}/lots", wait_until="commit")
    mine.page.wait_for_selector(".top")
    assert theme(mine) == "dark"


def _all_but_the_first(route):
    """The other scripts of a page never come."""
    route.continue_() if "theme.js" in route.request.url else route.abort()


def test_without_a_script_the_device_decides_and_nothing_is_offered(chromium, site):
    context = chromium.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    assert not page.locator("#colours").is_visible()
    drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB").getpixel((5, 300))
    assert "#{:02x}{:02x}{:02x}".format(*drawn) == DARK["--ground"]
    context.close()


def test_what_is_printed_is_black_on_white_whatever_was_chosen(tablet):
    mine = tablet("technician1")
    choose(mine, "dark")
    assert mine.page.evaluate(SEEN) != "rgb(255, 255, 255)"
    mine.page.emulate_media(media="print", color_scheme="dark")
    assert mine.page.evaluate(SEEN) == "rgb(255, 255, 255)"
    assert mine.page.evaluate(GIVEN, "--ink") == "#000"
    assert mine.page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == (
        "light"
    )


def test_a_code_is_dark_on_white_with_its_quiet_zone_in_the_dark_theme_and_scans(tablet):
    mine = tablet("technician1")
    choose(mine, "dark")
    mine.open("/badge/own")
    mine.named("password").fill(mine.site.passwords["technician1"])
    mine.press("Draw a badge")
    assert theme(mine) == "dark"
    code = mine.page.locator("svg.qr")
    shown = Image.open(io.BytesIO(code.screenshot())).convert("L")
    (read,) = zxingcpp.read_barcodes(shown)
    assert read.text
    modules = int(code.get_attribute("viewBox").split()[-1])
    zone = 4 * shown.width // modules - 1  # four modules, less the pixel at its rim
    assert shown.crop((1, 1, zone, shown.height - 1)).getextrema()[0] > 250
