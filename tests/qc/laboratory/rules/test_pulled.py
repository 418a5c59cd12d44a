"""The law of pulled samples, as tables: tested or explained, the reading of the last passage."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qc.laboratory.rule_ids import LaboratoryRule as Rule
from qc.laboratory.rules import pulled as rules
from qc.laboratory.rules.pulled import PulledTest
from qc.specifications import document
from tests.makers.qc import SHIPPED_BYTES

LINES = document.read(SHIPPED_BYTES).by_id
WHY = "The tube broke in the centrifuge."


def pulled_for(line="bioburden", **other):
    return PulledTest("S26000012", "transport fluid", 7, line, LINES.get(line), **other)


@pytest.mark.parametrize(
    ("test", "instead", "done", "is_done"),
    [
        ("viability", (), {"viability"}, True),
        ("viability", (), {"cd73"}, False),
        ("viability", (), (), False),
        ("viability", ("cd73", "cd90"), {"cd73", "cd90", "cd105"}, True),
        ("viability", ("cd73", "cd90"), {"cd73"}, False),
        ("a_test_without_a_line", None, {"a_test_without_a_line"}, True),
        ("a_test_without_a_line", None, {"viability"}, False),
    ],
)
def test_a_test_is_done_by_its_own_result_or_by_all_that_stand_in_for_it(
    test, instead, done, is_done
):
    line = None if instead is None else replace(LINES[test], instead=instead)
    assert rules.is_done(test, line, done) is is_done


@pytest.mark.req("QC-03")
@pytest.mark.parametrize(
    ("pulled", "initial", "final"),
    [
        (pulled_for(), True, True),
        (pulled_for(is_tested=True), False, False),
        (pulled_for(is_unfit=True), False, False),
        (pulled_for(why="lost"), False, False),
        (pulled_for(why="not needed"), False, False),
        (pulled_for(why="follows"), False, True),
        (pulled_for("a_test_without_a_line"), True, True),
        (pulled_for("karyotype"), True, True),
        (pulled_for("hla_dr"), True, True),
        (pulled_for("viability"), False, False),
        (pulled_for("sterility"), False, False),
    ],
)
def test_what_was_pulled_is_tested_or_explained_unless_its_line_blocks_by_itself(
    pulled, initial, final
):
    assert bool(list(rules.unexplained([pulled], "initial"))) is initial
    assert bool(list(rules.unexplained([pulled], "final"))) is final


def test_an_optional_line_of_the_final_release_waits_for_it():
    line = replace(LINES["hla_dr"], gate="final")
    pulled = replace(pulled_for(), line=line)
    assert not list(rules.unexplained([pulled], "initial"))
    assert list(rules.unexplained([pulled], "final")) == [pulled]


SPENT = replace(pulled_for("sterility"), kind="spent medium with cells", is_read=True)


@pytest.mark.req("REL-04")
@pytest.mark.parametrize(
    ("pulled", "last", "reading"),
    [
        ([SPENT], {7}, "read"),
        ([], {7}, "absent"),
        ([SPENT], {8}, "absent"),
        ([SPENT], set(), "absent"),
        ([replace(SPENT, kind="final suspension")], {7}, "absent"),
        ([replace(SPENT, test="mycoplasma")], {7}, "absent"),
        ([replace(SPENT, is_read=False)], {7}, "unread"),
        ([SPENT, replace(SPENT, is_read=False)], {7}, "unread"),
    ],
)
def test_stage_1_asks_for_a_reading_of_the_sample_of_the_last_passage(pulled, last, reading):
    found = rules.in_process(LINES["sterility"], pulled, frozenset(last))
    assert found.reading == reading


@pytest.mark.req("QC-03")
@pytest.mark.parametrize(
    ("asked", "tested", "planned", "why", "reason", "found"),
    [
        (True, False, False, "lost", WHY, []),
        (False, False, False, "lost", WHY, [Rule.NOT_PULLED_FOR]),
        (True, True, False, "lost", WHY, [Rule.TESTED_ALREADY]),
        (True, False, True, "lost", WHY, [Rule.RETEST_WAITS]),
        (True, False, False, "forgotten", WHY, [Rule.UNTESTED_UNREAD]),
        (True, False, False, "lost", ". . .", [Rule.UNTESTED_REASON]),
    ],
)
def test_what_has_no_result_is_explained_with_a_reason(asked, tested, planned, why, reason, found):
    judged = rules.may_explain(asked, tested, planned, why, reason)
    assert [each.rule for each in judged] == found
