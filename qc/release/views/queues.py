"""What waits for quality's decision: batches to review, to release, released at stage 1."""

from __future__ import annotations

from integrity import states
from integrity.database import Session
from manufacturing.execution.batches import Batch
from people import queues
from people.permissions import Permission
from people.queues import Address, Asker, Found, Queue
from qc.release import decisions
from qc.release.words import ReleaseQueue
from stores.rules import DISPOSITION, Disposition

REVIEWED = states.standing(Batch.__tablename__, DISPOSITION, Disposition.UNDER_REVIEW)


def _found(session: Session, which: str, *, reviewed: bool | None = None) -> Found:
    """Batches of one tab of the desk, the one begun first on top; those that QA has reviewed, or
    has not, or all.
    """
    wanted = decisions.listed(which).order_by(None).order_by(Batch.id)
    if reviewed is not None:
        wanted = wanted.where(Batch.id.in_(REVIEWED) if reviewed else Batch.id.not_in(REVIEWED))
    return queues.by_code(
        session,
        wanted,
        "release.review",
        since=lambda made: made.started_at,
        title=lambda made: made.master_title,
    )


def _to_review(session: Session, asker: Asker) -> Found:
    return _found(session, "waiting", reviewed=False)


def _to_release(session: Session, asker: Asker) -> Found:
    return _found(session, "waiting", reviewed=True)


def _late_results(session: Session, asker: Asker) -> Found:
    return _found(session, "stage1")


QUEUES = (
    Queue(ReleaseQueue.RELEASES, Permission.RELEASE_BATCHES, _to_release, Address("release.desk")),
    Queue(ReleaseQueue.REVIEWS, Permission.REVIEW_BATCHES, _to_review, Address("release.desk")),
    Queue(
        ReleaseQueue.LATE_RESULTS,
        Permission.RELEASE_BATCHES,
        _late_results,
        Address("release.desk", {"show": "stage1"}),
    ),
)
