"""The pages of observations: the list, recording one, one with its files and what QA says of it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from integrity import attachments, filters, observations, signatures
from integrity.deviations import Deviation
from integrity.forms import Form, InstantField, Opens, ParagraphField, TextField
from integrity.observations import Observation, ObservationState, Seen
from integrity.signatures import Meaning
from labels import codes
from people.access import requires
from people.answers import form_page
from people.lists import listing
from people.permissions import Permission
from people.signing import shown, signing_page
from people.transaction import session
from people.uploads import submit_with_file
from qc.deviations import observing, rules, things
from qc.deviations.observing import ObservedFacts, VerdictFacts
from qc.deviations.views import blueprint
from qc.deviations.views.deviations import scope_url

WHEN = "As the page was opened. Empty: when it is recorded. Without a zone it is the site's"


class ObservationForm(Form):
    about = TextField(
        "About",
        "Scan the batch, cord, container, sample, lot or equipment it is about.",
        hint="Scan its label, or type the code of the donor",
    )
    said = ParagraphField(
        "What did you see?", "Say what you saw, in at least ten characters.", longest=2000
    )
    seen_at = InstantField("When", opens=Opens.NOW, hint=WHEN)


VERDICTS = {"nothing": (ObservationState.NOTHING, "")} | {
    name.value: (ObservationState.DEVIATION, name.value) for name in rules.CLASSES
}


FILTERS = (
    filters.code(Observation.about, "About, its code begins with", "about"),
    *filters.days(Observation.at, "Recorded"),
)
COLUMNS = ("about", "what was seen", "who", "seen", "recorded", "state")


@blueprint.get("/observations")
@requires(Permission.SEE_RECORDS)
def observation_list() -> Any:
    asked = listing(observations.listed(), *FILTERS)
    if asked.wants_file:
        return asked.file("observations", COLUMNS, _lines)
    page = asked.page()
    found = observations.seen(session(), page.items)
    shown = render_template("qc/deviations/observations.html", page=page, found=found, asked=asked)
    return shown, asked.status


def _lines(found: Sequence[Observation]) -> Iterator[tuple[Any, ...]]:
    for each in observations.seen(session(), found):
        made, about = each.observation, codes.hyphenated(each.observation.about)
        yield about, made.said, made.name, made.seen_at, made.at, each.state


@blueprint.route("/observations/new", methods=["GET", "POST"])
@requires(Permission.RAISE_DEVIATIONS)
def observation_new() -> Any:
    form = ObservationForm(request.form, about=request.args.get("about", ""))
    if request.method == "POST" and form.validate():
        facts = ObservedFacts(form.about.data or "", form.said.data or "", form.seen_at.value)
        found = things.thing(session(), facts.about)
        scope = things.scope_of(found).code if found else None
        if made := submit_with_file(form, observing.observe, facts, scope=scope):
            flash("The observation is recorded. QA says what it is.", "accepted")
            return redirect(url_for("deviations.observation", number=made.id), 303)
    return form_page("qc/deviations/observation_new.html", form)


def _found(number: int) -> Seen:
    made = session().get(Observation, number) or abort(404, "There is no such observation.")
    return observations.seen(session(), [made])[0]


@blueprint.get("/observations/<int:number>")
@requires(Permission.SEE_RECORDS)
def observation(number: int) -> Any:
    found = _found(number)
    became = found.verdict and found.verdict.deviation_id
    return render_template(
        "qc/deviations/observation.html",
        found=found,
        deviation=session().get(Deviation, became) if became else None,
        files=attachments.of(session(), number),
        classes=rules.CLASSES,
        signed=shown(signatures.of(session(), number)),
        about_url=scope_url(found.observation.about),
    )


@blueprint.route("/observations/<int:number>/classify/<verdict>", methods=["GET", "POST"])
@requires(Permission.JUDGE_DEVIATIONS)
def observation_classify(number: int, verdict: str) -> Any:
    found, back = _found(number), url_for("deviations.observation", number=number)
    if verdict not in VERDICTS:
        abort(404, "An observation is nothing that matters or a deviation of a class. Choose one.")
    says = VerdictFacts(number, *VERDICTS[verdict])
    return signing_page(
        title="Classify an observation",
        meaning=Meaning.REVIEWED,
        sentence="I judged what was seen. Say why.",
        comment="required",
        facts=functools.partial(observing.verdict_facts, facts=says),
        act=functools.partial(observing.classify, facts=says),
        permission=Permission.JUDGE_DEVIATIONS,
        then=lambda _: back,
        cancel=back,
        scope=found.observation.scope,
    )
