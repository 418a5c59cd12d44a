"""An out-of-specification result on a batch: phase I, the retest by its plan, phase II."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrity import signatures, states, verification
from integrity.acts import Act
from integrity.facts import drawn, shown
from integrity.findings import Refused, Stale
from qc.deviations import investigation
from qc.laboratory import line_statuses, oos, oos_facts, oos_phases, results
from qc.laboratory.result_facts import reported
from qc.laboratory.rules.oos import OOS
from tests.makers import qc, release

pytestmark = [pytest.mark.state("qc"), pytest.mark.req("QC-06")]
OVER_80 = 'operator = ">"\nlimit = "80"\nunit = "%"\nalert_low = "85"'
MEAN = qc.with_line(**{OVER_80: OVER_80 + '\nreported = "mean"\nplanned = "3"'})


@pytest.fixture
def people(database, clock):
    return qc.make_laboratory(database, at=clock())


@pytest.fixture
def another(people):
    """The same, with another analyst."""
    return people | {"qc_analyst": people["technician"]}


@pytest.fixture
def specification(database, people, clock):
    with database.writing() as session:
        return qc.make_specification(session, people, at=clock())


@pytest.fixture
def failing(database, people, specification, clock):
    """(batch, sample, a viability of 80 %, its deviation)."""
    return fail(database, people, clock)


def fail(database, people, clock, test="viability", value="80"):
    with database.writing() as session:
        batch = qc.make_bare_batch(session, people, at=clock())
        sample = qc.make_sample(session, people, batch, (test,), at=clock())
        result = qc.make_result(session, people, sample, test, value, at=clock())
        return batch, sample, result, results.oos_of(session, [result])[result.id]


def standing(session, batch, specification, test="viability"):
    found = line_statuses.of_batch(session, batch.code, specification, **qc.AMOUNTS)
    return next(each for each in found if each.line.id == test)


def state_of(session, result):
    return states.of(session, result, results.AXIS)


def test_a_cause_that_a_reviewer_confirms_invalidates_the_result_and_another_analyst_retests(
    database, people, another, specification, failing, clock
):
    batch, sample, result, deviation = failing
    plan = {"cause": "laboratory", "sample": sample.code, "retests": 2}
    with database.writing() as session:
        qc.write_phase_one(session, people, deviation, at=clock(), **plan)
        assert state_of(session, result) == "entered"
    with pytest.raises(Refused, match="Another person of QC"), database.writing() as session:
        qc.end_phase_one(session, deviation, by=people["qc_analyst"], at=clock())
    with database.writing() as session:
        qc.end_phase_one(session, deviation, by=people["qc_reviewer"], at=clock())
        assert state_of(session, result) == "invalidated" and result.shown == "80 %"
        assert states.of(session, deviation, OOS) == "cause_confirmed"
        assert standing(session, batch, specification).state == "incomplete"
        [signature] = signatures.of(session, deviation)
        assert (signature.meaning, signature.username) == ("reviewed", "qcreviewer1")
    with pytest.raises(Refused, match="Another analyst retests"), database.writing() as session:
        qc.make_result(session, people, sample, at=clock())
    with database.writing() as session:
        first = qc.make_result(session, another, sample, value="91", at=clock(), reviewed=True)
        assert standing(session, batch, specification).state == "incomplete"
        qc.make_result(session, another, sample, value="88", at=clock(), reviewed=True)
        line = standing(session, batch, specification)
        assert (line.state, first.plan_id) == ("conforms", line.plan.id)
        assert shown(reported(line)) == (
            "88 %; 91 % (each must conform) (by the plan of deviation "
            f"{deviation.code[:-2]}-{deviation.code[-2:]})"
        )
    with pytest.raises(Refused, match="asks for 2 retests"), database.writing() as session:
        qc.make_result(session, another, sample, at=clock(), reason="One more to be sure of it")
    with database.reading() as session:
        assert verification.verify(session).whole


def test_a_retest_that_is_corrected_stays_a_retest_of_its_plan(
    database, people, another, specification, failing, clock
):
    batch, sample, _, deviation = failing
    with database.writing() as session:
        qc.investigate(
            session, people, deviation, at=clock(), cause="laboratory", sample=sample.code
        )
        first = qc.make_result(session, another, sample, value="91", at=clock())
        words = {"corrects_id": first.id, "reason": "The print-out says 92 %"}
        again = qc.make_result(session, another, sample, value="92", at=clock(), **words)
        qc.review(session, again, by=people["qc_reviewer"], at=clock())
        assert again.plan_id == first.plan_id is not None
        assert standing(session, batch, specification).state == "conforms"


def test_a_retest_that_fails_is_investigated_by_itself_and_the_line_fails(
    database, people, another, specification, failing, clock
):
    batch, sample, _, deviation = failing
    with database.writing() as session:
        qc.investigate(
            session, people, deviation, at=clock(), cause="laboratory", sample=sample.code
        )
        again = qc.make_result(session, another, sample, value="79", at=clock())
        assert standing(session, batch, specification).state == "fails"
        opened = results.oos_of(session, [again])[again.id]
        assert opened.code != deviation.code
        assert oos.inquiry(session, opened).analysts == {"technician1"}


def test_a_retest_is_done_on_the_sample_that_was_planned(
    database, people, another, specification, failing, clock
):
    batch, sample, _, deviation = failing
    with database.writing() as session:
        retained = qc.make_sample(session, people, batch, at=clock())
        qc.investigate(
            session, people, deviation, at=clock(), cause="laboratory", sample=retained.code
        )
    with pytest.raises(Refused, match="planned on sample"), database.writing() as session:
        qc.make_result(session, another, sample, at=clock())
    with database.writing() as session:
        assert standing(session, batch, specification).state == "incomplete"
        qc.make_result(session, another, retained, at=clock(), reviewed=True)
        assert standing(session, batch, specification).state == "conforms"
    with pytest.raises(Refused, match="wants a sample"), database.writing() as session:
        _, _, _, other = fail_again(session, people, clock)
        qc.write_phase_one(
            session, people, other, at=clock(), cause="laboratory", sample=retained.code
        )


def fail_again(session, people, clock):
    batch = qc.make_bare_batch(session, people, at=clock())
    sample = qc.make_sample(session, people, batch, at=clock())
    result = qc.make_result(session, people, sample, value="80", at=clock())
    return batch, sample, result, results.oos_of(session, [result])[result.id]


def test_without_a_cause_phase_two_ends_it_and_the_result_stands_and_blocks(
    database, people, another, specification, failing, clock
):
    batch, sample, result, deviation = failing
    qa = people["qa"]
    with database.writing() as session:
        qc.investigate(session, people, deviation, at=clock())
        release.assess(session, deviation, by=qa, at=clock())
    with pytest.raises(Refused, match="Phase II of this"), database.writing() as session:
        release.judge(session, deviation, by=qa, at=clock())
    with pytest.raises(Refused, match="not judged yet"), database.writing() as session:
        qc.make_result(session, another, sample, value="90", at=clock())
    with pytest.raises(Refused, match="ended phase I"), database.writing() as session:
        qc.write_phase_two(session, deviation, by=qa, at=clock())
        qc.end_phase_two(session, deviation, by=people["qc_reviewer"], at=clock())
    with database.writing() as session:
        qc.extend(session, deviation, by=qa, at=clock())
        release.judge(session, deviation, by=qa, at=clock())
        assert states.of(session, deviation, OOS) == "stands"
        line = standing(session, batch, specification)
        assert (line.state, line.blocks("initial")) == ("fails", True)
        assert state_of(session, result) == "entered"
        said = dict(drawn(investigation.judge_facts(session, deviation.id, "continue")))
        assert said["Conclusion"] == qc.EXTENDED["conclusion"]
    for values in (
        {"reason": "A further run to see"},
        {"corrects_id": result.id, "reason": "Reread it again"},
    ):
        with pytest.raises(Refused, match="fails|failing"), database.writing() as session:
            qc.make_result(session, another, sample, value="90", at=clock(), **values)
    with pytest.raises(Refused, match="end of phase I"), database.writing() as session:
        qc.invalidate(session, result, by=people["qc_reviewer"], at=clock())


def test_qa_does_not_judge_a_failing_result_before_phase_one_has_ended(
    database, people, failing, clock
):
    *_, deviation = failing
    with pytest.raises(Refused, match="Phase I of this"), database.writing() as session:
        release.settle(session, deviation, by=people["qa"], at=clock())


def test_what_was_written_down_wrongly_is_corrected_by_another_analyst_without_a_retest(
    database, people, another, specification, failing, clock
):
    batch, sample, result, deviation = failing
    correction = {"value": "90", "corrects_id": result.id, "reason": "The print-out says 90 %"}
    with database.writing() as session:
        qc.investigate(session, people, deviation, at=clock(), cause="mistyped")
        assert standing(session, batch, specification).state == "fails"
    with pytest.raises(Refused, match="you cannot correct it"), database.writing() as session:
        qc.make_result(session, people, sample, at=clock(), **correction)
    with database.writing() as session:
        qc.make_result(session, another, sample, at=clock(), reviewed=True, **correction)
        assert state_of(session, result) == "corrected"
        assert standing(session, batch, specification).state == "conforms"


@pytest.mark.req("QC-07", "QC-08")
def test_growth_is_repeated_only_where_the_test_was_not_valid_and_says_so(
    database, people, another, specification, clock
):
    with database.writing() as session:
        batch = qc.make_bare_batch(session, people, at=clock())
        sample = qc.make_sample(session, people, batch, ("sterility",), at=clock())
        qc.begin(session, people, sample, at=clock())
        clock.advance(days=3)
        growth = qc.make_result(
            session, people, sample, "sterility", "growth", at=clock(), reading=True
        )
        deviation = results.oos_of(session, [growth])[growth.id]
    for cause in ("laboratory", "mistyped"):
        with pytest.raises(Refused, match="never retested"), database.writing() as session:
            qc.write_phase_one(
                session, people, deviation, at=clock(), cause=cause, sample=sample.code
            )
    with database.writing() as session:
        qc.investigate(
            session, people, deviation, at=clock(), cause="test system", sample=sample.code
        )
        line = standing(session, batch, specification, "sterility")
        assert (line.state, line.blocks("final")) == ("incomplete", True)
    with pytest.raises(Refused, match="start of"), database.writing() as session:
        clock.advance(days=14)
        qc.make_result(session, another, sample, "sterility", "no_growth", at=clock())
    with pytest.raises(Refused, match="Another analyst"), database.writing() as session:
        qc.begin(session, people, sample, at=clock())
    with database.writing() as session:
        qc.begin(session, another, sample, at=clock())
        assert standing(session, batch, specification, "sterility").state == "pending"
        clock.advance(days=14)
        qc.make_result(
            session, another, sample, "sterility", "no_growth", at=clock(), reviewed=True
        )
        line = standing(session, batch, specification, "sterility")
        assert line.state == "conforms" and "not valid" in shown(reported(line))


def test_a_mean_that_the_specification_plans_is_reported_when_all_its_values_are_there(
    database, people, clock
):
    with database.writing() as session:
        specification = qc.make_specification(session, people, data=MEAN, at=clock())
        batch = qc.make_bare_batch(session, people, at=clock())
        sample = qc.make_sample(session, people, batch, at=clock())
        low = qc.make_result(session, people, sample, value="79", at=clock(), reviewed=True)
        deviation = results.oos_of(session, [low])[low.id]
        qc.investigate(session, people, deviation, at=clock())
        qc.extend(session, deviation, by=people["qa"], at=clock())
        release.settle(session, deviation, by=people["qa"], at=clock())
        for value in ("83", "84"):
            assert standing(session, batch, specification).state == "fails"
            qc.make_result(session, people, sample, value=value, at=clock(), reviewed=True)
        line = standing(session, batch, specification)
        assert (line.state, shown(line.result)) == ("conforms", "mean 82 % of 79 %; 83 %; 84 %")
        assert shown(line.limit) == "> 80 %, mean of 3" and line.alert
        assert shown(reported(line)).endswith("(their mean is reported)")


def test_phase_one_is_written_anew_until_it_is_signed_and_what_was_read_is_what_is_signed(
    database, people, failing, clock
):
    *_, deviation = failing
    with database.writing() as session:
        qc.write_phase_one(session, people, deviation, at=clock())
        shown_before = oos_facts.phase_one_facts(session, deviation.id)
        qc.write_phase_one(
            session, people, deviation, at=clock(), said="The pipette was looked at."
        )
    with pytest.raises(Stale), database.writing() as session:
        oos.end_phase_one(
            Act(session, people["qc_reviewer"], clock()), deviation.id, seal=qc.seal(shown_before)
        )
    with database.writing() as session:
        qc.end_phase_one(session, deviation, by=people["qc_reviewer"], at=clock())
        assert session.query(oos_phases.PhaseOne).count() == 2
    with pytest.raises(Refused, match="has ended"), database.writing() as session:
        qc.write_phase_one(session, people, deviation, at=clock())


def test_an_investigation_has_a_due_date_by_its_specification(database, people, failing, clock):
    *_, deviation = failing
    with database.writing() as session:
        opened = deviation.opened_at
        [due] = oos_phases.due_of(session, [deviation], clock()).values()
        assert (due.at, due.is_overdue) == (opened + timedelta(days=30), False)
        late = oos_phases.due_of(session, [deviation], opened + timedelta(days=31))
        assert late[deviation.id].is_overdue
        qc.investigate(session, people, deviation, at=clock())
        qc.extend(session, deviation, by=people["qa"], at=clock())
        release.settle(session, deviation, by=people["qa"], at=clock())
        ended = oos_phases.due_of(session, [deviation], opened + timedelta(days=31))
        assert not ended[deviation.id].is_overdue
