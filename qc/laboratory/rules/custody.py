"""The law of custody: nothing is tested before QC has the sample or once that is gone, and a result
is told when it is found. Pure: facts in, findings out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from integrity.facts import instant, span
from integrity.findings import Classification, Finding, blocks, deviates
from qc.laboratory.rule_ids import LaboratoryRule
from qc.specifications.model import Line


def after_the_sample(claimed: datetime, pulled_at: datetime, field: str) -> Iterator[Finding]:
    """Nothing is done with a sample before it was pulled; the same minute is in order."""
    if claimed < pulled_at.replace(second=0, microsecond=0):  # people write minutes
        yield blocks(LaboratoryRule.BEFORE_THE_SAMPLE, field)


def started(
    line: Line, began: datetime, pulled_at: datetime, recorded_at: datetime, late: timedelta
) -> Iterator[Finding]:
    """What a start says that was told at a moment: not before the sample, and not late."""
    yield from after_the_sample(began, pulled_at, "began_at")
    if recorded_at - began > late:
        yield deviates(
            LaboratoryRule.START_LATE,
            Classification.MINOR,
            test=line.test_within,
            late=span(recorded_at - began),
        )


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


def unheld(line: Line, is_held: bool, field: str) -> Iterator[Finding]:
    """What is tested on a sample that was on hold is a fact, and quality judges it (QC-03)."""
    if is_held:
        yield deviates(
            LaboratoryRule.SAMPLE_HELD, Classification.MAJOR, field=field, test=line.test
        )


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
