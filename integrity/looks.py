"""How a text looks: two that a reader takes for one another are one.

Case, accents, blanks, and letters of another script or digits that look the same do not count; in a
number neither does what stands between its letters and digits. Whoever is asked on the strength of
it may still mean something else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from integrity import visibility

LATIN = str.maketrans(
    "đøłħŧɑɡօսհո" + "iı1|0", "dolhtagouhn" + "llllo"
)  # what has no accent to lose
CYRILLIC = str.maketrans("авгекмнопрстухьіјѕһӏүԁԛԝ", "abrekmhonpctyxbljshlydqw")
GREEK_CAPITALS = str.maketrans("αβεζηικμνορτυχϲϳ", "abezhlkmnoptyxcj")
GREEK_SMALL = str.maketrans("αβγεηικμνορτυχωϲϳ", "abyenlkuvoptuxwcj")
PAIRS = (("rn", "m"), ("vv", "w"))  # two letters that look like one


def _plain(text: str, greek: dict[int, int]) -> str:
    """A text as it looks: without case, accents and what is not drawn, in Latin letters."""
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    drawn = (
        letter
        for letter in small
        if not unicodedata.combining(letter) and not visibility.is_hidden(letter)
    )
    plain = "".join(drawn).translate(CYRILLIC).translate(greek).translate(LATIN)
    for pair, one in PAIRS:
        plain = plain.replace(pair, one)
    return plain


def readings(text: str) -> Iterator[str]:
    """A text as it looks where its Greek is read as capitals, and as small letters."""
    for greek in (GREEK_CAPITALS, GREEK_SMALL):
        yield _plain(text, greek)


def number(text: str) -> frozenset[str]:
    """What a number or name is read as, letters and digits alone: 0-417 and O417 are one. Empty
    where it has neither.
    """
    return frozenset("".join(filter(str.isalnum, plain)) for plain in readings(text)) - {""}


def is_one(one: str, other: str) -> bool:
    """Whether a reader takes the one number or name for the other."""
    return not number(one).isdisjoint(number(other))


def alike(text: str, known: Iterable[tuple[str, str]]) -> list[str]:
    """What is known, as (what it is called here, its number), under a number that is read as this
    one.
    """
    looks = number(text)
    return [called for called, theirs in known if not looks.isdisjoint(number(theirs))]
