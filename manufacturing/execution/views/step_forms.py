"""The form of a step, made from the master record.

One class for each step of each document, kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, g, request
from wtforms import BooleanField, Field

from documents.texts import text
from integrity import times
from integrity.facts import Reader, message, shown
from integrity.findings import Refused
from integrity.forms import (
    ChoiceField,
    Form,
    InstantField,
    ParagraphField,
    TextField,
)
from integrity.units import unit_of
from manufacturing.execution import inputs, typed_values
from manufacturing.execution.corrections import correctable
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import Position, turns
from manufacturing.execution.rules.steps import READING_WORDS, CommentWanted, shown_limits
from manufacturing.execution.words import ExecutionPhrase
from manufacturing.masters import model
from manufacturing.masters.model import Master, Step
from people.transaction import now, reader, zone


@dataclass(frozen=True)
class Drawn:
    """How one field of a step is drawn: its kind, its inputs with their units, its hint."""

    field: model.Field
    names: list[str]
    units: list[str]
    hint: str
    only_when: str = ""


class StepForm(Form):
    """What every step may carry beside its own fields.

    `outside`: what is recorded with a deviation once a comment is written.
    """

    performed_at = InstantField(
        "Done at",
        hint="Leave empty if it was just now. Otherwise date and time, for example 2026-11-22 "
        "08:14 +07:00; without a zone it is the site's",
    )
    comment = ParagraphField("Comment")
    part_names: frozenset[str] = frozenset()
    moments: frozenset[str] = frozenset()  # of these, what is asked for as a time

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.outside: list[str] = []

    def typed(self) -> dict[str, str]:
        """Every part as typed; a time without a zone is one of the site's."""
        typed = {
            name: "y"
            if field.data is True
            else ""
            if field.data in (False, None)
            else str(field.data)
            for name, field in self._fields.items()
            if name in self.part_names
        }
        return typed | {name: times.zoned(typed[name], zone()) for name in self.moments}

    def refuse(self, refused: Refused, reader: Reader) -> None:
        """Out of limit is not an error.

        It is said in a panel of its own, with the comment that it wants.
        """
        if isinstance(refused, CommentWanted):
            self.refusal = Refused([*refused.outside, *refused.findings])
            self.status = refused.status
            self.outside = [finding.sentence(reader) for finding in refused.outside]
        else:
            super().refuse(refused, reader)


def _input(field: model.Field, part: inputs.Part) -> Field:
    if field.type == "choice":
        return ChoiceField(
            part.label, [(option.value, text(option.label)) for option in field.options]
        )
    if field.type == "confirm":
        return BooleanField(part.label)
    needed = (
        "Enter this." if part.required else None
    )  # the readings say it better; this only marks the field as needed
    made = ParagraphField if field.type == "text" else TextField
    return made(part.label, needed, typed_values.LONGEST)


_CLASSES: dict[tuple[str, str, int], type[StepForm]] = {}


def _class(sha256: str, step: Step) -> type[StepForm]:
    key = (sha256, step.id, len(step.fields))  # a step that is corrected has fewer fields
    if key not in _CLASSES:
        members: dict[str, Any] = {
            part.name: _input(field, part) for field in step.fields for part in inputs.parts(field)
        }
        _CLASSES[key] = type(
            "FormOf" + step.id,
            (StepForm,),
            {**members, "part_names": frozenset(members), "moments": _moments(step)},
        )
    return _CLASSES[key]


def _moments(step: Step) -> frozenset[str]:
    return frozenset(field.id for field in step.fields if field.type == "datetime")


def form_for(master: Master, step: Step, kept: Mapping[str, list[str]] | None = None) -> StepForm:
    """The form of a step, filled with what was posted, with the entry that is corrected, or with
    the document's own starting values.
    """
    made = _class(master.sha256, step)
    if request.method == "POST":
        return made(request.form)
    data: dict[str, Any] = {}
    for field in step.fields:
        data |= inputs.offered(field)
        if field.type == "datetime" and field.required and not field.only_when:
            data[field.id] = times.local_minute(now(), zone())
    for name, values in (kept or {}).items():
        if values and name != "entry_id":
            data[name] = values[0] == "y" if _is_tick(step, name) else values[0]
    return made(data=data)


