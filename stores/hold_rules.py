"""The law of holds by hand: who may put a thing on hold, when it is lifted and by whom, and what a
hold forbids. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from integrity import facts, reasons
from integrity.findings import Finding, blocks
from stores.rule_ids import StoreRule


class HoldState(enum.StrEnum):
    """Whether a hold by hand still forbids."""

    IN_FORCE = "in_force"
    LIFTED = "lifted"


@dataclass(frozen=True)
class Judged:
    """How far QA is with what keeps a thing on hold: the codes of the deviations that nobody has
    judged, and of those that whoever lifts the hold judged, where another person is to lift it.
    """

    waiting: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


NOTHING_TO_JUDGE = Judged()


def may_hold(reason: str | None) -> Iterator[Finding]:
    """Anybody who works here puts a thing on hold, and says why."""
    yield from reasons.wanted(StoreRule.HOLD_REASON, reason)


def may_lift(
    state: str | None, reason: str | None, judged: Judged = NOTHING_TO_JUDGE
) -> Iterator[Finding]:
    """A hold is lifted once, with a reason, when what keeps it is judged; that only QA does is a
    matter of permission."""
    if state != HoldState.IN_FORCE:
        yield blocks(StoreRule.HOLD_NOT_IN_FORCE)
    for rule, codes in (
        (StoreRule.HOLD_WAITS_FOR_JUDGEMENT, judged.waiting),
        (StoreRule.HOLD_JUDGED_ALONE, judged.alone),
    ):
        if codes:
            yield blocks(rule, "comment", deviations=facts.listed(map(facts.code, codes)))
    yield from reasons.wanted(StoreRule.HOLD_REASON, reason, "comment")


def container_use(held: Iterable[str]) -> Iterator[Finding]:
    """What speaks against taking from containers: the bare codes of those that are on hold."""
    for code in held:
        yield blocks(StoreRule.CONTAINER_ON_HOLD, container=facts.code(code))
