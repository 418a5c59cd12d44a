"""What a version says: read from its kept bytes, once per process, since they never change."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from documents import kinds, redline, register
from documents.kinds import Kind
from documents.register import ControlledDocument, Date
from documents.rule_ids import DocumentRule
from documents.words import DocumentPhrase, DocumentTerm
from integrity import facts
from integrity.database import Session
from integrity.facts import Fact, Pair
from integrity.files import File
from integrity.findings import Refused, blocks
from integrity.words import state_word

_KEPT = 64
_read: dict[str, Any] = {}


def source_of(session: Session, document: ControlledDocument) -> bytes:
    """The bytes as they were imported."""
    return session.get_one(File, document.file_id).content


def of(session: Session, document: ControlledDocument) -> Any:
    """What a version says.

    Raises Refused when the kept bytes are no longer those that were imported (MBR-03).
    """
    if document.sha256 not in _read:
        _keep(document, source_of(session, document))
    return _read[document.sha256]


def already_read(sha256: str) -> Any:
    """What a version says, by its digest, where this process has read it; None otherwise."""
    return _read.get(sha256)


def by_id(session: Session, document_id: int) -> Any:
    """`of` the version under this number."""
    return of(session, session.get_one(ControlledDocument, document_id))


def is_demonstration(session: Session, document_id: int, sha256: str) -> bool:
    """What a version says of itself; one whose bytes are no longer those that were approved speaks
    for nothing that is made in earnest.
    """
    try:
        return bool((already_read(sha256) or by_id(session, document_id)).demonstration)
    except Refused:
        return True


def of_many(session: Session, ids: Iterable[int]) -> dict[int, Any]:
    """{document id: what it says} of several versions in at most two queries."""
    wanted = sorted(set(ids))
    found = session.scalars(
        select(ControlledDocument).where(ControlledDocument.id.in_(wanted))
    ).all()
    unread = {each.file_id for each in found if each.sha256 not in _read}
    if unread:
        session.scalars(
            select(File).where(File.id.in_(unread)).options(undefer(File.content))
        ).all()
    return {each.id: of(session, each) for each in found}


def _keep(document: ControlledDocument, content: bytes) -> None:
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise Refused(blocks(DocumentRule.KEPT_FILE_DIFFERS, document=document.named))
    while len(_read) >= _KEPT:
        _read.pop(next(iter(_read)))
    _read[document.sha256] = kinds.of(document.kind).read(content)


def names_in(session: Session, kind: Kind, code: str, at: datetime) -> Collection[str] | None:
    """The ids that the approved version of a code knows, for whoever refers to them.

    The version in force, or the newest that is approved for a time to come; None while there is
    none."""
    found = register.effective(session, kind, code, at) or register.to_come(session, kind, code, at)
    return kinds.of(kind).names(of(session, found)) if found else None


# What changed
# -------------------------------------------------------------------------------------------------


def changes_of(session: Session, document: ControlledDocument) -> list[Fact]:
    """What changed against the version before, one fact a line."""
    before, handling = register.previous(session, document), kinds.of(document.kind)
    if before is None:
        return [facts.word(DocumentPhrase.FIRST_VERSION)]
    if handling.changes:
        found = list(handling.changes(of(session, before), of(session, document)))
    else:
        found = [redline.counted(source_of(session, before), source_of(session, document))]
    return [
        facts.message(DocumentPhrase.AGAINST_VERSION, version=before.version),
        *(found or [facts.word(DocumentPhrase.SAME_CONTENT)]),
    ]


def redline_of(
    session: Session, document: ControlledDocument, at: datetime
) -> tuple[ControlledDocument | None, list[redline.Line]]:
    """(the version compared with, the lines that differ): against the version in force, or against
    the one before where this one is in force itself."""
    other = register.effective(session, document.kind, document.code, at)
    if other is None or other.id == document.id:
        other = register.previous(session, document)
    if other is None:
        return None, []
    older, newer = sorted((other, document), key=lambda each: each.version)
    return other, redline.between(source_of(session, older), source_of(session, newer))


# What is signed
# -------------------------------------------------------------------------------------------------


def facts_of(
    session: Session, document_id: int, at: datetime, effective_from: datetime | None = None
) -> list[Pair]:
    """What is shown and signed of a version.

    `effective_from` is the date that QA is about to approve.
    """
    document = session.get_one(ControlledDocument, document_id)
    handling, said = kinds.of(document.kind), of(session, document)
    against, *lines = changes_of(session, document)
    changed = facts.listed([against, facts.listed(lines, "; ")], " ") if lines else against
    stands = register.state(session, document, at)
    return [
        facts.pair(DocumentTerm[handling.kind.name], document.code),
        facts.pair(DocumentTerm.VERSION, str(document.version)),
        facts.pair(DocumentTerm.TITLE, document.title),
        *handling.facts(said),
        facts.pair(DocumentTerm.CHANGES, changed),
        facts.pair(DocumentTerm.STANDS_AT, state_word(stands)),
        facts.pair(DocumentTerm.SHA256, document.sha256),
        *_date_facts(session, document, effective_from),
    ]


def _date_facts(
    session: Session, document: ControlledDocument, effective_from: datetime | None
) -> list[Pair]:
    if kinds.of(document.kind).quality:
        date = effective_from or register.moment(session, document.id, Date.NOT_BEFORE)
        return [facts.pair(DocumentTerm.NOT_BEFORE, facts.instant(date))] if date else []
    wanted = document.effective_from
    shown = facts.instant(wanted) if wanted else facts.word(DocumentPhrase.FROM_APPROVAL)
    return [facts.pair(DocumentTerm.EFFECTIVE_FROM, shown)]
