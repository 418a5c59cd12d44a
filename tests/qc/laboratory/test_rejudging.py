"""A corrected amount of the batch changes what a result says: one verdict everywhere, and its
deviation opened by the correction."""

from __future__ import annotations

import json

import pytest

from demonstration.culture import ENTRIES
from integrity import verification
from integrity.acts import Act
from integrity.facts import shown
from integrity.findings import Refused
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.corrections import CorrectionFacts
from qc.laboratory import results, verdicts
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules.results import FAILS
from qc.release import alerts, release_inputs
from qc.release.words import ReleaseTerm
from tests.makers import batches, qc
from tests.makers.people import entry_id, sign_in
from tests.pages import Page

WHY = "The weight was read from another patient's card"


def endotoxin(session, world):
    """The sample and its newest result."""
    sample = qc.samples_for(session, world.batch, "endotoxin")[0]
    found = results.of_sample(session, sample.id)
    return sample, [each for each in found if each.test == "endotoxin"][-1]


@pytest.fixture
def tested(finished):
    """A finished batch whose endotoxin of 2 EU/mL conforms for 62.5 kg: 0.48 EU/kg."""
    with finished.database.writing() as session:
        sample, result = endotoxin(session, finished)
        given = {"corrects_id": result.id, "reason": "Misread from the print-out"}
        at, people = finished.clock(), finished.people
        qc.make_result(session, people, sample, "endotoxin", "2", at=at, basis=None, **given)
    return finished


def weigh(world, weight):
    """The lowest weight that the dose is for, as the technician corrects it."""
    with world.database.writing() as session:
        state = batch_state.read(session, world.batch.id)
        entry = next(each for each in state.current if each.step == "dose")
        typed = dict(ENTRIES["dose"]) | {"weight": weight}
        act = Act(session, world.people["technician"], world.clock(), entry_id())
        corrections.correct(act, CorrectionFacts(entry.id, typed, WHY))


def opened(session, result):
    return results.oos_of(session, [result]).get(result.id)


@pytest.mark.req("QC-06", "EBR-08")
def test_a_corrected_weight_that_puts_a_result_out_of_specification_opens_its_deviation(tested):
    with tested.database.reading() as session:
        _, result = endotoxin(session, tested)
        assert opened(session, result) is None
        assert verdicts.standing(session, [result])[result.id].shown == result.shown
    weigh(tested, "5.0")
    with tested.database.reading() as session:
        _, result = endotoxin(session, tested)
        says = verdicts.standing(session, [result])[result.id]
        deviation = opened(session, result)
        assert says.word == FAILS and result.verdict != FAILS
        assert (deviation.rule, deviation.comment) == (LaboratoryRule.OUT_OF_SPECIFICATION, WHY)
        assert says.shown in deviation.sentence()
        found = release_inputs.gather(session, tested.batch, tested.clock())
        [line] = [each for each in found.lines if each.line.id == "endotoxin"]
        assert says.shown in shown(line.result)
        assert verification.verify(session).faults == []
    weigh(tested, "5.1")
    with tested.database.reading() as session:
        assert opened(session, result).id == deviation.id, "one deviation, however often"


@pytest.mark.parametrize("weight", ["61.0", "64.0"])
def test_a_correction_that_turns_no_verdict_opens_nothing(tested, weight):
    weigh(tested, weight)
    with tested.database.reading() as session:
        _, result = endotoxin(session, tested)
        assert opened(session, result) is None


def test_neither_repeat_nor_correction_is_taken_without_the_investigation(tested):
    weigh(tested, "5.0")
    for why in ({"corrects_id": True, "reason": "Misread from the print-out"}, {"reason": WHY}):
        with tested.database.writing() as session, pytest.raises(Refused):
            sample, result = endotoxin(session, tested)
            given = why | ({"corrects_id": result.id} if "corrects_id" in why else {})
            qc.make_result(
                session,
                tested.people,
                sample,
                "endotoxin",
                "0.1",
                at=tested.clock(),
                basis=None,
                **given,
            )


def test_a_repeat_stands_on_the_review_with_what_it_says_now(tested):
    with tested.database.writing() as session:
        sample, _ = endotoxin(session, tested)
        given = {"at": tested.clock(), "basis": None, "reason": "The first run had a bubble."}
        again = qc.make_result(session, tested.people, sample, "endotoxin", "1", **given)
    weigh(tested, "61.0")
    with tested.database.reading() as session:
        says = verdicts.standing(session, [again])[again.id]
        found = release_inputs.gather(session, tested.batch, tested.clock())
        [told] = [each for each in alerts.of(session, found) if each.word is ReleaseTerm.REPEAT]
        assert says.shown != again.shown
        assert says.shown in str(told.headline) and again.shown not in str(told.headline)


def test_every_page_and_copy_says_the_one_verdict_and_what_was_said_first(tested, site):
    weigh(tested, "5.0")
    with tested.database.reading() as session:
        sample, result = endotoxin(session, tested)
        says = verdicts.standing(session, [result])[result.id]
    client = site.test_client()
    sign_in(client, "qa1")
    code = tested.batch.code
    for path in (
        f"/results/{result.id}",
        f"/samples/{sample.code}",
        f"/batches/{code}/review",
    ):
        assert says.shown in Page(client.get(path)).words, path
    for path in (f"/results/{result.id}", f"/samples/{sample.code}"):
        words = Page(client.get(path)).words
        assert result.shown in words and "Out of specification" in words, path
    record = json.loads(client.get(f"/batches/{code}/record.json").data)
    struck, mine = (each for each in record["results"] if each["test"].startswith("Endotoxin"))
    assert struck["recorded_as"] == "", "what counts no more is not judged anew"
    assert (mine["shown"], mine["verdict"]) == (says.shown, FAILS)
    assert result.shown in mine["recorded_as"]
    lines = client.get(f"/batches/{code}/record.csv").get_data(as_text=True)
    assert says.shown in lines and result.shown in lines


@pytest.mark.state("planned")
@pytest.mark.req("QC-06")
def test_an_amount_that_is_recorded_after_a_result_judges_it_and_opens_its_deviation(
    database, clock
):
    world, batch = batches.find_laboratory(database, clock), batches.find_batch(database)
    batches.walk_batch(world, batch, until="dose")
    with database.writing() as session:
        sample = qc.make_sample(session, world.people, batch, ("cell_dose",), at=clock())
        result = qc.make_result(
            session, world.people, sample, "cell_dose", "1000000", at=clock(), basis=None
        )
        assert (result.verdict, result.basis) == ("inconclusive", {})
        assert opened(session, result) is None
    batches.walk_batch(world, batch, until="suspend")
    with database.reading() as session:
        says = verdicts.standing(session, [result])[result.id]
        assert says.word == FAILS
        assert says.shown in opened(session, result).sentence()
        assert verification.verify(session).whole
