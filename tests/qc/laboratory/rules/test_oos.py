"""The law of an investigation, as tables: what ends phase I, what is planned, what ends II."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from qc.laboratory.rule_ids import LaboratoryRule as Rule
from qc.laboratory.rules import oos as rules
from qc.laboratory.rules.oos import Check, Investigated, PhaseOneSaid, PhaseTwoSaid, Written
from qc.specifications import document
from tests.makers.qc import SHIPPED_BYTES, with_line

LINES = document.read(SHIPPED_BYTES).by_id
OVER_80 = 'operator = ">"\nlimit = "80"'
MEAN = document.read(with_line(**{OVER_80: OVER_80 + '\nreported = "mean"\nplanned = "3"'})).by_id[
    "viability"
]
NOW = Investigated(LINES["viability"], None, frozenset({"one"}), "received")
ORDER = dict.fromkeys(Check, "in order")
FAULT = ORDER | {Check.METHOD: "not in order"}
SAID = "The chamber held an air bubble."
FOUND = PhaseOneSaid(FAULT, "laboratory", SAID, "Notebook 3 page 41", 1, "each")
NONE = PhaseOneSaid(ORDER, "none", SAID, "")


WRITTEN = Written("writer")
PLANNED = Written("writer", "laboratory", 1, "each")


def told(findings):
    return [each.rule for each in findings]


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("now", "said", "found"),
    [
        (NOW, FOUND, []),
        (NOW, NONE, []),
        (NOW, replace(FOUND, cause="mistyped", retests=None, reported=""), []),
        (NOW, replace(FOUND, cause="test system"), []),
        (replace(NOW, state="extended"), NONE, [Rule.PHASE_ONE_ENDED]),
        (NOW, replace(NONE, checks=ORDER | {Check.SAMPLE: ""}), [Rule.CHECK_UNANSWERED]),
        (NOW, replace(NONE, checks={}), [Rule.CHECK_UNANSWERED] * len(Check)),
        (NOW, replace(NONE, said="nothing"), [Rule.CAUSE_UNSAID]),
        (NOW, replace(NONE, cause="perhaps"), [Rule.CAUSE_UNREAD]),
        (NOW, replace(FOUND, evidence=" "), [Rule.EVIDENCE_UNSAID]),
        (NOW, replace(FOUND, checks=ORDER), [Rule.CAUSE_WITHOUT_CHECK]),
    ],
)
def test_phase_one_answers_its_checks_and_a_cause_has_its_evidence(now, said, found):
    assert told(rules.may_record(now, said)) == found


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("now", "said", "found"),
    [
        (NOW, replace(FOUND, retests=None), [Rule.RETESTS_UNSAID]),
        (NOW, replace(FOUND, retests=0), [Rule.RETESTS_UNSAID]),
        (NOW, replace(FOUND, retests=11), [Rule.RETESTS_UNSAID]),
        (NOW, replace(FOUND, retests=10, reported="worse"), []),
        (NOW, replace(FOUND, reported="mean"), [Rule.REPORTED_OTHERWISE]),
        (replace(NOW, line=MEAN), replace(FOUND, retests=3, reported="mean"), []),
        (replace(NOW, line=MEAN), replace(FOUND, retests=3), []),
        (
            replace(NOW, line=MEAN),
            replace(FOUND, retests=3, reported="worse"),
            [Rule.REPORTED_OTHERWISE],
        ),
        (replace(NOW, line=MEAN), replace(FOUND, retests=2), [Rule.RETESTS_TOO_FEW]),
        (replace(NOW, retested_on=None), FOUND, [Rule.RETEST_SAMPLE]),
        (replace(NOW, retested_on="unfit"), FOUND, [Rule.RETEST_SAMPLE]),
        (replace(NOW, retested_on="complete"), FOUND, []),
        (replace(NOW, is_explained=True), FOUND, [Rule.RETEST_SAMPLE]),
        (replace(NOW, is_explained=True), NONE, []),
        (replace(NOW, is_gone=True), FOUND, [Rule.RETEST_SAMPLE]),
        (replace(NOW, is_gone=True), NONE, []),
        (replace(NOW, left=2), FOUND, [Rule.RETESTS_LEFT]),
        (replace(NOW, left=2), replace(FOUND, retests=2), []),
        (replace(NOW, left=-1), FOUND, []),
        (replace(NOW, left=2), NONE, []),
    ],
)
def test_a_retest_is_planned_beforehand_by_the_rule_of_the_specification(now, said, found):
    assert told(rules.may_record(now, said)) == found


LOST = replace(NOW, state="cause_confirmed", is_plan_lost=True, confirmed="laboratory", left=2)
OPEN = replace(LOST, state="plan_open")


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("now", "said", "found"),
    [
        (LOST, replace(FOUND, retests=2), []),
        (LOST, replace(FOUND, retests=3), []),
        (LOST, FOUND, [Rule.RETESTS_LEFT]),
        (LOST, replace(FOUND, retests=2, cause="test system"), [Rule.PLAN_CAUSE]),
        (LOST, NONE, [Rule.PLAN_CAUSE]),
        (replace(LOST, is_gone=True), replace(FOUND, retests=2), [Rule.RETEST_SAMPLE]),
        (replace(LOST, is_plan_lost=False), replace(FOUND, retests=2), [Rule.PHASE_ONE_ENDED]),
        (OPEN, replace(FOUND, retests=2), []),
        (replace(OPEN, is_plan_lost=False), replace(FOUND, retests=2), []),  # it is open already
        (OPEN, FOUND, [Rule.RETESTS_LEFT]),
        (OPEN, NONE, [Rule.PLAN_CAUSE]),
    ],
)
def test_a_plan_whose_sample_is_gone_is_written_anew_for_no_fewer_and_of_the_same_cause(
    now, said, found
):
    assert told(rules.may_record(now, said)) == found


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("state", "is_explained", "is_gone", "can"),
    [
        ("received", False, False, True),
        ("complete", False, False, True),
        ("received", True, False, False),
        ("received", False, True, False),
        ("unfit", False, False, False),
        (None, False, False, False),
    ],
)
def test_a_sample_can_be_tested_while_qc_has_it_and_it_is_there(state, is_explained, is_gone, can):
    assert rules.can_be_tested(state, is_explained, is_gone) is can


@pytest.mark.req("QC-07")
@pytest.mark.parametrize("test", ["sterility", "mycoplasma", "bioburden", "gram_stain"])
@pytest.mark.parametrize(
    ("cause", "found"),
    [
        ("laboratory", [Rule.MICROBIAL_CAUSE]),
        ("mistyped", [Rule.MICROBIAL_CAUSE]),
        ("test system", []),
        ("none", []),
    ],
)
def test_organisms_are_never_retested_into_compliance_only_an_invalid_test_is_repeated(
    test, cause, found
):
    now = replace(NOW, line=LINES[test])
    assert told(rules.may_record(now, replace(FOUND, cause=cause))) == found


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("state", "written", "signer", "found"),
    [
        (None, WRITTEN, "two", []),
        (None, None, "two", [Rule.PHASE_ONE_UNWRITTEN]),
        (None, WRITTEN, "one", [Rule.PHASE_ONE_BY_ANALYST]),
        (None, replace(WRITTEN, by="one"), "one", [Rule.PHASE_ONE_BY_ANALYST]),
        (None, WRITTEN, "writer", [Rule.PHASE_ONE_BY_WRITER]),
        ("extended", WRITTEN, "two", [Rule.PHASE_ONE_ENDED]),
        ("cause_confirmed", WRITTEN, "two", [Rule.PHASE_ONE_ENDED]),
        ("plan_open", WRITTEN, "two", []),
        ("plan_open", WRITTEN, "writer", [Rule.PHASE_ONE_BY_WRITER]),
    ],
)
def test_phase_one_is_ended_once_by_who_neither_tested_nor_wrote_it(state, written, signer, found):
    assert told(rules.may_end_phase_one(replace(NOW, state=state), written, signer)) == found


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("now", "written", "found"),
    [
        (NOW, PLANNED, []),
        (replace(NOW, left=2), PLANNED, [Rule.RETESTS_LEFT]),
        (replace(NOW, is_explained=True), PLANNED, [Rule.RETEST_SAMPLE]),
        (replace(NOW, is_gone=True), PLANNED, [Rule.RETEST_SAMPLE]),
        (replace(NOW, is_gone=True), WRITTEN, []),
        (replace(NOW, is_explained=True, left=2), WRITTEN, []),
        (replace(NOW, is_explained=True), replace(PLANNED, cause="mistyped"), []),
    ],
)
def test_a_plan_is_signed_only_while_it_can_still_be_kept(now, written, found):
    assert told(rules.may_end_phase_one(now, written, "two")) == found


TEXTS = PhaseTwoSaid("Nothing in the record.", "No other batch.", "The result stands.")


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("state", "said", "found"),
    [
        ("extended", TEXTS, []),
        (None, TEXTS, [Rule.PHASE_ONE_WAITS]),
        ("cause_confirmed", TEXTS, [Rule.CAUSE_WAS_FOUND]),
        ("stands", TEXTS, [Rule.PHASE_TWO_ENDED]),
        ("extended", replace(TEXTS, others="none"), [Rule.PHASE_TWO_UNSAID]),
        ("extended", PhaseTwoSaid("", "", ""), [Rule.PHASE_TWO_UNSAID] * 3),
    ],
)
def test_phase_two_follows_a_phase_one_without_a_cause(state, said, found):
    assert told(rules.may_extend(replace(NOW, state=state), said)) == found


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("state", "written", "signer", "found"),
    [
        ("extended", WRITTEN, "qa", []),
        ("extended", None, "qa", [Rule.PHASE_TWO_UNWRITTEN]),
        ("extended", WRITTEN, "one", [Rule.PHASE_TWO_BY_LABORATORY]),
        ("extended", WRITTEN, "two", [Rule.PHASE_TWO_BY_LABORATORY]),
        ("extended", WRITTEN, "writer", [Rule.PHASE_TWO_BY_WRITER]),
        (None, WRITTEN, "qa", [Rule.PHASE_ONE_WAITS]),
        ("stands", WRITTEN, "qa", [Rule.PHASE_TWO_ENDED]),
    ],
)
def test_phase_two_is_ended_by_nobody_of_phase_one_and_not_by_its_writer(
    state, written, signer, found
):
    now = replace(NOW, state=state, signer="two")
    assert told(rules.may_end_phase_two(now, written, signer)) == found


@pytest.mark.req("QC-05", "QC-06")
@pytest.mark.parametrize(
    ("is_oos", "state", "found"),
    [
        (False, None, []),
        (True, None, [Rule.PHASE_ONE_WAITS]),
        (True, "extended", [Rule.PHASE_TWO_WAITS]),
        (True, "stands", []),
        (True, "cause_confirmed", []),
    ],
)
def test_qa_judges_a_failing_result_when_its_investigation_has_ended(is_oos, state, found):
    assert told(rules.may_judge(is_oos, state)) == found


@pytest.mark.parametrize(
    ("days", "is_ended", "is_overdue"),
    [(30, False, False), (31, False, True), (31, True, False)],
)
def test_an_investigation_is_overdue_once_its_time_has_gone_by(days, is_ended, is_overdue):
    opened = datetime(2026, 11, 2, tzinfo=UTC)
    found = rules.due(opened, timedelta(days=30), is_ended, opened + timedelta(days=days))
    assert (found.at, found.is_overdue) == (opened + timedelta(days=30), is_overdue)
