"""The bench pages of a step.

What is next, its form, the second person, the sign-off, a correction.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from documents.texts import text
from integrity import facts
from integrity.forms import Form, ReasonField
from integrity.signatures import Meaning
from manufacturing.execution import entries, steps
from manufacturing.execution.batch_state import BatchState, Outcome
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.batches import ExecutionState
from manufacturing.execution.rules.sequence import (
    Position,
    Round,
    place,
    round_title,
    step_title,
)
from manufacturing.execution.rules.steps import needs_second
from manufacturing.execution.steps import CorrectionFacts, StepFacts
from manufacturing.execution.views import blueprint
from manufacturing.execution.views.batches import (
    around,
    batch_or_404,
    frame,
    recorded_state_of,
    state_of,
)
from manufacturing.execution.views.previews import seen as seen_at, seen_corrected
from manufacturing.execution.views.step_forms import (
    StepForm,
    as_corrected,
    drawn,
    form_for,
    is_unsaved,
    step_or_404,
    typed_of,
    validate,
)
from manufacturing.masters import register
from manufacturing.masters.model import Step, numbered
from people.access import requires
from people.answers import form_page, give_back
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import reader, session, submit


class ReasonForm(Form):
    reason = ReasonField("Reason of the correction")


class LeaveOutForm(Form):
    not_applicable = ReasonField("Why it does not apply")


class LeftOutAfterAllForm(LeaveOutForm):
    why = ReasonField("Reason of the correction")


@blueprint.get("/batches/<code>/next")
@requires(Permission.SEE_RECORDS)
def step_next(code: str) -> Any:
    """Go to the one thing to do; ask where there are two."""
    state = state_of(batch_or_404(code))
    if following := _only_address(state):
        return redirect(following, 303)
    return render_template(
        "manufacturing/execution/step_next.html",
        state=state,
        choices=_choices(state),
        **frame(state),
    )


def _only_address(state: BatchState) -> str | None:
    """The address of the one thing to do, of the batch where nothing is; None where there are two
    things to choose from.
    """
    code, open_now = state.batch.code, state.open
    if state.execution == ExecutionState.TERMINATED or open_now.is_complete:
        return _batch(code)
    if open_now.verify and (entry := state.at(open_now.verify)):
        return url_for("execution.step_verify", code=code, key=entry.id)
    if open_now.sign and not open_now.steps:
        return url_for("execution.stage_sign", code=code, **open_now.sign._asdict())
    if len(open_now.steps) == 1 and not open_now.sign:
        return _address(code, open_now.steps[0])
    return None


def _following(batch: Batch, outcome: Outcome) -> str:
    """The address of what is to do after an act, out of the state that the act left."""
    state = outcome.state or state_of(batch)
    return _only_address(state) or url_for("execution.step_next", code=batch.code)


def _choices(state: BatchState) -> list[tuple[str, str, str]]:
    """(place, deed, address) of everything that may be done now."""
    code = state.batch.code
    choices = [
        (
            place(state.master, position),
            _deed(state.master.step(position.step), position),
            _address(code, position),
        )
        for position in state.open.steps
    ]
    if state.open.sign:
        choices.append(
            (
                round_title(state.master, state.open.sign),
                "Sign the stage off",
                url_for("execution.stage_sign", code=code, **state.open.sign._asdict()),
            )
        )
    return choices


def _address(code: str, position: Position) -> str:
    return url_for("execution.step", code=code, **position._asdict())


def _batch(code: str, entry: Entry | None = None) -> str:
    return url_for("execution.batch", code=code, _anchor=f"entry-{entry.id}" if entry else None)


def _deed(step: Step, position: Position) -> str:
    return (
        numbered(step.record, position.turn)
        if step.record
        else f"Record {step_title(step, position.turn)}"
    )


@blueprint.route(
    "/batches/<code>/steps/<stage>/<int:cycle>/<step>/<int:turn>", methods=["GET", "POST"]
)
@requires(Permission.RECORD_STEPS)
def step(code: str, stage: str, cycle: int, step: str, turn: int) -> Any:
    batch, position = batch_or_404(code), Position(stage, cycle, step, turn)
    master = register.document_of(session(), batch.master_id)
    planned = step_or_404(master, position)
    leaving = "not_applicable" in request.form
    left_out = LeaveOutForm(request.form if leaving else None)
    form = form_for(master, planned)
    give_back(form, left_out)
    if request.method == "POST" and (outcome := _record(batch, position, planned, form, left_out)):
        return _recorded(batch, outcome)
    state = state_of(batch)
    recorded = state.at(position)
    found = seen_at(state, position, form)
    _say_refused_scans(form, found)
    return form_page(
        "manufacturing/execution/step.html",
        form,
        left_out,
        state=state,
        step=planned,
        position=position,
        drawn=drawn(planned),
        left_out=left_out,
        place=place(master, position),
        deed=_deed(planned, position),
        text=text,
        title=step_title(planned, turn),
        seen=found,
        preview=url_for("execution.step_preview", code=code, **position._asdict()),
        unsaved=is_unsaved(),
        second=needs_second(planned),
        is_open=position in state.open.steps,
        recorded=recorded,
        stands=facts.drawn(entries.facts_of(master, code, recorded), reader()) if recorded else [],
        **frame(state),
    )


def _record(
    batch: Batch, position: Position, planned: Step, form: StepForm, left_out: LeaveOutForm
) -> Outcome | None:
    if "not_applicable" in request.form:
        facts = StepFacts(position, {}, not_applicable=left_out.not_applicable.data)
        return (
            submit(left_out, steps.record_step, batch.id, facts, scope=batch.code)
            if left_out.validate()
            else None
        )
    if not validate(form, planned):
        return None
    facts = StepFacts(position, form.typed(), form.performed_at.value, form.comment.data or None)
    outcome: Outcome | None = submit(form, steps.record_step, batch.id, facts, scope=batch.code)
    return outcome


def _say_refused_scans(form: StepForm, found: dict[str, dict[str, Any]]) -> None:
    """What may not be used says so at its field."""
    for name, each in found.items():
        if each["tone"] == "rejected" and not form[name].errors:
            form[name].errors = each.pop("sentences")
            each["sentences"] = []


def _recorded(batch: Batch, outcome: Outcome) -> Any:
    state, entry = outcome.state or state_of(batch), outcome.record
    if opened := len(state.opened_by(entry)):
        flash(
            f"Recorded, with {opened} {'deviation' if opened == 1 else 'deviations'} for QA.",
            "held",
        )
    elif crossed := entries.alerts_of(state.master, entry):
        flash("Recorded. " + " ".join(each.sentence(reader()) for each in crossed), "held")
    else:
        flash("Recorded.", "accepted")
    return redirect(_following(batch, outcome), 303)


@blueprint.route("/batches/<code>/entries/<int:key>/verify", methods=["GET", "POST"])
@requires(Permission.VERIFY_STEPS)
def step_verify(code: str, key: int) -> Any:
    """The second person signs on the first one's tablet and hands it back to the open work."""
    batch = batch_or_404(code)
    entry = _entry(batch, key)
    if request.method == "GET" and state_of(batch).open.verify != entry.position:
        flash(
            "This entry waits for nobody: it is verified, corrected, or needs no second person.",
            "note",
        )
        return redirect(_batch(code, entry), 303)
    return signing_page(
        title="Verify this entry",
        meaning=Meaning.VERIFIED,
        facts=lambda _: entries.facts_of(state_of(batch).master, code, entry),
        act=partial(steps.verify_entry, entry_key=entry.id),
        permission=Permission.VERIFY_STEPS,
        second_person=True,
        then=lambda outcome: _following(batch, outcome),
        cancel=_batch(code),
        scope=code,
        sentence="Compare every value with what is in front of you.",
        around=lambda: around(batch),
    )


