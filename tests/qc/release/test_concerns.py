"""What is found of a lot or a piece of equipment concerns the batches that were made with it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from integrity import signatures, states, verification
from integrity.acts import Act
from manufacturing.execution import uses
from qc.deviations import investigation, observing, raising
from qc.deviations.investigation import AssessmentFacts
from qc.deviations.observing import ObservedFacts, VerdictFacts
from qc.deviations.raising import RaisedFacts
from qc.release import release_inputs, rests_on, rules
from qc.release.situation import INITIAL
from stores import equipment
from stores.equipment import CalibrationFacts
from stores.rules import DISPOSITION, Disposition
from tests.makers.people import entry_id
from tests.qc.conftest import find_finished

ON_IT = ("lot", "equipment")
PARTICLES = "Particles were seen floating in the bottle."
DAY = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture
def world(database, clock):
    return find_finished(database, clock)


def act(session, world, by="technician"):
    return Act(session, world.people[by], world.clock(), entry_id=entry_id())


def used(session, world, kind):
    """The code of a lot or a piece of equipment of the batch."""
    facts = release_inputs.gather(session, world.batch, world.clock()).facts
    return facts.lots[0].code if kind == "lot" else facts.equipment[0]


def raised(session, world, kind, classification="critical"):
    facts = RaisedFacts(used(session, world, kind), PARTICLES, "Bench", classification)
    return raising.raise_deviation(act(session, world), facts)


def against(session, world):
    found = release_inputs.gather(session, world.batch, world.clock())
    return [each.finding.sentence() for each in rests_on.before_review(found.facts, INITIAL)]


def disposition(session, world):
    return states.of(session, world.batch, DISPOSITION)


@pytest.mark.state("finished")
@pytest.mark.req("REL-03")
@pytest.mark.parametrize("kind", ON_IT)
def test_a_deviation_about_what_a_batch_was_made_with_blocks_its_review(world, kind):
    with world.database.writing() as session:
        assert against(session, world) == []
        deviation = raised(session, world, kind)
        assert any(PARTICLES in each for each in against(session, world))
        found = release_inputs.gather(session, world.batch, world.clock())
        assert deviation.code in {each.deviation.code for each in found.stories}


@pytest.mark.state("finished")
@pytest.mark.req("REL-03")
@pytest.mark.parametrize("kind", ON_IT)
def test_an_observation_of_what_a_batch_was_made_with_waits_for_qa(world, kind):
    with world.database.writing() as session:
        facts = ObservedFacts(used(session, world, kind), PARTICLES)
        made = observing.observe(act(session, world), facts)
        assert any(PARTICLES in each for each in against(session, world))
        verdict = VerdictFacts(made.id, "nothing")
        seal = signatures.seal(
            session,
            observing.verdict_facts(session, verdict),
            comment="Air bubbles, they were gone in an hour.",
        )
        observing.classify(act(session, world, "qa"), verdict, seal=seal)
        assert against(session, world) == []


@pytest.mark.state("finished")
@pytest.mark.req("REL-04")
@pytest.mark.parametrize("kind", ON_IT)
def test_a_critical_deviation_about_it_holds_what_was_released(world, kind):
    world.review()
    world.decide("release_stage_1")
    with world.database.writing() as session:
        raised(session, world, kind, "minor")
        assert disposition(session, world) == Disposition.RELEASED_STAGE_1
        raised(session, world, kind)
        assert disposition(session, world) == Disposition.ON_HOLD
    with world.database.reading() as session:
        assert verification.verify(session).whole


@pytest.mark.state("finished")
@pytest.mark.req("REL-04")
@pytest.mark.parametrize("kind", ON_IT)
def test_qa_that_finds_it_critical_holds_what_was_released(world, kind):
    world.review()
    world.decide("release_stage_1")
    with world.database.writing() as session:
        deviation = raised(session, world, kind, "minor")
        facts = AssessmentFacts(deviation.id, "The seal leaked.", "Endotoxin.", "critical")
        investigation.assess(act(session, world, "qa"), facts)
        assert disposition(session, world) == Disposition.ON_HOLD


@pytest.mark.state("finished")
@pytest.mark.req("AUD-06")
@pytest.mark.parametrize("kind", ON_IT)
def test_what_is_found_of_it_after_the_review_makes_the_review_out_of_date(world, kind):
    world.review()
    with world.database.writing() as session:
        raised(session, world, kind, "minor")
        found = release_inputs.gather(session, world.batch, world.clock())
        assert any("deviation raised" in each for each in found.facts.review.since)


@pytest.mark.state("finished")
def test_what_is_found_after_the_next_calibration_concerns_no_batch_before_it(world):
    world.review()
    world.decide("release_stage_1")
    world.clock.advance(days=40)
    with world.database.writing() as session:
        item = equipment.by_code(session, used(session, world, "equipment"))
        today = world.clock().date()
        facts = CalibrationFacts(today, date(2028, 1, 31), "Report 12")
        equipment.calibrate(act(session, world, "qa"), item.id, facts)
        world.clock.advance(days=1)
        deviation = raised(session, world, "equipment")
        assert disposition(session, world) == Disposition.RELEASED_STAGE_1
        found = release_inputs.gather(session, world.batch, world.clock())
        assert deviation.code not in {each.deviation.code for each in found.stories}


@pytest.mark.state("finished")
def test_equipment_of_a_batch_says_when_it_was_used_for_it(world):
    with world.database.reading() as session:
        [found] = uses.equipment_of(session, [world.batch.id]).values()
        assert found and len({each.code for each in found}) == len(found)
        assert all(world.batch.started_at <= each.first <= each.last for each in found)


@pytest.mark.parametrize(
    ("found", "decided", "calibrated", "is_concerned"),
    [
        (12, None, (), True),  # never calibrated: it was used, so it concerns the batch
        (12, None, (0,), True),
        (12, None, (10,), True),  # calibrated between its uses
        (12, None, (11,), True),
        (13, None, (12,), False),  # calibrated since the last use
        (13, None, (14,), True),  # a calibration that came later says nothing
        (5, 8, (0,), False),  # decided on before the first use
        (5, 9, (0,), True),
        (5, None, (0,), True),  # found before the first use and never decided on
        (12, 13, (0,), True),
    ],
)
def test_what_is_found_of_equipment_concerns_who_used_it_since_its_calibration(
    found, decided, calibrated, is_concerned
):
    def day(number):
        return DAY + timedelta(days=number)

    decided_at = None if decided is None else day(decided)
    done = [day(each) for each in calibrated]
    assert rules.concerns(day(found), decided_at, done, day(9), day(11)) is is_concerned
