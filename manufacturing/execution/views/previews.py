"""What a step's page is told while somebody types: what is worked out, recognised and judged so
far, and which field a scan belongs to. Nothing of it is recorded, and no form is validated."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from flask import abort, get_template_attribute, jsonify, request

from integrity import facts
from manufacturing.execution import previews
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.previews import Seen
from manufacturing.execution.rules.previews import Within
from manufacturing.execution.rules.sequence import Position
from manufacturing.execution.views import blueprint
from manufacturing.execution.views.batches import batch_or_404, state_of
from manufacturing.execution.views.step_forms import (
    StepForm,
    as_corrected,
    form_for,
    step_or_404,
)
from people.access import requires
from people.permissions import Permission
from people.transaction import now, reader, session

WORDS = {  # (word, tone); nothing is said where the record sets no limit
    Within.INSIDE: ("In its limits", "accepted"),
    Within.ALERT: ("Beyond the alert limit", "held"),
    Within.OUTSIDE: ("Outside its limits", "held"),
    Within.REFUSED: ("May not be used", "rejected"),
}


@blueprint.post("/batches/<code>/steps/<stage>/<int:cycle>/<step>/<int:turn>/preview")
@requires(Permission.RECORD_STEPS)
def step_preview(code: str, stage: str, cycle: int, step: str, turn: int) -> Any:
    """{field: its part of the page} of everything that can be said of what is typed, and the field
    that waits for what was scanned."""
    state, position = state_of(batch_or_404(code)), Position(stage, cycle, step, turn)
    planned = step_or_404(state.master, position)
    form = form_for(state.master, planned)
    draw = get_template_attribute("parts/seen.html", "seen_at")
    found = seen(state, position, form)
    return jsonify(
        seen={each.id: draw(each, found.get(each.id)) for each in planned.fields},
        scanned=_waiting(state, position, form),
    )


@blueprint.post("/batches/<code>/entries/<int:key>/correct/preview")
@requires(Permission.RECORD_STEPS)
def correction_preview(code: str, key: int) -> Any:
    """{field: its part of the page} of what would take the place of an entry."""
    state = state_of(batch_or_404(code))
    entry = next((each for each in state.everything if each.id == key), None)
    if entry is None:
        abort(404, "This batch has no such entry.")
    planned = state.master.step(entry.step)
    form = form_for(state.master, as_corrected(planned, entry))
    draw = get_template_attribute("parts/seen.html", "seen_at")
    found = seen_corrected(state, entry, form)
    return jsonify(
        seen={each.id: draw(each, found.get(each.id)) for each in planned.fields}, scanned=None
    )


def seen_corrected(state: BatchState, entry: Entry, form: StepForm) -> dict[str, dict[str, Any]]:
    """What is to be seen at each field of an entry that is corrected, ready to be drawn."""
    claimed = _claimed(form)
    found = previews.of_correction(session(), state, entry, form.typed(), now(), claimed)
    return {name: _drawn(each) for name, each in found.items()}


def _claimed(form: StepForm) -> datetime | None:
    """The time that is claimed, where what is typed is one; what was refused of it stays said."""
    field = form.performed_at
    said = field.errors
    field.validate(form)
    field.errors = said
    return cast("datetime | None", field.value)


def _waiting(state: BatchState, position: Position, form: StepForm) -> str | None:
    scanned = request.form.get("scanned", "").strip()
    if not scanned:
        return None
    field = previews.waiting_for(session(), state, position, form.typed(), scanned, now())
    return field.id if field else None


def seen(state: BatchState, position: Position, form: StepForm) -> dict[str, dict[str, Any]]:
    """What is to be seen at each field, ready to be drawn."""
    claimed = _claimed(form)
    found = previews.of_step(session(), state, position, form.typed(), now(), claimed)
    return {name: _drawn(each) for name, each in found.items()}


def _drawn(seen: Seen) -> dict[str, Any]:
    word, tone = WORDS.get(seen.within, ("", "note"))
    return {
        "word": word,
        "tone": tone,
        "shown": None if seen.shown is None else facts.shown(seen.shown, reader()),
        "code": seen.code,
        "sentences": [each.sentence(reader()) for each in seen.said],
        "expires_at": seen.expires_at,
    }
