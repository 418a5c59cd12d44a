"""The pages of results.

Recording one, correcting it, one result with its signatures, its review and invalidation.
"""

from __future__ import annotations

import functools
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from documents.register import ControlledDocument
from documents.texts import text
from integrity import deviations, signatures, times
from integrity.facts import MessageError, drawn, shown
from integrity.forms import (
    ChoiceField,
    Form,
    InstantField,
    Opens,
    ParagraphField,
    ReasonField,
    TextField,
)
from integrity.signatures import Meaning
from integrity.site import zone
from integrity.units import UNITS, units_like
from labels import codes
from people import signing
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import reader, session, submit
from qc.laboratory import (
    batch_amounts as bases,
    oos_phases,
    result_facts,
    result_reviews,
    results,
    testing,
    verdicts,
)
from qc.laboratory.results import Result
from qc.laboratory.rules.readings import readable
from qc.laboratory.rules.results import ACTIVE, FAILS, Basis, ResultState
from qc.laboratory.testing import BeginningFacts, ResultFacts
from qc.laboratory.views import blueprint
from qc.laboratory.views.samples import sample_or_404
from qc.specifications.model import Contents, Line
from stores.containers import Container

# verdict: (word, tone)
VERDICT_WORDS = {
    "conforms": ("Conforms", "accepted"),
    "fails": ("Out of specification", "rejected"),
    "inconclusive": ("Inconclusive", "held"),
    "reported": ("Reported", "note"),
    "interim": ("Interim", "note"),
}
STATE_WORDS = {
    ResultState.ENTERED: ("Entered, not reviewed", "held"),
    ResultState.REVIEWED: ("Reviewed", "accepted"),
    ResultState.INVALIDATED: ("Invalidated", "rejected"),
    ResultState.CORRECTED: ("Corrected", "note"),
}
READINGS = [("interim", "Interim reading"), ("final", "Final result")]


class BeginningForm(Form):
    began_at = InstantField("Began", "Write when the test began.", opens=Opens.NOW)


class TestedForm(Form):
    """What every result says beside its value."""

    tested_at = InstantField("Tested", "Write when it was tested.", opens=Opens.NOW)
    method_version = TextField(
        "Version of the method", "Write which version of the method was followed.", longest=20
    )
    reference = TextField(
        "Raw data",
        "Say where the raw data are: instrument, run, page of the notebook.",
        longest=200,
        hint="Instrument, run number, notebook page or file",
    )
    remark = ParagraphField("Remark", longest=1000)


class NumericForm(TestedForm):
    """A result in figures: what cannot be is refused where it is typed."""

    line: Line
    value: TextField

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        try:
            if self.value.data:
                unit = self["unit"].data if "unit" in self else None
                readable(self.line, self.value.data, unit)
        except MessageError as fault:
            self.value.errors = [shown(fault.fact, reader())]
            self.status, valid = 422, False
        return valid


def _units(line: Line) -> list[tuple[str, str]]:
    entered = line.entered_in or "1"
    every = [entered, *(unit for unit in units_like(entered) if unit != entered)]
    return [(unit, UNITS[unit].symbol or "fraction of 1") for unit in every[:6]]


def _value_fields(line: Line) -> dict[str, Any]:
    if line.kind == "numeric":
        units = _units(line)
        fields: dict[str, Any] = {
            "line": line,
            "value": TextField(
                "Result",
                "Type the result, for example 97 or < 0.05.",
                longest=60,
                hint="A number, or a bound of one such as < 0.05",
            ),
        }
        return fields | (
            {"unit": ChoiceField("Unit", units, default=units[0][0])} if len(units) > 1 else {}
        )
    choices = [(each.value, text(each.label)) for each in line.values]
    if line.kind == "qualitative":
        return {"value": ChoiceField("Result", choices)}
    written = {
        "value": TextField("Result", "Write the result as the method gives it.", longest=300)
    }
    return written | ({"choice": ChoiceField("Verdict", choices)} if choices else {})


def result_form(line: Line, asks_why: Any = None) -> type[TestedForm]:
    """The form of one line of a specification; a correction and a repeat ask for their reason."""
    fields = _value_fields(line)
    if line.earliest_final:
        fields["reading"] = ChoiceField("What it is", READINGS)
    if asks_why:
        fields["reason"] = asks_why
    return type("ResultForm", (NumericForm if line.kind == "numeric" else TestedForm,), fields)


