"""The bench pages of a step: what is next, its form, the second person, the sign-off, a correction."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from integrity.forms import Form, ReasonField
from integrity.signatures import Meaning
from manufacturing import situation, steps, values
from manufacturing.bench import due
from manufacturing.entries import Entry
from manufacturing.masters.document import Step, numbered, text
from manufacturing.rules.order import Position, Round, place, round_title, step_title
from manufacturing.rules.steps import length
from manufacturing.situation import Situation
from manufacturing.steps import CorrectionFacts, StepFacts
from manufacturing.views import blueprint
from manufacturing.views.batches import found, hours, rail, zone
from manufacturing.views.step_forms import StepForm, drawn, form_for, typed_of, validate
from people import sessions
from people.doors import database, here, requires, session, submit
from people.permissions import Permission
from people.signing import signing_page


class ReasonForm(Form):
    reason = ReasonField("Reason of the correction")


class LeaveOutForm(Form):
    not_applicable = ReasonField("Why it does not apply")


@blueprint.get("/batches/<code>/next")
@requires(Permission.SEE_RECORDS)
def step_next(code: str) -> Any:
    """Go to the one thing to do; ask where there are two."""
    now = situation.gather(session(), found(code))
    open_now = now.open
    if now.execution == "terminated" or open_now.is_complete:
        return redirect(url_for("manufacturing.batch", code=code), 303)
    if open_now.verify and (entry := now.at(open_now.verify)):
        return redirect(url_for("manufacturing.step_verify", code=code, key=entry.id), 303)
    if open_now.sign:
        return redirect(url_for("manufacturing.stage_sign", code=code, stage=open_now.sign.stage, cycle=open_now.sign.cycle), 303)
    if len(open_now.steps) == 1:
        return redirect(address(code, open_now.steps[0]), 303)
    choices = [(place(now.master, position), _deed(now.master.step(position.step), position), address(code, position)) for position in open_now.steps]
    return render_template("manufacturing/steps/step_next.html", now=now, choices=choices, rail=rail(now), hours=hours(now), running=running(now))


def address(code: str, position: Position) -> str:
    return url_for("manufacturing.step", code=code, **position._asdict())


def _deed(step: Step, position: Position) -> str:
    return numbered(step.record, position.turn) if step.record else f"Record {step_title(step, position.turn)}"


def running(now: Situation) -> list[dict[str, Any]]:
    """The timers that run and the interval that is due, for the right column."""
    shown = [{"title": text(timer.title), "begin": since + length(timer.min) if timer.min else None,
              "until": since + length(timer.max) if timer.max else None, "since": since} for timer, since, _ in now.running()]
    title, begin, until = due(now)
    if title and not any(each["title"] == title for each in shown):
        shown.append({"title": title, "begin": begin, "until": until, "since": None})
    return shown


@blueprint.route("/batches/<code>/steps/<stage>/<int:cycle>/<step>/<int:turn>", methods=["GET", "POST"])
@requires(Permission.RECORD_STEPS)
def step(code: str, stage: str, cycle: int, step: str, turn: int) -> Any:
    now, position = situation.gather(session(), found(code)), Position(stage, cycle, step, turn)
    planned = _planned(now, position)
    left_out = LeaveOutForm(request.form if "not_applicable" in request.form else None)
    form = form_for(now.master, planned, sessions.draft(session(), here().actor.id or 0, request.path))
    if request.method == "POST" and (entry := _record(now, position, planned, form, left_out)):
        with database().writing() as writing:
            sessions.drop_draft(writing, here().actor.id or 0, request.path)
        return _recorded(code, entry)
    status = left_out.status if "not_applicable" in request.form else form.status
    return render_template("manufacturing/steps/step.html", now=now, step=planned, position=position, form=form, drawn=drawn(planned),
                           left_out=left_out, place=place(now.master, position), deed=_deed(planned, position), text=text,
                           title=step_title(planned, turn), rail=rail(now), hours=hours(now), running=running(now),
                           is_open=position in now.open.steps, recorded=now.at(position)), status


def _planned(now: Situation, position: Position) -> Step:
    known = {stage.id: {step.id for step in stage.steps} for stage in now.master.stages}
    if position.step not in known.get(position.stage, set()) or min(position.cycle, position.turn) < 1:
        abort(404, "The master record of this batch has no such step.")
    return now.master.step(position.step)


def _record(now: Situation, position: Position, planned: Step, form: StepForm, left_out: LeaveOutForm) -> Entry | None:
    if "not_applicable" in request.form:
        if not left_out.validate():
            return None
        facts = StepFacts(position, {}, not_applicable=left_out.not_applicable.data)
        return submit(left_out, steps.record_step, now.batch.id, facts, scope=now.batch.code)
    if not validate(form, planned):
        return None
    facts = StepFacts(position, form.typed(), form.performed_at.value, form.comment.data or None)
    return submit(form, steps.record_step, now.batch.id, facts, scope=now.batch.code)


def _recorded(code: str, entry: Entry) -> Any:
    now = situation.gather(session(), found(code))
    opened = [each.code for each in now.found if each.subject_kind == Entry.__tablename__ and each.subject_key == entry.key]
    if opened:
        flash(f"Recorded, with {len(opened)} {'deviation' if len(opened) == 1 else 'deviations'} for QA.", "held")
    else:
        flash("Recorded.", "accepted")
    return redirect(url_for("manufacturing.step_next", code=code), 303)


@blueprint.route("/batches/<code>/entries/<int:key>/verify", methods=["GET", "POST"])
@requires(Permission.SEE_RECORDS)
def step_verify(code: str, key: int) -> Any:
    """The second person signs on the first one's tablet and hands it back to the open work."""
    entry = _entry(code, key)
    return signing_page(title="Verify this entry", meaning=Meaning.VERIFIED, facts=lambda s: steps.entry_facts(s, entry.id),
                        act=partial(steps.verify_entry, entry_key=entry.id), permission=Permission.VERIFY_STEPS, second_person=True,
                        then=lambda _: url_for("manufacturing.step_next", code=code), cancel=url_for("manufacturing.batch", code=code),
                        scope=code, sentence="Compare every value with what is in front of you.")


