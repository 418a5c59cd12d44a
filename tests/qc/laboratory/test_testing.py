"""Recording, reviewing, correcting and invalidating results, and where a batch then stands."""

from datetime import timedelta

import pytest

from integrity import deviations, facts, signatures, states
from integrity.acts import Act
from integrity.facts import drawn
from integrity.findings import Refused
from integrity.trail import Event
from qc.deviations import holding
from qc.deviations.holding import HoldFacts
from qc.laboratory import line_statuses, results, testing
from qc.laboratory.result_facts import facts_of
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules.results import Basis
from qc.laboratory.samples import TESTING
from qc.specifications import register
from tests.makers import qc
from tests.makers.people import entry_id

pytestmark = pytest.mark.state("qc")

AGAIN = "A further run was asked for by QA"
NEXT = qc.with_line(**{'limit = "80"': 'limit = "99"', 'alert_low = "85"': 'alert_low = "99.5"'})
OVER_80 = 'operator = ">"\nlimit = "80"\nunit = "%"\nalert_low = "85"'
ROUNDED = qc.with_line(**{OVER_80: 'operator = ">="\nlimit = "70"\nunit = "%"\ndecimals = "0"'})


@pytest.fixture
def people(database, clock):
    return qc.make_laboratory(database, at=clock())


@pytest.fixture
def specification(database, people, clock):
    with database.writing() as session:
        return qc.make_specification(session, people, at=clock())


@pytest.fixture
def batch(database, people, specification, clock):
    with database.writing() as session:
        return qc.make_bare_batch(session, people, at=clock())


def state_of(session, result):
    return states.of(session, result, results.AXIS)


def standing(session, batch, specification, test, **amounts):
    found = line_statuses.of_batch(session, batch.code, specification, **(qc.AMOUNTS | amounts))
    return next(each for each in found if each.line.id == test)


def one_deviation(session, batch):
    (deviation,) = deviations.in_scopes(session, [batch.id])
    return deviation


