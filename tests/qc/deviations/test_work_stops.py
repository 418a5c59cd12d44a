"""What QA judged to be rejected is worked on no further, at the bench as well."""

import pytest
from sqlalchemy import select

from integrity import deviations, facts
from integrity.acts import Act
from integrity.findings import Refused
from integrity.signatures import Seal, reviewed
from integrity.trail import Event
from manufacturing.donation import cords
from manufacturing.donation.donations import Donor
from qc.deviations import holding, raising
from qc.deviations.holding import HoldFacts
from qc.deviations.raising import RaisedFacts
from stores import holds
from stores.actions import HoldAction
from tests.makers import release
from tests.makers.people import entry_id, make_person
from tests.makers.settings import change_setting
from tests.makers.steps import find_small, refused, whole

pytestmark = pytest.mark.state("small")


@pytest.mark.req("EBR-07")
@pytest.mark.parametrize(("decision", "stops"), [("continue", False), ("reject", True)])
def test_a_batch_is_worked_on_only_where_qa_has_not_judged_reject(database, clock, decision, stops):
    small = find_small(database, clock)
    small.walk(until="wash")
    small.record("wash", typed={"volume": "150"}, comment="The bottle ran out")
    [found] = small.now().found
    with database.writing() as session:
        deviation = session.get_one(deviations.Deviation, found.id)
        words = {"by": small.people["qa"], "at": small.clock()}
        release.settle(session, deviation, decision=decision, **words)
    if stops:
        refused(small, "enzyme", says="reject")
    else:
        assert small.record("enzyme").step == "enzyme"


PARTICLES = "Particles were seen floating in it."


STEPS = {
    "lot": "wash",
    "equipment": "enzyme",
    "jar": "seed",
    "donor": "seed",
    "container": "sampled",
}


def code_of(small, kind):
    """The code of what the step of its kind cannot do without."""
    if kind == "container":
        return small.containers("flask")[0].code
    with small.database.reading() as session:
        cord = session.get_one(cords.Cord, small.batch.cord_id)
        jar, donor = cord.jar_code, session.get_one(Donor, cord.donor_id).code
    if kind == "donor":
        return donor
    return {"lot": small.scans["DPBS"], "equipment": small.scans["incubator"], "jar": jar}[kind]


def raised(small, kind, classification):
    small.clock.advance(minutes=1)
    with small.database.writing() as session:
        act = Act(session, small.technician, small.clock(), entry_id())
        said = RaisedFacts(code_of(small, kind), PARTICLES, "Bench", classification)
        return raising.raise_deviation(act, said).id


def by_qa(small, act, number, **more):
    """What QA does with a deviation: assess, judge or close it."""
    small.clock.advance(minutes=1)
    with small.database.writing() as session:
        made = session.get_one(deviations.Deviation, number)
        return act(session, made, by=small.people["qa"], at=small.clock(), **more)


def holds_of(small):
    with small.database.reading() as session:
        return session.scalars(holds.listed()).all()


def lift(small, hold, *, by="qa"):
    small.clock.advance(minutes=1)
    with small.database.writing() as session:
        seal = Seal(
            reviewed(holds.lift_facts(session, hold)), "user name and password", "It was judged."
        )
        holding.lift(Act(session, small.people[by], small.clock(), entry_id()), hold, seal=seal)


@pytest.mark.req("EBR-07", "MAT-02", "MAT-03", "TRC-01")
@pytest.mark.parametrize("assessed", [False, True])
@pytest.mark.parametrize("kind", list(STEPS))
def test_what_has_an_open_critical_deviation_is_not_used_until_it_is_judged_and_let_go(
    database, clock, kind, assessed
):
    small = find_small(database, clock)
    small.walk(until=STEPS[kind])
    number = raised(small, kind, "major" if assessed else "critical")
    if assessed:
        assert holds_of(small) == []
        by_qa(small, release.assess, number, classification="critical")
    [hold] = holds_of(small)
    assert hold.deviation_id == number
    refused(small, STEPS[kind], says="on hold")
    by_qa(small, release.assess, number, classification="critical")
    assert len(holds_of(small)) == 1  # it came with this deviation, said twice or not
    with pytest.raises(Refused, match="Judge N"):
        lift(small, hold.id)
    by_qa(small, release.judge, number)
    refused(small, STEPS[kind], says="on hold")
    lift(small, hold.id)
    assert small.record(STEPS[kind]).step == STEPS[kind]
    assert whole(small)


def test_the_hold_says_in_the_trail_with_which_deviation_it_came(database, clock):
    small = find_small(database, clock)
    number = raised(small, "lot", "minor")
    by_qa(small, release.assess, number, classification="critical")
    with small.database.reading() as session:
        deviation = session.get_one(deviations.Deviation, number)
        [said] = session.scalars(select(Event).where(Event.action == HoldAction.HOLD_PUT)).all()
        assert deviation.code in said.content
        [hold] = session.scalars(holds.listed()).all()
        shown = [facts.shown(value) for _, value in holds.lift_facts(session, hold.id)]
        assert facts.shown(facts.code(deviation.code)) in shown


def test_a_hold_stays_until_its_deviation_is_judged_though_it_is_called_a_lesser_one(
    database, clock
):
    small = find_small(database, clock)
    number = raised(small, "lot", "critical")
    [hold] = holds_of(small)
    small.clock.advance(minutes=1)
    with small.database.writing() as session:
        made, words = session.get_one(deviations.Deviation, number), {"at": small.clock()}
        why = "It was only the light of the lamp."
        release.assess(
            session, made, by=small.people["qa"], classification="minor", reason=why, **words
        )
    with pytest.raises(Refused, match="Judge N"):
        lift(small, hold.id)
    by_qa(small, release.judge, number)
    lift(small, hold.id)


def test_a_hold_that_somebody_put_before_waits_for_a_deviation_assessed_as_critical(
    database, clock
):
    small = find_small(database, clock)
    with small.database.writing() as session:
        act = Act(session, small.technician, small.clock(), entry_id())
        holding.hold(act, HoldFacts(code_of(small, "lot"), PARTICLES))
    number = raised(small, "lot", "minor")
    by_qa(small, release.assess, number, classification="critical")
    for each in holds_of(small):
        with pytest.raises(Refused, match="Judge N"):
            lift(small, each.id)


@pytest.mark.req("IAM-03")
def test_who_judged_a_critical_deviation_does_not_lift_its_hold_where_the_site_wants_two(
    database, clock
):
    small = find_small(database, clock)
    change_setting(small.database, small.clock(), "two_persons", "critical")
    with small.database.writing() as session:
        small.people["qa2"] = make_person(session, "qa", username="qa2", at=small.clock())
    number = raised(small, "lot", "critical")
    by_qa(small, release.assess, number)
    by_qa(small, release.judge, number)
    [hold] = holds_of(small)
    with pytest.raises(Refused, match="Another person of quality assurance lifts the hold"):
        lift(small, hold.id)
    lift(small, hold.id, by="qa2")
    assert holds_of(small) == []


@pytest.mark.parametrize("kind", list(STEPS))
@pytest.mark.parametrize("classification", ["minor", "major"])
def test_a_lesser_deviation_holds_nothing_by_itself(database, clock, classification, kind):
    small = find_small(database, clock)
    small.walk(until=STEPS[kind])
    by_qa(small, release.assess, raised(small, kind, classification))
    assert holds_of(small) == []
    assert small.record(STEPS[kind]).step == STEPS[kind]
