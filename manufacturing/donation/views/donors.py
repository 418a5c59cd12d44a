"""The pages of donors: by the hospital's code only.

Criteria, consent, results, the signed determination.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from integrity import deviations, pagination, site, states
from integrity.forms import (
    ChoiceField,
    Form,
    InstantField,
    MayBeEmpty,
    ParagraphField,
    ReadField,
    ReasonField,
    TextField,
)
from integrity.numbers import plain
from integrity.signatures import Signature
from manufacturing.donation import criteria, donors, eligibility
from manufacturing.donation.criteria import RESULTS, Question
from manufacturing.donation.donations import Cord, Donor
from manufacturing.donation.donors import (
    AnswerFacts,
    ConsentFacts,
    CorrectionFacts,
    DonorFacts,
    SampleFacts,
)
from manufacturing.donation.rules.donors import day_shown, judge
from manufacturing.donation.views import blueprint
from manufacturing.donation.window import windows_of
from people.access import requires
from people.permissions import Permission
from people.signing import shown, signing_page
from people.transaction import now, session, submit
from stores.views.fields import DayField

RESULT_CHOICES = list(RESULTS.items())
TONES = {
    "negative": "accepted",
    "reactive": "rejected",
    "indeterminate": "held",
    "not_done": "note",
}
WORDS = {
    "open": ("Open", "held"),
    "eligible": ("Eligible", "accepted"),
    "ineligible": ("Ineligible", "rejected"),
    "void": ("Needs re-sign", "held"),
}
LABORATORY_HINT = "The laboratory and its accreditation, for example LAB-07, ISO 15189"


class OptionalChoice(RadioField):  # type: ignore[misc]
    """One of a few buttons, or none."""

    def __init__(self, label: str, choices: Iterable[tuple[str, str]], **kw: Any):
        super().__init__(
            label,
            [MayBeEmpty()],
            choices=[SelectChoice(*choice) for choice in choices],
            validate_choice=False,
            **kw,
        )
        self.type = "RadioField"  # `type` is what the templates draw by

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {choice.value for choice in self.choices or []}:
            raise StopValidation("Choose one of the buttons.")


def question_field(question: Question) -> Any:
    """The form field of one criterion."""
    if question.options:
        return ChoiceField(
            question.label, [(option.value, option.label) for option in question.options]
        )
    needed = f"Give a number for “{question.label}”." if question.required else None
    hint = f"Accepted {question.range_shown}" if question.range_shown else ""
    return ReadField(question.label, plain, needed, 30, hint)


def answers_from(form: Form, questions: Iterable[Question]) -> dict[str, str]:
    """What was answered, numbers in their one spelling."""
    return {
        question.id: (form[question.id].data if question.options else form[question.id].value) or ""
        for question in questions
    }


def form_with(name: str, base: type[Form], questions: Iterable[Question]) -> type[Form]:
    """A form class with one field for each criterion of the data."""
    return type(name, (base,), {question.id: question_field(question) for question in questions})


class ConsentFields(Form):
    form_version = TextField(
        "Version of the consent form", "Write the version printed on the consent form.", longest=40
    )
    day = DayField("Day of the consent", "Write the day of the consent.")
    covers = ChoiceField("The consent covers", [])

    def __init__(self, *args: Any, **kw: Any):
        super().__init__(*args, **kw)
        self.covers.choices = [
            SelectChoice(scope.value, scope.label) for scope in criteria.current().scopes
        ]

    def consent(self, state: str = "given", reason: str = "") -> ConsentFacts:
        return ConsentFacts(
            self.form_version.data or "", self.day.value, self.covers.data, state, reason
        )


class DonorBase(ConsentFields):
    code = TextField(
        "The hospital's code for the donor",
        "Write the hospital's code for the donor.",
        longest=60,
        hint="Capital letters, digits and hyphens, for example DN-2026-0142. Never a name.",
    )
    remark = ParagraphField(
        "Remark", longest=1000, hint="No names: the identity stays with the hospital."
    )


class CorrectionBase(Form):
    remark = ParagraphField(
        "Remark", longest=1000, hint="No names: the identity stays with the hospital."
    )
    reason = ReasonField("Reason for the correction")


class ConsentForm(ConsentFields):
    state = ChoiceField(
        "What is recorded",
        [("withdrawn", "Consent is withdrawn"), ("given", "A further consent is given")],
    )
    reason = ReasonField()


class SampleBase(Form):
    sampled_at = InstantField("Time of the blood sample", "Write when the blood was drawn.")
    laboratory = TextField(
        "Laboratory", "Write which laboratory tested, with its accreditation.", hint=LABORATORY_HINT
    )


class TestCorrectionForm(SampleBase):
    result = ChoiceField("Result", RESULT_CHOICES)
    reason = ReasonField("Reason for the correction")


@functools.cache
def _donor_form() -> Any:
    return form_with("DonorForm", DonorBase, criteria.current().donor)


@functools.cache
def _correction_form() -> type[Form]:
    return form_with("CorrectionForm", CorrectionBase, criteria.current().donor)


@functools.cache
def _sample_form() -> type[Form]:
    fields = {
        marker.id: OptionalChoice(f"{marker.label} · {marker.method}", RESULT_CHOICES)
        for marker in criteria.current().panel
    }
    return type("SampleForm", (SampleBase,), fields)


def donor_or_404(code: str) -> Donor:
    found = donors.by_code(session(), code)
    if found is None:
        abort(404, "There is no donor under this code. Check it, or register the donor.")
    return found


def shown_standing(donor_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """{donor id: (word, tone)} in a fixed number of queries."""
    ids = list(donor_ids)
    signed = eligibility.determined(session(), ids)
    return {
        key: WORDS["void" if where == "open" and key in signed else where]
        for key, where in eligibility.eligibilities(session(), ids).items()
    }


def signatures_by_subject(given: Sequence[Signature]) -> dict[str, dict[str, Any]]:
    """{subject key: signature as drawn}: the newest on each subject."""
    return {
        signature.subject_key: drawn for signature, drawn in zip(given, shown(given), strict=True)
    }


@blueprint.get("/donors", endpoint="donors")
@requires(Permission.SEE_RECORDS)
def donor_list() -> Any:
    page = pagination.page(session(), donors.listed(), request.args)
    return render_template(
        "manufacturing/donation/donors.html",
        page=page,
        where=shown_standing(donor.id for donor in page.items),
    )


@blueprint.get("/donors/<code>")
@requires(Permission.SEE_RECORDS)
def donor(code: str) -> Any:
    found, reading = donor_or_404(code), session()
    cords, tests = eligibility.cords_of(reading, found.id), eligibility.tests_of(reading, found.id)
    current = eligibility.current_tests(tests)
    made, opened = (
        eligibility.determinations_of(reading, found.id),
        eligibility.deviations_of(reading, found.id),
    )
    answers = eligibility.answers_of(reading, found.id)
    return render_template(
        "manufacturing/donation/donor.html",
        donor=found,
        where=shown_standing([found.id])[found.id],
        law=criteria.current(),
        answers=answers,
        failed=[
            question.id
            for question in criteria.current().donor
            if judge([question], answers[-1].answers)
        ],
        consents=eligibility.consents_of(reading, found.id),
        consent_shown=eligibility.consent_shown,
        tests=tests,
        results=RESULTS,
        held={test.id for test in current},
        tones=_tones(current),
        day=_days(cords),
        against=eligibility.against(reading, found.id),
        cords=cords,
        windows=windows_of(reading, cords, now()),
        standing=states.of_many(
            reading, Cord.__tablename__, [cord.id for cord in cords], eligibility.CORD_AXIS
        ),
        determinations=made,
        force=eligibility.eligibility(reading, found.id),
        deviations=opened,
        judged=deviations.states_of(reading, opened),
        signed=signatures_by_subject(eligibility.signatures_of(reading, made)),
    )


def _tones(tests: Iterable[Any]) -> dict[int, str]:
    """{test id: tone}; a result the panel accepts is accepted whatever its word."""
    tones = {}
    for test in tests:
        marker = criteria.current().marker(test.test)
        tones[test.id] = (
            "accepted"
            if marker and test.result in marker.acceptable
            else TONES.get(test.result, "note")
        )
    return tones


def _days(cords: Sequence[Cord]) -> Callable[[datetime], str]:
    """A function of the time of a sample: its days relative to the births, in words."""
    zone = site.zone(session())
    return lambda sampled_at: ", ".join(day_shown(cord.born_at, sampled_at, zone) for cord in cords)


@blueprint.route("/donors/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_DONORS)
def donor_new() -> Any:
    form, questions = _donor_form()(request.form), criteria.current().donor
    if request.method == "POST" and form.validate():
        answers = AnswerFacts(answers_from(form, questions), form["remark"].data or "")
        facts = DonorFacts(form["code"].data or "", answers, form.consent())
        if made := submit(form, donors.register, facts):
            flash(
                "The donor is registered. Next: the results of the blood sample, and the cord.",
                "accepted",
            )
            return redirect(url_for("donation.donor", code=made.code), 303)
    return render_template(
        "manufacturing/donation/donor_new.html", form=form, questions=questions
    ), form.status


@blueprint.route("/donors/<code>/correct", methods=["GET", "POST"])
@requires(Permission.REGISTER_DONORS)
def donor_correct(code: str) -> Any:
    found, questions = donor_or_404(code), criteria.current().donor
    last = eligibility.answers_of(session(), found.id)[-1]
    form = _correction_form()(request.form, data=last.answers | {"remark": last.remark})
    if request.method == "POST" and form.validate():
        facts = AnswerFacts(
            answers_from(form, questions), form["remark"].data or "", form["reason"].data
        )
        if submit(form, donors.correct_answers, found.id, facts):
            return _recorded(code, "The correction is recorded; what it replaces stays legible.")
    return render_template(
        "manufacturing/donation/donor_correct.html", form=form, donor=found, questions=questions
    ), form.status


@blueprint.route("/donors/<code>/consent", methods=["GET", "POST"])
@requires(Permission.REGISTER_DONORS)
def donor_consent(code: str) -> Any:
    found = donor_or_404(code)
    last = eligibility.consents_of(session(), found.id)[-1]
    form = ConsentForm(
        request.form, data={"form_version": last.form_version, "covers": last.covers}
    )
    if (
        request.method == "POST"
        and form.validate()
        and submit(
            form, donors.change_consent, found.id, form.consent(form.state.data, form.reason.data)
        )
    ):
        return _recorded(code, "The consent is recorded.")
    return render_template(
        "manufacturing/donation/donor_consent.html", form=form, donor=found
    ), form.status


@blueprint.route("/donors/<code>/tests/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_DONORS)
def donor_test_new(code: str) -> Any:
    if request.args.get("corrects"):
        return _correct_test(code, request.args["corrects"])
    found, panel = donor_or_404(code), criteria.current().panel
    form = _sample_form()(request.form)
    if request.method == "POST" and form.validate():
        results = {marker.id: form[marker.id].data for marker in panel if form[marker.id].data}
        facts = SampleFacts(form["sampled_at"].value, form["laboratory"].data, results)
        if submit(form, donors.record_sample, found.id, facts):
            return _recorded(code, "The results are recorded.")
    return render_template(
        "manufacturing/donation/donor_test_new.html",
        form=form,
        donor=found,
        panel=panel,
        days=criteria.current().samples,
    ), form.status


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
        if submit(form, donors.correct_test, found.id, was.id, facts):
            return _recorded(code, "The correction is recorded; the old result stays legible.")
    marker = criteria.current().marker(was.test)
    return render_template(
        "manufacturing/donation/donor_test_correct.html",
        form=form,
        donor=found,
        was=was,
        marker=marker,
        results=RESULTS,
    ), form.status


def _recorded(code: str, sentence: str) -> Any:
    flash(sentence, "accepted")
    return redirect(url_for("donation.donor", code=code), 303)


@blueprint.route("/donors/<code>/determine", methods=["GET", "POST"])
@requires(Permission.DETERMINE_ELIGIBILITY)
def donor_determine(code: str) -> Any:
    """Sign the determination; `?verdict=` is eligible (if it is left out) or ineligible."""
    verdict, found = request.args.get("verdict", "eligible"), donor_or_404(code)
    if verdict not in eligibility.MEANINGS:
        abort(
            404, "A donor is determined eligible or ineligible. Open the donor's page and choose."
        )
    here = url_for("donation.donor", code=code)
    return signing_page(
        title=f"Donor {code}: {verdict}",
        meaning=eligibility.MEANINGS[verdict],
        permission=Permission.DETERMINE_ELIGIBILITY,
        facts=lambda reading: eligibility.facts_of(reading, found.id, verdict),
        act=functools.partial(eligibility.determine, donor_id=found.id, verdict=verdict),
        then=lambda _: here,
        cancel=here,
        sentence=f"This determines that the donor is {verdict}. Anything recorded about the "
        "donor afterwards makes it void.",
        comment="required" if verdict == "ineligible" else "optional",
        scope=eligibility.scope_of(session(), found.id),
    )
