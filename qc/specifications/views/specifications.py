"""The pages of specifications.

The list, one version in words, importing, and the two signatures of its way.
"""

from __future__ import annotations

import functools
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for

from integrity import pagination, signatures
from integrity.files import File
from integrity.forms import Form, InstantField, ParagraphField, fault_in_text, tidy
from integrity.signatures import Meaning
from manufacturing.masters.model import text
from manufacturing.masters.toml import LARGEST
from people import signing
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import now, session, submit
from qc.specifications import register
from qc.specifications.register import ImportFacts, Specification
from qc.specifications.rules import STATE_WORDS
from qc.specifications.views import blueprint

LONGEST_PASTED = 400_000
FILE_NAME = "pasted.toml"


class ImportForm(Form):
    document = ParagraphField(
        "Or paste the text of the document",
        longest=LONGEST_PASTED,
        render_kw={"rows": 8, "class": "input-mono"},
    )
    effective_from = InstantField(
        "Effective from",
        hint="Date, time and zone, for example 2026-11-22 08:00 +07:00. Leave it empty: it "
        "then holds from QA's approval on.",
    )


def _specification(specification_id: int) -> Specification:
    found = session().get(Specification, specification_id) if specification_id < 2**31 else None
    if found is None:
        abort(404, "There is no specification under this number. Open the list of specifications.")
    return found


@blueprint.get("/specifications")
@requires(Permission.SEE_RECORDS)
def specifications() -> Any:
    page = pagination.page(session(), register.listed(), request.args)
    return render_template(
        "qc/specifications/specifications.html",
        page=page,
        words=STATE_WORDS,
        where=register.states_of(session(), page.items, now()),
    )


@blueprint.get("/specifications/<int:specification_id>")
@requires(Permission.SEE_RECORDS)
def specification(specification_id: int) -> Any:
    record = _specification(specification_id)
    state = register.states_of(session(), [record], now())[record.id]
    return render_template(
        "qc/specifications/specification.html",
        record=record,
        state=state,
        words=STATE_WORDS,
        text=text,
        contents=register.contents_of(session(), record),
        file=session().get_one(File, record.source_id),
        holds_from=register.effective_at(session(), record),
        signed=signing.shown(signatures.of(session(), record)),
    )


@blueprint.get("/specifications/<int:specification_id>/source")
@requires(Permission.SEE_RECORDS)
def specification_source(specification_id: int) -> Response:
    """The bytes as they were imported, to be saved."""
    record = _specification(specification_id)
    answer = Response(
        session().get_one(File, record.source_id).content, mimetype="application/toml"
    )
    answer.headers.set(
        "Content-Disposition", "attachment", filename=f"{record.code}-v{record.version}.toml"
    )
    return answer


@blueprint.route("/specifications/import", methods=["GET", "POST"])
@requires(Permission.DRAFT_SPECIFICATIONS)
def specification_import() -> Any:
    form = ImportForm(request.form)
    if request.method == "POST" and form.validate() and (given := _given(form)):
        if record := submit(form, register.import_document, given):
            flash(f"{record.named} is imported as a draft.", "accepted")
            return redirect(
                url_for("specifications.specification", specification_id=record.id), 303
            )
        form.status = 422
    return form_page(
        "qc/specifications/specification_import.html",
        form,
    )


def _given(form: ImportForm) -> ImportFacts | None:
    """What was uploaded or pasted.

    A sentence in the form where there is not exactly one of both.
    """
    upload, pasted = request.files.get("file"), (form.document.data or "").replace("\r\n", "\n")
    data = upload.read(LARGEST + 1) if upload else b""
    name = tidy(upload.filename) if upload and upload.filename else FILE_NAME
    if fault := _fault(data, name, pasted):
        form.refusals.append(fault)
        form.status = 422
        return None
    return ImportFacts(data or pasted.encode("utf-8", "replace"), name, form.effective_from.value)


def _fault(data: bytes, name: str, pasted: str) -> str | None:
    if data and pasted.strip():
        return "Choose a file or paste the text, not both."
    if not data and not pasted.strip():
        return (
            "Choose the TOML file of the specification, or paste its text. What was sent is empty."
        )
    return (
        "The name of this file cannot be kept. Give it a plain name and choose it again."
        if fault_in_text(name, 120)
        else None
    )


def _sign(
    specification_id: int,
    act: Any,
    title: str,
    meaning: Meaning,
    permission: Permission,
    sentence: str,
) -> Any:
    record = _specification(specification_id)
    back = url_for("specifications.specification", specification_id=specification_id)
    return signing_page(
        title=f"{title}: {record.named}",
        meaning=meaning,
        sentence=sentence,
        permission=permission,
        facts=functools.partial(register.facts_of, specification_id=specification_id),
        act=functools.partial(act, specification_id=specification_id),
        then=lambda _: back,
        cancel=back,
        scope=record.code,
    )


@blueprint.route("/specifications/<int:specification_id>/author", methods=["GET", "POST"])
@requires(Permission.DRAFT_SPECIFICATIONS)
def specification_author(specification_id: int) -> Any:
    return _sign(
        specification_id,
        register.author,
        "Sign as author",
        Meaning.AUTHORED,
        Permission.DRAFT_SPECIFICATIONS,
        "I prepared this specification and it says what each result is judged against.",
    )


@blueprint.route("/specifications/<int:specification_id>/approve", methods=["GET", "POST"])
@requires(Permission.APPROVE_SPECIFICATIONS)
def specification_approve(specification_id: int) -> Any:
    return _sign(
        specification_id,
        register.approve,
        "Approve",
        Meaning.APPROVED,
        Permission.APPROVE_SPECIFICATIONS,
        "I approve this specification. It holds from the moment shown, and the version before it "
        "is superseded then.",
    )
