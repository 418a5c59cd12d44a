"""The keypad of the bench: large keys for the numbers of a step, on or off on each device."""

from __future__ import annotations

import pytest

from tests.journeys.test_hands import at_step, focused

pytestmark = pytest.mark.browser
SIZES = [(800, 1280), (1024, 768), (1280, 800)]


def tap(mine, *keys):
    for key in keys:
        mine.page.locator(f'#keypad button[value="{key}"]').click()


def test_a_number_is_typed_with_the_keypad_and_next_goes_on(site, tablet):
    _, mine = at_step(site, tablet, "wash")
    mine.page.locator("#keypad-switch").click()
    assert not mine.page.locator("#keypad").is_visible()  # nothing is typed into a lot
    mine.named("volume").click()
    assert mine.named("volume").get_attribute("inputmode") == "none"
    tap(mine, "2", "0", "7", "back", "3", ".", "5")
    assert mine.value("volume") == "203.5" and focused(mine) == "volume"
    mine.page.keyboard.type("4", delay=90)
    assert mine.value("volume") == "203.54"
    for width, height in SIZES:
        mine.page.set_viewport_size({"width": width, "height": height})
        mine.named("volume").blur()
        mine.named("volume").focus()
        field, pad = (
            mine.named("volume").bounding_box(),
            mine.page.locator("#keypad").bounding_box(),
        )
        assert field["y"] + field["height"] <= pad["y"] and field["y"] >= 0
        keys = mine.page.locator("#keypad button").all()
        assert all(key.bounding_box()["height"] >= 56 for key in keys)
        mine.look(f"keypad-{width}")
    tap(mine, "next")
    assert focused(mine) == "clarity"
    mine.page.locator("#keypad").wait_for(state="hidden")
    assert mine.faults == []


def test_the_keypad_stays_off_on_the_device_where_it_was_turned_off(site, tablet):
    _, mine = at_step(site, tablet, "wash")
    mine.page.locator("#keypad-switch").click()
    mine.page.reload()
    mine.named("volume").click()
    assert mine.page.locator("#keypad").is_visible()
    mine.page.locator("#keypad-switch").click()
    mine.page.reload()
    mine.named("volume").click()
    assert not mine.page.locator("#keypad").is_visible()
    assert mine.named("volume").get_attribute("inputmode") == "decimal"
