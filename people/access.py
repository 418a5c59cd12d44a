"""Access: who may come to a page.

Every route declares one permission with `requires`; a route that declares none is closed. Before
every request the guard asks for the page's own token, the person, the lock and the permission.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar, cast

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session as cookie,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter, Map

from integrity.facts import word
from integrity.findings import Refused, blocks
from people import csrf, drafts, readings, sessions
from people.access_log import AccessKind
from people.answers import problem
from people.permissions import Permission, allows
from people.programs import is_program
from people.rule_ids import PeopleRule
from people.transaction import database, log, now, reader, say_refused, session, settings

View = TypeVar("View", bound=Callable[..., Any])
OUTSIDE = "cordbook.outside"  # marks a request to the address of outsiders, where nobody is known
TOKEN = "token"  # the name of the session's token in the cookie
LARGEST = 2**31 - 1  # the largest number that both databases keep in a key


def requires(
    permission: Permission, *, while_locked: bool = False, sensitive: bool = False
) -> Callable[[View], View]:
    """Declare the one permission of a route; each reading of a sensitive one is logged."""

    def declare(view: View) -> View:
        declared: Any = readings.logged(view) if sensitive else view
        declared.permission, declared.while_locked = permission, while_locked
        declared.sensitive = sensitive
        return cast(View, declared)

    return declare


class Number(IntegerConverter):
    """The number of a record in an address.

    One that no table can hold is an address that does not exist.
    """

    def __init__(self, map: Map, *arguments: Any, **words: Any) -> None:
        super().__init__(map, *arguments, **({"max": LARGEST} | words))


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies; what signs and reads them is made once, not twice a request."""

    _signer: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


def guard() -> ResponseReturnValue | None:
    """Before every request.

    Permission declared, token genuine, person present, unlocked and allowed; else no entry.
    """
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        abort(
            400, "The address holds a character that no code and no name can hold. Type it again."
        )
    if request.endpoint is None:
        return None  # no such page, or not that way: answered by its error page
    view = current_app.view_functions[request.endpoint]
    permission = getattr(view, "permission", None)
    if permission is None:
        abort(403)
    is_known = request.endpoint != "static" and OUTSIDE not in request.environ
    g.presence = _find_presence() if is_known else None
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        csrf.refuse_forged()
    if permission is Permission.PUBLIC:
        return None
    return _refuse_entry(view, permission)


def let_go(response: Response) -> Response:
    """After every request: what was posted and taken is kept as a draft no longer."""
    here = getattr(g, "presence", None)
    if here and here.keeps_drafts and request.method == "POST" and response.status_code == 303:
        with database().writing() as writing:
            drafts.drop(writing, here.actor.id or 0, request.path)
    return response


def _find_presence() -> sessions.Presence | None:
    token = cookie.get(TOKEN)
    if not token:
        return None
    at = now()
    presence, due = sessions.find(
        session(), token, at=at, idle=timedelta(minutes=int(settings()["idle_minutes"]))
    )
    if presence and due:
        with database().writing() as writing:
            if presence.locked:
                sessions.lock(writing, presence.token_digest, at=at)
            else:
                sessions.touch(writing, presence.token_digest, at=at)
    return presence


def _refuse_entry(view: Any, permission: Permission) -> ResponseReturnValue | None:
    presence, reading = g.presence, request.method in ("GET", "HEAD")
    if presence is None and is_program():
        return problem("not-signed-in")
    if presence is None:
        where = url_for("people.sign_in", next=request.full_path.rstrip("?") if reading else None)
        return (
            redirect(where, 302)
            if reading
            else (render_template("people/signed_out.html", where=where), 401)
        )
    if presence.locked and not view.while_locked:
        return _locked(presence, reading)
    if presence.must_change_password and not view.while_locked:
        if is_program():
            return problem("password-to-change")
        return redirect(url_for("people.password"), 303)
    if not allows(presence.actor.role, permission):
        _refuse_unauthorised(permission, reading)
    return None


def _locked(presence: sessions.Presence, reading: bool) -> ResponseReturnValue:
    """What was typed is kept for when the lock is opened; a program has what it sent."""
    if is_program():
        return problem("locked")
    path = request.full_path.rstrip("?")
    if not reading:
        with database().writing() as writing:
            typed = drafts.Typed(request.form.to_dict(flat=False))
            drafts.keep(writing, presence.actor.id or 0, request.path, typed, at=now())
    from people import badges
    from people.proof import comes_in_with_code
    from people.views.sessions import UnlockForm

    form = UnlockForm()
    form.ask_code(comes_in_with_code())
    words = {"next": path, "kept": not reading, "scans_badges": badges.is_in_use(session())}
    return render_template("people/locked.html", form=form, **words), 401


def _refuse_unauthorised(permission: Permission, reading: bool) -> None:
    finding = blocks(PeopleRule.ROLE_MAY_NOT, permission=word(permission))
    sentence = finding.sentence(reader())
    if not reading:
        say_refused(Refused(finding), request.endpoint or "")
    log(AccessKind.DENIED, f"{request.method} {request.path}")
    abort(403, sentence)


def safe_path(path: str | None) -> str:
    """A path of our own to go on to; anything else leads home."""
    if not path or not path.startswith("/") or leads_elsewhere(path):
        return url_for("home")
    return path


def leads_elsewhere(path: str) -> bool:
    """Whether a browser would take the beginning of a path for the name of another host."""
    return path.startswith(("//", "/\\")) or any(ord(c) < 32 for c in path)
