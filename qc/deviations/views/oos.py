"""The pages of an investigation of an out-of-specification result: phase I of the laboratory and
its plan of a retest, phase II of quality assurance, and the signed end of each."""

from __future__ import annotations

import functools
from typing import Any

from flask import abort, flash, redirect, request, url_for

from integrity.deviations import Deviation
from integrity.facts import drawn, shown, word
from integrity.findings import Refused
from integrity.forms import ChoiceField, Form, ParagraphField, ReadField
from integrity.signatures import Meaning
from labels import codes
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import reader, session, submit
from qc.deviations.views import blueprint
from qc.deviations.views.deviations import deviation_or_404
from qc.laboratory import oos, oos_facts, oos_phases, result_facts
from qc.laboratory.oos import Inquiry, PhaseOneFacts, PhaseTwoFacts
from qc.laboratory.oos_phases import PhaseOne
from qc.laboratory.rules.oos import MOST_RETESTS, Answer, Cause, Check, may_report
from qc.laboratory.words import AnswerWord, CauseWord, CheckWord, ReportedWord, worded


def _worded(message: Any) -> str:
    return shown(word(message))


def _retests(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_RETESTS):
        raise ValueError(f"Write how many retests are done: 1 to {MOST_RETESTS}.")
    return int(text)


ANSWERS = [(each.value, _worded(AnswerWord[each.name])) for each in Answer]
CAUSES = [(each.value, _worded(CauseWord[each.name])) for each in Cause]
ONLY_A_RETEST = "Only where the test is done again"
NO_SAMPLE = "No sample that asks for this test can be tested any more"


class PhaseOneForm(Form):
    """The checks, what they found, and the plan of a retest; what a line allows is put in."""

    cause = ChoiceField("What phase I found", CAUSES)
    said = ParagraphField(
        "In your own words",
        "Name the cause, or say what was looked at without finding one.",
        longest=2000,
    )
    evidence = ParagraphField(
        "Evidence", longest=2000, hint="Where it is documented: notebook, run, print-out"
    )
    retests = ReadField("How many retests", _retests, "Say how many retests.", hint=ONLY_A_RETEST)


class PhaseTwoForm(Form):
    manufacture = ParagraphField(
        "Review of the manufacture",
        "Say what the review of the batch record showed.",
        longest=4000,
    )
    others = ParagraphField(
        "Other batches",
        "Say which other batches may be affected, or why none is.",
        longest=2000,
    )
    conclusion = ParagraphField("Conclusion", "Say what follows for this batch.", longest=2000)


def _check_field(check: Check) -> str:
    return f"check_{check.value}"


def phase_one_form(now: Inquiry) -> type[Form]:
    """The form for one failing result."""
    checks = {
        _check_field(check): ChoiceField(_worded(CheckWord[check.name]), ANSWERS) for check in Check
    }
    pulled = [
        (each.code, f"{codes.read(each.code).shown} {each.title}")
        for each in oos.testable_samples(session(), now)
    ]
    rules = [(each, _worded(worded(ReportedWord, each))) for each in may_report(now.line)]
    plan = {
        "sample": ChoiceField(
            "Retested sample", pulled, hint=ONLY_A_RETEST if pulled else NO_SAMPLE
        ),
        "reported": ChoiceField("What is reported", rules, hint=ONLY_A_RETEST),
    }
    return type("PhaseOneFormOfLine", (PhaseOneForm,), checks | plan)


def _inquiry_or_404(found: Deviation) -> Inquiry:
    try:
        return oos.inquiry(session(), found)
    except Refused:
        abort(404, "This deviation is about no result that fails. Open its page.")


@blueprint.route("/deviations/<code>/phase-one", methods=["GET", "POST"])
@requires(Permission.INVESTIGATE_RESULTS)
def phase_one(code: str) -> Any:
    found = deviation_or_404(code)
    now = _inquiry_or_404(found)
    form: Any = phase_one_form(now)(request.form, **_offered(now))
    if (
        request.method == "POST"
        and form.validate()
        and submit(form, oos.record_phase_one, _said(form, found), scope=found.scope)
    ):
        flash("Phase I is written. A reviewer of QC signs its end.", "accepted")
        return redirect(url_for("deviations.deviation", code=code), 303)
    return form_page(
        "qc/deviations/phase_one.html",
        form,
        deviation=found,
        is_signed=now.state is not None,
        checks=[form[_check_field(check)] for check in Check],
        facts_shown=drawn(result_facts.facts_of(session(), now.result.id), reader()),
    )


