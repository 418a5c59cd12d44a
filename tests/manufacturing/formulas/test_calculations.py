"""Golden values: docs/process.md, 2.

The doublings are those of PNAS 2000;97:3213, Table 2, recomputed.
"""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from integrity.numbers import superscript
from integrity.quantities import Quantity, compare, read_measured
from integrity.units import UnlikeDimensions
from integrity.verdicts import conforms
from manufacturing.formulas.calculations import (
    automated_viable,
    cumulative_doublings,
    dilution_factor,
    dose,
    dose_cells,
    doubling_time,
    endotoxin_dose,
    endotoxin_limit,
    population_doublings,
    recovery,
    replicates,
    seeding_volume,
    suspension_volume,
    viability,
    viable_concentration,
    yield_percent,
)
from manufacturing.formulas.evaluation import FormulaError, Undefined

FOURTEEN_DAYS = Quantity("14", "d")
FIFTEEN_ML = Quantity("15", "mL")


def cells(number):
    return Quantity(str(number), "cells")


def plain(number):
    return Quantity(str(number), "1")


def per_ml(number):
    return Quantity(str(number), "cells/mL")


PASSAGES = [
    (
        "58R",
        [
            (80_000, "7.237864", "46.4225"),
            (1_100_000, "11.019224", "30.4922"),
            (230_000, "8.761426", "38.3499"),
        ],
    ),
    ("58L", [(86_000, "7.342200", "45.7628"), (420_000, "9.630181", "34.8903")]),
]


@pytest.mark.req("EBR-16")
@pytest.mark.parametrize(
    ("harvested", "doublings", "hours"),
    [passage for _, passages in PASSAGES for passage in passages],
)
def test_doublings_and_doubling_time_of_the_published_passages(harvested, doublings, hours):
    assert population_doublings(cells(harvested), cells(530)).shown(6) == doublings
    assert doubling_time(FOURTEEN_DAYS, cells(harvested), cells(530)).shown(4) == f"{hours} h"


@pytest.mark.parametrize(("sample", "total"), [(0, "27.018513"), (1, "16.972382")])
def test_cumulative_doublings_are_summed_unrounded(sample, total):
    each = [
        population_doublings(cells(harvested), cells(530))
        for harvested, _, _ in PASSAGES[sample][1]
    ]
    assert cumulative_doublings(each).shown(6) == total


def test_cumulative_doublings_are_carried_over_from_the_bank():
    assert cumulative_doublings([plain("7.25")], carried=plain("11.5")) == plain("18.75")
    assert cumulative_doublings([]) == plain(0)


def test_a_net_loss_has_negative_doublings_and_no_doubling_time():
    seeded, harvested = cells("4.5e6"), cells("2.37e6")
    assert population_doublings(harvested, seeded).shown(6) == "-0.925038"
    assert doubling_time(FOURTEEN_DAYS, harvested, seeded) is None


@pytest.mark.parametrize(("harvested", "has_time"), [(529, False), (530, False), (531, True)])
def test_a_doubling_time_exists_only_above_what_was_seeded(harvested, has_time):
    assert (doubling_time(FOURTEEN_DAYS, cells(harvested), cells(530)) is not None) is has_time


@pytest.mark.req("EBR-16")
def test_450_live_cells_in_4_squares_at_dilution_10_are_1_125_times_ten_to_the_seventh():
    concentration = viable_concentration(cells(450), plain(4), plain(10))
    assert concentration == per_ml(11250000)
    assert superscript(concentration.number, 4) == "1.125 × 10⁷"


def test_120_of_150_unstained_cells_are_80_percent():
    assert viability(cells(120), cells(30)) == Quantity("80", "%")


@pytest.mark.parametrize(("sample", "diluent"), [("100", "900"), ("0.1", "0.9")])
def test_100_in_1000_is_a_dilution_factor_of_10(sample, diluent):
    assert dilution_factor(Quantity(sample, "uL"), Quantity(diluent, "uL")) == plain(10)
    assert dilution_factor(Quantity("0.100", "mL"), Quantity("900", "uL")) == plain(10)


