"""Tables of records: heading repeated on every page, long text wrapped, corrections legible."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.platypus import Flowable, LongTable, Paragraph

from paper.blocks import CONTENT_WIDTH, TEXT, paragraph, style, text_cell
from paper.fonts import MONO, SANS, SANS_BOLD, Points, markup
from paper.shapes import INK, INK_2, LINE, TONES, draw_shape

_HEAD = style(SANS_BOLD, 8, textColor=INK_2)
_HEAD_RIGHT = style(SANS_BOLD, 8, textColor=INK_2, alignment=TA_RIGHT)
_MARK = 8


@dataclass(frozen=True)
class Column:
    """One column: its title, its share of the width, and how its cells are set."""

    title: str
    weight: int = 1
    mono: bool = False
    right: bool = False


@dataclass(frozen=True)
class Struck:
    """A corrected value.

    What stood there before (struck, legible), what stands now, and why, by whom, when.
    """

    old: tuple[str, ...]
    new: str
    note: str = ""


@dataclass(frozen=True)
class Verdict:
    """A status in a cell.

    Its word with the shape of its tone ("accepted", "held", "rejected", "note").
    """

    word: str
    tone: str


Cell = str | Struck | Verdict


def table(
    columns: Sequence[Column | str], rows: Sequence[Sequence[Cell]], *, empty: str = "None."
) -> Flowable:
    """A table across the page; without rows the sentence `empty` stands in its place.

    Raises ValueError when a row has not as many cells as there are columns.
    """
    if not rows:
        return paragraph(empty)
    described = [Column(column) if isinstance(column, str) else column for column in columns]
    for row in rows:
        if len(row) != len(described):
            raise ValueError(
                f"A row of {len(row)} cells does not fit a table of {len(described)} columns."
            )
    heads = [
        Paragraph(markup(c.title, SANS_BOLD), _HEAD_RIGHT if c.right else _HEAD) for c in described
    ]
    cells = [
        [_cell(cell, column) for cell, column in zip(row, described, strict=True)] for row in rows
    ]
    printed = LongTable(
        [heads, *cells], colWidths=_widths(described), repeatRows=1, splitInRow=1, style=_RULES
    )
    printed.spaceAfter = 6
    return printed


def _widths(columns: Sequence[Column]) -> list[Points]:
    total = sum(column.weight for column in columns)
    return [CONTENT_WIDTH * column.weight / total for column in columns]


def _cell(cell: Cell, column: Column) -> Flowable:
    if isinstance(cell, Verdict):
        return _Mark(cell)
    if isinstance(cell, Struck):
        return _struck(cell, column)
    return text_cell(cell, mono=column.mono, right=column.right)


def _struck(cell: Struck, column: Column) -> Flowable:
    font = MONO if column.mono else SANS
    before = "".join(f'<strike width="0.5">{markup(old, font)}</strike><br/>' for old in cell.old)
    note = f'<br/><font name="{SANS}" size="7.5">{markup(cell.note)}</font>' if cell.note else ""
    look = style(font, alignment=TA_RIGHT) if column.right else style(font)
    return Paragraph(before + markup(cell.new, font) + note, look)


_RULES: list[tuple[Any, ...]] = [
    ("FONT", (0, 0), (-1, -1), SANS, 9),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-2, -1), 8),
    ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 1), (-1, -1), 0.5, LINE),
    ("LINEBELOW", (0, 0), (-1, 0), 0.75, INK),
]


class _Mark(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A verdict: small shape, then its word."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.tone = verdict.tone
        TONES[verdict.tone]  # an unknown tone fails here, not in the middle of a page
        self.words = Paragraph(markup(verdict.word), TEXT)

    def wrap(self, available_width: Points, _available_height: Points) -> tuple[Points, Points]:
        _, height = self.words.wrap(max(available_width - _MARK - 4, 1), 10_000)
        self.width, self.height = available_width, height
        return self.width, self.height

    def draw(self) -> None:
        draw_shape(self.canv, self.tone, 0, self.height - _MARK - 2, _MARK)
        self.words.drawOn(self.canv, _MARK + 4, 0)
