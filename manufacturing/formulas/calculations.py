"""What a cell count gives: units in, units out, Decimal throughout, rounded only for display.

Each is a formula of the closed grammar, so that the printed record can show the same text with its
values put in. Source of the formulas: docs/process.md, 2. All raise Undefined where the values give
no meaning (division by zero, a value below zero where only amounts make sense) and FormulaError or
UnlikeDimensions where a unit does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from integrity import facts
from integrity.quantities import Quantity
from manufacturing.formulas.evaluation import Formula, Listed, Undefined, evaluate, parse
from manufacturing.formulas.fault_ids import ResultFault

VIABLE_CONCENTRATION = parse("count.live / count.squares * count.dilution * 10000 [1/mL]")
VIABILITY = parse("count.live / (count.live + count.dead)")

_WORKING = Context(prec=34)


def _worked(formula: Formula, unit: str, **entered: Quantity) -> Quantity:
    """The formula with what was entered, each under the last part of its name."""
    for name, quantity in entered.items():
        if quantity.number < 0:
            raise Undefined(
                ResultFault.BELOW_ZERO,
                name=name.replace("_", " ").capitalize(),
                value=facts.quantity(quantity),
            )
    return evaluate(
        formula,
        Listed({use.name: [entered[use.name.split(".")[-1]]] for use in formula.names}),
        unit,
    )


def viable_concentration(live: Quantity, squares: Quantity, dilution: Quantity) -> Quantity:
    """Haemocytometer, cells/mL.

    Live cells counted in so many large squares (0.1 µL each), at a dilution factor.
    """
    return _worked(VIABLE_CONCENTRATION, "cells/mL", live=live, squares=squares, dilution=dilution)


def viability(live: Quantity, dead: Quantity) -> Quantity:
    """Live cells in percent of all; the dilution cancels. Undefined when nothing was counted."""
    return _worked(VIABILITY, "%", live=live, dead=dead)


@dataclass(frozen=True)
class Replicates:
    """Mean, standard deviation (n - 1) and coefficient of variation (%) of all counts made.

    The deviation is None for a single count, the coefficient also where the mean is zero.
    """

    mean: Quantity
    deviation: Quantity | None
    cv: Quantity | None


def replicates(counts: Sequence[Quantity]) -> Replicates:
    """Of every count made, in the unit of the first.

    Raises ValueError for none, UnlikeDimensions.
    """
    if not counts:
        raise ValueError("At least one count is needed: count first.")
    unit = counts[0].unit
    numbers = [Fraction(count.to(unit).number) for count in counts]
    mean = sum(numbers, Fraction(0)) / len(numbers)
    if len(numbers) == 1:
        return Replicates(Quantity.of(mean, unit), None, None)
    variance = sum(((number - mean) ** 2 for number in numbers), Fraction(0)) / (len(numbers) - 1)
    cv = _root(variance / mean**2 * 10000, "%") if mean else None
    return Replicates(Quantity.of(mean, unit), _root(variance, unit), cv)


def _root(square: Fraction, unit: str) -> Quantity:
    with localcontext(_WORKING):
        root = (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()
    return Quantity.of(Context(prec=28).plus(root).normalize(), unit)
