"""An answer that has to agree with another one, corrected on a real batch: whichever of the two is
put right, the batch has one deviation and its review is out of date."""

import pytest

from demonstration.culture import ENTRIES, asked_for
from integrity import deviations
from integrity.acts import Act
from integrity.findings import Refused
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.corrections import CorrectionFacts
from manufacturing.execution.rule_ids import ExecutionRule
from tests.makers.people import entry_id


def opened(database, batch):
    with database.reading() as session:
        found = deviations.in_scopes(session, [batch.id])
        return [each for each in found if each.rule == ExecutionRule.ANSWERS_DISAGREE]


def correct(world, step, **changed):
    """The entry of a step with other values, as the technician corrects it."""
    with world.database.writing() as session:
        state = batch_state.read(session, world.batch.id)
        entry = next(each for each in state.current if each.step == step)
        typed = dict(ENTRIES[step]) | {
            name: each.get("code") or each["at"][:16] + "Z"
            for name, each in entry.values.items()
            if "code" in each or "at" in each
        }
        typed = asked_for(state.master.step(step), typed | changed)
        facts = CorrectionFacts(entry.id, typed, "Read again from the paper.")
        act = Act(session, world.people["technician"], world.clock.advance(minutes=1), entry_id())
        corrections.correct(act, facts)


@pytest.mark.state("finished")
@pytest.mark.req("EBR-05", "EBR-08")
@pytest.mark.parametrize(
    ("step", "answer", "other"),
    [("wash_cells", "washed_in", "suspend"), ("suspend", "formulation", "wash_cells")],
)
def test_a_correction_of_either_is_judged_with_the_other_and_says_it_once(
    reviewed, step, answer, other
):
    correct(reviewed, step, **{answer: "saline"})
    [made] = opened(reviewed.database, reviewed.batch)
    with reviewed.database.reading() as session:
        current = {each.step: each for each in batch_state.read(session, reviewed.batch.id).current}
    assert made.subject_id == current["suspend"].id
    with pytest.raises(Refused):
        reviewed.decide("release_stage_1")
    correct(reviewed, step, **{answer: "saline"}, volume="14.9" if step == "suspend" else "20.0")
    assert len(opened(reviewed.database, reviewed.batch)) == 1
    names = {"suspend": "formulation", "wash_cells": "washed_in"}
    correct(reviewed, other, **{names[other]: "saline"})
    assert len(opened(reviewed.database, reviewed.batch)) == 1
