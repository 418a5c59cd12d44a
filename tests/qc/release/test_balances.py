"""Nothing appears and nothing vanishes: what was filled, drawn and left is what there was, nothing
is seeded that was not harvested, and every label that was issued is accounted for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from demonstration.culture import ENTRIES, PASSAGES
from integrity import site
from integrity.acts import Act
from integrity.deviations import Deviation
from integrity.figures import superscript
from integrity.findings import Refused
from integrity.quantities import Quantity
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.corrections import CorrectionFacts
from qc.release import certified_identity, release_inputs
from stores import containers
from stores.containers import ContainerParent
from tests.makers import release as makers
from tests.makers.broken import correct_entry_of_suspension
from tests.makers.people import entry_id
from tests.makers.release import print_again

UTC = ZoneInfo("UTC")
WHY = "Read wrongly from the pipette."


def entry_of(world: Any, step: str, cycle: int = 1) -> Any:
    with world.database.reading() as session:
        state = batch_state.read(session, world.batch.id)
        return next(e for e in state.current if e.step == step and e.cycle == cycle)


def typed_of(entry: Any) -> dict[str, str]:
    """An entry as it was typed and scanned."""
    made = dict(ENTRIES.get(entry.step, {}))
    for name, value in entry.values.items():
        if name == "reading":
            made |= {
                f"reading-{reading}-{moment}": shown
                for reading, moments in value.items()
                for moment, shown in moments.items()
            }
        elif "code" in value:
            made[name] = value["code"]
    if entry.step == "seed":
        flasks, seeded, _, _ = PASSAGES[entry.cycle]
        made |= {"surface": "treated", "flasks": flasks, "density": "4000", "volume": seeded}
    return made


def correct(world: Any, step: str, **changed: str) -> None:
    """The first entry of a step with other values, as the technician corrects it."""
    entry = entry_of(world, step)
    world.clock.advance(minutes=2)
    with world.database.writing() as session:
        facts = CorrectionFacts(entry.id, typed_of(entry) | changed, WHY)
        act = Act(session, world.people["technician"], world.clock(), entry_id())
        corrections.correct(act, facts)


def deviations(world: Any) -> list[str]:
    with world.database.reading() as session:
        return [each.sentence() for each in session.scalars(select(Deviation))]


def test_a_batch_that_adds_up_is_certified_with_what_was_filled(finished):
    assert deviations(finished) == []
    finished.review()
    made = finished.decide("release_stage_1")
    content = dict(map(tuple, made.said["statement"]["identity"]))["Content"]
    assert content.startswith("14.40 mL · 6.00") and "viable cells" in content


@pytest.mark.req("REL-08")
def test_of_two_containers_the_certificate_says_what_each_holds_and_what_both_do(finished):
    correct(finished, "label_container", container="2", fill="14.25")
    cells = entry_of(finished, "label_container").values["cells"]["text"]
    with finished.database.reading() as session:
        found = release_inputs.gather(session, finished.batch, finished.clock())
        said = dict(certified_identity.of_batch(session, found, UTC, site.settings(session)))
    one, both = superscript(Decimal(cells)), superscript(2 * Decimal(cells))
    assert said["Content"] == (
        f"2 containers, each 14.25 mL · {one} viable cells; together 28.50 mL · {both} viable cells"
    )


ML, CELLS = Quantity("7.20", "mL"), Quantity("30000000", "cells")


@pytest.mark.req("REL-08")
@pytest.mark.parametrize(
    ("volume", "cells", "number", "said"),
    [
        (ML, None, 1, "7.20 mL"),
        (ML, None, 2, "2 containers, each 7.20 mL; together 14.40 mL"),
        (ML, None, 3, "3 containers, each 7.20 mL; together 21.60 mL"),
        (None, CELLS, 1, f"{superscript(Decimal(30000000))} viable cells"),
        (None, None, 1, "not recorded"),
        (None, None, 2, "not recorded"),
    ],
)
def test_what_is_said_of_one_container_and_of_several(volume, cells, number, said):
    assert certified_identity.content_said(volume, cells, number) == said


OFF = {
    "one mL lost": ("label_container", {"fill": "14.25", "residue": "0.00"}, "unaccounted for"),
    "one mL gained": ("label_container", {"residue": "1.05"}, "unaccounted for"),
    "nine labels for one": ("reconcile", {"applied": "9"}, "Unaccounted for: -8"),
    "a label that is missing": ("reconcile", {"applied": "0"}, "Unaccounted for: 1"),
    "the only label destroyed": (
        "reconcile",
        {"applied": "0", "destroyed": "1"},
        "Labels applied less containers filled: -1",
    ),
    "the only label returned": (
        "reconcile",
        {"applied": "0", "returned": "1"},
        "Labels applied less containers filled: -1",
    ),
    "two containers for one label": (
        "label_container",
        {"container": "2", "fill": "14.25"},
        "Labels applied less containers filled: -1",
    ),
    "five labels for one container": (
        "reconcile",
        {"applied": "5"},
        "Labels applied less containers filled: 4",
    ),
    "twice the dilution": ("final_count", {"count-dilution": "20"}, "what was washed: 195.5"),
    "ten times the washed volume": ("wash_cells", {"volume": "200"}, "what was washed: 977"),
    "ten times the harvest": ("p0_harvest", {"volume": "400"}, "from each cm²: 657143"),
    "ten times the tissue's cells": ("filter_spin", {"volume": "200"}, "gram of tissue: 679487"),
    "the smallest piece the largest": (
        "mince",
        {"smallest": "4.5", "largest": "1.2"},
        "Largest piece less the smallest: -3.3",
    ),
    "forty flasks of a suspension for four": ("p0_seed", {"flasks": "40"}, "reached: 999"),
    "one flask of a suspension for four": ("p0_seed", {"flasks": "1"}, "reached: 39977"),
    "a mL gained in a satellite": ("satellites", {"residue": "1.10"}, "Satellites unaccounted"),
    "90 mL of a harvest of 40": ("seed", {"volume": "90"}, "left of the harvest: -50"),
    "more seeded than filtered": ("p0_seed", {"volume": "20.5"}, "what was filtered: -0.5"),
}


@pytest.mark.req("REL-03", "LAB-01")
@pytest.mark.parametrize("what", OFF)
def test_what_does_not_add_up_is_a_deviation_that_blocks_the_review(finished, what):
    step, changed, says = OFF[what]
    correct(finished, step, **changed)
    assert len([each for each in deviations(finished) if says in each]) == 1
    makers.sign_again(finished)
    with pytest.raises(Refused, match="Deviation"):
        finished.review()


@pytest.mark.parametrize(
    ("changed", "says"),
    [({"drawn": "20.10"}, "left over: -0.1"), ({"volume": "12.00"}, "Saline added: -0.02")],
)
def test_no_more_is_drawn_than_there_was_and_no_less_made_of_it(finished, changed, says):
    finished.clock.advance(minutes=2)
    with finished.database.writing() as session:
        correct_entry_of_suspension(session, finished, **changed)
    assert any(says in each for each in deviations(finished))


def test_three_counts_of_one_cell_are_no_count(finished):
    one = {f"count-{n}-{what}": "1" for n in (1, 2, 3) for what in ("live", "dead")}
    correct(finished, "p0_count", **one)
    assert any("2 cells in a count, at least 100" in each for each in deviations(finished))


@pytest.mark.req("LAB-01")
def test_labels_are_counted_in_their_register_and_what_is_printed_later_blocks(finished):
    assert entry_of(finished, "reconcile").values["issued"] == {"text": "1", "unit": "1"}
    print_again(finished, "flask")
    finished.review()
    print_again(finished, "final")
    with pytest.raises(Refused, match="1 reconciled, 2 printed"):
        finished.decide("release_stage_1")
    correct(finished, "reconcile", damaged="0")
    assert any("Unaccounted for: 1" in each for each in deviations(finished))
    correct(finished, "reconcile", damaged="1")
    assert entry_of(finished, "reconcile").values["difference"]["text"] == "0"


@pytest.mark.req("LAB-01")
def test_a_label_printed_again_after_stage_1_holds_the_batch_until_it_is_reconciled(finished):
    """The way that the refusal names is one that can be gone."""
    finished.review()
    finished.decide("release_stage_1")
    print_again(finished, "final")
    finished.sterility()
    with pytest.raises(Refused, match="on hold"):
        finished.decide("release_final")
    with pytest.raises(Refused, match="1 reconciled, 2 printed"):
        finished.decide("resume")
    correct(finished, "reconcile", damaged="1")
    makers.sign_again(finished)
    finished.review()
    finished.decide("resume")
    assert finished.decide("release_final")


def test_a_sample_says_how_much_was_drawn_of_the_pool_and_not_so_much_of_each_flask(finished):
    value = entry_of(finished, "qc_samples").values["flow"]
    assert (value["volume"], value["unit"]) == ("0.20", "mL")
    with finished.database.reading() as session:
        [flow] = [
            each
            for each in containers.of_scope(session, finished.batch.code, "sample")
            if each.code in value["codes"]
        ]
        parents = session.scalars(
            select(ContainerParent).where(ContainerParent.child_id == flow.id)
        ).all()
    assert len(parents) > 1
    assert {(each.quantity_text, each.unit) for each in parents} == {(None, None)}
