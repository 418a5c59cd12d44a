"""A curve on paper, as vectors: grid, limits, the line through its points.

Where everything lies is worked out by whoever knows the numbers, in a box of its own size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus import Flowable

from paper.fonts import SANS, Points, visible
from paper.shapes import INK, INK_2, LINE, TONES, draw_shape

_WORDS = 7.5
_DOT = 2.4
_OCTAGON = 8


@dataclass(frozen=True)
class Graph:
    """What is drawn, in a box `width` × `height` whose y grows downwards; the grid begins at `left`
    and ends at `right`.

    ticks   [(y, words)] of the grid
    limits  [(y, whether it is an alert limit)]
    points  [(x, y, words beneath)]
    spans   [(x, y, y)] from where to where something reached
    outside the numbers of the points (from 0) that are drawn as an octagon
    """

    width: int
    height: int
    left: int
    right: int
    ticks: Sequence[tuple[int, str]]
    limits: Sequence[tuple[int, bool]]
    points: Sequence[tuple[int, int, str]]
    spans: Sequence[tuple[int, int, int]] = ()
    outside: frozenset[int] = frozenset()
    is_joined: bool = True


def graph(drawn: Graph, width: Points = 300) -> Flowable:
    """The picture, so wide on the page."""
    return _Drawing(drawn, width)


class _Drawing(Flowable):  # type: ignore[misc]  # reportlab has no types
    def __init__(self, drawn: Graph, width: Points) -> None:
        super().__init__()
        self.drawn, self.scale = drawn, width / drawn.width
        self.width, self.height = width, drawn.height * self.scale

    def wrap(self, _width: Points, _height: Points) -> tuple[Points, Points]:
        return self.width, self.height

    def draw(self) -> None:
        canvas, made = self.canv, self.drawn
        left, right = made.left * self.scale, made.right * self.scale
        canvas.setFillColor(INK_2)
        canvas.setFont(SANS, _WORDS)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        for y, words in made.ticks:
            canvas.line(left, self._y(y), right, self._y(y))
            canvas.drawRightString(left - 6, self._y(y) - _WORDS / 3, visible(words))
        for y, is_alert in made.limits:
            self._limit(left, right, self._y(y), is_alert=is_alert)
        self._line()

    def _limit(self, left: Points, right: Points, y: Points, *, is_alert: bool) -> None:
        """An alert limit is dotted, one that is judged by dashed: it reads without colour."""
        self.canv.setStrokeColor(TONES["held" if is_alert else "rejected"].colour)
        self.canv.setLineWidth(1)
        self.canv.setDash(*((1, 2) if is_alert else (5, 3)))
        self.canv.line(left, y, right, y)
        self.canv.setDash()

    def _line(self) -> None:
        canvas = self.canv
        places = [(x * self.scale, self._y(y)) for x, y, _ in self.drawn.points]
        canvas.setStrokeColor(INK)
        canvas.setFillColor(INK)
        canvas.setLineWidth(1.2)
        for (x, y), (to_x, to_y) in zip(places, places[1:], strict=False):
            if self.drawn.is_joined:
                canvas.line(x, y, to_x, to_y)
        for span, low, high in self.drawn.spans:
            canvas.line(span * self.scale, self._y(low), span * self.scale, self._y(high))
        for number, ((x, y), (_, _, words)) in enumerate(
            zip(places, self.drawn.points, strict=True)
        ):
            if number in self.drawn.outside:
                draw_shape(canvas, "rejected", x - _OCTAGON / 2, y - _OCTAGON / 2, _OCTAGON)
                canvas.setFillColor(INK)
            else:
                canvas.circle(x, y, _DOT, stroke=0, fill=1)
            canvas.setFont(SANS, _WORDS)
            canvas.drawCentredString(x, 3, visible(words))

    def _y(self, y: int) -> Points:
        return self.height - y * self.scale


_ROW = 24  # points: what it is and how long, and the bar beneath
_BAR = 6
WHOLE = 1000  # the share of a bar that reaches its limit


@dataclass(frozen=True)
class Row:
    """One bar: its words, what is said of it, its share of the limit in thousandths, and whether
    it stands out."""

    words: str
    told: str
    share: int
    stands_out: bool


def rows(drawn: Sequence[Row], width: Points = 440) -> Flowable:
    """Bars against one line, which is the limit of each."""
    return _Rows(drawn, width)


class _Rows(Flowable):  # type: ignore[misc]  # reportlab has no types
    def __init__(self, drawn: Sequence[Row], width: Points) -> None:
        super().__init__()
        self.drawn, self.width, self.height = drawn, width, _ROW * len(drawn)
        self.limit = width / max([WHOLE, *(each.share for each in drawn)]) * WHOLE

    def wrap(self, _width: Points, _height: Points) -> tuple[Points, Points]:
        return self.width, self.height

    def draw(self) -> None:
        for number, each in enumerate(self.drawn, 1):
            self._row(each, self.height - _ROW * number + 6)

    def _row(self, row: Row, y: Points) -> None:
        canvas, long = self.canv, self.limit * row.share / WHOLE
        canvas.setFont(SANS, _WORDS)
        canvas.setFillColor(INK_2)
        canvas.drawString(0, y + _BAR + 3, visible(row.words))
        canvas.drawRightString(self.width, y + _BAR + 3, visible(row.told))
        canvas.setFillColor(TONES["rejected"].colour if row.stands_out else INK)
        canvas.rect(0, y, long, _BAR, stroke=0, fill=1)
        if row.stands_out:
            draw_shape(canvas, "rejected", long - _OCTAGON, y - 1, _OCTAGON)
        canvas.setStrokeColor(TONES["rejected"].colour)
        canvas.setLineWidth(1)
        canvas.setDash(5, 3)
        canvas.line(self.limit, y - 3, self.limit, y + _BAR + 2)
        canvas.setDash()
