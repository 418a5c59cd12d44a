"""What was said of a thing first, and what a further record says in its place.

A thing is never changed. Who corrects it adds a record that says everything anew which can be put
right, with a reason; the newest holds. The class of the thing shows under the plain names what
holds, in every question that is asked about it, and under `first_…` what was said first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import column_property
from sqlalchemy.orm.attributes import set_committed_value

from integrity import reasons
from integrity.database import Session
from integrity.facts import Fact, Pair
from integrity.findings import Finding, blocks
from integrity.rule_ids import IntegrityRule

FIRST = "first_"
Said = Mapping[str, Any]


def corrects(correction: Any, kind: Any, key: str, names: Sequence[str]) -> None:
    """Say that `correction` has the further records of `kind`, found by `key`, and that what its
    columns of these names say stands in the place of what was said first."""
    mine = getattr(correction, key) == kind.id
    for name in names:
        said = select(getattr(correction, name)).where(mine).order_by(correction.id.desc()).limit(1)
        newest = said.correlate_except(correction).scalar_subquery()
        setattr(kind, name, column_property(func.coalesce(newest, getattr(kind, FIRST + name))))


def said_first(values: Said) -> dict[str, Any]:
    """The values of a new thing, under both names."""
    return {**values, **{FIRST + name: value for name, value in values.items()}}


def standing(thing: Any, names: Sequence[str]) -> dict[str, Any]:
    """What a thing, or one of its corrections, says, by name."""
    return {name: getattr(thing, name) for name in names}


def take(thing: Any, said: Said) -> None:
    """Let a thing that was read say what its correction says, which this act has added."""
    for name, value in said.items():
        set_committed_value(thing, name, value)


@dataclass(frozen=True)
class Change:
    """One correction: its record, what was said before and what is said since."""

    made: Any
    was: Said
    becomes: Said


def of(
    session: Session, correction: Any, key: str, thing: Any, names: Sequence[str]
) -> list[Change]:
    """Every correction of one thing, the oldest first."""
    mine = select(correction).where(getattr(correction, key) == thing.id)
    held: Said = {name: getattr(thing, FIRST + name) for name in names}
    found = []
    for made in session.scalars(mine.order_by(correction.id)):
        found.append(Change(made, held, standing(made, names)))
        held = found[-1].becomes
    return found


def changed_at(changes: Sequence[Change], *names: str) -> datetime | None:
    """Since when a thing says what it says under these names; None is from the first."""
    moved = (
        each.made.at
        for each in changes
        if any(each.was[name] != each.becomes[name] for name in names)
    )
    return max(moved, default=None)


def against(
    recorder: str | None, corrector: str, differs: bool, reason: str | None
) -> Iterator[Finding]:
    """What speaks against putting something right: a reason says why, something is another thing
    now, and where `recorder` is given it is another person."""
    yield from reasons.wanted(IntegrityRule.CORRECTION_REASON, reason)
    if not differs:
        yield blocks(IntegrityRule.NOTHING_CORRECTED)
    if recorder == corrector:
        yield blocks(IntegrityRule.CORRECTED_ALONE)


def differing(was: Sequence[Pair], becomes: Sequence[Pair]) -> list[tuple[Fact, Fact, Fact]]:
    """(what it is, as it was, as it is) of the facts that differ."""
    return [
        (term, old, new) for (term, old), (_, new) in zip(was, becomes, strict=True) if old != new
    ]
