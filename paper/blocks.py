"""What a printed record is made of: headings, paragraphs, facts, the status band, signatures.

Every function takes plain text, escapes it, and returns something `paper.frame.document` prints.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, Spacer, Table

from paper.fonts import MONO, SANS, SANS_BOLD, SANS_MEDIUM, Points, markup, visible
from paper.lines import Plain
from paper.shapes import INK, INK_2, TONES, draw_shape

CONTENT_WIDTH = 511
"""Points between the margins of an A4 page."""

_FACT_COLUMNS = (112, 150, 110, 139)
_SHAPE = 13
_PAD = 10


class Signature(TypedDict):
    """One signature as printed.

    Who (name and user name), in which role, meaning what, and when, with zone.
    """

    name: str
    username: str
    role: str
    meaning: str
    time: str


def style(font: str = SANS, size: Points = 9, **more: Any) -> ParagraphStyle:
    """A paragraph style of the house.

    Text of any length wraps, a word longer than the line is broken.
    """
    look = {
        "textColor": INK,
        "leading": size * 4 / 3,
        "splitLongWords": 1,
        "allowWidows": 0,
        "allowOrphans": 0,
    }
    return ParagraphStyle(f"{font}-{size}", fontName=font, fontSize=size, **(look | more))


TEXT = style()
_LABEL = style(textColor=INK_2)
_VALUE = style(SANS_MEDIUM)
_MONO = style(MONO)
_MONO_RIGHT = style(MONO, alignment=TA_RIGHT)
_RIGHT = style(alignment=TA_RIGHT)
_HEADING = style(SANS_BOLD, 11, spaceBefore=12, spaceAfter=5, keepWithNext=1)
_EYEBROW = style(size=9, textColor=INK_2)
_TITLE = style(SANS_BOLD, 19, leading=23)


def text_cell(text: str, *, mono: bool = False, right: bool = False) -> Flowable:
    """A table cell of plain text; `mono` for measured values and codes."""
    look = (_MONO_RIGHT if right else _MONO) if mono else (_RIGHT if right else TEXT)
    return Plain(text, look)


class Heading(Paragraph):  # type: ignore[misc]  # reportlab has no types
    """A section's heading, which tells the page where it came to stand (`paper.frame`)."""

    def __init__(self, words: str) -> None:
        super().__init__(markup(words, SANS_BOLD), _HEADING)
        self.words = visible(words).replace("\n", " ")

    def draw(self) -> None:
        if heads := getattr(self.canv, "heads", None):
            heads.stands(self, self.canv)
        super().draw()


def heading(text: str) -> Flowable:
    """A section's heading; stays with what follows it."""
    return Heading(text)


def section(text: str, room: Points = 76) -> list[Flowable]:
    """A heading over a table that may go on over pages.

    On the next page if less than `room` points are left on this one.
    """
    words = Heading(text)
    words.keepWithNext = 0  # kept with a table it would take the whole of it to the next page
    return [CondPageBreak(room), words]


def paragraph(text: str) -> Flowable:
    """Running text; line breaks are kept."""
    return Plain(text, TEXT)


def gap(points: Points = 8) -> Flowable:
    """Empty space between two blocks."""
    return Spacer(1, points)


def masthead(title: str, kind: str, room: Points) -> Flowable:
    """Kind and title in the upper left of the first page, as wide as the number beside it leaves
    them.
    """
    words = [Paragraph(markup(kind), _EYEBROW), Paragraph(markup(title, SANS_BOLD), _TITLE)]
    block = Table([[words, ""]], colWidths=[room, CONTENT_WIDTH - room], style=_flush())
    block.setStyle(
        [("LINEBELOW", (0, 0), (-1, -1), 1.5, INK), ("BOTTOMPADDING", (0, 0), (-1, -1), 12)]
    )
    block.spaceAfter = 10
    return block