def _entry(batch: Batch, key: int) -> Entry:
    entry = session().get(Entry, key)
    if entry is None or entry.batch_id != batch.id:
        abort(404, "This batch has no such entry.")
    return entry


@blueprint.route("/batches/<code>/stages/<stage>/<int:cycle>/sign", methods=["GET", "POST"])
@requires(Permission.RECORD_STEPS)
def stage_sign(code: str, stage: str, cycle: int) -> Any:
    batch, wanted = batch_or_404(code), Round(stage, cycle)
    if not entries.is_begun(session(), batch.id, wanted):
        abort(404, "Nothing is recorded in such a stage of this batch.")
    if request.method == "GET" and recorded_state_of(batch).open.sign != wanted:
        flash("This stage is not ready to be signed off, or it is signed already.", "note")
        return redirect(_batch(code), 303)
    master = register.document_of(session(), batch.master_id)
    return signing_page(
        title=f"Sign off: {round_title(master, wanted)}",
        meaning=Meaning.PERFORMED,
        facts=lambda _: entries.stage_facts(master, code, recorded_state_of(batch).current, wanted),
        act=partial(steps.sign_stage, batch_id=batch.id, wanted=wanted),
        permission=Permission.RECORD_STEPS,
        then=lambda outcome: _following(batch, outcome),
        cancel=_batch(code),
        scope=code,
        sentence="Every step of this stage was done as recorded here.",
        around=lambda: around(batch),
    )


