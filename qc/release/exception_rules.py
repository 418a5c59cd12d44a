"""The law of what QA holds of an exception: who says it, what is said, and when the review waits
for it. Pure: facts in, findings out (EBR-17).
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from integrity import reasons
from integrity.findings import Finding, blocks
from qc.release.rule_ids import ReleaseRule


class Effect(enum.StrEnum):
    """What an exception means for the product: nothing, something that is acceptable, or what a
    deviation says of it."""

    NONE = "none"
    ACCEPTED = "accepted"
    DEVIATION = "deviation"


@dataclass(frozen=True)
class Held:
    """What a reviewer says of one exception: its key, its effect, the code of the deviation that
    speaks of it (bare), and why."""

    exception: str
    effect: str
    deviation: str = ""
    why: str = ""


@dataclass(frozen=True)
class Asked:
    """One exception as it stands: whether something is held of it."""

    is_judged: bool


def may_judge(
    held: Sequence[Held], asked: Mapping[str, Asked], deviations: Collection[str]
) -> Iterator[Finding]:
    """What speaks against recording what is held of some exceptions; `asked` has those that stand
    by their keys, `deviations` the codes of those that concern the batch."""
    if not held:
        yield blocks(ReleaseRule.NOTHING_HELD)
    for each in held:
        found = asked.get(each.exception)
        if found is None:
            yield blocks(ReleaseRule.EXCEPTION_CHANGED)
            continue
        if each.effect not in set(Effect):
            yield blocks(ReleaseRule.EFFECT_WANTED, field_of("effect", each.exception))
        if each.effect == Effect.DEVIATION and each.deviation not in deviations:
            yield blocks(ReleaseRule.NO_SUCH_DEVIATION, field_of("effect", each.exception))
        if each.effect == Effect.ACCEPTED or found.is_judged:
            yield from reasons.wanted(ReleaseRule.REASON, each.why, field_of("why", each.exception))


def field_of(name: str, exception: str) -> str:
    """The field of a form in which something of an exception is said."""
    return f"{name}_{exception}"


def all_judged(asked: Collection[Asked]) -> Iterator[Finding]:
    """Nobody signs a review while it is open what they hold of one of its exceptions."""
    if waiting := sum(not each.is_judged for each in asked):
        yield blocks(ReleaseRule.EXCEPTIONS_OPEN, many=waiting)
