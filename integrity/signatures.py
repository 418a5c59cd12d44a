"""Electronic signatures: who (as named at that moment), what it means, when, and the digest of the
facts shown.

21 CFR 11.50 and 11.70: name, time and meaning are part of the record; a signature is bound to its
subject and to the facts on the page, so that it can be neither moved nor kept after a change."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, and_, or_, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from integrity import clock, trail
from integrity.acts import Act
from integrity.canonical import canonical, digest, digest_of
from integrity.database import Document, Record, Session
from integrity.findings import Refused, Stale, blocks
from integrity.rows import digest_of_record
from integrity.rule_ids import IntegrityRule


class Meaning(enum.StrEnum):
    """Why a signature was given."""

    AUTHORED = "authored"
    PERFORMED = "performed"
    VERIFIED = "verified"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    CERTIFIED = "certified"
    RELEASED = "released"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Seal:
    """What a signer hands over.

    The digest of the facts they reviewed and which components they gave.
    """

    reviewed: str
    components: str
    comment: str | None = None


class Signature(Record):
    """One signature; name, username and role are copies from the moment of signing."""

    __tablename__ = "signatures"
    __table_args__ = (
        Index("signatures_by_subject", "subject_kind", "subject_key"),
        Index("signatures_by_scope", "scope"),
    )

    subject_kind: Mapped[str]
    subject_key: Mapped[str]
    scope: Mapped[str | None]
    meaning: Mapped[str]
    person_id: Mapped[int]
    username: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    role_title: Mapped[str]
    at: Mapped[datetime]
    zone: Mapped[str]
    components: Mapped[str]
    comment: Mapped[str | None]
    facts: Mapped[Any] = mapped_column(Document)
    facts_digest: Mapped[str]


def sign(
    act: Act, seal: Seal, meaning: Meaning, subject: Any, facts: Any, *, scope: str | None = None
) -> Signature:
    """Record a signature over the facts as they are now.

    Refused as Stale (409) when they are no longer the facts that were reviewed, and as Unavailable
    (503) while the clock is under suspicion. The calling act says the event."""
    clock.refuse_if_suspect(act.session)
    if digest_of(facts) != seal.reviewed:
        raise Stale(blocks(IntegrityRule.FACTS_CHANGED))
    if act.by.id is None:
        raise Refused(blocks(IntegrityRule.ONLY_A_PERSON))
    kind, key = subject if isinstance(subject, tuple) else (subject.__tablename__, subject.key)
    signature = Signature(
        subject_kind=kind,
        subject_key=str(key),
        scope=scope,
        meaning=meaning.value,
        person_id=act.by.id,
        username=act.by.username,
        name=act.by.name,
        role=act.by.role,
        role_title=act.by.role_title,
        at=act.at,
        zone=act.zone,
        components=seal.components,
        comment=seal.comment,
        facts=facts,
        facts_digest=seal.reviewed,
    )
    act.add(signature)
    return signature


def of(session: Session, subject: Any) -> Sequence[Signature]:
    """Every signature on one subject, oldest first."""
    kind, key = subject if isinstance(subject, tuple) else (subject.__tablename__, subject.key)
    return session.scalars(
        select(Signature)
        .where(Signature.subject_kind == kind, Signature.subject_key == str(key))
        .order_by(Signature.id)
    ).all()


def in_scope(session: Session, scope: str) -> Sequence[Signature]:
    """Every signature under one batch, cord or other code, oldest first."""
    return session.scalars(
        select(Signature).where(Signature.scope == scope).order_by(Signature.id)
    ).all()


def invalid(session: Session, signatures: Sequence[Signature]) -> set[int]:
    """The ids of those signatures that the trail does not know as they stand, or whose facts no
    longer match (SIG-04).
    """
    doubted = list(signatures)
    # One way at a time, each along its index; the last one reads the whole trail and is rare: an
    # event that stands elsewhere, or a forgery.
    for near in (_under_scopes, _under_subjects, _anywhere):
        if asked := near(doubted):
            known = _known_rows(session, and_(*asked))
            doubted = [signature for signature in doubted if not _stands(signature, known)]
    return {signature.id for signature in doubted}


def _under_scopes(doubted: Sequence[Signature]) -> list[ColumnElement[bool]]:
    """Events of the moments at which these were given, under the same codes."""
    scoped = [signature for signature in doubted if signature.scope]
    if not scoped:
        return []
    return [
        trail.Event.scope.in_(sorted({signature.scope or "" for signature in scoped})),
        trail.Event.at.in_(sorted({signature.at for signature in scoped})),
    ]


def _under_subjects(doubted: Sequence[Signature]) -> list[ColumnElement[bool]]:
    named = sorted({(signature.subject_kind, signature.subject_key) for signature in doubted})
    subject = tuple_(trail.Event.subject_kind, trail.Event.subject_key)
    return [subject.in_(named)] if named else []


def _anywhere(doubted: Sequence[Signature]) -> list[ColumnElement[bool]]:
    rows = [f'["{Signature.__tablename__}","{signature.id}",' for signature in doubted]
    return [or_(*(trail.Event.content.contains(row) for row in rows))] if rows else []


def _stands(signature: Signature, known: dict[str, str]) -> bool:
    return digest(canonical(signature.facts)) == signature.facts_digest and known.get(
        str(signature.id)
    ) == digest_of_record(signature)


def _known_rows(session: Session, where: ColumnElement[bool]) -> dict[str, str]:
    lines = session.scalars(select(trail.Event).where(where).order_by(trail.Event.seq))
    return {
        key: row
        for line in lines
        for table, key, row in line.said["rows"]
        if table == Signature.__tablename__
    }
