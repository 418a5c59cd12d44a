"""Plain text on paper, broken into lines once: what a record is mostly made of.

A paragraph of reportlab reads markup, builds fragments and breaks them anew for every table that
asks; a cell of a record is one text in one face. Words are kept whole, a word longer than the line
is broken where the line ends, and a sign that Plex Mono lacks is set in Plex Sans.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from paper.fonts import Points, face_of, visible, widths

_ROUNDING = 1e-6


class Plain(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A text in one face, size and colour; `struck` draws a line through it."""

    def __init__(self, text: str, look: ParagraphStyle, *, struck: bool = False) -> None:
        super().__init__()
        self.look, self.struck = look, struck
        self.text = visible(text, face_of(look.fontName, None))
        self.lines: Sequence[str] = ()
        self.room: Points = -1

    def wrap(self, available_width: Points, _available_height: Points) -> tuple[Points, Points]:
        if self.room != available_width:
            self.room = available_width
            self.lines = broken(self.text, self.look.fontName, self.look.fontSize, available_width)
        self.width, self.height = available_width, len(self.lines) * self.look.leading
        return self.width, self.height

    def split(self, available_width: Points, available_height: Points) -> list[Flowable]:
        _, height = self.wrap(available_width, available_height)
        fitting = int((available_height + _ROUNDING) // self.look.leading)
        if height <= available_height + _ROUNDING:
            return [self]
        if fitting < 1:
            return []
        return [self._part(self.lines[:fitting]), self._part(self.lines[fitting:])]

    def _part(self, lines: Sequence[str]) -> Plain:
        part = Plain("", self.look, struck=self.struck)
        part.lines, part.room = lines, self.room
        return part

    def draw(self) -> None:
        self.draw_at(self.canv, 0, self.height)

    def draw_at(self, canvas: Canvas, left: Points, top: Points) -> None:
        """Draw with the upper left corner there, in the canvas's own coordinates."""
        look, baseline = self.look, top - self.look.fontSize
        canvas.setFillColor(look.textColor)
        for line in self.lines:
            begin = left
            if look.alignment == TA_RIGHT:
                begin += self.width - measured(line, look.fontName) * look.fontSize
            if self.struck:
                self._strike(canvas, begin, baseline, line)
            for font, run in _runs(line, look.fontName):
                canvas.setFont(font, look.fontSize)
                canvas.drawString(begin, baseline, run)
                begin += measured(run, look.fontName) * look.fontSize
            baseline -= look.leading

    def _strike(self, canvas: Canvas, begin: Points, baseline: Points, line: str) -> None:
        long = measured(line, self.look.fontName) * self.look.fontSize
        middle = baseline + 0.25 * self.look.fontSize
        canvas.setStrokeColor(self.look.textColor)
        canvas.setLineWidth(0.5)
        canvas.line(begin, middle, begin + long, middle)


class Stack(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Texts one under the other."""

    def __init__(self, parts: Sequence[Plain]) -> None:
        super().__init__()
        self.parts = parts

    def wrap(self, available_width: Points, available_height: Points) -> tuple[Points, Points]:
        self.heights = [part.wrap(available_width, available_height)[1] for part in self.parts]
        self.width, self.height = available_width, sum(self.heights)
        return self.width, self.height

    def split(self, available_width: Points, available_height: Points) -> list[Flowable]:
        self.wrap(available_width, available_height)
        left = available_height
        for number, (part, height) in enumerate(zip(self.parts, self.heights, strict=True)):
            if height > left + _ROUNDING:
                cut = part.split(available_width, left)
                above = [*self.parts[:number], *cut[:1]]
                below = [*(cut[1:] or [part]), *self.parts[number + 1 :]]
                return [Stack(above), Stack(below)] if above else []
            left -= height
        return [self]

    def draw(self) -> None:
        self.draw_at(self.canv, 0, self.height)

    def draw_at(self, canvas: Canvas, left: Points, top: Points) -> None:
        """Draw with the upper left corner there, in the canvas's own coordinates."""
        for part, height in zip(self.parts, self.heights, strict=True):
            part.draw_at(canvas, left, top)
            top -= height


def broken(text: str, font: str, size: Points, room: Points) -> list[str]:
    """The lines of a text that `visible` has gone over, each at most `room` points long."""
    if not text:
        return []
    most = (room + _ROUNDING) / size
    return [line for part in text.split("\n") for line in _lines_of(part, font, most)]


def _lines_of(text: str, font: str, room: Points) -> Iterator[str]:
    """`room` in units of the size of the font."""
    blank = measured(" ", font)
    held: list[str] = []
    used = 0.0
    for word in filter(None, text.split(" ")):  # a blank that does not break stays in its word
        long = measured(word, font)
        if held and used + blank + long <= room:
            held.append(word)
            used += blank + long
            continue
        if held:
            yield " ".join(held)
        *full, word = _pieces(word, font, room) if long > room else (word,)
        yield from full
        held, used = [word], measured(word, font)
    yield " ".join(held)


def _pieces(word: str, font: str, room: Points) -> Iterator[str]:
    """A word longer than the line in pieces that fill it, the last one excepted."""
    begin, used = 0, 0.0
    for place, sign in enumerate(word):
        long = measured(sign, font)
        if used + long > room and place > begin:
            yield word[begin:place]
            begin, used = place, 0.0
        used += long
    yield word[begin:]


@lru_cache(maxsize=20_000)
def measured(text: str, font: str) -> Points:
    """Length of a text in units of the size of its font."""
    known = widths(font)
    return sum(known[ord(sign)] for sign in text)


def _runs(line: str, font: str) -> list[tuple[str, str]]:
    """The line in runs of one face each."""
    if widths(font).has_all(line):
        return [(font, line)]
    return [
        (face, "".join(signs)) for face, signs in groupby(line, lambda sign: face_of(font, sign))
    ]