def _entry(code: str, key: int) -> Entry:
    entry, batch = session().get(Entry, key), found(code)
    if entry is None or entry.batch_id != batch.id:
        abort(404, "This batch has no such entry.")
    return entry


@blueprint.route("/batches/<code>/stages/<stage>/<int:cycle>/sign", methods=["GET", "POST"])
@requires(Permission.RECORD_STEPS)
def stage_sign(code: str, stage: str, cycle: int) -> Any:
    batch, wanted = found(code), Round(stage, cycle)
    now = situation.gather(session(), batch)
    if not any(each.id == stage for each in now.master.stages):
        abort(404, "The master record of this batch has no such stage.")
    return signing_page(title=f"Sign off: {round_title(now.master, wanted)}", meaning=Meaning.PERFORMED,
                        facts=lambda s: steps.stage_facts(s, batch.id, wanted), act=partial(steps.sign_stage, batch_id=batch.id, wanted=wanted),
                        permission=Permission.RECORD_STEPS, then=lambda _: url_for("manufacturing.step_next", code=code),
                        cancel=url_for("manufacturing.batch", code=code), scope=code, sentence="Every step of this stage was done as recorded here.")


@blueprint.route("/batches/<code>/entries/<int:key>/correct", methods=["GET", "POST"])
@requires(Permission.RECORD_STEPS)
def step_correct(code: str, key: int) -> Any:
    entry = _entry(code, key)
    now = situation.gather(session(), found(code))
    planned = now.master.step(entry.step)
    form = form_for(now.master, planned, typed_of(entry, planned))
    reason = ReasonForm(request.form)
    if request.method == "POST":
        valid = validate(form, planned)
        if reason.validate() and valid:
            facts = CorrectionFacts(entry.id, form.typed(), reason.reason.data or "")
            if made := submit(form, steps.correct, facts, scope=code):
                return _recorded(code, made)
    status = max(form.status, reason.status) if request.method == "POST" else 200
    return render_template("manufacturing/steps/step_correct.html", now=now, step=planned, form=form, reason=reason, drawn=drawn(planned),
                           place=place(now.master, entry.position), entry=entry, rail=rail(now), hours=hours(now), running=running(now),
                           stands=values.fields_shown(planned, entry.values, zone()), text=text), status

