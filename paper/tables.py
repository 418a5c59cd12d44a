"""Tables of records: heading repeated on every page, long text wrapped, corrections legible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.enums import TA_RIGHT
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from paper.blocks import CONTENT_WIDTH, TEXT, paragraph, style, text_cell
from paper.fonts import MONO, SANS, SANS_BOLD, Points
from paper.lines import Plain, Stack
from paper.shapes import INK, INK_2, LINE, TONES, draw_shape

_HEAD = style(SANS_BOLD, 8, textColor=INK_2)
_HEAD_RIGHT = style(SANS_BOLD, 8, textColor=INK_2, alignment=TA_RIGHT)
_NOTE = style(SANS, 7.5)
_NOTE_RIGHT = style(SANS, 7.5, alignment=TA_RIGHT)
_MARK = 8
_ABOVE, _BELOW, _BESIDE = 4, 5, 8  # points around a cell
_SHORT = 150  # points: a row up to this height goes to the next page whole


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
    widths = _widths(described)
    heads = [Plain(c.title, _HEAD_RIGHT if c.right else _HEAD) for c in described]
    cells = [
        [_cell(cell, column) for cell, column in zip(row, described, strict=True)] for row in rows
    ]
    return _Table(_row(heads, widths), [_row(row, widths) for row in cells], widths)


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
    look = style(font, alignment=TA_RIGHT) if column.right else style(font)
    note = [Plain(cell.note, _NOTE_RIGHT if column.right else _NOTE)] if cell.note else []
    old = [Plain(each, look, struck=True) for each in cell.old]
    return Stack([*old, Plain(cell.new, look), *note])


@dataclass(frozen=True)
class _Row:
    """The cells of one row, each broken to its width, and the height that the highest one needs."""

    cells: Sequence[Flowable]
    height: Points


def _room(widths: Sequence[Points], number: int) -> Points:
    """The width of a cell's text: the last column needs no blank behind it."""
    return widths[number] - (0 if number == len(widths) - 1 else _BESIDE)


def _row(cells: Sequence[Flowable], widths: Sequence[Points]) -> _Row:
    heights = [cell.wrap(_room(widths, at), 1_000_000)[1] for at, cell in enumerate(cells)]
    return _Row(cells, max(heights) + _ABOVE + _BELOW)


class _Table(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Rows under a heading that stands on every page.

    Heights are known once, so that a page takes what fits and hands on the rest.
    """

    spaceAfter = 6

    def __init__(self, head: _Row, rows: Sequence[_Row], widths: Sequence[Points]) -> None:
        super().__init__()
        self.head, self.rows, self.widths = head, rows, widths

    def wrap(self, _available_width: Points, _available_height: Points) -> tuple[Points, Points]:
        self.width = sum(self.widths)
        self.height = self.head.height + sum(row.height for row in self.rows)
        return self.width, self.height

    def split(self, _available_width: Points, available_height: Points) -> list[Flowable]:
        left, fitting = available_height - self.head.height, 0
        while fitting < len(self.rows) and self.rows[fitting].height <= left:
            left -= self.rows[fitting].height
            fitting += 1
        above, below = list(self.rows[:fitting]), list(self.rows[fitting:])
        if below and below[0].height > _SHORT:
            cut = self._cut(below[0], left)
            above, below = above + cut[:1], cut[1:] + below[1:] if cut else below
        if not below:
            return [self]
        return [self._part(above), self._part(below)] if above else []

    def _cut(self, row: _Row, room: Points) -> list[_Row]:
        """A row higher than what is left in two, or nothing where no line of it fits."""
        inside, upper, lower = room - _ABOVE - _BELOW, [], []
        for at, cell in enumerate(row.cells):
            width = _room(self.widths, at)
            parts = cell.split(width, inside) if cell.wrap(width, inside)[1] > inside else [cell]
            if not parts:
                return []
            upper.append(parts[0])
            lower.append(parts[1] if len(parts) > 1 else Plain("", TEXT))
        return [_row(upper, self.widths), _row(lower, self.widths)]

    def _part(self, rows: Sequence[_Row]) -> _Table:
        return _Table(self.head, rows, self.widths)

    def draw(self) -> None:
        canvas, top = self.canv, self.height
        for row in (self.head, *self.rows):
            self._draw_row(canvas, row, top)
            top -= row.height
            canvas.setStrokeColor(INK if row is self.head else LINE)
            canvas.setLineWidth(0.75 if row is self.head else 0.5)
            canvas.line(0, top, self.width, top)

    def _draw_row(self, canvas: Canvas, row: _Row, top: Points) -> None:
        left: Points = 0
        for cell, width in zip(row.cells, self.widths, strict=True):
            cell.draw_at(canvas, left, top - _ABOVE)
            left += width


class _Mark(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A verdict: small shape, then its word."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.tone = verdict.tone
        TONES[verdict.tone]  # an unknown tone fails here, not in the middle of a page
        self.words = Plain(verdict.word, TEXT)

    def wrap(self, available_width: Points, _available_height: Points) -> tuple[Points, Points]:
        _, height = self.words.wrap(max(available_width - _MARK - 4, 1), 10_000)
        self.width, self.height = available_width, height
        return self.width, self.height

    def draw_at(self, canvas: Canvas, left: Points, top: Points) -> None:
        """Draw with the upper left corner there, in the canvas's own coordinates."""
        draw_shape(canvas, self.tone, left, top - _MARK - 2, _MARK)
        self.words.draw_at(canvas, left + _MARK + 4, top)
