"""The law of how somebody comes by a password: two hand it over, neither of whom knows the whole,
and one of them has seen who it is for (SIG-12, SIG-14)."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from integrity.findings import Finding, blocks
from people.rule_ids import PeopleRule


class HandoverKind(enum.StrEnum):
    """How a one-time password came to be.

    The first two are given in halves, by an administrator and by QA. INSTALLATION is for the people
    who were present when the site was made, MACHINE and RECOVERY come from whoever can run a
    command on it.
    """

    FIRST = "first"
    RESET = "reset"
    INSTALLATION = "installation"
    MACHINE = "machine"
    RECOVERY = "recovery"


class HandoverState(enum.StrEnum):
    """How far the password of a person is that two hand over."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    HANDED_OVER = "handed_over"
    DECLINED = "declined"


class IdentityDocument(enum.StrEnum):
    """By what QA knew who somebody is (SIG-12)."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    DRIVING_LICENCE = "driving_licence"
    STAFF_BADGE = "staff_badge"
    PRESENT = "present"


SHOWN_TO_QA = tuple(each for each in IdentityDocument if each is not IdentityDocument.PRESENT)
MOVES: Mapping[str | None, frozenset[str]] = {
    None: frozenset({HandoverState.ASKED}),
    HandoverState.ASKED: frozenset(HandoverState) - {HandoverState.HANDED_OVER},
    HandoverState.CONFIRMED: frozenset({HandoverState.ASKED, HandoverState.HANDED_OVER}),
    HandoverState.HANDED_OVER: frozenset({HandoverState.ASKED}),
    HandoverState.DECLINED: frozenset({HandoverState.ASKED}),
}
ENDED_BY_THE_MACHINE: Mapping[str | None, frozenset[str]] = {
    HandoverState.ASKED: frozenset({HandoverState.DECLINED}),
    HandoverState.CONFIRMED: frozenset({HandoverState.DECLINED}),
}


@dataclass(frozen=True)
class Handover:
    """A password that is to be handed over: to whom, by whom, how far.

    The people are keys; `asked_by` is None where the program itself asked.
    """

    state: str | None
    holder_id: int
    asked_by: int | None
    confirmed_by: int | None = None


def against_judging(handover: Handover, by: int | None) -> Iterator[Finding]:
    """What speaks against somebody of QA confirming it."""
    if handover.state != HandoverState.ASKED:
        yield blocks(PeopleRule.NOTHING_ASKED)
    if by == handover.holder_id:
        yield blocks(PeopleRule.OWN_PASSWORD)
    elif by == handover.asked_by:
        yield blocks(PeopleRule.NEEDS_TWO)


def against_declining(handover: Handover) -> Iterator[Finding]:
    """What speaks against somebody of QA declining it: who has their password declines a new one
    that they never asked for as well.
    """
    if handover.state != HandoverState.ASKED:
        yield blocks(PeopleRule.NOTHING_ASKED)


def against_showing(handover: Handover, by: int | None) -> Iterator[Finding]:
    """What speaks against showing somebody QA's half."""
    if handover.state != HandoverState.CONFIRMED:
        yield blocks(PeopleRule.NOTHING_CONFIRMED)
    elif by != handover.confirmed_by:
        yield blocks(PeopleRule.ANOTHER_CONFIRMED)
