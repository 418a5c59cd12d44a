"""The register of specifications: imported as a draft, authored, approved by somebody else,
effective from a moment on.

Approved content is immutable: a specification is its document, kept byte for byte under its
SHA-256. The newest effective version of a code supersedes the others by itself; a result keeps the
version it was judged with (QC-01)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, undefer

from integrity import files, signatures, site, states, times
from integrity.acts import Act
from integrity.database import Record, Session
from integrity.facts import english
from integrity.files import File
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.signatures import Meaning, Seal
from manufacturing.masters.model import text
from qc.specifications import document, rules
from qc.specifications.document import Contents, InvalidDocument
from qc.specifications.rule_ids import SpecificationRule

AXIS = "specification"


class Specification(Record):
    """One version of one specification.

    `effective_from` is when the importer wants it to hold (none: on approval).
    """

    __tablename__ = "specifications"
    __table_args__ = (UniqueConstraint("code", "version"),)

    code: Mapped[str]
    version: Mapped[int]
    title: Mapped[str]
    sha256: Mapped[str]
    source_id: Mapped[int]
    effective_from: Mapped[datetime | None]
    imported_at: Mapped[datetime]
    username: Mapped[str]

    @property
    def named(self) -> str:
        """Code and version as they are printed."""
        return f"{self.code} version {self.version}"


class SpecificationApproval(Record):
    """From when on an approved version holds.

    The wanted moment, never before the approval itself.
    """

    __tablename__ = "specification_approvals"

    specification_id: Mapped[int] = mapped_column(unique=True)
    effective_at: Mapped[datetime]
    at: Mapped[datetime]


@dataclass(frozen=True)
class ImportFacts:
    """A document to import, as it was handed over."""

    data: bytes
    filename: str
    effective_from: datetime | None = None


# Questions
# --------------------------------------------------------------------------------------------------------


def effective(session: Session, code: str, at: datetime) -> Specification | None:
    """The approved version of a code that holds at a moment, or None."""
    return session.scalar(
        select(Specification)
        .join(SpecificationApproval, SpecificationApproval.specification_id == Specification.id)
        .where(Specification.code == code, SpecificationApproval.effective_at <= at)
        .order_by(SpecificationApproval.effective_at.desc(), Specification.version.desc())
        .limit(1)
    )


def contents_of(session: Session, specification: Specification) -> Contents:
    """What the document says, read from the bytes that were imported."""
    return contents_by_id(session, [specification.id])[specification.id]


def contents_by_id(session: Session, ids: Iterable[int]) -> dict[int, Contents]:
    """{specification id: contents} of several versions in one query."""
    found = session.execute(
        select(Specification.id, File)
        .join(File, File.id == Specification.source_id)
        .where(Specification.id.in_(sorted(set(ids))))
        .options(undefer(File.content))
    )
    return {number: document.read(file.content) for number, file in found}


def listed() -> Select[Any]:
    """Every version, newest first within its code, for a paged list."""
    return select(Specification).order_by(Specification.code, Specification.version.desc())


def states_of(
    session: Session, specifications: Sequence[Specification], at: datetime
) -> dict[int, str]:
    """{id: draft | authored | approved | effective | superseded} as they stand at a moment.

    Three queries.
    """
    found = states.of_many(
        session, Specification.__tablename__, [each.id for each in specifications], AXIS
    )
    approvals = _approvals(session, {each.code for each in specifications})
    newest = {code: max(rows) for code, rows in _in_force(approvals, at).items()}
    return {
        each.id: rules.shown_state(found[(each.key, AXIS)], *_moments(approvals, newest, each), at)
        for each in specifications
    }


def _approvals(session: Session, codes: set[str]) -> list[tuple[str, int, int, datetime]]:
    rows = session.execute(
        select(
            Specification.code,
            Specification.version,
            Specification.id,
            SpecificationApproval.effective_at,
        )
        .join(SpecificationApproval, SpecificationApproval.specification_id == Specification.id)
        .where(Specification.code.in_(sorted(codes)))
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _in_force(
    approvals: list[tuple[str, int, int, datetime]], at: datetime
) -> dict[str, list[tuple[datetime, int]]]:
    found: dict[str, list[tuple[datetime, int]]] = {}
    for code, version, _, effective_at in approvals:
        if effective_at <= at:
            found.setdefault(code, []).append((effective_at, version))
    return found


def _moments(
    approvals: list[tuple[str, int, int, datetime]],
    newest: dict[str, tuple[datetime, int]],
    specification: Specification,
) -> tuple[datetime | None, bool]:
    """(from when this version holds, whether a newer one holds now)."""
    mine = next((each[3] for each in approvals if each[2] == specification.id), None)
    holds = newest.get(specification.code)
    return mine, bool(mine and holds and holds > (mine, specification.version))


def effective_at(session: Session, specification: Specification) -> datetime | None:
    """From when an approved version holds; None before its approval."""
    return session.scalar(
        select(SpecificationApproval.effective_at).where(
            SpecificationApproval.specification_id == specification.id
        )
    )


def known_tests(session: Session, code: str, at: datetime) -> frozenset[str] | None:
    """The test ids of the version in force, for the check of a master record.

    None while none is approved.
    """
    specification = effective(session, code, at)
    return frozenset(contents_of(session, specification).by_id) if specification else None


def facts_of(session: Session, specification_id: int) -> list[tuple[str, str]]:
    """Everything that is shown and signed: the document's identity and every one of its lines."""
    specification = session.get_one(Specification, specification_id)
    contents, zone = contents_of(session, specification), site.zone(session)
    wanted = specification.effective_from
    lines = [
        (
            line.name,
            f"{line.shown_limit} · {line.shown_method} · "
            f"{line.gate}{'' if line.required else ', optional'}",
        )
        for line in contents.lines
    ]
    return [
        ("Specification", specification.named),
        ("Title", specification.title),
        ("SHA-256 of the document", specification.sha256),
        ("Effective from", times.shown(wanted, zone) if wanted else "its approval"),
        *lines,
    ]