def test_the_published_results_conform_and_only_sterility_is_awaited(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        for kind, tests in qc.PULLED:
            sample = qc.make_sample(session, people, batch, tests, kind=kind, at=clock())
            if tests == ("sterility",):
                qc.begin(session, people, sample, at=clock())
            for test in (each for each in tests if each in qc.PUBLISHED):
                qc.make_result(
                    session, people, sample, test, at=clock(), reviewed=True, **qc.PUBLISHED[test]
                )
    with database.reading() as session:
        found = line_statuses.of_batch(session, batch.code, specification, **qc.AMOUNTS)
        assert [each.line.id for each in found if each.blocks("initial")] == []
        (awaited,) = [each for each in found if each.blocks("final")]
        assert (awaited.line.id, facts.shown(awaited.worded)) == (
            "sterility",
            "pending until 2026-11-16 08:00 +00:00",
        )
        shown = {each.line.id: facts.shown(each.result) for each in found}
        assert (shown["viability"], shown["endotoxin"], shown["cell_dose"]) == (
            "97 %",
            "< 0.03 EU/kg",
            "6.25 × 10⁷ cells",
        )
        assert shown["karyotype"] == "46,XY,16qh+ (normal)"


def test_a_missing_result_blocks_exactly_like_a_failing_one(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, ("viability", "appearance"), at=clock())
        assert standing(session, batch, specification, "viability").state == "missing"
        assert standing(session, batch, specification, "mycoplasma").state == "missing"
        qc.make_result(session, people, sample, "appearance", "clumps", at=clock(), reviewed=True)
        missing, failing = (
            standing(session, batch, specification, test) for test in ("viability", "appearance")
        )
        assert (missing.blocks("initial"), failing.blocks("initial")) == (True, True)
        assert standing(session, batch, specification, "immunoregulation").blocks("final") is False


@pytest.mark.req("QC-01")
def test_a_batch_is_judged_by_the_specification_it_began_with_whatever_is_in_force_later(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        newer = qc.make_specification(
            session, people, data=NEXT, at=clock(), effective_from=clock() + timedelta(days=1)
        )
        sample = qc.make_sample(session, people, batch, at=clock())
        today = qc.make_result(session, people, sample, at=clock(), reviewed=True)
        assert (today.verdict, today.specification_id) == ("conforms", specification.id)
        clock.advance(days=2)
        held = register.effective(session, "SP-UCMSC", clock())
        line = standing(session, batch, held, "viability")
        assert held.id == newer.id
        assert (line.state, line.limit, line.specification) == (
            "conforms",
            "> 80 %",
            "SP-UCMSC version 1",
        )
        for begun, verdict, judging in (
            (batch, "conforms", specification),
            (qc.make_bare_batch(session, people, at=clock()), "fails", newer),
        ):
            sample = qc.make_sample(session, people, begun, at=clock())
            tomorrow = qc.make_result(session, people, sample, at=clock())
            assert (tomorrow.verdict, tomorrow.specification_id) == (verdict, judging.id)


@pytest.mark.req("QC-02", "IAM-03")
def test_the_reviewer_is_not_the_analyst_and_every_field_is_kept(database, people, batch, clock):
    with database.writing() as session:
        result = qc.make_result(
            session,
            people,
            qc.make_sample(session, people, batch, at=clock()),
            at=clock(),
            remark="Triplicate",
        )
    with pytest.raises(Refused) as refused, database.writing() as session:
        qc.review(session, result, by=people["qc_analyst"], at=clock())
    assert refused.value.status == 409
    with database.writing() as session:
        said = dict(drawn(facts_of(session, result.id)))
        qc.review(session, result, by=people["qc_reviewer"], at=clock())
        assert state_of(session, result) == "reviewed"
        assert {
            "Batch",
            "Sample",
            "Test",
            "Specification",
            "Method",
            "Typed",
            "Reported",
            "Verdict",
            "Tested",
            "Raw data",
            "Analyst",
            "Recorded",
            "Remark",
        } <= set(said)
        (signature,) = signatures.of(session, result)
        assert (signature.meaning, signature.name) == ("reviewed", "QC reviewer 1")


@pytest.mark.req("QC-04")
def test_69_96_is_reported_as_70_with_the_raw_value_kept(database, people, clock):
    with database.writing() as session:
        qc.make_specification(session, people, data=ROUNDED, at=clock())
        batch = qc.make_bare_batch(session, people, at=clock())
        result = qc.make_result(
            session,
            people,
            qc.make_sample(session, people, batch, at=clock()),
            value="69.96",
            at=clock(),
        )
        assert (result.verdict, result.shown, result.typed) == ("conforms", "70 %", "69.96 %")
        assert dict(drawn(facts_of(session, result.id)))["Typed"] == "69.96 %"


@pytest.mark.req("QC-05")
def test_out_of_specification_opens_a_deviation_and_holds_the_test_until_it_is_judged(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, at=clock())
        failing = qc.make_result(session, people, sample, value="80", at=clock())
        deviation = one_deviation(session, batch)
        assert (deviation.classification, deviation.scope, deviation.subject_id) == (
            "major",
            batch.code,
            failing.id,
        )
        assert deviation.code[0] == "N" and "> 80 %" in deviation.sentence()
        line = standing(session, batch, specification, "viability")
        assert (line.state, line.deviation, line.result_id) == ("fails", deviation.code, failing.id)
    for again in ({}, {"corrects_id": failing.id, "reason": "Mistyped, the print-out says 90"}):
        with (
            pytest.raises(Refused, match="not judged yet") as refused,
            database.writing() as session,
        ):
            qc.make_result(session, people, sample, value="90", at=clock(), **again)
        assert refused.value.status == 409
    with pytest.raises(Refused, match="end of phase I"), database.writing() as session:
        qc.invalidate(session, failing, by=people["qc_reviewer"], at=clock())
    with database.writing() as session:
        qc.judge(session, one_deviation(session, batch), by=people["qa"], at=clock())
    with pytest.raises(Refused, match="end of phase I"), database.writing() as session:
        qc.invalidate(session, failing, by=people["qc_reviewer"], at=clock())
    with pytest.raises(Refused, match="not tested into compliance"), database.writing() as session:
        qc.make_result(session, people, sample, value="90", at=clock(), reason=AGAIN)
    with database.reading() as session:
        assert standing(session, batch, specification, "viability").state == "fails"
        assert state_of(session, failing) == "entered"


@pytest.mark.req("QC-05")
@pytest.mark.parametrize(("value", "opened"), [("78", 2), ("95", 1)])
def test_what_is_found_on_another_sample_is_recorded_while_the_first_is_investigated(
    database, people, specification, batch, clock, value, opened
):
    with database.writing() as session:
        first, second = (qc.make_sample(session, people, batch, at=clock()) for _ in range(2))
        qc.make_result(session, people, first, value="79", at=clock())
    with database.writing() as session:
        qc.make_result(session, people, second, value=value, at=clock())
        assert len(deviations.in_scopes(session, [batch.id])) == opened
        assert standing(session, batch, specification, "viability").state == "fails"
    with pytest.raises(Refused, match="not judged yet"), database.writing() as session:
        qc.make_result(session, people, first, value="95", at=clock(), reason=AGAIN)


@pytest.mark.req("QC-07")
def test_growth_in_a_second_sample_is_recorded_as_reading_and_as_result(
    database, people, batch, clock
):
    with database.writing() as session:
        samples = [
            qc.make_sample(session, people, batch, ("sterility",), at=clock()) for _ in range(3)
        ]
        for sample in samples:
            qc.begin(session, people, sample, at=clock())
        clock.advance(days=3)
        for sample, reading in zip(samples, (True, True, False), strict=True):
            words = {"at": clock(), "reading": reading}
            qc.make_result(session, people, sample, "sterility", "growth", **words)
        assert len(deviations.in_scopes(session, [batch.id])) == 3


@pytest.mark.req("QC-03")
@pytest.mark.parametrize("test", ["viability", "sterility"])
def test_what_is_tested_on_a_sample_that_is_on_hold_is_a_deviation(
    database, people, batch, clock, test
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, (test,), at=clock())
        clock.advance(minutes=1)
        told = HoldFacts(sample.code, "It stood in the sun for an hour.")
        holding.hold(Act(session, people["technician"], clock(), entry_id=entry_id()), told)
        clock.advance(minutes=1)
        if test == "sterility":
            qc.begin(session, people, sample, at=clock())
        else:
            qc.make_result(session, people, sample, at=clock())
        made = one_deviation(session, batch)
        assert (made.rule, made.classification) == (LaboratoryRule.SAMPLE_HELD, "major")
        assert "on hold" in made.sentence()
        if test == "sterility":
            clock.advance(days=3)
            qc.make_result(session, people, sample, test, "no_growth", at=clock(), reading=True)
            assert one_deviation(session, batch) is made


@pytest.mark.parametrize("cause", [None, "", "  "])
def test_a_result_is_invalidated_only_for_a_documented_cause_and_by_another_person(
    database, people, specification, batch, clock, cause
):
    with database.writing() as session:
        result = qc.make_result(
            session,
            people,
            qc.make_sample(session, people, batch, at=clock()),
            at=clock(),
            reviewed=True,
        )
    with pytest.raises(Refused, match="documented cause"), database.writing() as session:
        qc.invalidate(session, result, by=people["qc_reviewer"], at=clock(), cause=cause)
    with pytest.raises(Refused, match="Another person"), database.writing() as session:
        qc.invalidate(session, result, by=people["qc_analyst"], at=clock())
    with database.writing() as session:
        qc.invalidate(session, result, by=people["qc_reviewer"], at=clock())
        assert standing(session, batch, specification, "viability").state == "missing"


def test_a_correction_keeps_the_old_result_and_needs_its_own_review(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, at=clock())
        old = qc.make_result(session, people, sample, value="91", at=clock(), reviewed=True)
        assert states.of(session, sample, TESTING) == "complete"
        new = qc.make_result(
            session,
            people,
            sample,
            value="90.1",
            at=clock(),
            corrects_id=old.id,
            reason="Re-read from the print-out",
        )
        assert (state_of(session, old), state_of(session, new)) == ("corrected", "entered")
        assert states.of(session, sample, TESTING) == "received"
        assert (
            old.typed == "91 %"
            and dict(drawn(facts_of(session, new.id)))["Corrects"]
            == "91 %: Re-read from the print-out"
        )
        assert standing(session, batch, specification, "viability").state == "entered, not reviewed"
    with pytest.raises(Refused), database.writing() as session:
        qc.make_result(
            session,
            people,
            sample,
            value="90.2",
            at=clock(),
            corrects_id=old.id,
            reason="A second time on the old one",
        )
    with pytest.raises(Refused, match="Say why"), database.writing() as session:
        qc.make_result(
            session, people, sample, value="90.2", at=clock(), corrects_id=new.id, reason=" "
        )


@pytest.mark.req("QC-08")
def test_sterility_is_refused_on_day_13_allowed_at_14_days_and_read_in_between(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, ("sterility",), at=clock())
        qc.begin(session, people, sample, at=clock())
        began = clock()
        clock.advance(days=7, hours=3)
        reading = qc.make_result(
            session,
            people,
            sample,
            "sterility",
            "no_growth",
            at=clock(),
            reading=True,
            reviewed=True,
        )
        assert (reading.verdict, facts.shown(reading.shown)) == ("interim", "No growth to day 7")
        line = standing(session, batch, specification, "sterility")
        assert (facts.shown(line.worded), facts.shown(line.result), line.reviewed) == (
            "pending until 2026-11-16 08:00 +00:00",
            "No growth to day 7",
            True,
        )
        assert (line.blocks("initial"), line.blocks("final")) == (False, True)
    clock.at = began + timedelta(days=13)
    with pytest.raises(Refused, match="final at 14 d") as refused, database.writing() as session:
        qc.make_result(session, people, sample, "sterility", "no_growth", at=clock())
    assert refused.value.status == 409
    clock.at = began + timedelta(days=14)
    with database.writing() as session:
        qc.make_result(session, people, sample, "sterility", "no_growth", at=clock(), reviewed=True)
        assert standing(session, batch, specification, "sterility").state == "conforms"
        assert states.of(session, sample, TESTING) == "complete"


def test_growth_at_an_interim_reading_is_the_result_and_critical(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, ("sterility",), at=clock())
        qc.begin(session, people, sample, at=clock())
        qc.make_result(
            session, people, sample, "sterility", "growth", at=clock.advance(days=3), reading=True
        )
        assert one_deviation(session, batch).classification == "critical"
        line = standing(session, batch, specification, "sterility")
        assert (line.state, line.blocks("initial")) == ("fails", True)


def test_a_start_told_late_is_a_deviation_and_a_start_is_told_once(database, people, batch, clock):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, ("sterility",), at=clock())
        began = clock()
        qc.begin(session, people, sample, at=clock.advance(hours=2), began_at=began)
        assert one_deviation(session, batch).classification == "minor"
    with pytest.raises(Refused, match="already"), database.writing() as session:
        qc.begin(session, people, sample, at=clock())


def test_a_sample_taken_earlier_in_the_process_fails_the_line_but_cannot_answer_it(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        early = qc.make_sample(
            session, people, batch, ("sterility",), kind="spent medium with cells", at=clock()
        )
        qc.begin(session, people, early, at=clock())
        clock.advance(days=14)
        qc.make_result(session, people, early, "sterility", "no_growth", at=clock(), reviewed=True)
        assert standing(session, batch, specification, "sterility").state == "missing"
        late = qc.make_sample(session, people, batch, ("sterility",), at=clock())
        qc.begin(session, people, late, at=clock())
        qc.make_result(session, people, early, "sterility", "growth", at=clock(), reason=AGAIN)
        assert standing(session, batch, specification, "sterility").state == "fails"


def test_endotoxin_is_judged_again_for_the_weight_that_is_asked(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, ("endotoxin",), at=clock())
        result = qc.make_result(
            session, people, sample, "endotoxin", "16", at=clock(), reviewed=True
        )
        assert (result.typed, result.shown, result.basis) == (
            "16 EU/mL",
            "4.8 EU/kg",
            {"volume": ["15", "mL"], "weight": ["50", "kg"]},
        )
        assert standing(session, batch, specification, "endotoxin").state == "conforms"
        lighter = standing(
            session, batch, specification, "endotoxin", weight=type(qc.BASIS.weight)("40", "kg")
        )
        assert (lighter.state, lighter.result) == ("fails", "6 EU/kg")


def test_an_inconclusive_result_is_not_a_pass_and_may_be_repeated(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, ("endotoxin",), at=clock())
        qc.make_result(session, people, sample, "endotoxin", "< 20", at=clock(), reviewed=True)
        line = standing(session, batch, specification, "endotoxin")
        assert (line.state, line.blocks("initial")) == ("inconclusive", True)
        assert not deviations.in_scopes(session, [batch.id])
        qc.make_result(
            session,
            people,
            sample,
            "endotoxin",
            "< 0.05",
            at=clock(),
            reviewed=True,
            reason=AGAIN,
        )
        assert standing(session, batch, specification, "endotoxin").state == "conforms"


def test_without_amounts_in_the_batch_the_endotoxin_waits_for_them(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, ("endotoxin",), at=clock())
        result = qc.make_result(
            session, people, sample, "endotoxin", "< 0.1", at=clock(), basis=None, reviewed=True
        )
        assert result.verdict == "inconclusive"
        assert standing(session, batch, specification, "endotoxin").state == "conforms"
        nothing = line_statuses.of_batch(session, batch.code, specification)
        assert next(each.state for each in nothing if each.line.id == "endotoxin") == "inconclusive"


def test_each_negative_marker_by_itself_stands_in_for_the_cocktail(
    database, people, specification, batch, clock
):
    markers = ("cd11b", "cd19", "cd34", "cd45", "hla_dr")
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, ("cd_negative",), at=clock())
        for marker in markers[:-1]:
            qc.make_result(session, people, sample, marker, "0.4", at=clock(), reviewed=True)
        assert standing(session, batch, specification, "cd_negative").state == "missing"
        qc.make_result(session, people, sample, markers[-1], "0.5", at=clock(), reviewed=True)
        line = standing(session, batch, specification, "cd_negative")
        assert line.state == "conforms" and facts.shown(line.result).endswith("HLA-DR 0.5 %")
        assert states.of(session, sample, TESTING) == "complete"


def test_the_same_entry_twice_is_one_result_and_leaves_one_event(database, people, batch, clock):
    with database.writing() as session:
        facts = qc.result_facts(qc.make_sample(session, people, batch, at=clock()), at=clock())
    entry = entry_id()
    for _ in range(2):
        with database.writing() as session:
            made = testing.record(
                Act(session, people["qc_analyst"], clock(), entry_id=entry), facts, basis=Basis()
            )
    with database.reading() as session:
        assert [each.id for each in results.of_scope(session, batch.code)] == [made.id]
        assert session.query(Event).filter(Event.action == "result.recorded").count() == 1


def test_the_number_of_queries_of_a_standing_does_not_grow(
    database, people, specification, batch, clock
):
    from sqlalchemy import event

    counts = []
    for _ in range(2):
        with database.writing() as session:
            for _ in range(3):
                qc.make_result(
                    session,
                    people,
                    qc.make_sample(session, people, batch, at=clock()),
                    at=clock(),
                    reviewed=True,
                )
        asked = []
        event.listen(
            database.engine,
            "before_cursor_execute",
            lambda *words, asked=asked: asked.append(words[2]),
        )
        with database.reading() as session:
            line_statuses.of_batch(session, batch.code, specification, **qc.AMOUNTS)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


@pytest.mark.req("QC-04")
@pytest.mark.parametrize(
    ("test", "value", "unit"),
    [
        ("viability", "970", "%"),
        ("viability", "97", "1"),
        ("viability", "> 100.5", "%"),
        ("viability", "-0", "%"),
        ("endotoxin", "< 0", "EU/mL"),
        ("endotoxin", "<= 0", "EU/mL"),
    ],
)
def test_the_act_records_nothing_that_cannot_be(database, people, batch, clock, test, value, unit):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, (test,), at=clock())
    with pytest.raises(Refused, match=r"\.$"), database.writing() as session:
        qc.make_result(session, people, sample, test, value, unit=unit, at=clock())
    with database.reading() as session:
        assert results.of_sample(session, sample.id) == []


