"""The look keeps its promises.

Legible colours, no inline script or style, one frame for every page.
"""

import re
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))

LEAST_TEXT = Decimal("4.5")  # to 1; WCAG 2.2, 1.4.3
LEAST_EDGE = Decimal("3")  # to 1; WCAG 2.2, 1.4.11, for what shows where an input is

TEXT_PAIRS = [
    ("--ink", "--paper"), ("--ink", "--ground"), ("--ink-2", "--paper"), ("--ink-2", "--ground"),
    ("--accent", "--paper"), ("--accent", "--ground"), ("--accent", "--accent-ground"),
    ("--accent-ink", "--accent"), ("--accent-ink", "--accent-deep"), ("--ink-2", "--line"),
    ("--accent-ink", "--rejected"), ("--accent-ink", "--ink"),
    *((tone, f"{tone}-ground") for tone in ("--accepted", "--held", "--rejected", "--note")),
    *((tone, "--paper") for tone in ("--accepted", "--held", "--rejected", "--note")),
    *(("--ink", f"{tone}-ground") for tone in ("--accepted", "--held", "--rejected", "--note")),
    *(("--ink-2", f"{tone}-ground") for tone in ("--accepted", "--held", "--rejected", "--note")),
    ("--held", "--stripe-1"), ("--held", "--stripe-2"),
]  # fmt: skip
EDGE_PAIRS = [("--border", "--paper"), ("--border", "--ground"), ("--focus", "--focus-dark")]


THEMES = {"light": "tokens.css", "dark": "dark.css"}


def tokens(theme: str) -> dict[str, str]:
    """{token: colour} of a theme."""
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6});", sheet_of(theme)))


def sheet_of(theme: str) -> str:
    text = (ROOT / "static" / "css" / THEMES[theme]).read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def linear(part: Decimal) -> Decimal:
    """One channel, 0 to 1, without the gamma of sRGB (WCAG 2.2, "relative luminance")."""
    if part <= Decimal("0.04045"):
        return part / Decimal("12.92")
    return ((part + Decimal("0.055")) / Decimal("1.055")) ** Decimal("2.4")


def luminance(colour: str) -> Decimal:
    """Relative luminance of #rrggbb, 0 for black to 1 for white (WCAG 2.2)."""
    red, green, blue = (linear(Decimal(int(colour[at : at + 2], 16)) / 255) for at in (1, 3, 5))
    return Decimal("0.2126") * red + Decimal("0.7152") * green + Decimal("0.0722") * blue


def contrast(one: str, other: str) -> Decimal:
    """Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + Decimal("0.05")) / (dark + Decimal("0.05"))


def test_black_on_white_is_21_to_1():
    assert contrast("#000000", "#ffffff") == 21


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
def test_words_are_legible_on_what_they_stand_on(ink, paper, theme):
    named = tokens(theme)
    assert contrast(named[ink], named[paper]) >= LEAST_TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "paper"), EDGE_PAIRS)
def test_edges_of_inputs_and_focus_are_seen(edge, paper, theme):
    named = tokens(theme)
    assert contrast(named[edge], named[paper]) >= LEAST_EDGE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("paper", ["--paper", "--ground"])
def test_one_of_the_two_rings_of_the_focus_stands_out_from_every_ground(paper, theme):
    named = tokens(theme)
    rings = [contrast(named[ring], named[paper]) for ring in ("--focus", "--focus-dark")]
    assert max(rings) >= LEAST_EDGE


def test_the_dark_theme_gives_every_colour_anew_and_nothing_else():
    assert tokens("dark").keys() == tokens("light").keys()
    declared = re.findall(r"([\w-]+)\s*:[^;()]*;", sheet_of("dark"))
    assert set(declared) - tokens("dark").keys() == {"color-scheme"}
    conditions = re.findall(r"@media ([^{]+?)\s*\{", sheet_of("dark"))
    assert conditions == ["screen and (prefers-color-scheme: dark)"]  # paper stays light


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_has_no_inline_script_or_style(template):
    text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text, re.IGNORECASE), "a script without src"
    assert not re.search(r"<style\b", text, re.IGNORECASE), "a style element"
    assert not re.search(r"""\sstyle\s*=\s*["'{]""", text, re.IGNORECASE), "a style attribute"
    assert not re.search(r"""\son[a-z]+\s*=\s*["'{]""", text, re.IGNORECASE), "an on… attribute"
    assert "javascript:" not in text.lower()
    assert not re.search(r"\|\s*safe\b", text), "unescaped text: what was typed could become markup"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_extends_a_frame_or_is_a_part(template):
    name = template.relative_to(ROOT / "templates")
    if name.parts[0] == "parts" or str(name) == "base.html":
        return
    assert re.search(
        r"""\{%-?\s*extends\s+["'](base|bench|step|documents/document|people/signing)\.html["']""",
        template.read_text(encoding="utf-8"),
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_form_that_writes_carries_the_token(template):
    for form in re.findall(
        r"<form\b.*?</form>", template.read_text(encoding="utf-8"), re.DOTALL | re.IGNORECASE
    ):
        if re.search(r"""method\s*=\s*["']post""", form, re.IGNORECASE):
            assert "hidden(" in form or "csrf_token()" in form


@pytest.mark.parametrize("sheet", STYLES, ids=lambda p: p.name)
def test_colours_are_named_in_the_tokens_only(sheet):
    # paper is black and white, whatever the tokens say
    if sheet.name in (*THEMES.values(), "print.css"):
        return
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)", sheet.read_text(encoding="utf-8"))


@pytest.mark.parametrize("source", STYLES + SCRIPTS, ids=lambda p: p.name)
def test_nothing_is_fetched_from_elsewhere(source):
    assert not re.search(r"https?://|@import", source.read_text(encoding="utf-8"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.name)
def test_scripts_stay_tiny_and_need_no_eval(script):
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write", text)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda p: p.name)
def test_no_line_of_a_template_is_longer_than_120_columns(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []
