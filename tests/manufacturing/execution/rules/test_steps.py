"""The law of steps, pure, as tables at both edges.

Limits, intervals, timers, times, comments, second persons, what is left out.
"""

from datetime import UTC, datetime, timedelta

import pytest

from integrity.findings import Weight
from integrity.quantities import Quantity
from manufacturing.donation.rule_ids import DonationRule
from manufacturing.execution.rules import batches, steps
from manufacturing.execution.rules.steps import OpenDeviation, Times
from manufacturing.formulas.evaluation import NotYetKnown
from manufacturing.masters.model import Beyond, Due, Field, Limits, Option, Stage, Step, Timer

WORDS = {"en": "It"}
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)


def q(text, unit="mL"):
    return Quantity(text, unit)


def limits(unit="mL", **bounds):
    return Limits(unit, **{name: q(value, unit) for name, value in bounds.items()})


def judged(field, **value):
    return list(steps.judged_value(field, value))


@pytest.mark.parametrize(
    ("bounds", "value", "inside"),
    [
        ({"low": "180", "high": "220"}, "180", True),
        ({"low": "180", "high": "220"}, "179.9", False),
        ({"low": "180", "high": "220"}, "220.0", True),
        ({"low": "180", "high": "220"}, "220.1", False),
        ({"above": "80"}, "80", False),
        ({"above": "80"}, "80.0001", True),
        ({"below": "5"}, "5", False),
        ({"below": "5"}, "4.9999", True),
        ({"high": "0", "low": "0"}, "0", True),
        ({"high": "0", "low": "0"}, "1", False),
        ({}, "1e15", True),
    ],
)
def test_low_and_high_are_inside_above_and_below_are_not(bounds, value, inside):
    field = Field("it", "measurement", WORDS, unit="mL", limits=limits(**bounds))
    assert (judged(field, text=value, unit="mL") == []) is inside


def test_limits_are_shown_as_a_range_or_with_their_signs():
    assert steps.shown_limits(limits(low="180", high="220")) == "180 – 220 mL"
    assert steps.shown_limits(limits("%", above="80")) == "> 80 %"
    assert steps.shown_limits(limits("min", high="10")) == "≤ 10 min"
    assert steps.shown_limits(limits("1", low="0", high="0")) == "0"
    assert steps.shown_limits(None) == ""


@pytest.mark.parametrize(
    ("value", "classes"), [("90", []), ("90.1", ["minor"]), ("95", ["minor"]), ("95.1", ["major"])]
)
def test_beyond_the_wider_range_the_graver_class_holds(value, classes):
    field = Field(
        "it",
        "measurement",
        WORDS,
        unit="%",
        limits=limits("%", low="70", high="90"),
        beyond=Beyond(limits("%", high="95"), "major"),
    )
    assert [found.classification for found in judged(field, text=value, unit="%")] == classes


def test_a_consequence_follows_the_field_or_the_wider_range():
    cold = Field(
        "it",
        "measurement",
        WORDS,
        unit="degC",
        limits=limits("degC", low="2", high="8"),
        beyond=Beyond(limits("degC", low="0", high="30"), "major", "reject"),
    )
    assert [found.consequence for found in judged(cold, text="1", unit="degC")] == ["deviation"]
    assert [found.consequence for found in judged(cold, text="-1", unit="degC")] == ["reject"]


def test_a_result_that_rounding_would_carry_inside_is_said_with_all_its_digits():
    field = Field("it", "calculation", WORDS, unit="mL", limits=limits(high="15"), decimals=1)
    [found] = judged(field, text="15.0001", unit="mL")
    assert "15.0001 mL" in found.sentence()
    assert judged(field, text="15", unit="mL") == []


def test_an_undefined_calculation_deviates_where_it_is_required():
    field = Field("it", "calculation", WORDS, unit="h")
    assert [
        found.rule.requirement for found in judged(field, undefined=NotYetKnown("x.at").fact)
    ] == ["EBR-16"]
    assert (
        judged(
            Field("it", "calculation", WORDS, unit="h", required=False),
            undefined=NotYetKnown("x.at").fact,
        )
        == []
    )


def test_a_choice_deviates_by_its_verdict():
    field = Field(
        "it",
        "choice",
        WORDS,
        deviation_class="critical",
        consequence="reject",
        options=(
            Option("match", WORDS, "accept"),
            Option("other", {"en": "Does not match"}, "deviates"),
        ),
    )
    assert judged(field, value="match") == []
    assert [
        (found.classification, found.consequence) for found in judged(field, value="other")
    ] == [("critical", "reject")]


@pytest.mark.parametrize(
    ("viability", "cv", "rules"),
    [
        ("70", "15", []),
        ("69.99", "15", ["EBR-05"]),
        ("70", "15.0001", ["EBR-05"]),
        ("10", "40", ["EBR-05", "EBR-05"]),
        ("70", None, []),
    ],
)
def test_a_count_is_judged_on_its_viability_and_on_how_its_counts_differ(viability, cv, rules):
    field = Field(
        "it", "count", WORDS, limits=limits("%", low="70"), cv_max=q("15", "%"), replicates=3
    )
    found = judged(field, viability=viability, cv=cv)
    assert [each.rule.requirement for each in found] == rules
    assert not any("70.0 %, accepted ≥ 70" in each.sentence() for each in found)


@pytest.mark.parametrize(
    ("counts", "least", "found"),
    [
        ([("60", "40"), ("100", "0"), ("90", "10")], 100, []),
        ([("60", "39"), ("100", "0"), ("90", "10")], 100, ["99"]),
        ([("1", "0"), ("1", "0"), ("1", "0")], 100, ["1"]),
        ([("1", "0"), ("1", "0"), ("1", "0")], None, []),
    ],
)
def test_a_count_of_few_cells_is_none(counts, least, found):
    field = Field("it", "count", WORDS, replicates=3, least=least, deviation_class="major")
    replicates = [{"live": live, "dead": dead} for live, dead in counts]
    told = judged(field, viability="90", cv=None, replicates=replicates)
    assert [each.parameters["fewest"] for each in told] == found
    assert all("at least 100" in each.sentence() for each in told)


@pytest.mark.parametrize(
    ("lowest", "now", "highest", "count"),
    [
        ("36.5", "37", "37.5", 0),
        ("36.4", "37", "37.5", 1),
        ("36.5", "37", "37.6", 1),
        ("36.0", "37", "38.0", 1),
    ],
)
def test_an_incubator_is_judged_on_all_three_readings(lowest, now, highest, count):
    field = Field(
        "it", "incubator", WORDS, readings={"temperature": limits("degC", low="36.5", high="37.5")}
    )
    found = judged(field, temperature={"now": now, "lowest": lowest, "highest": highest})
    assert len(found) == count
    assert all("°C" in each.sentence() for each in found)


DUE = Due(("seed",), q("2", "d"), q("4", "d"), "minor", q("5", "d"))


@pytest.mark.parametrize(
    ("gap", "classes"),
    [
        (2 * DAY, []),
        (2 * DAY - SECOND, ["minor"]),
        (4 * DAY, []),
        (4 * DAY + SECOND, ["minor"]),
        (5 * DAY, ["minor"]),
        (5 * DAY + SECOND, ["major"]),
        (-HOUR, ["minor"]),
    ],
)
def test_an_interval_includes_both_its_ends(gap, classes):
    assert [found.classification for found in steps.interval_kept(DUE, NOON, NOON + gap)] == classes


def test_an_interval_without_a_time_before_or_without_a_rule_says_nothing():
    assert (
        list(steps.interval_kept(DUE, None, NOON))
        == list(steps.interval_kept(None, NOON, NOON + DAY))
        == []
    )


TIMER = Timer("digestion", {"en": "Digestion"}, q("1", "h"), q("4", "h"), "major")


