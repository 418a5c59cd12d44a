"""Master batch records under control: imported as a draft, signed by three people, in force one
version at a time.

The bytes are kept as they came; the document is always read from them again. What becomes of a
version is its standing ("masters", axis "master"): draft, authored, approved, qa_approved,
effective, then superseded or retired; or rejected."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, Text, UniqueConstraint, and_, cast, func, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import files, signatures, site, states, times
from integrity.acts import Act
from integrity.database import Record, Session
from integrity.facts import english
from integrity.files import File
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.signatures import Meaning, Seal
from manufacturing.masters import document, rules as law
from manufacturing.masters.model import Master, text
from manufacturing.masters.rule_ids import MasterRule

AXIS = "master"
LARGEST = 1024 * 1024  # bytes
MEDIA_TYPE = "application/toml"
_KEPT_READ = 32
_read_documents: dict[str, Master] = {}


class MasterRecord(Record):
    """One version of one master batch record; its content is the kept file's."""

    __tablename__ = "masters"
    __table_args__ = (UniqueConstraint("code", "version"),)

    code: Mapped[str]
    version: Mapped[int]
    title: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    source_id: Mapped[int]
    specification: Mapped[str]
    imported_at: Mapped[datetime]
    username: Mapped[str]


class MasterDate(Record):
    """From when on QA approved a version to be made effective."""

    __tablename__ = "master_dates"

    master_id: Mapped[int] = mapped_column(index=True)
    effective_from: Mapped[datetime]
    at: Mapped[datetime]
    username: Mapped[str]


# Questions
# ------------------------------------------------------------------------------------------------------------


def listed() -> Select[tuple[MasterRecord]]:
    """Every version, by code, newest first."""
    return select(MasterRecord).order_by(MasterRecord.code, MasterRecord.version.desc())


def standing(session: Session, master: MasterRecord) -> str:
    return states.of(session, master, AXIS) or ""


def _in_force() -> Select[tuple[MasterRecord]]:
    held = states.State
    return select(MasterRecord).join(
        held,
        and_(
            held.subject_key == cast(MasterRecord.id, Text),
            held.axis == AXIS,
            held.subject_kind == MasterRecord.__tablename__,
            held.state == "effective",
        ),
    )


def effective(session: Session, code: str) -> MasterRecord | None:
    """The one version of a code that batches may be started on, or None."""
    return session.scalar(_in_force().where(MasterRecord.code == code))


def all_effective(session: Session) -> Sequence[MasterRecord]:
    """Every version that batches may be started on, by code."""
    return session.scalars(_in_force().order_by(MasterRecord.code)).all()


def source_of(session: Session, master: MasterRecord) -> bytes:
    """The bytes as they were imported."""
    return session.get_one(File, master.source_id).content


def document_of(session: Session, master_id: int) -> Master:
    """What a version says, read from its bytes once per process.

    Raises Refused when the kept bytes are no longer those that were imported (MBR-03).
    """
    record = session.get_one(MasterRecord, master_id)
    if record.sha256 not in _read_documents:
        content = source_of(session, record)
        if hashlib.sha256(content).hexdigest() != record.sha256:
            raise Refused(blocks(MasterRule.KEPT_FILE_DIFFERS, master=_named(record)))
        while len(_read_documents) >= _KEPT_READ:
            _read_documents.pop(next(iter(_read_documents)))
        _read_documents[record.sha256] = document.read(content)
    return _read_documents[record.sha256]


def previous(session: Session, master: MasterRecord) -> MasterRecord | None:
    """The newest earlier version that was not rejected.

    What a version's changes are told against.
    """
    earlier = session.scalars(
        select(MasterRecord)
        .where(MasterRecord.code == master.code, MasterRecord.version < master.version)
        .order_by(MasterRecord.version.desc())
    ).all()
    where = states.of_many(session, MasterRecord.__tablename__, [each.id for each in earlier], AXIS)
    return next((each for each in earlier if where.get((each.key, AXIS)) != "rejected"), None)


def not_before(session: Session, master_id: int) -> datetime | None:
    """From when on QA approved it, None for at once."""
    dates = select(MasterDate.effective_from).where(MasterDate.master_id == master_id)
    return session.scalar(dates.order_by(MasterDate.id.desc()).limit(1))


