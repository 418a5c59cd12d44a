"""Makers for deviations, review and release: what QA and the releaser do, through the same acts the pages use."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from integrity.canonical import digest_of
from integrity.deviations import Deviation, open_deviation
from integrity.findings import deviates
from integrity.signatures import Seal
from integrity.trail import Actor
from labels.issue import issue
from qc import deviations
from qc.deviations import Assessment, AssessmentFacts, Judgement
from tests.makers import entry_id

WHY = "Viability and yield are inside their limits."


def seal(facts: Any, comment: str | None = None) -> Seal:
    return Seal(digest_of(facts), "user name and password", comment)


def make_deviation(session: Session, subject: Any, scope: str, *, by: Actor, at: datetime, sentence: str = "Volume: 240 mL, accepted 180 – 220 mL.",
                   classification: str = "major", consequence: str = "deviation", comment: str | None = "The jug was overfilled") -> Deviation:
    """A deviation as an act would open it."""
    finding = deviates("EBR-05", sentence, classification, consequence=consequence)
    return open_deviation(session, finding, issue(session, "N", at=at), scope=scope, subject=subject, place="Washing · PBS wash 2",
                          comment=comment, by=by, at=at)


def assess(session: Session, deviation: Deviation, *, by: Actor, at: datetime, classification: str | None = None, reason: str = "") -> Assessment:
    facts = AssessmentFacts(deviation.id, "The jug has no mark at 200 mL.", "None: the wash is discarded.",
                            classification or deviation.classification, reason)
    return deviations.assess(session, facts, entry_id=entry_id(), by=by, at=at)


def judge(session: Session, deviation: Deviation, decision: str = "continue", *, by: Actor, at: datetime, why: str | None = WHY) -> Judgement:
    facts = deviations.judge_facts(session, deviation.id, decision)
    return deviations.judge(session, deviation.id, decision, seal=seal(facts, why), entry_id=entry_id(), by=by, at=at)


def close(session: Session, deviation: Deviation, *, by: Actor, at: datetime) -> Deviation:
    return deviations.close(session, deviation.id, seal=seal(deviations.close_facts(session, deviation.id)), entry_id=entry_id(), by=by, at=at)


def settle(session: Session, deviation: Deviation, *, by: Actor, at: datetime, decision: str = "continue") -> Deviation:
    """Assessed, judged and closed."""
    assess(session, deviation, by=by, at=at)
    judge(session, deviation, decision, by=by, at=at)
    return close(session, deviation, by=by, at=at)
