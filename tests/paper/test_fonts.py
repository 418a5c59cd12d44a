"""Text on its way to paper: nothing typed becomes markup, nothing hidden stays hidden."""

import unicodedata

import pytest
from hypothesis import given, strategies as st
from reportlab.platypus import Paragraph

from paper.blocks import style
from paper.fonts import MONO, SANS, clipped, fitted, markup, visible, width


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Nguyễn Thị Ấm, Đặng", "Nguyễn Thị Ấm, Đặng"),
        (unicodedata.normalize("NFD", "Nguyễn"), "Nguyễn"),
        ("a\u202eb", "a[U+202E]b"),
        ("a\u2066b\u2069", "a[U+2066]b[U+2069]"),
        ("a\u200bb", "a[U+200B]b"),
        ("a\x00\x1bb", "a[U+0000][U+001B]b"),
        ("a\tb\u2003c", "a b c"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("😀", "[U+1F600]"),
        ("ש", "[U+05E9]"),
        ("6.25 × 10⁷ ± 20 % ≤ → –", "6.25 × 10⁷ ± 20 % ≤ → –"),
    ],
)
def test_what_does_not_show_is_named(typed: str, printed: str) -> None:
    assert visible(typed) == printed


def test_markup_that_was_typed_prints_as_text() -> None:
    assert (
        markup("<b>x</b> & <img src='a'/>\ny")
        == "&lt;b&gt;x&lt;/b&gt; &amp; &lt;img src='a'/&gt;<br/>y"
    )


def test_a_sign_missing_in_the_mono_face_is_set_in_the_sans() -> None:
    assert markup("Δ 1", MONO) == '<font name="Plex">Δ</font> 1'


def test_a_digest_in_a_foot_is_set_in_mono() -> None:
    assert '<font name="PlexMono">9f2c41ae00</font>' in markup("head 9f2c41ae00", mono_digests=True)


@given(st.text(max_size=200), st.sampled_from([SANS, MONO]))
def test_any_text_makes_a_paragraph(text: str, font: str) -> None:
    Paragraph(markup(text, font, mono_digests=True), style(font)).wrap(100, 10_000)


def test_fitted_shrinks_down_to_the_smallest_and_then_gives_up() -> None:
    room = width("B260017-06", MONO, 10)
    assert fitted("B260017-06", MONO, 10, 5, room) == 10
    assert fitted("B260017-06", MONO, 20, 5, room) == pytest.approx(10)
    assert fitted("B260017-06", MONO, 20, 11, room) is None


def test_clipped_text_ends_in_an_ellipsis_within_its_room() -> None:
    short = clipped("x" * 500, SANS, 9, 100)
    assert short.endswith("…")
    assert width(short, SANS, 9) <= 100
    assert clipped("short", SANS, 9, 100) == "short"
