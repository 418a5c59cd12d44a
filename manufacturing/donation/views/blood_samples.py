"""The pages on which results of a donor's blood are recorded and corrected."""

from __future__ import annotations

from typing import Any

from flask import abort, request

from manufacturing.donation import blood_samples, criteria_register as criteria, eligibility
from manufacturing.donation.blood_samples import CorrectionFacts, SampleFacts
from manufacturing.donation.criteria import RESULTS
from manufacturing.donation.views import blueprint
from manufacturing.donation.views.donor_fields import (
    TestCorrectionForm,
    sample_form,
)
from manufacturing.donation.views.donors import donor_or_404, recorded
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.transaction import now, session, submit


@blueprint.route("/donors/<code>/tests/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_DONORS, sensitive=True)
def donor_test_new(code: str) -> Any:
    if request.args.get("corrects"):
        return _correct_test(code, request.args["corrects"])
    found, law = donor_or_404(code), criteria.current(session(), now())
    form = sample_form()(request.form)
    if request.method == "POST" and form.validate():
        results = {marker.id: form[marker.id].data for marker in law.panel if form[marker.id].data}
        facts = SampleFacts(form["sampled_at"].value, form["laboratory"].data, results)
        if submit(form, blood_samples.record_sample, found.id, facts):
            return recorded(code, "The results are recorded.")
    return form_page(
        "manufacturing/donation/donor_test_new.html",
        form,
        donor=found,
        panel=law.panel,
        days=law.samples,
    )


def _correct_test(code: str, which: str) -> Any:
    found = donor_or_404(code)
    was = next(
        (test for test in eligibility.tests_of(session(), found.id) if str(test.id) == which), None
    )
    if was is None:
        abort(404, "This donor has no such result. Open the donor's page and choose one.")
    form = TestCorrectionForm(
        request.form, data={"laboratory": was.laboratory, "result": was.result}
    )
    if request.method == "POST" and form.validate():
        facts = CorrectionFacts(
            form.result.data,
            form.sampled_at.value,
            form.laboratory.data or "",
            form.reason.data or "",
        )
        if submit(form, blood_samples.correct_test, found.id, was.id, facts):
            return recorded(code, "The correction is recorded; the old result stays legible.")
    marker = criteria.of(session(), was.criteria_id).marker(was.test)
    return form_page(
        "manufacturing/donation/donor_test_correct.html",
        form,
        donor=found,
        was=was,
        marker=marker,
        results=RESULTS,
    )
