"""The bench pages of a step.

What is next, its form, the second person, the sign-off, a correction.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from documents.texts import text
from integrity.forms import Form, ReasonField
from integrity.signatures import Meaning
from manufacturing.execution import batch_state, entries, formula_values, step_effects, steps
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import (
    Position,
    Round,
    place,
    round_title,
    step_title,
    turns,
)
from manufacturing.execution.rules.steps import needs_second
from manufacturing.execution.steps import CorrectionFacts, StepFacts
from manufacturing.execution.views import blueprint
from manufacturing.execution.views.batches import found, frame, left, zone
from manufacturing.execution.views.step_forms import (
    StepForm,
    as_corrected,
    drawn,
    form_for,
    typed_of,
    validate,
)
from manufacturing.masters.model import Step, numbered
from people import sessions
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import database, now, presence, reader, session, submit


class ReasonForm(Form):
    reason = ReasonField("Reason of the correction")


class LeaveOutForm(Form):
    not_applicable = ReasonField("Why it does not apply")


@blueprint.get("/batches/<code>/next")
@requires(Permission.SEE_RECORDS)
def step_next(code: str) -> Any:
    """Go to the one thing to do; ask where there are two."""
    at = batch_state.gather(session(), found(code))
    open_now = at.open
    if at.execution == "terminated" or open_now.is_complete:
        return redirect(_batch(code), 303)
    if open_now.verify and (entry := at.at(open_now.verify)):
        return redirect(url_for("execution.step_verify", code=code, key=entry.id), 303)
    if open_now.sign and not open_now.steps:
        return redirect(url_for("execution.stage_sign", code=code, **open_now.sign._asdict()), 303)
    if len(open_now.steps) == 1 and not open_now.sign:
        return redirect(_address(code, open_now.steps[0]), 303)
    return render_template(
        "manufacturing/execution/step_next.html", now=at, choices=_choices(at), **frame(at)
    )


def _choices(at: BatchState) -> list[tuple[str, str, str]]:
    """(place, deed, address) of everything that may be done now."""
    code = at.batch.code
    made = [
        (
            place(at.master, position),
            _deed(at.master.step(position.step), position),
            _address(code, position),
        )
        for position in at.open.steps
    ]
    if at.open.sign:
        made.append(
            (
                round_title(at.master, at.open.sign),
                "Sign the stage off",
                url_for("execution.stage_sign", code=code, **at.open.sign._asdict()),
            )
        )
    return made


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
    at, position = batch_state.gather(session(), found(code)), Position(stage, cycle, step, turn)
    planned = _planned(at, position)
    leaving = "not_applicable" in request.form
    left_out = LeaveOutForm(request.form if leaving else None)
    form = form_for(
        at.master, planned, sessions.draft(session(), presence().actor.id or 0, request.path)
    )
    if request.method == "POST" and (entry := _record(at, position, planned, form, left_out)):
        with database().writing() as writing:
            sessions.drop_draft(writing, presence().actor.id or 0, request.path)
        return _recorded(code, entry)
    recorded = at.at(position)
    return form_page(
        "manufacturing/execution/step.html",
        form,
        left_out,
        now=at,
        step=planned,
        position=position,
        drawn=drawn(planned),
        left_out=left_out,
        place=place(at.master, position),
        deed=_deed(planned, position),
        text=text,
        title=step_title(planned, turn),
        known=_recognised(form, planned),
        second=needs_second(planned),
        is_open=position in at.open.steps,
        recorded=recorded,
        stands=entries.facts_of(at.master, code, recorded) if recorded else [],
        **frame(at),
    )


def _planned(at: BatchState, position: Position) -> Step:
    """The step at a position that the master record has, or 404."""
    for stage in at.master.stages:
        for planned in stage.steps:
            within = (
                position.cycle <= (stage.repeat.max if stage.repeat else 1)
                and position.turn <= turns(planned)[1]
            )
            if (
                (stage.id, planned.id) == (position.stage, position.step)
                and within
                and min(position.cycle, position.turn) >= 1
            ):
                return planned
    abort(404, "The master record of this batch has no such step.")


def _record(
    at: BatchState, position: Position, planned: Step, form: StepForm, left_out: LeaveOutForm
) -> Entry | None:
    if "not_applicable" in request.form:
        facts = StepFacts(position, {}, not_applicable=left_out.not_applicable.data)
        return (
            submit(left_out, steps.record_step, at.batch.id, facts, scope=at.batch.code)
            if left_out.validate()
            else None
        )
    if not validate(form, planned):
        return None
    facts = StepFacts(position, form.typed(), form.performed_at.value, form.comment.data or None)
    return submit(form, steps.record_step, at.batch.id, facts, scope=at.batch.code)


def _recognised(form: StepForm, planned: Step) -> dict[str, tuple[str, str]]:
    """{field: (code, what it is)} of every scan that may be used.

    What may not says so at its field.
    """
    known = {}
    for field in planned.fields:
        if field.type in ("lot", "equipment") and form[field.id].data and not form[field.id].errors:
            made, refused = step_effects.recognised(session(), field, form[field.id].data, now())
            if made:
                known[field.id] = made
            form[field.id].errors = [finding.sentence(reader()) for finding in refused]
    return known


def _recorded(code: str, entry: Entry) -> Any:
    at = batch_state.gather(session(), found(code))
    opened = sum(
        each.subject_kind == Entry.__tablename__ and each.subject_key == entry.key
        for each in at.found
    )
    if opened:
        flash(
            f"Recorded, with {opened} {'deviation' if opened == 1 else 'deviations'} for QA.",
            "held",
        )
    else:
        flash("Recorded.", "accepted")
    return redirect(url_for("execution.step_next", code=code), 303)


@blueprint.route("/batches/<code>/entries/<int:key>/verify", methods=["GET", "POST"])
@requires(Permission.SEE_RECORDS)
def step_verify(code: str, key: int) -> Any:
    """The second person signs on the first one's tablet and hands it back to the open work."""
    entry, at = _entry(code, key), batch_state.gather(session(), found(code))
    if request.method == "GET" and at.open.verify != entry.position:
        flash(
            "This entry waits for nobody: it is verified, corrected, or needs no second person.",
            "note",
        )
        return redirect(_batch(code, entry), 303)
    return signing_page(
        title="Verify this entry",
        meaning=Meaning.VERIFIED,
        facts=lambda s: steps.entry_facts(s, entry.id),
        act=partial(steps.verify_entry, entry_key=entry.id),
        permission=Permission.VERIFY_STEPS,
        second_person=True,
        then=lambda _: url_for("execution.step_next", code=code),
        cancel=_batch(code),
        scope=code,
        sentence="Compare every value with what is in front of you.",
        window=left(code),
    )


