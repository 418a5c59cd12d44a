"""The access log to read: by kind, person and time (IAM-09)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template

from integrity import filters
from people import access_log
from people.access import requires
from people.access_log import Access, AccessKind
from people.accounts import normal
from people.lists import listing
from people.permissions import Permission
from people.views import blueprint

FILTERS = (
    filters.choice(Access.kind, "Kind", "kind", [(each, each.capitalize()) for each in AccessKind]),
    filters.same(Access.username, "User name", "username", normal),
    *filters.days(Access.at),
)
COLUMNS = ("when", "user name", "from where", "kind", "what")


def _lines(found: Sequence[Access]) -> Iterator[tuple[Any, ...]]:
    for each in found:
        yield each.at, each.username, each.station, each.kind, each.what


@blueprint.get("/access")
@requires(Permission.SEE_ACCESS, sensitive=True)
def accesses() -> Any:
    """What was signed in to, refused, printed, exported and handed out, the newest first."""
    asked = listing(access_log.listed(), *FILTERS)
    if asked.wants_file:
        return asked.file("access-log", COLUMNS, _lines)
    shown = render_template("people/access/accesses.html", page=asked.page(), asked=asked)
    return shown, asked.status
