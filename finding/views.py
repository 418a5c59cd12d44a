"""The box for codes on every page: a whole code opens what it is, anything else is looked for; and
the history of what was scanned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    session as cookie,
    url_for,
)

from finding import scans
from finding.scans import Scan
from finding.search import is_long_enough, search
from integrity import filters, times
from integrity.filters import Filter
from labels import codes, numbering
from labels.codes import Code, UnreadableCode
from people.access import requires
from people.access_log import AccessKind
from people.accounts import normal
from people.lists import listing
from people.permissions import Permission, allows
from people.transaction import (
    close_reading,
    database,
    log,
    now,
    presence,
    reader,
    session,
    settings,
)
from stores.standing import Word

blueprint = Blueprint("finding", __name__)
# One table from the letter of a code to the page that answers for it; the page itself draws the
# status.
PAGES = {
    "B": "execution.batch",
    "C": "donation.cord",
    "J": "donation.cord_by_jar",
    "F": "stores.container",
    "V": "stores.container",
    "P": "stores.container",
    "S": "laboratory.sample",
    "M": "stores.lot",
    "Q": "stores.equipment_item",
    "N": "deviations.deviation",
    "R": "release.certificate",
}
LONGEST = 200  # characters of what the box takes
SCANNED = "scanned"  # in the cookie and the address: what was scanned and is answered next
BAND = re.compile(r'<p class="band-word">([^<]*)</p>')
OPENED, FOUND = "opened", "found"  # what a page without a band answers with
FILTERS = (
    Filter("code", "Code", lambda given, _: scans.of_code(given)),
    filters.same(Scan.username, "User name", "username", normal),
    filters.same(Scan.answer, "Answer", "answer", str.lower),
    *filters.days(Scan.at),
)
COLUMNS = ("when", "user name", "from where", "code", "answer")


@blueprint.get("/scan")
@requires(Permission.SEE_RECORDS)
def scan() -> Any:
    """One box for every code: opens what it is, or shows what has it in its code, number or name.

    Unknown, damaged and foreign codes say so and are never guessed (LAB-08).
    """
    text = request.args.get("code", "")[:LONGEST]
    try:
        code = codes.read(text, base=current_app.config["ADDRESS"])
    except UnreadableCode as fault:
        return _found(text, fault)
    if sentence := _closed(code):
        return _unknown(text, Word.UNKNOWN, sentence)
    cookie[SCANNED] = code.bare
    return redirect(url_for(PAGES[code.series], code=code.bare, scanned="1"))


@blueprint.get("/codes/<code>")
@requires(Permission.SEE_RECORDS)
def opened(code: str) -> Any:
    """What a link to a code opens: nobody scanned it."""
    try:
        read = codes.read(code)
    except UnreadableCode as fault:
        return _page(code, Word.UNKNOWN, fault.sentence(reader())), 404
    if sentence := _closed(read):
        return _page(code, Word.UNKNOWN, sentence), 404
    return redirect(url_for(PAGES[read.series], code=read.bare))


def _closed(code: Code) -> str | None:
    """Why nothing opens under a code of ours, or None."""
    if lost_at := numbering.lost_at(session(), code.bare):
        when = times.shown(lost_at, ZoneInfo(settings()["zone"]))
        return (
            f"{code.shown} was issued before the records were restored on {when}, and what it "
            "stood on is lost. Do not use it; ask QA."
        )
    if code.series not in PAGES:
        return f"{code.shown} is a code of ours, but nothing opens under it."
    return None


def _found(text: str, fault: UnreadableCode) -> Any:
    """What was found by a text that is no code, or that nothing was."""
    groups = search(session(), text, _opens)
    if not groups:
        word = Word.FOREIGN if fault.is_foreign else Word.UNKNOWN
        return _unknown(text, word, fault.sentence(reader()))
    shown = render_template("finding/found.html", text=text.strip(), groups=groups)
    _write(text, FOUND)
    if any(group.source.is_sensitive for group in groups):
        log(AccessKind.READ, request.full_path)
    return shown


def _opens(endpoint: str) -> bool:
    """Whether who is here may open a page."""
    permission: Permission = getattr(current_app.view_functions[endpoint], "permission")  # noqa: B009
    return allows(presence().actor.role, permission)


def _unknown(text: str, word: Word, sentence: str) -> Any:
    shown = _page(text, word, sentence)
    _write(text, word)
    return shown, 404


def _page(text: str, word: Word, sentence: str) -> str:
    return render_template(
        "finding/unknown.html",
        text=text,
        word=word,
        sentence=sentence,
        is_short=not is_long_enough(text),
    )


def _write(text: str, answer: str) -> None:
    """A line of the history, in a transaction of its own, before the answer is handed out."""
    close_reading()
    with database().writing() as writing:
        scans.write(writing, presence().actor, text, answer, at=now())


def note_answer(response: Response) -> Response:
    """After a request: what the page of a scanned code answered with goes into the history."""
    if request.endpoint not in PAGES.values() or SCANNED not in request.args:
        return response
    if response.status_code == 302:
        return response  # a jar goes on to its cord
    code = cookie.pop(SCANNED, None)
    if code and response.status_code in (200, 404):
        band = BAND.search(response.get_data(as_text=True))
        missing = OPENED if response.status_code == 200 else Word.UNKNOWN.value
        _write(code, band[1] if band else missing)
    return response


@blueprint.get("/scans")
@requires(Permission.SEE_ACCESS, sensitive=True)
def scan_list() -> Any:
    """What was scanned, when, by whom, on which device, and with which answer; newest first."""
    asked = listing(scans.listed(), *FILTERS)
    if asked.wants_file:
        return asked.file("scans", COLUMNS, _lines)
    shown = render_template("finding/scans.html", page=asked.page(), asked=asked)
    return shown, asked.status


def _lines(found: Sequence[Scan]) -> Iterator[tuple[Any, ...]]:
    for each in found:
        yield each.at, each.username, each.station, codes.hyphenated(each.code), each.answer
