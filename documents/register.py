"""The register of controlled documents: every version, its dates, and which one is in force.

The bytes are kept as they came and never change; a change is the next version of its code."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, UniqueConstraint, and_, bindparam, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from documents import rules
from documents.kinds import Kind
from documents.rule_ids import LackingRule
from documents.rules import DocumentState, Span
from integrity import signatures, states, vocabulary
from integrity.database import By, Record, Session
from integrity.findings import Refused, blocks
from integrity.signatures import Meaning
from integrity.subjects import SubjectRecord
from integrity.vocabulary import one_of

AXIS = vocabulary.axis("document", DocumentState)


class Date(enum.StrEnum):
    """What a moment in the life of a version is.

    QA approved it from then on; it holds from then on; it ended.
    """

    NOT_BEFORE = "not_before"
    EFFECTIVE = "effective"
    ENDED = "ended"


class ControlledDocument(SubjectRecord, By):
    """One version of one document; its content is the kept file's.

    `effective_from` is when the importer wants it to hold (None: on its approval).
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("kind", "code", "version"), one_of("kind", Kind))

    kind: Mapped[str]
    code: Mapped[str]
    version: Mapped[int]
    title: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"))
    effective_from: Mapped[datetime | None]
    imported_at: Mapped[datetime]

    @property
    def named(self) -> str:
        """Code and version as they are printed."""
        return f"{self.code} version {self.version}"

    @property
    def cited(self) -> str:
        """Code, version and SHA-256, as a record names what it rests on."""
        return f"{self.named}, SHA-256 {self.sha256}"


class DocumentDate(Record, By):
    """A moment in the life of a version; `what` it is, is a Date."""

    __tablename__ = "document_dates"
    __table_args__ = (one_of("what", Date),)

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    what: Mapped[str]
    moment: Mapped[datetime]
    at: Mapped[datetime]


# Questions
# -------------------------------------------------------------------------------------------------


def by_id(session: Session, document_id: int, kind: str | None = None) -> ControlledDocument | None:
    """The version under this number, of this kind where one is given."""
    found = session.get(ControlledDocument, document_id)
    return found if found and kind in (None, found.kind) else None


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, ControlledDocument]:
    """{id: version} in one query."""
    wanted = select(ControlledDocument).where(ControlledDocument.id.in_(sorted(set(ids))))
    return {each.id: each for each in session.scalars(wanted)}


