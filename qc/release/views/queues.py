"""What waits for quality's decision: batches to review, to release, released at stage 1."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select, union

from integrity import states
from integrity.database import Session
from manufacturing.execution.batches import Batch
from people import queues
from people.permissions import Permission
from people.queues import Address, Asker, Found, Queue
from qc.release import after_review, decisions, release_inputs
from qc.release.after_review import Review
from qc.release.situation import FINAL
from qc.release.words import ReleaseQueue
from stores.rules import DISPOSITION, Disposition


def _found(session: Session, wanted: Select[tuple[Batch]]) -> Found:
    """Batches of a list, the one begun first on top."""
    return queues.by_code(
        session,
        wanted.order_by(None).order_by(Batch.id),
        "release.review",
        since=lambda made: made.started_at,
        title=lambda made: made.master_title,
    )


def _to_review(session: Session, asker: Asker) -> Found:
    """What nobody reviewed, what something was said of after it was reviewed, and what is on hold,
    which quality lifts: of those released at stage 1, as soon as every late result is there.
    """
    due = after_review.is_due()
    late = session.scalars(decisions.listed("stage1").where(due)).all()
    known = release_inputs.gather_many(session, late, asker.at) if late else {}
    ripe = [number for number, found in known.items() if found.facts.review_gate == FINAL]
    waiting = _ids(decisions.listed("waiting").where(or_(due, _HELD)))
    return _found(session, select(Batch).where(or_(Batch.id.in_(waiting), Batch.id.in_(ripe))))


def _to_release(session: Session, asker: Asker) -> Found:
    """What QA has reviewed as it stands; released at stage 1, for the final release."""
    waiting = decisions.listed("waiting").where(~after_review.is_due(), ~_HELD)
    ids = union(_ids(waiting), _ids(decisions.listed("stage1").where(_is_ready())))
    return _found(session, select(Batch).where(Batch.id.in_(ids)))


def _late_results(session: Session, asker: Asker) -> Found:
    return _found(session, decisions.listed("stage1").where(~_is_ready()))


_HELD = Batch.id.in_(states.standing(Batch.__tablename__, DISPOSITION, Disposition.ON_HOLD))


def _is_ready() -> ColumnElement[bool]:
    """The condition on a batch at stage 1 that it was reviewed for its final release as it
    stands."""
    wanted = select(Review.id).where(Review.batch_id == Batch.id, Review.gate == FINAL)
    return and_(wanted.correlate(Batch).exists(), ~after_review.is_due())


def _ids(wanted: Select[tuple[Batch]]) -> Select[tuple[int]]:
    return wanted.order_by(None).with_only_columns(Batch.id)


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
