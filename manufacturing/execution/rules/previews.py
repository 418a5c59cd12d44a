"""How a value stands before it is recorded. Pure: facts in, a word out."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from integrity.findings import Finding
from manufacturing.masters.model import Field


class Within(enum.StrEnum):
    """Where a value stands against its limits while nothing is recorded."""

    OPEN = "open"  # no limit is set for it
    WAITS = "waits"  # for what is not typed or recorded yet
    INSIDE = "inside"
    ALERT = "alert"
    OUTSIDE = "outside"
    REFUSED = "refused"


def within(field: Field, outside: Sequence[Finding], beyond: Sequence[Finding]) -> Within:
    """Outside its limits, beyond an alert limit, inside; OPEN where the record sets no limit."""
    if outside:
        return Within.OUTSIDE
    if beyond:
        return Within.ALERT
    return Within.INSIDE if field.limits or field.cv_max else Within.OPEN
