"""The law of samples as a table: what comes into QC's custody, and what is found at it."""

import pytest

from integrity.findings import Weight
from qc.laboratory.rule_ids import LaboratoryRule as Rule
from qc.laboratory.rules import samples as rules


@pytest.mark.parametrize(
    ("condition", "exists", "received", "found"),
    [
        ("intact", True, False, []),
        ("damaged", True, False, [(Rule.SAMPLE_CONDITION, "minor")]),
        ("unfit", True, False, [(Rule.SAMPLE_CONDITION, "major")]),
        ("", True, False, [(Rule.CONDITION_UNREAD, None)]),
        ("intact", False, False, [(Rule.NO_SUCH_SAMPLE, None)]),
        ("intact", True, True, [(Rule.RECEIVED_ALREADY, None)]),
        ("damaged", True, True, [(Rule.RECEIVED_ALREADY, None), (Rule.SAMPLE_CONDITION, "minor")]),
    ],
)
def test_a_sample_is_received_once_and_anything_but_intact_is_a_deviation(
    condition, exists, received, found
):
    judged = rules.receiving(condition, exists, received)
    assert [
        (each.rule, each.classification if each.weight is Weight.DEVIATES else None)
        for each in judged
    ] == found
