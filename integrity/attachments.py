"""Attachments: a photo or file that somebody brought with a thing they said (REC-08).

The row says what the file is called, what it is, how long and under which SHA-256 it lies in the
cabinet; the bytes are no part of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import site, subjects
from integrity.actions import IntegrityAction
from integrity.acts import UNSAID, Act
from integrity.cabinet import Brought, Cabinet
from integrity.database import By, Record, Session
from integrity.file_contents import MEGABYTE, MediaType, has_room
from integrity.findings import Finding, Refused, blocks, refuse_if_blocked
from integrity.rule_ids import IntegrityRule
from integrity.site import SettingName
from integrity.subjects import Named, Scope, Scoped
from integrity.vocabulary import one_of


class Attachment(Record, Scoped, By):
    """One file that was brought with a thing; `device` is where it was brought from."""

    __tablename__ = "attachments"
    __table_args__ = (
        subjects.by_subject(),
        subjects.by_scope(),
        one_of("media_type", MediaType),
        Index("attachments_by_subject", "subject_id"),
    )

    subject_id: Mapped[int]
    subject_kind: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    device: Mapped[str | None]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Evidence:
    """A file that somebody brought, and the cabinet it lies in already."""

    cabinet: Cabinet
    file: Brought

    @property
    def said(self) -> list[str]:
        """What a repeated post of it is known by."""
        return [self.file.name, self.file.sha256]


def told(facts: Any, evidence: Evidence | None) -> Any:
    """What a repeated post of facts is known by, with the file that came with them."""
    return [facts, evidence.said] if evidence else facts


def attach(
    act: Act, about: Named, scope: Scope, evidence: Evidence, *, said: Any = UNSAID
) -> Attachment:
    """Record a file that lies in the cabinet; says its own event.

    Raises Refused where all files may not have so much, and where it is gone meanwhile.
    """
    brought = evidence.file
    if not evidence.cabinet.path(brought.sha256).exists():
        raise Refused(blocks(IntegrityRule.FILE_GONE, "file"))
    refuse_if_blocked(room(act.session, brought.size))
    made = act.add(
        Attachment(
            subject_id=about.id,
            subject_kind=subjects.kind_of(about),
            scope_id=scope.id,
            scope=scope.code,
            sha256=brought.sha256,
            name=brought.name,
            media_type=brought.media_type,
            size=brought.size,
            device=act.by.device,
            at=act.at,
        )
    )
    act.say(
        IntegrityAction.FILE_ATTACHED,
        made,
        scope=scope.code,
        facts=said,
        details={"name": made.name, "sha256": made.sha256, "size": str(made.size)},
    )
    return made


def most_of_one(session: Session) -> int:
    """How many bytes one file may have at this site."""
    return int(site.settings(session)[SettingName.FILE_MEGABYTES]) * MEGABYTE


def room(session: Session, size: int) -> Iterator[Finding]:
    """What speaks against keeping so many bytes more."""
    most = int(site.settings(session)[SettingName.ALL_FILES_MEGABYTES]) * MEGABYTE
    kept = session.scalar(select(func.coalesce(func.sum(Attachment.size), 0))) or 0
    return has_room(int(kept), size, most)


def of_many(session: Session, ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """{thing's id: its attachments, oldest first} in one query."""
    found: dict[int, list[Attachment]] = {number: [] for number in ids}
    wanted = select(Attachment).where(Attachment.subject_id.in_(found)).order_by(Attachment.id)
    for each in session.scalars(wanted):
        found[each.subject_id].append(each)
    return found


def of(session: Session, subject_id: int) -> list[Attachment]:
    return of_many(session, [subject_id])[subject_id]


def known(session: Session) -> set[str]:
    """The digest of every file that a record refers to."""
    return set(session.scalars(select(Attachment.sha256).distinct()))


def is_known(session: Session, sha256: str) -> bool:
    wanted = select(Attachment.id).where(Attachment.sha256 == sha256).limit(1)
    return session.scalar(wanted) is not None


def faults(session: Session, cabinet: Cabinet) -> Iterator[str]:
    """Files that are missing, changed, or on no record."""
    told = {each.sha256: each.name for each in session.scalars(select(Attachment))}
    for sha256, name in told.items():
        if fault := cabinet.fault(sha256):
            where = cabinet.path(sha256)
            said = "is missing" if fault == "missing" else "was changed"
            yield f"The attached file {name} {said} ({where}): put it back from a backup."
    for sha256 in cabinet.orphans(told):
        yield (
            f"The file {cabinet.path(sha256)} is on no record: an act that brought it did not come "
            "about; it is set aside at the next start."
        )