def _entry(code: str, key: int) -> Entry:
    entry, batch = session().get(Entry, key), found(code)
    if entry is None or entry.batch_id != batch.id:
        abort(404, "This batch has no such entry.")
    return entry


@blueprint.route("/batches/<code>/stages/<stage>/<int:cycle>/sign", methods=["GET", "POST"])
@requires(Permission.RECORD_STEPS)
def stage_sign(code: str, stage: str, cycle: int) -> Any:
    batch, wanted = found(code), Round(stage, cycle)
    at = batch_state.gather(session(), batch)
    if not any(entry.round == wanted for entry in at.current):
        abort(404, "Nothing is recorded in such a stage of this batch.")
    if request.method == "GET" and at.open.sign != wanted:
        flash("This stage is not ready to be signed off, or it is signed already.", "note")
        return redirect(_batch(code), 303)
    return signing_page(
        title=f"Sign off: {round_title(at.master, wanted)}",
        meaning=Meaning.PERFORMED,
        facts=lambda s: steps.stage_facts(s, batch.id, wanted),
        act=partial(steps.sign_stage, batch_id=batch.id, wanted=wanted),
        permission=Permission.RECORD_STEPS,
        then=lambda _: url_for("execution.step_next", code=code),
        cancel=_batch(code),
        scope=code,
        sentence="Every step of this stage was done as recorded here.",
        window=left(code),
    )


@blueprint.route("/batches/<code>/entries/<int:key>/correct", methods=["GET", "POST"])
@requires(Permission.RECORD_STEPS)
def step_correct(code: str, key: int) -> Any:
    entry = _entry(code, key)
    at = batch_state.gather(session(), found(code))
    planned = as_corrected(at.master.step(entry.step))
    form, reason = form_for(at.master, planned, typed_of(entry, planned)), ReasonForm(request.form)
    if request.method == "POST" and (made := _correct(code, entry, planned, form, reason)):
        return _recorded(code, made)
    return form_page(
        "manufacturing/execution/step_correct.html",
        form,
        reason,
        now=at,
        step=planned,
        reason=reason,
        drawn=drawn(planned),
        place=place(at.master, entry.position),
        entry=entry,
        text=text,
        is_current=entry in at.current,
        stands=formula_values.fields_shown(at.master.step(entry.step), entry.values, zone()),
        **frame(at),
    )


def _correct(
    code: str, entry: Entry, planned: Step, form: StepForm, reason: ReasonForm
) -> Entry | None:
    valid = validate(form, planned)
    if not reason.validate() or not valid:
        return None
    return submit(
        form,
        steps.correct,
        CorrectionFacts(entry.id, form.typed(), reason.reason.data or ""),
        scope=code,
    )
