"""The law of samples: how one comes into QC's custody."""

from __future__ import annotations

from collections.abc import Iterator

from integrity import facts
from integrity.findings import Finding, blocks, deviates
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules.results import TestingState
from qc.laboratory.words import ConditionWord

CONDITIONS = {
    "intact": "Intact",
    "damaged": "Damaged, can be tested",
    "unfit": "Not fit for testing",
}
STATE_OF = {
    "intact": TestingState.RECEIVED,
    "damaged": TestingState.RECEIVED,
    TestingState.UNFIT: TestingState.UNFIT,
}


def receiving(condition: str, exists: bool, received: bool) -> Iterator[Finding]:
    """A sample is received once; anything but intact is a deviation."""
    if not exists:
        yield blocks(LaboratoryRule.NO_SUCH_SAMPLE, "sample")
    if received:
        yield blocks(LaboratoryRule.RECEIVED_ALREADY)
    if condition not in CONDITIONS:
        yield blocks(LaboratoryRule.CONDITION_UNREAD, "condition")
    elif condition != "intact":
        classification = "minor" if condition == "damaged" else "major"
        yield deviates(
            LaboratoryRule.SAMPLE_CONDITION,
            classification,
            condition=facts.word(ConditionWord[condition.upper()]),
        )
