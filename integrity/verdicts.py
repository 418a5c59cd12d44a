"""The verdict on a result against one limit: conforms, fails or inconclusive."""

import enum
from fractions import Fraction

from integrity import numbers
from integrity.numbers import HALF_UP
from integrity.quantities import Measured, Quantity
from integrity.units import UNITS, require_alike


class Verdict(enum.StrEnum):
    """What a result says against a limit."""

    CONFORMS = "conforms"
    FAILS = "fails"
    INCONCLUSIVE = "inconclusive"


CONFORMS, FAILS, INCONCLUSIVE = Verdict
OPERATORS = ("<", "<=", "=", ">=", ">")
_MIRRORED = {"<": ">", "<=": ">=", "=": "=", ">=": "<=", ">": "<"}


def conforms(
    measured: Measured,
    operator: str,
    limit: Quantity,
    decimals: int | None = None,
    rounding: str = HALF_UP,
) -> str:
    """The verdict of one specification line: 'conforms', 'fails' or 'inconclusive'.

    The result is converted exactly to the limit's unit, rounded once if the line says to how many
    decimals, and then compared; the limit itself is not rounded. A censored result conforms if
    every value it may stand for conforms, fails if none does, and is inconclusive otherwise. Raises
    UnlikeDimensions; ValueError for an unknown operator or rounding."""
    if operator not in OPERATORS:
        raise ValueError(f"“{operator}” is not an operator: use {', '.join(OPERATORS)}.")
    require_alike(measured.quantity.unit, limit.unit)
    value = measured.quantity.size / UNITS[limit.unit].factor
    bound = Fraction(limit.number)
    if measured.qualifier == "":
        value = value if decimals is None else Fraction(numbers.rounded(value, decimals, rounding))
        return CONFORMS if _holds(value, operator, bound) else FAILS
    if measured.qualifier.startswith(
        ">"
    ):  # the mirror image of a value that lies below: one law for both sides
        value, bound, operator = -value, -bound, _MIRRORED[operator]
    highest, reached = _highest(value, measured.qualifier.endswith("="), decimals, rounding)
    return _verdict_below(highest, reached, operator, bound)


def _holds(value: Fraction, operator: str, bound: Fraction) -> bool:
    order = (value > bound) - (value < bound)
    return order in {"<": (-1,), "<=": (-1, 0), "=": (0,), ">=": (0, 1), ">": (1,)}[operator]


def _highest(
    value: Fraction, included: bool, decimals: int | None, rounding: str
) -> tuple[Fraction, bool]:
    """The top of what is reported for values below `value`, and whether it can be reported itself.

    After rounding it always can: the largest grid point whose cell begins below `value` (grid point
    - half a step)."""
    if decimals is None:
        return value, included
    if included:
        return Fraction(numbers.rounded(value, decimals, rounding)), True
    step = Fraction(1, 10) ** decimals
    return -((-(value / step + Fraction(1, 2))) // 1 + 1) * step, True


def _verdict_below(highest: Fraction, reached: bool, operator: str, bound: Fraction) -> str:
    """For a result known only to lie at or below `highest`, without a lower end."""
    strictly_below = highest < bound or (highest == bound and not reached)
    if operator in ("<", "<="):
        every = strictly_below or (operator == "<=" and highest == bound)
        return CONFORMS if every else INCONCLUSIVE
    none = strictly_below or (operator == ">" and highest == bound)
    return FAILS if none else INCONCLUSIVE
