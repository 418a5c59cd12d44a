"""Two people for one donor, as a table, as far as the site wants them."""

from __future__ import annotations

import pytest

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
