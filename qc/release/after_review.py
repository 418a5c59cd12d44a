"""QA's reviews of a batch, and what was said about it after the newest one.

A review names the newest event that concerned the batch, or a lot or equipment it was made with;
whatever is recorded after it makes the review out of date (AUD-06). What is named here as harmless
may be said without that; everything else changes what was reviewed, a word of a later version
included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import trail
from integrity.actions import IntegrityAction
from integrity.canonical import GENESIS
from integrity.database import By, Record, Session
from integrity.trail import Event
from integrity.vocabulary import one_of
from labels.actions import LabelAction
from manufacturing.execution.actions import ExecutionAction
from manufacturing.execution.batches import Batch
from qc.release.actions import ReleaseAction
from qc.release.situation import Gate
from stores.actions import ContainerAction, EquipmentAction, FateAction

# The decisions that follow from the review, what they move, and what only puts on paper.
HARMLESS = frozenset(
    {
        IntegrityAction.REFUSED,
        EquipmentAction.EQUIPMENT_CALIBRATED,  # out of tolerance it has a deviation of the batch
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
        *(word for word in ReleaseAction if word is not ReleaseAction.EXCEPTION_JUDGED),
        *(word for word in ContainerAction if word is not ContainerAction.CONTAINERS_CREATED),
        *(word for word in FateAction if word is not FateAction.CONTAINER_DESTROYED),
    }
)


def changing() -> ColumnElement[bool]:
    """The condition on an event that says something which a review has to have seen."""
    return Event.action.not_in(sorted(HARMLESS))


def is_due() -> ColumnElement[bool]:
    """The condition on a batch that QA has not reviewed what is said of it by now.

    What is said of what it was made with is not looked for: that holds the batch, or is seen on its
    page.
    """
    seen = select(func.max(Review.seq)).where(Review.batch_id == Batch.id).scalar_subquery()
    newer = select(Event.seq).where(
        Event.scope == Batch.code, Event.seq > func.coalesce(seen, 0), changing()
    )
    return newer.correlate(Batch).exists()


class Review(Record, By):
    """One review by QA.

    `seq` and `hash` are the newest event that concerned the batch when it was signed.
    """

    __tablename__ = "reviews"
    __table_args__ = (one_of("gate", Gate),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    gate: Mapped[str]
    seq: Mapped[int] = mapped_column(trail.answering())
    hash: Mapped[str]
    at: Mapped[datetime]
    name: Mapped[str]


def newest_reviews(session: Session, ids: Sequence[int]) -> dict[int, Review]:
    """{batch id: its newest review} in one query."""
    newest = select(func.max(Review.id)).where(Review.batch_id.in_(ids)).group_by(Review.batch_id)
    return {
        each.batch_id: each for each in session.scalars(select(Review).where(Review.id.in_(newest)))
    }


def reviewers(session: Session, ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """{batch id: everybody who ever reviewed it} in one query."""
    found: dict[int, set[str]] = {}
    wanted = select(Review.batch_id, Review.username).where(Review.batch_id.in_(list(ids)))
    for batch_id, username in session.execute(wanted.distinct()).tuples():
        found.setdefault(batch_id, set()).add(username)
    return {batch_id: frozenset(names) for batch_id, names in found.items()}


def said_since(
    session: Session, reviews: Mapping[int, Review], scopes: Mapping[int, Sequence[str]]
) -> dict[int, list[str]]:
    """{batch id: what was said about it after its newest review}; `scopes` has the codes under
    which everything that concerns it is found.
    """
    said: dict[int, list[str]] = {batch_id: [] for batch_id in reviews}
    if not reviews:
        return said
    every = {scope for batch_id in reviews for scope in scopes[batch_id]}
    wanted = (
        select(Event.seq, Event.action, Event.username, Event.scope)
        .where(
            Event.scope.in_(sorted(every)),
            Event.seq > min(review.seq for review in reviews.values()),
            changing(),
        )
        .order_by(Event.seq)
    )
    for seq, action, username, scope in session.execute(wanted):
        for batch_id, review in reviews.items():
            if scope in scopes[batch_id] and seq > review.seq:
                said[batch_id].append(
                    f"{action.replace('.', ' ').replace('_', ' ')} by {username} (event {seq})"
                )
    return said


def newest_event(session: Session, scopes: Iterable[str]) -> tuple[int, str]:
    """(number, hash) of the newest event that says something about the batch which a review has to
    have seen.
    """
    newest = session.execute(
        select(Event.seq, Event.hash)
        .where(Event.scope.in_(sorted(scopes)), changing())
        .order_by(Event.seq.desc())
        .limit(1)
    ).first()
    return (newest.seq, newest.hash) if newest else (0, GENESIS)