def _offered(now: Inquiry) -> dict[str, Any]:
    """What was written before, or the line's own rule."""
    said = oos_phases.phase_one(session(), now.deviation.id)
    if said is None:
        return {
            "retests": str(now.line.planned),
            "sample": now.result.sample,
            "reported": now.line.reported,
        }
    checks = {
        f"check_{each.looked_at}": each.answer for each in oos_phases.checks_of(session(), said)
    }
    words = {"cause": said.found, "said": said.cause, "evidence": said.evidence}
    return words | _plan(now, said) | checks


def _plan(now: Inquiry, said: PhaseOne) -> dict[str, str]:
    sample = oos_phases.sample_of(session(), said)
    return {
        "retests": str(said.retests or now.line.planned),
        "sample": sample.code if sample else now.result.sample,
        "reported": said.reported or now.line.reported,
    }


def _said(form: Any, found: Deviation) -> PhaseOneFacts:
    return PhaseOneFacts(
        deviation_id=found.id,
        checks={check.value: form[_check_field(check)].data for check in Check},
        cause=form.cause.data,
        said=form.said.data or "",
        evidence=form.evidence.data or "",
        retests=form.retests.value,
        sample=form["sample"].data or "",
        reported=form["reported"].data or "",
    )


@blueprint.route("/deviations/<code>/phase-one/end", methods=["GET", "POST"])
@requires(Permission.REVIEW_RESULTS)
def phase_one_end(code: str) -> Any:
    found = deviation_or_404(code)
    _inquiry_or_404(found)
    return _sign(
        found,
        "End phase I",
        Permission.REVIEW_RESULTS,
        "I reviewed phase I: its checks are complete and its cause has its evidence. Where the "
        "test is done again, this result is invalidated and counts no more.",
        oos_facts.phase_one_facts,
        oos.end_phase_one,
    )


@blueprint.route("/deviations/<code>/phase-two", methods=["GET", "POST"])
@requires(Permission.JUDGE_DEVIATIONS)
def phase_two(code: str) -> Any:
    found = deviation_or_404(code)
    now = _inquiry_or_404(found)
    said = oos_phases.phase_two(session(), found.id)
    form = PhaseTwoForm(request.form, obj=said)
    if request.method == "POST" and form.validate():
        facts = PhaseTwoFacts(
            found.id, form.manufacture.data, form.others.data, form.conclusion.data
        )
        if submit(form, oos.record_phase_two, facts, scope=found.scope):
            flash("Phase II is written. Quality assurance signs its end.", "accepted")
            return redirect(url_for("deviations.deviation", code=code), 303)
    return form_page(
        "qc/deviations/phase_two.html",
        form,
        deviation=found,
        facts_shown=drawn(oos_facts.phase_one_facts(session(), now.deviation.id), reader()),
    )


@blueprint.route("/deviations/<code>/phase-two/end", methods=["GET", "POST"])
@requires(Permission.JUDGE_DEVIATIONS)
def phase_two_end(code: str) -> Any:
    found = deviation_or_404(code)
    _inquiry_or_404(found)
    return _sign(
        found,
        "End phase II",
        Permission.JUDGE_DEVIATIONS,
        "I reviewed phase II: no cause was found in the laboratory, the manufacture was looked "
        "at, and the result stands.",
        oos_facts.phase_two_facts,
        oos.end_phase_two,
    )


def _sign(
    found: Deviation, title: str, permission: Permission, sentence: str, facts: Any, act: Any
) -> Any:
    back = url_for("deviations.deviation", code=found.code)
    return signing_page(
        title=f"{title}: deviation {codes.read(found.code).shown}",
        meaning=Meaning.REVIEWED,
        sentence=sentence,
        comment="optional",
        permission=permission,
        facts=functools.partial(facts, deviation_id=found.id),
        act=functools.partial(act, deviation_id=found.id),
        then=lambda _: back,
        cancel=back,
        scope=found.scope,
    )
