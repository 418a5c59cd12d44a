"""The law of a mean: planned results of one sample, averaged by a rule that was approved with the
specification. Pure: a bound of a number has no mean, so it cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction

from integrity import facts
from integrity.quantities import Measured, Quantity
from integrity.units import unit_of
from integrity.verdicts import INCONCLUSIVE
from qc.laboratory.rules.results import FIGURES_SHOWN, Basis, Verdict, judge_measured
from qc.laboratory.words import JudgedPhrase
from qc.specifications.model import Line


def mean_of(line: Line, values: Sequence[Measured], basis: Basis) -> Verdict:
    """The verdict on the exact mean, in the unit the line is typed in; it is rounded once, as any
    result of the line is, and shown to six figures where the line does not round."""
    if any(each.qualifier for each in values):
        shown = "; ".join(str(each) for each in values)
        return Verdict(INCONCLUSIVE, shown, facts.word(JudgedPhrase.BOUND_HAS_NO_MEAN))
    unit = line.entered_in or "1"
    sizes = [each.quantity.size for each in values]
    mean = sum(sizes, Fraction(0)) / len(sizes) / unit_of(unit).factor
    verdict = judge_measured(line, Measured("", Quantity.of(mean, unit)), basis)
    if line.per_weight or line.decimals is not None:
        return verdict
    figures = Context(prec=FIGURES_SHOWN).plus(Quantity.of(mean, unit).number)
    return replace(verdict, shown=judge_measured(line, _typed(figures, unit), basis).shown)


def _typed(number: Decimal, unit: str) -> Measured:
    return Measured("", Quantity.of(number, unit))
