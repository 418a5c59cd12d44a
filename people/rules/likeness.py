"""The law of one account for one human: who looks like somebody who is here already (SIG-11).

Two names are one where a reader of a signature takes the one for the other: case, accents, blanks,
the order of their parts, and letters of another script or digits that look the same do not count.
Who is asked about may still be another human; quality confirms that."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from integrity import looks, visibility
from integrity.findings import Finding, blocks
from people.rule_ids import PeopleRule


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


def _names(name: str) -> frozenset[str]:
    """What a name is read as: in one piece, and its parts in the order of the alphabet."""
    parts = [re.findall(r"[^\W_]+", plain) for plain in looks.readings(name)]
    return frozenset(read for each in parts for read in ("".join(each), " ".join(sorted(each))))


def _mails(address: str) -> frozenset[str]:
    return frozenset("".join(plain.split()) for plain in looks.readings(address)) - {""}


def is_one_name(one: str, other: str) -> bool:
    """Whether a reader takes the one name for the other."""
    return not _names(one).isdisjoint(_names(other))


def between(one: Human, other: Human) -> Iterator[Likeness]:
    """By what the two look like one human."""
    if is_one_name(one.name, other.name):
        yield Likeness.NAME
    if not _mails(one.mail).isdisjoint(_mails(other.mail)):
        yield Likeness.MAIL
    if looks.is_one(one.badge, other.badge):
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