@pytest.mark.parametrize(
    ("ran", "count"), [(HOUR, 0), (HOUR - SECOND, 1), (4 * HOUR, 0), (4 * HOUR + SECOND, 1)]
)
def test_a_timer_includes_both_its_ends(ran, count):
    assert len(list(steps.timer_kept(TIMER, NOON, NOON + ran))) == count


def test_a_timer_that_never_ran_says_nothing():
    assert (
        list(steps.timer_kept(TIMER, None, NOON)) == list(steps.timer_kept(None, NOON, NOON)) == []
    )


def times(performed, started=NOON - DAY, recorded=NOON):
    return Times(performed, recorded, started, timedelta(minutes=15))


@pytest.mark.parametrize(
    ("ago", "late"),
    [(timedelta(0), False), (15 * MINUTE, False), (15 * MINUTE + SECOND, True), (DAY, True)],
)
def test_an_entry_is_late_when_more_than_the_sites_limit_has_passed(ago, late):
    assert steps.is_late(times(NOON - ago)) is late
    assert len(list(steps.recorded_in_time(times(NOON - ago)))) == late


@pytest.mark.parametrize(
    ("performed", "count"),
    [
        (NOON, 0),
        (NOON + SECOND, 1),
        (NOON - DAY, 0),
        (NOON - DAY - SECOND, 1),
        (datetime(1900, 1, 1, tzinfo=UTC), 1),
        (datetime(2199, 1, 1, tzinfo=UTC), 1),
    ],
)
def test_nothing_is_done_in_the_future_or_before_its_batch_was_started(performed, count):
    found = list(steps.time_is_possible(times(performed)))
    assert len(found) == count
    assert all(each.weight is Weight.BLOCKS and each.field == "performed_at" for each in found)


@pytest.mark.parametrize(
    ("comment", "refused"), [(None, 2), ("", 2), ("  \n ", 2), ("The jug was overfilled", 0)]
)
def test_what_deviates_wants_a_comment_and_every_sentence_is_said(comment, refused):
    field = Field("it", "measurement", WORDS, unit="mL", limits=limits(low="180"))
    found = [*judged(field, text="1", unit="mL"), *judged(field, text="2", unit="mL")]
    assert len(list(steps.comment_given(found, comment))) == refused
    assert list(steps.comment_given([], comment)) == []


A_STEP = Step("it", {"en": "Wash it"}, WORDS)


@pytest.mark.parametrize(
    ("optional", "reason", "count"),
    [
        (True, "The cord came clean", 0),
        (True, "", 1),
        (True, "no need", 1),
        (False, "The cord came clean", 1),
        (False, "", 2),
    ],
)
def test_only_an_optional_step_may_be_left_out_and_with_a_reason(optional, reason, count):
    assert (
        len(list(steps.may_be_left_out(Step("it", WORDS, WORDS, optional=optional), reason)))
        == count
    )


@pytest.mark.parametrize(
    ("performers", "verifier", "roles", "role", "count"),
    [
        ({"ann"}, "bob", (), "technician", 0),
        ({"ann"}, "ann", (), "technician", 1),
        ({"ann", "bob"}, "bob", (), "verifier", 1),
        ({"ann"}, "bob", ("qa",), "technician", 1),
        ({"ann"}, "bob", ("qa",), "qa", 0),
        ({"ann"}, "ann", ("qa",), "technician", 2),
    ],
)
def test_the_second_person_is_somebody_else_in_a_role_that_is_named(
    performers, verifier, roles, role, count
):
    assert len(list(steps.second_person(performers, verifier, roles, role))) == count


MEASURED, SCANNED = Field("x", "measurement", WORDS, unit="mL"), Field("x", "lot", WORDS)


@pytest.mark.parametrize(
    ("step", "how", "wanted"),
    [
        ({"verify": True}, {}, True),
        ({}, {}, False),
        ({}, {"late": True}, True),
        ({"critical": True, "fields": (MEASURED,)}, {}, True),
        ({"critical": True, "fields": (SCANNED,)}, {}, False),
        ({"critical": True, "fields": (SCANNED,)}, {"left_out": True}, True),
        ({"fields": (MEASURED,)}, {"left_out": True}, False),
    ],
)
def test_a_second_person_is_wanted_where_said_where_late_and_where_a_critical_value_is_typed(
    step, how, wanted
):
    assert steps.needs_second(Step("it", WORDS, WORDS, **step), **how) is wanted


