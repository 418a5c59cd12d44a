"""The law of what a correction takes out of a record, or moves in it after it was over. Pure: facts
in, findings out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from integrity import facts
from integrity.facts import Fact
from integrity.findings import Classification, Finding, deviates
from manufacturing.execution.rule_ids import ExecutionRule
from stores import standing
from stores.rule_ids import StoreRule

# What time alone brings about: a thing was in date when it was used, whatever its day is now.
LAPSES: Final = frozenset(
    {StoreRule.LOT_EXPIRED, StoreRule.CALIBRATION_OVERDUE, StoreRule.NOT_CALIBRATED}
)


def speaks_against(now: Iterable[Finding], then: Iterable[Finding]) -> Iterator[Finding]:
    """What speaks against a lot or a piece of equipment that was used: what is decided about it
    now, and whether it was in date then."""
    yield from (each for each in now if each.rule not in LAPSES)
    yield from (each for each in then if each.rule in LAPSES)


def written_out(label: Fact, code: str, against: Iterable[Finding]) -> Iterator[Finding]:
    """What was used and is bad leaves the record of a batch only before the eyes of QA: who says
    that it was another one has a reason to say so (MAT-02, MAT-03)."""
    for each in against:
        yield deviates(
            ExecutionRule.WRITTEN_OUT,
            Classification.MAJOR,
            label=label,
            thing=facts.code(code),
            found=facts.message(each.rule, **each.parameters),
        )


def doubted(label: Fact, code: str, found_on: Iterable[str]) -> Iterator[Finding]:
    """The same of equipment that was found out of tolerance, on these days, after its use."""
    for day in found_on:
        yield deviates(
            ExecutionRule.DOUBTED_WRITTEN_OUT,
            Classification.MAJOR,
            label=label,
            thing=facts.code(code),
            day=day,
        )


def revived(
    was: datetime | None, becomes: datetime | None, corrected_at: datetime
) -> Iterator[Finding]:
    """An expiry that has passed does not move away from now without QA (EBR-08)."""
    if was is not None and standing.has_expired(was, corrected_at):
        if becomes is None:
            yield deviates(ExecutionRule.EXPIRY_GONE, Classification.MAJOR, was=facts.instant(was))
        elif becomes > was:
            yield deviates(
                ExecutionRule.EXPIRY_REVIVED,
                Classification.MAJOR,
                was=facts.instant(was),
                becomes=facts.instant(becomes),
            )
