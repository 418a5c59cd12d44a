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

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import catalogue, clock, files, signers, site, subjects, trail
from integrity.acts import Act
from integrity.canonical import canonical, digest, digest_of
from integrity.catalogue import Catalogue
from integrity.database import By, Document, Record, Session
from integrity.facts import ENGLISH, Pair, Reader, drawn
from integrity.files import File
from integrity.findings import Refused, Stale, blocks, refuse_if_blocked
from integrity.rows import digest_of_record
from integrity.rule_ids import IntegrityRule
from integrity.signers import Caution
from integrity.subjects import Named, Scope
from integrity.vocabulary import ROLES, one_of


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
    DECLARED = "declared"


class Components(enum.StrEnum):
    """What a signer gave: the first signing of an unbroken session wants both (21 CFR 11.200)."""

    PASSWORD = "password"
    BOTH = "user name and password"
    PASSWORD_AND_CODE = "password and code"
    ALL = "user name and password and code"


@dataclass(frozen=True)
class Seal:
    """What a signer hands over.

    The digest of the facts they reviewed and which components they gave.
    """

    reviewed: str
    components: str
    comment: str | None = None


class Signature(Record, By):
    """One signature; name, username and role are copies from the moment of signing.

    `seq` is the event that answers for it; `scope` is what it is found under beside its subject.
    `facts` is what was shown (`as_shown`), `catalogue_id` the kept texts it was worded with.
    `caution` is what its reader is told of the signer's password, handed over at `caution_since`.
    """

    __tablename__ = "signatures"
    __table_args__ = (
        subjects.by_subject(),
        subjects.by_scope(),
        Index("signatures_by_subject", "subject_id"),
        one_of("meaning", Meaning),
        one_of("components", Components),
        one_of("caution", Caution),
        one_of("role", ROLES),
    )

    subject_id: Mapped[int]
    subject_kind: Mapped[str]
    scope_id: Mapped[int | None] = mapped_column(index=True)
    scope: Mapped[str | None] = mapped_column(index=True)
    meaning: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    role_title: Mapped[str]
    at: Mapped[datetime]
    zone: Mapped[str]
    catalogue_id: Mapped[int] = mapped_column(ForeignKey("files.id"))
    components: Mapped[str]
    comment: Mapped[str | None]
    caution: Mapped[str | None]
    caution_since: Mapped[datetime | None]
    facts: Mapped[Any] = mapped_column(Document)
    facts_digest: Mapped[str]
    seq: Mapped[int] = mapped_column(trail.answering())


def as_shown(facts: Sequence[Pair], reader: Reader = ENGLISH) -> dict[str, Any]:
    """What a signer is shown and signs.

    The facts, each under its term, with the language, the zone and the version of the catalogue
    they are worded with.
    """
    return {
        "catalogue": catalogue.version(reader.language),
        "facts": [list(pair) for pair in facts],
        "language": reader.language,
        "zone": reader.zone,
    }


def reviewed(facts: Sequence[Pair], reader: Reader = ENGLISH) -> str:
    """The digest of what was shown, which a signer hands back."""
    return digest_of(as_shown(facts, reader))


def seal(
    session: Session,
    facts: Sequence[Pair],
    components: str = Components.BOTH,
    comment: str | None = None,
) -> Seal:
    """What somebody hands over who read these facts in the site's zone, in English (scripts)."""
    return Seal(reviewed(facts, Reader(zone=site.zone(session).key)), components, comment)


def sign(
    act: Act,
    seal: Seal,
    meaning: Meaning,
    subject: Named,
    facts: Sequence[Pair],
    *,
    scope: Scope | None = None,
) -> Signature:
    """Record a signature over the facts as they are now.

    Refused as Stale (409) when they are no longer the facts that were reviewed, as Unavailable
    (503) while the clock is under suspicion, and to whoever may not sign (integrity.signers). The
    calling act says the event."""
    clock.refuse_if_suspect(act.session)
    shown = as_shown(facts, act.reader)
    if digest_of(shown) != seal.reviewed:
        raise Stale(blocks(IntegrityRule.FACTS_CHANGED))
    if act.by.id is None:
        raise Refused(blocks(IntegrityRule.ONLY_A_PERSON))
    signer = signers.judged(act)
    refuse_if_blocked(signer.findings)
    signature = Signature(
        subject_id=subject.id,
        subject_kind=subjects.kind_of(subject),
        scope_id=scope and scope.id,
        scope=scope and scope.code,
        meaning=meaning.value,
        name=act.by.name,
        role=act.by.role,
        role_title=act.by.role_title,
        at=act.at,
        zone=act.zone,
        catalogue_id=_keep_catalogue(act).id,
        components=seal.components,
        comment=seal.comment,
        caution=signer.caution and signer.caution.value,
        caution_since=signer.caution_since,
        facts=shown,
        facts_digest=seal.reviewed,
        seq=act.session.ledger.head.seq + 1,
    )
    act.add(signature)
    return signature


def _keep_catalogue(act: Act) -> File:
    texts = catalogue.shipped().texts(act.language).encode()
    return files.keep(act, texts, f"catalogue-{act.language}.json", "application/json")


def signed_facts(session: Session, signature: Signature) -> list[tuple[str, str]]:
    """(term, what it says) of what was signed, in the very words of then."""
    kept = session.get_one(File, signature.catalogue_id)
    shown = signature.facts
    words = Catalogue.read(kept.content)
    return drawn(shown["facts"], Reader(shown["language"], shown["zone"], words))


def of(session: Session, subject: Named | int) -> Sequence[Signature]:
    """Every signature on one subject, oldest first."""
    number = subjects.id_of(subject)
    return session.scalars(
        select(Signature).where(Signature.subject_id == number).order_by(Signature.id)
    ).all()


def invalid(session: Session, signatures: Sequence[Signature]) -> set[int]:
    """The ids of those signatures that the trail does not know as they stand, or whose facts no
    longer match (SIG-04).
    """
    if not signatures:
        return set()
    answering = sorted({signature.seq for signature in signatures})
    lines = session.scalars(select(trail.Event).where(trail.Event.seq.in_(answering)))
    known = {
        (line.seq, key): row
        for line in lines
        for table, key, row in line.said["rows"]
        if table == Signature.__tablename__
    }
    return {
        signature.id
        for signature in signatures
        if digest(canonical(signature.facts)) != signature.facts_digest
        or known.get((signature.seq, signature.key)) != digest_of_record(signature)
    }