def test_an_automated_counter_takes_dead_from_total_each_with_its_own_dilution():
    assert automated_viable(per_ml("1.2e6"), plain(2), per_ml("3e5"), plain(1)) == per_ml(2100000)


def test_more_dead_than_total_is_counted_again():
    with pytest.raises(Undefined, match="count again"):
        automated_viable(per_ml("1e5"), plain(1), per_ml("3e5"), plain(2))


@pytest.mark.req("EBR-16")
def test_replicates_98_105_110_have_a_cv_of_5_777_percent():
    found = replicates([cells(98), cells(105), cells(110)])
    assert (found.mean.shown(3), found.deviation.shown(4), found.cv.shown(3)) == (
        "104.333 cells",
        "6.0277 cells",
        "5.777 %",
    )


def test_a_single_count_has_no_deviation_and_a_mean_of_zero_no_cv():
    assert replicates([cells(98)]).deviation is None
    assert replicates([cells(0), cells(0)]).cv is None
    assert replicates([cells(0), cells(0)]).deviation == cells(0)


def test_no_count_at_all_is_refused():
    with pytest.raises(ValueError, match="count first"):
        replicates([])


def test_replicates_of_unlike_kinds_are_refused():
    with pytest.raises(UnlikeDimensions):
        replicates([cells(98), per_ml(98)])


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=8), st.randoms())
def test_the_order_of_the_counts_and_their_unit_do_not_matter(counts, random):
    typed = [per_ml(count) for count in counts]
    shuffled = random.sample(typed, len(typed))
    assert replicates(shuffled) == replicates(typed)
    assert replicates([count.to("cells/uL") for count in typed]).cv == replicates(typed).cv


def test_4000_cells_on_each_of_700_square_centimetres_at_5_2_million_per_ml():
    volume = seeding_volume(Quantity("4000", "cells/cm2"), Quantity("700", "cm2"), per_ml("5.2e6"))
    assert volume.shown(3) == "0.538 mL"


@pytest.mark.req("EBR-16")
def test_the_dose_for_62_5_kg():
    made = dose(Quantity("1.0e6", "cells/kg"), Quantity("62.5", "kg"), per_ml("5.2e6"), FIFTEEN_ML)
    assert superscript(made.cells.number) == "6.25 × 10⁷"
    assert made.suspension.shown(3) == "12.019 mL"
    assert made.diluent.shown(3) == "2.981 mL"
    assert superscript(made.concentration.number, 4) == "4.167 × 10⁶"


def test_the_weight_in_grams_gives_the_same_dose():
    assert dose_cells(Quantity("1.0e6", "cells/kg"), Quantity("62500", "g")) == cells(62500000)


@pytest.mark.parametrize(("weight", "fits"), [("77.9", True), ("78", True), ("78.1", False)])
def test_a_dose_that_needs_more_suspension_than_the_container_holds_is_refused(weight, fits):
    asked = (Quantity("1e6", "cells/kg"), Quantity(weight, "kg"), per_ml("5.2e6"), FIFTEEN_ML)
    if fits:
        assert compare(dose(*asked).suspension, FIFTEEN_ML) <= 0
        return
    with pytest.raises(Undefined, match="concentrate the suspension first"):
        dose(*asked)


@pytest.mark.req("EBR-16")
def test_the_endotoxin_limit_of_15_ml_for_60_kg_is_20_eu_per_ml():
    assert (
        endotoxin_limit(Quantity("5", "EU/kg"), FIFTEEN_ML, Quantity("60", "kg")).shown(1)
        == "20.0 EU/mL"
    )


