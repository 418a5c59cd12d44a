"""The access log: who signed in and out, what was refused, printed, exported, handed out and backed
up, who read what is sensitive, when and from where (IAM-09, AUD-10).

Apart from the trail, which proves records; like a record a line is only ever inserted. It is read
from its newest line, and each filter has an index in that order, so that no line costs more the
longer the log is.
"""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity.database import Log, Session
from integrity.trail import SYSTEM, Actor
from integrity.vocabulary import one_of

LONGEST = 200  # characters of what was done


class AccessKind(enum.StrEnum):
    """What a line of the access log says."""

    SIGNED_IN = "signed in"
    SIGN_IN_REFUSED = "sign-in refused"
    SIGNED_OUT = "signed out"
    TIMED_OUT = "timed out"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    BADGE_REFUSED = "badge refused"
    SIGNING_REFUSED = "signing refused"
    CLOSED = "closed"
    DENIED = "denied"
    PRINTED = "printed"
    EXPORTED = "exported"
    DOWNLOADED = "downloaded"
    READ = "read"
    BACKED_UP = "backed up"


class Access(Log):
    """One line; `username` is empty where nobody has the name that was typed."""

    __tablename__ = "accesses"
    __table_args__ = (
        one_of("kind", AccessKind),
        Index("accesses_by_time", "at", "id"),
        Index("accesses_by_kind", "kind", "at", "id"),
        Index("accesses_by_person", "username", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    username: Mapped[str]
    station: Mapped[str]
    what: Mapped[str]


def write(session: Session, kind: AccessKind, by: Actor, *, at: datetime, what: str = "") -> None:
    """One line of what somebody did, from the device they did it on."""
    session.add(
        Access(
            at=at,
            kind=kind.value,
            person_id=by.id,
            username=by.username,
            station=by.device or "",
            what=what[:LONGEST],
        )
    )


def backed_up(session: Session, file: str, *, at: datetime) -> None:
    """That somebody at the machine made a whole copy."""
    write(session, AccessKind.BACKED_UP, SYSTEM, at=at, what=file)


def listed() -> Select[tuple[Access]]:
    """Every line for a paged list, the newest first."""
    return select(Access).order_by(Access.at.desc(), Access.id.desc())
