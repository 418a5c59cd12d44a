"""The acts on documents: imported as a draft, signed by author and others, put in force, ended.

What becomes of a version is its state: draft, authored, approved, qa_approved, effective, then
superseded or retired; or rejected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from documents import contents, kinds, register, rules
from documents.actions import DocumentAction
from documents.faults import refuse
from documents.kinds import Kind
from documents.register import AXIS, ControlledDocument, Date, DocumentDate
from documents.rule_ids import DocumentRule
from documents.rules import DocumentState
from documents.texts import text
from documents.words import DocumentPhrase
from integrity import dependents, files, signatures, states
from integrity.acts import Act
from integrity.facts import message
from integrity.findings import Finding, blocks, refuse_if_blocked
from integrity.signatures import Meaning, Seal

MEDIA_TYPE = "application/toml"


@dataclass(frozen=True)
class ImportFacts:
    """A document to import, as it was handed over.

    `effective_from` is when it shall hold, for kinds that hold by themselves once approved.
    """

    kind: Kind
    data: bytes
    filename: str
    effective_from: datetime | None = None


def import_document(act: Act, facts: ImportFacts) -> ControlledDocument:
    """Keep a document as a draft, the next version of its code.

    Raises InvalidDocument with every fault of the document, by itself or beside the documents in
    force; Refused for bytes that are a version already.
    """
    if earlier := act.once(DocumentAction.DOCUMENT_IMPORTED, facts):
        return act.session.get_one(ControlledDocument, earlier)
    said = kinds.of(facts.kind).read(facts.data)
    refuse_if_blocked(_import_findings(act, facts, said))
    refuse(kinds.beside_others(act.session, facts.kind, said, act.at), facts.data)
    versions = select(func.max(ControlledDocument.version)).where(
        ControlledDocument.kind == facts.kind, ControlledDocument.code == said.code
    )
    kept = files.keep(act, facts.data, facts.filename, MEDIA_TYPE)
    document = ControlledDocument(
        kind=facts.kind.value,
        code=said.code,
        version=(act.session.scalar(versions) or 0) + 1,
        title=text(said.title),
        sha256=said.sha256,
        file_id=kept.id,
        effective_from=facts.effective_from,
        imported_at=act.at,
    )
    act.add(document)
    states.move(act, document, AXIS, DocumentState.DRAFT, allowed=_moves(document))
    act.say(
        DocumentAction.DOCUMENT_IMPORTED,
        document,
        scope=document.code,
        facts=facts,
        details={**_details(document), "file": facts.filename},
    )
    return document


def _import_findings(act: Act, facts: ImportFacts, said: kinds.Contents) -> list[Finding]:
    same = act.session.scalar(
        select(ControlledDocument).where(ControlledDocument.sha256 == said.sha256)
    )
    others = select(ControlledDocument.code).where(
        ControlledDocument.kind == facts.kind, ControlledDocument.code != said.code
    )
    other = act.session.scalar(others.limit(1)) if kinds.of(facts.kind).single else None
    return list(rules.imports(same.named if same else None, other, facts.effective_from, act.at))


def author(act: Act, document_id: int, *, seal: Seal) -> ControlledDocument:
    """The author signs the draft (AUTHORED)."""
    if earlier := _answered(act, DocumentState.AUTHORED, document_id, seal):
        return earlier
    document = act.session.get_one(ControlledDocument, document_id)
    _sign(act, document, Meaning.AUTHORED, DocumentState.AUTHORED, seal)
    return _said(act, DocumentState.AUTHORED, document, seal)


def approve(act: Act, document_id: int, *, seal: Seal) -> ControlledDocument:
    """Another person signs what the author wrote (APPROVED).

    The author or importer is refused (MBR-01). Where no approval of QA's own follows, the version
    holds from the wanted moment, not before now."""
    if earlier := _answered(act, DocumentState.APPROVED, document_id, seal):
        return earlier
    document = act.session.get_one(ControlledDocument, document_id)
    found = register.situation(act.session, document, act.at)
    refuse_if_blocked(rules.approved_by_another(found, act.by.username))
    by_date = not kinds.of(document.kind).quality
    if by_date:
        _refuse_faults(act, document)
    _sign(act, document, Meaning.APPROVED, DocumentState.APPROVED, seal)
    if by_date:
        wanted = document.effective_from or act.at
        _date(act, document, Date.EFFECTIVE, max(wanted, act.at))
    return _said(act, DocumentState.APPROVED, document, seal)


def approve_for_quality(
    act: Act, document_id: int, *, effective_from: datetime | None = None, seal: Seal
) -> ControlledDocument:
    """QA signs (APPROVED), from a date to come if one is given."""
    if earlier := _answered(act, DocumentState.QA_APPROVED, document_id, seal):
        return earlier
    document = act.session.get_one(ControlledDocument, document_id)
    found = register.situation(act.session, document, act.at)
    refuse_if_blocked(
        [
            *rules.approved_by_quality(found, act.by.username),
            *rules.not_before_is_possible(effective_from, act.at),
        ]
    )
    _refuse_faults(act, document)
    _sign(act, document, Meaning.APPROVED, DocumentState.QA_APPROVED, seal, effective_from)
    if effective_from is not None:
        _date(act, document, Date.NOT_BEFORE, effective_from)
    return _said(act, DocumentState.QA_APPROVED, document, seal)


def make_effective(act: Act, document_id: int, *, seal: Seal) -> ControlledDocument:
    """Put a version in force from now on (signed APPROVED) and supersede the one that was.

    What rests on that one keeps it.
    """
    if earlier := _answered(act, DocumentState.EFFECTIVE, document_id, seal):
        return earlier
    document = act.session.get_one(ControlledDocument, document_id)
    found = register.situation(act.session, document, act.at)
    refuse_if_blocked(rules.may_come_into_force(found, act.at))
    current = register.effective(act.session, document.kind, document.code, act.at)
    _sign(act, document, Meaning.APPROVED, DocumentState.EFFECTIVE, seal)
    _date(act, document, Date.EFFECTIVE, act.at)
    if current is not None:
        because = message(DocumentPhrase.VERSION_EFFECTIVE, version=document.version)
        states.move(
            act, current, AXIS, DocumentState.SUPERSEDED, allowed=_moves(current), reason=because
        )
        act.say(
            DocumentAction.DOCUMENT_SUPERSEDED,
            current,
            scope=current.code,
            details=_details(current),
        )
    return _said(act, DocumentState.EFFECTIVE, document, seal)


def reject(act: Act, document_id: int, *, seal: Seal) -> ControlledDocument:
    """Refuse a version that is not yet approved, signed with the reason (REJECTED)."""
    return _end(act, document_id, DocumentState.REJECTED, seal)


def retire(act: Act, document_id: int, *, seal: Seal) -> ControlledDocument:
    """Take a version out of force with nothing in its place, signed with the reason (REJECTED)."""
    return _end(act, document_id, DocumentState.RETIRED, seal)


def _end(act: Act, document_id: int, becomes: str, seal: Seal) -> ControlledDocument:
    if earlier := _answered(act, becomes, document_id, seal):
        return earlier
    document = act.session.get_one(ControlledDocument, document_id)
    state = register.state(act.session, document, act.at)
    refuse_if_blocked(rules.may_end(state, seal.comment))
    _sign(act, document, Meaning.REJECTED, becomes, seal)
    if becomes == DocumentState.RETIRED:
        _date(act, document, Date.ENDED, act.at)
    _said(act, becomes, document, seal)
    dependents.changed(act, document)
    return document


# What the acts share
# -------------------------------------------------------------------------------------------------


def _moves(document: ControlledDocument) -> states.Moves:
    quality = kinds.of(document.kind).quality
    return rules.MOVES_WITH_QUALITY if quality else rules.MOVES_BY_DATE


def _signed_facts(document_id: int, seal: Seal) -> dict[str, str | None]:
    return {"document": str(document_id), "reviewed": seal.reviewed, "comment": seal.comment}


def _answered(act: Act, becomes: str, document_id: int, seal: Seal) -> ControlledDocument | None:
    earlier = act.once(DocumentAction(f"document.{becomes}"), _signed_facts(document_id, seal))
    return act.session.get_one(ControlledDocument, earlier) if earlier else None


def _sign(
    act: Act,
    document: ControlledDocument,
    meaning: Meaning,
    becomes: str,
    seal: Seal,
    effective_from: datetime | None = None,
) -> None:
    """Sign the facts as they are before the move, then move: what was shown is what is signed."""
    facts = contents.facts_of(act.session, document.id, act.at, effective_from)
    states.move(act, document, AXIS, becomes, allowed=_moves(document), reason=seal.comment)
    signatures.sign(act, seal, meaning, document, facts, scope=document.itself)


def _date(act: Act, document: ControlledDocument, what: str, moment: datetime) -> None:
    act.add(DocumentDate(document_id=document.id, what=what, moment=moment, at=act.at))


def _details(document: ControlledDocument) -> dict[str, object]:
    return {"kind": document.kind, "version": document.version, "sha256": document.sha256}


def _said(act: Act, becomes: str, document: ControlledDocument, seal: Seal) -> ControlledDocument:
    act.say(
        DocumentAction(f"document.{becomes}"),
        document,
        scope=document.code,
        reason=seal.comment,
        facts=_signed_facts(document.id, seal),
        details=_details(document),
    )
    return document


def _refuse_faults(act: Act, document: ControlledDocument) -> None:
    """What only the register can tell, asked before the last approval."""
    said = contents.of(act.session, document)
    found = [
        *kinds.of(document.kind).check(act.session, said, act.at),
        *kinds.beside_others(act.session, document.kind, said, act.at),
    ]
    refuse_if_blocked(blocks(DocumentRule.DOCUMENT_FAULT, fault=fault.fact) for fault in found)
