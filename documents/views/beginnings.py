"""A beginning of an own document: the shipped one to download, with what to change in it; and the
page of what each key means."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from flask import render_template

from documents import keys
from documents.approval import MEDIA_TYPE
from documents.views.chapter import Chapter, Route
from people.access_log import AccessKind
from people.handing_out import handed_out
from people.permissions import Permission

TO_CHANGE = """\
# The beginning of an own document, copied from the one shipped with Cordbook. What to change:
# 1. code and title, to your own; a further version of the same document keeps its code.
# 2. demonstration = false, once every value below is your own and justified: what rests on a
#    demonstration is marked on its pages, labels and certificates, and is not for human use.
# 3. note, and every limit, text and name that your process has otherwise.
# Other documents name this one, or what stands in it: change them with it. What each key means
# stands on the page Documents. Import the file there: every fault is said at once, with its place.

"""


def routes(chapter: Chapter) -> Iterator[Route]:
    view = functools.partial(_beginning, chapter)
    yield "/import/beginning", "_beginning", Permission.SEE_RECORDS, view, ["GET"]


def _beginning(chapter: Chapter) -> Any:
    path = chapter.handling.shipped
    text = TO_CHANGE + path.read_text(encoding="utf-8")
    return handed_out(AccessKind.DOWNLOADED, text, MEDIA_TYPE, f"own-{path.name}")


def key_page() -> Any:
    return render_template("documents/keys.html", told=keys.told(), titles=keys.TITLES)
