"""The pages of donors: by the hospital's code only.

Criteria, consent, results, the signed determination.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from integrity import deviations, filters, states
from integrity.signatures import Signature
from manufacturing.donation import (
    criteria_register as criteria,
    donors,
    eligibility,
    eligibility_facts,
)
from manufacturing.donation.criteria import RESULTS
from manufacturing.donation.donations import Cord, Donor, DonorTest
from manufacturing.donation.donors import AnswerFacts, DonorFacts
from manufacturing.donation.rules.cords import CORD_AXIS
from manufacturing.donation.rules.donors import Eligibility, day_shown, judge
from manufacturing.donation.views import blueprint
from manufacturing.donation.views.donor_fields import (
    ConsentForm,
    ConsentStrikeForm,
    answers_from,
    correction_form,
    donor_form,
)
from manufacturing.donation.window import windows_of
from people.access import requires
from people.answers import form_page
from people.lists import listing
from people.permissions import Permission
from people.signing import shown, signing_page
from people.transaction import now, reader, session, submit
from stores import holds as by_hand
from stores.views.fields import named_by

TONES = {
    "negative": "accepted",
    "reactive": "rejected",
    "indeterminate": "held",
    "not_done": "note",
}
WORDS = {
    Eligibility.OPEN: ("Open", "held"),
    Eligibility.ELIGIBLE: ("Eligible", "accepted"),
    Eligibility.INELIGIBLE: ("Ineligible", "rejected"),
    "void": ("Needs re-sign", "held"),
}


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
        key: WORDS["void" if where == Eligibility.OPEN and key in signed else where]
        for key, where in eligibility.eligibilities(session(), ids).items()
    }


def signatures_by_subject(given: Sequence[Signature]) -> dict[int, dict[str, Any]]:
    """{subject id: signature as drawn}: the newest on each subject."""
    return {
        signature.subject_id: drawn for signature, drawn in zip(given, shown(given), strict=True)
    }


FILTERS = (
    filters.number(Donor.id, "A part of its code", "code"),
    *filters.days(Donor.registered_at, "Registered"),
)
COLUMNS = ("donor", "registered", "user name", "eligibility")


@blueprint.get("/donors", endpoint="donors")
@requires(Permission.SEE_RECORDS)
def donor_list() -> Any:
    asked = listing(donors.listed(), *FILTERS)
    if asked.wants_file:
        return asked.file("donors", COLUMNS, _lines)
    page = asked.page()
    shown_page = render_template(
        "manufacturing/donation/donors.html",
        asked=asked,
        page=page,
        where=shown_standing(donor.id for donor in page.items),
    )
    return shown_page, asked.status


def _lines(found: Sequence[Donor]) -> Iterator[tuple[Any, ...]]:
    where = shown_standing(donor.id for donor in found)
    for donor in found:
        yield donor.code, donor.registered_at, donor.username, where[donor.id][0]


@blueprint.get("/donors/<code>")
@requires(Permission.SEE_RECORDS, sensitive=True)
def donor(code: str) -> Any:
    found, reading = donor_or_404(code), session()
    cords, tests = eligibility.cords_of(reading, found.id), eligibility.tests_of(reading, found.id)
    current = eligibility.current_tests(tests)
    made, opened = (
        eligibility.determinations_of(reading, found.id),
        eligibility.deviations_of(reading, found.id),
    )
    answers = eligibility.answers_of(reading, found.id)
    law = criteria.of(reading, answers[-1].criteria_id)
    return render_template(
        "manufacturing/donation/donor.html",
        donor=found,
        where=shown_standing([found.id])[found.id],
        law=law,
        answers=answers,
        failed=[question.id for question in law.donor if judge([question], answers[-1].answers)],
        consents=(consents := eligibility.consents_of(reading, found.id)),
        consents_standing=eligibility.standing_consents(consents),
        consent_held=eligibility.consent_in_force(reading, found.id),
        consent_shown=functools.partial(eligibility_facts.consent_shown, reading),
        tests=tests,
        results=RESULTS,
        held={test.id for test in current},
        tones=_tones(current),
        day=_days(cords),
        against=[each.sentence(reader()) for each in eligibility.against(reading, found.id, now())],
        cords=cords,
        windows=windows_of(reading, cords, now()),
        standing=states.of_many(reading, [cord.id for cord in cords], CORD_AXIS),
        determinations=made,
        holds=by_hand.of(reading, found.id),
        is_held=bool(by_hand.held(reading, [found.id])),
        force=eligibility.eligibility(reading, found.id),
        deviations=opened,
        judged=deviations.states_of(reading, opened),
        signed=signatures_by_subject(eligibility.signatures_of(reading, made)),
    )


def _tones(tests: Iterable[Any]) -> dict[int, str]:
    """{test id: tone}; a result the panel accepts is accepted whatever its word."""
    tones = {}
    for test in tests:
        marker = criteria.of(session(), test.criteria_id).marker(test.test)
        tones[test.id] = (
            "accepted"
            if marker and test.result in marker.acceptable
            else TONES.get(test.result, "note")
        )
    return tones


def _days(cords: Sequence[Cord]) -> Callable[[DonorTest], str]:
    """A function of a test: the days of its sample relative to the births, in words."""
    return lambda test: ", ".join(
        day_shown(cord.born_at, test.sampled_at, test.place) for cord in cords
    )


@blueprint.route("/donors/new", methods=["GET", "POST"])
@requires(Permission.REGISTER_DONORS)
def donor_new() -> Any:
    form, questions = donor_form()(request.form), criteria.current(session(), now()).donor
    if request.method == "POST" and form.validate():
        answers = AnswerFacts(answers_from(form, questions), form["remark"].data or "")
        is_another = bool(form["another_donor"].data)
        facts = DonorFacts(form["code"].data or "", answers, form.consent(), is_another)
        if made := submit(form, donors.register, facts):
            flash(
                "The donor is registered. Next: the results of the blood sample, and the cord.",
                "accepted",
            )
            return redirect(url_for("donation.donor", code=made.code), 303)
    known = named_by(form, "another_donor")
    return form_page(
        "manufacturing/donation/donor_new.html", form, questions=questions, known=known
    )


@blueprint.route("/donors/<code>/correct", methods=["GET", "POST"])
@requires(Permission.REGISTER_DONORS, sensitive=True)
def donor_correct(code: str) -> Any:
    found, questions = donor_or_404(code), criteria.current(session(), now()).donor
    last = eligibility.answers_of(session(), found.id)[-1]
    form = correction_form()(request.form, data=last.answers | {"remark": last.remark})
    if request.method == "POST" and form.validate():
        facts = AnswerFacts(
            answers_from(form, questions), form["remark"].data or "", form["reason"].data
        )
        if submit(form, donors.correct_answers, found.id, facts):
            return recorded(code, "The correction is recorded; what it replaces stays legible.")
    return form_page(
        "manufacturing/donation/donor_correct.html", form, donor=found, questions=questions
    )


@blueprint.route("/donors/<code>/consent", methods=["GET", "POST"])
@requires(Permission.REGISTER_DONORS, sensitive=True)
def donor_consent(code: str) -> Any:
    found = donor_or_404(code)
    last = eligibility.consent_in_force(session(), found.id)
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
        return recorded(code, "The consent is recorded.")
    return form_page("manufacturing/donation/donor_consent.html", form, donor=found)


@blueprint.route("/donors/<code>/consent/<int:number>/strike", methods=["GET", "POST"])
@requires(Permission.REGISTER_DONORS, sensitive=True)
def donor_consent_strike(code: str, number: int) -> Any:
    found = donor_or_404(code)
    consents = {each.id: each for each in eligibility.consents_of(session(), found.id)}
    if number not in consents or consents[number].strikes_id is not None:
        abort(404, "There is no such consent of this donor. Open the page of the donor.")
    form = ConsentStrikeForm(request.form)
    act, reason = donors.strike_consent, form.reason.data
    if request.method == "POST" and form.validate() and submit(form, act, found.id, number, reason):
        return recorded(code, "The consent is struck out; it stays legible.")
    return form_page(
        "manufacturing/donation/donor_consent_strike.html",
        form,
        donor=found,
        consent=eligibility_facts.consent_shown(session(), consents[number]),
        recorder=consents[number].username,
    )


def recorded(code: str, sentence: str) -> Any:
    flash(sentence, "accepted")
    return redirect(url_for("donation.donor", code=code), 303)


@blueprint.route("/donors/<code>/determine", methods=["GET", "POST"])
@requires(Permission.DETERMINE_ELIGIBILITY, sensitive=True)
def donor_determine(code: str) -> Any:
    """Sign the determination; `?verdict=` is eligible (if it is left out) or ineligible."""
    verdict, found = request.args.get("verdict", Eligibility.ELIGIBLE), donor_or_404(code)
    if verdict not in eligibility.MEANINGS:
        abort(
            404, "A donor is determined eligible or ineligible. Open the donor's page and choose."
        )
    here = url_for("donation.donor", code=code)
    return signing_page(
        title=f"Donor {code}: {verdict}",
        meaning=eligibility.MEANINGS[verdict],
        permission=Permission.DETERMINE_ELIGIBILITY,
        facts=lambda reading: eligibility.facts_of(reading, found.id, verdict, now()),
        act=functools.partial(eligibility.determine, donor_id=found.id, verdict=verdict),
        then=lambda _: here,
        cancel=here,
        sentence=f"This determines that the donor is {verdict}. Anything recorded about the "
        "donor afterwards makes it void.",
        comment="required" if _is_explained(found, verdict) else "optional",
        scope=eligibility.scope_of(session(), found.id).code,
    )


def _is_explained(donor: Donor, verdict: str) -> bool:
    """Whether a determination says why: "ineligible", and what takes it back."""
    last = eligibility.newest_determination(session(), donor.id)
    return Eligibility.INELIGIBLE in (verdict, last.verdict if last else "")
