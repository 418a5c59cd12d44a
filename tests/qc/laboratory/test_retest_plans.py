"""What a signed plan of a retest asks for is done, whatever is signed or planned beside it."""

from __future__ import annotations

import pytest

from integrity.findings import Refused
from qc.laboratory import line_statuses, oos_phases, results
from tests.makers import qc
from tests.makers.people import make_person

pytestmark = [pytest.mark.state("qc"), pytest.mark.req("QC-06")]
OVER_80 = 'operator = ">"\nlimit = "80"\nunit = "%"\nalert_low = "85"'
TWO = qc.with_line(**{OVER_80: OVER_80 + '\nreported = "each"\nplanned = "2"'})


class Laboratory:
    """One batch, its people and what is done with its samples."""

    def __init__(self, session, people, clock, data=qc.SHIPPED_BYTES):
        self.session, self.people, self.clock = session, people, clock
        self.specification = qc.make_specification(session, people, data=data, at=clock())
        self.batch = qc.make_bare_batch(session, people, at=clock())

    def sample(self, value=None):
        made = qc.make_sample(self.session, self.people, self.batch, at=self.clock())
        return made if value is None else (made, self.test(made, value))

    def test(self, sample, value="97", by="qc_analyst", **other):
        people = self.people | {"qc_analyst": self.people[by]}
        given = {"at": self.clock(), "value": value, "reviewed": True} | other
        return qc.make_result(self.session, people, sample, **given)

    def write(self, result, sample, retests=1):
        [deviation] = results.oos_of(self.session, [result]).values()
        plan = {"cause": "laboratory", "sample": sample.code, "retests": retests}
        qc.write_phase_one(self.session, self.people, deviation, at=self.clock(), **plan)
        return deviation

    def end(self, deviation):
        by = make_person(self.session, "qc_reviewer", username="qcreviewer2", at=self.clock())
        qc.end_phase_one(self.session, deviation, by=by, at=self.clock())

    def plan(self, result, sample, retests=1):
        self.end(self.write(result, sample, retests))

    def explain(self, sample, why="lost"):
        at = self.clock()
        return qc.explain(self.session, self.people, sample, "viability", why, at=at)

    @property
    def line(self):
        found = line_statuses.of_batch(
            self.session, self.batch.code, self.specification, **qc.AMOUNTS
        )
        return next(each for each in found if each.line.id == "viability")


@pytest.fixture
def people(database, clock):
    return qc.make_laboratory(database, at=clock())


@pytest.fixture
def laboratory(database, people, clock):
    with database.writing() as session:
        yield Laboratory(session, people, clock)


def test_no_retest_is_planned_on_a_sample_that_was_signed_as_lost(laboratory):
    laboratory.sample("97")
    _, failing = laboratory.sample("70")
    lost = laboratory.sample()
    laboratory.explain(lost)
    with pytest.raises(Refused, match="nobody signed as not tested"):
        laboratory.write(failing, lost)
    laboratory.explain(lost, "follows")
    laboratory.plan(failing, lost)
    assert laboratory.line.state == "incomplete"


def test_a_plan_on_a_sample_that_was_lost_meanwhile_is_not_signed(laboratory):
    _, failing = laboratory.sample("70")
    other = laboratory.sample()
    deviation = laboratory.write(failing, other)
    laboratory.explain(other)
    with pytest.raises(Refused, match="nobody signed as not tested"):
        laboratory.end(deviation)


def test_a_sample_that_was_called_lost_and_fails_all_the_same_is_tested_again_before_it_conforms(
    laboratory,
):
    laboratory.sample("97")
    called_lost = laboratory.sample()
    laboratory.explain(called_lost)
    failing = laboratory.test(called_lost, "70")
    laboratory.plan(failing, called_lost, 2)
    for done in (0, 1):
        assert laboratory.line.state == "incomplete", done
        laboratory.test(called_lost, by="technician")
    assert laboratory.line.state == "conforms"


def test_two_plans_that_cross_leave_the_newer_one_to_be_done(laboratory):
    laboratory.sample("97")
    first, failing = laboratory.sample("70")
    second = laboratory.sample()
    laboratory.plan(failing, second)
    again = laboratory.test(second, "71", by="technician")
    laboratory.plan(again, first)
    line = laboratory.line
    assert (line.state, line.sample) == ("incomplete", first.code)
    with pytest.raises(Refused, match="planned on sample"):
        laboratory.test(second, by="qc_reviewer", reviewed=False)
    laboratory.test(first, by="qc_reviewer", reviewed=False)
    assert laboratory.line.state == "entered, not reviewed"
    planned, elsewhere = oos_phases.plans_of(laboratory.session, [laboratory.batch.code])
    assert not planned.keys() & elsewhere.keys()


def test_a_later_plan_does_not_ask_for_fewer_than_the_one_it_takes_the_place_of(laboratory):
    sample, failing = laboratory.sample("70")
    laboratory.plan(failing, sample, 3)
    laboratory.test(sample, "91", by="technician")
    again = laboratory.test(sample, "71", by="technician")
    with pytest.raises(Refused, match="waits for retests: 2"):
        laboratory.write(again, sample, 1)
    laboratory.plan(again, sample, 2)
    assert laboratory.line.state == "incomplete"


def test_two_failing_samples_planned_onto_one_ask_for_the_more_of_both(laboratory):
    third = laboratory.sample()
    (_, one), other = laboratory.sample("70"), laboratory.sample()
    laboratory.plan(one, third, 3)
    two = laboratory.test(other, "69")
    with pytest.raises(Refused, match="waits for retests: 3"):
        laboratory.write(two, third, 1)
    laboratory.plan(two, third, 3)
    assert laboratory.line.state == "incomplete"


def test_valid_results_of_a_sample_that_is_retested_on_another_wait_for_no_more(
    database, people, clock
):
    with database.writing() as session:
        laboratory = Laboratory(session, people, clock, TWO)
        sample, _ = laboratory.sample("97")
        failing, other = laboratory.test(sample, "70"), laboratory.sample()
        laboratory.plan(failing, other, 2)
        assert laboratory.line.state == "incomplete"
        for value in ("96", "95"):
            laboratory.test(other, value, by="technician")
        assert laboratory.line.state == "conforms"


def test_nobody_signs_the_phase_that_they_wrote(laboratory):
    sample, failing = laboratory.sample("70")
    people, at = laboratory.people, laboratory.clock()
    wrote = people | {"qc_analyst": people["qc_reviewer"]}
    [deviation] = results.oos_of(laboratory.session, [failing]).values()
    qc.write_phase_one(laboratory.session, wrote, deviation, at=at, cause="none")
    with pytest.raises(Refused, match="You wrote phase I "):
        qc.end_phase_one(laboratory.session, deviation, by=people["qc_reviewer"], at=at)
    laboratory.end(deviation)
    qc.write_phase_two(laboratory.session, deviation, by=people["qa"], at=at)
    with pytest.raises(Refused, match="You wrote phase II "):
        qc.end_phase_two(laboratory.session, deviation, by=people["qa"], at=at)
    assert sample
