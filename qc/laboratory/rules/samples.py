"""The law of samples: how one comes into QC's custody."""

from __future__ import annotations

import enum
from collections.abc import Iterator

from integrity import facts
from integrity.findings import Classification, Finding, blocks, deviates
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules.results import TestingState
from qc.laboratory.words import ConditionWord, worded


class Condition(enum.StrEnum):
    """How a sample arrived."""

    INTACT = "intact"
    DAMAGED = "damaged"
    UNFIT = "unfit"


CONDITIONS: dict[str, str] = {
    Condition.INTACT: "Intact",
    Condition.DAMAGED: "Damaged, can be tested",
    Condition.UNFIT: "Not fit for testing",
}
STATE_OF: dict[str, TestingState] = {
    Condition.INTACT: TestingState.RECEIVED,
    Condition.DAMAGED: TestingState.RECEIVED,
    Condition.UNFIT: TestingState.UNFIT,
}


def receiving(condition: str, exists: bool, received: bool) -> Iterator[Finding]:
    """A sample is received once; anything but intact is a deviation."""
    if not exists:
        yield blocks(LaboratoryRule.NO_SUCH_SAMPLE, "sample")
    if received:
        yield blocks(LaboratoryRule.RECEIVED_ALREADY)
    yield from arriving(condition)


def arriving(condition: str) -> Iterator[Finding]:
    """What the condition says in which a sample arrived: anything but intact is a deviation."""
    if condition not in CONDITIONS:
        yield blocks(LaboratoryRule.CONDITION_UNREAD, "condition")
    elif condition != Condition.INTACT:
        classification = (
            Classification.MINOR if condition == Condition.DAMAGED else Classification.MAJOR
        )
        yield deviates(
            LaboratoryRule.SAMPLE_CONDITION,
            classification,
            condition=facts.word(worded(ConditionWord, condition)),
        )
