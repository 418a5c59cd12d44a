"""Observations: something that somebody saw and that is no deviation yet. QA says what it is:
nothing, or a deviation.

Kept free of any domain like deviations, so that every floor may show what was seen of its
things."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import states, subjects, vocabulary
from integrity.database import By, Record, Session
from integrity.states import Moves
from integrity.subjects import Scoped, SubjectRecord


class ObservationState(enum.StrEnum):
    """What QA has said of an observation."""

    UNCLASSIFIED = "unclassified"
    NOTHING = "nothing"
    DEVIATION = "deviation"


AXIS = vocabulary.axis("observation", ObservationState)
MOVES: Moves = {
    None: frozenset({ObservationState.UNCLASSIFIED}),
    ObservationState.UNCLASSIFIED: frozenset(
        {ObservationState.NOTHING, ObservationState.DEVIATION}
    ),
}


class Observation(SubjectRecord, Scoped, By):
    """What was seen (`said`), of what (its code), when as claimed, and when it was recorded."""

    __tablename__ = "observations"
    __table_args__ = (
        subjects.by_subject(),
        subjects.by_scope(),
        subjects.by_key_and_code("subject_id", "about"),
        Index("observations_by_subject", "subject_id"),
    )

    subject_id: Mapped[int]
    subject_kind: Mapped[str]
    about: Mapped[str] = mapped_column(index=True)
    said: Mapped[str]
    seen_at: Mapped[datetime]
    at: Mapped[datetime] = mapped_column(index=True)
    name: Mapped[str]


class ObservationVerdict(Record, By):
    """What QA said of an observation and why; the deviation that it became."""

    __tablename__ = "observation_verdicts"

    observation_id: Mapped[int] = mapped_column(ForeignKey("observations.id"), unique=True)
    deviation_id: Mapped[int | None] = mapped_column(ForeignKey("deviations.id"), index=True)
    reason: Mapped[str]
    at: Mapped[datetime]
    name: Mapped[str]


@dataclass(frozen=True)
class Seen:
    """An observation with what became of it."""

    observation: Observation
    state: str
    verdict: ObservationVerdict | None


def listed() -> Select[Any]:
    """Every observation for a paged list, the newest first."""
    return select(Observation).order_by(Observation.id.desc())


def in_scopes(session: Session, ids: Iterable[int]) -> list[Seen]:
    """Every observation under these things, oldest first."""
    wanted = select(Observation).where(Observation.scope_id.in_(list(ids)))
    return seen(session, session.scalars(wanted.order_by(Observation.id)).all())


def seen(session: Session, found: Iterable[Observation]) -> list[Seen]:
    """Observations with what became of them, in the order given, in two queries."""
    every = list(found)
    if not every:
        return []
    ids = [each.id for each in every]
    where = states.of_many(session, ids, AXIS)
    said = select(ObservationVerdict).where(ObservationVerdict.observation_id.in_(ids))
    verdicts = {each.observation_id: each for each in session.scalars(said)}
    return [Seen(each, where[each.id], verdicts.get(each.id)) for each in every]