# Repeats, custody, own failures
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("QC-06")
def test_a_repeat_says_why_both_results_stand_and_the_worse_is_reported_with_its_alert(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, at=clock())
        low = qc.make_result(session, people, sample, value="81", at=clock(), reviewed=True)
    for silent in (None, "..........", "again"):
        with pytest.raises(Refused, match="both will stand"), database.writing() as session:
            qc.make_result(session, people, sample, value="96", at=clock(), reason=silent)
    with database.writing() as session:
        again = qc.make_result(session, people, sample, value="96", at=clock(), reason=AGAIN)
        assert standing(session, batch, specification, "viability").state == "entered, not reviewed"
        qc.review(session, again, by=people["qc_reviewer"], at=clock())
        line = standing(session, batch, specification, "viability")
        assert (line.state, facts.shown(line.result)) == ("conforms", "81 %; 96 %")
        assert line.result_id == low.id
        assert "below the alert limit" in facts.shown(line.alert) and line.repeats == (again.id,)


@pytest.mark.req("QC-03", "TIM-06")
def test_what_was_tested_before_its_receipt_or_told_late_is_found(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, at=clock(), received=False)
        pulled = clock()
        clock.advance(hours=29)
        qc.receive(session, people, sample, at=clock())
        qc.make_result(session, people, sample, at=clock(), tested_at=pulled)
        found = [each.rule for each in deviations.in_scopes(session, [batch.id])]
        assert found == ["qc-03-tested-before-receipt", "tim-06-result-late"]


@pytest.mark.req("QC-03")
def test_a_long_test_that_began_before_its_receipt_is_found(
    database, people, specification, batch, clock
):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, ("sterility",), at=clock(), received=False)
        pulled = clock()
        clock.advance(minutes=10)
        qc.receive(session, people, sample, at=clock())
        qc.begin(session, people, sample, at=clock(), began_at=pulled)
        [found] = deviations.in_scopes(session, [batch.id])
        assert found.rule == "qc-03-tested-before-receipt"
