"""Vector shapes of the status language and of QR modules, for the PDF canvas and as SVG.

A status is always a colour, a word and a shape, so that a black-and-white print says the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from paper.fonts import Points

Modules = Sequence[Sequence[bool]]

QUIET_ZONE = 4
"""Blank modules around a QR symbol (ISO/IEC 18004)."""

INK = HexColor("#16202a")
INK_2 = HexColor("#4a5a68")
LINE = HexColor("#d5dce1")
PALE = HexColor("#eef1f3")


@dataclass(frozen=True)
class Tone:
    """A status colour on its ground, with the corners of its shape in a 16 × 16 box."""

    colour: HexColor
    ground: HexColor
    corners: tuple[tuple[int, int], ...]


TONES = {
    "accepted": Tone(HexColor("#1d6b3a"), HexColor("#e4f3e9"), ()),
    "held": Tone(HexColor("#7a4d00"), HexColor("#fdf0d2"), ((8, 0), (16, 8), (8, 16), (0, 8))),
    "rejected": Tone(
        HexColor("#a11d21"),
        HexColor("#fbe6e5"),
        ((5, 0), (11, 0), (16, 5), (16, 11), (11, 16), (5, 16), (0, 11), (0, 5)),
    ),
    "note": Tone(HexColor("#1f4e8c"), HexColor("#e6eef9"), ((0, 1), (16, 1), (8, 16))),
}
_TICK = ((4, 8), (7, 5), (12, 11))
_BOX = 16


def draw_shape(canvas: Canvas, tone: str, x: Points, y: Points, size: Points) -> None:
    """The tone's shape, filled, in a square of `size` points with its lower left corner at x, y.

    Raises KeyError for a tone that is not in TONES.
    """
    look = TONES[tone]
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(size / _BOX, size / _BOX)
    canvas.setFillColor(look.colour)
    if look.corners:
        _polygon(canvas, look.corners)
    else:
        canvas.circle(8, 8, 8, stroke=0, fill=1)
        _tick(canvas)
    canvas.restoreState()


def draw_modules(canvas: Canvas, modules: Modules, x: Points, y: Points, size: Points) -> None:
    """A QR symbol with its quiet zone in a square of `size` points, lower left corner at x, y.

    All dark modules are one path of whole-number rectangles, one for each run in a row: sharp at
    every resolution and a fifth of the operators of single modules.
    """
    total = len(modules) + 2 * QUIET_ZONE
    path = canvas.beginPath()
    for left, top, length in runs(modules):
        path.rect(left + QUIET_ZONE, total - QUIET_ZONE - 1 - top, length, 1)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(size / total, size / total)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def runs(modules: Modules) -> Iterator[tuple[int, int, int]]:
    """Runs of dark modules: (column, row from the top, length)."""
    for top, row in enumerate(modules):
        start = None
        for column, is_dark in enumerate([*row, False]):
            if is_dark and start is None:
                start = column
            elif not is_dark and start is not None:
                yield start, top, column - start
                start = None


def _polygon(canvas: Canvas, corners: Sequence[tuple[int, int]]) -> None:
    path = canvas.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _tick(canvas: Canvas) -> None:
    canvas.setStrokeGray(1)
    canvas.setLineWidth(2)
    path = canvas.beginPath()
    path.moveTo(*_TICK[0])
    path.lineTo(*_TICK[1])
    path.lineTo(*_TICK[2])
    canvas.drawPath(path, stroke=1, fill=0)
