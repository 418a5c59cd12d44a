"""Two people for one donor, as a table, as far as the site wants them."""

from __future__ import annotations

import pytest

from integrity.findings import Finding, blocks, deviates
from manufacturing.donation.rule_ids import DonationRule as Rule
from manufacturing.donation.rules import separation


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("wants_two", "recorders", "found"),
    [
        (True, {"qa1"}, [Rule.DETERMINER_RECORDED]),
        (True, {"technician1"}, []),
        (True, set(), []),
        (False, {"qa1"}, []),
    ],
)
def test_who_recorded_her_results_does_not_determine_her_eligibility(wants_two, recorders, found):
    judged = separation.may_determine(wants_two, recorders, "qa1")
    assert [each.rule for each in judged] == found


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("wants_two", "determiner", "found"),
    [
        (True, "qa1", [Rule.ACCEPTOR_DETERMINED]),
        (True, "qa2", []),
        (True, None, []),
        (False, "qa1", []),
    ],
)
def test_who_determined_her_eligibility_does_not_accept_the_cord(wants_two, determiner, found):
    judged = separation.may_accept(wants_two, determiner, "qa1")
    assert [each.rule for each in judged] == found


NEGATIVE: list[Finding] = []
REACTIVE = [deviates(Rule.MARKER_REACTIVE, "critical", field="hbsag")]
INDETERMINATE = [deviates(Rule.MARKER_INDETERMINATE, "major", field="hbsag")]
TOO_OLD = [deviates(Rule.CRITERION_FIGURE, "major", field="age")]
FAR_TOO_OLD = [deviates(Rule.CRITERION_FIGURE, "major", field="age", consequence="reject")]
UNREAD = [blocks(Rule.MARKER_UNKNOWN, "hbsag")]


@pytest.mark.req("QC-15")
@pytest.mark.parametrize(
    ("history", "becomes", "is_refused"),
    [
        ([("me", NEGATIVE)], NEGATIVE, False),
        ([("me", NEGATIVE)], REACTIVE, False),
        ([("me", REACTIVE)], REACTIVE, False),
        ([("me", INDETERMINATE)], REACTIVE, False),
        ([("me", REACTIVE)], NEGATIVE, True),
        ([("me", REACTIVE)], INDETERMINATE, True),
        ([("me", INDETERMINATE)], NEGATIVE, True),
        ([("another", REACTIVE)], NEGATIVE, False),
        ([("me", REACTIVE), ("another", REACTIVE)], NEGATIVE, True),
        ([("me", NEGATIVE), ("another", REACTIVE)], NEGATIVE, False),
        ([("me", TOO_OLD), ("another", REACTIVE)], NEGATIVE, False),
        ([("me", FAR_TOO_OLD)], TOO_OLD, True),
        ([("me", TOO_OLD)], REACTIVE, True),
        ([("me", UNREAD)], NEGATIVE, False),
    ],
)
def test_what_speaks_against_a_donor_is_not_corrected_away_by_who_recorded_it(
    history, becomes, is_refused
):
    said = [separation.Said(username, found) for username, found in history]
    found = [each.rule for each in separation.may_correct(said, becomes, "me")]
    assert found == ([Rule.CORRECTOR_RECORDED] if is_refused else [])


WHY = "The travel was to another country."
FOUND, OUTDATED = (separation.Determined("ineligible", "qa1", is_new) for is_new in (False, True))
ELIGIBLE = separation.Determined("eligible", "qa1", is_outdated=True)


@pytest.mark.req("QC-15", "AUD-03")
@pytest.mark.parametrize(
    ("made", "verdict", "reason", "by", "found"),
    [
        (None, "eligible", None, "qa1", []),
        (ELIGIBLE, "eligible", None, "qa1", []),
        (FOUND, "ineligible", None, "qa1", []),
        (FOUND, "eligible", WHY, "qa1", [Rule.REVERSED_ALONE]),
        (FOUND, "eligible", None, "qa1", [Rule.DONOR_REASON, Rule.REVERSED_ALONE]),
        (FOUND, "eligible", WHY, "qa2", []),
        (FOUND, "eligible", "too short", "qa2", [Rule.DONOR_REASON]),
        (OUTDATED, "eligible", WHY, "qa1", []),
        (OUTDATED, "eligible", None, "qa1", [Rule.DONOR_REASON]),
    ],
)
def test_an_ineligible_donor_is_eligible_again_with_a_reason_and_by_another_or_on_something_new(
    made, verdict, reason, by, found
):
    assert [each.rule for each in separation.may_reverse(made, verdict, reason, by)] == found


@pytest.mark.req("QC-15")
@pytest.mark.parametrize(
    ("held", "becomes", "by", "is_refused"),
    [
        ("withdrawn", "given", "me", True),
        ("withdrawn", "given", "another", False),
        ("withdrawn", "withdrawn", "me", False),
        ("given", "given", "me", False),
        ("given", "withdrawn", "me", False),
    ],
)
def test_who_recorded_a_withdrawal_does_not_record_the_consent_after_it(
    held, becomes, by, is_refused
):
    found = [each.rule for each in separation.may_consent(held, "me", becomes, by)]
    assert found == ([Rule.CORRECTOR_RECORDED] if is_refused else [])
