"""The doors between a request and the acts: who is here, may they, one reading session, one writing
transaction.

Every route declares one permission with `requires`; a route that declares none is closed.
"""

from __future__ import annotations

import functools
import hmac
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Response, abort, current_app, g, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.routing import IntegerConverter, Map

from integrity import clock, outbox, site, trail
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.findings import Refused, blocks
from integrity.forms import ENTRY_ID, Form
from people import sessions
from people.permissions import Permission, allows

View = TypeVar("View", bound=Callable[..., Any])
TOKEN, CSRF = "token", "csrf"
LARGEST = 2**31 - 1  # the largest number that both databases keep in a key


def requires(permission: Permission, *, while_locked: bool = False) -> Callable[[View], View]:
    """Declare the one permission of a route."""

    def declare(view: View) -> View:
        view.permission, view.while_locked = permission, while_locked  # type: ignore[attr-defined]
        return view

    return declare


class Number(IntegerConverter):
    """The number of a record in an address.

    One that no table can hold is an address that does not exist.
    """

    def __init__(self, map: Map, *arguments: Any, **words: Any) -> None:
        super().__init__(map, *arguments, **({"max": LARGEST} | words))


def database() -> Database:
    return current_app.extensions["cordbook"]["database"]


def now() -> datetime:
    """The server's clock; the only clock that is trusted (TIM-01)."""
    return current_app.extensions["cordbook"]["clock"]()


def session() -> Session:
    """This request's reading session."""
    if "reading" not in g:
        g.opened = database().reading()
        g.reading = g.opened.__enter__()
    return g.reading


def close_reading(_error: BaseException | None = None) -> None:
    """Close the reading session; the next question sees what was written since."""
    if g.pop("reading", None) is not None:
        g.pop("opened").__exit__(None, None, None)
    g.pop("settings", None)


def settings() -> dict[str, str]:
    if "settings" not in g:
        g.settings = site.settings(session())
    return g.settings


def here() -> sessions.Presence:
    """Who is signed in on this device."""
    return g.presence


def transaction(
    by: trail.Actor = trail.SYSTEM, entry_id: str | None = None
) -> AbstractContextManager[Act]:
    """The one writing transaction of one act."""
    return clock.transaction(database(), now, by, entry_id)


def perform(
    deed: Callable[..., Any],
    *arguments: Any,
    by: trail.Actor | None = None,
    scope: str | None = None,
    **words: Any,
) -> Any:
    """Call exactly one act in its one transaction.

    A refusal changes no record and is an event of its own.
    """
    entry_id, who = request.form.get("entry_id", ""), by or here().actor
    if not ENTRY_ID.fullmatch(entry_id):
        abort(400, "This page was incomplete. Open it anew and enter it again.")
    close_reading()
    try:
        with transaction(who, entry_id) as act:
            return deed(act, *arguments, **words)
    except Refused as refusal:
        _record_refusal(refusal, _name_of(deed), who, scope)
        raise


def _name_of(deed: Any) -> str:
    while isinstance(deed, functools.partial):
        deed = deed.func
    return getattr(deed, "__name__", "act")


def _record_refusal(refusal: Refused, name: str, who: trail.Actor, scope: str | None) -> None:
    with transaction(who) as act:
        act.refused(refusal, name, scope=scope)


def send_alerts() -> None:
    """Send the alerts that wait, in this request, where a mail server is configured (SIG-15)."""
    if post := current_app.config.get("POST"):
        outbox.deliver(database(), post, now)


def submit(form: Form, act: Callable[..., Any], *arguments: Any, **words: Any) -> Any:
    """`perform` for a form.

    Gives the act's result, or None with the refusal's sentences put into the form.
    """
    try:
        return perform(act, *arguments, **words)
    except Refused as refusal:
        form.refuse(refusal)
        return None


def csrf_token() -> str:
    if CSRF not in cookie:
        cookie[CSRF] = secrets.token_urlsafe(24)
    return cookie[CSRF]


def guard() -> Response | str | tuple[str, int] | None:
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
    g.presence = _presence() if request.endpoint != "static" else None
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        _refuse_forged()
    if permission is Permission.PUBLIC:
        return None
    return _refuse_entry(view, permission)


def _presence() -> sessions.Presence | None:
    token = cookie.get(TOKEN)
    if not token:
        return None
    at = now()
    presence, due = sessions.find(
        session(), token, at=at, idle=timedelta(minutes=int(settings()["idle_minutes"]))
    )
    if presence and due:
        with database().writing() as writing:
            sessions.touch(writing, presence.token_digest, at=at, lock=presence.locked)
    return presence


def _refuse_forged() -> None:
    given, kept = request.form.get("csrf_token", ""), cookie.get(CSRF, "")
    if not kept or not hmac.compare_digest(given.encode(), kept.encode()):
        abort(
            400,
            "This page was opened too long ago or in another window. Open it anew and enter it "
            "again.",
        )


def _refuse_entry(view: Any, permission: Permission) -> Response | tuple[str, int] | None:
    presence, reading = g.presence, request.method in ("GET", "HEAD")
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
        return redirect(url_for("people.password"), 303)
    if not allows(presence.actor.role, permission):
        _refuse_unauthorised(permission, reading)
    return None


def _locked(presence: sessions.Presence, reading: bool) -> tuple[str, int]:
    path = request.full_path.rstrip("?")
    if not reading:
        with database().writing() as writing:
            sessions.keep_draft(
                writing,
                presence.actor.id or 0,
                request.path,
                request.form.to_dict(flat=False),
                at=now(),
            )
        path = request.path
    from people.views.sessions import UnlockForm

    return render_template(
        "people/locked.html", form=UnlockForm(), next=path, kept=not reading
    ), 401


def _refuse_unauthorised(permission: Permission, reading: bool) -> None:
    sentence = f"Your role may not {permission.value}. Ask somebody who may."
    if not reading:
        _record_refusal(
            Refused(blocks("IAM-02", sentence)), request.endpoint or "", here().actor, None
        )
    abort(403, sentence)


def safe_path(path: str | None) -> str:
    """A path of our own to go on to; anything else leads home."""
    if (
        not path
        or not path.startswith("/")
        or path.startswith(("//", "/\\"))
        or any(ord(c) < 32 for c in path)
    ):
        return url_for("home")
    return path
