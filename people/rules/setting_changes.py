"""The law of a change of the site's settings: an administrator writes and signs it, somebody of
quality who is another person signs it too, and only then does it hold (IAM-03, TIM-05)."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from integrity.findings import Finding, blocks
from people.rule_ids import PeopleRule


class SettingState(enum.StrEnum):
    """How far a change of a setting is."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


WAITING = (SettingState.DRAFT, SettingState.PROPOSED)
MOVES: Mapping[str | None, frozenset[str]] = {
    None: frozenset({SettingState.DRAFT}),
    SettingState.DRAFT: frozenset({SettingState.PROPOSED, SettingState.WITHDRAWN}),
    SettingState.PROPOSED: frozenset(
        {SettingState.APPROVED, SettingState.REJECTED, SettingState.WITHDRAWN}
    ),
}


@dataclass(frozen=True)
class Change:
    """A change of one setting: how far, by whom, from what, and what holds now.

    `proposed_by` is a key; `another_waits` is that one of the same setting waits for quality.
    """

    state: str | None
    proposed_by: int | None
    was: str
    now: str
    another_waits: bool = False


def against_proposing(change: Change, by: int | None) -> Iterator[Finding]:
    """What speaks against this person signing that they propose it."""
    if change.state != SettingState.DRAFT:
        yield blocks(PeopleRule.SETTING_NO_DRAFT)
    elif by != change.proposed_by:
        yield blocks(PeopleRule.SETTING_ANOTHERS)
    elif change.another_waits:
        yield blocks(PeopleRule.SETTING_WAITS_ALREADY)
    else:
        yield from _against_what_moved(change)


def against_judging(change: Change, by: int | None) -> Iterator[Finding]:
    """What speaks against somebody of quality signing it, whether for it or against it."""
    if change.state != SettingState.PROPOSED:
        yield blocks(PeopleRule.SETTING_NOT_PROPOSED)
    elif by == change.proposed_by:
        yield blocks(PeopleRule.OWN_SETTING)


def against_approving(change: Change, by: int | None) -> Iterator[Finding]:
    """What speaks against it holding by this person's signature."""
    found = [*against_judging(change, by)]
    yield from found or _against_what_moved(change)


def against_withdrawing(change: Change) -> Iterator[Finding]:
    """What speaks against taking it back."""
    if change.state not in WAITING:
        yield blocks(PeopleRule.SETTING_SETTLED)


def _against_what_moved(change: Change) -> Iterator[Finding]:
    if change.was != change.now:
        yield blocks(PeopleRule.SETTING_MOVED, now=change.now)
