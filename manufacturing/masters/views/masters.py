"""The pages of master batch records.

The list, one version in words, importing, and each signature of its way.
"""

from __future__ import annotations

import functools
from datetime import datetime
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for

from integrity import pagination, signatures, states
from integrity.files import File
from integrity.forms import Form, InstantField, ParagraphField, fault_in_text, tidy
from integrity.signatures import Meaning
from manufacturing.masters import description, register
from manufacturing.masters.document import Fault, InvalidDocument, text
from manufacturing.masters.register import MasterRecord
from manufacturing.masters.views import blueprint
from people import signing
from people.access import requires
from people.answers import form_page
from people.permissions import Permission, allows
from people.signing import signing_page
from people.transaction import now, presence, session, submit

# state: (word, tone, what it means)
STATES = {
    "draft": ("Draft", "note", "Imported. Its author reads it and signs."),
    "authored": (
        "In review",
        "held",
        "Signed by its author. A master record approver checks and signs.",
    ),
    "approved": ("Approved", "held", "Signed by author and approver. QA signs next."),
    "qa_approved": (
        "Approved by QA",
        "held",
        "Signed by three people. It becomes effective when an approver says so.",
    ),
    "effective": ("Effective", "accepted", "New batches start on this version."),
    "superseded": (
        "Superseded",
        "note",
        "A newer version is effective. Batches that started on this one keep it.",
    ),
    "retired": ("Retired", "rejected", "Out of force. No batch may start on it."),
    "rejected": ("Rejected", "rejected", "Refused. No batch may start on it."),
}
UNDER_WAY = ("draft", "authored", "approved", "qa_approved")
# (states in which it is offered, label, endpoint, permission)
DEEDS = (
    (("draft",), "Sign as author", "master_author", Permission.DRAFT_MASTERS),
    (("authored",), "Approve", "master_approve", Permission.APPROVE_MASTERS),
    (("approved",), "Give QA's approval", "master_date", Permission.APPROVE_MASTERS_FOR_QUALITY),
    (("qa_approved",), "Make effective", "master_effective", Permission.APPROVE_MASTERS),
    (UNDER_WAY, "Reject", "master_reject", Permission.END_MASTERS),
    (("effective",), "Retire", "master_retire", Permission.END_MASTERS),
)
FILE_NAME = "pasted.toml"
LONGEST_PASTED = 400_000


class ImportForm(Form):
    document = ParagraphField(
        "Or paste the text of the document",
        longest=LONGEST_PASTED,
        render_kw={"rows": 8, "class": "input-mono"},
    )


class DateForm(Form):
    effective_from = InstantField(
        "Effective not before",
        hint="Date, time and zone, for example 2026-11-22 08:00 +07:00. Leave it empty for at "
        "once.",
    )


def _master(master_id: int) -> MasterRecord:
    found = session().get(MasterRecord, master_id) if master_id < 2**31 else None
    if found is None:
        abort(404, "There is no master record under this number. Open the list of masters.")
    return found


@blueprint.get("/masters")
@requires(Permission.SEE_RECORDS)
def masters() -> Any:
    page = pagination.page(session(), register.listed(), request.args)
    where = states.of_many(
        session(), MasterRecord.__tablename__, [each.id for each in page.items], register.AXIS
    )
    return render_template(
        "manufacturing/masters/masters.html",
        page=page,
        words=STATES,
        where={each.id: where[(each.key, register.AXIS)] for each in page.items},
    )


@blueprint.get("/masters/<int:master_id>")
@requires(Permission.SEE_RECORDS)
def master(master_id: int) -> Any:
    record, said = _master(master_id), register.document_of(session(), master_id)
    titles, state = (
        {step.id: text(step.title) for step in said.steps},
        register.standing(session(), record),
    )
    return render_template(
        "manufacturing/masters/master.html",
        record=record,
        said=said,
        titles=titles,
        wording=description,
        text=text,
        state=state,
        words=STATES,
        deeds=_deeds(state),
        changes=register.changes_of(session(), record),
        signed=signing.shown(signatures.of(session(), record)),
        date=register.not_before(session(), master_id),
        file=session().get_one(File, record.source_id),
    )


def _deeds(state: str) -> list[tuple[str, str, bool]]:
    """(label, endpoint, whether it ends the version) of what the person who looks may do next."""
    role = presence().actor.role
    return [
        (label, f"masters.{endpoint}", permission is Permission.END_MASTERS)
        for when, label, endpoint, permission in DEEDS
        if state in when and allows(role, permission)
    ]


@blueprint.get("/masters/<int:master_id>/source")
@requires(Permission.SEE_RECORDS)
def master_source(master_id: int) -> Response:
    """The bytes as they were imported, to be saved."""
    record = _master(master_id)
    answer = Response(register.source_of(session(), record), mimetype=register.MEDIA_TYPE)
    answer.headers.set(
        "Content-Disposition", "attachment", filename=f"{record.code}-v{record.version}.toml"
    )
    return answer


# Importing
# -------------------------------------------------------------------------------------------------


@blueprint.route("/masters/import", methods=["GET", "POST"])
@requires(Permission.DRAFT_MASTERS)
def master_import() -> Any:
    form, faults = ImportForm(request.form), list[Fault]()
    if request.method == "POST" and form.validate() and (given := _given(form)):
        try:
            if record := submit(form, register.import_master, *given):
                flash(f"{record.code} version {record.version} is imported as a draft.", "accepted")
                return redirect(url_for("masters.master", master_id=record.id), 303)
        except InvalidDocument as invalid:
            faults, form.status = list(invalid.faults), 422
    return form_page(
        "manufacturing/masters/master_import.html", form, faults=list(map(_shown, faults))
    )


