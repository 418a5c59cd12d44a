"""The law of specifications: who may approve, what may be imported, how one stands at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from integrity.findings import Finding, blocks
from qc.specifications.rule_ids import SpecificationRule

SPECIFICATION_MOVES = {
    None: frozenset({"draft"}),
    "draft": frozenset({"authored"}),
    "authored": frozenset({"approved"}),
}


def importing(same: Any, effective_from: datetime | None, at: datetime) -> Iterator[Finding]:
    """The same bytes are no new version, and nothing becomes effective in the past."""
    if same is not None:
        yield blocks(SpecificationRule.SAME_DOCUMENT, "document", specification=same.named)
    if effective_from is not None and effective_from < at:
        yield blocks(SpecificationRule.EFFECTIVE_IN_THE_PAST, "effective_from")


def approving(username: str, hands: Collection[str]) -> Iterator[Finding]:
    """Whoever imported or authored it does not approve it."""
    if username in hands:
        yield blocks(SpecificationRule.APPROVER_HAD_A_HAND)


def shown_state(signed: str, effective_at: datetime | None, newer_holds: bool, at: datetime) -> str:
    """draft, authored, approved (not yet effective), effective or superseded."""
    if signed != "approved" or effective_at is None or effective_at > at:
        return signed
    return "superseded" if newer_holds else "effective"


# state: (word, tone, what it means)
STATE_WORDS = {
    "draft": ("Draft", "note", "Imported. QC reads it and signs as its author."),
    "authored": ("In review", "held", "Signed by its author. QA approves it: another person."),
    "approved": ("Approved", "held", "Signed by two people. It holds from the moment shown."),
    "effective": ("Effective", "accepted", "Results recorded now are judged by this version."),
    "superseded": (
        "Superseded",
        "note",
        "A newer version holds. Results recorded under this one keep it.",
    ),
}
