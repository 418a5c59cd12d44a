"""What may be said about a batch after its review without making the review out of date.

Everything that is not named here changes what was reviewed, a word of a later version included."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from integrity.actions import IntegrityAction
from integrity.trail import Event
from labels.actions import LabelAction
from manufacturing.execution.actions import ExecutionAction
from qc.release.actions import ReleaseAction
from stores.actions import ContainerAction

# The decisions that follow from the review, what they move, and what only puts on paper.
HARMLESS = frozenset(
    {
        IntegrityAction.REFUSED,
        LabelAction.LABEL_PRINTED,
        ExecutionAction.BATCH_STARTED,
        ExecutionAction.BATCH_QUARANTINE,
        ExecutionAction.BATCH_UNDER_REVIEW,
        ExecutionAction.BATCH_ON_HOLD,
        ExecutionAction.BATCH_RELEASED_STAGE_1,
        ExecutionAction.BATCH_RELEASED,
        ExecutionAction.BATCH_EXCEPTIONAL_SUPPLY,
        ExecutionAction.BATCH_REJECTED,
        ExecutionAction.BATCH_RECALLED,
        *ReleaseAction,
        *(word for word in ContainerAction if word is not ContainerAction.CONTAINERS_CREATED),
    }
)


def changing() -> ColumnElement[bool]:
    """The condition on an event that says something which a review has to have seen."""
    return Event.action.not_in(sorted(HARMLESS))
