"""The law of letting the last of quality back in at the machine, and of its judgement."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping

from integrity.findings import Finding, blocks
from people.permissions import Permission, allows
from people.rule_ids import PeopleRule


class RecoveryState(enum.StrEnum):
    """Whether another person of quality has judged what was signed since."""

    OPEN = "open"
    JUDGED = "judged"


MOVES: Mapping[str | None, frozenset[str]] = {
    None: frozenset({RecoveryState.OPEN}),
    RecoveryState.OPEN: frozenset({RecoveryState.OPEN, RecoveryState.JUDGED}),
    RecoveryState.JUDGED: frozenset({RecoveryState.OPEN}),
}


def against_recovering(role: str, others: int) -> Iterator[Finding]:
    """What speaks against it; `others` of quality are there who could confirm a reset."""
    if not allows(role, Permission.CONFIRM_PEOPLE):
        yield blocks(PeopleRule.ONLY_QUALITY_RECOVERS)
    elif others:
        yield blocks(PeopleRule.OTHERS_CONFIRM)


def against_judging(state: str | None, holder: int, by: int | None) -> Iterator[Finding]:
    """What speaks against this person's judgement."""
    if state != RecoveryState.OPEN:
        yield blocks(PeopleRule.NOTHING_RECOVERED)
    elif by == holder:
        yield blocks(PeopleRule.OWN_RECOVERY)
