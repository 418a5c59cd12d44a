"""The pages that put right what was recorded of a sample: its receipt, the start of a long test."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for

from integrity import times
from integrity.forms import ReasonField
from integrity.site import zone
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.transaction import session, submit
from qc.laboratory import corrections, results, samples
from qc.laboratory.samples import SAID, ReceiptFacts
from qc.laboratory.testing import BeginningFacts
from qc.laboratory.views import blueprint
from qc.laboratory.views.results import BeginningForm, held_for
from qc.laboratory.views.samples import ReceiptForm, sample_or_404


class ReceiptCorrectionForm(ReceiptForm):
    reason = ReasonField("Why it is put right")


class BeginningCorrectionForm(BeginningForm):
    reason = ReasonField("Why it is put right")


@blueprint.route("/samples/<code>/receive/correct", methods=["GET", "POST"])
@requires(Permission.RECORD_RESULTS)
def receipt_correct(code: str) -> Any:
    found = sample_or_404(code)
    receipt = samples.receipt_of(session(), found.id)
    if receipt is None:
        abort(404, "QC has not received this sample yet. Open it and receive it.")
    form = ReceiptCorrectionForm(request.form, data={name: getattr(receipt, name) for name in SAID})
    if request.method == "POST" and form.validate():
        facts = ReceiptFacts(
            found.code, form.condition.data, form.storage.data or "", form.remark.data or None
        )
        act, reason = corrections.correct_receipt, form.reason.data
        if submit(form, act, facts, reason, scope=found.scope):
            return _corrected(found.code)
    return form_page("qc/laboratory/receipt_correct.html", form, sample=found)


@blueprint.route("/samples/<code>/tests/<test>/begin/correct", methods=["GET", "POST"])
@requires(Permission.RECORD_RESULTS)
def beginning_correct(code: str, test: str) -> Any:
    found = sample_or_404(code)
    _, _, line = held_for(found, test)
    beginning = results.beginnings_of(session(), [found.id]).get((found.id, line.id))
    if beginning is None:
        abort(404, "No start of this test is recorded. Open the sample and record it.")
    began = times.shown(beginning.began_at, zone(session()), seconds=beginning.began_at.second > 0)
    form = BeginningCorrectionForm(request.form, began_at=began)
    if request.method == "POST" and form.validate():
        facts = BeginningFacts(found.code, line.id, form.began_at.value)
        act, reason = corrections.correct_beginning, form.reason.data
        if submit(form, act, facts, reason, scope=found.scope):
            return _corrected(found.code)
    return form_page("qc/laboratory/beginning_correct.html", form, sample=found, line=line)


def _corrected(code: str) -> Any:
    flash("The correction is recorded; what it replaces stays legible.", "accepted")
    return redirect(url_for("laboratory.sample", code=code), 303)
