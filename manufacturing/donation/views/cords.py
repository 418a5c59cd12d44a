"""The pages of cords: what was received, where it stands, what is left of its window."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from wtforms import BooleanField

from integrity import deviations, filters, signatures, site, states, times
from integrity.facts import compared
from integrity.forms import Form, InstantField, Opens, ReasonField, TextField
from integrity.words import tone_of
from labels import codes
from manufacturing.donation import (
    cord_corrections,
    cords,
    criteria_register as criteria,
    eligibility,
)
from manufacturing.donation.cords import Cord, CordFacts
from manufacturing.donation.donations import Donor
from manufacturing.donation.rules.cords import CordState
from manufacturing.donation.views import blueprint
from manufacturing.donation.views.donor_fields import answers_from, form_with
from manufacturing.donation.views.donors import shown_standing
from manufacturing.donation.window import window_of, windows_of
from people.access import requires
from people.answers import form_page
from people.lists import address, listing
from people.permissions import Permission
from people.signing import shown, signing_page
from people.transaction import now, reader, session, submit
from stores import holds
from stores.rules import Disposition
from stores.views.fields import named_by

SENTENCES: dict[str, str] = {
    CordState.RECEIVED: "Received; it goes to quarantine.",
    CordState.QUARANTINE: "In quarantine until the donor is eligible and QA has accepted the cord.",
    CordState.ACCEPTED: "Accepted by QA.",
    CordState.REJECTED: "Rejected. Set it apart; it must not be used.",
    Disposition.ON_HOLD: "On hold, it or its donor. No batch is started from it until QA has "
    "lifted the hold.",
}
SHOWN_STATES = ("", CordState.QUARANTINE, CordState.ACCEPTED, CordState.REJECTED)


class CordTimes(Form):
    born_at = InstantField("Time of birth", "Write when the child was born.", opens=Opens.TODAY)
    collected_at = InstantField(
        "Time of collection", "Write when the cord was put into the jar.", opens=Opens.TODAY
    )


class CordCorrectionBase(CordTimes):
    reason = ReasonField("Why it is put right")


class CordBase(CordTimes):
    donor_code = TextField(
        "Donor",
        "Write the hospital's code for the donor.",
        longest=60,
        hint="The hospital's code, as on the papers",
    )
    another_cord = BooleanField("It is another cord of the same birth, of twins")


def _cord_form() -> Any:
    return form_with("CordForm", CordBase, criteria.current(session(), now()).receipt)


def cord_or_404(code: str) -> Cord:
    found = cords.by_code(session(), code)
    if found is None:
        abort(404, "There is no cord under this code. Scan it again.")
    return found


FILTERS = (
    filters.code(Cord.code),
    filters.code(Cord.jar_code, "Jar, its code begins with", "jar"),
    *filters.days(Cord.received_at, "Received"),
)
COLUMNS = ("cord", "jar", "donor", "birth", "collection", "received", "eligibility", "state")


@blueprint.get("/cords", endpoint="cords")
@requires(Permission.SEE_RECORDS)
def cord_list() -> Any:
    state = request.args.get("state", "")
    state = state if state in SHOWN_STATES else ""
    asked = listing(cords.listed(state), *FILTERS)
    if asked.wants_file:
        return asked.file("cords", COLUMNS, _lines)
    page = asked.page()
    donor_ids = {cord.donor_id for cord in page.items}
    where = _standing(page.items)
    shown = render_template(
        "manufacturing/donation/cords.html",
        asked=asked,
        page=page,
        windows=windows_of(session(), page.items, now()),
        standing=where,
        eligibility=shown_standing(donor_ids),
        donors=_donors(donor_ids),
        state=state,
        tabs_links=[
            (
                (word or "all").capitalize(),
                address(state=word or None),
                word == state,
                None,
            )
            for word in SHOWN_STATES
        ],
    )
    return shown, asked.status


def _donors(ids: Iterable[int]) -> dict[int, Donor]:
    found = session().scalars(select(Donor).where(Donor.id.in_(ids)))
    return {donor.id: donor for donor in found}


def _lines(found: Sequence[Cord]) -> Iterator[tuple[Any, ...]]:
    donors = _donors({cord.donor_id for cord in found})
    eligible, where = shown_standing(donors), _standing(found)
    for cord in found:
        yield (
            codes.hyphenated(cord.code),
            codes.hyphenated(cord.jar_code),
            donors[cord.donor_id].code,
            cord.born_at,
            cord.collected_at,
            cord.received_at,
            eligible[cord.donor_id][0],
            where[cord.id],
        )


def _standing(found: Sequence[Cord]) -> dict[int, str]:
    """{cord id: where it stands}; it is on hold where it or its donor is, unless it is rejected."""
    where = states.of_many(session(), [each.id for each in found], cords.AXIS)
    held = holds.held(session(), {*where, *(each.donor_id for each in found)})
    for each in found:
        if {each.id, each.donor_id} & held and where[each.id] != CordState.REJECTED:
            where[each.id] = Disposition.ON_HOLD
    return where


@blueprint.get("/cords/<code>")
@requires(Permission.SEE_RECORDS)
def cord(code: str) -> Any:
    found, reading = cord_or_404(code), session()
    standing, opened = _standing([found])[found.id], cords.deviations_of(reading, found)
    return render_template(
        "manufacturing/donation/cord.html",
        cord=found,
        donor=reading.get_one(Donor, found.donor_id),
        standing=standing,
        tone=tone_of(standing),
        sentence=SENTENCES[standing],
        window=window_of(reading, found, now()),
        eligibility=shown_standing([found.donor_id])[found.donor_id],
        statement=eligibility.eligibility_statement(reading, found.donor_id),
        receipt=cords.receipt_shown(reading, found),
        deviations=opened,
        judged=deviations.states_of(reading, opened),
        against=[each.sentence(reader()) for each in cords.against(reading, found)],
        signed=shown(signatures.of(reading, found)),
        holds=holds.of(reading, found.id),
        corrections=[
            {
                "made": each.made,
                "changes": compared(cord_corrections.changes(reading, found, each), reader()),
            }
            for each in cord_corrections.of(reading, found)[::-1]
        ],
        start_url=_start_url(found, standing),
    )


def _start_url(found: Cord, standing: str) -> str | None:
    """The page that starts a batch from this cord, where the installation has it and the cord may
    go there.
    """
    if (
        standing not in (CordState.QUARANTINE, CordState.ACCEPTED)
        or "execution.batch_new" not in current_app.view_functions
    ):
        return None
    return url_for("execution.batch_new", cord=found.code)


@blueprint.get("/jars/<code>")
@requires(Permission.SEE_RECORDS)
def cord_by_jar(code: str) -> Any:
    """A scanned jar opens its cord."""
    found = cords.by_jar(session(), code)
    if found is None:
        abort(404, "There is no cord in a jar with this code. Scan it again.")
    return redirect(url_for("donation.cord", code=found.code, scanned=request.args.get("scanned")))


@blueprint.route("/cords/new", methods=["GET", "POST"])
@requires(Permission.RECEIVE_CORDS)
def cord_new() -> Any:
    """Receive a cord; `?donor=` fills in the hospital's code."""
    questions = criteria.current(session(), now()).receipt
    form = _cord_form()(request.form, data={"donor_code": request.args.get("donor", "")[:60]})
    if request.method == "POST" and form.validate():
        facts = CordFacts(
            form.donor_code.data,
            form.born_at.value,
            form.collected_at.value,
            answers_from(form, questions),
            bool(form.another_cord.data),
        )
        if made := submit(form, cords.receive, facts):
            flash(
                "The cord is received and in quarantine. Print and apply the label of its jar.",
                "accepted",
            )
            return redirect(url_for("donation.cord", code=made.code), 303)
    known = named_by(form, "another_cord")
    return form_page("manufacturing/donation/cord_new.html", form, questions=questions, known=known)


