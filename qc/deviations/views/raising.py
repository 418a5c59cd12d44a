"""The page on which somebody raises a deviation in their own words."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for

from integrity.forms import ChoiceField, Form, ParagraphField, TextField
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.transaction import session
from people.uploads import submit_with_file
from qc.deviations import raising, rules, things
from qc.deviations.raising import RaisedFacts
from qc.deviations.views import blueprint
from stores.containers import Container


class RaiseForm(Form):
    about = TextField(
        "About",
        "Scan the batch, cord, container, sample, lot or equipment it is about.",
        hint="Scan its label, or type the code of the donor",
    )
    said = ParagraphField(
        "What happened", "Say what happened, in at least ten characters.", longest=2000
    )
    place = TextField("Where", required=None, hint="Room, step or instrument; may be left empty")
    classification = ChoiceField(
        "How grave do you think it is?", [(name, name.capitalize()) for name in rules.CLASSES]
    )


@blueprint.route("/deviations/new", methods=["GET", "POST"])
@requires(Permission.RAISE_DEVIATIONS)
def deviation_new() -> Any:
    form = RaiseForm(request.form, about=request.args.get("about", ""))
    if request.method == "POST" and form.validate():
        facts = RaisedFacts(
            form.about.data or "",
            form.said.data or "",
            form.place.data or "",
            form.classification.data,
        )
        scope = _scope(facts.about)
        if made := submit_with_file(form, raising.raise_deviation, facts, scope=scope):
            flash("The deviation is raised. QA assesses it next.", "accepted")
            return redirect(url_for("deviations.deviation", code=made.code), 303)
    return form_page("qc/deviations/deviation_new.html", form)


def _scope(text: str) -> str | None:
    """Under what a refusal is found again."""
    found: Any = things.thing(session(), text)
    if found is None:
        return None
    return found.scope if isinstance(found, Container) else found.code