def held_for(found: Container, test: str) -> tuple[ControlledDocument, Contents, Line]:
    held = results.specification_of(session(), found)
    if held is None:
        abort(
            404,
            "This is no sample of a batch: no specification says how it is tested.",
        )
    line = held[1].line(test)
    if line is None:
        abort(
            404,
            "The specification has no line for this test. Open the sample and choose one of its "
            "tests.",
        )
    return *held, line


@blueprint.route("/samples/<code>/tests/<test>/result", methods=["GET", "POST"])
@requires(Permission.RECORD_RESULTS)
def result_new(code: str, test: str) -> Any:
    found = sample_or_404(code)
    specification, contents, line = held_for(found, test)
    return _record(found, specification, contents, line, None)


def _after(made: Result) -> str:
    """Where to go on: to the sample and its next test, or to a result that fails."""
    if made.verdict == FAILS:
        return url_for("laboratory.result", result_id=made.id)
    return url_for("laboratory.sample", code=made.sample)


@blueprint.route("/results/<int:result_id>/correct", methods=["GET", "POST"])
@requires(Permission.RECORD_RESULTS)
def result_correct(result_id: int) -> Any:
    old = _result(result_id)
    found = sample_or_404(old.sample)
    specification, contents, line = held_for(found, old.test)
    return _record(found, specification, contents, line, old)


def _record(
    found: Container,
    specification: ControlledDocument,
    contents: Contents,
    line: Line,
    old: Result | None,
) -> Any:
    form: Any = result_form(line, _asks_why(found, line, old))(request.form, **_offered(line, old))
    if (
        request.method == "POST"
        and form.validate()
        and (
            made := submit(
                form, testing.record, facts_typed(form, found, line, old), scope=found.scope
            )
        )
    ):
        word, tone = VERDICT_WORDS[made.verdict]
        said = shown(made.shown, reader())
        flash(f"{line.name} {said}: {word.lower()}. Another person reviews it.", tone)
        return redirect(_after(made), 303)
    basis = bases.basis_of(session(), found.scope, contents.sources)
    return form_page(
        "qc/laboratory/result_new.html",
        form,
        sample=found,
        line=line,
        specification=specification,
        old=old,
        unit=UNITS[line.entered_in].symbol if line.entered_in and "unit" not in form else None,
        judged_with=judged_with(line, basis),
        beginning=_beginning(found, line),
    )


def _asks_why(found: Container, line: Line, old: Result | None) -> Any:
    """The field of the reason, for a correction or the repeat of a valid result.

    Whether a post is a repeat is for the act to say: the same entry once more is none."""
    if old:
        return ReasonField("Why it is corrected")
    if not results.finals_of(session(), found, line.id):
        return None
    return ParagraphField("Why it is repeated", hint="Both results stand; the worse is reported")


def _offered(line: Line, old: Result | None) -> dict[str, Any]:
    """What stands in the form when it is opened.

    The earlier result where one is corrected, otherwise the time now.
    """
    if old is None:
        return {
            "method_version": line.method_version,
        }
    return {
        "tested_at": times.shown(old.tested_at, zone(session()), seconds=old.tested_at.second > 0),
        "value": old.value,
        "unit": old.unit,
        "choice": old.choice,
        "reading": "interim" if old.reading else "final",
        "reference": old.reference,
        "method_version": old.method_version,
        "remark": old.remark,
    }


def facts_typed(form: Any, found: Container, line: Line, old: Result | None = None) -> ResultFacts:
    unit = form.unit.data if "unit" in form else line.entered_in
    typed = form.value.data
    if line.kind == "numeric":
        typed = readable(line, typed, unit).text
    return ResultFacts(
        sample=found.code,
        test=line.id,
        value=typed,
        unit=unit,
        choice=form.choice.data if "choice" in form else None,
        reading="reading" in form and form.reading.data == "interim",
        tested_at=form.tested_at.value,
        method_version=form.method_version.data,
        reference=form.reference.data,
        remark=form.remark.data or None,
        corrects_id=old.id if old else None,
        reason=(form.reason.data or None) if "reason" in form else None,
    )


