"""The law of one account for one human: who looks like somebody who is here already (SIG-11).

Two names are one where a reader of a signature takes the one for the other: case, accents, blanks,
the order of their parts, and letters of another script or digits that look the same do not count.
Who is asked about may still be another human; quality confirms that."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from integrity import visibility
from integrity.findings import Finding, blocks
from people.rule_ids import PeopleRule

LATIN = str.maketrans(
    "đøłħŧɑɡօսհո" + "iı1|0", "dolhtagouhn" + "llllo"
)  # what has no accent to lose
CYRILLIC = str.maketrans("авгекмнопрстухьіјѕһӏүԁԛԝ", "abrekmhonpctyxbljshlydqw")
GREEK_CAPITALS = str.maketrans("αβεζηικμνορτυχϲϳ", "abezhlkmnoptyxcj")
GREEK_SMALL = str.maketrans("αβγεηικμνορτυχωϲϳ", "abyenlkuvoptuxwcj")
PAIRS = (("rn", "m"), ("vv", "w"))  # two letters that look like one


class Likeness(enum.StrEnum):
    """By what two accounts look like one human."""

    NAME = "name"
    MAIL = "mail"
    BADGE = "badge"


@dataclass(frozen=True)
class Human:
    """What tells one human from another; mail and badge may be empty."""

    name: str
    mail: str = ""
    badge: str = ""


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


def _looks(text: str) -> Iterator[str]:
    """A text as it looks where its Greek is read as capitals, and as small letters."""
    for greek in (GREEK_CAPITALS, GREEK_SMALL):
        yield _plain(text, greek)


def _names(name: str) -> frozenset[str]:
    """What a name is read as: in one piece, and its parts in the order of the alphabet."""
    parts = [re.findall(r"[^\W_]+", plain) for plain in _looks(name)]
    return frozenset(read for each in parts for read in ("".join(each), " ".join(sorted(each))))


def _mails(address: str) -> frozenset[str]:
    return frozenset("".join(plain.split()) for plain in _looks(address)) - {""}


def _badges(number: str) -> frozenset[str]:
    """Letters and digits alone: 0-417 and 0417 are one badge."""
    return frozenset("".join(filter(str.isalnum, plain)) for plain in _looks(number)) - {""}


def is_one_name(one: str, other: str) -> bool:
    """Whether a reader takes the one name for the other."""
    return not _names(one).isdisjoint(_names(other))


def between(one: Human, other: Human) -> Iterator[Likeness]:
    """By what the two look like one human."""
    if is_one_name(one.name, other.name):
        yield Likeness.NAME
    if not _mails(one.mail).isdisjoint(_mails(other.mail)):
        yield Likeness.MAIL
    if not _badges(one.badge).isdisjoint(_badges(other.badge)):
        yield Likeness.BADGE


def among(one: Human, others: Iterable[tuple[str, Human]]) -> list[tuple[str, list[Likeness]]]:
    """(user name, by what) of everybody who looks like this human; each may be given by everything
    they were ever called.
    """
    found: dict[str, set[Likeness]] = {}
    for username, other in others:
        found.setdefault(username, set()).update(between(one, other))
    return [
        (username, [each for each in Likeness if each in by])
        for username, by in found.items()
        if by
    ]


def against_naming(who: Human) -> Iterator[Finding]:
    """What speaks against calling somebody so: nothing is seen of the name, or it is read in
    another direction than it is kept in.
    """
    if not visibility.is_said(who.name):
        yield blocks(PeopleRule.NAME_UNSEEN, "name")
    for field, text in (("name", who.name), ("mail", who.mail), ("badge", who.badge)):
        if not visibility.DIRECTIONS.isdisjoint(text):
            yield blocks(PeopleRule.READ_BACKWARDS, field)
