"""The pages of corrective and preventive actions: planning one, saying that it is done or had its
effect, and everything that is overdue."""

from __future__ import annotations

import functools
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from integrity.deviations import Deviation
from integrity.forms import ChoiceField, Form, ParagraphField, TextField
from integrity.site import SettingName
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import now, session, settings, submit
from qc.deviations import corrective_actions
from qc.deviations.corrective_actions import ActionFacts, ActionKind, CorrectiveAction
from qc.deviations.rules import ActionState
from qc.deviations.views import blueprint
from qc.deviations.views.deviations import deviation_or_404
from stores.views.fields import DayField

MANY = 50  # overdue things on one page
TITLES = {
    ActionState.DONE: "Say that it is done",
    ActionState.EFFECTIVE: "Say that it had its effect",
    ActionState.NOT_EFFECTIVE: "Say that it had no effect",
}
SENTENCES = {
    ActionState.DONE: "This action is done. Say how, and what shows it.",
    ActionState.EFFECTIVE: "This action had its effect. Say what shows it.",
    ActionState.NOT_EFFECTIVE: "This action had no effect. Say what shows it.",
}


class ActionForm(Form):
    kind = ChoiceField("Kind", [(kind.value, kind.capitalize()) for kind in ActionKind])
    what = ParagraphField("What is to be done", "Say what is to be done.", longest=2000)
    responsible = TextField("Who does it", "Write who does it.", longest=80)
    due_on = DayField("Due on", "Write the day until which it is done.")
    check_on = DayField(
        "Effect checked on", "Write the day on which QA looks whether it had its effect."
    )


@blueprint.route("/deviations/<code>/actions/new", methods=["GET", "POST"])
@requires(Permission.JUDGE_DEVIATIONS)
def action_new(code: str) -> Any:
    found, form = deviation_or_404(code), ActionForm(request.form)
    if request.method == "POST" and form.validate():
        facts = ActionFacts(
            found.id,
            form.kind.data,
            form.what.data or "",
            form.responsible.data or "",
            form.due_on.value,
            form.check_on.value,
        )
        if submit(form, corrective_actions.plan, facts, scope=found.scope):
            flash("The action is planned.", "accepted")
            return redirect(url_for("deviations.deviation", code=code), 303)
    return form_page("qc/deviations/action_new.html", form, deviation=found)


def _move(number: int, becomes: ActionState, permission: Permission) -> Any:
    action = session().get(CorrectiveAction, number) or abort(404, "There is no such action.")
    code = session().get_one(Deviation, action.deviation_id).code
    back = url_for("deviations.deviation", code=code)
    return signing_page(
        title=TITLES[becomes],
        meaning=corrective_actions.SIGNED[becomes],
        sentence=SENTENCES[becomes],
        comment="required",
        facts=functools.partial(corrective_actions.facts_of, action_id=number, becomes=becomes),
        act=functools.partial(corrective_actions.move, action_id=number, becomes=becomes),
        permission=permission,
        then=lambda _: back,
        cancel=back,
        scope=action.scope,
    )


@blueprint.route("/actions/<int:number>/done", methods=["GET", "POST"])
@requires(Permission.RAISE_DEVIATIONS)
def action_done(number: int) -> Any:
    return _move(number, ActionState.DONE, Permission.RAISE_DEVIATIONS)


@blueprint.route("/actions/<int:number>/effective", methods=["GET", "POST"])
@requires(Permission.JUDGE_DEVIATIONS)
def action_effective(number: int) -> Any:
    return _move(number, ActionState.EFFECTIVE, Permission.JUDGE_DEVIATIONS)


@blueprint.route("/actions/<int:number>/not-effective", methods=["GET", "POST"])
@requires(Permission.JUDGE_DEVIATIONS)
def action_not_effective(number: int) -> Any:
    return _move(number, ActionState.NOT_EFFECTIVE, Permission.JUDGE_DEVIATIONS)


def overdue() -> dict[str, Any]:
    """What is overdue, for QA's desk and for its own page."""
    days = int(settings()[SettingName.INVESTIGATION_DAYS])
    late = corrective_actions.overdue_deviations(now(), days).limit(MANY)
    return {
        "late_actions": corrective_actions.overdue(session(), now(), MANY),
        "late_deviations": session().scalars(late).all(),
        "days": days,
    }


@blueprint.get("/overdue")
@requires(Permission.SEE_RECORDS)
def overdue_list() -> Any:
    return render_template("qc/deviations/overdue.html", **overdue())
