"""The A4 page every printed record stands on.

`document(...)` returns the PDF's bytes; the same facts give the same bytes (no clock, no random
identifier inside), so that a stored file can be compared with a drawing made later.
"""

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph
from reportlab.platypus.doctemplate import NextPageTemplate

from paper.blocks import CONTENT_WIDTH, masthead, style
from paper.contents import Heads
from paper.fonts import (
    MONO_MEDIUM,
    SANS,
    SANS_BOLD,
    Points,
    clipped,
    fitted,
    markup,
    register,
    visible,
)
from paper.shapes import INK, INK_2, LINE, QUIET_ZONE, Modules, draw_modules

MARGIN = 42
_WIDTH, _HEIGHT = A4
_TOP = _HEIGHT - 40
_NUMBER_ROOM = 160
_LATER_TOP = _HEIGHT - 84
_FOOT = 30
_SYMBOL = 78
_WATERMARK = HexColor("#eff2f3")
_WORD = "DEMONSTRATION"
_FINE = style(SANS, 7, leading=10, textColor=INK_2)


def document(
    title: str,
    kind: str,
    number: str,
    story: Sequence[Flowable],
    *,
    demonstration: bool = False,
    footer: Sequence[str] = (),
    symbol: Modules | None = None,
) -> bytes:
    """The record as PDF.

    `kind` stands above the title, `number` (with its version) in the upper right of every page over
    "page n / N"; `footer` lines and the QR `symbol` stand at the foot of every page.
    `demonstration` puts the word into the head of every page and across it.
    """
    register()
    face = _Face(title, kind, number, demonstration, tuple(footer), symbol)
    heads = Heads(story)
    out = BytesIO()
    template = BaseDocTemplate(
        out, pagesize=A4, invariant=1, initialFontName=SANS, pageCompression=1,
        title=visible(f"{title} {number}").strip(), subject=visible(kind), author="Cordbook",
        creator="Cordbook",
    )  # fmt: skip
    template.addPageTemplates(
        [
            PageTemplate("first", [_frame(_TOP, face)], onPage=face.ground),
            PageTemplate("later", [_frame(_LATER_TOP, face)], onPage=face.ground),
        ]
    )
    opening = [NextPageTemplate("later"), masthead(title, kind, CONTENT_WIDTH - _NUMBER_ROOM)]
    template.build([*opening, *story], canvasmaker=partial(_CountedCanvas, face, heads))
    return out.getvalue()


def _frame(top: Points, face: "_Face") -> Frame:
    bottom = face.foot_height + _FOOT + 10
    return Frame(
        MARGIN,
        bottom,
        CONTENT_WIDTH,
        top - bottom,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )


class _Face:
    """What is the same on every page: number, page count, marking, foot."""

    def __init__(
        self,
        title: str,
        kind: str,
        number: str,
        demonstration: bool,
        footer: tuple[str, ...],
        symbol: Modules | None,
    ) -> None:
        self.running = visible(f"{kind} · {title}").replace("\n", " ")
        self.number = visible(number, MONO_MEDIUM).replace("\n", " ")
        self.demonstration = demonstration
        self.symbol = symbol
        room = CONTENT_WIDTH - (_SYMBOL + 10 if symbol else 0)
        self.lines = [Paragraph(markup(line, mono_digests=True), _FINE) for line in footer]
        self.line_heights = [line.wrap(room, _HEIGHT)[1] for line in self.lines]
        self.foot_height = max(sum(self.line_heights), _SYMBOL if symbol else 0)

    def ground(self, canvas: Canvas, _template: BaseDocTemplate) -> None:
        """The watermark, below everything else."""
        if not self.demonstration:
            return
        canvas.saveState()
        canvas.setFillColor(_WATERMARK)
        canvas.setFont(SANS_BOLD, 68)
        canvas.translate(_WIDTH / 2, _HEIGHT / 2)
        canvas.rotate(33)
        canvas.drawCentredString(0, -22, _WORD)
        canvas.restoreState()

    def finish(self, canvas: Canvas, page: int, pages: int) -> None:
        """Head and foot of one page."""
        right = MARGIN + CONTENT_WIDTH
        if page > 1:
            self._running_head(canvas)
        size = fitted(self.number, MONO_MEDIUM, 11, 6, _NUMBER_ROOM) or 6
        canvas.setFillColor(INK)
        canvas.setFont(MONO_MEDIUM, size)
        canvas.drawRightString(
            right, _TOP - 10, clipped(self.number, MONO_MEDIUM, size, _NUMBER_ROOM)
        )
        canvas.setFillColor(INK_2)
        canvas.setFont(SANS, 9)
        canvas.drawRightString(right, _TOP - 22, f"page {page} / {pages}")
        if self.demonstration:
            self._marking(canvas)
        self._foot(canvas)

    def _running_head(self, canvas: Canvas) -> None:
        canvas.setFillColor(INK_2)
        canvas.setFont(SANS, 9)
        canvas.drawString(
            MARGIN, _TOP - 10, clipped(self.running, SANS, 9, CONTENT_WIDTH - _NUMBER_ROOM - 10)
        )
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.75)
        canvas.line(MARGIN, _TOP - 30, MARGIN + CONTENT_WIDTH, _TOP - 30)

    def _marking(self, canvas: Canvas) -> None:
        canvas.setFillColor(INK)
        canvas.setFont(SANS_BOLD, 8)
        canvas.drawCentredString(
            _WIDTH / 2, _HEIGHT - 26, f"{_WORD} — not a record of real manufacture"
        )

    def _foot(self, canvas: Canvas) -> None:
        y = _FOOT + sum(self.line_heights)
        for line, height in zip(self.lines, self.line_heights, strict=True):
            y -= height
            line.drawOn(canvas, MARGIN, y)
        if self.symbol:
            quiet = (
                _SYMBOL * QUIET_ZONE / (len(self.symbol) + 2 * QUIET_ZONE)
            )  # blank, may stand in the margin
            draw_modules(
                canvas,
                self.symbol,
                MARGIN + CONTENT_WIDTH - _SYMBOL + quiet,
                _FOOT - quiet,
                _SYMBOL,
            )


class _CountedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """Keeps every page until the last is drawn, then gives each its head with n / N, and the list
    of contents its numbers.
    """

    def __init__(self, face: _Face, heads: Heads, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._face, self.heads = face, heads
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        pages = len(self._kept)
        for page, state in enumerate(self._kept, start=1):
            self.__dict__.update(state)
            self._face.finish(self, page, pages)
            self.heads.finish(self, page)
            super().showPage()
        super().save()