# Acts
# -------------------------------------------------------------------------------------------------------------


def import_document(act: Act, facts: ImportFacts) -> Specification:
    """Keep a document as the next draft of its code.

    Refused with every fault at once, each with its place.
    """
    if earlier := act.once("specification.imported", facts):
        return act.session.get_one(Specification, earlier)
    contents = _read(facts.data)
    same = select(Specification).where(
        Specification.code == contents.code, Specification.sha256 == contents.sha256
    )
    refuse_if_blocked(
        rules.importing(act.session.scalar(same.limit(1)), facts.effective_from, act.at)
    )
    last = (
        act.session.scalar(
            select(func.max(Specification.version)).where(Specification.code == contents.code)
        )
        or 0
    )
    file = files.keep(act, facts.data, facts.filename, "application/toml")
    made = Specification(
        code=contents.code,
        version=last + 1,
        title=text(contents.title),
        sha256=contents.sha256,
        source_id=file.id,
        effective_from=facts.effective_from,
        imported_at=act.at,
        username=act.by.username,
    )
    act.add(made)
    states.move(act, made, AXIS, "draft", allowed=rules.SPECIFICATION_MOVES)
    act.say(
        "specification.imported",
        made,
        scope=made.code,
        facts=facts,
        details={
            "code": made.code,
            "version": made.version,
            "sha256": made.sha256,
            "file": facts.filename,
        },
    )
    return made


def _read(data: bytes) -> Contents:
    try:
        return document.read(data)
    except InvalidDocument as invalid:
        raise Refused(
            [
                blocks(SpecificationRule.DOCUMENT_FAULT, "document", fault=english(str(fault)))
                for fault in invalid.faults
            ]
        ) from None


def author(act: Act, specification_id: int, *, seal: Seal) -> Specification:
    """QC signs the draft as its author."""
    return _sign(act, specification_id, "authored", Meaning.AUTHORED, seal)


def approve(act: Act, specification_id: int, *, seal: Seal) -> Specification:
    """QA, another person than author and importer, approves.

    The version holds from the wanted moment, not before now.
    """
    specification = act.session.get_one(Specification, specification_id)
    if not act.once("specification.approved", [specification_id, seal.reviewed]):
        hands = {signature.username for signature in signatures.of(act.session, specification)} | {
            specification.username
        }
        refuse_if_blocked(rules.approving(act.by.username, hands))
        wanted = specification.effective_from
        act.add(
            SpecificationApproval(
                specification_id=specification_id,
                at=act.at,
                effective_at=max(wanted, act.at) if wanted else act.at,
            )
        )
    return _sign(act, specification_id, "approved", Meaning.APPROVED, seal)


def _sign(
    act: Act, specification_id: int, becomes: str, meaning: Meaning, seal: Seal
) -> Specification:
    facts, action = [specification_id, seal.reviewed], f"specification.{becomes}"
    specification = act.session.get_one(Specification, specification_id)
    if act.once(action, facts):
        return specification
    states.move(
        act, specification, AXIS, becomes, allowed=rules.SPECIFICATION_MOVES, reason=seal.comment
    )
    signatures.sign(
        act,
        seal,
        meaning,
        specification,
        facts_of(act.session, specification_id),
        scope=specification.code,
    )
    act.say(
        action,
        specification,
        scope=specification.code,
        reason=seal.comment,
        facts=facts,
        details={"code": specification.code, "version": specification.version},
    )
    return specification


__all__ = [
    "AXIS",
    "Contents",
    "ImportFacts",
    "Specification",
    "SpecificationApproval",
    "approve",
    "author",
    "contents_by_id",
    "contents_of",
    "effective",
    "effective_at",
    "facts_of",
    "import_document",
    "known_tests",
    "listed",
    "states_of",
]
