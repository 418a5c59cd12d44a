"""Plain text broken into lines: nothing is lost, no line is too long, however long a word is."""

from __future__ import annotations

import time
from io import BytesIO

import pytest
from hypothesis import given, strategies as st
from reportlab.pdfgen.canvas import Canvas

from paper.blocks import CONTENT_WIDTH, style, text_cell
from paper.fonts import MONO, SANS, face_of, register, visible
from paper.lines import Plain, Stack, broken, measured
from paper.tables import Column, Struck, table


@given(st.text(max_size=300), st.sampled_from([SANS, MONO]))
def test_every_sign_stands_in_a_line_and_no_line_is_longer_than_its_room(text, font):
    register()
    shown = visible(text, face_of(font, None))
    lines = broken(shown, font, 9, 80)
    assert "".join("".join(lines).split(" ")) == "".join(shown.replace("\n", "").split(" "))
    assert all(measured(line, font) * 9 <= 80.001 for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("one", ["one"]),
        ("one\n\ntwo", ["one", "", "two"]),
        ("a  b", ["a b"]),
        ("a\u00a0b c", ["a\u00a0b c"]),
    ],
)
def test_breaks_that_were_typed_stay_and_blanks_in_a_row_are_one(text, lines):
    register()
    assert broken(visible(text), SANS, 9, 200) == lines


def test_a_text_splits_between_its_lines_and_both_parts_keep_them():
    text = Plain("word " * 200, style(SANS))
    text.wrap(100, 10_000)
    upper, lower = text.split(100, 5.5 * text.look.leading)
    assert len(upper.lines) == 5
    assert [*upper.lines, *lower.lines] == text.lines
    assert text.split(100, 3) == []


def test_a_stack_splits_within_the_part_that_does_not_fit():
    stack = Stack([Plain("one", style(SANS)), Plain("word " * 200, style(SANS))])
    stack.wrap(100, 10_000)
    upper, lower = stack.split(100, 40)
    assert upper.wrap(100, 10_000)[1] <= 40
    assert upper.parts[0].lines == ["one"]
    assert [*upper.parts[1].lines, *lower.parts[0].lines] == stack.parts[1].lines


def test_a_row_higher_than_a_page_goes_on_over_pages_and_loses_no_line():
    rows = table([Column("Step"), Column("Comment", mono=True)], [("1", "Δ " + "word " * 4000)])
    rows.wrap(CONTENT_WIDTH, 600)
    first, rest = rows.split(CONTENT_WIDTH, 600)
    assert first.wrap(CONTENT_WIDTH, 600)[1] <= 600
    kept = [*first.rows[0].cells[1].lines, *rest.rows[0].cells[1].lines]
    assert " ".join(kept).split() == ["Δ", *["word"] * 4000]
    second, _ = rest.split(CONTENT_WIDTH, 600)
    second.drawOn(Canvas(BytesIO()), 0, 0)


def test_sixteen_comments_without_a_glyph_are_drawn_in_a_moment():
    begun = time.process_time()
    comment = "\U0001f600" * 1990
    rows = [(f"{number}", Struck((comment,), comment, comment)) for number in range(8)]
    cells = [text_cell(comment, mono=True) for _ in range(8)]
    table([Column("Step"), Column("Comment", 3)], rows)
    assert all(cell.wrap(100, 10_000)[1] > 10_000 for cell in cells)
    assert time.process_time() - begun < 10
