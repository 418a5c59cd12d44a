"""The trail to read.

The lines of one batch or cord, or of everything, filtered, and the same as CSV (AUD-07, AUD-08).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response, render_template, request, stream_with_context
from sqlalchemy import Select, select

from integrity import facts, filters
from integrity.canonical import canonical
from integrity.facts import Reader
from integrity.filters import Filter
from integrity.trail import Event
from people.access import requires
from people.access_log import AccessKind
from people.accounts import normal
from people.handing_out import handed_out
from people.lists import Listing, listing
from people.permissions import Permission
from people.transaction import database, reader
from people.views import blueprint

COLUMNS = (
    "seq",
    "at",
    "zone",
    "action",
    "username",
    "name",
    "role",
    "subject",
    "scope",
    "reason",
    "details",
    "clock",
    "hash",
)
FILTERS = (
    Filter(
        "scope",
        "Batch or cord code",
        lambda given, _: Event.scope.in_({given, given.replace("-", "").upper()}),
    ),  # a code as shown or as stored
    Filter(
        "action",
        "Action begins with",
        lambda given, _: Event.action.startswith(given, autoescape=True),
    ),
    filters.same(Event.username, "User name", "username", normal),
    *filters.days(Event.at),
)


def _asked(*, newest_first: bool = False) -> Listing:
    """The events that are asked for, in the order of their chain or the newest first."""
    order = Event.seq.desc() if newest_first else Event.seq
    return listing(select(Event).order_by(order), *FILTERS)


@blueprint.get("/trail")
@requires(Permission.SEE_RECORDS)
def trail() -> Any:
    asked = _asked(newest_first=True)
    if asked.wants_file:
        return trail_csv()
    page = asked.page()
    told = {event.seq: details_told(event.said["details"], reader()) for event in page.items}
    return render_template(
        "people/trail/trail.html", page=page, asked=asked, told=told
    ), asked.status


def details_told(details: Mapping[str, Any], reader: Reader) -> list[tuple[str, str]]:
    """(what it is, what it says) of the details of an event, worded for one reader."""
    said: list[tuple[str, str]] = []
    for name, kept in details.items():
        if name == "recorded":  # the facts of an entry, each under its own term
            said += facts.drawn(kept, reader)
        elif name == "changed" and isinstance(kept, list):
            lines = facts.compared(kept, reader)
            said.append((name, "; ".join(f"{term} {was}, {now}" for term, was, now in lines)))
        else:
            said.append((name.replace("_", " "), _told(kept, reader)))
    return said


def _told(kept: Any, reader: Reader) -> str:
    """One value of the details: a fact worded, names and lists as they are."""
    if kept is None or isinstance(kept, str | int) or facts.is_shaped(kept):
        return "" if kept is None else facts.shown(kept, reader)
    if isinstance(kept, Mapping):
        return "; ".join(
            f"{name.replace('_', ' ')} {_told(each, reader)}" for name, each in kept.items()
        )
    return ", ".join(_told(each, reader) for each in kept)


def _lines(found: Sequence[Event]) -> Iterator[tuple[Any, ...]]:
    for event in found:
        said = event.said
        yield (
            event.seq,
            said["at"],
            said["zone"],
            event.action,
            event.username,
            said["actor"]["name"],
            said["actor"]["role"],
            ":".join(said["subject"]),
            event.scope,
            facts.shown(said["reason"] or ""),
            canonical(said["details"]),
            said["clock"],
            event.hash,
        )


@blueprint.get("/trail.csv")
@requires(Permission.SEE_RECORDS)
def trail_csv() -> Response:
    return _asked().file(_name(), COLUMNS, _lines)


def _canonical_lines(wanted: Select[Any]) -> Iterator[str]:
    """One line an event.

    Its canonical content and its place in the chain, so that a verifier needs nothing else
    (AUD-08).
    """
    with database().reading() as reading:
        for event in reading.scalars(wanted.execution_options(yield_per=500)):
            place = f'"hash":"{event.hash}","previous":"{event.previous}"'
            yield f'{{"content":{event.content},{place}}}\n'


@blueprint.get("/trail.jsonl")
@requires(Permission.SEE_RECORDS)
def trail_jsonl() -> Response:
    lines = stream_with_context(_canonical_lines(_asked().wanted))
    return handed_out(AccessKind.EXPORTED, lines, "application/jsonl", f"{_name()}.jsonl")


def _name() -> str:
    asked = request.args.get("scope", "")
    scope = "".join(c for c in asked if (c.isascii() and c.isalnum()) or c == "-")[:80]
    return f"trail-{scope or 'all'}"
