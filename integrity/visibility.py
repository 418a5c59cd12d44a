"""What of a text a reader sees. A blank, a mark without a body and a letter that is drawn as
nothing say nothing, however many there are; a mark of the reading direction shows another text than
is kept.

One definition for every form, act and setting.
"""

from __future__ import annotations

import unicodedata

DIRECTIONS = frozenset(
    map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x200E, 0x200F, 0xFEFF])
)
# Letters and signs that are drawn as nothing: fillers of Hangul, the empty cell of Braille, a note
# without a head, and the selectors of a variant.
EMPTY = frozenset(
    map(
        chr,
        [
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0x1D159),
            *range(0x180B, 0x1810),
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ],
    )
)


def is_hidden(character: str) -> bool:
    """Whether nothing at all is drawn for it, not even a gap."""
    return character in EMPTY or unicodedata.category(character) == "Cf"


def is_visible(character: str) -> bool:
    """Whether something is drawn for it alone: a letter, a digit, a sign."""
    return unicodedata.category(character)[0] in "LNPS" and not is_hidden(character)


def is_said(text: str | None) -> bool:
    """Whether a reader sees anything of it."""
    return any(map(is_visible, text or ""))


def is_empty(text: str) -> bool:
    """Whether it is as if nothing had been typed: blanks, and marks and letters that are drawn as
    nothing. What is refused by name (a control character, a direction) is not nothing.
    """
    return all(map(_is_blank, text))


def _is_blank(character: str) -> bool:
    if character in DIRECTIONS:
        return False
    is_mark = unicodedata.category(character)[0] == "M"
    return character.isspace() or is_mark or is_hidden(character)


def is_line(text: str) -> bool:
    """Whether it is one line that is read as it is kept: no control character, no direction."""
    controls = any(unicodedata.category(each) in ("Cc", "Cs", "Cn", "Co") for each in text)
    return is_said(text) and not controls and DIRECTIONS.isdisjoint(text)
