"""The pages of controlled documents.

One list of all of them; for each kind its list, one version in words, importing, and each signature
of its way. A kind hands down a Chapter; the roof opens the pages of all chapters.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, render_template, request

from documents import register, signed_states
from documents.views import beginnings, filing, importing, signing, together, versions
from documents.views.chapter import ENDED, Chapter
from people.access import requires
from people.lists import listing
from people.permissions import Permission
from people.transaction import now, session


def blueprint(chapters: Sequence[Chapter]) -> Blueprint:
    """Every page of every chapter."""
    made = Blueprint("documents", __name__)
    by_kind = {chapter.kind.value: chapter for chapter in chapters}

    @requires(Permission.SEE_RECORDS)
    def documents() -> Any:
        kind = request.args.get("kind") or None
        if kind is not None and kind not in by_kind:
            abort(404, "There is no such kind of document. Open the list of documents.")
        asked = listing(register.listed(kind), *filing.FILTERS)
        if asked.wants_file:
            lines = functools.partial(filing.lines, by_kind)
            return asked.file("documents", filing.COLUMNS, lines)
        page = asked.page()
        shown = render_template(
            "documents/documents.html",
            page=page,
            asked=asked,
            chapters=by_kind,
            kind=kind,
            where=register.states_of(session(), page.items, now()),
            ended=ENDED,
            ships=together.offered(chapters),
            shipped_form=together.ShippedForm(),
        )
        return shown, asked.status

    made.add_url_rule("/documents", "documents", documents)
    key_page = requires(Permission.SEE_RECORDS)(beginnings.key_page)
    made.add_url_rule("/documents/keys", "keys", key_page)
    for rule, name, permission, view, methods in together.routes(chapters):
        made.add_url_rule(rule, name, requires(permission)(view), methods=methods)
    for chapter in chapters:
        for pages in (versions, importing, beginnings, signing):
            for rule, name, permission, view, methods in pages.routes(chapter):
                made.add_url_rule(
                    f"/{chapter.path}{rule}",
                    f"{chapter.kind}{name}",
                    requires(permission)(view),
                    methods=methods,
                )
    return made
