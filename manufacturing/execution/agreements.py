"""What was answered at other positions of a batch, for the answers that have to agree
(rules/agreements.py), when a step is recorded and when any of them is corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from integrity.findings import Finding
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.formula_values import place_key
from manufacturing.execution.rules import agreements as rules
from manufacturing.execution.rules.sequence import Position


def against(state: BatchState, position: Position, values: Mapping[str, Any]) -> list[Finding]:
    """The answers of one position that disagree with what stands before it."""
    step = state.master.step(position.step)
    if not any(field.same_as for field in step.fields):
        return []
    return list(rules.disagreeing(state.master, step, values, _said(state, position)))


def _said(state: BatchState, position: Position) -> dict[str, str]:
    """{"step.field": the answer that stands} of every choice before a position; of several rounds
    the last."""
    here = place_key(state.master, position)
    before = [
        entry
        for entry in sorted(state.current, key=lambda each: place_key(state.master, each.position))
        if not entry.not_applicable and place_key(state.master, entry.position) < here
    ]
    return {
        f"{entry.step}.{name}": value["value"]
        for entry in before
        for name, value in entry.values.items()
        if isinstance(value, dict) and isinstance(value.get("value"), str)
    }


def anew(before: BatchState, after: BatchState) -> Iterator[tuple[Position, Finding]]:
    """What disagrees after a correction and did not before it, with where it stands."""
    known = list(_every(before))
    yield from (each for each in _every(after) if each not in known)


def _every(state: BatchState) -> Iterator[tuple[Position, Finding]]:
    for entry in state.current:
        for finding in against(state, entry.position, entry.values):
            yield entry.position, finding
