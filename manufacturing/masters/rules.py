"""The law of a master batch record's life: who signs what, in which order, and what changed since
the version before.

MBR-01 (21 CFR 211.100, 211.186): prepared by one person, checked by a second, approved by QA, each
signed and dated. MBR-02: one effective version at a time; approved content never changes, a change
is a new version. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from integrity.findings import Finding, blocks
from manufacturing.masters.document import Master, Step, Timer, Window, text
from manufacturing.masters.rule_ids import MasterRule

MASTER_MOVES: Mapping[str | None, frozenset[str]] = {
    None: frozenset({"draft"}),
    "draft": frozenset({"authored", "rejected"}),
    "authored": frozenset({"approved", "rejected"}),
    "approved": frozenset({"qa_approved", "rejected"}),
    "qa_approved": frozenset({"effective", "rejected"}),
    "effective": frozenset({"superseded", "retired"}),
}
MOST_CHANGES = 40


@dataclass(frozen=True)
class Standing:
    """What the law looks at before a signature.

    Who had a hand in it, by user name, and what is in force meanwhile.
    """

    importer: str
    author: str | None = None
    approver: str | None = None
    version: int = 1
    effective_version: int | None = None
    not_before: datetime | None = None


def approved_by_another(standing: Standing, username: str) -> Iterator[Finding]:
    """The approver neither wrote nor brought in what they approve (MBR-01, IAM-03)."""
    if username in (standing.author, standing.importer):
        yield blocks(MasterRule.APPROVER_IS_AUTHOR)


def approved_by_quality(standing: Standing, username: str) -> Iterator[Finding]:
    """QA's approval is a third person's (MBR-01)."""
    if username in (standing.author, standing.importer, standing.approver):
        yield blocks(MasterRule.QUALITY_HAD_A_HAND)


def may_come_into_force(standing: Standing, at: datetime) -> Iterator[Finding]:
    """Not before the date QA approved, and never behind a newer version (MBR-02)."""
    if standing.not_before is not None and at < standing.not_before:
        yield blocks(MasterRule.NOT_BEFORE)
    if standing.effective_version is not None and standing.effective_version > standing.version:
        yield blocks(MasterRule.NEWER_EFFECTIVE, version=str(standing.effective_version))


def not_before_is_possible(not_before: datetime | None, at: datetime) -> Iterator[Finding]:
    """Nothing becomes effective in the past."""
    if not_before is not None and not_before < at:
        yield blocks(MasterRule.TIME_HAS_PASSED, "effective_from")


# What changed
# -------------------------------------------------------------------------------------------------

_HEAD: tuple[tuple[str, Callable[[Master], object]], ...] = (
    ("title", lambda master: master.title), ("product", lambda master: master.product),
    ("specification", lambda master: master.specification),
    ("storage", lambda master: master.storage),
    ("expiry", lambda master: master.expiry), ("hold time", lambda master: master.hold),
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


def changes(before: Master, after: Master) -> list[str]:
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
