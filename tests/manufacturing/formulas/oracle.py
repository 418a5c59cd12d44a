"""What the formulas of a shipped master record must give.

Worked out without Cordbook's own grammar, units or quantities: bare numbers, their units in the
names, Decimal with 50 digits.

Source of the formulas: the calculations of cell manufacture as published (doublings: PNAS
2000;97:3213, Table 2; dose and endotoxin: J Transl Med 2020;18).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal

WORKING = Context(prec=50)


def population_doublings(harvested: Decimal, seeded: Decimal) -> Decimal:
    """log2 of viable cells harvested over viable cells seeded; below zero is a net loss."""
    return WORKING.divide(_ln(harvested, seeded), WORKING.ln(Decimal(2)))


def doubling_time_h(hours: Decimal, harvested: Decimal, seeded: Decimal) -> Decimal | None:
    """Hours per doubling; None where no more cells were harvested than seeded."""
    if harvested <= seeded:
        return None
    return WORKING.divide(WORKING.multiply(hours, WORKING.ln(Decimal(2))), _ln(harvested, seeded))


def _ln(harvested: Decimal, seeded: Decimal) -> Decimal:
    return WORKING.subtract(WORKING.ln(harvested), WORKING.ln(seeded))


def cumulative_doublings(passages: Sequence[Decimal]) -> Decimal:
    """The sum from P1 on; P0 grows from tissue and has no seeded number."""
    return sum(passages, Decimal(0))


def cells_in(volume_ml: Decimal, cells_per_ml: Decimal) -> Decimal:
    return WORKING.multiply(volume_ml, cells_per_ml)


def seeding_volume_ml(
    cells_per_cm2: Decimal, flasks: Decimal, area_cm2: Decimal, cells_per_ml: Decimal
) -> Decimal:
    """Suspension for so many viable cells per area on the area of all flasks."""
    wanted = WORKING.multiply(cells_per_cm2, WORKING.multiply(flasks, area_cm2))
    return WORKING.divide(wanted, cells_per_ml)


def density_per_cm2(cells: Decimal, flasks: Decimal, area_cm2: Decimal) -> Decimal:
    return WORKING.divide(cells, WORKING.multiply(flasks, area_cm2))


def for_each_gram(added: Decimal, tissue_g: Decimal) -> Decimal:
    """Enzyme for each gram of tissue."""
    return WORKING.divide(added, tissue_g)


def units_for_each_gram(units_per_ml: Decimal, added_ml: Decimal, tissue_g: Decimal) -> Decimal:
    """Units of the enzyme for each gram of tissue, in whatever unit its activity is stated."""
    return WORKING.divide(WORKING.multiply(units_per_ml, added_ml), tissue_g)


def dose_cells(cells_per_kg: Decimal, weight_kg: Decimal) -> Decimal:
    return WORKING.multiply(cells_per_kg, weight_kg)


def suspension_volume_ml(cells: Decimal, cells_per_ml: Decimal) -> Decimal:
    return WORKING.divide(cells, cells_per_ml)


def final_concentration_per_ml(cells: Decimal, volume_ml: Decimal) -> Decimal:
    """Once the cells are made up to the final volume."""
    return WORKING.divide(cells, volume_ml)


def percent_of(actual: Decimal, expected: Decimal) -> Decimal:
    """Recovery and yield."""
    return WORKING.multiply(WORKING.divide(actual, expected), Decimal(100))


def endotoxin_limit_per_ml(eu_per_kg: Decimal, volume_ml: Decimal, weight_kg: Decimal) -> Decimal:
    """EU/mL allowed in the product for a limit in EU/kg."""
    return WORKING.divide(WORKING.multiply(eu_per_kg, weight_kg), volume_ml)


def enzyme_to_add_ml(tissue_g: Decimal) -> Decimal:
    """Three millilitres for each gram."""
    return tissue_g * 3


def of_the_stock_ml(wanted_per_ml: Decimal, volume_ml: Decimal, stock_per_ml: Decimal) -> Decimal:
    """What of a stock gives a volume of what is wanted: C1 V1 = C2 V2."""
    return wanted_per_ml * volume_ml / stock_per_ml


def shared_out(volume_ml: Decimal, vessels: Decimal) -> Decimal:
    return volume_ml / vessels
