"""The signatures of a document's way, each on a signing page of its own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from flask import abort, redirect, request, url_for

from documents import approval, contents
from documents.views.chapter import Chapter, Route
from integrity.forms import Form, InstantField
from integrity.signatures import Meaning
from people.answers import form_page
from people.signing import signing_page
from people.transaction import now

BOTH = ["GET", "POST"]


class DateForm(Form):
    effective_from = InstantField(
        "Effective not before",
        hint="Date and time, for example 2026-11-22 08:00 +07:00; without a zone it is the site's. "
        "Leave it empty for at once.",
    )


def routes(chapter: Chapter) -> Iterator[Route]:
    one = "/<int:document_id>"
    for deed, permission in (
        ("author", chapter.drafts),
        ("approve", chapter.approves),
        ("reject", chapter.ends),
        ("retire", chapter.ends),
    ):
        yield (
            f"{one}/{deed}",
            f"_{deed}",
            permission,
            functools.partial(_VIEWS[deed], chapter),
            BOTH,
        )
    if chapter.quality:
        date, sign = functools.partial(_date, chapter), functools.partial(_quality, chapter)
        effective = functools.partial(_effective, chapter)
        yield f"{one}/date", "_date", chapter.quality, date, BOTH
        yield f"{one}/approve-for-quality", "_approve_for_quality", chapter.quality, sign, BOTH
        yield f"{one}/effective", "_effective", chapter.approves, effective, BOTH


def _sign(
    chapter: Chapter,
    document_id: int,
    act: Callable[..., Any],
    title: str,
    meaning: Meaning,
    permission: Any,
    sentence: str,
    *,
    comment: str = "",
    effective_from: datetime | None = None,
) -> Any:
    record = chapter.document_or_404(document_id)
    back = url_for(chapter.endpoint(), document_id=document_id)
    return signing_page(
        title=f"{title}: {record.named}",
        meaning=meaning,
        sentence=sentence,
        permission=permission,
        facts=lambda reading: contents.facts_of(reading, document_id, now(), effective_from),
        act=functools.partial(act, document_id=document_id),
        then=lambda _: back,
        cancel=back,
        comment=comment,
        scope=record.code,
    )


def _author(chapter: Chapter, document_id: int) -> Any:
    sentence = f"I prepared this {chapter.name} and it says what it must."
    return _sign(
        chapter,
        document_id,
        approval.author,
        "Sign as author",
        Meaning.AUTHORED,
        chapter.drafts,
        sentence,
    )


def _approve(chapter: Chapter, document_id: int) -> Any:
    sentence = f"I checked this {chapter.name} independently of its author."
    if not chapter.quality:
        sentence += " It holds from the moment shown, and the version before it is superseded then."
    return _sign(
        chapter,
        document_id,
        approval.approve,
        "Approve",
        Meaning.APPROVED,
        chapter.approves,
        sentence,
    )


def _date(chapter: Chapter, document_id: int) -> Any:
    """From when on the version may become effective; leads to QA's signature."""
    record, form = chapter.document_or_404(document_id), DateForm(request.form)
    if request.method == "POST" and form.validate():
        chosen = form.effective_from.value
        if chosen is None or chosen >= now():
            where = {"from": chosen.isoformat()} if chosen else {}
            there = chapter.endpoint("approve_for_quality")
            return redirect(url_for(there, document_id=document_id, **where), 303)
        form.effective_from.errors, form.status = (
            ["This time has passed. Give a time to come, or leave it empty for at once."],
            422,
        )
    return form_page("documents/date.html", form, chapter=chapter, record=record)


def _quality(chapter: Chapter, document_id: int) -> Any:
    date = _written_date(request.args.get("from"))
    return _sign(
        chapter,
        document_id,
        functools.partial(approval.approve_for_quality, effective_from=date),
        "QA approval",
        Meaning.APPROVED,
        chapter.quality,
        f"I approve this {chapter.name} for the quality unit.",
        effective_from=date,
    )


def _written_date(written: str | None) -> datetime | None:
    """The date in the address of QA's signing page.

    Anything else than one we wrote there is no such page.
    """
    if not written:
        return None
    try:
        date = datetime.fromisoformat(written)
        if date.utcoffset() is not None and 2000 < date.year < 3000:
            return date
    except ValueError:
        pass
    abort(404, "This address is incomplete. Open the document and choose the date again.")


def _effective(chapter: Chapter, document_id: int) -> Any:
    return _sign(
        chapter,
        document_id,
        approval.make_effective,
        "Make effective",
        Meaning.APPROVED,
        chapter.approves,
        f"{chapter.effective} The one before is superseded from now on; what rests on it keeps it.",
    )


def _reject(chapter: Chapter, document_id: int) -> Any:
    return _sign(
        chapter,
        document_id,
        approval.reject,
        "Reject",
        Meaning.REJECTED,
        chapter.ends,
        "This version is refused for good. A better one is imported as a new version.",
        comment="required",
    )


def _retire(chapter: Chapter, document_id: int) -> Any:
    return _sign(
        chapter,
        document_id,
        approval.retire,
        "Retire",
        Meaning.REJECTED,
        chapter.ends,
        "Nothing new may rest on it any more. What rests on it already keeps it.",
        comment="required",
    )


_VIEWS = {"author": _author, "approve": _approve, "reject": _reject, "retire": _retire}
