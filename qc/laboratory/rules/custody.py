"""The law of custody: nothing is tested before QC has the sample or once that is gone, and a result
is told when it is found. Pure: facts in, findings out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from integrity.facts import instant, span
from integrity.findings import Classification, Finding, blocks, deviates
from qc.laboratory.rule_ids import LaboratoryRule
from qc.specifications.model import Line


def in_custody(
    line: Line, received_at: datetime | None, done: datetime, field: str
) -> Iterator[Finding]:
    """Nothing is tested before QC has the sample; the same minute is in order (QC-03)."""
    if received_at and done < received_at.replace(second=0, microsecond=0):
        yield deviates(
            LaboratoryRule.TESTED_BEFORE_RECEIPT,
            Classification.MAJOR,
            field=field,
            test=line.test,
            tested=instant(done),
            received=instant(received_at),
        )


def still_there(
    gone_at: datetime | None, done: datetime, field: str, began: datetime | None = None
) -> Iterator[Finding]:
    """Nothing is tested on a sample that is destroyed; the same minute is in order.

    A long test that `began` before goes on without the sample and is read.
    """
    needed = began or done
    if gone_at and needed.replace(second=0, microsecond=0) > gone_at:
        yield blocks(LaboratoryRule.SAMPLE_GONE, field, gone=instant(gone_at))


def told_in_time(line: Line, ago: timedelta, late_after: timedelta) -> Iterator[Finding]:
    """A result that is told later than the site allows is a late entry; its review is the second
    person's (EBR-09, TIM-06)."""
    if ago > late_after:
        yield deviates(
            LaboratoryRule.RESULT_LATE,
            Classification.MINOR,
            field="tested_at",
            test=line.test,
            late=span(ago),
        )
