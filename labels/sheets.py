"""Labels as PDF: many on an A4 sheet, or one to a page for a label printer.

Callers hand plain facts; a label says what a thing is, never that it is released, because print
cannot be taken back (LAB-09): the status is one scan away.  Sizes and required sentences are
data of a controlled document.  The same facts give the same bytes.
"""

import re
from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from labels.codes import Code
from labels.stocks import LabelFacts, LabelFault, LabelRefused, Stock, Stocks, stock_of
from labels.symbols import symbol, vial_symbol
from paper.fonts import (
    MONO_BOLD,
    SANS,
    SANS_BOLD,
    SANS_MEDIUM,
    Points,
    fitted,
    register,
    visible,
    width,
)
from paper.shapes import Modules, draw_modules

_DEMONSTRATION = "DEMONSTRATION"
_DISPOSITION = re.compile(
    r"\b(released?|approved|accepted|certified|rejected|recalled|expired|conforms)\b", re.IGNORECASE
)
_LEADING_PER_CENT = 115
_STEP_QUARTERS = 4


def sheet(labels: Sequence[LabelFacts], stocks: Stocks, *, skip: int = 0) -> bytes:
    """Labels of one kind on A4, left to right and down; the first `skip` places are left free on a
    used sheet.

    Raises LabelRefused when there is nothing to print, kinds are mixed or a text does not fit.
    """
    stock = stock_of(labels, stocks)
    a_page = stock.columns * stock.rows
    if not 0 <= skip < a_page:
        raise LabelRefused(LabelFault.PLACES, places=a_page, most=a_page - 1)
    canvas, out = _canvas(A4, labels)
    for place, label in enumerate(labels, start=skip):
        if place > skip and place % a_page == 0:
            canvas.showPage()
        row, column = divmod(place % a_page, stock.columns)
        x = stock.left + column * stock.across
        y = A4[1] - stock.top - row * stock.down - stock.height
        _outline(canvas, stock, x, y)
        _draw(canvas, label, stock, x, y)
    canvas.save()
    return out.getvalue()


def roll(labels: Sequence[LabelFacts], stocks: Stocks) -> bytes:
    """Labels of one kind, one to a page of the label's own size, for a label printer.

    Raises LabelRefused as `sheet` does.
    """
    stock = stock_of(labels, stocks)
    canvas, out = _canvas((stock.width, stock.height), labels)
    for label in labels:
        _draw(canvas, label, stock, 0, 0)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def refusal(label: LabelFacts, stocks: Stocks) -> LabelRefused | None:
    """Why a label cannot be drawn on its stock; None where it can.

    It is drawn, but no file is made of it.
    """
    try:
        stock = stock_of([label], stocks)
        canvas, _ = _canvas((stock.width, stock.height), [label])
        _draw(canvas, label, stock, 0, 0)
    except LabelRefused as refused:
        return refused
    return None


def vial_sheet(labels: Sequence[LabelFacts], stocks: Stocks) -> bytes:
    """Vial labels on A4, each with its bare code as QR version 1-M.

    Raises LabelRefused for another kind.
    """
    if any(label.kind != "vial" for label in labels):
        raise LabelRefused(LabelFault.VIALS_ONLY)
    return sheet(labels, stocks)


def _canvas(size: tuple[Points, Points], labels: Sequence[LabelFacts]) -> tuple[Canvas, BytesIO]:
    register()
    out = BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1, initialFontName=SANS, pageCompression=1)
    canvas.setTitle(f"Labels {labels[0].code.shown} to {labels[-1].code.shown}")
    canvas.setAuthor("Cordbook")
    return canvas, out


def _outline(canvas: Canvas, stock: Stock, x: Points, y: Points) -> None:
    canvas.setStrokeGray(4 / 5)
    canvas.setLineWidth(1 / 4)
    canvas.roundRect(x, y, stock.width, stock.height, 2, stroke=1, fill=0)


def _draw(canvas: Canvas, label: LabelFacts, stock: Stock, x: Points, y: Points) -> None:
    """One label with its lower left corner at x, y: symbol left, code and text right of it."""
    modules = _modules(label)
    draw_modules(
        canvas, modules, x + stock.margin / 2, y + (stock.height - stock.symbol) / 2, stock.symbol
    )
    left = x + stock.margin + stock.symbol
    room = stock.width - stock.symbol - 2 * stock.margin
    bottom = y + stock.margin
    if label.demonstration:
        bottom += _mark_demonstration(canvas, stock, left, bottom, room)
    top = y + stock.height - stock.margin
    top -= _draw_code(canvas, label.code, stock, left, top, room)
    _draw_texts(canvas, label, stock, left, top, room, top - bottom)


