"""What QA judged to be rejected is worked on no further, at the bench as well."""

import pytest

from integrity import deviations
from integrity.acts import Act
from integrity.findings import Refused
from integrity.signatures import Seal, reviewed
from qc.deviations import holding, raising
from qc.deviations.raising import RaisedFacts
from stores import holds
from tests.makers import release
from tests.makers.people import entry_id
from tests.makers.steps import find_small, refused

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


def lift(small, hold):
    with small.database.writing() as session:
        seal = Seal(
            reviewed(holds.lift_facts(session, hold)), "user name and password", "It was judged."
        )
        holding.lift(Act(session, small.people["qa"], small.clock(), entry_id()), hold, seal=seal)


@pytest.mark.req("EBR-07", "MAT-02")
@pytest.mark.parametrize(("kind", "says"), [("lot", "on hold"), ("equipment", "on hold")])
def test_what_has_an_open_critical_deviation_is_not_used_until_it_is_judged_and_let_go(
    database, clock, kind, says
):
    small = find_small(database, clock)
    small.walk(until="wash")
    code = small.scans["DPBS" if kind == "lot" else "incubator"]
    with database.writing() as session:
        act = Act(session, small.technician, small.clock(), entry_id())
        made = raising.raise_deviation(act, RaisedFacts(code, PARTICLES, "Bench", "critical"))
        [hold] = session.scalars(holds.listed()).all()
    if kind == "lot":
        refused(small, "wash", says=says)
    with pytest.raises(Refused, match="Judge N"):
        lift(small, hold.id)
    with database.writing() as session:
        deviation = session.get_one(deviations.Deviation, made.id)
        words = {"by": small.people["qa"], "at": small.clock()}
        release.settle(session, deviation, **words)
    if kind == "lot":
        refused(small, "wash", says=says)
    lift(small, hold.id)
    assert small.record("wash").step == "wash"


@pytest.mark.parametrize("classification", ["minor", "major"])
def test_a_lesser_deviation_of_a_lot_holds_nothing_by_itself(database, clock, classification):
    small = find_small(database, clock)
    small.walk(until="wash")
    with database.writing() as session:
        act = Act(session, small.technician, small.clock(), entry_id())
        facts = RaisedFacts(small.scans["DPBS"], PARTICLES, "Bench", classification)
        raising.raise_deviation(act, facts)
        assert session.scalars(holds.listed()).all() == []
    assert small.record("wash").step == "wash"
