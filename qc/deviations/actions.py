"""What the events of this chapter say was done."""

from __future__ import annotations

import enum

from integrity.vocabulary import ACTIONS


@ACTIONS.add
class DeviationAction(enum.StrEnum):
    DEVIATION_RAISED = "deviation.raised"
    DEVIATION_ASSESSED = "deviation.assessed"
    DEVIATION_JUDGED = "deviation.judged"
    DEVIATION_CLOSED = "deviation.closed"
    OBSERVATION_RECORDED = "observation.recorded"
    OBSERVATION_CLASSIFIED = "observation.classified"
    ACTION_PLANNED = "action.planned"
    ACTION_DONE = "action.done"
    ACTION_EFFECTIVE = "action.effective"
    ACTION_NOT_EFFECTIVE = "action.not_effective"
