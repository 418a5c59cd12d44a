"""When what repeats and what is expected is likely to be done. Pure: it only plans."""

from __future__ import annotations

from datetime import datetime, timedelta

from integrity.quantities import Quantity
from manufacturing.execution.rules.steps import length
from manufacturing.masters.model import Due, Expected

MOST = timedelta(days=366)  # a formula that gives more is of cells that hardly grow


def between(due: Due, last: datetime) -> tuple[datetime | None, datetime | None]:
    """(from, at the latest) of a step that is done at an interval after `last`."""
    return (
        last + length(due.min) if due.min else None,
        last + length(due.max) if due.max else None,
    )


def expected_at(expected: Expected, last: datetime, worked_out: Quantity | None) -> datetime:
    """When a step is expected that follows `last`: after what was worked out of the record, or as
    long after it as it usually takes where that has no meaning (a first passage, a net loss)."""
    usual = length(expected.usual)
    if worked_out is None:
        return last + usual
    span = length(worked_out)
    return last + (span if timedelta(0) < span <= MOST else usual)
