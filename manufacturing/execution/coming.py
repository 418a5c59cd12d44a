"""What comes next of a batch and when: repeated steps by their interval, and steps that the master
record expects, by how fast the cells have doubled so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from integrity.quantities import Quantity
from manufacturing.execution import formula_values
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.formula_values import AtPosition
from manufacturing.execution.rules import coming as rules
from manufacturing.execution.rules.sequence import Position, place
from manufacturing.formulas import evaluation
from manufacturing.masters.model import EXPECTED_UNIT, Expected, Step


@dataclass(frozen=True)
class Coming:
    """A step that is to come: where, from when on it may be done (None: at any time) and when it is
    due at the latest, or, where it is only `is_expected`, about when."""

    position: Position
    title: str
    begin: datetime | None
    until: datetime
    is_expected: bool = False


def repeats(state: BatchState) -> Iterator[Coming]:
    """Steps whose interval runs: those that are open, and the next turn of one that only waits for
    its second person."""
    open_now = state.open
    waiting = [] if open_now.verify is None else [open_now.verify]
    for position in (*open_now.steps, *(each._replace(turn=each.turn + 1) for each in waiting)):
        due = state.master.step(position.step).due
        last = state.last(due.after) if due else None
        if due is None or last is None or _is_over(state.master.step(position.step), position):
            continue
        begin, until = rules.between(due, last)
        if until is not None:
            yield Coming(position, place(state.master, position), begin, until)


def _is_over(step: Step, position: Position) -> bool:
    """Whether a step has no such turn."""
    return position.turn > (step.repeat.max if step.repeat else 1)


def expected(state: BatchState) -> Iterator[Coming]:
    """Steps that the master record expects and that are not done, in the round that was begun."""
    for step in state.master.steps:
        if step.expected is None:
            continue
        begun = [each for each in state.current if each.step in step.expected.after]
        done = [each for each in begun if not each.not_applicable]
        if not done:
            continue
        last = max(done, key=lambda each: each.performed_at)
        stage = state.master.stage_of(step.id)
        cycle = last.position.cycle if stage.id == last.position.stage else 1
        position = Position(stage.id, cycle, step.id, 1)
        if state.at(position) is None:
            told = _worked_out(state, position, step.expected)
            at = rules.expected_at(step.expected, last.performed_at, told)
            yield Coming(position, place(state.master, position), None, at, is_expected=True)


def _worked_out(state: BatchState, position: Position, expected: Expected) -> Quantity | None:
    """What the formula of a step comes to now; None where it has no meaning yet."""
    if expected.formula is None:
        return None
    at = AtPosition(state.master, state.recorded(), position, {})
    try:
        return evaluation.evaluate(formula_values.parse(expected.formula), at, EXPECTED_UNIT)
    except (evaluation.Undefined, evaluation.NotYetKnown, evaluation.FormulaError):
        return None
