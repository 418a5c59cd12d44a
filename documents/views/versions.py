"""The versions of one kind: their list, one in words, and its bytes."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from flask import Response, render_template

from documents import contents, kinds, register
from documents.approval import MEDIA_TYPE
from documents.register import Date
from documents.texts import text
from documents.views import filing
from documents.views.chapter import ENDED, Chapter, Route
from integrity import signatures
from integrity.files import File
from people import signing
from people.access_log import AccessKind
from people.handing_out import handed_out
from people.lists import listing
from people.permissions import Permission, allows
from people.transaction import now, presence, session


def routes(chapter: Chapter) -> Iterator[Route]:
    """The pages that everybody may read."""
    reads = Permission.SEE_RECORDS
    yield "", "_list", reads, functools.partial(_listed, chapter), ["GET"]
    one = "/<int:document_id>"
    yield one, "", reads, functools.partial(_version, chapter), ["GET"]
    yield f"{one}/source", "_source", reads, functools.partial(_source, chapter), ["GET"]


def _listed(chapter: Chapter) -> Any:
    asked = listing(register.listed(chapter.kind), *filing.FILTERS)
    if asked.wants_file:
        lines = functools.partial(filing.lines, {chapter.kind: chapter})
        return asked.file(chapter.path.replace("/", "-"), filing.COLUMNS, lines)
    page = asked.page()
    shown = render_template(
        "documents/versions.html",
        chapter=chapter,
        page=page,
        asked=asked,
        words=chapter.words,
        ended=ENDED,
        where=register.states_of(session(), page.items, now()),
    )
    return shown, asked.status


def _version(chapter: Chapter, document_id: int) -> Any:
    record = chapter.document_or_404(document_id)
    said, state = contents.of(session(), record), register.state(session(), record, now())
    compared_with, lines = contents.redline_of(session(), record, now())
    return render_template(
        chapter.template,
        chapter=chapter,
        record=record,
        said=said,
        text=text,
        words=chapter.words,
        state=state,
        deeds=_deeds(chapter, state),
        changes=contents.changes_of(session(), record),
        compared_with=compared_with,
        redline=lines,
        source=contents.source_of(session(), record).decode("utf-8"),
        signed=signing.shown(signatures.of(session(), record)),
        not_before=register.moment(session(), record.id, Date.NOT_BEFORE),
        holds_from=register.moment(session(), record.id, Date.EFFECTIVE),
        by_date=not kinds.of(record.kind).quality,
        file=session().get_one(File, record.file_id),
        **chapter.shown(said),
    )


def _deeds(chapter: Chapter, state: str) -> list[tuple[str, str, bool]]:
    """(label, endpoint, whether it ends the version) of what the person who looks may do next."""
    role = presence().actor.role
    return [
        (label, endpoint, permission is chapter.ends and label in ("Reject", "Retire"))
        for label, endpoint, permission in chapter.deeds(state)
        if allows(role, permission)
    ]


def _source(chapter: Chapter, document_id: int) -> Response:
    """The bytes as they were imported, to be saved."""
    record = chapter.document_or_404(document_id)
    content, name = contents.source_of(session(), record), f"{record.code}-v{record.version}.toml"
    return handed_out(AccessKind.DOWNLOADED, content, MEDIA_TYPE, name)
