"""The law of what is typed as a result: what cannot be is refused, before it is judged."""

from __future__ import annotations

from integrity import facts
from integrity.catalogue import Message
from integrity.facts import MessageError
from integrity.numbers import read_typed
from integrity.quantities import Measured, Quantity, compare, read_measured
from integrity.units import alike, unit_of
from manufacturing.execution.rules.steps import is_inside, shown_limits
from manufacturing.masters.model import Limits
from qc.specifications.model import Line


class ReadingFault(Message):
    """Why what was typed is no result."""

    CHOOSE = "result-choose"
    UNIT = "result-unit"
    BELOW_ZERO = "result-below-zero"
    BOUND = "result-bound"
    CANNOT_BE = "result-cannot-be"


class NotAResult(MessageError, ValueError):
    """What was typed is no result of this line."""


def readable(line: Line, value: str, unit: str | None) -> Measured:
    """What was typed on a numeric line, in the unit it was typed in.

    Raises NotAResult, NotANumber or UnitUnknown for what cannot be: outside what the line finds
    plausible, a bound of nought or below, or one that leaves nothing on its side."""
    given = _fitting(line, unit)
    measured = read_measured(value, given)
    read_typed(
        measured.quantity.text, lambda number: is_inside(Quantity.of(number, given), line.can_be)
    )
    if measured.quantity.number < 0 and line.can_be.low:
        raise NotAResult(ReadingFault.BELOW_ZERO, value=facts.quantity(measured.quantity))
    if measured.qualifier and measured.quantity.number <= 0 and line.can_be.low:
        raise NotAResult(ReadingFault.BOUND, value=str(measured))
    if not is_inside(measured.quantity, line.can_be) or _is_past(measured, line.can_be):
        raise NotAResult(
            ReadingFault.CANNOT_BE,
            value=str(measured),
            test=line.test,
            limits=shown_limits(line.can_be),
        )
    return measured


def _is_past(measured: Measured, limits: Limits) -> bool:
    """Whether a bound leaves nothing: more than the most, less than the least."""
    end = {"<": limits.low, ">": limits.high}.get(measured.qualifier)
    return end is not None and compare(measured.quantity, end) == 0


def _fitting(line: Line, unit: str | None) -> str:
    given = unit or line.entered_in or "1"
    if not alike(given, line.entered_in or "1"):
        wanted = unit_of(line.entered_in or "1").symbol
        raise NotAResult(ReadingFault.UNIT, unit=wanted)
    return given
