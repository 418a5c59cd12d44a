"""The calculations of cell manufacture: units in, units out, Decimal throughout, rounded only for
display.

Each is a formula of the closed grammar, so that the printed record can show the same text with its
values put in. Source of the formulas: docs/process.md, 2. All raise Undefined where the values give
no meaning (division by zero, a value below zero where only amounts make sense) and FormulaError or
UnlikeDimensions where a unit does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from integrity.quantities import Measured, Quantity, compare
from manufacturing.formulas.evaluation import Formula, Listed, Undefined, evaluate, parse

VIABLE_CONCENTRATION = parse("count.live / count.squares * count.dilution * 10000 [1/mL]")
VIABILITY = parse("count.live / (count.live + count.dead)")
DILUTION_FACTOR = parse("count.sample_and_diluent / count.sample")
AUTOMATED_VIABLE = parse("count.total * count.total_dilution - count.dead * count.dead_dilution")
POPULATION_DOUBLINGS = parse("log2(passage.harvested / passage.seeded)")
DOUBLING_TIME = parse("passage.time * ln(2) / ln(passage.harvested / passage.seeded)")
SEEDING_VOLUME = parse("seed.density * seed.area / seed.concentration")
DOSE_CELLS = parse("dose.per_kg * dose.weight")
SUSPENSION_VOLUME = parse("dose.cells / dose.concentration")
FINAL_CONCENTRATION = parse("dose.cells / dose.volume")
ENDOTOXIN_DOSE = parse("endotoxin.concentration * endotoxin.volume / endotoxin.weight")
ENDOTOXIN_LIMIT = parse("endotoxin.limit * endotoxin.weight / endotoxin.volume")
PERCENT_OF = parse("yield.actual / yield.expected")

_WORKING = Context(prec=34)


def _worked(formula: Formula, unit: str, **entered: Quantity) -> Quantity:
    """The formula with what was entered, each under the last part of its name."""
    for name, quantity in entered.items():
        if quantity.number < 0:
            raise Undefined(
                f"{name.replace('_', ' ').capitalize()} is below zero ({quantity}): check what "
                "was entered."
            )
    return evaluate(
        formula,
        Listed({use.name: [entered[use.name.split(".")[-1]]] for use in formula.names}),
        unit,
    )


def dilution_factor(sample: Quantity, diluent: Quantity) -> Quantity:
    """(sample + diluent) / sample, a plain number: 100 µL with 900 µL is 10."""
    total = Quantity.of(sample.number + diluent.to(sample.unit).number, sample.unit)
    return _worked(DILUTION_FACTOR, "1", sample=sample, sample_and_diluent=total)


def viable_concentration(live: Quantity, squares: Quantity, dilution: Quantity) -> Quantity:
    """Haemocytometer, cells/mL.

    Live cells counted in so many large squares (0.1 µL each), at a dilution factor.
    """
    return _worked(VIABLE_CONCENTRATION, "cells/mL", live=live, squares=squares, dilution=dilution)


def viability(live: Quantity, dead: Quantity) -> Quantity:
    """Live cells in percent of all; the dilution cancels. Undefined when nothing was counted."""
    return _worked(VIABILITY, "%", live=live, dead=dead)


def automated_viable(
    total: Quantity, total_dilution: Quantity, dead: Quantity, dead_dilution: Quantity
) -> Quantity:
    """cells/mL from a counter that loads total and non-viable cells separately, each with its own
    dilution factor.
    """
    viable = _worked(
        AUTOMATED_VIABLE,
        "cells/mL",
        total=total,
        total_dilution=total_dilution,
        dead=dead,
        dead_dilution=dead_dilution,
    )
    if viable.number < 0:
        raise Undefined("More dead cells than cells in total were counted: count again.")
    return viable


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


def population_doublings(harvested: Quantity, seeded: Quantity) -> Quantity:
    """log2 of viable cells harvested over viable cells seeded, a plain number.

    Below zero is a net loss.
    """
    return _worked(POPULATION_DOUBLINGS, "1", harvested=harvested, seeded=seeded)


def doubling_time(time: Quantity, harvested: Quantity, seeded: Quantity) -> Quantity | None:
    """Hours per doubling.

    None where no more cells were harvested than seeded (net loss), never a negative time.
    """
    if compare(harvested, seeded) <= 0:
        return None
    return _worked(DOUBLING_TIME, "h", time=time, harvested=harvested, seeded=seeded)


def cumulative_doublings(passages: Sequence[Quantity], carried: Quantity | None = None) -> Quantity:
    """The sum from P1 on, and what the bank brought with it.

    P0 grows from tissue and has no seeded number.
    """
    parts = [part.to("1").number for part in ([carried] if carried else []) + list(passages)]
    with localcontext(_WORKING):
        return Quantity.of(Context(prec=28).plus(sum(parts, Decimal(0))), "1")


def seeding_volume(density: Quantity, area: Quantity, concentration: Quantity) -> Quantity:
    """mL of suspension for so many viable cells per area on an area."""
    return _worked(SEEDING_VOLUME, "mL", density=density, area=area, concentration=concentration)


def dose_cells(per_kg: Quantity, weight: Quantity) -> Quantity:
    """Viable cells for a patient of this weight."""
    return _worked(DOSE_CELLS, "cells", per_kg=per_kg, weight=weight)


def suspension_volume(cells: Quantity, concentration: Quantity) -> Quantity:
    """mL of suspension that hold so many viable cells."""
    return _worked(SUSPENSION_VOLUME, "mL", cells=cells, concentration=concentration)


def final_concentration(cells: Quantity, volume: Quantity) -> Quantity:
    """cells/mL once the cells are made up to the final volume."""
    return _worked(FINAL_CONCENTRATION, "cells/mL", cells=cells, volume=volume)


@dataclass(frozen=True)
class Dose:
    """One dose.

    Its cells, the suspension to draw, the diluent that makes it up, and what results.
    """

    cells: Quantity
    suspension: Quantity
    diluent: Quantity
    concentration: Quantity


def dose(per_kg: Quantity, weight: Quantity, concentration: Quantity, volume: Quantity) -> Dose:
    """A dose made up (q.s.) to `volume`. Undefined where the suspension alone is more than that."""
    cells = dose_cells(per_kg, weight)
    suspension = suspension_volume(cells, concentration)
    room = volume.to("mL")
    if compare(suspension, room) > 0:
        raise Undefined(
            f"The dose takes {suspension.shown(3)} of suspension, more than the {volume} it is "
            "made up to: "
            "concentrate the suspension first."
        )
    diluent = Quantity.of(room.number - suspension.number, "mL")
    return Dose(cells, suspension, diluent, final_concentration(cells, volume))


def endotoxin_dose(measured: Measured, volume: Quantity, weight: Quantity) -> Measured:
    """EU/kg received with the whole volume, counted as within one hour.

    A censored result stays censored.
    """
    received = _worked(
        ENDOTOXIN_DOSE, "EU/kg", concentration=measured.quantity, volume=volume, weight=weight
    )
    return Measured(measured.qualifier, received)


def endotoxin_limit(limit: Quantity, volume: Quantity, weight: Quantity) -> Quantity:
    """EU/mL allowed in the product for a limit in EU/kg.

    Judge with the lowest weight the label allows.
    """
    return _worked(ENDOTOXIN_LIMIT, "EU/mL", limit=limit, volume=volume, weight=weight)


def yield_percent(actual: Quantity, theoretical: Quantity) -> Quantity:
    """The actual yield in percent of the theoretical one."""
    return _worked(PERCENT_OF, "%", actual=actual, expected=theoretical)


def recovery(viable_out: Quantity, viable_in: Quantity) -> Quantity:
    """Viable cells after a step in percent of those before it."""
    return _worked(PERCENT_OF, "%", actual=viable_out, expected=viable_in)
