"""The law of donors as tables: figures at their edges, consent, results, days, determination."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from integrity.findings import Weight
from manufacturing.donation.rule_ids import DonationRule as Rule
from manufacturing.donation.rules import donors as rules
from manufacturing.donation.rules.donors import EligibilityFacts
from tests.makers.donors import CRITERIA

UTC_ZONE = ZoneInfo("UTC")
BORN = datetime(2026, 11, 2, 6, tzinfo=UTC)
NEGATIVE = [(marker.id, "negative") for marker in CRITERIA.panel]
SERIOUS = next(marker for marker in CRITERIA.panel if "reactive" not in marker.acceptable)
BORNE = next(marker for marker in CRITERIA.panel if "reactive" in marker.acceptable)
FIGURE = replace(
    next(each for each in CRITERIA.donor if not each.options),
    id="figure",
    required=False,
    plausible=(Decimal(0), Decimal(100)),
    reject=(Decimal(5), Decimal(90)),
    low=Decimal(10),
    high=Decimal(50),
    consequence="deviation",
)
CHOICE = next(each for each in CRITERIA.donor if each.options)


def ids(found):
    return [finding.rule for finding in found]


@pytest.mark.parametrize(
    ("typed", "rule", "consequence"),
    [
        ("", None, None),
        ("10", None, None),
        ("50", None, None),
        ("9.9", Rule.CRITERION_FIGURE, "deviation"),
        ("50.1", Rule.CRITERION_FIGURE, "deviation"),
        ("5", Rule.CRITERION_FIGURE, "deviation"),
        ("4.9", Rule.CRITERION_FIGURE, "reject"),
        ("90.1", Rule.CRITERION_FIGURE, "reject"),
        ("-0.1", Rule.FIGURE_NOT_PLAUSIBLE, None),
        ("100.1", Rule.FIGURE_NOT_PLAUSIBLE, None),
        ("NaN", Rule.FIGURE_NOT_PLAUSIBLE, None),
        ("ten", Rule.FIGURE_NOT_PLAUSIBLE, None),
    ],
)
def test_a_figure_is_judged_at_every_edge(typed, rule, consequence):
    found = rules.judge([FIGURE], {"figure": typed})
    assert ids(found) == ([rule] if rule else [])
    assert [finding.consequence for finding in found if consequence] == (
        [consequence] if consequence else []
    )


def test_a_figure_without_bounds_is_only_asked_to_be_a_number():
    free = replace(FIGURE, plausible=None, reject=None, low=None, high=None)
    assert rules.judge([free], {"figure": "-1000"}) == []
    assert ids(rules.judge([free], {"figure": "sNaN"})) == [Rule.FIGURE_NOT_PLAUSIBLE]


def test_an_answer_that_is_wanted_and_one_that_is_no_option_are_refused():
    wanted = replace(FIGURE, required=True)
    assert ids(rules.judge([wanted], {})) == [Rule.NO_ANSWER]
    assert ids(rules.judge([CHOICE], {CHOICE.id: "no such option"})) == [Rule.ANSWER_UNKNOWN]


@pytest.mark.parametrize("option", CHOICE.options, ids=lambda option: option.value)
def test_an_option_deviates_unless_the_criteria_accept_it(option):
    found = rules.judge([CHOICE], {CHOICE.id: option.value})
    assert ids(found) == ([] if option.accepted else [Rule.CRITERION_ANSWER])


SCOPES = {scope.accepted: scope.value for scope in CRITERIA.scopes}
TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"form_version": ""}, [Rule.CONSENT_VERSION]),
        ({"day": TODAY + timedelta(days=1)}, [Rule.CONSENT_IN_THE_FUTURE]),
        ({"covers": "the moon"}, [Rule.CONSENT_SCOPE]),
        ({"covers": SCOPES[False]}, [Rule.CONSENT_LIMITED]),
        ({"state": "withdrawn"}, [Rule.CONSENT_WITHDRAWN]),
        ({"state": "withdrawn", "covers": "the moon"}, [Rule.CONSENT_SCOPE]),
    ],
)
def test_a_consent_has_a_form_a_day_that_has_come_and_a_scope_and_a_withdrawal_is_critical(
    changed, found
):
    consent = {
        "state": "given",
        "form_version": "CF-3",
        "day": TODAY,
        "covers": SCOPES[True],
        "today": TODAY,
    }
    assert ids(rules.judge_consent(CRITERIA, **(consent | changed))) == found


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ({}, [(Rule.NO_RESULT, Weight.BLOCKS)]),
        ({SERIOUS.id: "negative"}, []),
        ({SERIOUS.id: "not_done"}, []),
        ({SERIOUS.id: "reactive"}, [(Rule.MARKER_REACTIVE, Weight.DEVIATES)]),
        ({SERIOUS.id: "indeterminate"}, [(Rule.MARKER_INDETERMINATE, Weight.DEVIATES)]),
        ({BORNE.id: "reactive"}, []),
        ({SERIOUS.id: "perhaps"}, [(Rule.MARKER_UNKNOWN, Weight.BLOCKS)]),
        ({"no-such-test": "negative"}, [(Rule.MARKER_UNKNOWN, Weight.BLOCKS)]),
    ],
)
def test_each_result_of_a_sample_is_judged_by_its_marker(results, found):
    judged = rules.judge_results(CRITERIA, results)
    assert [(finding.rule, finding.weight) for finding in judged] == found


@pytest.mark.parametrize(
    ("days", "shown", "inside"),
    [
        (0, "day 0", True),
        (CRITERIA.samples.first, None, True),
        (CRITERIA.samples.first - 1, None, False),
        (CRITERIA.samples.last, None, True),
        (CRITERIA.samples.last + 1, f"day {CRITERIA.samples.last + 1:+d}", False),
    ],
)
def test_a_sample_is_drawn_within_its_days_both_included(days, shown, inside):
    at = BORN + timedelta(days=days)
    found = rules.judge_sample(CRITERIA.samples, BORN, at, UTC_ZONE, "HBsAg")
    assert (found is None) is inside
    assert shown in (None, rules.day_shown(BORN, at, UTC_ZONE))


@pytest.mark.parametrize(
    ("after", "laboratory", "found"),
    [
        (0, "LAB-07", []),
        (1, "LAB-07", [Rule.SAMPLE_IN_THE_FUTURE]),
        (0, "", [Rule.NO_LABORATORY]),
    ],
)
def test_a_sample_has_been_drawn_and_a_laboratory_answers_for_it(after, laboratory, found):
    at = BORN + timedelta(seconds=after)
    assert ids(rules.judge_sample_time(at, laboratory, now=BORN, registered_at=BORN)) == found


READY = EligibilityFacts("eligible", "open", NEGATIVE, "given", True, (), ())


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"verdict": "perhaps"}, [Rule.DETERMINATION_UNREAD]),
        ({"in_force": "eligible"}, [Rule.DETERMINED_ALREADY]),
        ({"verdict": "ineligible", "results": (), "has_birth": False}, []),
        ({"results": NEGATIVE[1:]}, [Rule.TESTS_MISSING]),
        ({"results": [*NEGATIVE, (SERIOUS.id, "reactive")]}, [Rule.MARKER_EXCLUDES]),
        ({"results": [*NEGATIVE, (BORNE.id, "reactive")]}, []),
        ({"results": [*NEGATIVE, ("no-such-test", "reactive")]}, []),
        ({"has_birth": False}, [Rule.NO_CORD]),
        ({"consent": "withdrawn"}, [Rule.NO_CONSENT]),
        ({"unjudged": ("N260000153",)}, [Rule.DEVIATION_NOT_JUDGED]),
        ({"rejecting": ("N260000153",)}, [Rule.DEVIATION_REJECTS]),
    ],
)
def test_every_thing_that_is_missing_stands_in_the_way_of_eligible_by_itself(changed, found):
    assert ids(rules.judge_determination(CRITERIA, replace(READY, **changed))) == found


@pytest.mark.parametrize(
    ("day", "changed", "found"),
    [
        (date(2026, 11, 2), {}, []),
        (date(2026, 11, 3), {}, [Rule.CONSENT_IN_THE_FUTURE]),
        (date(2024, 11, 1), {}, []),
        (date(2024, 10, 31), {}, [Rule.CONSENT_LONG_AGO]),
        (
            date(2026, 10, 1),
            {"state": "withdrawn", "given_on": date(2026, 10, 1)},
            [Rule.CONSENT_WITHDRAWN],
        ),
        (
            date(2026, 9, 30),
            {"state": "withdrawn", "given_on": date(2026, 10, 1)},
            [Rule.WITHDRAWN_BEFORE_GIVEN, Rule.CONSENT_WITHDRAWN],
        ),
    ],
)
def test_a_consent_has_a_day_that_can_be(day, changed, found):
    said = {
        "state": "given",
        "form_version": "3",
        "covers": next(scope.value for scope in CRITERIA.scopes if scope.accepted),
        "today": date(2026, 11, 2),
    }
    assert ids(rules.judge_consent(CRITERIA, day=day, **(said | changed))) == found


@pytest.mark.parametrize(
    ("sampled_at", "laboratory", "found"),
    [
        (BORN, "Laboratory 1", []),
        (BORN + timedelta(seconds=1), "Laboratory 1", [Rule.SAMPLE_IN_THE_FUTURE]),
        (BORN - timedelta(days=365), "Laboratory 1", []),
        (BORN - timedelta(days=365, seconds=1), "Laboratory 1", [Rule.SAMPLE_LONG_AGO]),
        (BORN, "", [Rule.NO_LABORATORY]),
    ],
)
def test_blood_was_drawn_at_a_time_that_can_be(sampled_at, laboratory, found):
    assert ids(rules.judge_sample_time(sampled_at, laboratory, now=BORN, registered_at=BORN)) == (
        found
    )


@pytest.mark.parametrize(
    ("verdict", "reason", "found"),
    [
        ("eligible", None, []),
        ("ineligible", "A risk in her history.", []),
        ("ineligible", "..........", [Rule.DONOR_REASON]),
    ],
)
def test_who_is_found_ineligible_is_told_why(verdict, reason, found):
    assert ids(rules.judge_reason(verdict, reason)) == found


@pytest.mark.parametrize(
    ("consents", "holds"),
    [
        ([("2026-10-20", 1)], 1),
        ([("2026-10-20", 1), ("2026-11-02", 2)], 2),
        ([("2026-10-20", 1), ("2026-11-02", 2), ("2026-05-09", 3)], 2),
        ([("2026-10-20", 1), ("2026-11-02", 2), ("2026-11-02", 3)], 3),
    ],
)
def test_the_consent_that_holds_is_the_newest_by_its_day(consents, holds):
    assert rules.newest(consents) == holds


@pytest.mark.parametrize(("state", "count"), [("given", 0), ("withdrawn", 1)])
def test_a_withdrawal_can_only_be_rejected_and_a_consent_says_nothing(state, count):
    found = rules.judge_withdrawal(state, "2026-11-02")
    assert [each.consequence for each in found] == ["reject"] * count