def changes_of(session: Session, master: MasterRecord) -> list[str]:
    """What changed against the version before, one sentence a line."""
    before = previous(session, master)
    if before is None:
        return ["First version"]
    found = law.changes(document_of(session, before.id), document_of(session, master.id))
    return [
        f"Against version {before.version}:",
        *(found or ["same content in other words of the file"]),
    ]


def facts_of(
    session: Session, master_id: int, effective_from: datetime | None = None
) -> list[tuple[str, str]]:
    """What is shown and signed of a version.

    `effective_from` is the date that QA is about to approve.
    """
    record = session.get_one(MasterRecord, master_id)
    said = document_of(session, master_id)
    date = effective_from or not_before(session, master_id)
    against, *lines = changes_of(session, record)
    shown = [
        ("Master record", record.code), ("Version", str(record.version)), ("Title", record.title), ("Product", text(said.product)),
        ("Specification", record.specification), ("Stages", str(len(said.stages))), ("Steps", str(len(said.steps))),
        ("Changes", f"{against} {'; '.join(lines)}".strip()), ("Stands at", standing(session, record).replace("_", " ")),
        ("SHA-256 of the document", record.sha256),
    ]  # fmt: skip
    return (
        [*shown, ("Effective not before", times.shown(date, site.zone(session)))] if date else shown
    )


def _named(record: MasterRecord) -> str:
    return f"{record.code} version {record.version}"


def _situation(session: Session, record: MasterRecord) -> law.Standing:
    signed = {
        signature.meaning: signature.username
        for signature in reversed(signatures.of(session, record))
    }
    current = effective(session, record.code)
    return law.Standing(
        importer=record.username,
        author=signed.get(Meaning.AUTHORED),
        approver=signed.get(Meaning.APPROVED),
        version=record.version,
        effective_version=current.version if current else None,
        not_before=not_before(session, record.id),
    )


# Acts
# -----------------------------------------------------------------------------------------------------------------


def import_master(act: Act, data: bytes, name: str) -> MasterRecord:
    """Take in a document as a draft, the next version of its code, and keep its bytes under `name`.

    Raises InvalidDocument with every fault of the document; Refused for bytes that are a version
    already."""
    facts = {"sha256": hashlib.sha256(data).hexdigest(), "name": name}
    if earlier := act.once("master.imported", facts):
        return act.session.get_one(MasterRecord, earlier)
    said = document.read(data)
    known = act.session.scalar(select(MasterRecord).where(MasterRecord.sha256 == said.sha256))
    if known:
        raise Refused(blocks(MasterRule.SAME_FILE, master=_named(known)))
    kept = files.keep(act, data, name, MEDIA_TYPE)
    last = (
        act.session.scalar(
            select(func.max(MasterRecord.version)).where(MasterRecord.code == said.code)
        )
        or 0
    )
    record = MasterRecord(
        code=said.code,
        version=last + 1,
        title=text(said.title),
        sha256=said.sha256,
        source_id=kept.id,
        specification=said.specification,
        imported_at=act.at,
        username=act.by.username,
    )
    act.add(record)
    states.move(act, record, AXIS, "draft", allowed=law.MASTER_MOVES)
    act.say(
        "master.imported",
        record,
        scope=record.code,
        facts=facts,
        details={"version": record.version, "sha256": record.sha256, "file": name},
    )
    return record


def author(act: Act, master_id: int, *, seal: Seal) -> MasterRecord:
    """The author signs the draft (AUTHORED)."""
    if earlier := _answered(act, "master.authored", master_id, seal):
        return earlier
    record = act.session.get_one(MasterRecord, master_id)
    _sign(act, record, Meaning.AUTHORED, "authored", seal=seal)
    return _say(act, "master.authored", record, seal)


def approve(act: Act, master_id: int, *, seal: Seal) -> MasterRecord:
    """A second person signs what the author wrote (APPROVED).

    The author or importer is refused (MBR-01).
    """
    if earlier := _answered(act, "master.approved", master_id, seal):
        return earlier
    record = act.session.get_one(MasterRecord, master_id)
    refuse_if_blocked(law.approved_by_another(_situation(act.session, record), act.by.username))
    _sign(act, record, Meaning.APPROVED, "approved", seal=seal)
    return _say(act, "master.approved", record, seal)


