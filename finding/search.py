"""One search over everything that somebody may see: codes and their parts, codes of donors, numbers
of suppliers, names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from finding import sources
from finding.sources import SHOWN, Hit, Sought, Source
from integrity import search_terms
from integrity.database import Session
from integrity.search_terms import LONGEST, SHORTEST, SIGNS, SearchTerm
from integrity.subjects import Subject
from labels import numbering

TERMS = 200  # terms of one search that are looked at, in the order of the index
BETWEEN = re.compile(r"[\s-]+")  # what nobody means who types a part of a code


@dataclass(frozen=True)
class Group:
    """Things of one kind that were found, the newest first; `is_cut` is whether there may be
    more."""

    source: Source
    hits: Sequence[Hit]

    @property
    def is_cut(self) -> bool:
        return len(self.hits) >= SHOWN


def is_long_enough(text: str) -> bool:
    return len(search_terms.folded(text)) >= SHORTEST


def search(session: Session, text: str, opens: Callable[[str], bool]) -> list[Group]:
    """What is found by a text, by kind; `opens` says which pages may be opened by whoever looks.

    In as many questions however much there is; nothing for fewer than three letters and digits.
    """
    part = search_terms.folded(text)[:LONGEST]
    if len(part) < SHORTEST:
        return []
    plain = BETWEEN.sub("", text).upper()
    coded = numbering.containing(session, plain, SHOWN)
    sought = Sought(part, sources.by_series(coded), _ids(session, part))
    mine = [each for each in sources.SOURCES if all(map(opens, each.endpoints))]
    found = [Group(each, each.find(session, sought)) for each in mine]
    return [each for each in found if each.hits]


def _ids(session: Session, part: str) -> dict[str, list[int]]:
    """{kind: ids, the newest first} of what has a number or name with a part."""
    wanted = (
        select(Subject.kind, Subject.id)
        .join(SearchTerm, SearchTerm.subject_id == Subject.id)
        .where(search_terms.beginning(SearchTerm.term, part, SIGNS))
        .order_by(SearchTerm.term.desc(), SearchTerm.subject_id.desc())
        .limit(TERMS)
    )
    made: dict[str, set[int]] = {}
    for kind, number in session.rows(wanted):
        made.setdefault(kind, set()).add(number)
    return {kind: sorted(ids, reverse=True)[:SHOWN] for kind, ids in made.items()}
