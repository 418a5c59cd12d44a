"""The trail to read.

The lines of one batch or cord, or of everything, filtered, and the same as CSV (AUD-07, AUD-08).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, render_template, request, stream_with_context
from sqlalchemy import Select, select

from integrity import facts, pagination
from integrity.canonical import canonical
from integrity.facts import Reader
from integrity.trail import Event
from people.access import requires
from people.access_log import AccessKind
from people.handing_out import handed_out
from people.permissions import Permission
from people.transaction import database, reader, session
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
FILTERS = ("scope", "action", "username")


def _wanted() -> Select[Any]:
    wanted = select(Event).order_by(Event.seq)
    for name in FILTERS:
        if given := request.args.get(name, "").strip()[:80]:
            column = getattr(Event, name)
            wanted = wanted.where(
                column.startswith(given, autoescape=True)
                if name == "action"
                else column.in_({given, given.replace("-", "").upper()})
            )  # a code as shown or as stored
    for name, below in (("from", False), ("to", True)):
        if given := request.args.get(name, "").strip()[:24]:
            wanted = wanted.where(
                Event.at < _day(given, "T23:59:59.999Z")
                if below
                else Event.at >= _day(given, "T00:00:00.000Z")
            )
    return wanted


def _day(text: str, rest: str) -> Any:
    from sqlalchemy import Text, literal

    return literal((text[:10] + rest), Text)


@blueprint.get("/trail")
@requires(Permission.SEE_RECORDS)
def trail() -> Any:
    page = pagination.page(session(), _wanted(), request.args)
    given = {name: request.args.get(name, "") for name in (*FILTERS, "from", "to")}
    told = {event.seq: details_told(event.said["details"], reader()) for event in page.items}
    return render_template("people/trail/trail.html", page=page, given=given, told=told)


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


def _safe(cell: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def _lines(wanted: Select[Any]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    with database().reading() as reading:
        for event in reading.scalars(wanted.execution_options(yield_per=500)):
            said = event.said
            writer.writerow(
                [
                    _safe(cell)
                    for cell in (
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
                ]
            )
            yield out.getvalue()
            out.seek(0)
            out.truncate()


@blueprint.get("/trail.csv")
@requires(Permission.SEE_RECORDS)
def trail_csv() -> Response:
    return _download(_lines(_wanted()), "text/csv", "csv")


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
    return _download(_canonical_lines(_wanted()), "application/jsonl", "jsonl")


def _download(lines: Iterator[str], media_type: str, ending: str) -> Response:
    scope = "".join(
        c for c in request.args.get("scope", "") if (c.isascii() and c.isalnum()) or c == "-"
    )[:80]
    name = f"trail-{scope or 'all'}.{ending}"
    return handed_out(AccessKind.EXPORTED, stream_with_context(lines), media_type, name)
