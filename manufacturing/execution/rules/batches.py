"""The moves of a batch: how it is carried out, and what is decided about it (REL-02.

Process states).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from documents.rules import DocumentState
from integrity import reasons, vocabulary
from integrity.findings import Finding, blocks
from integrity.states import Moves
from integrity.words import state_word
from manufacturing.donation.rules.cords import CordState
from manufacturing.donation.rules.donors import Eligibility
from manufacturing.execution.rule_ids import ExecutionRule
from stores.fate_rules import Fate
from stores.rules import Disposition


class ExecutionState(enum.StrEnum):
    """How far a batch is made."""

    PLANNED = "planned"
    IN_PROCESS = "in_process"
    COMPLETE = "complete"
    TERMINATED = "terminated"


EXECUTION = vocabulary.axis("execution", ExecutionState)

EXECUTION_MOVES: Moves = {
    None: frozenset({ExecutionState.PLANNED}),
    ExecutionState.PLANNED: frozenset({ExecutionState.IN_PROCESS, ExecutionState.TERMINATED}),
    ExecutionState.IN_PROCESS: frozenset({ExecutionState.COMPLETE, ExecutionState.TERMINATED}),
    ExecutionState.COMPLETE: frozenset(
        {ExecutionState.IN_PROCESS}
    ),  # a correction after the last step opens the record again until it is verified
}

_HELD = frozenset({Disposition.ON_HOLD})
DISPOSITION_MOVES: Moves = {
    None: frozenset({Disposition.QUARANTINE}),
    Disposition.QUARANTINE: frozenset({Disposition.UNDER_REVIEW, Disposition.REJECTED}) | _HELD,
    Disposition.UNDER_REVIEW: frozenset(
        {
            Disposition.QUARANTINE,
            Disposition.RELEASED_STAGE_1,
            Disposition.RELEASED,
            Disposition.REJECTED,
        }
    )
    | _HELD,
    Disposition.ON_HOLD: frozenset(
        {
            Disposition.QUARANTINE,
            Disposition.UNDER_REVIEW,
            Disposition.RELEASED_STAGE_1,
            Disposition.RELEASED,
            Disposition.EXCEPTIONAL_SUPPLY,
            Disposition.REJECTED,
            Disposition.RECALLED,
        }
    ),
    Disposition.RELEASED_STAGE_1: frozenset(
        {Disposition.RELEASED, Disposition.RECALLED, Disposition.REJECTED}
    )
    | _HELD,
    Disposition.RELEASED: frozenset({Disposition.RECALLED}) | _HELD,
    Disposition.EXCEPTIONAL_SUPPLY: frozenset({Disposition.RECALLED}) | _HELD,
}


@dataclass(frozen=True)
class StartFacts:
    """What is known when a batch is to be started."""

    cord_standing: str | None
    cord_has_batch: bool
    eligibility: str
    master_standing: str | None
    has_specification: bool = True
    is_held: bool = False  # the cord or its donor
    is_for_show: bool = False  # the master record or its specification says so of itself
    is_known: bool = False  # whoever starts it says that they know


def may_start(facts: StartFacts) -> Iterator[Finding]:
    """A batch is started from one cord that is not rejected, on the effective master record; an
    open eligibility is worked at risk in quarantine, an ineligible donor is not worked at all
    (process table, row 1)."""
    if facts.cord_has_batch:
        yield blocks(ExecutionRule.CORD_HAS_BATCH, "cord")
    if facts.cord_standing is None:
        yield blocks(ExecutionRule.CORD_UNKNOWN, "cord")
    if facts.cord_standing == CordState.REJECTED:
        yield blocks(ExecutionRule.CORD_REJECTED, "cord")
    if facts.is_held:
        yield blocks(ExecutionRule.CORD_ON_HOLD, "cord")
    if facts.eligibility == Eligibility.INELIGIBLE:
        yield blocks(ExecutionRule.DONOR_INELIGIBLE, "cord")
    if facts.master_standing != DocumentState.EFFECTIVE:
        yield blocks(ExecutionRule.MASTER_NOT_EFFECTIVE, "master")
    elif not facts.has_specification:
        yield blocks(ExecutionRule.SPECIFICATION_NOT_EFFECTIVE, "master")
    elif facts.is_for_show and not facts.is_known:
        yield blocks(ExecutionRule.STARTED_FOR_SHOW, "is_known")


def cord_may_be_taken_from(*, is_held: bool) -> Iterator[Finding]:
    """Nothing is taken from the jar while its cord or the donor is on hold."""
    if is_held:
        yield blocks(ExecutionRule.CORD_ON_HOLD)


def may_terminate(reason: str | None) -> Iterator[Finding]:
    """A batch is broken off with a reason in words (EBR-12)."""
    yield from reasons.wanted(ExecutionRule.TERMINATION_REASON, reason, "comment")


def broken_off_as(fates: Iterable[str | None]) -> Disposition:
    """What a batch becomes that is broken off, by what became of its containers: recalled where any
    of them was given out, else rejected (REL-11)."""
    is_out = any(each is not None and each != Fate.DESTROYED for each in fates)
    return Disposition.RECALLED if is_out else Disposition.REJECTED


def is_open(execution: str | None, disposition: str | None = None) -> Iterator[Finding]:
    """Entries are made while a batch is planned or in process, and nothing final is decided about
    it.
    """
    if execution not in (ExecutionState.PLANNED, ExecutionState.IN_PROCESS):
        yield blocks(ExecutionRule.BATCH_ENDED, state=state_word(execution))
    elif disposition in (Disposition.REJECTED, Disposition.RECALLED):
        yield blocks(ExecutionRule.BATCH_DISPOSED, state=state_word(disposition))


def may_be_corrected(execution: str | None, disposition: str | None) -> Iterator[Finding]:
    """A record may be corrected until the batch is released, rejected or terminated."""
    if execution == ExecutionState.TERMINATED or disposition not in (
        Disposition.QUARANTINE,
        Disposition.UNDER_REVIEW,
        Disposition.ON_HOLD,
    ):
        yield blocks(ExecutionRule.RECORD_CLOSED, state=state_word(disposition))
