"""The law of one account for one human: who looks like somebody who is here already (SIG-11)."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

UNDIVIDED = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i"})  # no accent to take away


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


def folded(name: str) -> tuple[str, ...]:
    """A name without case, accents and punctuation, its parts in the order of the alphabet."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(UNDIVIDED)
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(sorted(re.findall(r"\w+", kept)))


def _mail(address: str) -> str:
    return unicodedata.normalize("NFKC", address).casefold().strip()


def _badge(number: str) -> str:
    """Letters and digits alone: 0-417 and 0417 are one badge."""
    plain = unicodedata.normalize("NFKC", number).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def between(one: Human, other: Human) -> Iterator[Likeness]:
    """By what the two look like one human."""
    if folded(one.name) == folded(other.name):
        yield Likeness.NAME
    if one.mail and _mail(one.mail) == _mail(other.mail):
        yield Likeness.MAIL
    if _badge(one.badge) and _badge(one.badge) == _badge(other.badge):
        yield Likeness.BADGE


def among(one: Human, others: Iterable[tuple[str, Human]]) -> list[tuple[str, list[Likeness]]]:
    """(user name, by what) of everybody who looks like this human."""
    found = ((username, list(between(one, other))) for username, other in others)
    return [(username, by) for username, by in found if by]
