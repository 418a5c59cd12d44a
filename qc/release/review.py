"""QA's signed review of a batch record and its audit trail, without which nothing is released
(AUD-06, EBR-18).
"""

from __future__ import annotations

from datetime import datetime

from integrity import signatures
from integrity.acts import Act
from integrity.database import Session
from integrity.facts import Pair
from integrity.findings import refuse_if_blocked
from integrity.signatures import Meaning, Seal
from manufacturing.execution import batches
from manufacturing.execution.batches import Batch
from qc.release import after_review, exceptions, release_inputs, review_by_exception, rules
from qc.release.actions import ReleaseAction
from qc.release.after_review import Review
from qc.release.situation import ReleaseFacts
from stores.rules import Disposition


def situation(session: Session, batch: Batch, at: datetime | None = None) -> ReleaseFacts:
    """What decides on the release of a batch, as it stands now."""
    return release_inputs.gather(session, batch, release_inputs.moment(session, at)).facts


def review_facts(session: Session, batch_id: int, at: datetime | None = None) -> list[Pair]:
    """Exactly what QA's review shows and signs.

    Its last pairs say every result, its fourth up to which event it reaches.
    """
    found = release_inputs.gather(
        session, session.get_one(Batch, batch_id), release_inputs.moment(session, at)
    )
    return review_by_exception.review_facts(session, found)


def sign_review(act: Act, batch_id: int, *, seal: Seal) -> Review:
    """QA signs that the batch record and its audit trail were reviewed.

    A batch in quarantine comes under review.
    """
    signed = [batch_id, seal.reviewed]
    if earlier := act.once(ReleaseAction.BATCH_REVIEWED, signed):
        return act.session.get_one(Review, earlier)
    found = release_inputs.gather(act.session, act.session.get_one(Batch, batch_id), act.at)
    batch, facts = found.batch, found.facts
    refuse_if_blocked(
        [
            *rules.may_review(facts, facts.review_gate, act.by.username),
            *review_by_exception.whole(act.session, found),
            *exceptions.against_review(exceptions.of(act.session, found)),
        ]
    )
    seq, hash_ = after_review.newest_event(act.session, found.watched)
    signatures.sign(
        act,
        seal,
        Meaning.REVIEWED,
        batch,
        review_by_exception.review_facts(act.session, found),
        scope=batch.itself,
    )
    made = Review(
        batch_id=batch.id,
        gate=facts.review_gate,
        seq=seq,
        hash=hash_,
        at=act.at,
        name=act.by.name,
    )
    act.add(made)
    if facts.disposition == Disposition.QUARANTINE:
        batches.mark(act, batch, Disposition.UNDER_REVIEW, reason=seal.comment)
    act.say(
        ReleaseAction.BATCH_REVIEWED,
        made,
        scope=batch.code,
        reason=seal.comment,
        facts=signed,
        details={"up_to": str(seq), "gate": made.gate},
    )
    return made
