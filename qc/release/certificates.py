"""Certificates: issued inside the release, numbered and versioned; the page behind the QR asks
here.

The statement that was signed, the signatures, the release event in the chain and the address make
one document; the paper is drawn from that document alone, after the release
(`qc/release/certificate_files.py`), and drawing it again gives the same bytes (REL-08, REL-09)."""

from __future__ import annotations

import enum
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import VERSION, dependents, facts, site, states, times, trail, vocabulary
from integrity.acts import Act
from integrity.canonical import digest_of
from integrity.database import By, Document, Session
from integrity.facts import Fact
from integrity.findings import Finding
from integrity.ledger import Head
from integrity.signatures import Signature
from integrity.states import Move, Moves
from integrity.subjects import Named, SubjectRecord, by_key_and_code
from integrity.trail import Event
from integrity.vocabulary import one_of
from labels import codes
from labels.numbering import issue as issue_number
from manufacturing.execution.batches import Batch
from manufacturing.execution.rules.batches import EXECUTION, ExecutionState
from qc.release import after_review, certified_statement
from qc.release.actions import ReleaseAction
from qc.release.certified_statement import Statement
from qc.release.situation import Gate
from qc.release.words import ReleasePhrase
from stores import papers
from stores.papers import Papers


class CertificateState(enum.StrEnum):
    """Whether a version of a certificate holds.

    It is under review while its batch is held, and until QA or the releaser has decided.
    """

    CURRENT = "current"
    UNDER_REVIEW = "under_review"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


AXIS = vocabulary.axis("certificate", CertificateState)
MOVES: Moves = {
    None: frozenset({CertificateState.CURRENT}),
    CertificateState.CURRENT: frozenset(
        {CertificateState.UNDER_REVIEW, CertificateState.SUPERSEDED, CertificateState.WITHDRAWN}
    ),
    CertificateState.UNDER_REVIEW: frozenset(
        {CertificateState.CURRENT, CertificateState.SUPERSEDED, CertificateState.WITHDRAWN}
    ),
}
IN_FORCE = (CertificateState.CURRENT, CertificateState.UNDER_REVIEW)