def _modules(label: LabelFacts) -> Modules:
    if label.kind == "vial":
        return vial_symbol(label.code)
    return symbol(label.payload or label.code.bare)


def _draw_code(
    canvas: Canvas, code: Code, stock: Stock, x: Points, top: Points, room: Points
) -> Points:
    """The code in Plex Mono with its check digits boxed (LAB-12); returns the height used."""
    size = fitted(code.shown, MONO_BOLD, stock.code, stock.smallest, room - 2)
    if size is None:
        raise LabelRefused(LabelFault.CODE_TOO_LONG, code=code.shown, size=stock.size)
    canvas.setFillGray(0)
    canvas.setFont(MONO_BOLD, size)
    baseline = top - size * 4 / 5
    canvas.drawString(x, baseline, code.shown)
    start = width(code.shown[:-2], MONO_BOLD, size)
    canvas.setStrokeGray(0)
    canvas.setLineWidth(size / 18)
    canvas.rect(
        x + start - size / 14, baseline - size / 7, 2 * size * 3 / 5 + size / 7, size * 24 / 25
    )
    return size * 11 / 10


def _mark_demonstration(canvas: Canvas, stock: Stock, x: Points, y: Points, room: Points) -> Points:
    """A black bar with the word; returns the height used."""
    size = stock.smallest
    bar = size * 23 / 20
    canvas.setFillGray(0)
    canvas.rect(x, y, room, bar, stroke=0, fill=1)
    canvas.setFillGray(1)
    canvas.setFont(SANS_BOLD, size)
    canvas.drawCentredString(x + room / 2, y + size / 4, _DEMONSTRATION)
    return bar + size / 6


def _draw_texts(
    canvas: Canvas,
    label: LabelFacts,
    stock: Stock,
    x: Points,
    top: Points,
    room: Points,
    height: Points,
) -> None:
    """The texts at the largest size at which all of them fit.

    Refused below the stock's smallest.
    """
    size, wrapped = _set(_texts(label, stock), stock, room, height)
    canvas.setFillGray(0)
    leading = size * _LEADING_PER_CENT / 100
    for at, (font, line) in enumerate(wrapped, start=1):
        canvas.setFont(font, size)
        canvas.drawString(x, top - at * leading + (leading - size * 3 / 4), line)


def _texts(label: LabelFacts, stock: Stock) -> list[tuple[str, str]]:
    """Font and text of each paragraph, in the order they stand on the label."""
    status = label.status or stock.status
    if _DISPOSITION.search(status):
        raise LabelRefused(LabelFault.SAYS_A_STATE, status=visible(status), stock=stock.status)
    missing = [sentence for sentence in stock.required if sentence not in label.warnings]
    copy = f" · COPY {label.copy}" if label.copy else ""  # a line of its own has no room on a vial
    texts = [(SANS_BOLD, label.product), *((SANS, line) for line in label.lines)]
    texts += [(SANS_BOLD, status + copy)]
    texts += [(SANS_MEDIUM, warning) for warning in [*label.warnings, *missing]]
    split = [
        (font, part.strip()) for font, text in texts for part in visible(text, font).split("\n")
    ]
    return [(font, part) for font, part in split if part]


def _set(
    texts: list[tuple[str, str]], stock: Stock, room: Points, height: Points
) -> tuple[Points, list[tuple[str, str]]]:
    size = stock.text
    while size >= stock.smallest:
        wrapped = _wrapped(texts, size, room)
        if wrapped is not None and len(wrapped) * size * _LEADING_PER_CENT / 100 <= height:
            return size, wrapped
        size -= 1 / _STEP_QUARTERS
    longest = max((text for _, text in texts), key=len)
    clip = longest if len(longest) <= 40 else longest[:39] + "…"
    raise LabelRefused(LabelFault.TEXT_TOO_LONG, size=stock.size, longest=clip)


def _wrapped(
    texts: list[tuple[str, str]], size: Points, room: Points
) -> list[tuple[str, str]] | None:
    """The texts broken at blanks into lines that fit; None if a single word does not."""
    lines: list[tuple[str, str]] = []
    for font, text in texts:
        if width(text, font, size) <= room:
            lines.append((font, text))
            continue
        line = ""
        for word in text.split():
            longer = f"{line} {word}" if line else word
            if width(longer, font, size) <= room:
                line = longer
                continue
            if not line or width(word, font, size) > room:
                return None
            lines.append((font, line))
            line = word
        lines.append((font, line))
    return lines
