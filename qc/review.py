"""QA's signed review of a batch record and its audit trail, without which nothing is released (AUD-06, EBR-18)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from integrity import signatures, trail
from integrity.findings import refuse_if_blocked
from integrity.signatures import Meaning, Seal
from integrity.trail import Actor
from manufacturing import batches
from manufacturing.batches import Batch
from qc import dossier, exceptions
from qc.dossier import Review
from qc.rules import release as rules
from qc.rules.release import ReleaseFacts


def situation(session: Session, batch: Batch, at: datetime | None = None) -> ReleaseFacts:
    """What decides on the release of a batch, as it stands now."""
    return dossier.gather(session, batch, dossier.moment(session, at)).facts


def review_facts(session: Session, batch_id: int, at: datetime | None = None) -> list[tuple[str, str]]:
    """Exactly what QA's review shows and signs; its last pairs say every result, its fourth up to which event it reaches."""
    found = dossier.gather(session, session.get_one(Batch, batch_id), dossier.moment(session, at))
    return exceptions.review_pairs(session, found)


def sign_review(session: Session, batch_id: int, *, seal: Seal, entry_id: str, by: Actor, at: datetime) -> Review:
    """QA signs that the batch record and its audit trail were reviewed; a batch in quarantine comes under review."""
    signed = [batch_id, seal.reviewed]
    if earlier := trail.answered(session, "batch.reviewed", entry_id, signed, by=by):
        return session.get_one(Review, earlier)
    found = dossier.gather(session, session.get_one(Batch, batch_id), at)
    batch, facts = found.batch, found.facts
    refuse_if_blocked([*rules.may_review(facts, facts.gate, by.username), *exceptions.whole(session, found)])
    seq, hash_ = dossier.newest_event(session, found.scopes)
    signatures.sign(session, seal, Meaning.REVIEWED, batch, exceptions.review_pairs(session, found), by=by, at=at, scope=batch.code)
    made = Review(batch_id=batch.id, gate=facts.gate, seq=seq, hash=hash_, at=at, username=by.username, name=by.name)
    session.add(made)
    session.flush()
    if facts.disposition == "quarantine":
        batches.mark(session, batch, "under_review", reason=seal.comment, by=by, at=at)
    trail.say(session, "batch.reviewed", made, by=by, at=at, scope=batch.code, reason=seal.comment, entry_id=entry_id, facts=signed,
              details={"up_to": str(seq), "gate": made.gate})
    return made
