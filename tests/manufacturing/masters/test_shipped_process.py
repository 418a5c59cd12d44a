"""What a practising maker looks for in the shipped master record: it is data, and it is there."""

from __future__ import annotations

from itertools import permutations

import pytest

from integrity.quantities import Quantity, compare
from integrity.units import UnlikeDimensions, alike
from manufacturing.masters.document import SHIPPED, read

RECORD = read(SHIPPED.read_bytes())
LOTS = [
    ("enzyme", "lot", "Collagenase"),
    ("neutralise", "medium", "Culture medium"),
    ("filter_spin", "rinse", "DPBS"),
    ("filter_spin", "strainer", "Cell strainer 100 µm"),
    ("p0_seed", "plastic", "Culture flask 175 cm²"),
    ("seed", "plastic", "Culture flask 175 cm²"),
    ("p0_harvest", "rinse", "DPBS"),
    ("p0_harvest", "stop", "Culture medium"),
    ("harvest", "rinse", "DPBS"),
    ("harvest", "stop", "Culture medium"),
    ("label_container", "empty", "Final container with closure"),
]


@pytest.mark.parametrize(("step", "field", "material"), LOTS)
def test_every_lot_that_touches_the_cells_or_holds_them_is_scanned(step, field, material):
    found = RECORD.step(step).field(field)
    assert (found.type, found.material, found.required) == ("lot", material, True)


UNITS = ("U", "CDU", "WU", "PZU")
UNLIKE = [
    (one + over, other + over)
    for over in ("", "/mL", "/mg")
    for one, other in permutations(UNITS, 2)
]


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_units_of_an_enzyme_by_another_definition_are_no_units_of_it(one, other):
    assert not alike(one, other)
    with pytest.raises(UnlikeDimensions):
        compare(Quantity("1", one), Quantity("1", other))


def test_the_enzyme_is_stated_by_the_definition_of_its_unit_and_for_each_gram_of_tissue():
    enzyme = RECORD.step("enzyme")
    assert [enzyme.field(id).unit for id in ("stock", "activity")] == ["CDU/mL", "CDU/mL"]
    assert enzyme.field("per_gram").unit == "mL/g" and enzyme.field("per_gram").limits
    assert enzyme.field("units_per_gram").unit == "CDU/g"
