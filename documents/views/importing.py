"""Importing a document: a file, a pasted text, or the one that is shipped with Cordbook."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, request, url_for

from documents import approval
from documents.approval import ImportFacts
from documents.faults import Fault, InvalidDocument
from documents.toml import LARGEST
from documents.views.chapter import Chapter, Route
from integrity.forms import Form, InstantField, ParagraphField, fault_in_text, tidy
from people.answers import form_page
from people.transaction import now, submit

FILE_NAME = "pasted.toml"
LONGEST_PASTED = 400_000


class ImportForm(Form):
    document = ParagraphField(
        "Or paste the text of the document",
        longest=LONGEST_PASTED,
        render_kw={"rows": 8, "class": "input-mono"},
    )


class DatedImportForm(ImportForm):
    effective_from = InstantField(
        "Effective from",
        hint="Date and time, for example 2026-11-22 08:00 +07:00; without a zone it is the site's. "
        "Leave it empty: it then holds from its approval on.",
    )


def routes(chapter: Chapter) -> Iterator[Route]:
    view = functools.partial(_import, chapter)
    yield "/import", "_import", chapter.drafts, view, ["GET", "POST"]


def _import(chapter: Chapter) -> Any:
    form = (ImportForm if chapter.quality else DatedImportForm)(request.form)
    faults: list[Fault] = []
    if request.method == "POST" and _is_sound(form) and (given := _given(chapter, form)):
        try:
            if record := submit(form, approval.import_document, given):
                flash(f"{record.named} is imported as a draft.", "accepted")
                return redirect(url_for(chapter.endpoint(), document_id=record.id), 303)
        except InvalidDocument as invalid:
            faults, form.status = list(invalid.faults), 422
    return form_page("documents/import.html", form, chapter=chapter, faults=faults)


def _is_sound(form: ImportForm) -> bool:
    """Whether every field can be read, and no date has passed."""
    sound = form.validate()
    if isinstance(form, DatedImportForm) and sound and (date := form.effective_from.value):
        if date >= now():
            return True
        form.effective_from.errors, form.status = (
            ["This time has passed. Give a time to come, or leave it empty."],
            422,
        )
        return False
    return sound


def _given(chapter: Chapter, form: ImportForm) -> ImportFacts | None:
    """What was uploaded, pasted or chosen.

    A sentence in the form where there is not exactly one of them.
    """
    date = form.effective_from.value if isinstance(form, DatedImportForm) else None
    shipped, pasted = "shipped" in request.form, _pasted()
    data, name = _uploaded() or (b"", FILE_NAME)
    if fault := _fault(chapter, data, name, pasted, shipped):
        form.refusals.append(fault)
        form.status = 422
        return None
    if shipped:
        path = chapter.handling.shipped
        return ImportFacts(chapter.kind, path.read_bytes(), path.name, date)
    return ImportFacts(chapter.kind, data or pasted.encode("utf-8", "replace"), name, date)


def _pasted() -> str:
    return (request.form.get("document") or "").replace("\r\n", "\n")


def _uploaded() -> tuple[bytes, str] | None:
    upload = request.files.get("file")
    if not upload:
        return None
    data, name = upload.read(LARGEST + 1), tidy(upload.filename) or FILE_NAME
    upload.close()
    return data, name


def _fault(chapter: Chapter, data: bytes, name: str, pasted: str, shipped: bool) -> str | None:
    if (bool(data), bool(pasted.strip()), shipped).count(True) > 1:
        return "Choose a file, paste the text or take the shipped document, not both at once."
    if not data and not pasted.strip() and not shipped:
        return (
            f"Choose the TOML file of the {chapter.name}, or paste its text. "
            "What was sent is empty."
        )
    return (
        "The name of this file cannot be kept. Give it a plain name and choose it again."
        if fault_in_text(name, 120)
        else None
    )
