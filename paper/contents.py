"""The list of contents of a record: every heading with the page it came to stand on.

The list has its place before the headings have theirs; the numbers are put in when the whole
document is laid out, since every page is kept until then (`paper.frame`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether

from paper.blocks import CONTENT_WIDTH, Heading
from paper.fonts import SANS, Points, clipped, width
from paper.shapes import INK

CONTENTS = "Contents"
_SIZE = 8.5
_LEADING = 12.5
_BETWEEN = 26  # points between the two columns
_NUMBER = 24  # points for a page's number


class Contents(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The list, in two columns, read down."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: Sequence[Heading] = ()

    def wrap(self, available_width: Points, _height: Points) -> tuple[Points, Points]:
        self.width, self.height = available_width, self._rows * _LEADING + 4
        return self.width, self.height

    @property
    def _rows(self) -> int:
        return (len(self.headings) + 1) // 2

    def draw(self) -> None:
        """Only its place: which page each heading is on is not known yet."""
        self.canv.heads.listed_at(self, self.canv)

    def lines(self) -> Iterator[tuple[Heading, Points, Points]]:
        """Every heading with the left end and the base of its line, from the lower left corner."""
        column = (CONTENT_WIDTH - _BETWEEN) / 2
        for number, each in enumerate(self.headings):
            x = 0 if number < self._rows else column + _BETWEEN
            yield each, x, self.height - (number % self._rows + 1) * _LEADING + 4


class Heads:
    """Where the headings and the list stand, page by page, while a document is laid out."""

    def __init__(self, story: Sequence[Flowable]) -> None:
        self.every = [each for each in _headings(story) if each.words != CONTENTS]
        self.page_of: dict[int, tuple[int, Points]] = {}
        self.lists: list[tuple[int, Points, Points, Contents]] = []
        for each in story:
            if isinstance(each, Contents):
                each.headings = self.every

    def stands(self, heading: Heading, canvas: Any) -> None:
        """A heading is drawn: on this page, so far up."""
        _, y = canvas.absolutePosition(0, heading.height)
        self.page_of[id(heading)] = canvas.getPageNumber(), y

    def listed_at(self, contents: Contents, canvas: Any) -> None:
        """The list is drawn: on this page, with this lower left corner."""
        x, y = canvas.absolutePosition(0, 0)
        self.lists.append((canvas.getPageNumber(), x, y, contents))

    def finish(self, canvas: Canvas, page: int) -> None:
        """The list with its numbers, and what a reader's program jumps to, on one page."""
        for number, each in enumerate(self.every):
            where, y = self.page_of.get(id(each), (0, 0))
            if self.lists and where == page:
                canvas.bookmarkHorizontal(_key(number), 0, y)
                canvas.addOutlineEntry(each.words, _key(number))
        for where, x, y, contents in self.lists:
            if where == page:
                self._draw(canvas, x, y, contents)

    def _draw(self, canvas: Canvas, x: Points, y: Points, contents: Contents) -> None:
        column = (CONTENT_WIDTH - _BETWEEN) / 2
        canvas.setFont(SANS, _SIZE)
        canvas.setFillColor(INK)
        for number, (heading, left, base) in enumerate(contents.lines()):
            page, _ = self.page_of.get(id(heading), (0, 0))
            words = clipped(heading.words, SANS, _SIZE, column - _NUMBER)
            end = x + left + column
            canvas.drawString(x + left, y + base, words)
            dots = (column - width(words, SANS, _SIZE) - _NUMBER) // width(" .", SANS, _SIZE)
            canvas.drawRightString(end - _NUMBER / 2 - 4, y + base, " ." * int(dots))
            canvas.drawRightString(end, y + base, str(page))
            place = (x + left, y + base - 3, end, y + base + _SIZE)
            canvas.linkAbsolute("", _key(number), place)


def _headings(story: Sequence[Flowable]) -> Iterator[Heading]:
    for each in story:
        if isinstance(each, Heading):
            yield each
        elif isinstance(each, KeepTogether):
            yield from _headings(each._content)


def _key(number: int) -> str:
    return f"section-{number}"
