"""What changed between two master records, in words, for who approves the newer one (MBR-04)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from documents.texts import text
from manufacturing.masters.model import Master, Step, Timer, Window

MOST_CHANGES = 40

_HEAD: tuple[tuple[str, Callable[[Master], object]], ...] = (
    ("title", lambda master: master.title), ("product", lambda master: master.product),
    ("specification", lambda master: master.specification),
    ("storage", lambda master: master.storage),
    ("expiry", lambda master: master.expiry), ("hold time", lambda master: master.hold),
    ("moment the expiry runs from", lambda master: master.expires_from),
    ("note", lambda master: master.note),
    ("demonstration mark", lambda master: master.demonstration),
    ("stages", lambda master: [(s.id, s.title, s.sign_off, s.repeat) for s in master.stages]),
)  # fmt: skip
_STEP = (
    ("title", "title"),
    ("text", "instruction"),
    ("record", "button"),
    ("performs", "who performs"),
    ("verify", "second person"),
    ("verifies", "who verifies"),
    ("critical", "criticality"),
    ("optional", "whether it may be left out"),
    ("repeat", "repetition"),
    ("starts", "timer"),
    ("stops", "timer"),
    ("due", "interval"),
)


def between(before: Master, after: Master) -> list[str]:
    """What is different, in words, one line a change.

    An empty list means the same content in other bytes (MBR-04).
    """
    lines = [f"{name.capitalize()} changed" for name, part in _HEAD if part(before) != part(after)]
    lines += [
        *_time_changes("Window", before.windows, after.windows),
        *_time_changes("Timer", before.timers, after.timers),
    ]
    old, new = {step.id: step for step in before.steps}, {step.id: step for step in after.steps}
    lines += [f"Step removed: {_named(before, id)}" for id in old if id not in new]
    lines += [f"Step added: {_named(after, id)}" for id in new if id not in old]
    lines += [
        f"Step changed: {_named(after, id)} ({', '.join(_step_changes(old[id], new[id]))})"
        for id in new
        if id in old and old[id] != new[id]
    ]
    kept = [id for id in old if id in new]
    if kept != [id for id in new if id in old]:
        lines.append("Order of the steps changed")
    return _clipped(lines)


def _named(master: Master, step_id: str) -> str:
    """A step with its stage: several stages change the medium."""
    return f"{text(master.stage_of(step_id).title)} · {text(master.step(step_id).title)}"


def _time_changes(
    word: str, before: Mapping[str, Window | Timer], after: Mapping[str, Window | Timer]
) -> list[str]:
    found = [f"{word} removed: {text(before[id].title)}" for id in before if id not in after]
    found += [f"{word} added: {text(after[id].title)}" for id in after if id not in before]
    return found + [
        f"{word} changed: {text(after[id].title)}"
        for id in after
        if id in before and after[id] != before[id]
    ]


def _step_changes(before: Step, after: Step) -> Iterable[str]:
    found = dict.fromkeys(
        word for name, word in _STEP if getattr(before, name) != getattr(after, name)
    )
    old, new = (
        {field.id: field for field in before.fields},
        {field.id: field for field in after.fields},
    )
    found |= dict.fromkeys(
        f"without {text(field.label)}" for id, field in old.items() if id not in new
    )
    found |= dict.fromkeys(
        f"with {text(field.label)}" for id, field in new.items() if id not in old
    )
    found |= dict.fromkeys(
        f"{text(field.label)} changed"
        for id, field in new.items()
        if id in old and old[id] != field
    )
    return found or ("order of the fields",)


def _clipped(lines: list[str]) -> list[str]:
    """A page that is signed can be read: many changes end in how many more there are."""
    more = len(lines) - MOST_CHANGES
    return lines if more <= 0 else [*lines[:MOST_CHANGES], f"and {more} more"]
