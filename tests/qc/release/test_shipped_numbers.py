"""The golden numbers of the process, through the shipped documents: a batch is walked from the cord
to its last step, and what the record says is what a pocket calculator says."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from integrity.quantities import Quantity
from manufacturing.execution import batch_state
from qc.specifications.register import HANDLING
from stores import containers, expiries
from tests.makers.batches import find_batch, find_laboratory, walk_batch

GOLDEN = [  # step, field, decimals, what is shown
    ("final_count", "count", "viable_concentration", 0, "5200000", "cells/mL"),
    ("dose", "cells", "text", 0, "62500000", "cells"),
    ("dose", "volume", "text", 3, "12.019", "mL"),
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
