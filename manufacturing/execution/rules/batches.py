"""The moves of a batch: how it is carried out, and what is decided about it (REL-02.

Process states).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from integrity.findings import Finding, blocks
from integrity.words import state_word
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules.steps import reason_given

EXECUTION, DISPOSITION = "execution", "disposition"

EXECUTION_MOVES = {
    None: frozenset({"planned"}),
    "planned": frozenset({"in_process", "terminated"}),
    "in_process": frozenset({"complete", "terminated"}),
    "complete": frozenset(
        {"in_process"}
    ),  # a correction after the last step opens the record again until it is verified
}

_HELD = frozenset({"on_hold"})
DISPOSITION_MOVES = {
    None: frozenset({"quarantine"}),
    "quarantine": frozenset({"under_review", "rejected"}) | _HELD,
    "under_review": frozenset({"quarantine", "released_stage_1", "released", "rejected"}) | _HELD,
    "on_hold": frozenset(
        {"quarantine", "under_review", "released_stage_1", "released", "rejected", "recalled"}
    ),
    "released_stage_1": frozenset({"released", "recalled", "rejected"}) | _HELD,
    "released": frozenset({"recalled"}) | _HELD,
}


@dataclass(frozen=True)
class StartFacts:
    """What is known when a batch is to be started."""

    cord_standing: str | None
    cord_has_batch: bool
    eligibility: str
    master_standing: str | None


def may_start(facts: StartFacts) -> Iterator[Finding]:
    """A batch is started from one cord that is not rejected, on the effective master record; an
    open eligibility is worked at risk in quarantine, an ineligible donor is not worked at all
    (process table, row 1)."""
    if facts.cord_has_batch:
        yield blocks(ExecutionRule.CORD_HAS_BATCH, "cord")
    if facts.cord_standing is None:
        yield blocks(ExecutionRule.CORD_UNKNOWN, "cord")
    if facts.cord_standing == "rejected":
        yield blocks(ExecutionRule.CORD_REJECTED, "cord")
    if facts.eligibility == "ineligible":
        yield blocks(ExecutionRule.DONOR_INELIGIBLE, "cord")
    if facts.master_standing != "effective":
        yield blocks(ExecutionRule.MASTER_NOT_EFFECTIVE, "master")


def may_terminate(reason: str | None) -> Iterator[Finding]:
    """A batch is broken off with a reason in words (EBR-12)."""
    yield from reason_given(ExecutionRule.TERMINATION_REASON, reason, "comment")


def is_open(execution: str | None, disposition: str | None = None) -> Iterator[Finding]:
    """Entries are made while a batch is planned or in process, and nothing final is decided about
    it.
    """
    if execution not in ("planned", "in_process"):
        yield blocks(ExecutionRule.BATCH_ENDED, state=state_word(execution))
    elif disposition in ("rejected", "recalled"):
        yield blocks(ExecutionRule.BATCH_DISPOSED, state=state_word(disposition))


def may_be_corrected(execution: str | None, disposition: str | None) -> Iterator[Finding]:
    """A record may be corrected until the batch is released, rejected or terminated."""
    if execution == "terminated" or disposition not in ("quarantine", "under_review", "on_hold"):
        yield blocks(ExecutionRule.RECORD_CLOSED, state=state_word(disposition))
