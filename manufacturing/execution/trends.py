"""What a master record wants to see as a curve: one value through the rounds of its stage.

A field says so (`trend`); drawn is what stands, and what was left out or cannot be worked out has
no point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from documents.texts import text
from integrity import facts
from integrity.quantities import Quantity
from manufacturing.execution import formula_values
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.masters.model import Field, Limits


@dataclass(frozen=True)
class Point:
    """One value: in which round of the stage (from 1), as a number in the unit of the trend, and as
    people read it.
    """

    cycle: int
    number: Decimal
    text: str


@dataclass(frozen=True)
class Trend:
    """One value through the rounds, in `unit`, with the limits it is judged by and alerts at."""

    field: Field
    title: str
    stage: str
    unit: str
    limits: Limits | None
    alert: Limits | None
    points: Sequence[Point]


def of_batch(state: BatchState, zone: ZoneInfo) -> list[Trend]:
    """Every trend of the master record that has a point, in the order of the document."""
    current = [entry for entry in state.current if not entry.not_applicable]
    made = [
        Trend(
            field,
            _title(field),
            text(state.master.stage_of(step.id).title),
            _unit(field),
            field.limits,
            field.alert,
            list(_points(field, [entry for entry in current if entry.step == step.id], zone)),
        )
        for step in state.master.steps
        for field in step.fields
        if field.trend
    ]
    return [each for each in made if each.points]


def _title(field: Field) -> str:
    """A count is drawn by its viability."""
    return f"{text(field.label)}: viability" if field.type == "count" else text(field.label)


def _unit(field: Field) -> str:
    return "%" if field.type == "count" else field.unit or "1"


def _points(field: Field, entries: Sequence[Entry], zone: ZoneInfo) -> Iterator[Point]:
    for entry in sorted(entries, key=lambda each: (each.position.cycle, each.position.turn)):
        value = entry.values.get(field.id)
        quantity = _quantity(field, value) if value else None
        if quantity is not None:
            said = facts.shown(_said(field, value, quantity, zone))
            yield Point(entry.position.cycle, quantity.to(_unit(field)).number, said)


def _quantity(field: Field, value: dict[str, Any]) -> Quantity | None:
    if field.type == "count":
        return Quantity(value["viability"], "%")
    return None if "undefined" in value else Quantity(value["text"], value["unit"])


def _said(field: Field, value: Any, quantity: Quantity, zone: ZoneInfo) -> facts.Fact:
    if field.type == "count":
        return facts.quantity(quantity.rounded(1))
    return formula_values.fact(field, value, zone)