def judged_with(line: Line, basis: Basis) -> list[tuple[str, str]]:
    """The amounts of the batch that this line is judged with."""
    wanted = (
        [("Volume", basis.volume), ("Lowest weight on the label", basis.weight)]
        if line.per_weight
        else []
    )
    wanted += [("Label claim", basis.claim)] if line.operator == "claim" else []
    return [
        (name, bases.amount_shown(amount) if amount else "not recorded in the batch yet")
        for name, amount in wanted
    ]


def _beginning(found: Container, line: Line) -> results.Beginning | None:
    return results.beginnings_of(session(), [found.id]).get((found.id, line.id))


@blueprint.route("/samples/<code>/tests/<test>/begin", methods=["GET", "POST"])
@requires(Permission.RECORD_RESULTS)
def test_begin(code: str, test: str) -> Any:
    found = sample_or_404(code)
    _, _, line = held_for(found, test)
    form = BeginningForm(request.form)
    if (
        request.method == "POST"
        and form.validate()
        and submit(
            form,
            testing.begin,
            BeginningFacts(found.code, line.id, form.began_at.value),
            scope=found.scope,
        )
    ):
        flash(f"{line.name} has begun.", "accepted")
        return redirect(url_for("laboratory.sample", code=found.code), 303)
    return form_page("qc/laboratory/test_begin.html", form, sample=found, line=line)


# One result
# -------------------------------------------------------------------------------------------------


def _result(result_id: int) -> Result:
    found = session().get(Result, result_id) if result_id < 2**31 else None
    if found is None:
        abort(404, "There is no result under this number. Open the sample.")
    return found


@blueprint.get("/results/<int:result_id>")
@requires(Permission.SEE_RECORDS)
def result(result_id: int) -> Any:
    found = _result(result_id)
    now_judged = verdicts.as_judged(session(), [found])[found.id]
    deviation = results.oos_of(session(), [found]).get(found.id)
    state = results.states_of(session(), [found])[found.id]
    return render_template(
        "qc/laboratory/result.html",
        result=found,
        says=now_judged.verdict,
        line=now_judged.line,
        state=state,
        may_be_corrected=state in ACTIVE
        and (deviation is None or oos_phases.is_mistyped(session(), found)),
        facts_shown=drawn(result_facts.facts_of(session(), found.id), reader()),
        deviation=deviation,
        judged=deviation is None or deviations.is_judged(session(), deviation),
        signed=signing.shown(signatures.of(session(), found)),
        verdicts=VERDICT_WORDS,
        words=STATE_WORDS,
        later=results.correction_of(session(), found.id),
    )


def _sign(
    result_id: int, act: Any, title: str, meaning: Meaning, sentence: str, comment: str = ""
) -> Any:
    found = _result(result_id)
    return signing_page(
        title=f"{title}: sample {codes.read(found.sample).shown}",
        meaning=meaning,
        sentence=sentence,
        comment=comment,
        permission=Permission.REVIEW_RESULTS,
        facts=functools.partial(result_facts.facts_of, result_id=result_id),
        act=functools.partial(act, result_id=result_id),
        then=lambda _: url_for("laboratory.sample", code=found.sample),
        cancel=url_for("laboratory.result", result_id=result_id),
        scope=found.scope,
    )


@blueprint.route("/results/<int:result_id>/review", methods=["GET", "POST"])
@requires(Permission.REVIEW_RESULTS)
def result_review(result_id: int) -> Any:
    return _sign(
        result_id,
        result_reviews.review,
        "Review a result",
        Meaning.REVIEWED,
        "I checked this result against its raw data: it is accurate, complete and follows the "
        "method.",
        comment="optional",
    )


@blueprint.route("/results/<int:result_id>/invalidate", methods=["GET", "POST"])
@requires(Permission.REVIEW_RESULTS)
def result_invalidate(result_id: int) -> Any:
    return _sign(
        result_id,
        result_reviews.invalidate,
        "Invalidate a result",
        Meaning.REJECTED,
        "This result is struck and counts no more; it stays legible. Name the documented cause "
        "and where it is documented.",
        comment="required",
    )
