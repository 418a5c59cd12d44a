"""IBM Plex for everything that is printed, and text made safe to print.

Fonts are registered with reportlab once per process, on first use.  Nothing typed by a person
reaches a page without going through `visible` (bare text) or `markup` (paragraphs).
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

Points = float
"""Page geometry, 1/72 inch: binary fractions stand here only, never for a measured value."""

SANS = "Plex"
SANS_MEDIUM = "PlexMedium"
SANS_BOLD = "PlexSemiBold"
MONO = "PlexMono"
MONO_MEDIUM = "PlexMonoMedium"
MONO_BOLD = "PlexMonoSemiBold"

_FOLDER = Path(__file__).parent / "fonts"
_FILES = {
    SANS: "IBMPlexSans-Regular.ttf",
    SANS_MEDIUM: "IBMPlexSans-Medium.ttf",
    SANS_BOLD: "IBMPlexSans-SemiBold.ttf",
    MONO: "IBMPlexMono-Regular.ttf",
    MONO_MEDIUM: "IBMPlexMono-Medium.ttf",
    MONO_BOLD: "IBMPlexMono-SemiBold.ttf",
}
_SANS_FOR = {MONO: SANS, MONO_MEDIUM: SANS_MEDIUM, MONO_BOLD: SANS_BOLD}
_REGISTERING = Lock()
_DIGEST = re.compile(r"\b[0-9a-f]{6,}(?:…[0-9a-f]+)?\b")


def register() -> None:
    """Makes the six faces known to reportlab, once. Raises FileNotFoundError: a file is missing."""
    with (
        _REGISTERING
    ):  # a face registered twice would split one document between two tables of subsets
        _register()


@cache
def _register() -> None:
    for name, file in _FILES.items():
        path = _FOLDER / file
        if not path.is_file():
            raise FileNotFoundError(
                f"Font file {path.name} is missing from paper/fonts; "
                "restore it from the source tree."
            )
        pdfmetrics.registerFont(TTFont(name, str(path)))


def width(text: str, font: str, size: Points) -> Points:
    """Printed width of the text in points."""
    register()
    points: Points = pdfmetrics.stringWidth(text, font, size)
    return points


def visible(text: str, font: str = SANS) -> str:
    """The text; what has no glyph, or would reorder its neighbours, is named as [U+202E].

    Line breaks stay; tabs and other blanks become a space.  Decomposed letters are composed
    (NFC), because Vietnamese from some keyboards arrives in pieces.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return composed.translate(_shown_signs(font))


def markup(text: str, font: str = SANS, *, mono_digests: bool = False) -> str:
    """The text for a reportlab Paragraph in `font`: escaped, breaks kept, no markup of its own.

    A sign missing in Plex Mono (Δ) is set in Plex Sans.  `mono_digests` sets hexadecimal digests
    in Plex Mono.
    """
    marked = visible(text, face_of(font, None)).translate(_marked_signs(font))
    if mono_digests:
        marked = _DIGEST.sub(lambda found: f'<font name="{MONO}">{found[0]}</font>', marked)
    return marked.replace("\n", "<br/>")


def fitted(text: str, font: str, size: Points, smallest: Points, room: Points) -> Points | None:
    """The largest size up to `size` at which the text fits into `room`; None below `smallest`."""
    needed = width(text, font, size)
    if needed <= room:
        return size
    shrunk = size * room / needed
    return shrunk if shrunk >= smallest else None


def clipped(text: str, font: str, size: Points, room: Points) -> str:
    """The text, or as much of its beginning as fits into `room` points, with an ellipsis."""
    if width(text, font, size) <= room:
        return text
    while text and width(text + "…", font, size) > room:
        text = text[:-1]
    return text + "…"


def face_of(font: str, sign: str | None) -> str:
    """The face a sign of a text in this font is set in; None asks for the one with most signs."""
    fallback = _SANS_FOR.get(font, font)
    return font if sign is not None and ord(sign) in _glyphs(font) else fallback


class Widths(dict[int, Points]):
    """{code point: width in units of the size}; a sign the font lacks is set in another face."""

    def __init__(self, font: str) -> None:
        super().__init__()
        self.font, self.own = font, _glyphs(font)

    def __missing__(self, code: int) -> Points:
        face = pdfmetrics.getFont(face_of(self.font, chr(code))).face
        wide: Points = face.charWidths.get(code, face.defaultWidth) / 1000
        self[code] = wide
        return wide

    def has_all(self, text: str) -> bool:
        """Whether the font itself has every sign of the text."""
        return self.own.issuperset(map(ord, text))


@cache
def widths(font: str) -> Widths:
    return Widths(font)


class _Signs(dict[int, str]):
    """What stands for each sign, worked out at its first use."""

    def __init__(self, drawn: Callable[[str], str]) -> None:
        super().__init__()
        self.drawn = drawn

    def __missing__(self, code: int) -> str:
        self[code] = self.drawn(chr(code))
        return self[code]


@cache
def _shown_signs(font: str) -> _Signs:
    known = _glyphs(font)
    return _Signs(lambda sign: _shown(sign, known))


@cache
def _marked_signs(font: str) -> _Signs:
    def drawn(sign: str) -> str:
        face = font if sign == "\n" else face_of(font, sign)
        return escape(sign) if face == font else f'<font name="{face}">{escape(sign)}</font>'

    return _Signs(drawn)


@cache
def _glyphs(font: str) -> frozenset[int]:
    register()
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


def _shown(c: str, known: frozenset[int]) -> str:
    if c == "\n":
        return c
    if c == "\t" or unicodedata.category(c) == "Zs":
        return c if c == "\u00a0" else " "
    is_hidden = unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")
    return f"[U+{ord(c):04X}]" if is_hidden or ord(c) not in known else c
