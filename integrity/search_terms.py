"""Search terms: by what a thing that has numbers and names of other people is found again.

A term is the rest of a number from one of its characters on, or of a name from one of its words on,
so that whatever begins like what is typed is one range of an index, on every database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from sqlalchemy import ColumnElement, ForeignKey, Index, and_
from sqlalchemy.orm import Mapped, mapped_column

from integrity.acts import Act
from integrity.database import Record

SHORTEST, LONGEST = 3, 40  # characters of a term
SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"  # in the order that every collation has them
PLAIN = str.maketrans({"đ": "d", "ø": "o", "ł": "l"})  # what has no accent to lose


class SearchTerm(Record):
    """One term of one thing, folded."""

    __tablename__ = "search_terms"
    __table_args__ = (Index("search_terms_by_term", "term", "subject_id"),)

    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"), index=True)
    term: Mapped[str]


def folded(text: str) -> str:
    """A text without case, accents, blanks and signs, in ASCII letters and digits alone; a letter
    of another script is its number.
    """
    small = unicodedata.normalize("NFKD", text.casefold()).translate(PLAIN)
    return "".join(
        sign if sign.isascii() else f"u{ord(sign):x}" for sign in small if sign.isalnum()
    )


def of_number(text: str) -> set[str]:
    """The terms of a number: from each of its characters on."""
    whole = folded(text)
    return {whole[at:][:LONGEST] for at in range(max(1, len(whole) - SHORTEST + 1))} - {""}


def of_name(text: str) -> set[str]:
    """The terms of a name: from each of its words on."""
    words = text.split()
    return {folded(" ".join(words[at:]))[:LONGEST] for at in range(len(words))} - {""}


def keep(act: Act, subject_id: int, numbers: Iterable[str], names: Iterable[str] = ()) -> None:
    """Keep by what a thing is found; the act says the event that answers for it."""
    found: set[str] = set()
    found.update(*map(of_number, numbers), *map(of_name, names))
    terms = [SearchTerm(subject_id=subject_id, term=term) for term in sorted(found)]
    if terms:
        act.add(*terms)


def beginning(
    column: ColumnElement[str] | Mapped[str], part: str, signs: str
) -> ColumnElement[bool]:
    """What begins with a part, as a range of an index; `signs` are all that may stand in it."""
    over = beyond(part, signs)
    return column >= part if over is None else and_(column >= part, column < over)


def beyond(part: str, signs: str) -> str | None:
    """The first text after all that begin with a part; None where nothing comes after them."""
    kept = part.rstrip(signs[-1])
    return kept[:-1] + signs[signs.index(kept[-1]) + 1] if kept else None
