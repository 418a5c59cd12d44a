"""What the events of this chapter say was done."""

from __future__ import annotations

import enum

from integrity.vocabulary import ACTIONS


@ACTIONS.add
class ExecutionAction(enum.StrEnum):
    BATCH_STARTED = "batch.started"
    BATCH_TERMINATED = "batch.terminated"
    BATCH_QUARANTINE = "batch.quarantine"
    BATCH_UNDER_REVIEW = "batch.under_review"
    BATCH_ON_HOLD = "batch.on_hold"
    BATCH_RELEASED_STAGE_1 = "batch.released_stage_1"
    BATCH_RELEASED = "batch.released"
    BATCH_EXCEPTIONAL_SUPPLY = "batch.exceptional_supply"
    BATCH_REJECTED = "batch.rejected"
    BATCH_RECALLED = "batch.recalled"
    STEP_RECORDED = "step.recorded"
    STEP_CORRECTED = "step.corrected"
    STEP_VERIFIED = "step.verified"
    STAGE_SIGNED = "stage.signed"
