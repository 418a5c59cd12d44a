"""The golden numbers of the process, through the shipped documents: a batch is walked from the cord
to its last step, and what the record says is what a pocket calculator says."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from integrity.quantities import Quantity
from manufacturing.execution import batch_state
from qc.specifications.register import HANDLING
from stores import containers, expiries
from tests.makers.batches import find_batch, find_laboratory, walk_batch
from tests.makers.people import post, sign_in
from tests.pages import Page

GOLDEN = [  # step, field, decimals, what is shown
    ("final_count", "count", "viable_concentration", 0, "5200000", "cells/mL"),
    ("dose", "cells", "text", 0, "62500000", "cells"),
    ("dose", "volume", "text", 3, "12.019", "mL"),
    ("enzyme", "to_add", "text", 1, "93.6", "mL"),
    ("enzyme", "to_dilute", "text", 2, "1.87", "mL"),
    ("suspend", "to_draw", "text", 2, "12.02", "mL"),
    ("suspend", "to_make_up", "text", 2, "2.98", "mL"),
    ("satellites", "to_draw", "text", 2, "6.81", "mL"),
    ("satellites", "to_make_up", "text", 2, "1.69", "mL"),
    ("label_container", "there", "text", 2, "14.45", "mL"),
    ("suspend", "volume", "text", 2, "15.00", "mL"),
    ("suspend", "concentration", "text", 0, "4166933", "cells/mL"),  # of 12.02 mL, as drawn
]
KEEPS = {"albumin": timedelta(hours=4), "saline": timedelta(minutes=90)}
CHANGES = {
    each: {"suspend": {"formulation": each}, "wash_cells": {"washed_in": each}} for each in KEEPS
}


@pytest.mark.req("EBR-16")
@pytest.mark.state("planned")
@pytest.mark.parametrize("formulation", KEEPS)
def test_dose_suspension_and_expiry_of_the_shipped_process_are_the_golden_numbers(
    database, clock, formulation
):
    laboratory, batch = find_laboratory(database, clock), find_batch(database)
    walk_batch(laboratory, batch, changes=CHANGES[formulation])
    with database.reading() as session:
        current = {each.step: each for each in batch_state.read(session, batch.id).current}
        for step, field, part, decimals, shown, unit in GOLDEN:
            found = Quantity(current[step].values[field][part], unit).rounded(decimals)
            assert found == Quantity(shown, unit), (step, field)
        made = containers.of_scope(session, batch.code, "final")
        finished = datetime.fromisoformat(current["suspend"].values["finished"]["at"])
        assert set(expiries.of(session, [each.id for each in made]).values()) == {
            finished + KEEPS[formulation]
        }


def test_two_methods_are_two_lines_and_neither_stands_for_the_other():
    lines = HANDLING.read(HANDLING.shipped.read_bytes()).by_id
    for one, other in (("mycoplasma", "mycoplasma_culture"), ("sterility", "sterility_compendial")):
        assert lines[one].required and lines[one].method != lines[other].method
        assert other not in lines[one].instead and one not in lines[other].instead
        assert lines[other].microbial and lines[other].oos_class == "critical"
    assert not any(" or " in each.method for each in lines.values())


@pytest.mark.req("EBR-16")
@pytest.mark.state("planned")
def test_what_is_to_be_added_is_shown_before_it_is_added_and_stands_in_the_record(
    application, sqlite, clock
):
    """The step is judged by what was typed so far, by the record's own formulas."""
    laboratory, batch = find_laboratory(sqlite, clock), find_batch(sqlite)
    walk_batch(laboratory, batch, "suspend")
    client = application.test_client()
    sign_in(client, "technician1")
    path = f"/batches/{batch.code}/steps/formulation/1/suspend/1"
    opened = Page(client.get(path)).words
    assert re.search(r"Suspension to draw, by the dose 12\.02 mL not yet recorded", opened)
    seen = post(client, f"{path}/preview", page="/bench", drawn="12.02").get_json()["seen"]
    assert "2.98 mL" in seen["to_make_up"] and "not yet recorded" in seen["to_make_up"]
    waits = post(client, f"{path}/preview", page="/bench", drawn="").get_json()["seen"]
    assert "mL" not in waits["to_make_up"] and "12.02 mL" in waits["to_draw"]
    walk_batch(laboratory, batch, "satellites")
    sign_in(client, "technician1")
    kept = client.get(f"/batches/{batch.code}/record.json").get_data(as_text=True)
    assert "To add, to make up to 15 mL" in kept and "2.98 mL" in kept
