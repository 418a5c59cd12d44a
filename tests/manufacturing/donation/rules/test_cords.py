"""The law of cords as tables: where one may be accepted or rejected, and what is in the way."""

import pytest

from manufacturing.donation.rule_ids import DonationRule as Rule
from manufacturing.donation.rules import cords as rules


@pytest.mark.parametrize(("known", "found"), [(True, []), (False, [Rule.DONOR_UNKNOWN])])
def test_a_cord_belongs_to_a_registered_donor(known, found):
    assert [finding.rule for finding in rules.judge_donor("DN-2026-0142", known)] == found


READY = {
    "verdict": "accepted",
    "standing": "quarantine",
    "eligibility": "eligible",
    "unjudged": (),
    "rejecting": (),
}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"verdict": "perhaps"}, [Rule.ACCEPTANCE_UNREAD]),
        ({"standing": "received"}, [Rule.CORD_CANNOT_BECOME]),
        ({"standing": "accepted"}, [Rule.CORD_CANNOT_BECOME]),
        ({"standing": "rejected"}, [Rule.CORD_CANNOT_BECOME]),
        ({"eligibility": "open"}, [Rule.ELIGIBILITY_OPEN]),
        ({"eligibility": "ineligible"}, [Rule.ELIGIBILITY_OPEN]),
        ({"unjudged": ("N260000153",)}, [Rule.DEVIATION_NOT_JUDGED]),
        ({"rejecting": ("N260000153",)}, [Rule.DEVIATION_REJECTS]),
        (
            {"eligibility": "open", "unjudged": ("N260000153",)},
            [Rule.ELIGIBILITY_OPEN, Rule.DEVIATION_NOT_JUDGED],
        ),
        ({"verdict": "rejected", "eligibility": "open", "unjudged": ("N260000153",)}, []),
        ({"verdict": "rejected", "standing": "accepted"}, []),
        ({"verdict": "rejected", "standing": "rejected"}, [Rule.CORD_CANNOT_BECOME]),
    ],
)
def test_a_cord_is_accepted_once_nothing_is_open_and_rejected_from_wherever_it_stands(
    changed, found
):
    judged = rules.judge_acceptance(**(READY | changed))
    assert [finding.rule for finding in judged] == found


@pytest.mark.parametrize(
    ("verdict", "reason", "found"),
    [
        ("accepted", None, []),
        ("rejected", "The jar leaked on the way.", []),
        ("rejected", None, [Rule.DONOR_REASON]),
    ],
)
def test_a_rejected_cord_has_a_reason(verdict, reason, found):
    assert [each.rule for each in rules.judge_reason(verdict, reason)] == found
