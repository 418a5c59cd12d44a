"""The law of codes from a phone, and of the spare ones on paper: who gives one when, who signs
without one, which one opens nothing any more (SIG-09)."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from integrity.findings import Finding, blocks
from integrity.site import SecondFactorPolicy as Policy
from people.rule_ids import PeopleRule


class FactorState(enum.StrEnum):
    """How far the phone of a person is."""

    BEGUN = "begun"
    IN_FORCE = "in_force"
    ENDED = "ended"


MOVES: Mapping[str | None, frozenset[str]] = {
    None: frozenset({FactorState.BEGUN}),
    FactorState.BEGUN: frozenset(FactorState),
    FactorState.IN_FORCE: frozenset({FactorState.ENDED}),
    FactorState.ENDED: frozenset({FactorState.BEGUN}),
}


class Occasion(enum.StrEnum):
    """What somebody proves who they are for: to come in, at the first signature of an unbroken
    session (and always as the second person), at a further one.
    """

    COMING_IN = "coming in"
    FIRST_SIGNATURE = "first signature"
    FURTHER_SIGNATURE = "further signature"


@dataclass(frozen=True)
class Code:
    """A code that was typed, as the interval it is of, None where it is of none around now.

    `last` is the interval of the newest one that was used, None before the first.
    """

    interval: int | None
    last: int | None = None


SPARES = 10  # codes on paper beside a phone
FEW = 3  # of them that are left when their holder is told


@dataclass(frozen=True)
class Spare:
    """A spare code that was typed: which ten it is of, and its place among them."""

    codes_id: int
    place: int


def wants_code(policy: str, state: str | None, occasion: Occasion) -> bool:
    """Whether a code is asked for beside the password."""
    if state != FactorState.IN_FORCE:
        return False
    return occasion is not Occasion.FURTHER_SIGNATURE or policy == Policy.EVERY_SIGNATURE


def opens(code: Code) -> bool:
    """Whether a code is of now, and newer than each one that was used."""
    return code.interval is not None and (code.last is None or code.interval > code.last)


def opens_spare(spare: Spare, held: int | None, used: frozenset[int]) -> bool:
    """Whether a spare code is of the ten that hold and was not used; `held` is their key."""
    return spare.codes_id == held and spare.place not in used


def are_few(left: int) -> bool:
    """Whether its holder is told to have new ones drawn."""
    return left <= FEW


def against_drawing(state: str | None) -> Iterator[Finding]:
    """What speaks against ten other spare codes."""
    if state != FactorState.IN_FORCE:
        yield blocks(PeopleRule.NO_FACTOR_IN_FORCE)


def against_signing(policy: str, state: str | None) -> Iterator[Finding]:
    """What speaks against a signature of somebody whose phone is this far."""
    if policy != Policy.AS_WANTED and state != FactorState.IN_FORCE:
        yield blocks(PeopleRule.NO_SECOND_FACTOR)


def against_beginning(state: str | None) -> Iterator[Finding]:
    """What speaks against another secret."""
    if state == FactorState.IN_FORCE:
        yield blocks(PeopleRule.FACTOR_IN_FORCE)


def against_confirming(state: str | None, code: Code) -> Iterator[Finding]:
    """What speaks against the phone being in force from now on."""
    if state != FactorState.BEGUN:
        yield blocks(PeopleRule.NO_FACTOR_BEGUN)
    elif not opens(code):
        yield blocks(PeopleRule.CODE_NOT_OF_NOW, "password_code")


def against_ending(state: str | None) -> Iterator[Finding]:
    """What speaks against its holder ending it."""
    if state != FactorState.IN_FORCE:
        yield blocks(PeopleRule.NO_FACTOR_IN_FORCE)