def named(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """{id: code and version as they are printed} in one query."""
    wanted = select(ControlledDocument).where(ControlledDocument.id.in_(sorted(set(ids))))
    return {each.id: each.named for each in session.scalars(wanted)}


def cited(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """{id: (code and version, SHA-256)} in one query."""
    wanted = select(ControlledDocument).where(ControlledDocument.id.in_(sorted(set(ids))))
    return {each.id: (each.named, each.sha256) for each in session.scalars(wanted)}


def listed(kind: str | None = None) -> Select[tuple[ControlledDocument]]:
    """Every version, by kind and code, newest first."""
    wanted = select(ControlledDocument)
    if kind:
        wanted = wanted.where(ControlledDocument.kind == kind)
    return wanted.order_by(
        ControlledDocument.kind, ControlledDocument.code, ControlledDocument.version.desc()
    )


def effective(session: Session, kind: str, code: str, at: datetime) -> ControlledDocument | None:
    """The one version of a code that is in force at a moment, or None."""
    return _held(at, _dated(session, _OF_CODE, kind=kind, code=code)).get(code)


def all_effective(session: Session, kind: str, at: datetime) -> Sequence[ControlledDocument]:
    """Every version of a kind that is in force at a moment, by code."""
    found = _held(at, _dated(session, _OF_KIND, kind=kind))
    return [found[code] for code in sorted(found)]


def in_force(session: Session, kind: str, at: datetime) -> ControlledDocument:
    """The document of a kind of which a site has one.

    Refused with who does what on which page while none is in force.
    """
    found = all_effective(session, kind, at)
    if not found:
        raise Refused(blocks(LackingRule[Kind(kind).name]))
    return found[0]


def to_come(session: Session, kind: str, code: str, at: datetime) -> ControlledDocument | None:
    """The newest version of a code that is approved for a time after this one, or None."""
    rows = _dated(session, _OF_CODE, kind=kind, code=code)
    later = [found for found, span in rows if span.begins > at and span.ends is None]
    return max(later, key=lambda each: each.version, default=None)


Dated = list[tuple[ControlledDocument, Span]]


def _held(at: datetime, rows: Dated) -> dict[str, ControlledDocument]:
    held = rules.in_force([span for _, span in rows], at)
    return {found.code: found for found, _ in rows if held.get(found.code) == found.id}


_begun, _ended = aliased(DocumentDate), aliased(DocumentDate)
_DATED = (
    select(ControlledDocument, _begun.moment, _ended.moment)
    .join(_begun, and_(_begun.document_id == ControlledDocument.id, _begun.what == Date.EFFECTIVE))
    .outerjoin(_ended, and_(_ended.document_id == ControlledDocument.id, _ended.what == Date.ENDED))
)
_OF_CODES = _DATED.where(ControlledDocument.code.in_(bindparam("codes", expanding=True)))
_OF_KIND = _DATED.where(ControlledDocument.kind == bindparam("kind"))
_OF_CODE = _OF_KIND.where(ControlledDocument.code == bindparam("code"))


def _dated(session: Session, asked: Select[Any], **values: Any) -> Dated:
    """Every version that was ever put in force, with its span."""
    return [
        (found, Span(found.id, found.code, found.version, begins, ends))
        for found, begins, ends in session.execute(asked, values)
    ]


@dataclass(frozen=True)
class Timeline:
    """Every version of some codes that was ever put in force, with its dates."""

    rows: Dated

    def at(self, document: ControlledDocument, moment: datetime) -> ControlledDocument | None:
        """The version in force at a moment of the code that a document is a version of."""
        rows = [
            (found, span)
            for found, span in self.rows
            if (found.kind, found.code) == (document.kind, document.code)
        ]
        return _held(moment, rows).get(document.code)


def timeline(session: Session, versions: Iterable[ControlledDocument]) -> Timeline:
    """Which versions were in force when, of the codes of these documents, in one query."""
    codes = sorted({each.code for each in versions})
    return Timeline(_dated(session, _OF_CODES, codes=codes))


def state(session: Session, document: ControlledDocument, at: datetime) -> str:
    """draft, authored, approved, qa_approved, effective, superseded, retired or rejected."""
    return states_of(session, [document], at)[document.id]


def states_of(
    session: Session, documents: Sequence[ControlledDocument], at: datetime
) -> dict[int, str]:
    """{id: state as people read it at a moment} in two queries."""
    signed = states.of_many(session, [each.id for each in documents], AXIS)
    rows = _dated(session, _OF_CODES, codes=sorted({each.code for each in documents}))
    spans = {found.id: span for found, span in rows}
    newest: dict[tuple[str, str], Span] = {}
    for kind in {found.kind for found, _ in rows}:
        mine = rules.newest([span for found, span in rows if found.kind == kind], at)
        newest |= {(kind, code): span for code, span in mine.items()}
    made = {}
    for each in documents:
        last = newest.get((each.kind, each.code))
        made[each.id] = rules.shown_state(
            signed[each.id], spans.get(each.id), last.id if last else None, at
        )
    return made


def moment(session: Session, document_id: int, what: str) -> datetime | None:
    """The newest date of this sort of a version, or None."""
    dates = select(DocumentDate.moment).where(
        DocumentDate.document_id == document_id, DocumentDate.what == what
    )
    return session.scalar(dates.order_by(DocumentDate.id.desc()).limit(1))


def previous(session: Session, document: ControlledDocument) -> ControlledDocument | None:
    """The newest earlier version that was not rejected.

    What a version's changes are told against.
    """
    earlier = session.scalars(
        select(ControlledDocument)
        .where(
            ControlledDocument.kind == document.kind,
            ControlledDocument.code == document.code,
            ControlledDocument.version < document.version,
        )
        .order_by(ControlledDocument.version.desc())
    ).all()
    where = states.of_many(session, [each.id for each in earlier], AXIS)
    return next((each for each in earlier if where.get(each.id) != DocumentState.REJECTED), None)


def situation(session: Session, document: ControlledDocument, at: datetime) -> rules.Situation:
    """What the law looks at before somebody signs."""
    signed = {
        signature.meaning: signature.username
        for signature in reversed(signatures.of(session, document))
    }
    current = effective(session, document.kind, document.code, at)
    return rules.Situation(
        kind=document.kind,
        importer=document.username,
        author=signed.get(Meaning.AUTHORED),
        approver=signed.get(Meaning.APPROVED),
        version=document.version,
        effective_version=current.version if current else None,
        not_before=moment(session, document.id, Date.NOT_BEFORE),
    )
