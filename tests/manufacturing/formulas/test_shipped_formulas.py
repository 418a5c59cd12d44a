"""The formulas of the shipped master record against an oracle that shares no code with them.

Through the golden cases, and through whatever numbers can stand in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from integrity.quantities import Quantity, compare
from manufacturing.execution.rules import steps as rules
from manufacturing.formulas.evaluation import FormulaError, Listed, Undefined, evaluate, parse
from manufacturing.masters.document import SHIPPED, read
from tests.manufacturing.formulas import oracle

RECORD = read(SHIPPED.read_bytes())
FIELDS = {
    f"{step.id}.{field.id}": field
    for stage in RECORD.stages
    for step in stage.steps
    for field in step.fields
    if field.type == "calculation"
}
MORNING = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def worked_out(name: str, values: Mapping[str, Sequence[Quantity | datetime]]) -> Quantity:
    """What the shipped formula of `step.field` gives, unrounded, in its unit."""
    field = FIELDS[name]
    assert field.formula and field.unit
    listed = Listed({key: list(turns) for key, turns in values.items()})
    return evaluate(parse(field.formula), listed, field.unit)


@dataclass(frozen=True)
class Case:
    """One shipped formula: its inputs as (name, unit) in the order the oracle takes them."""

    field: str
    inputs: tuple[tuple[str, str], ...]
    oracle: Callable[..., Decimal]

    def __str__(self) -> str:
        return self.field

    def shipped(self, *numbers: Decimal) -> Quantity:
        return worked_out(
            self.field,
            {
                name: [Quantity.of(number, unit)]
                for (name, unit), number in zip(self.inputs, numbers, strict=True)
            },
        )


def cells_of(field: str, volume: str, count: str) -> Case:
    concentration = (f"{count}.count.viable_concentration", "cells/mL")
    return Case(field, ((volume, "mL"), concentration), oracle.cells_in)


def to_seed(step: str, *concentration: str) -> Case:
    inputs = ((f"{step}.density", "cells/cm2"), (f"{step}.flasks.number", "1"))
    inputs += ((f"{step}.flasks.area", "cm2"), (concentration[0], "cells/mL"))
    return Case(f"{step}.to_seed", inputs, oracle.seeding_volume_ml)


def into_each(step: str) -> Case:
    inputs = ((f"{step}.to_seed", "mL"), (f"{step}.flasks.number", "1"))
    return Case(f"{step}.into_each", inputs, oracle.shared_out)


def from_area(field: str, cells: str, seeded: str) -> Case:
    area = ((f"{seeded}.flasks.number", "1"), (f"{seeded}.flasks.area", "cm2"))
    return Case(field, ((cells, "cells"), *area), oracle.density_per_cm2)


CASES = [
    cells_of("tissue_count.viable", "filter_spin.volume", "tissue_count"),
    cells_of("p0_seed.cells", "p0_seed.volume", "tissue_count"),
    cells_of("p0_count.viable", "p0_harvest.volume", "p0_count"),
    cells_of("passage_count.viable", "harvest.volume", "passage_count"),
    cells_of("final_count.viable", "wash_cells.volume", "final_count"),
    cells_of("suspend.cells", "suspend.drawn", "final_count"),
    Case(
        "seed.cells",
        (("seed.volume", "mL"), ("seed.suspension", "cells/mL")),
        oracle.cells_in,
    ),
    cells_of("harvest_samples.cells", "harvest_samples.left", "passage_count"),
    to_seed("p0_seed", "tissue_count.count.viable_concentration"),
    to_seed("seed", "seed.suspension"),
    from_area("seed.reached", "seed.cells", "seed"),
    from_area("p0_seed.reached", "p0_seed.cells", "p0_seed"),
    from_area("p0_count.from_area", "p0_count.viable", "p0_seed"),
    from_area("passage_count.from_area", "passage_count.viable", "seed"),
    Case(
        "tissue_count.per_gram",
        (("tissue_count.viable", "cells"), ("mince.tissue_weight", "g")),
        oracle.for_each_gram,
    ),
    Case(
        "passage_count.doublings",
        (("passage_count.viable", "cells"), ("seed.cells", "cells")),
        oracle.population_doublings,
    ),
    Case(
        "enzyme.per_gram",
        (("enzyme.volume", "mL"), ("mince.tissue_weight", "g")),
        oracle.for_each_gram,
    ),
    Case(
        "enzyme.units_per_gram",
        (("enzyme.activity", "CDU/mL"), ("enzyme.volume", "mL"), ("mince.tissue_weight", "g")),
        oracle.units_for_each_gram,
    ),
    Case(
        "enzyme.units",
        (("enzyme.activity", "CDU/mL"), ("enzyme.volume", "mL")),
        oracle.cells_in,
    ),
    Case(
        "enzyme.drawn",
        (("enzyme.activity", "CDU/mL"), ("enzyme.volume", "mL"), ("enzyme.stock", "CDU/mL")),
        oracle.of_the_stock_ml,
    ),
    Case("enzyme.to_add", (("mince.tissue_weight", "g"),), oracle.enzyme_to_add_ml),
    Case(
        "enzyme.to_dilute",
        (("enzyme.activity", "CDU/mL"), ("enzyme.to_add", "mL"), ("enzyme.stock", "CDU/mL")),
        oracle.of_the_stock_ml,
    ),
    into_each("p0_seed"),
    into_each("seed"),
    Case(
        "freeze.to_draw",
        (("freeze.cells", "cells"), ("passage_count.count.viable_concentration", "cells/mL")),
        oracle.suspension_volume_ml,
    ),
    Case(
        "dose.cells",
        (("dose.per_kg", "cells/kg"), ("dose.weight", "kg")),
        oracle.dose_cells,
    ),
    Case(
        "dose.volume",
        (("dose.cells", "cells"), ("final_count.count.viable_concentration", "cells/mL")),
        oracle.suspension_volume_ml,
    ),
    Case(
        "suspend.concentration",
        (("suspend.cells", "cells"), ("suspend.volume", "mL")),
        oracle.final_concentration_per_ml,
    ),
    Case(
        "final_count.recovery",
        (("final_count.viable", "cells"), ("harvest_samples.cells", "cells")),
        oracle.percent_of,
    ),
    Case(
        "suspend.yield",
        (("suspend.cells", "cells"), ("dose.cells", "cells")),
        oracle.percent_of,
    ),
]
BY_FIELD = {case.field: case for case in CASES}
# formula: the test of this file that runs it otherwise than number by number
APART = {
    "passage_count.doubling_time": "test_a_doubling_time_is_that_of_the_oracle",
    "passage_count.cumulative": "test_cumulative_doublings_are_those_of_the_oracle",
    "seed.suspension": "test_the_suspension_is_that_of_the_passage_before_and_first_of_p0",
    "wash_cells.since_microbiology": "test_a_span_is_the_time_between_its_two_moments",
    "mince.left": "test_what_is_left_over_is_the_difference",
    "dose.left": "test_what_is_left_over_is_the_difference",
    "p0_seed.left": "test_what_is_seeded_and_drawn_is_taken_from_what_there_was",
    "seed.left": "test_what_is_seeded_and_drawn_is_taken_from_what_there_was",
    "suspend.left": "test_what_is_seeded_and_drawn_is_taken_from_what_there_was",
    "suspend.added": "test_what_is_seeded_and_drawn_is_taken_from_what_there_was",
    "harvest_samples.left": "test_what_is_seeded_and_drawn_is_taken_from_what_there_was",
    "suspend.to_draw": "test_what_is_to_be_drawn_and_added_makes_the_suspension_of_the_dose",
    "suspend.to_make_up": "test_what_is_to_be_drawn_and_added_makes_the_suspension_of_the_dose",
    "satellites.to_draw": "test_what_is_to_be_drawn_and_added_makes_satellites_like_the_product",
    "satellites.to_make_up": "test_what_is_to_be_drawn_and_added_makes_satellites_like_the_product",
    "label_container.there": "test_there_is_to_fill_what_the_samples_left",
    "mince.spread": "test_the_smallest_piece_is_not_larger_than_the_largest",
    "freeze.cells": "test_a_bank_holds_no_more_than_was_drawn_for_it",
    "freeze.filled": "test_a_bank_holds_no_more_than_was_drawn_for_it",
    "freeze.left": "test_what_is_seeded_and_drawn_is_taken_from_what_there_was",
    "satellites.left": "test_what_is_seeded_and_drawn_is_taken_from_what_there_was",
    "satellites.balance": "test_what_is_seeded_and_drawn_is_taken_from_what_there_was",
    "satellites.concentration": "test_the_satellites_are_as_the_product",
    "satellites.likeness": "test_the_satellites_are_as_the_product",
    "label_container.balance": "test_one_millilitre_lost_and_one_gained_are_both_outside",
    "label_container.cells": "test_the_cells_of_a_container_are_those_that_were_filled",
    "reconcile.difference": "test_labels_are_reconciled_to_none_unaccounted_for",
    "reconcile.on_containers": "test_there_are_as_many_labels_applied_as_containers",
}


def test_every_formula_of_the_shipped_record_is_run_here():
    assert sorted([*BY_FIELD, *APART]) == sorted(FIELDS)
    assert set(APART.values()) <= set(globals())


# Golden cases
# -------------------------------------------------------------------------------------------------

GOLDEN = [
    ("passage_count.doublings", ("80000", "530"), "7.237864"),
    ("passage_count.doublings", ("1100000", "530"), "11.019224"),
    ("passage_count.doublings", ("230000", "530"), "8.761426"),
    ("passage_count.doublings", ("86000", "530"), "7.342200"),
    ("passage_count.doublings", ("420000", "530"), "9.630181"),
    ("passage_count.doublings", ("2370000", "4500000"), "-0.925038"),
    ("seed.to_seed", ("4000", "4", "175", "5200000"), "0.538"),
    ("enzyme.per_gram", ("90", "30"), "3.00"),
    ("enzyme.units_per_gram", ("500", "90", "30"), "1500"),
    ("enzyme.to_add", ("31.2",), "93.6"),
    ("enzyme.to_dilute", ("500", "93.6", "25000"), "1.87"),
    ("seed.into_each", ("0.538", "4"), "0.135"),
    ("freeze.to_draw", ("100000000", "4750000"), "21.05"),
    ("dose.cells", ("1000000", "62.5"), "62500000"),
    ("dose.volume", ("62500000", "5200000"), "12.019"),
    ("suspend.concentration", ("62500000", "15"), "4166667"),
    ("suspend.yield", ("4500000", "6000000"), "75.0"),
    ("final_count.recovery", ("70", "100"), "70.0"),
]


@pytest.mark.req("EBR-16")
@pytest.mark.parametrize(("field", "numbers", "shown"), GOLDEN)
def test_oracle_and_shipped_formula_give_the_golden_number(field, numbers, shown):
    typed = [Decimal(number) for number in numbers]
    places = FIELDS[field].decimals
    rounded = Quantity.of(BY_FIELD[field].oracle(*typed), FIELDS[field].unit).rounded(places)
    assert rounded == Quantity(shown, FIELDS[field].unit)
    assert BY_FIELD[field].shipped(*typed).rounded(places) == rounded


HOURS = [
    ("80000", "46.4225"), ("1100000", "30.4922"), ("230000", "38.3499"), ("86000", "45.7628"),
    ("420000", "34.8903"),
]  # fmt: skip


def doubling_time(harvested: Decimal, seeded: Decimal, time: timedelta) -> Quantity:
    return worked_out(
        "passage_count.doubling_time",
        {
            "passage_count.viable": [Quantity.of(harvested, "cells")],
            "seed.cells": [Quantity.of(seeded, "cells")],
            "seed.at": [MORNING],
            "harvest.at": [MORNING + time],
        },
    )


@pytest.mark.req("EBR-16")
@pytest.mark.parametrize(("harvested", "hours"), HOURS)
def test_oracle_and_shipped_formula_give_the_golden_doubling_time(harvested, hours):
    known = oracle.doubling_time_h(Decimal(14 * 24), Decimal(harvested), Decimal(530))
    assert Quantity.of(known, "h").rounded(4) == Quantity(hours, "h")
    shipped = doubling_time(Decimal(harvested), Decimal(530), timedelta(days=14))
    assert shipped.rounded(4) == Quantity(hours, "h")


@pytest.mark.parametrize(
    ("passages", "total"),
    [(("80000", "1100000", "230000"), "27.018513"), (("86000", "420000"), "16.972382")],
)
def test_cumulative_doublings_are_those_of_the_oracle(passages, total):
    case = BY_FIELD["passage_count.doublings"]
    numbers = [(Decimal(harvested), Decimal(530)) for harvested in passages]
    known = oracle.cumulative_doublings([case.oracle(*pair) for pair in numbers])
    shipped = worked_out(
        "passage_count.cumulative",
        {"passage_count.doublings": [case.shipped(*pair) for pair in numbers]},
    )
    assert shipped.rounded(6) == Quantity.of(known, "1").rounded(6) == Quantity(total, "1")


def test_what_58r_adds_up_to_is_more_than_is_allowed():
    limits = FIELDS["passage_count.cumulative"].limits
    assert limits is not None and limits.high is not None
    assert compare(Quantity("27.018513", "1"), limits.high) > 0


# Whatever numbers
# -------------------------------------------------------------------------------------------------

NUMBERS = st.decimals("0.001", 10**9, places=3)


@pytest.mark.parametrize("case", CASES, ids=str)
@given(data=st.data())
def test_a_shipped_formula_gives_what_the_oracle_gives(case, data):
    numbers = [data.draw(NUMBERS) for _ in case.inputs]
    known, shipped = case.oracle(*numbers), case.shipped(*numbers)
    assert shipped.unit == FIELDS[case.field].unit
    assert abs(shipped.number - known) <= abs(known) * Decimal("1e-24") + Decimal("1e-24")


@given(NUMBERS, NUMBERS, st.integers(1, 10**6))
def test_a_doubling_time_is_that_of_the_oracle(harvested, seeded, minutes):
    known = oracle.doubling_time_h(Decimal(minutes) / 60, harvested, seeded)
    if known is None:
        with pytest.raises(Undefined):
            doubling_time(harvested, seeded, timedelta(minutes=minutes))
        return
    shipped = doubling_time(harvested, seeded, timedelta(minutes=minutes))
    assert abs(shipped.number - known) <= known * Decimal("1e-20")


@pytest.mark.parametrize(("harvested", "has_time"), [(529, False), (530, False), (531, True)])
def test_a_doubling_time_exists_only_above_what_was_seeded(harvested, has_time):
    if has_time:
        assert doubling_time(Decimal(harvested), Decimal(530), timedelta(days=14)).number > 0
        return
    with pytest.raises(Undefined):
        doubling_time(Decimal(harvested), Decimal(530), timedelta(days=14))


def test_the_suspension_is_that_of_the_passage_before_and_first_of_p0():
    p0 = {"p0_count.count.viable_concentration": [Quantity("100000", "cells/mL")]}
    later = [Quantity("80000", "cells/mL"), Quantity("90000", "cells/mL")]
    assert worked_out("seed.suspension", p0) == Quantity("100000", "cells/mL")
    both = p0 | {"passage_count.count.viable_concentration": later}
    assert worked_out("seed.suspension", both) == Quantity("80000", "cells/mL")


def test_a_span_is_the_time_between_its_two_moments():
    name = "wash_cells.since_microbiology"
    later, earlier = parse(FIELDS[name].formula).names
    moments = {later.name: [MORNING + timedelta(hours=49, minutes=30)], earlier.name: [MORNING]}
    assert worked_out(name, moments) == Quantity("49.5", "h")


def test_what_is_left_over_is_the_difference():
    volumes = {"wash_cells.volume": [Quantity("20", "mL")], "dose.volume": [Quantity("7981", "uL")]}
    assert worked_out("dose.left", volumes) == Quantity("12.019", "mL")


PULLED = {
    "harvest_samples.mycoplasma.volume": "1.0",
    "harvest_samples.mycoplasma_culture.volume": "5.0",
    "harvest_samples.karyotype.volume": "1.0",
    "harvest_samples.potency.volume": "1.0",
}
WASHED = {"wash_cells.volume": "20", "suspend.drawn": "12.02"}
FILLED = {
    "satellites.volume": "8.50",
    "satellites.sterility.volume": "7.50",
    "satellites.retention.volume": "0.90",
}
TAKEN = [
    ("p0_seed.left", {"filter_spin.volume": "20", "p0_seed.volume": "20"}, "0", True),
    ("p0_seed.left", {"filter_spin.volume": "20", "p0_seed.volume": "20.01"}, "-0.01", False),
    ("seed.left", {"p0_harvest.volume": "40", "seed.volume": "90"}, "-50", False),
    ("seed.left", {"harvest.volume": "100", "p0_harvest.volume": "40", "seed.volume": "90"},
     "10", True),
    ("suspend.left", {"wash_cells.volume": "20", "suspend.drawn": "20.5"}, "-0.5", False),
    ("harvest_samples.left", PULLED | {"harvest.volume": "8"}, "0", True),
    ("harvest_samples.left", PULLED | {"harvest.volume": "7.9"}, "-0.1", False),
    ("harvest_samples.left", PULLED | {"harvest.volume": "40", "freeze.drawn": "32"}, "0", True),
    ("harvest_samples.left", PULLED | {"harvest.volume": "40", "freeze.drawn": "32.1"},
     "-0.1", False),
    ("freeze.left", {"harvest.volume": "40", "freeze.drawn": "40"}, "0", True),
    ("freeze.left", {"harvest.volume": "40", "freeze.drawn": "40.1"}, "-0.1", False),
    ("satellites.left", WASHED | {"satellites.drawn": "7.98"}, "0", True),
    ("satellites.left", WASHED | {"satellites.drawn": "8.98"}, "-1", False),
    ("satellites.balance", FILLED | {"satellites.residue": "0.10"}, "0", True),
    ("satellites.balance", FILLED | {"satellites.residue": "1.10"}, "-1", False),
    ("satellites.balance", FILLED | {"satellites.residue": "0.25"}, "-0.15", True),
    ("suspend.added", {"suspend.volume": "15", "suspend.drawn": "15.1"}, "-0.1", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "typed", "left", "is_inside"), TAKEN)
def test_what_is_seeded_and_drawn_is_taken_from_what_there_was(name, typed, left, is_inside):
    values = {each: [Quantity(volume, "mL")] * 2 for each, volume in typed.items()}
    found = worked_out(name, values)
    assert found == Quantity(left, "mL")
    assert rules.is_inside(found, FIELDS[name].limits) is is_inside


SAMPLES = {
    "cells": "0.10",
    "flow": "0.20",
    "endotoxin": "0.10",
    "sterility": "0.10",
    "gram": "0.05",
}


@pytest.mark.parametrize(
    ("number", "fill", "residue", "balance", "is_inside"),
    [
        ("1", "14.40", "0.05", "0", True),
        ("1", "14.40", "0.20", "-0.15", True),
        ("1", "14.40", "0.21", "-0.16", False),
        ("1", "14.25", "0.05", "0.15", True),
        ("1", "14.40", "1.05", "-1", False),
        ("1", "13.40", "0.05", "1", False),
        ("9", "14.40", "0.05", "-115.2", False),
    ],
)
def test_one_millilitre_lost_and_one_gained_are_both_outside(
    number, fill, residue, balance, is_inside
):
    values = {f"qc_samples.{name}.volume": [Quantity(v, "mL")] for name, v in SAMPLES.items()}
    values |= {
        "suspend.volume": [Quantity("15.00", "mL")],
        "label_container.container.number": [Quantity(number, "1")],
        "label_container.fill": [Quantity(fill, "mL")],
        "label_container.residue": [Quantity(residue, "mL")],
    }
    found = worked_out("label_container.balance", values)
    assert found == Quantity(balance, "mL")
    assert rules.is_inside(found, FIELDS["label_container.balance"].limits) is is_inside


@pytest.mark.parametrize(
    ("drawn", "shown", "is_inside"),
    [
        ("6.81", "100.0", True),
        ("6.47", "95.0", False),
        ("6.48", "95.1", True),
        ("7.2", "105.7", False),
    ],
)
def test_the_satellites_are_as_the_product(drawn, shown, is_inside):
    values = {
        "satellites.drawn": [Quantity(drawn, "mL")],
        "final_count.count.viable_concentration": [Quantity("5200000", "cells/mL")],
        "satellites.volume": [Quantity("8.50", "mL")],
        "suspend.concentration": [Quantity("4166933.3333", "cells/mL")],
    }
    values["satellites.concentration"] = [worked_out("satellites.concentration", values)]
    found = worked_out("satellites.likeness", values)
    assert found.shown(1) == f"{shown} %"
    assert rules.is_inside(found, FIELDS["satellites.likeness"].limits) is is_inside


def test_what_is_to_be_drawn_and_added_makes_the_suspension_of_the_dose():
    drawn = worked_out("suspend.to_draw", {"dose.volume": [Quantity("12.0192", "mL")]})
    assert drawn == Quantity("12.0192", "mL")
    added = worked_out("suspend.to_make_up", {"suspend.drawn": [Quantity("12.02", "mL")]})
    assert added == Quantity("2.98", "mL")
    target = RECORD.step("suspend").field("volume").target
    assert compare(Quantity.of(added.number + Decimal("12.02"), "mL"), target) == 0


def test_what_is_to_be_drawn_and_added_makes_satellites_like_the_product():
    target = RECORD.step("satellites").field("volume").target
    values = {
        "final_count.count.viable_concentration": [Quantity("5200000", "cells/mL")],
        "suspend.concentration": [Quantity("4166933.3333", "cells/mL")],
    }
    drawn = worked_out("satellites.to_draw", values)
    assert drawn.shown(2) == "6.81 mL"
    values |= {"satellites.drawn": [drawn]}
    added = worked_out("satellites.to_make_up", values)
    assert added.shown(2) == "1.69 mL"
    assert Quantity.of(drawn.number + added.number, "mL").rounded(2) == target


def test_there_is_to_fill_what_the_samples_left():
    values = {f"qc_samples.{name}.volume": [Quantity(v, "mL")] for name, v in SAMPLES.items()}
    for number, shown in (("1", "14.45 mL"), ("2", "7.23 mL")):
        values |= {
            "suspend.volume": [Quantity("15.00", "mL")],
            "label_container.container.number": [Quantity(number, "1")],
        }
        assert worked_out("label_container.there", values).shown(2) == shown


def test_the_cells_of_a_container_are_those_that_were_filled():
    values = {
        "suspend.concentration": [Quantity("4166667", "cells/mL")],
        "label_container.fill": [Quantity("14.40", "mL")],
    }
    assert worked_out("label_container.cells", values) == Quantity("60000004.8", "cells")


def test_labels_are_reconciled_to_none_unaccounted_for():
    names = ("issued", "applied", "damaged", "destroyed", "returned", "specimen")
    counts = dict(zip(names, ["20", "12", "1", "4", "2", "1"], strict=True))
    values = {f"reconcile.{name}": [Quantity(count, "1")] for name, count in counts.items()}
    assert worked_out("reconcile.difference", values) == Quantity("0", "1")
    values["reconcile.applied"] = [Quantity("11", "1")]
    assert worked_out("reconcile.difference", values) == Quantity("1", "1")


@pytest.mark.parametrize(
    ("containers", "applied", "fits"),
    [("1", "1", True), ("1", "0", False), ("2", "1", False), ("2", "2", True), ("1", "2", False)],
)
def test_there_are_as_many_labels_applied_as_containers(containers, applied, fits):
    values = {"reconcile.applied": [Quantity(applied, "1")]}
    values["label_container.container.number"] = [Quantity(containers, "1")]
    found = worked_out("reconcile.on_containers", values)
    assert rules.is_inside(found, FIELDS["reconcile.on_containers"].limits) is fits


@pytest.mark.parametrize(
    ("smallest", "largest", "fits"),
    [("1.5", "3.5", True), ("3.5", "3.5", True), ("3.6", "3.5", False), ("4.5", "1.2", False)],
)
def test_the_smallest_piece_is_not_larger_than_the_largest(smallest, largest, fits):
    values = {"mince.smallest": [Quantity(smallest, "mm")]}
    values["mince.largest"] = [Quantity(largest, "mm")]
    found = worked_out("mince.spread", values)
    assert rules.is_inside(found, FIELDS["mince.spread"].limits) is fits


@pytest.mark.parametrize(
    ("vials", "cells", "shown", "fits"),
    [
        ("3", "30000000", "98.7", True),
        ("4", "40000000", "131.6", False),
        ("2", "20000000", "65.8", False),
    ],
)
def test_a_bank_holds_no_more_than_was_drawn_for_it(vials, cells, shown, fits):
    values = {
        "freeze.per_vial": [Quantity("10000000", "cells/vial")],
        "freeze.vials.number": [Quantity(vials, "1")],
        "freeze.drawn": [Quantity("32", "mL")],
        "passage_count.count.viable_concentration": [Quantity("950000", "cells/mL")],
    }
    values["freeze.cells"] = [worked_out("freeze.cells", values)]
    assert values["freeze.cells"] == [Quantity(cells, "cells")]
    found = worked_out("freeze.filled", values)
    assert found.shown(1) == f"{shown} %"
    assert rules.is_inside(found, FIELDS["freeze.filled"].limits) is fits


# calculation, number of its unit, whether that is inside: each limit at its edge and beyond it
EDGES = [
    ("final_count.recovery", "69.9", False), ("final_count.recovery", "70", True),
    ("final_count.recovery", "120", True), ("final_count.recovery", "120.1", False),
    ("tissue_count.per_gram", "49999", False), ("tissue_count.per_gram", "50000", True),
    ("tissue_count.per_gram", "2000000", True), ("tissue_count.per_gram", "2000001", False),
    ("p0_seed.reached", "7999", False), ("p0_seed.reached", "8000", True),
    ("p0_seed.reached", "12000", True), ("p0_seed.reached", "12001", False),
    ("seed.reached", "3199", False), ("seed.reached", "3200", True),
    ("seed.reached", "4800", True), ("seed.reached", "4801", False),
    ("p0_count.from_area", "100000", True), ("p0_count.from_area", "100001", False),
    ("passage_count.from_area", "100000", True), ("passage_count.from_area", "100001", False),
    ("passage_count.doublings", "-0.000001", False), ("passage_count.doublings", "0", True),
    ("passage_count.cumulative", "25", True), ("passage_count.cumulative", "25.000001", False),
    ("freeze.filled", "79.9", False), ("freeze.filled", "80", True),
    ("freeze.filled", "100", True), ("freeze.filled", "100.1", False),
    ("suspend.yield", "79.9", False), ("suspend.yield", "80", True),
    ("suspend.yield", "120", True), ("suspend.yield", "120.1", False),
    ("enzyme.per_gram", "1.99", False), ("enzyme.per_gram", "2", True),
    ("enzyme.per_gram", "5", True), ("enzyme.per_gram", "5.01", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "number", "fits"), EDGES)
def test_a_limit_holds_at_its_edge_and_not_beyond_it(name, number, fits):
    field = FIELDS[name]
    assert rules.is_inside(Quantity(number, field.unit), field.limits) is fits


# What has no limit of its own, and what judges it: nothing worked out stands unjudged.
JUDGED_BY = {
    "enzyme.units_per_gram": "enzyme.per_gram",
    "enzyme.to_add": "enzyme.per_gram",
    "enzyme.units": "enzyme.per_gram",
    "enzyme.drawn": "enzyme.per_gram",
    "enzyme.to_dilute": "enzyme.per_gram",
    "tissue_count.viable": "tissue_count.per_gram",
    "p0_seed.to_seed": "p0_seed.reached",
    "p0_seed.into_each": "p0_seed.reached",
    "p0_seed.cells": "p0_seed.reached",
    "p0_count.viable": "p0_count.from_area",
    "seed.suspension": "seed.reached",
    "seed.to_seed": "seed.reached",
    "seed.into_each": "seed.reached",
    "seed.cells": "seed.reached",
    "passage_count.viable": "passage_count.from_area",
    "passage_count.doubling_time": "passage_count.doublings",
    "freeze.cells": "freeze.filled",
    "freeze.to_draw": "freeze.filled",
    "harvest_samples.cells": "final_count.recovery",
    "final_count.viable": "final_count.recovery",
    "dose.cells": "dose.volume",
    "suspend.to_draw": "suspend.yield",
    "suspend.to_make_up": "suspend.added",
    "suspend.cells": "suspend.yield",
    "suspend.concentration": "suspend.yield",
    "satellites.to_draw": "satellites.likeness",
    "satellites.to_make_up": "satellites.likeness",
    "satellites.concentration": "satellites.likeness",
    "label_container.there": "label_container.balance",
    "label_container.cells": "label_container.balance",
}


def test_every_calculation_has_a_limit_or_is_judged_by_one_that_has():
    assert {name for name, field in FIELDS.items() if not field.limits} == JUDGED_BY.keys()
    assert all(FIELDS[judge].limits for judge in JUDGED_BY.values())


@pytest.mark.parametrize(("weight", "fits"), [("77.9", True), ("78", True), ("78.1", False)])
def test_a_dose_may_take_as_much_suspension_as_the_container_holds(weight, fits):
    cells = BY_FIELD["dose.cells"].shipped(Decimal("1e6"), Decimal(weight))
    volume = BY_FIELD["dose.volume"].shipped(cells.number, Decimal("5.2e6"))
    limits = FIELDS["dose.volume"].limits
    assert limits is not None and limits.high is not None
    assert (compare(volume, limits.high) <= 0) is fits


# Units and what has no meaning
# -------------------------------------------------------------------------------------------------


def test_the_weight_in_grams_gives_the_same_dose():
    values = {
        "dose.per_kg": [Quantity("1.0e6", "cells/kg")],
        "dose.weight": [Quantity("62500", "g")],
    }
    assert worked_out("dose.cells", values) == Quantity("62500000", "cells")


@pytest.mark.parametrize(
    ("field", "numbers"),
    [
        ("passage_count.doublings", (0, 530)),
        ("passage_count.doublings", (530, 0)),
        ("dose.volume", (530, 0)),
        ("final_count.recovery", (1, 0)),
        ("suspend.concentration", (1, 0)),
        ("seed.to_seed", (4000, 4, 175, 0)),
    ],
)
def test_division_by_zero_and_the_logarithm_of_zero_are_undefined(field, numbers):
    with pytest.raises(Undefined):
        BY_FIELD[field].shipped(*map(Decimal, numbers))


@pytest.mark.req("EBR-16")
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistaken_unit_cannot_compute(case):
    for wrong, _ in case.inputs:
        values = {
            name: [Quantity("2", "CFU/mL" if name == wrong else unit)] for name, unit in case.inputs
        }
        with pytest.raises(FormulaError):
            worked_out(case.field, values)
