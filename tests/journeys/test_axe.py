"""Every page of a filled site is read by axe in three sizes, light and dark: it finds nothing.

The same visit folds each page to half of 1280 × 800, which is what 200 % makes of it.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys import visits
from tests.journeys.site import opened_as
from tests.makers.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe" / "axe.min.js"
SIZES = [(1280, 800), (1024, 768), (800, 1280)]
ZOOMED = (640, 400)  # 1280 × 800 at 200 %
RUN = """(rules) => axe.run(document, { elementRef: false, resultTypes: ["violations"], ...rules })
  .then((said) => said.violations.flatMap((each) => each.nodes.map((node) =>
    [`${each.impact}: ${each.id}`, node.html.slice(0, 160)])))"""
COLOURS = {"runOnly": ["color-contrast"]}
SHAPES = {"rules": {"color-contrast": {"enabled": False}}}
# What runs out of the page, what its box cuts off, and what stands on something else.
FOLDED = """() => {
  const wide = document.documentElement, seen = (each) => each.checkVisibility()
    && !each.closest(".skip") && each.getClientRects().length
    && getComputedStyle(each).clipPath === "none";  // or it is there for readers only
  const words = (each) => (each.innerText || each.name || each.className).trim().slice(0, 60);
  const inner = [...document.querySelectorAll("body *")].filter(seen);
  const cut = inner.filter((each) => ["hidden", "clip"].includes(getComputedStyle(each).overflowX)
    && each.scrollWidth > each.clientWidth + 1 && !each.matches("progress"));
  const acts = inner.filter((each) => each.matches("a, button, input, select, textarea, summary, "
    + "label.field-label, h1, h2, h3, .status") && !each.closest(".choice, .tick, svg"));
  const boxes = acts.flatMap((each) => [...each.getClientRects()].map((box) => [each, box]));
  const over = boxes.filter(([one, a], n) => boxes.some(([other, b], m) => m > n
    && !one.contains(other) && !other.contains(one)
    && a.left < b.right - 2 && b.left < a.right - 2
    && a.top < b.bottom - 2 && b.top < a.bottom - 2));
  return [
    ...(wide.scrollWidth > wide.clientWidth ? [["wider than the page", inner.filter((each) =>
      each.getBoundingClientRect().right > wide.clientWidth + 1
      && !each.closest(".table-frame, pre")).map(words).join(" | ").slice(0, 160)]] : []),
    ...cut.map((each) => ["cut off", words(each)]),
    ...over.map(([each]) => ["stands on another", words(each)]),
  ];
}"""


@contextmanager
def signed_in(chromium, site, username):
    """A page of a browser of its own, in the hands of this person."""
    width, height = SIZES[0]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    page = context.new_page()
    if username:
        page.goto(f"{site.url}/sign-in")
        page.fill("main [name=username]", username)
        page.fill("main [name=password]", site.passwords[username])
        page.click("main form button[type=submit]")
    yield page
    context.close()


def look(page, is_first):
    """[(what is wrong, where)] of the page that is open.

    A page of a kind that was seen before is read in one size: another record changes no layout.
    """
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(RUN, {})
    for width, height in SIZES[1:] if is_first else ():
        page.set_viewport_size({"width": width, "height": height})
        found += page.evaluate(RUN, SHAPES)
    page.emulate_media(color_scheme="dark")
    found += [[f"dark, {rule}", where] for rule, where in page.evaluate(RUN, COLOURS)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    found += [[f"at 200 %, {what}", where] for what, where in page.evaluate(FOLDED)]
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    return {tuple(each) for each in found}


def go_through(chromium, site, itinerary, wrong):
    for username, addresses in itinerary.items():
        if not addresses:
            continue
        with signed_in(chromium, site, username) as page:
            for address, is_first in addresses:
                page.goto(site.url + address)
                for what in look(page, is_first):
                    wrong[what].append(f"{username} {address}")


def told(wrong):
    """{what is wrong, where: how often, and on which page first}."""
    return {what: (len(places), places[0]) for what, places in sorted(wrong.items())}


def test_axe_finds_nothing_on_any_page_in_any_size_light_or_dark(
    chromium, world, templates, tmp_path
):
    wrong = defaultdict(list)
    itinerary = visits.of_the_demonstration(world)
    assert sum(map(len, itinerary.values())) > 130
    with served(templates, "demonstration", tmp_path, world.passwords) as site:
        go_through(chromium, site, itinerary, wrong)
    for state in visits.WAITING:
        waiting = visits.of_what_waits(state, itinerary, templates, tmp_path)
        assert any(waiting.values())
        everybody = dict.fromkeys(waiting, PASSWORD)
        with served(templates, state, tmp_path, everybody) as site:
            go_through(chromium, site, waiting, wrong)
    assert told(wrong) == {}


@contextmanager
def served(templates, state, folder, passwords):
    path = folder / f"visited-{state}.db"
    template = templates.copy(state, path)
    with opened_as(path, template.moment + timedelta(minutes=1), passwords) as site:
        yield site
