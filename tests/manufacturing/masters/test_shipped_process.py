"""What a practising maker looks for in the shipped master record: it is data, and it is there."""

from __future__ import annotations

from itertools import permutations

import pytest

from integrity.quantities import Quantity, compare
from integrity.units import UnlikeDimensions, alike
from manufacturing.donation import criteria_register
from manufacturing.masters.description import entered
from manufacturing.masters.document import SHIPPED, read
from qc.specifications.register import HANDLING

RECORD = read(SHIPPED.read_bytes())
SPECIFICATION = HANDLING.read(HANDLING.shipped.read_bytes())
CRITERIA = criteria_register.HANDLING.read(criteria_register.HANDLING.shipped.read_bytes())
ENDS = ("lowest", "highest")
COUNTS = ("tissue_count", "p0_count", "passage_count", "final_count")
LOTS = [
    ("wash_cells", "albumin", "Human albumin"),
    ("suspend", "albumin", "Human albumin"),
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
    *((step, "dye", "Trypan blue 0.4 %") for step in COUNTS),
    ("p0_seed", "coating", "Coating"),
    ("seed", "coating", "Coating"),
    ("label_container", "syringe", "Syringe 50 mL"),
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


def order(*steps):
    """Where the steps stand in the record, the first the smallest."""
    known = [step.id for step in RECORD.steps]
    return [known.index(step) for step in steps]


def samples(step):
    return {
        test: field
        for field in RECORD.step(step).fields
        if field.type == "sample"
        for test in field.tests
    }


def test_mycoplasma_and_karyotype_come_from_the_pooled_harvest_before_it_is_washed():
    pooled = samples("harvest_samples")
    assert pooled["mycoplasma"].kind == "cells and spent medium" and set(pooled) == {
        "mycoplasma",
        "mycoplasma_culture",
        "karyotype",
        "immunoregulation",
    }
    here = order("passage_count", "harvest_samples", "wash_cells")
    assert here == sorted(here) and not RECORD.step("harvest_samples").optional
    assert pooled["karyotype"].parents == ("seed.flasks",)


def test_the_in_process_sterility_is_of_medium_with_cells_and_stage_1_asks_for_its_reading():
    asked = SPECIFICATION.by_id["sterility"].in_process
    assert samples("microbiology")["sterility"].kind == asked == "spent medium with cells"


def test_every_sample_is_drawn_before_the_fill_and_says_how_much():
    here = order("harvest_samples", "wash_cells", "suspend", "satellites", "qc_samples")
    here += order("label_container")
    assert here == sorted(here)
    drawn = [each for step in RECORD.steps for each in step.fields if each.type == "sample"]
    assert all(each.volume for each in drawn) and len(drawn) == 13


def test_every_required_line_of_the_specification_has_a_sample_and_so_has_the_potency():
    pulled = {test for step in RECORD.steps for test in samples(step.id)}
    required = {line.id for line in SPECIFICATION.lines if line.required}
    assert required <= pulled and "immunoregulation" in pulled


def test_what_is_found_at_receipt_is_asked_for_by_the_criteria_and_by_no_step():
    asked = {question.id: question for question in CRITERIA.receipt}
    assert asked.keys() == {
        "label", "seal", "colour", "weight", "length", "logger_lowest", "logger_highest",
    }  # fmt: skip
    assert str(asked["length"].low) == "10"
    assert {
        (str(asked[f"logger_{end}"].low), str(asked[f"logger_{end}"].high)) for end in ENDS
    } == {("2", "8")}
    typed = {each.id for each in RECORD.step("cord_receipt").fields}
    assert not typed & asked.keys()
    assert RECORD.step("cord_receipt").field("same").consequence == "reject"


def test_both_methods_of_sterility_and_of_mycoplasma_have_a_sample_of_their_own():
    pulled = {test: field for step in RECORD.steps for test, field in samples(step.id).items()}
    lines = SPECIFICATION.by_id
    for test in ("sterility", "sterility_compendial", "mycoplasma", "mycoplasma_culture"):
        assert pulled[test].kind == lines[test].sample
    half = Quantity("7.5", "mL")  # of a unit of 15 mL
    assert compare(pulled["sterility_compendial"].volume, half) == 0
    assert "sterility_compendial" in samples("satellites")


def test_a_retention_sample_is_kept_and_pulled_for_no_test():
    kept = RECORD.step("satellites").field("retention")
    assert (kept.type, kept.tests) == ("sample", ()) and kept.volume
    assert "kept, not tested" in entered(RECORD.step("satellites"), kept)


@pytest.mark.parametrize("step", ["p0_count", "passage_count"])
def test_the_viability_of_a_harvest_has_an_action_and_an_alert_limit(step):
    count = RECORD.step(step).field("count")
    assert count.limits and count.limits.low == Quantity("85", "%")
    assert count.alert and count.alert.low == Quantity("90", "%")
    assert RECORD.step("tissue_count").field("count").limits.low == Quantity("70", "%")


@pytest.mark.parametrize("step", COUNTS)
def test_a_count_of_fewer_than_100_cells_is_a_finding(step):
    assert RECORD.step(step).field("count").least == 100
