"""What a cell count gives; golden values: docs/process.md, 2."""

import pytest
from hypothesis import given, strategies as st

from integrity.figures import superscript
from integrity.quantities import Quantity
from integrity.units import UnlikeDimensions
from manufacturing.formulas.calculations import replicates, viability, viable_concentration
from manufacturing.formulas.evaluation import FormulaError, Undefined


def cells(number):
    return Quantity(str(number), "cells")


def plain(number):
    return Quantity(str(number), "1")


def per_ml(number):
    return Quantity(str(number), "cells/mL")


@pytest.mark.req("EBR-16")
def test_450_live_cells_in_4_squares_at_dilution_10_are_1_125_times_ten_to_the_seventh():
    concentration = viable_concentration(cells(450), plain(4), plain(10))
    assert concentration == per_ml(11250000)
    assert superscript(concentration.number, 4) == "1.125 × 10⁷"


def test_120_of_150_unstained_cells_are_80_percent():
    assert viability(cells(120), cells(30)) == Quantity("80", "%")


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


@pytest.mark.parametrize(
    "act",
    [
        lambda: viability(cells(0), cells(0)),
        lambda: viable_concentration(cells(450), plain(0), plain(10)),
    ],
)
def test_division_by_zero_and_the_logarithm_of_zero_are_undefined(act):
    with pytest.raises(Undefined):
        act()


@pytest.mark.parametrize(
    "act",
    [
        lambda: viable_concentration(cells(-450), plain(4), plain(10)),
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
    ],
)
def test_a_mistaken_unit_cannot_compute(act):
    with pytest.raises(FormulaError):
        act()
