"""The token that a page of ours carries and a foreign page cannot know: a post without it is
refused."""

from __future__ import annotations

import hmac
import secrets

from flask import abort, request, session as cookie

KEPT, FIELD = "csrf", "csrf_token"  # its names in the cookie and in a form


def token() -> str:
    """The token of this device's session; made when it is first asked for."""
    if KEPT not in cookie:
        cookie[KEPT] = secrets.token_urlsafe(24)
    return str(cookie[KEPT])


def renew() -> None:
    """Forget the token; the next page gets another."""
    cookie.pop(KEPT, None)


def refuse_forged() -> None:
    """Answer 400 to a post that does not carry the token of its own cookie: a browser's in the
    form,
    a program's in the header X-CSRF-Token (it is in that header of every JSON answer)."""
    given = (
        request.headers.get("X-CSRF-Token", "") if request.is_json else request.form.get(FIELD, "")
    )
    kept = cookie.get(KEPT, "")
    if not kept or not hmac.compare_digest(given.encode(), kept.encode()):
        abort(
            400,
            "This page was opened too long ago or in another window. Open it anew and enter it "
            "again.",
        )
