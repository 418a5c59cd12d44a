"""Symbols: version, level and what an independent reader makes of them."""

import pytest
import zxingcpp
from PIL import Image

from labels.codes import make
from labels.symbols import svg, symbol, version, vial_symbol
from paper.shapes import QUIET_ZONE, Modules, runs


def read_back(modules: Modules) -> zxingcpp.Barcode:
    scale, total = 4, len(modules) + 2 * QUIET_ZONE
    picture = Image.new("L", (total, total), 255)
    for y, row in enumerate(modules):
        for x, is_dark in enumerate(row):
            if is_dark:
                picture.putpixel((x + QUIET_ZONE, y + QUIET_ZONE), 0)
    (found,) = zxingcpp.read_barcodes(picture.resize((total * scale, total * scale)))
    return found


@pytest.mark.parametrize("number", [1, 173, 99_999, 100_000, 9_999_999])
def test_a_vial_carries_the_bare_code_as_version_1_m(number: int) -> None:
    code = make("V", 26, number)
    found = read_back(vial_symbol(code))
    assert found.text == code.bare
    assert (found.extra["Version"], found.ec_level) == ("1", "M")


def test_two_codes_have_two_symbols() -> None:
    assert vial_symbol(make("V", 26, 1)) != vial_symbol(make("V", 26, 2))


@pytest.mark.parametrize(
    ("payload", "expected_version"),
    [
        ("B26001706", 1),
        ("HTTPS://LAB.EXAMPLE/L/7K2M9QXD", 2),
        ("https://lab.example/c/" + "q7" * 16, 4),
    ],
)
def test_the_smallest_version_that_holds_the_payload_is_taken(
    payload: str, expected_version: int
) -> None:
    modules = symbol(payload)
    assert version(modules) == expected_version
    found = read_back(modules)
    assert (found.text, found.ec_level) == (payload, "M")


@pytest.mark.parametrize("payload", ["", "Nguyễn", "a\nb", "é", "x" * 5_000])
def test_a_payload_readers_disagree_about_is_refused(payload: str) -> None:
    with pytest.raises(ValueError, match="print"):
        symbol(payload)


def test_runs_cover_exactly_the_dark_modules() -> None:
    modules = [[True, True, False], [False, False, False], [True, False, True]]
    assert list(runs(modules)) == [(0, 0, 2), (0, 2, 1), (2, 2, 1)]


def test_the_svg_needs_no_style_and_escapes_its_title() -> None:
    drawing = svg(symbol("B26001706"), "<b>&")
    assert "style=" not in drawing
    assert "<title>&lt;b&gt;&amp;</title>" in drawing
    assert 'viewBox="0 0 29 29"' in drawing
