"""What one request works with: the server's clock, its reading session, the site's settings, who is
here, and the one writing transaction in which exactly one act is called."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import abort, current_app, g

from integrity import clock, deed, outbox, site, trail
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.facts import Reader
from integrity.findings import Refused
from integrity.forms import ENTRY_ID, Form, declare_zone
from people import access_log, sessions
from people.access_log import AccessKind


def database() -> Database:
    return cast(Database, current_app.extensions["cordbook"]["database"])


def now() -> datetime:
    """The server's clock; the only clock that is trusted (TIM-01)."""
    return cast(datetime, current_app.extensions["cordbook"]["clock"]())


def key() -> str:
    """The secret of the installation, of which the secrets of phones are worked out."""
    return str(current_app.config["SECRET_KEY"])


def session() -> Session:
    """This request's reading session."""
    found = g.get("reading")
    if found is None:
        g.opened = database().reading()
        found = g.reading = g.opened.__enter__()
    return cast(Session, found)


def close_reading(_error: BaseException | None = None) -> None:
    """Close the reading session; the next question sees what was written since."""
    if g.pop("reading", None) is not None:
        g.pop("opened").__exit__(None, None, None)
    g.pop("settings", None)


def settings() -> dict[str, str]:
    found = g.get("settings")
    if found is None:
        found = g.settings = site.settings(session())
    return cast(dict[str, str], found)


def zone() -> ZoneInfo:
    """The site's zone, in which times are typed and shown."""
    return ZoneInfo(settings()["zone"])


declare_zone(zone)


def reader() -> Reader:
    """For whom this page's sentences are worded: the language, and the site's zone."""
    return Reader(zone=settings()["zone"])


def presence() -> sessions.Presence:
    """Who is signed in on this device."""
    return cast(sessions.Presence, g.presence)


def about(scope: str | None) -> None:
    """Say which batch or cord this page is about, by its code: the roof marks it where it is for
    show.
    """
    g.about = scope


def transaction(
    by: trail.Actor = trail.SYSTEM, entry_id: str | None = None
) -> AbstractContextManager[Act]:
    """The one writing transaction of one act."""
    return clock.transaction(database(), now, by, entry_id)


def perform(
    act: Callable[..., Any],
    *arguments: Any,
    entry_id: str,
    by: trail.Actor | None = None,
    scope: str | None = None,
    **words: Any,
) -> Any:
    """Call exactly one act in its one transaction, as who is here or as `by` who has proven to be.

    Answers 400 where the request names no entry. Raises Refused.
    """
    if not ENTRY_ID.fullmatch(entry_id):
        abort(400, "This page was incomplete. Open it anew and enter it again.")
    close_reading()
    who = by or presence().actor
    try:
        result = deed.perform(
            database(), now, act, *arguments, by=who, entry_id=entry_id, scope=scope, **words
        )
    except Refused as refusal:
        g.refused_by = refusal.judged_by
        raise
    g.performed = True
    return result


def refused_by() -> object:
    """What the act of this request was judged by when it was refused, or None."""
    return g.get("refused_by")


def submit(form: Form, act: Callable[..., Any], *arguments: Any, **words: Any) -> Any:
    """`perform` for a form, under the entry id that was posted with it.

    Gives the act's result, or None with the refusal's sentences put into the form.
    """
    try:
        return perform(act, *arguments, entry_id=form.posted_entry_id, **words)
    except Refused as refusal:
        form.refuse(refusal, reader())
        return None


def say_refused(refusal: Refused, name: str) -> None:
    """Say in the trail that who is here was refused, before any act was called."""
    deed.say_refused(database(), now, refusal, name, presence().actor)


def log(kind: AccessKind, what: str) -> None:
    """A line of the access log about who is here, in a transaction of its own."""
    with database().writing() as writing:
        access_log.write(writing, kind, presence().actor, at=now(), what=what)


def send_alerts(*, meanwhile: bool = False) -> None:
    """Send the alerts that wait, in this request, where a mail server is configured (SIG-15).

    Or meanwhile: where the time of the answer would tell a stranger that somebody was alerted.
    """
    if not (post := current_app.config.get("POST")):
        return
    if meanwhile:
        outbox.deliver_meanwhile(database(), post, current_app.extensions["cordbook"]["clock"])
    else:
        outbox.deliver(database(), post, now)
