"""What changed between two master records, as facts, for who approves the newer one (MBR-04)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from integrity import facts
from integrity.facts import Fact
from manufacturing.masters.model import Field, Master, Step, Timer, Window
from manufacturing.masters.words import ChangedPart, ChangePhrase, ChangeTerm

MOST_CHANGES = 40

_HEAD: Mapping[ChangeTerm, Callable[[Master], object]] = {
    ChangeTerm.TITLE: lambda master: master.title,
    ChangeTerm.PRODUCT: lambda master: master.product,
    ChangeTerm.SPECIFICATION: lambda master: master.specification,
    ChangeTerm.STORAGE: lambda master: master.storage,
    ChangeTerm.EXPIRY: lambda master: master.expiry,
    ChangeTerm.FORM: lambda master: master.form,
    ChangeTerm.ROUTE: lambda master: master.route,
    ChangeTerm.TRIAL: lambda master: master.trial,
    ChangeTerm.HOLD: lambda master: master.hold,
    ChangeTerm.EXPIRES_FROM: lambda master: master.expires_from,
    ChangeTerm.NOTE: lambda master: master.note,
    ChangeTerm.DEMONSTRATION: lambda master: master.demonstration,
    ChangeTerm.STAGES: lambda master: [
        (each.id, each.title, each.sign_off, each.repeat) for each in master.stages
    ],
}
_STEP: Mapping[str, ChangedPart] = {
    "title": ChangedPart.TITLE,
    "text": ChangedPart.INSTRUCTION,
    "record": ChangedPart.BUTTON,
    "performs": ChangedPart.PERFORMS,
    "verify": ChangedPart.VERIFY,
    "verifies": ChangedPart.VERIFIES,
    "critical": ChangedPart.CRITICAL,
    "optional": ChangedPart.OPTIONAL,
    "repeat": ChangedPart.REPEAT,
    "starts": ChangedPart.TIMER,
    "stops": ChangedPart.TIMER,
    "due": ChangedPart.INTERVAL,
    "expected": ChangedPart.EXPECTED,
}
_WINDOW = (
    ChangePhrase.WINDOW_REMOVED,
    ChangePhrase.WINDOW_ADDED,
    ChangePhrase.WINDOW_CHANGED,
)
_TIMER = (ChangePhrase.TIMER_REMOVED, ChangePhrase.TIMER_ADDED, ChangePhrase.TIMER_CHANGED)


def between(before: Master, after: Master) -> list[Fact]:
    """What is different, one fact a change.

    An empty list means the same content in other bytes (MBR-04).
    """
    found = [
        *_head_changes(before, after),
        *_time_changes(_WINDOW, before.windows, after.windows),
        *_time_changes(_TIMER, before.timers, after.timers),
        *_steps_changed(before, after),
    ]
    more = len(found) - MOST_CHANGES  # a page that is signed can be read
    if more <= 0:
        return found
    return [*found[:MOST_CHANGES], facts.message(ChangePhrase.MORE, many=more)]


def _head_changes(before: Master, after: Master) -> Iterator[Fact]:
    for term, part in _HEAD.items():
        if part(before) != part(after):
            yield facts.message(ChangePhrase.CHANGED, what=facts.word(term))


def _steps_changed(before: Master, after: Master) -> Iterator[Fact]:
    old, new = {step.id: step for step in before.steps}, {step.id: step for step in after.steps}
    for id in old:
        if id not in new:
            yield facts.message(ChangePhrase.STEP_REMOVED, step=_named(before, id))
    for id in new:
        if id not in old:
            yield facts.message(ChangePhrase.STEP_ADDED, step=_named(after, id))
    for id in new:
        if id in old and old[id] != new[id]:
            what = facts.listed(_step_changes(old[id], new[id]))
            yield facts.message(ChangePhrase.STEP_CHANGED, step=_named(after, id), what=what)
    if [id for id in old if id in new] != [id for id in new if id in old]:
        yield facts.word(ChangePhrase.ORDER_CHANGED)


def _named(master: Master, step_id: str) -> Fact:
    """A step with its stage: several stages change the medium."""
    titles = (master.stage_of(step_id).title, master.step(step_id).title)
    return facts.listed(map(facts.text, titles), " · ")


def _time_changes(
    said: tuple[ChangePhrase, ChangePhrase, ChangePhrase],
    before: Mapping[str, Window | Timer],
    after: Mapping[str, Window | Timer],
) -> Iterator[Fact]:
    removed, added, changed = said
    for id in before:
        if id not in after:
            yield facts.message(removed, title=facts.text(before[id].title))
    for id in after:
        if id not in before:
            yield facts.message(added, title=facts.text(after[id].title))
    for id in after:
        if id in before and after[id] != before[id]:
            yield facts.message(changed, title=facts.text(after[id].title))


def _step_changes(before: Step, after: Step) -> list[Fact]:
    parts = [said for name, said in _STEP.items() if getattr(before, name) != getattr(after, name)]
    found: list[Fact] = [facts.word(part) for part in dict.fromkeys(parts)]
    for each in _field_changes(before, after):
        if each not in found:
            found.append(each)
    return found or [facts.word(ChangedPart.ORDER)]


def _field_changes(before: Step, after: Step) -> Iterator[Fact]:
    old: dict[str, Field] = {field.id: field for field in before.fields}
    new: dict[str, Field] = {field.id: field for field in after.fields}
    for id, field in old.items():
        if id not in new:
            yield facts.message(ChangePhrase.WITHOUT_FIELD, label=facts.text(field.label))
    for id, field in new.items():
        if id not in old:
            yield facts.message(ChangePhrase.WITH_FIELD, label=facts.text(field.label))
    for id, field in new.items():
        if id in old and old[id] != field:
            yield facts.message(ChangePhrase.FIELD_CHANGED, label=facts.text(field.label))