def step_or_404(master: Master, position: Position) -> Step:
    """The step at a position that the master record has, or 404."""
    for stage in master.stages:
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


def is_unsaved() -> bool:
    """Whether the page shows what somebody typed and nobody recorded yet."""
    return request.method == "POST" or "given_back" in g


def as_corrected(step: Step, entry: Entry, *, shown: bool = False) -> Step:
    """The step with those fields only that a correction of this entry may change; with what follows
    from them as well where it is `shown`.
    """
    if entry.not_applicable:
        return step
    changes = {each.id for each in correctable(step)}
    follows = {each.id for each in step.fields if shown and each.type == "calculation"}
    kept = [each for each in step.fields if each.id in changes | follows]
    return replace(step, fields=tuple(kept))


def _is_tick(step: Step, name: str) -> bool:
    return any(field.id == name and field.type == "confirm" for field in step.fields)


def validate(form: StepForm, step: Step) -> bool:
    """Whether everything typed is a value; every fault is put at its field (422)."""
    form.validate()
    for name in form.part_names:
        form[name].errors = []  # of the parts the readings alone say what is wrong
    for _, _, faults in typed_values.read_step(step.fields, form.typed()):
        for name, told in faults.items():
            form[name].errors = [shown(told, reader())]
    valid = not form.errors
    form.status = 200 if valid else 422
    return valid


def drawn(step: Step) -> list[Drawn]:
    """What the template draws, in the order of the document."""
    made = []
    for field in step.fields:
        parts = inputs.parts(field)
        units = [unit_of(part.unit).symbol if part.unit else "" for part in parts]
        names = [part.name for part in parts]
        made.append(Drawn(field, names, units, _hint(field), _only_when(field, step)))
    return made


def _only_when(field: model.Field, step: Step) -> str:
    """Where the field is asked for, in words; nothing where it always is."""
    if field.only_when is None:
        return ""
    hangs_on = typed_values.only_when(field, step.fields)
    return shown(message(ExecutionPhrase.ONLY_WHERE, **hangs_on), reader())


def _hint(field: model.Field) -> str:
    own = text(field.hint) if field.hint else ""
    accepted = _accepted(field)
    target = f"target {field.target}" if field.target else ""
    return ". ".join(filter(None, [" · ".join(filter(None, [accepted, target])), own]))


def _accepted(field: model.Field) -> str:
    """The accepted range in words, for what is measured, counted or read off an incubator."""
    if field.type == "incubator":
        return "Accepted: " + ", ".join(
            f"{READING_WORDS[name]} {shown_limits(limits)}"
            for name, limits in field.readings.items()
        )
    if field.type == "count" and field.limits:
        return f"Viability accepted {shown_limits(field.limits)}"
    is_one_number = field.type in ("measurement", "calculation")
    return f"Accepted {shown_limits(field.limits)}" if field.limits and is_one_number else ""


def typed_of(entry: Entry, step: Step) -> dict[str, list[str]]:
    """What would be typed to record an entry as it stands, for the page that corrects it."""
    made: dict[str, str] = {"comment": entry.comment} if entry.comment else {}
    for field in step.fields:
        value = entry.values.get(field.id)
        if value is not None:
            made |= _typed(field, value)
    return {name: [value] for name, value in made.items()}


def _typed(field: model.Field, value: Mapping[str, Any]) -> dict[str, str]:
    if field.type == "count":
        each = {
            f"{field.id}-{n}-{what}": pair[what]
            for n, pair in enumerate(value["replicates"], 1)
            for what in ("live", "dead")
        }
        return each | {
            f"{field.id}-squares": value["squares"],
            f"{field.id}-dilution": value["dilution"],
        }
    if field.type == "incubator":
        return {
            f"{field.id}-{name}-{moment}": value[name][moment]
            for name in field.readings
            for moment in inputs.MOMENTS
        }
    if field.type == "confirm":
        return {field.id: "y"}
    return {
        field.id: next(
            (value[key] for key in ("text", "value", "code", "at", "number") if key in value), ""
        )
    }
