"""The law of a second word on one sample and test: a repeat says why, and nobody corrects their own
failing result away. Pure: facts in, findings out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from integrity import reasons
from integrity.findings import Finding, blocks
from integrity.verdicts import FAILS
from qc.laboratory.rule_ids import LaboratoryRule


@dataclass(frozen=True)
class Corrected:
    """A result that is to be corrected: what it said, and who recorded it or what it corrects."""

    verdict: str
    analysts: Collection[str]


def may_correct(old: Corrected, by: str, reason: str | None) -> Iterator[Finding]:
    """A correction says why; a failing result of one's own ends by investigation: it is
    invalidated for its cause and another analyst tests again (QC-06)."""
    yield from reasons.wanted(LaboratoryRule.CORRECTION_REASON, reason)
    if old.verdict == FAILS and by in old.analysts:
        yield blocks(LaboratoryRule.OWN_FAILING_RESULT)


def may_repeat(valid: int, reason: str | None) -> Iterator[Finding]:
    """A further final result of a sample and test that has a valid one says why (QC-06)."""
    if valid:
        yield from reasons.wanted(LaboratoryRule.REPEAT_REASON, reason)
