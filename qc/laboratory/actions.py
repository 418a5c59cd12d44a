"""What the events of this chapter say was done."""

from __future__ import annotations

import enum

from integrity.vocabulary import ACTIONS


@ACTIONS.add
class LaboratoryAction(enum.StrEnum):
    SAMPLE_RECEIVED = "sample.received"
    RECEIPT_CORRECTED = "sample.receipt_corrected"
    TEST_BEGUN = "test.begun"
    BEGINNING_CORRECTED = "test.beginning_corrected"
    RESULT_RECORDED = "result.recorded"
    RESULT_REVIEWED = "result.reviewed"
    RESULT_INVALIDATED = "result.invalidated"
    SPECIFICATION_CHANGED = "batch.specification_changed"
    SAMPLE_EXPLAINED = "sample.explained"
    PHASE_ONE_RECORDED = "oos.phase_one_recorded"
    PHASE_ONE_ENDED = "oos.phase_one_ended"
    PHASE_TWO_RECORDED = "oos.phase_two_recorded"
    PHASE_TWO_ENDED = "oos.phase_two_ended"