def _given(form: ImportForm) -> tuple[bytes, str] | None:
    """(bytes, name) of what was uploaded or pasted.

    A sentence in the form where there is not exactly one of both.
    """
    pasted, data, name = (request.form.get("document") or "").replace("\r\n", "\n"), b"", FILE_NAME
    if upload := request.files.get("file"):
        data, name = upload.read(register.LARGEST + 1), tidy(upload.filename) or FILE_NAME
        upload.close()
    if fault := _fault(data, name, pasted):
        form.refusals.append(fault)
        form.status = 422
        return None
    return data or pasted.encode("utf-8", "replace"), name


def _fault(data: bytes, name: str, pasted: str) -> str | None:
    if data and pasted.strip():
        return "Choose a file or paste the text, not both."
    if not data and not pasted.strip():
        return (
            "Choose the TOML file of the master record, or paste its text. What was sent is empty."
        )
    if len(data) > register.LARGEST:
        return (
            "This file is larger than 1 MB. A master record is text; check that it is the "
            "right file."
        )
    return (
        "The name of this file cannot be kept. Give it a plain name and choose it again."
        if fault_in_text(name, 120)
        else None
    )


def _shown(fault: Fault) -> tuple[str, str]:
    return fault.place or "document", fault.sentence


# Signing
# -------------------------------------------------------------------------------------------------


def _sign(
    master_id: int,
    act: Any,
    title: str,
    meaning: Meaning,
    permission: Permission,
    *,
    sentence: str = "",
    comment: str = "",
    effective_from: datetime | None = None,
) -> Any:
    record = _master(master_id)
    back = url_for("masters.master", master_id=master_id)
    return signing_page(
        title=f"{title}: {record.code} version {record.version}",
        meaning=meaning,
        sentence=sentence,
        permission=permission,
        facts=functools.partial(
            register.facts_of, master_id=master_id, effective_from=effective_from
        ),
        act=functools.partial(act, master_id=master_id),
        then=lambda _: back,
        cancel=back,
        comment=comment,
        scope=record.code,
    )


@blueprint.route("/masters/<int:master_id>/author", methods=["GET", "POST"])
@requires(Permission.DRAFT_MASTERS)
def master_author(master_id: int) -> Any:
    return _sign(
        master_id,
        register.author,
        "Sign as author",
        Meaning.AUTHORED,
        Permission.DRAFT_MASTERS,
        sentence="I prepared this master record and it says what is to be done.",
    )


@blueprint.route("/masters/<int:master_id>/approve", methods=["GET", "POST"])
@requires(Permission.APPROVE_MASTERS)
def master_approve(master_id: int) -> Any:
    return _sign(
        master_id,
        register.approve,
        "Approve",
        Meaning.APPROVED,
        Permission.APPROVE_MASTERS,
        sentence="I checked this master record independently of its author.",
    )


@blueprint.route("/masters/<int:master_id>/date", methods=["GET", "POST"])
@requires(Permission.APPROVE_MASTERS_FOR_QUALITY)
def master_date(master_id: int) -> Any:
    """From when on the version may become effective; leads to QA's signature."""
    record, form = _master(master_id), DateForm(request.form)
    if request.method == "POST" and form.validate():
        chosen = form.effective_from.value
        if chosen is None or chosen >= now():
            return redirect(
                url_for(
                    "masters.master_approve_for_quality",
                    master_id=master_id,
                    **({"from": chosen.isoformat()} if chosen else {}),
                ),
                303,
            )
        form.effective_from.errors, form.status = (
            ["This time has passed. Give a time to come, or leave it empty for at once."],
            422,
        )
    return form_page("manufacturing/masters/master_date.html", form, record=record)


@blueprint.route("/masters/<int:master_id>/approve-for-quality", methods=["GET", "POST"])
@requires(Permission.APPROVE_MASTERS_FOR_QUALITY)
def master_approve_for_quality(master_id: int) -> Any:
    date = _date(request.args.get("from"))
    return _sign(
        master_id,
        functools.partial(register.approve_for_quality, effective_from=date),
        "QA approval",
        Meaning.APPROVED,
        Permission.APPROVE_MASTERS_FOR_QUALITY,
        effective_from=date,
        sentence="I approve this master record for the quality unit.",
    )


def _date(written: str | None) -> datetime | None:
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
    abort(404, "This address is incomplete. Open the master record and choose the date again.")


@blueprint.route("/masters/<int:master_id>/effective", methods=["GET", "POST"])
@requires(Permission.APPROVE_MASTERS)
def master_effective(master_id: int) -> Any:
    return _sign(
        master_id,
        register.make_effective,
        "Make effective",
        Meaning.APPROVED,
        Permission.APPROVE_MASTERS,
        sentence="New batches start on this version from now on; the one before is superseded. "
        "Running batches keep theirs.",
    )


@blueprint.route("/masters/<int:master_id>/reject", methods=["GET", "POST"])
@requires(Permission.END_MASTERS)
def master_reject(master_id: int) -> Any:
    return _sign(
        master_id,
        register.reject,
        "Reject",
        Meaning.REJECTED,
        Permission.END_MASTERS,
        comment="required",
        sentence="This version is refused for good. A better one is imported as a new version.",
    )


@blueprint.route("/masters/<int:master_id>/retire", methods=["GET", "POST"])
@requires(Permission.END_MASTERS)
def master_retire(master_id: int) -> Any:
    return _sign(
        master_id,
        register.retire,
        "Retire",
        Meaning.REJECTED,
        Permission.END_MASTERS,
        comment="required",
        sentence="No batch may start on it any more. Running batches keep it.",
    )