@blueprint.route("/batches/<code>/entries/<int:key>/correct", methods=["GET", "POST"])
@requires(Permission.RECORD_STEPS)
def step_correct(code: str, key: int) -> Any:
    batch = batch_or_404(code)
    entry = _entry(batch, key)
    master = register.document_of(session(), batch.master_id)
    whole = master.step(entry.step)
    planned = as_corrected(whole, entry)
    form, reason = form_for(master, planned, typed_of(entry, planned)), ReasonForm(request.form)
    left_out = LeftOutAfterAllForm(request.form, data={"not_applicable": entry.not_applicable})
    give_back(form, reason, left_out)
    if request.method == "POST" and (
        outcome := _correct(batch, entry, planned, form, reason, left_out)
    ):
        return _recorded(batch, outcome)
    state = state_of(batch)
    return form_page(
        "manufacturing/execution/step_correct.html",
        form,
        reason,
        left_out,
        state=state,
        step=planned,
        reason=reason,
        left_out=left_out,
        optional=planned.optional,
        drawn=drawn(as_corrected(whole, entry, shown=True)),
        seen=seen_corrected(state, entry, form),
        preview=url_for("execution.correction_preview", code=code, key=key),
        place=place(master, entry.position),
        entry=entry,
        text=text,
        is_current=state.stands(entry),
        unsaved=is_unsaved(),
        stands=facts.drawn(entries.recorded_facts(master, entry), reader()),
        **frame(state),
    )


def _correct(
    batch: Batch,
    entry: Entry,
    planned: Step,
    form: StepForm,
    reason: ReasonForm,
    left_out: LeftOutAfterAllForm,
) -> Outcome | None:
    outcome: Outcome | None = None
    if "not_applicable" in request.form:
        if left_out.validate():
            why, not_applicable = left_out.why.data or "", left_out.not_applicable.data
            facts = CorrectionFacts(entry.id, {}, why, not_applicable=not_applicable)
            outcome = submit(left_out, steps.correct, facts, scope=batch.code)
        return outcome
    valid = validate(form, planned)
    if reason.validate() and valid:
        facts = CorrectionFacts(
            entry.id,
            form.typed(),
            reason.reason.data or "",
            performed_at=form.performed_at.value,
            comment=form.comment.data if "comment" in request.form else None,
        )
        outcome = submit(form, steps.correct, facts, scope=batch.code)
    return outcome
