"""How the lists of controlled documents are narrowed, and their lines as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from documents import register
from documents.register import ControlledDocument
from documents.views.chapter import Chapter
from integrity import filters
from people.accounts import normal
from people.transaction import now, session

FILTERS = (
    filters.same(ControlledDocument.code, "Code", "code"),
    filters.same(ControlledDocument.username, "Imported by", "username", normal),
    *filters.days(ControlledDocument.imported_at, "Imported"),
)
COLUMNS = ("kind", "code", "version", "title", "imported", "user name", "state", "SHA-256")


def lines(
    chapters: Mapping[str, Chapter], found: Sequence[ControlledDocument]
) -> Iterator[tuple[object, ...]]:
    """The cells of each version, in a fixed number of queries."""
    where = register.states_of(session(), found, now())
    for each in found:
        chapter = chapters[each.kind]
        yield (
            chapter.name,
            each.code,
            each.version,
            each.title,
            each.imported_at,
            each.username,
            chapter.words[where[each.id]][0],
            each.sha256,
        )