@pytest.mark.parametrize(
    ("typed", "received", "verdict"),
    [
        ("20.0", "5 EU/kg", "conforms"), ("20.1", "5.025 EU/kg", "fails"),
        ("< 0.05", "< 0.0125 EU/kg", "conforms"),
        ("< 20", "< 5 EU/kg", "conforms"), ("< 30", "< 7.5 EU/kg", "inconclusive"),
        ("> 20", "> 5 EU/kg", "fails"),
    ],
)  # fmt: skip
def test_endotoxin_received_in_15_ml_by_60_kg_against_5_eu_per_kg(typed, received, verdict):
    dose_received = endotoxin_dose(read_measured(typed, "EU/mL"), FIFTEEN_ML, Quantity("60", "kg"))
    assert str(dose_received) == received
    assert conforms(dose_received, "<=", Quantity("5", "EU/kg")) == verdict


@given(
    concentration=st.decimals(0, 100, places=2),
    weight=st.decimals(30, 150, places=1),
    qualifier=st.sampled_from(["", "<", "<=", ">", ">="]),
)
def test_endotoxin_is_judged_alike_per_kilogram_and_per_millilitre(
    concentration, weight, qualifier
):
    patient, limit = Quantity.of(weight, "kg"), Quantity("5", "EU/kg")
    measured = read_measured(f"{qualifier} {concentration}", "EU/mL")
    by_weight = conforms(endotoxin_dose(measured, FIFTEEN_ML, patient), "<=", limit)
    assert conforms(measured, "<=", endotoxin_limit(limit, FIFTEEN_ML, patient)) == by_weight


def test_yield_and_recovery_are_percentages():
    assert yield_percent(cells(4500000), cells(6000000)) == Quantity("75", "%")
    assert recovery(cells(70), cells(100)) == Quantity("70", "%")
    assert yield_percent(Quantity("14.25", "mL"), Quantity("0.015", "L")) == Quantity("95", "%")


@pytest.mark.parametrize(
    "act",
    [
        lambda: viability(cells(0), cells(0)),
        lambda: viable_concentration(cells(450), plain(0), plain(10)),
        lambda: dilution_factor(Quantity("0", "uL"), Quantity("900", "uL")),
        lambda: population_doublings(cells(0), cells(530)),
        lambda: population_doublings(cells(530), cells(0)),
        lambda: suspension_volume(cells(530), per_ml(0)),
        lambda: recovery(cells(1), cells(0)),
        lambda: endotoxin_limit(Quantity("5", "EU/kg"), Quantity("0", "mL"), Quantity("60", "kg")),
    ],
)
def test_division_by_zero_and_the_logarithm_of_zero_are_undefined(act):
    with pytest.raises(Undefined):
        act()


@pytest.mark.parametrize(
    "act",
    [
        lambda: viable_concentration(cells(-450), plain(4), plain(10)),
        lambda: dose_cells(Quantity("1e6", "cells/kg"), Quantity("-60", "kg")),
        lambda: viability(cells(10), cells(-5)),
    ],
)
def test_an_amount_below_zero_is_refused(act):
    with pytest.raises(Undefined, match="below zero"):
        act()


@pytest.mark.req("EBR-16")
@pytest.mark.parametrize(
    "act",
    [
        lambda: viable_concentration(Quantity("450", "mL"), plain(4), plain(10)),
        lambda: seeding_volume(Quantity("4000", "cells/cm2"), Quantity("700", "cm"), per_ml("1e6")),
        lambda: dose_cells(Quantity("1e6", "cells/kg"), Quantity("60", "mL")),
        lambda: endotoxin_dose(read_measured("1", "CFU/mL"), FIFTEEN_ML, Quantity("60", "kg")),
        lambda: yield_percent(cells(1), Quantity("1", "vials")),
        lambda: population_doublings(cells(1), per_ml(1)),
    ],
)
def test_a_mistaken_unit_cannot_compute(act):
    with pytest.raises(FormulaError):
        act()


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_doublings_there_and_back_cancel(one, other):
    there, back = (
        population_doublings(cells(one), cells(other)),
        population_doublings(cells(other), cells(one)),
    )
    assert abs(there.number + back.number) < Decimal("1e-24")
