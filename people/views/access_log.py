"""The access log to read: by kind, person and time (IAM-09)."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from integrity import pagination
from people import access_log
from people.access import requires
from people.access_log import AccessKind
from people.accounts import normal
from people.days import NO_DAY, begin_of
from people.permissions import Permission
from people.transaction import session
from people.views import blueprint

FILTERS = ("kind", "username", "from", "to")


@blueprint.get("/access")
@requires(Permission.SEE_ACCESS, sensitive=True)
def accesses() -> Any:
    """What was signed in to, refused, printed, exported and handed out, the newest first."""
    given = {name: request.args.get(name, "").strip()[:80] for name in FILTERS}
    asked: dict[str, Any] = {"kind": given["kind"], "username": normal(given["username"])}
    fault = ""
    try:
        asked["since"] = begin_of(given["from"])
        asked["until"] = begin_of(given["to"], days=1)
    except (ValueError, OverflowError):
        fault = NO_DAY
    page = pagination.page(session(), access_log.listed(asked), request.args)
    shown = render_template(
        "people/access/accesses.html", page=page, given=given, kinds=list(AccessKind), fault=fault
    )
    return shown, 422 if fault else 200
