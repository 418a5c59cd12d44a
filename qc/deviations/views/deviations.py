"""The pages of deviations.

The list, one with its story, its assessment, its judgement and its closing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from integrity import attachments, filters, signatures
from integrity.deviations import Decision, Deviation
from integrity.facts import drawn, shown
from integrity.forms import ChoiceField, Form, ParagraphField
from integrity.signatures import Meaning
from labels import codes
from manufacturing.donation.cords import Cord
from manufacturing.donation.donations import Donor
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from people import signing
from people.access import requires
from people.answers import form_page
from people.lists import address, listing
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import now, reader, session, submit
from qc.deviations import corrective_actions, investigation, rules
from qc.deviations.investigation import AssessmentFacts, Story
from qc.deviations.views import blueprint
from qc.laboratory import oos, oos_phases
from qc.laboratory.results import Beginning, Result
from qc.laboratory.rules.oos import OosState
from qc.laboratory.samples import SampleReceipt
from stores.containers import Container

# what becomes of the investigation of a failing result: (word, tone, what comes next)
OOS_WORDS: dict[str | None, tuple[str, str, str]] = {
    None: ("Phase I", "rejected", "QC writes what its checks found; a reviewer ends phase I."),
    OosState.CAUSE_CONFIRMED: (
        "Cause confirmed",
        "accepted",
        "The result ends as phase I found: another analyst tests again by the signed plan, or "
        "corrects what was written down wrongly.",
    ),
    OosState.PLAN_OPEN: (
        "Plan of the retest written anew",
        "rejected",
        "Its sample is gone: a reviewer signs the newer plan, on a sample that can be tested.",
    ),
    OosState.EXTENDED: (
        "Phase II",
        "rejected",
        "No cause in the laboratory: QA reviews the manufacture and ends phase II.",
    ),
    OosState.STANDS: (
        "The result stands",
        "rejected",
        "No cause was found: the result is the reported one, and QA judges the batch.",
    ),
}
FILTERS = (
    filters.code(Deviation.code),
    filters.code(Deviation.scope, "Belongs to, its code begins with", "scope"),
    filters.choice(
        Deviation.classification,
        "Class when it was opened",
        "class",
        [(name, name.capitalize()) for name in rules.CLASSES],
    ),
    *filters.days(Deviation.opened_at, "Opened"),
)
COLUMNS = (
    "deviation",
    "opened",
    "what happened",
    "where",
    "belongs to",
    "class",
    "state",
    "decision",
    "user name",
)
TABS = (("open", "Not closed"), ("closed", "Closed"), ("all", "All"))


class AssessmentForm(Form):
    cause = ParagraphField(
        "Cause",
        "Write what caused it, or that the cause could not be found and what was looked at.",
        longest=2000,
    )
    impact = ParagraphField(
        "Impact on the product",
        "Write what it means for this product and for others that share anything with it.",
        longest=2000,
    )
    classification = ChoiceField("Class", [(name, name.capitalize()) for name in rules.CLASSES])
    reason = ParagraphField(
        "Why the class is changed", longest=1000, hint="Needed when the class is lowered"
    )


def deviation_or_404(code: str) -> Deviation:
    return investigation.by_code(session(), code) or abort(
        404, "There is no deviation under this code. Scan it again."
    )


@blueprint.get("/deviations", endpoint="deviations")
@requires(Permission.SEE_RECORDS)
def deviation_list() -> Any:
    which = request.args.get("show", "open") if request.args.get("show") in dict(TABS) else "open"
    asked = listing(investigation.listed(which), *FILTERS)
    if asked.wants_file:
        return asked.file("deviations", COLUMNS, _lines)
    page = asked.page()
    counted = investigation.counts(session())
    totals = {"closed": counted.get("closed", 0), "all": sum(counted.values())}
    totals["open"] = totals["all"] - totals["closed"]
    tabs = [(label, address(show=name), name == which, totals[name]) for name, label in TABS]
    shown = render_template(
        "qc/deviations/deviations.html",
        asked=asked,
        page=page,
        stories=investigation.stories(session(), page.items),
        due=oos_phases.due_of(session(), page.items, now()),
        tabs_shown=tabs,
        which=which,
        words=rules.STATE_WORDS,
        tones=rules.CLASS_TONES,
        shown_scope=investigation.shown_scope,
    )
    return shown, asked.status


def _lines(found: Sequence[Deviation]) -> Iterator[tuple[Any, ...]]:
    for story in investigation.stories(session(), found):
        made = story.deviation
        yield (
            codes.hyphenated(made.code),
            made.opened_at,
            made.sentence(reader()),
            shown(made.place, reader()),
            codes.hyphenated(made.scope),
            story.classification,
            story.state,
            story.judgement.decision if story.judgement else "",
            made.username,
        )


@blueprint.get("/deviations/<code>")
@requires(Permission.SEE_RECORDS)
def deviation(code: str) -> Any:
    found = deviation_or_404(code)
    story = investigation.story_of(session(), found)
    return render_template(
        "qc/deviations/deviation.html",
        story=story,
        facts_shown=drawn(investigation.assessment_facts(session(), found.id), reader()),
        words=rules.STATE_WORDS,
        tones=rules.CLASS_TONES,
        decisions=rules.DECISIONS,
        only_rejects=investigation.only_rejects(session(), found),
        place_url=place_url(found),
        scope_url=scope_url(found.scope),
        shown_scope=investigation.shown_scope(found.scope),
        signed=signing.shown(signatures.of(session(), found)),
        files=attachments.of(session(), found.id),
        actions=(actions := corrective_actions.of(session(), found.id, now())),
        actions_signed={
            each.action.id: signing.shown(signatures.of(session(), each.action)) for each in actions
        },
        due_at=corrective_actions.due_at(session(), found),
        scanned="scanned" in request.args,
        is_oos=oos_phases.is_oos(found),
        oos=oos_phases.state_of(session(), found),
        oos_words=OOS_WORDS,
        is_written=_is_written(found),
        is_plan_lost=oos_phases.is_oos(found) and oos.is_plan_lost(session(), found),
        due=oos_phases.due_of(session(), [found], now()).get(found.id),
    )


def _is_written(found: Deviation) -> bool:
    """Whether the phase that goes on is written, so that it can be signed."""
    if oos_phases.state_of(session(), found) in (None, OosState.PLAN_OPEN):
        return oos_phases.phase_one(session(), found.id) is not None
    return oos_phases.phase_two(session(), found.id) is not None


def scope_url(scope: str) -> str:
    """The page of the batch, cord or donor it belongs to."""
    try:
        return url_for("finding.opened", code=codes.read(scope).bare)
    except codes.UnreadableCode:
        return url_for("donation.donor", code=scope)


def place_url(found: Deviation) -> str:
    """The page where it happened: the entry, result, sample, cord or donor.

    Otherwise the batch or cord.
    """
    finders = {
        Entry.__tablename__: _entry_url,
        Result.__tablename__: _result_url,
        SampleReceipt.__tablename__: _receipt_url,
        Beginning.__tablename__: _beginning_url,
        Donor.__tablename__: _donor_url,
        Cord.__tablename__: _cord_url,
    }
    finder = finders.get(found.subject_kind)
    return (finder(found.subject_id) if finder else None) or scope_url(found.scope)


def _entry_url(key: int) -> str | None:
    entry = session().get(Entry, key)
    made = session().get(Batch, entry.batch_id) if entry else None
    return url_for("execution.batch", code=made.code, _anchor=f"entry-{key}") if made else None


def _result_url(key: int) -> str | None:
    return url_for("laboratory.result", result_id=key)


def _receipt_url(key: int) -> str | None:
    receipt = session().get(SampleReceipt, key)
    return _sample_url(receipt.container_id) if receipt else None


def _beginning_url(key: int) -> str | None:
    beginning = session().get(Beginning, key)
    return _sample_url(beginning.container_id) if beginning else None


def _sample_url(container_id: int) -> str | None:
    sample = session().get(Container, container_id)
    return url_for("laboratory.sample", code=sample.code) if sample else None


def _donor_url(key: int) -> str | None:
    donor = session().get(Donor, key)
    return url_for("donation.donor", code=donor.code) if donor else None


def _cord_url(key: int) -> str | None:
    cord = session().get(Cord, key)
    return url_for("donation.cord", code=cord.code) if cord else None


@blueprint.route("/deviations/<code>/assess", methods=["GET", "POST"])
@requires(Permission.JUDGE_DEVIATIONS)
def deviation_assess(code: str) -> Any:
    found = deviation_or_404(code)
    story = investigation.story_of(session(), found)
    form = AssessmentForm(request.form, **_offered(story))
    if request.method == "POST" and form.validate():
        facts = AssessmentFacts(
            found.id,
            form.cause.data or "",
            form.impact.data or "",
            form.classification.data,
            form.reason.data or "",
        )
        if submit(form, investigation.assess, facts, scope=found.scope):
            flash("The deviation is assessed. QA judges it next.", "accepted")
            return redirect(url_for("deviations.deviation", code=code), 303)
    return form_page(
        "qc/deviations/deviation_assess.html", form, story=story, words=rules.STATE_WORDS
    )


def _offered(story: Story) -> dict[str, Any]:
    said = story.assessment
    return {
        "classification": story.classification,
        "cause": said.cause if said else "",
        "impact": said.impact if said else "",
        "reason": said.reason if said else "",
    }


@blueprint.route("/deviations/<code>/judge/<decision>", methods=["GET", "POST"])
@requires(Permission.JUDGE_DEVIATIONS)
def deviation_judge(code: str, decision: str) -> Any:
    found = deviation_or_404(code)
    if decision not in rules.DECISIONS:
        abort(404, "A deviation is judged “continue” or “reject”. Open its page and choose one.")
    back = url_for("deviations.deviation", code=code)
    sentence = {
        Decision.CONTINUE: "I judged this deviation: work may go on. Say why.",
        Decision.REJECT: "I judged this deviation: what it concerns is rejected. Say why.",
    }[Decision(decision)]
    return signing_page(
        title=f"Judge deviation {codes.read(code).shown}",
        meaning=Meaning.APPROVED,
        sentence=sentence,
        comment="required",
        facts=functools.partial(
            investigation.judge_facts, deviation_id=found.id, decision=decision
        ),
        act=functools.partial(investigation.judge, deviation_id=found.id, decision=decision),
        permission=Permission.JUDGE_DEVIATIONS,
        then=lambda _: back,
        cancel=back,
        scope=found.scope,
    )


@blueprint.route("/deviations/<code>/close", methods=["GET", "POST"])
@requires(Permission.JUDGE_DEVIATIONS)
def deviation_close(code: str) -> Any:
    found = deviation_or_404(code)
    back = url_for("deviations.deviation", code=code)
    return signing_page(
        title=f"Close deviation {codes.read(code).shown}",
        meaning=Meaning.APPROVED,
        comment="optional",
        sentence="What follows from this deviation is done; nothing more is to be done about it.",
        facts=functools.partial(investigation.close_facts, deviation_id=found.id),
        act=functools.partial(investigation.close, deviation_id=found.id),
        permission=Permission.JUDGE_DEVIATIONS,
        then=lambda _: back,
        cancel=back,
        scope=found.scope,
    )