@blueprint.route("/cords/<code>/correct", methods=["GET", "POST"])
@requires(Permission.RECEIVE_CORDS)
def cord_correct(code: str) -> Any:
    """Put right what was recorded when a cord was received, by the criteria of then."""
    found = cord_or_404(code)
    questions, zone = cords.checks_of(session(), found), site.zone(session())
    said = {
        "born_at": times.shown(found.born_at, zone),
        "collected_at": times.shown(found.collected_at, zone),
    }
    asked = form_with("CordCorrectionForm", CordCorrectionBase, questions)
    form: Any = asked(request.form, data=found.receipt | said)
    if request.method == "POST" and form.validate():
        donor = session().get_one(Donor, found.donor_id)
        answers = answers_from(form, questions)
        facts = CordFacts(donor.code, form.born_at.value, form.collected_at.value, answers)
        act, reason = cord_corrections.correct, form.reason.data
        if submit(form, act, found.id, facts, reason, scope=code):
            flash("The correction is recorded; what it replaces stays legible.", "accepted")
            return redirect(url_for("donation.cord", code=code), 303)
    return form_page(
        "manufacturing/donation/cord_correct.html", form, cord=found, questions=questions
    )


@blueprint.route("/cords/<code>/accept", methods=["GET", "POST"])
@requires(Permission.DETERMINE_ELIGIBILITY)
def cord_accept(code: str) -> Any:
    """Sign that the cord is accepted; `?verdict=rejected` rejects it."""
    verdict, found = request.args.get("verdict", CordState.ACCEPTED), cord_or_404(code)
    if verdict not in cords.MEANINGS:
        abort(404, "A cord is accepted or rejected. Open the cord's page and choose.")
    here = url_for("donation.cord", code=code)
    return signing_page(
        title=f"Cord: {verdict}",
        meaning=cords.MEANINGS[verdict],
        permission=Permission.DETERMINE_ELIGIBILITY,
        facts=lambda reading: cords.facts_of(reading, found.id, verdict),
        act=functools.partial(cords.decide, cord_id=found.id, verdict=verdict),
        then=lambda _: here,
        cancel=here,
        sentence=f"This puts the cord to {verdict}.",
        comment="required" if verdict == CordState.REJECTED else "optional",
        scope=code,
        around=lambda: {"window_left": window_of(session(), found, now())},
    )
