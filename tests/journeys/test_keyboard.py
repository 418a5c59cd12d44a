"""With the keyboard alone: a step, a scan, a signature and the menu. Wherever the focus is it is
seen, it goes through the page as the page is read, and it comes out again."""

from __future__ import annotations

import pytest

from demonstration.culture import ENTRIES, walk

pytestmark = pytest.mark.browser
LEAST_RING = 3  # px
# What the focus is on: its name, how thick its ring is, and whether it can be seen as a whole.
STOP = """() => {
  const stop = document.activeElement;
  if (stop === document.body) return null;
  const drawn = getComputedStyle(stop).opacity === "0" ? stop.nextElementSibling : stop;
  const style = getComputedStyle(drawn), box = drawn.getClientRects()[0];
  const middle = (from, to, end) => Math.min(Math.max((from + to) / 2, 1), end - 1);
  const at = document.elementFromPoint(middle(box.left, box.right, innerWidth),
    middle(box.top, box.bottom, innerHeight));
  const label = stop.labels && stop.labels[0];
  return {
    name: (stop.name || stop.innerText || stop.getAttribute("aria-label")).trim().slice(0, 40),
    ring: style.outlineStyle === "none" ? 0 : parseInt(style.outlineWidth),
    seen: Boolean(at) && (drawn.contains(at) || at.contains(drawn) || Boolean(label?.contains(at))),
    form: Boolean(stop.closest("main form")), column: Math.round(box.left),
    row: Math.round(box.top + scrollY), end: Math.round(box.bottom + scrollY),
  };
}"""
STOPS = """() => {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, "
    + "textarea, summary, [tabindex='0']")].filter((each) => each.checkVisibility()
    && !each.disabled && each.tabIndex >= 0 && each.getClientRects().length);
  const names = new Set(), one = (each) => each.type !== "radio" || !names.has(each.name)
    && names.add(each.name);
  return all.filter(one).length;
}"""


def stop_of(mine):
    return mine.page.evaluate(STOP)


def go_on(mine, key="Tab"):
    """One stop further; wherever the focus comes to is seen."""
    mine.page.keyboard.press(key)
    stop = stop_of(mine)
    assert stop is None or (stop["ring"] >= LEAST_RING and stop["seen"]), (mine.path, stop)
    return stop


def go_to(mine, name, key="Tab"):
    """As many stops further as it is to the one of this name."""
    passed = []
    while len(passed) < 120:
        stop = go_on(mine, key)
        if stop and stop["name"].startswith(name):
            return stop
        passed.append(stop and stop["name"])
    raise AssertionError(f"the focus never comes to {name} on {mine.path}: {passed}")


def press(mine, key="Enter"):
    with mine.page.expect_navigation(wait_until="load"):
        mine.page.keyboard.press(key)


def through(mine):
    """Every stop of the page from its beginning to its end."""
    mine.page.locator(".skip").focus()  # a step opens in its first field
    stops = [stop_of(mine)]
    while (stop := go_on(mine)) and stop != stops[0]:  # the browser may begin again by itself
        stops.append(stop)
        assert len(stops) < 400, f"nothing ends on {mine.path}"
    return stops


def sign_in(mine, username):
    mine.page.goto(f"{mine.site.url}/sign-in")
    assert stop_of(mine)["name"] == "username"
    mine.page.keyboard.type(username)
    go_to(mine, "password")
    mine.page.keyboard.type(mine.site.passwords[username])
    press(mine)
    assert mine.signed_in


def test_a_step_is_recorded_from_the_sign_in_on_without_a_pointer(site, tablet):
    batch, mine = site.batch(), tablet("")
    for _ in walk(site.bench(), batch.id, until="wash"):
        pass
    sign_in(mine, "technician1")
    go_to(mine, "Bench")
    press(mine)
    assert go_on(mine)["name"] == "Skip to the page"
    mine.page.keyboard.press("Enter")
    assert mine.page.evaluate("document.activeElement.id") == "main"
    go_to(mine, "Go on")
    press(mine)
    assert mine.path.endswith("/wash/1") and stop_of(mine)["name"] == "pbs"
    mine.page.keyboard.type(site.laboratory.scans["DPBS"])
    mine.page.keyboard.press("Enter")
    assert stop_of(mine)["name"] == "volume"
    mine.page.keyboard.type(ENTRIES["wash"]["volume"], delay=80)
    go_to(mine, "clarity")
    mine.page.keyboard.press("Space")
    chosen = mine.page.locator('[name="clarity"]:checked')
    first = chosen.input_value()
    mine.page.keyboard.press("ArrowRight")
    assert chosen.input_value() != first
    while chosen.input_value() != ENTRIES["wash"]["clarity"]:
        mine.page.keyboard.press("ArrowRight")
    go_to(mine, "Record")
    press(mine)
    assert "Recorded." in mine.text