def approve_for_quality(
    act: Act,
    master_id: int,
    *,
    effective_from: datetime | None = None,
    known_tests: Collection[str] | None = None,
    seal: Seal,
) -> MasterRecord:
    """QA signs (APPROVED), from a date to come if one is given.

    `known_tests` are QC's test codes: a sample that names another one is refused; None leaves them
    unjudged."""
    if earlier := _answered(act, "master.qa_approved", master_id, seal):
        return earlier
    record = act.session.get_one(MasterRecord, master_id)
    refuse_if_blocked(
        [
            *law.approved_by_quality(_situation(act.session, record), act.by.username),
            *law.not_before_is_possible(effective_from, act.at),
        ]
    )
    _refuse_unknown_tests(act.session, record, known_tests)
    _sign(act, record, Meaning.APPROVED, "qa_approved", effective_from=effective_from, seal=seal)
    if effective_from is not None:
        act.add(
            MasterDate(
                master_id=record.id,
                effective_from=effective_from,
                at=act.at,
                username=act.by.username,
            )
        )
    return _say(act, "master.qa_approved", record, seal)


def make_effective(act: Act, master_id: int, *, seal: Seal) -> MasterRecord:
    """Put a version in force from now on (signed APPROVED) and supersede the one that was.

    Running batches keep theirs.
    """
    if earlier := _answered(act, "master.effective", master_id, seal):
        return earlier
    record = act.session.get_one(MasterRecord, master_id)
    refuse_if_blocked(law.may_come_into_force(_situation(act.session, record), act.at))
    current = effective(act.session, record.code)
    _sign(act, record, Meaning.APPROVED, "effective", seal=seal)
    if current is not None:
        states.move(
            act,
            current,
            AXIS,
            "superseded",
            allowed=law.MASTER_MOVES,
            reason=f"Version {record.version} is effective",
        )
        act.say(
            "master.superseded", current, scope=current.code, details={"version": current.version}
        )
    return _say(act, "master.effective", record, seal)


def reject(act: Act, master_id: int, *, seal: Seal) -> MasterRecord:
    """Refuse a version that is not yet effective, signed with the reason (REJECTED)."""
    return _end(act, master_id, "rejected", seal=seal)


def retire(act: Act, master_id: int, *, seal: Seal) -> MasterRecord:
    """Take the effective version out of force with nothing in its place, signed with the reason
    (REJECTED).
    """
    return _end(act, master_id, "retired", seal=seal)


def _end(act: Act, master_id: int, becomes: str, *, seal: Seal) -> MasterRecord:
    if earlier := _answered(act, f"master.{becomes}", master_id, seal):
        return earlier
    record = act.session.get_one(MasterRecord, master_id)
    if not seal.comment:
        raise Refused(blocks(MasterRule.REASON, "comment"))
    _sign(act, record, Meaning.REJECTED, becomes, seal=seal)
    return _say(act, f"master.{becomes}", record, seal)


def _signed_facts(master_id: int, seal: Seal) -> dict[str, str | None]:
    return {"master": str(master_id), "reviewed": seal.reviewed, "comment": seal.comment}


def _answered(act: Act, action: str, master_id: int, seal: Seal) -> MasterRecord | None:
    earlier = act.once(action, _signed_facts(master_id, seal))
    return act.session.get_one(MasterRecord, earlier) if earlier else None


def _sign(
    act: Act,
    record: MasterRecord,
    meaning: Meaning,
    becomes: str,
    *,
    effective_from: datetime | None = None,
    seal: Seal,
) -> None:
    """Sign the facts as they are before the move, then move: what was shown is what is signed."""
    facts = facts_of(act.session, record.id, effective_from)
    states.move(act, record, AXIS, becomes, allowed=law.MASTER_MOVES, reason=seal.comment)
    signatures.sign(act, seal, meaning, record, facts, scope=record.code)


def _say(act: Act, action: str, record: MasterRecord, seal: Seal) -> MasterRecord:
    act.say(
        action,
        record,
        scope=record.code,
        reason=seal.comment,
        facts=_signed_facts(record.id, seal),
        details={"version": record.version, "sha256": record.sha256},
    )
    return record


def _refuse_unknown_tests(
    session: Session, record: MasterRecord, known_tests: Collection[str] | None
) -> None:
    try:
        document.read(source_of(session, record), known_tests)
    except document.InvalidDocument as invalid:
        raise Refused(
            [
                blocks(MasterRule.DOCUMENT_FAULT, fault=english(str(fault)))
                for fault in invalid.faults
            ]
        ) from None
