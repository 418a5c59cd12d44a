"""What the reviewer holds of each exception, said on the review page itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import request

from integrity import facts
from integrity.forms import ChoiceField, Form, MayBeEmpty, TextField, tidy
from labels import codes
from people.permissions import Permission, allows
from people.transaction import reader
from qc.release import alerts, exceptions, rules
from qc.release.exception_rules import Effect, Held, field_of
from qc.release.exceptions import Judged
from qc.release.release_inputs import ReleaseInputs

ANEW = "anew"  # in the address: the key of an exception of which something else is said now
LONGEST = 500  # characters of a reason


class ExceptionsForm(Form):
    """An effect and a reason for each exception that is asked about."""


class _Effect(ChoiceField):
    """What is held of an exception; nothing of those that wait for another look."""

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], **words: Any) -> None:
        super().__init__(label, choices, **words)
        self.validators = [MayBeEmpty()]


def form_of(found: ReleaseInputs, asked: Iterable[Judged]) -> Form:
    """The form of these exceptions, with what was posted of it."""
    choices = [(Effect.NONE.value, "No effect"), (Effect.ACCEPTED.value, "Accepted, because")]
    choices += [
        (each.deviation.code, f"See {codes.read(each.deviation.code).shown}")
        for each in found.stories
    ]
    fields: dict[str, Any] = {}
    for each in asked:
        label = facts.shown(each.alert.headline, reader())
        fields[field_of("effect", each.key)] = _Effect(label, choices)
        fields[field_of("why", each.key)] = TextField("Why", longest=LONGEST)
    form: Form = type("ExceptionsFormOfBatch", (ExceptionsForm,), fields)(request.form)
    return form


def asked_of(made: Sequence[Judged], actor: Any, found: ReleaseInputs) -> list[Judged]:
    """The exceptions of which whoever looks says now what they hold."""
    against = rules.may_look_at(found.facts, found.facts.review_gate, actor.username)
    if not allows(actor.role, Permission.REVIEW_BATCHES) or list(against):
        return []
    anew = request.args.get(ANEW, "")
    return [each for each in made if each.is_open or (each.is_asked and each.key == anew)]


def rows(found: ReleaseInputs, made: Sequence[Judged], form: Form) -> Iterator[Mapping[str, Any]]:
    """Every exception as the page shows it: what is held of it, and its fields where it is asked
    about."""
    for each in made:
        name = field_of("effect", each.key)
        is_here = name in form
        yield {
            "alert": alerts.shown(each.alert, reader()),
            "key": each.key,
            "is_open": each.is_open,
            "is_asked": each.is_asked,
            "judged_by": each.alert.judged_by,
            "held": [facts.shown(exceptions.held(found, one), reader()) for one in each.verdicts],
            "effect": form[name] if is_here else None,
            "why": form[field_of("why", each.key)] if is_here else None,
        }


def said(form: Form, posted: Mapping[str, str]) -> Iterator[Held]:
    """What was posted of exceptions, also of those that the page does not ask about any more: the
    same post says the same twice."""
    for name in posted:
        kind, _, key = name.partition("_")
        if kind == "effect" and posted[name]:
            chosen, field = posted[name], field_of("why", key)
            why = str(form[field].data or "") if field in form else tidy(posted.get(field))
            is_code = chosen not in set(Effect)
            effect, code = (Effect.DEVIATION.value, chosen) if is_code else (chosen, "")
            yield Held(key, effect, code, why)