def facts_grid(pairs: Sequence[tuple[str, str]]) -> Flowable:
    """Labels and values, two pairs to a line, read from left to right."""
    cells: list[list[Flowable | str]] = [
        [Plain(label, _LABEL), Plain(value, _VALUE)] for label, value in pairs
    ]
    if len(cells) % 2:
        cells.append(["", ""])
    rows = [[*cells[at], *cells[at + 1]] for at in range(0, len(cells), 2)]
    if not rows:
        return Spacer(1, 0)
    grid = Table(rows, colWidths=_FACT_COLUMNS, style=_flush(), splitInRow=1)
    grid.setStyle([("RIGHTPADDING", (0, 0), (-1, -1), 8), ("BOTTOMPADDING", (0, 0), (-1, -1), 4)])
    grid.spaceAfter = 6
    return grid


def band(word: str, sentence: str, tone: str) -> Flowable:
    """The status: its shape, one word in bold and a sentence, in a frame of the status colour.

    `tone` is "accepted", "held", "rejected" or "note"; another raises KeyError.
    """
    return _Band(word, sentence, tone)


def signatures(signed: Sequence[Signature]) -> Flowable:
    """Signature blocks, two to a line.

    Printed name, user name, role, meaning, time with zone (Part 11.50).
    """
    if not signed:
        return paragraph("Not signed.")
    blocks = [_signature(signature) for signature in signed]
    if len(blocks) % 2:
        blocks.append([])
    rows = [[blocks[at], "", blocks[at + 1]] for at in range(0, len(blocks), 2)]
    table = Table(rows, colWidths=[249, 13, 249], style=_flush(), splitInRow=1)
    table.setStyle([("TOPPADDING", (0, 0), (-1, -1), 5), ("BOTTOMPADDING", (0, 0), (-1, -1), 8)])
    for at in range(len(signed)):
        table.setStyle([("LINEABOVE", (at % 2 * 2, at // 2), (at % 2 * 2, at // 2), 0.75, INK)])
    return table


def together(*blocks: Flowable) -> Flowable:
    """The blocks on one page, if they fit on one."""
    return KeepTogether(list(blocks))


def _signature(signature: Signature) -> list[Flowable]:
    name = f'<font name="{SANS_BOLD}">{markup(signature["name"], SANS_BOLD)}</font>'
    return [
        Paragraph(f"{name} ({markup(signature['username'])}, {markup(signature['role'])})", TEXT),
        Plain(signature["meaning"], TEXT),
        Plain(signature["time"], _LABEL),
    ]


def _flush() -> list[tuple[Any, ...]]:
    return [
        ("FONT", (0, 0), (-1, -1), SANS, 9),  # or reportlab names Helvetica, which is not embedded
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]


class _Band(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Frame, shape and words of a status."""

    def __init__(self, word: str, sentence: str, tone: str) -> None:
        super().__init__()
        self.tone = tone
        self.spaceBefore = 4
        self.spaceAfter = 4
        colour = TONES[tone].colour
        bold = f'<font name="{SANS_BOLD}" size="12">{markup(word, SANS_BOLD)}</font>'
        rest = f" — {markup(sentence, SANS_MEDIUM)}" if sentence else ""
        self.words = Paragraph(bold + rest, style(SANS_MEDIUM, 10, leading=16, textColor=colour))

    def wrap(self, available_width: Points, _available_height: Points) -> tuple[Points, Points]:
        room = available_width - 3 * _PAD - _SHAPE
        _, self.words_height = self.words.wrap(room, 10_000)
        self.width, self.height = available_width, self.words_height + 2 * 7
        return self.width, self.height

    def draw(self) -> None:
        look = TONES[self.tone]
        self.canv.setStrokeColor(look.colour)
        self.canv.setLineWidth(1)
        self.canv.roundRect(0, 0, self.width, self.height, 4)
        draw_shape(self.canv, self.tone, _PAD, self.height - 7 - _SHAPE - 1, _SHAPE)
        self.words.drawOn(self.canv, 2 * _PAD + _SHAPE, 7)