class Certificate(SubjectRecord, By):
    """One version of one certificate; versions of a batch share its number.

    `said` is all that its paper is drawn from.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        one_of("stage", Gate),
        by_key_and_code("batch_id", "scope"),
    )

    code: Mapped[str]
    version: Mapped[int]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    scope: Mapped[str]
    stage: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    said: Mapped[Any] = mapped_column(Document)
    facts_sha256: Mapped[str]
    reason: Mapped[str | None]
    release_seq: Mapped[int] = mapped_column(trail.answering())
    issued_at: Mapped[datetime]

    @property
    def named(self) -> str:
        """Number and version as printed."""
        return f"{codes.read(self.code).shown} v{self.version}"


@dataclass(frozen=True)
class Issue:
    """What a certificate is made of.

    The signed statement, who released it, the release event, where the QR leads and why anew.
    """

    statement: Statement
    signature: Signature
    event: Head
    address: str
    reason: str | None = None


# Questions
# -------------------------------------------------------------------------------------------------


def of_batch(session: Session, batch_id: int) -> list[Certificate]:
    """Every version, oldest first."""
    return list(
        session.scalars(
            select(Certificate)
            .where(Certificate.batch_id == batch_id)
            .order_by(Certificate.version)
        )
    )


def of_batches(session: Session, ids: Iterable[int]) -> dict[int, Certificate]:
    """{batch id: its newest version} in one query."""
    found = session.scalars(
        select(Certificate).where(Certificate.batch_id.in_(list(ids))).order_by(Certificate.version)
    )
    return {each.batch_id: each for each in found}


def by_code(session: Session, code: str) -> list[Certificate]:
    """Every version under a number, oldest first."""
    return list(
        session.scalars(
            select(Certificate).where(Certificate.code == code).order_by(Certificate.version)
        )
    )


def by_token(session: Session, token: str) -> Certificate | None:
    return session.scalar(select(Certificate).where(Certificate.token == token))


def batches_under_review() -> Select[tuple[int]]:
    """The ids of the batches whose certificate is under review."""
    standing = states.standing(Certificate.__tablename__, AXIS, CertificateState.UNDER_REVIEW)
    return select(Certificate.batch_id).where(Certificate.id.in_(standing))


def _under_review(session: Session) -> frozenset[int]:
    return frozenset(session.scalars(batches_under_review()))


def _was_under_review(session: Session, batch_id: int, at: datetime) -> bool:
    """Whether a certificate of a batch was under review at a moment."""
    mine = select(Certificate.id).where(Certificate.batch_id == batch_id)
    moved = select(func.max(Move.id)).where(
        Move.subject_id.in_(mine), Move.axis == AXIS, Move.at <= at
    )
    newest = moved.group_by(Move.subject_id)
    wanted = select(Move.id).where(
        Move.id.in_(newest), Move.becomes == CertificateState.UNDER_REVIEW
    )
    return session.scalar(wanted.limit(1)) is not None


papers.declare(Papers(now=_under_review, then=_was_under_review))


def states_of(session: Session, found: Iterable[Certificate]) -> dict[int, str]:
    """{certificate id: current | under_review | superseded | withdrawn}."""
    return states.of_many(session, [each.id for each in found], AXIS)


def changed_since(session: Session, certificate: Certificate, scopes: Iterable[str]) -> list[str]:
    """What was recorded about the batch after the certificate was issued, in words (REL-08)."""
    wanted = (
        select(Event.seq, Event.action, Event.username)
        .where(
            Event.scope.in_(sorted(scopes)),
            Event.seq > certificate.release_seq,
            after_review.changing(),
        )
        .order_by(Event.seq)
    )
    return [
        f"{action.replace('.', ' ').replace('_', ' ')} by {username} (event {seq})"
        for seq, action, username in session.execute(wanted)
    ]


# Inner acts
# -------------------------------------------------------------------------------------------------


def issue(act: Act, batch: Batch, made_of: Issue) -> Certificate:
    """Number and record a certificate; the version before it is superseded.

    Its paper is drawn when this transaction is committed.
    """
    earlier = of_batch(act.session, batch.id)
    code = earlier[-1].code if earlier else issue_number(act, codes.Series.CERTIFICATE)
    version, token = len(earlier) + 1, secrets.token_urlsafe(24)
    said = _document(act.session, made_of, code, version, token, act.at)
    made = Certificate(
        code=code,
        version=version,
        batch_id=batch.id,
        scope=batch.code,
        stage=made_of.statement["stage"],
        token=token,
        said=said,
        facts_sha256=said["facts_sha256"],
        reason=made_of.reason,
        release_seq=made_of.event.seq,
        issued_at=act.at,
    )
    act.add(made)
    states.move(act, made, AXIS, CertificateState.CURRENT, allowed=MOVES)
    newer = facts.message(ReleasePhrase.VERSION_ISSUED, version=version)
    _end(act, batch, CertificateState.SUPERSEDED, newer, but=made)
    act.say(
        ReleaseAction.CERTIFICATE_ISSUED,
        made,
        scope=batch.code,
        reason=made_of.reason,
        details={
            "number": code,
            "version": str(version),
            "facts_sha256": made.facts_sha256,
            "release_event": str(made_of.event.seq),
        },
    )
    return made


def _document(
    session: Session, made_of: Issue, code: str, version: int, token: str, at: datetime
) -> dict[str, Any]:
    zone = ZoneInfo(site.settings(session)["zone"])
    return {
        "statement": made_of.statement,
        "facts_sha256": digest_of(made_of.statement),
        "number": codes.read(code).shown,
        "version": str(version),
        "supersedes": str(version - 1) if version > 1 else "",
        "reason": made_of.reason or "",
        "signatures": [
            *made_of.statement["signatures"],
            certified_statement.signed(
                made_of.signature, zone, certified_statement.RELEASES[made_of.statement["stage"]]
            ),
        ],
        "head": {"seq": str(made_of.event.seq), "hash": made_of.event.hash},
        "address": f"{made_of.address.rstrip('/')}/c/{token}",
        "issued": times.shown(at, zone, seconds=True),
        "program": f"Cordbook {VERSION}",
    }


def withdraw(act: Act, batch: Batch, reason: str) -> None:
    """The certificate in force counts no more; says its own event.

    Nothing happens where there is none.
    """
    _end(act, batch, CertificateState.WITHDRAWN, reason)


@dependents.declare
def answer(act: Act, subject: Named) -> None:
    """Withdraw the certificate of a batch that was broken off."""
    if isinstance(subject, Batch) and states.of(act.session, subject, EXECUTION) == _BROKEN_OFF:
        said = states.newest_moves(act.session, [subject.id], EXECUTION, _BROKEN_OFF)
        withdraw(act, subject, said[subject.id].reason or "")


_BROKEN_OFF = ExecutionState.TERMINATED


def put_under_review(act: Act, batch_ids: Sequence[int], cause: Finding, reason: Fact) -> None:
    """The certificates in force of these batches are under review; each says its own event."""
    current = states.standing(Certificate.__tablename__, AXIS, CertificateState.CURRENT)
    wanted = select(Certificate).where(
        Certificate.batch_id.in_(batch_ids), Certificate.id.in_(current)
    )
    found = act.session.scalars(wanted.order_by(Certificate.id)).all()
    told = {"rule": cause.rule, "parameters": cause.parameters}
    for each in found:
        _become(act, each, CertificateState.CURRENT, CertificateState.UNDER_REVIEW, reason, told)


def certifies(certificate: Certificate, said: Statement) -> bool:
    """Whether a certificate says what would be certified now; when it was reviewed and how far the
    trail reached is not compared.
    """
    beside = ("trail", "signatures")
    issued = certificate.said["statement"]
    one, other = ({k: each[k] for k in each if k not in beside} for each in (issued, said))
    return digest_of(one) == digest_of(other)


def put_in_force(act: Act, certificate: Certificate, reason: str | None) -> None:
    """A certificate that was under review holds again; says its own event."""
    was = CertificateState.UNDER_REVIEW
    _become(act, certificate, was, CertificateState.CURRENT, reason)


def _become(
    act: Act,
    certificate: Certificate,
    was: str,
    becomes: str,
    reason: Fact | None,
    told: Mapping[str, Any] | None = None,
) -> None:
    states.move_from(act, certificate, AXIS, was, becomes, allowed=MOVES, reason=reason)
    act.session.ledger.outdate(papers.KNOWN)
    act.say(
        ReleaseAction(f"certificate.{becomes}"),
        certificate,
        scope=certificate.scope,
        reason=reason,
        details={
            "number": certificate.code,
            "version": str(certificate.version),
            **(told or {}),
        },
    )


def _end(
    act: Act, batch: Batch, becomes: str, reason: Fact, *, but: Certificate | None = None
) -> None:
    found = of_batch(act.session, batch.id)
    where = states_of(act.session, found)
    for certificate in found:
        if where[certificate.id] in IN_FORCE and certificate is not but:
            _become(act, certificate, where[certificate.id], becomes, reason)
