"""The law of results as tables.

Both edges of every operator, other units, rounding, bounds, amounts of the batch.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from integrity.facts import shown as worded
from integrity.quantities import Quantity, read_measured
from integrity.verdicts import conforms
from qc.laboratory.rule_ids import LaboratoryRule as Rule
from qc.laboratory.rules import custody, results as rules
from qc.laboratory.rules.results import Basis, RecordingFacts
from qc.specifications import document
from tests.makers.qc import BASIS, PUBLISHED, SHIPPED_BYTES
from tests.manufacturing.formulas import oracle

SHIPPED = document.read(SHIPPED_BYTES).by_id
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
VIABILITY, STERILITY = SHIPPED["viability"], SHIPPED["sterility"]


def line(operator, limit="80", **other):
    return replace(
        VIABILITY, operator=operator, limit=Quantity(limit, "%"), alert_low=None, **other
    )


def word(test, value, unit=None, choice="", basis=BASIS):
    return rules.judge(
        SHIPPED[test] if isinstance(test, str) else test, value, unit, choice, basis
    ).word


@pytest.mark.parametrize("test", PUBLISHED)
def test_the_published_release_results_conform(test):
    given, line = PUBLISHED[test], SHIPPED[test]
    judged = line.kind == "numeric" or line.values  # the others are reported, against no limit
    said = word(test, given["value"], choice=given.get("choice", ""))
    assert said == ("conforms" if judged else "reported")


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        (">", "fails", "fails", "conforms"),
        (">=", "fails", "conforms", "conforms"),
        ("<", "conforms", "fails", "fails"),
        ("<=", "conforms", "conforms", "fails"),
    ],
)
def test_each_operator_at_and_beside_its_limit(operator, below, at, above):
    assert [word(line(operator), value) for value in ("79.999", "80", "80.001")] == [
        below,
        at,
        above,
    ]
    assert word(line(operator), "80.00") == at


def test_89_percent_passes_over_80_and_fails_90_and_exactly_90_is_decided_by_the_operator_alone():
    assert word(line(">"), "89") == "conforms"
    assert word(line(">=", "90"), "89") == "fails"
    assert word(line(">=", "90"), "90") == "conforms"
    assert word(line(">", "90"), "90") == "fails"


@pytest.mark.parametrize(
    ("test", "passes", "fails"),
    [
        ("viability", "80.1", "80"),
        ("cd73", "95.1", "95"),
        ("cd90", "95.01", "95.00"),
        ("cd105", "96", "94.9"),
        ("cd_negative", "1.99", "2"),
        ("cell_dose", "50000000", "49999999"),
        ("cell_dose", "75000000", "75000001"),
        ("mycoplasma", "negative", "positive"),
        ("gram_stain", "none", "organisms"),
        ("appearance", "good", "clumps"),
        ("sterility", "no_growth", "growth"),
    ],
)
def test_both_edges_of_every_shipped_limit(test, passes, fails):
    assert (word(test, passes), word(test, fails)) == ("conforms", "fails")


def test_the_unit_it_was_typed_in_never_changes_a_verdict():
    assert word("viability", "0.8", "1") == word("viability", "80", "%") == "fails"
    assert word("viability", "0.801", "1") == "conforms"
    assert word("endotoxin", "16700", "EU/L") == word("endotoxin", "16.7", "EU/mL") == "fails"
    with pytest.raises(ValueError, match="unit of that kind"):
        word("viability", "80", "mL")


@pytest.mark.req("QC-04")
def test_69_96_without_decimals_at_least_70_is_reported_as_70_and_passes():
    verdict = rules.judge(line(">=", "70", decimals=0), "69.96", "%", "", BASIS)
    assert (verdict.word, worded(verdict.shown)) == ("conforms", "70 %")
    assert rules.judge(line(">=", "70", decimals=0), "69.49", "%", "", BASIS).word == "fails"
    assert rules.judge(line(">=", "70"), "69.96", "%", "", BASIS).word == "fails"


@pytest.mark.parametrize(
    ("value", "weight", "expected", "shown"),
    [
        ("< 0.1", "50", "conforms", "< 0.03 EU/kg"),
        ("16.6", "50", "conforms", "4.98 EU/kg"),
        ("16.7", "50", "fails", "5.01 EU/kg"),
        ("20.0", "60", "conforms", "5 EU/kg"),
        ("20.1", "60", "fails", "5.025 EU/kg"),
        ("< 0.05", "60", "conforms", "< 0.0125 EU/kg"),
        ("< 20", "50", "inconclusive", "< 6 EU/kg"),
        ("0.1", "70", "conforms", "0.0214286 EU/kg"),
        ("> 20", "50", "fails", "> 6 EU/kg"),
    ],
)
def test_endotoxin_is_judged_in_eu_per_kg_for_15_ml_and_the_lowest_weight(
    value, weight, expected, shown
):
    verdict = rules.judge(
        SHIPPED["endotoxin"], value, "EU/mL", "", replace(BASIS, weight=Quantity(weight, "kg"))
    )
    assert (verdict.word, worded(verdict.shown)) == (expected, shown)


@given(
    concentration=st.decimals("0.01", 100, places=2),
    weight=st.decimals(30, 150, places=1),
    qualifier=st.sampled_from(["", "<", ">"]),
)
def test_endotoxin_is_judged_alike_per_kilogram_and_per_millilitre(
    concentration, weight, qualifier
):
    basis = replace(BASIS, weight=Quantity.of(weight, "kg"))
    endotoxin = SHIPPED["endotoxin"]
    typed = f"{qualifier} {concentration}"
    verdict = rules.judge(endotoxin, typed, "EU/mL", "", basis)
    allowed = oracle.endotoxin_limit_per_ml(endotoxin.limit.number, BASIS.volume.number, weight)
    measured = read_measured(typed, "EU/mL")
    assert verdict.word == conforms(measured, "<=", Quantity.of(allowed, "EU/mL"))


@pytest.mark.parametrize(
    ("test", "basis"),
    [("endotoxin", Basis()), ("endotoxin", replace(BASIS, weight=None)), ("cell_dose", Basis())],
)
def test_what_the_batch_does_not_say_yet_leaves_it_inconclusive(test, basis):
    verdict = rules.judge(SHIPPED[test], "1", None, "", basis)
    assert verdict.word == "inconclusive" and "recorded in the batch" in worded(verdict.why)


def test_a_bound_wider_than_the_limit_is_inconclusive_and_not_a_pass():
    assert word(line("<", "0.1"), "< 0.5") == "inconclusive"
    assert word(line("<", "20"), "< 0.05") == "conforms"
    assert word(line(">", "80"), "> 80") == "conforms"
    assert word(line(">", "80"), "< 80") == "fails"


def test_a_range_holds_on_both_sides():
    low, high = Quantity("7.0", "pH"), Quantity("7.6", "pH")
    inside = replace(
        VIABILITY, operator="within", limit=None, low=low, high=high, unit="pH", alert_low=None
    )
    assert [word(inside, value) for value in ("6.99", "7.0", "7.6", "7.61")] == [
        "fails",
        "conforms",
        "conforms",
        "fails",
    ]
    assert word(inside, "> 7.0") == "inconclusive"


@pytest.mark.parametrize(
    ("value", "alert"), [("84.9", "below the alert limit of 85 %"), ("85", ""), ("97", "")]
)
def test_an_alert_limit_is_a_note_and_no_failure(value, alert):
    verdict = rules.judge(VIABILITY, value, "%", "", BASIS)
    assert (verdict.word, worded(verdict.alert)) == ("conforms", alert)


def test_a_report_line_judges_nothing():
    assert word("bioburden", "12") == "reported"
    assert (
        rules.judge(SHIPPED["immunoregulation"], "Inhibits by 41 %", None, "", BASIS).word
        == "reported"
    )


@pytest.mark.parametrize(
    "value",
    [
        "",
        "NaN",
        "Infinity",
        "ninety",
        "9,000",
        "-1",
        "1e400",
        "<script>",
        "97 %",
        "<",
        "< <5",
        "9" * 40,
    ],
)
def test_what_is_no_result_is_refused_in_a_sentence(value):
    with pytest.raises(ValueError, match=r"\.$"):
        rules.judge(VIABILITY, value, "%", "", BASIS)


@pytest.mark.parametrize(
    ("test", "value", "classification"),
    [
        ("sterility", "growth", "critical"),
        ("mycoplasma", "positive", "critical"),
        ("viability", "79", "major"),
    ],
)
def test_a_positive_sterility_or_mycoplasma_is_critical_other_failures_major(
    test, value, classification
):
    verdict = rules.judge(SHIPPED[test], value, None, "", BASIS)
    assert [finding.classification for finding in rules.oos(SHIPPED[test], verdict)] == [
        classification
    ]


def facts(**changed):
    later = NOON + timedelta(days=14)
    usual = RecordingFacts(
        line=STERILITY,
        asked=["sterility"],
        testing="received",
        pulled_at=NOON,
        began=NOON,
        tested_at=later,
        at=later,
        method_version="1",
        reading=False,
        sample=1,
        open_oos={},
    )
    return replace(usual, **changed)


def blocking(found):
    return [finding.rule.requirement for finding in found if finding.weight == "blocks"]


@pytest.mark.req("QC-08")
@pytest.mark.parametrize(
    ("gone", "refused"),
    [
        (timedelta(days=13), True),
        (timedelta(days=14) - timedelta(seconds=1), True),
        (timedelta(days=14), False),
        (timedelta(days=15), False),
    ],
)
def test_no_growth_is_final_at_fourteen_days_and_not_a_second_before(gone, refused):
    final = rules.judge(STERILITY, "no_growth", None, "", BASIS)
    assert bool(blocking(rules.long_test(facts(tested_at=NOON + gone), final))) is refused


def test_growth_is_final_on_any_day_and_a_reading_is_allowed_on_any_day():
    growth, none = (
        rules.judge(STERILITY, value, None, "", BASIS) for value in ("growth", "no_growth")
    )
    assert not blocking(rules.long_test(facts(tested_at=NOON + timedelta(days=2)), growth))
    assert not blocking(
        rules.long_test(facts(tested_at=NOON + timedelta(days=2), reading=True), none)
    )
    assert rules.interim(STERILITY, growth, NOON, NOON + timedelta(days=2)).word == "fails"


@pytest.mark.parametrize(
    ("days", "hours", "shown"),
    [
        (3, 0, "No growth to day 3"),
        (2, 23, "No growth to day 2"),
        (0, 1, "No growth to day 0"),
    ],
)
def test_a_reading_says_how_far_it_reaches(days, hours, shown):
    none = rules.judge(STERILITY, "no_growth", None, "", BASIS)
    verdict = rules.interim(STERILITY, none, NOON, NOON + timedelta(days=days, hours=hours))
    assert (verdict.word, worded(verdict.shown)) == ("interim", shown)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"asked": ["viability"]}, "QC-02"),
        ({"testing": None}, "QC-03"),
        ({"testing": "unfit"}, "QC-03"),
        ({"open_oos": {1: "N260001-00"}}, "QC-05"),
        ({"open_oos": {2: "N260002-00", 1: "N260001-00"}}, "QC-05"),
        ({"tested_at": NOON + timedelta(days=14, seconds=1)}, "TIM-02"),
        ({"tested_at": NOON - timedelta(minutes=1)}, "TIM-02"),
    ],
)
def test_a_result_is_refused(changed, rule):
    assert rule in blocking(rules.may_record(facts(**changed)))


def test_an_ordinary_result_is_not_refused_and_another_version_of_the_method_deviates():
    assert not list(rules.may_record(facts()))
    assert not list(rules.may_record(facts(open_oos={2: "N260001-00"})))
    assert [finding.weight for finding in rules.may_record(facts(method_version="2"))] == [
        "deviates"
    ]


@pytest.mark.parametrize(
    ("changed", "rules_said"),
    [
        ({"began": None}, ["QC-08"]),
        ({"tested_at": NOON - timedelta(seconds=1)}, ["QC-08"]),
        ({"line": VIABILITY, "reading": True}, ["QC-08"]),
        ({"line": VIABILITY, "began": None}, []),
    ],
)
def test_a_long_test_is_read_after_it_began(changed, rules_said):
    none = rules.judge(STERILITY, "no_growth", None, "", BASIS)
    assert blocking(rules.long_test(facts(**changed), none)) == rules_said


@pytest.mark.parametrize(
    ("late", "weights"),
    [(timedelta(minutes=15), []), (timedelta(minutes=15, seconds=1), ["deviates"])],
)
def test_a_start_told_late_is_a_deviation(late, weights):
    found = rules.may_begin(
        STERILITY, None, "received", NOON, NOON, NOON + late, timedelta(minutes=15)
    )
    assert [finding.weight for finding in found] == weights


PULLED = NOON - timedelta(hours=2)
LATE = timedelta(hours=1)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"line": VIABILITY}, [Rule.NO_WAITING_TIME]),
        ({"earlier": PULLED}, [Rule.STARTED_ALREADY]),
        ({"testing": "complete"}, []),
        ({"testing": "unfit"}, [Rule.NOT_RECEIVED]),
        ({"testing": None}, [Rule.NOT_RECEIVED]),
        ({"began": NOON + timedelta(seconds=1)}, [Rule.IN_THE_FUTURE]),
        ({"began": PULLED - timedelta(seconds=1)}, [Rule.BEFORE_THE_SAMPLE, Rule.START_LATE]),
        ({"began": NOON - LATE}, []),
        ({"began": NOON - LATE - timedelta(seconds=1)}, [Rule.START_LATE]),
    ],
)
def test_a_long_test_begins_once_on_a_sample_qc_has_and_is_told_in_time(changed, found):
    given = {
        "line": STERILITY,
        "earlier": None,
        "testing": "received",
        "began": NOON,
        "pulled_at": PULLED,
        "at": NOON,
        "late": LATE,
    }
    assert [finding.rule for finding in rules.may_begin(**(given | changed))] == found


@pytest.mark.parametrize(("analyst", "found"), [("qc1", [Rule.REVIEWER_IS_ANALYST]), ("qc2", [])])
def test_a_result_is_reviewed_by_another_than_its_analyst(analyst, found):
    assert [finding.rule for finding in rules.may_review(analyst, "qc1")] == found


@pytest.mark.parametrize(
    ("fails", "invalidator", "cause", "found"),
    [
        (False, "qc2", "The wrong vial", []),
        (False, "qc2", " ", [Rule.NO_CAUSE]),
        (False, "qc2", None, [Rule.NO_CAUSE]),
        (False, "qc1", "The wrong vial", [Rule.INVALIDATOR_IS_ANALYST]),
        (True, "qc2", "The wrong vial", [Rule.FAILING_IS_INVESTIGATED]),
    ],
)
def test_a_result_is_struck_for_a_cause_by_another_and_one_that_fails_only_by_its_investigation(
    fails, invalidator, cause, found
):
    judged = rules.may_strike(fails, invalidator, "qc1", cause)
    assert [finding.rule for finding in judged] == found


# Custody, late results, repeats and corrections
# -------------------------------------------------------------------------------------------------


MINUTE = timedelta(minutes=1)


@pytest.mark.req("QC-03")
@pytest.mark.parametrize(
    ("tested", "found"),
    [(NOON, []), (NOON - MINUTE, [Rule.TESTED_BEFORE_RECEIPT])],
)
def test_what_was_tested_before_qc_had_the_sample_is_a_gap_in_its_custody(tested, found):
    times = {"pulled_at": NOON - timedelta(days=2), "received_at": NOON.replace(second=40)}
    given = facts(line=VIABILITY, asked=["viability"], tested_at=tested, at=NOON, **times)
    assert [each.rule for each in rules.may_record(given)] == found
    assert [each.rule for each in custody.in_custody(STERILITY, NOON, tested, "began_at")] == found


@pytest.mark.req("QC-03")
@pytest.mark.parametrize(
    ("gone_at", "done", "began", "found"),
    [
        (None, NOON, None, []),
        (NOON, NOON - MINUTE, None, []),
        (NOON, NOON.replace(second=59), None, []),
        (NOON.replace(second=59), NOON, None, []),
        (NOON, NOON + MINUTE, None, [Rule.SAMPLE_GONE]),
        (NOON, NOON + MINUTE, NOON - MINUTE, []),
        (NOON, NOON + 3 * MINUTE, NOON + MINUTE, [Rule.SAMPLE_GONE]),
    ],
)
def test_nothing_is_tested_on_a_sample_that_is_gone_but_what_began_before(
    gone_at, done, began, found
):
    judged = custody.still_there(gone_at, done, "tested_at", began)
    assert [each.rule for each in judged] == found


@pytest.mark.req("TIM-06", "EBR-09")
@pytest.mark.parametrize(
    ("ago", "late_after", "found"),
    [
        (15 * MINUTE, 15 * MINUTE, []),
        (16 * MINUTE, 15 * MINUTE, [Rule.RESULT_LATE]),
        (16 * MINUTE, None, []),
    ],
)
def test_a_result_that_is_told_late_is_a_late_entry(ago, late_after, found):
    at = NOON + timedelta(hours=1)
    given = facts(line=VIABILITY, asked=["viability"], tested_at=at - ago, at=at)
    given = replace(given, late_after=late_after)
    assert [each.rule for each in rules.may_record(given)] == found


@pytest.mark.parametrize(
    ("test", "better", "worse"),
    [
        ("viability", "96", "81"),
        ("cd_negative", "0.5", "1.9"),
        ("cell_dose", "6.25e7", "5.1e7"),
        ("cell_dose", "6.25e7", "7.4e7"),
        ("endotoxin", "< 0.05", "0.2"),
    ],
)
def test_of_two_results_the_worse_lies_nearer_to_failing(test, better, worse):
    one, other = (rules.judge(SHIPPED[test], each, None, "", BASIS) for each in (better, worse))
    assert other.worse > one.worse


@pytest.mark.req("QC-03")
@pytest.mark.parametrize(("is_held", "found"), [(False, []), (True, ["major"])])
def test_what_is_tested_while_its_sample_is_on_hold_deviates(is_held, found):
    judged = list(custody.unheld(VIABILITY, is_held, "tested_at"))
    assert [each.classification for each in judged] == found
    assert all(each.weight == "deviates" for each in judged)
