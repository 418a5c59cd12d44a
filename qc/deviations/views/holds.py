"""The pages of holds by hand: every one in force, putting one, and one with QA's lifting of it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from integrity import attachments, filters, signatures, states
from integrity.facts import drawn
from integrity.forms import Form, ReasonField, TextField
from integrity.signatures import Meaning
from labels import codes
from manufacturing.execution.batches import Batch
from people.access import requires
from people.accounts import normal
from people.answers import form_page
from people.lists import listing
from people.permissions import Permission
from people.signing import shown, signing_page
from people.transaction import reader, session
from people.uploads import submit_with_file
from qc.deviations import holding, things
from qc.deviations.holding import HoldFacts
from qc.deviations.views import blueprint
from qc.deviations.views.deviations import scope_url
from stores import holds
from stores.hold_rules import HoldState
from stores.holds import Hold


class HoldForm(Form):
    about = TextField(
        "What",
        "Scan the container, sample, cord, lot or equipment that is put on hold.",
        hint="Scan its label, or type the code of the donor",
    )
    reason = ReasonField("Why", longest=2000)


FILTERS = (
    filters.code(Hold.code),
    filters.same(Hold.username, "User name", "username", normal),
    *filters.days(Hold.at, "Put"),
)
COLUMNS = ("what", "why", "who", "since")


@blueprint.get("/holds")
@requires(Permission.SEE_RECORDS)
def hold_list() -> Any:
    asked = listing(holds.listed(), *FILTERS)
    if asked.wants_file:
        return asked.file("holds", COLUMNS, _lines)
    shown = render_template("qc/deviations/holds.html", page=asked.page(), asked=asked)
    return shown, asked.status


def _lines(found: Sequence[Hold]) -> Iterator[tuple[Any, ...]]:
    for each in found:
        yield codes.hyphenated(each.code), each.reason, each.name, each.at


@blueprint.route("/holds/new", methods=["GET", "POST"])
@requires(Permission.HOLD)
def hold_new() -> Any:
    form = HoldForm(request.form, about=request.args.get("about", ""))
    if isinstance(found := things.thing(session(), form.about.data or ""), Batch):
        return redirect(url_for("release.batch_hold", code=found.code), 303)
    if request.method == "POST" and form.validate():
        facts = HoldFacts(form.about.data or "", form.reason.data or "")
        scope = things.scope_of(found).code if found else None
        if made := submit_with_file(form, holding.hold, facts, scope=scope):
            flash("It is on hold. QA lifts the hold when its reason is gone.", "accepted")
            return redirect(url_for("deviations.hold", hold_id=made.id), 303)
    return form_page("qc/deviations/hold_new.html", form)


def _found(hold_id: int) -> Hold:
    return session().get(Hold, hold_id) or abort(404, "There is no such hold. Open it anew.")


@blueprint.get("/holds/<int:hold_id>")
@requires(Permission.SEE_RECORDS)
def hold(hold_id: int) -> Any:
    found = _found(hold_id)
    return render_template(
        "qc/deviations/hold.html",
        hold=found,
        state=states.of(session(), found, holds.AXIS),
        about_url=scope_url(found.code),
        facts_shown=drawn(holds.lift_facts(session(), hold_id), reader()),
        signed=shown(signatures.of(session(), found)),
        files=attachments.of(session(), hold_id),
    )


@blueprint.route("/holds/<int:hold_id>/lift", methods=["GET", "POST"])
@requires(Permission.LIFT_HOLDS)
def hold_lift(hold_id: int) -> Any:
    found = _found(hold_id)
    back = url_for("deviations.hold", hold_id=hold_id)
    if states.of(session(), found, holds.AXIS) != HoldState.IN_FORCE and request.method == "GET":
        abort(404, "This hold is lifted already. Open its page.")
    return signing_page(
        title="Lift a hold",
        meaning=Meaning.APPROVED,
        sentence="What is on hold is again what it was, unless another hold of it is in force.",
        comment="required",
        facts=functools.partial(holds.lift_facts, hold_id=hold_id),
        act=functools.partial(holding.lift, hold_id=hold_id),
        permission=Permission.LIFT_HOLDS,
        then=lambda _: back,
        cancel=back,
        scope=found.scope,
    )