def test_a_step_and_a_sign_off_are_for_the_roles_the_record_names():
    assert list(steps.may_perform(A_STEP, "technician")) == []
    [found] = steps.may_perform(A_STEP, "qc_analyst")
    assert found.sentence() == "This step is done by: technician."
    stage = Stage("s", WORDS, steps=(A_STEP,))
    assert list(steps.may_sign_off(stage, "technician")) == []
    assert len(list(steps.may_sign_off(stage, "qa"))) == 1


@pytest.mark.parametrize(
    ("rule", "state", "count"),
    [
        (DonationRule.WINDOW_OVER, "open", 1),
        (DonationRule.WINDOW_OVER, "assessed", 1),
        (DonationRule.WINDOW_OVER, "judged", 0),
        (DonationRule.WINDOW_OVER, "closed", 0),
        ("EBR-05", "open", 0),
    ],
)
def test_work_waits_for_qa_after_the_window_and_for_no_other_deviation(rule, state, count):
    assert len(list(steps.work_may_go_on([OpenDeviation("N1", rule, "deviation", state)]))) == count


@pytest.mark.parametrize(
    ("state", "decision", "goes_on"),
    [
        ("open", None, False),
        ("assessed", None, False),
        ("judged", None, False),
        ("closed", None, False),
        ("judged", "reject", False),
        ("closed", "reject", False),
        ("judged", "continue", True),  # what opened it was put right, and QA decided otherwise
        ("closed", "continue", True),
    ],
)
def test_a_cord_that_can_only_be_rejected_is_worked_no_further_until_quality_decides_otherwise(
    state, decision, goes_on
):
    found = OpenDeviation("N1", DonationRule.WINDOW_REJECT, "reject", state, decision)
    assert (list(steps.work_may_go_on([found])) == []) is goes_on


def test_what_can_only_be_rejected_for_another_reason_is_worked_on_until_it_is():
    assert not list(steps.work_may_go_on([OpenDeviation("N1", "EBR-05", "reject", "open")]))


def test_what_qa_judged_to_be_rejected_is_worked_no_further():
    assert list(
        steps.work_may_go_on([OpenDeviation("N1", "EBR-05", "deviation", "judged", "reject")])
    )


START = batches.StartFacts("accepted", False, "eligible", "effective")


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        ({}, 0),
        ({"eligibility": "open"}, 0),
        ({"cord_standing": "quarantine"}, 0),
        ({"cord_standing": "rejected"}, 1),
        ({"cord_standing": None}, 1),
        ({"cord_has_batch": True}, 1),
        ({"eligibility": "ineligible"}, 1),
        ({"master_standing": "superseded"}, 1),
        ({"has_specification": False}, 1),
        ({"is_for_show": True}, 1),
        ({"is_for_show": True, "is_known": True}, 0),
        ({"master_standing": None, "cord_standing": None}, 2),
    ],
)
def test_what_stands_against_a_start(changed, count):
    assert len(list(batches.may_start(batches.StartFacts(**(vars(START) | changed))))) == count


@pytest.mark.parametrize(
    ("execution", "disposition", "records", "corrects"),
    [
        ("planned", "quarantine", True, True),
        ("in_process", "quarantine", True, True),
        ("in_process", "on_hold", True, True),
        ("in_process", "rejected", False, False),
        ("complete", "under_review", False, True),
        ("complete", "released", False, False),
        ("terminated", "rejected", False, False),
    ],
)
def test_when_entries_are_made_and_when_they_are_corrected(
    execution, disposition, records, corrects
):
    assert (list(batches.is_open(execution, disposition)) == []) is records
    assert (list(batches.may_be_corrected(execution, disposition)) == []) is corrects