def test_the_menu_of_the_bench_opens_leads_on_and_closes_behind_the_focus(site, tablet):
    mine = tablet("technician1")
    mine.open("/bench")
    menu = mine.page.locator("details.menu")
    go_to(mine, "Menu")
    mine.page.keyboard.press("Enter")
    go_to(mine, "Cords")
    mine.page.keyboard.press("Escape")
    assert stop_of(mine)["name"] == "Menu" and menu.get_attribute("open") is None
    mine.page.keyboard.press("Space")
    assert menu.get_attribute("open") is not None
    go_to(mine, "Switch")
    assert menu.get_attribute("open") is None
    go_to(mine, "Menu", "Shift+Tab")
    mine.page.keyboard.press("Enter")
    go_to(mine, "Materials")
    press(mine)
    assert mine.path == "/lots"


def test_a_scan_finds_a_lot_and_the_focus_reaches_what_can_be_done_with_it(site, tablet):
    mine = tablet("qa1")
    mine.open("/lots")
    go_to(mine, "code")
    mine.page.keyboard.type(site.laboratory.scans["DPBS"])
    press(mine)
    assert mine.path.startswith("/lots/")
    go_to(mine, "Put on hold")
    press(mine)
    assert mine.path == "/holds/new"


def test_a_decision_is_signed_without_a_pointer(site, tablet):
    batch, mine = site.batch(), tablet("qa1")
    mine.open(f"/batches/{batch.code}/hold")
    go_to(mine, "comment")
    mine.page.keyboard.type("The room alarm of this morning is looked into first.")
    go_to(mine, "password")
    mine.page.keyboard.type(site.passwords["qa1"])
    press(mine)
    assert "on hold" in mine.text.lower(), mine.text


PAGES = ("/", "/bench", "/lots", "/trail", "/documents/keys", "{step}", "{batch}", "{hold}")


def test_the_focus_comes_once_to_everything_on_a_page_and_out_of_it_again(site, tablet):
    batch, mine = site.batch(), tablet("technician1")
    mine.page.set_viewport_size({"width": 1024, "height": 768})
    where = f"/batches/{batch.code}"
    named = {"step": f"{where}/next", "batch": where, "hold": f"{where}/hold"}
    for page in PAGES:
        mine.open(page.format(**named))
        stops = through(mine)
        assert len(stops) == mine.page.evaluate(STOPS), (page, [each["name"] for each in stops])
        assert stops[0]["name"] == "Skip to the page", page
        inside = [each for each in stops if each["form"]]
        assert inside or page not in ("{step}", "{hold}")
        for one, other in zip(inside, inside[1:], strict=False):
            is_below = other["row"] >= one["end"] - 1
            assert is_below or other["column"] > one["column"], (page, one, other)


def test_a_table_that_is_wider_than_its_frame_takes_the_focus_and_the_arrow_keys_move_it(
    site, tablet
):
    mine = tablet("admin1")
    mine.page.set_viewport_size({"width": 800, "height": 1280})
    mine.open("/permissions")
    frame = mine.page.get_by_role("group", name="Who may do what")
    while not frame.evaluate("(each) => each === document.activeElement"):
        assert go_on(mine)
    mine.page.keyboard.press("ArrowRight")
    mine.page.wait_for_function("(each) => each.scrollLeft > 0", arg=frame.element_handle())
    go_on(mine)
    mine.page.set_viewport_size({"width": 1920, "height": 1080})
    mine.page.wait_for_function("() => !document.querySelector('.table-frame[tabindex]')")


def test_a_stage_of_a_batch_that_is_folded_opens_for_whoever_is_led_to_it(site, tablet):
    batch, mine = site.batch(), tablet("technician1")
    for _ in walk(site.bench(), batch.id, until="mince"):
        pass
    mine.open(f"/batches/{batch.code}")
    folded = mine.page.locator("details.round").filter(has_text="Line clearance").first
    assert folded.get_attribute("open") is None
    go_to(mine, "Line clearance")
    mine.page.keyboard.press("Enter")
    mine.page.wait_for_function("(each) => each.open", arg=folded.element_handle())
    assert folded.locator("summary").evaluate("(each) => each.getBoundingClientRect().top >= 0")
