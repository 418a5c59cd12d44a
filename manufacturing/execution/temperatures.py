"""The temperatures that a batch record asks for, beside what they are judged by: of incubators with
their lowest and highest since the last look, and single measurements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from integrity import facts
from integrity.facts import Fact
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import place_fact
from manufacturing.masters.model import Field, Limits

UNIT = "degC"


@dataclass(frozen=True)
class Temperature:
    """One reading: of what, where and when it was read, in °C as typed and as it is drawn; of what
    kept its extremes the lowest and the highest as well. `low` and `high` are the limits."""

    title: Fact
    place: Fact
    at: datetime
    now: str | None
    lowest: str | None = None
    highest: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def numbers(self) -> list[Decimal]:
        return [Decimal(each) for each in (self.lowest, self.now, self.highest) if each]

    @property
    def is_outside(self) -> bool:
        """Whether any of them lies beyond a limit, which is inside itself."""
        is_low = self.low is not None and min(self.numbers) < self.low
        return is_low or (self.high is not None and max(self.numbers) > self.high)


def of_batch(state: BatchState) -> list[Temperature]:
    """Every one that stands, in the order in which they were read."""
    done = [each for each in state.current if not each.not_applicable]
    found = [
        made
        for entry in done
        for field in state.master.step(entry.step).fields
        if field.id in entry.values
        for made in _of(state, entry, field)
    ]
    return sorted(found, key=lambda each: each.at)


def _of(state: BatchState, entry: Entry, field: Field) -> Iterator[Temperature]:
    value, place = entry.values[field.id], place_fact(state.master, entry.position)
    if field.type == "incubator" and "temperature" in field.readings:
        read, limits = value["temperature"], field.readings["temperature"]
        extremes = (read["now"], read["lowest"], read["highest"])
        yield Temperature(
            facts.text(field.label), place, entry.performed_at, *extremes, *_bounds(limits)
        )
    elif field.type == "measurement" and field.unit == UNIT:
        low, high = _bounds(field.limits)
        yield Temperature(
            facts.text(field.label),
            place,
            entry.performed_at,
            value["text"],
            low=low,
            high=high,
        )


def _bounds(limits: Limits | None) -> tuple[Decimal | None, Decimal | None]:
    if limits is None:
        return None, None
    low, high = limits.low or limits.above, limits.high or limits.below
    return (low.to(UNIT).number if low else None), (high.to(UNIT).number if high else None)
