"""No field is narrower than its number and nothing runs out of its card, on every step of the
shipped record, on the three sizes of a tablet that a clean room has."""

from __future__ import annotations

import pytest

from manufacturing.execution import inputs
from manufacturing.masters.document import SHIPPED, read

pytestmark = pytest.mark.browser
RECORD = read(SHIPPED.read_bytes())
SIZES = [(800, 1280), (1024, 768), (1280, 800)]
CUT = """() => {
  const page = document.documentElement;
  const cut = [...document.querySelectorAll("main input:not([type=hidden]), main textarea")]
    .filter((each) => each.checkVisibility() && each.type !== "radio" && each.type !== "checkbox")
    .filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.name);
  const cards = [...document.querySelectorAll(".bench-main, .bench-aside .card, .derived, .field")];
  const out = cards.filter((each) => each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.innerText.slice(0, 40));
  const labels = [...document.querySelectorAll("main .field-label")]
    .filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect());
  const over = labels.filter((one, n) => labels.some((other, m) => m > n
    && one.left < other.right - 1 && other.left < one.right - 1
    && one.top < other.bottom - 1 && other.top < one.bottom - 1));
  return { cut, out, over: over.length, wide: page.scrollWidth > page.clientWidth };
}"""
FILL = """(values) => Object.entries(values).forEach(([name, value]) => {
  document.querySelector(`main [name="${name}"]`).value = value;
})"""
FINE = {"cut": [], "out": [], "over": 0, "wide": False}


def longest(step):
    """{input: the longest number that can be meant in it}."""
    made = {}
    for field in step.fields:
        for part in inputs.parts(field):
            if field.type == "measurement" and field.can_be.high:
                tail = "." + "8" * field.decimals if field.decimals else ""
                made[part.name] = field.can_be.high.text + tail
            elif field.type in ("incubator", "vessels"):
                made[part.name] = "38.88"
            elif field.type == "count":
                made[part.name] = "100000" if part.name.endswith("dilution") else "8888"
            elif field.type == "datetime":
                made[part.name] = "2026-11-22 08:14 +07:00"
            elif field.type in ("lot", "equipment"):
                made[part.name] = "M2600412-64"
    return made


def test_no_field_is_narrower_than_its_number_and_nothing_runs_out_of_its_card(site, tablet):
    batch, mine, found = site.batch(), tablet("technician1"), {}
    for stage in RECORD.stages:
        for step in stage.steps:
            mine.open(f"/batches/{batch.code}/steps/{stage.id}/1/{step.id}/1")
            mine.page.evaluate(FILL, longest(step))
            for width, height in SIZES:
                mine.page.set_viewport_size({"width": width, "height": height})
                if (seen := mine.page.evaluate(CUT)) != FINE:
                    found[f"{step.id} at {width}"] = seen
    assert found == {}


LISTS = ("/batches", "/cords", "/donors", "/lots", "/equipment", "/documents", "/trail")
CUT_OFF = """() => [...document.querySelectorAll(".table-frame")]
  .filter((frame) => frame.scrollWidth > frame.clientWidth + 1).map((frame) => frame.innerText)"""


def test_the_last_column_of_a_list_is_in_sight_on_a_tablet(site, tablet):
    site.batch()
    desk, found = tablet("qa1"), {}
    for path in LISTS:
        desk.open(path)
        assert desk.page.locator(".table-frame tbody tr").count()
        for width, height in SIZES:
            desk.page.set_viewport_size({"width": width, "height": height})
            if cut := desk.page.evaluate(CUT_OFF):
                found[f"{path} at {width}"] = cut[0][:60]
    assert found == {}
