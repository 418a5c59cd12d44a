"""The audit trail: one hash-chained line for every act, carrying the digest of every row the act
wrote.

`say` is how an act says what it did. A guard refuses any commit in which a record was written and
nothing was said, and any attempt of the object layer to change or delete a record (AUD-01, AUD-04,
AUD-11). Hash rule: hash = SHA256(previous hash hex + "\\n" + SHA256(canonical content) hex),
genesis previous = 64 zeros."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Table, event, text
from sqlalchemy.orm import Mapped, ORMExecuteState, mapped_column

from integrity import VERSION
from integrity.canonical import chained, digest, digest_of, instant_text, plain, written
from integrity.database import Base, RecordTables, Session, WriteSession
from integrity.facts import Fact
from integrity.findings import Refused, blocks
from integrity.ledger import Head, newest
from integrity.rule_ids import IntegrityRule
from integrity.vocabulary import ACTIONS, one_of


@dataclass(frozen=True)
class Actor:
    """Who acts: a person as they are named at this moment, or the system itself (id None)."""

    id: int | None
    username: str
    name: str
    role: str
    role_title: str
    device: str | None = None


SYSTEM = Actor(None, "system", "Cordbook", "system", "System")


def answering() -> ForeignKey:
    """The reference to the event that answers for a row.

    It is looked up at commit: a question may want the row written before its event is said.
    """
    return ForeignKey("events.seq", deferrable=True, initially="DEFERRED")


class OtherSubject(enum.StrEnum):
    """What an event may be about that is no record: a deed that was refused, the site."""

    ACT = "act"
    SITE = "site"


class Event(Base):
    """One line of the trail.

    `content` is the canonical text; the other columns repeat parts of it for search.
    """

    __tablename__ = "events"
    table_kind = "record"
    __table_args__ = (
        Index("events_by_scope", "scope", "seq"),
        Index("events_by_action", "action", "seq"),
        Index("events_by_person", "username", "seq"),
        Index("events_by_time", "at", "seq"),
        Index("events_by_subject", "subject_kind", "subject_key", "seq"),
        one_of("action", ACTIONS),
        one_of("subject_kind", RecordTables(None, *OtherSubject)),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    action: Mapped[str]
    username: Mapped[str]
    subject_kind: Mapped[str]
    subject_key: Mapped[str]
    scope: Mapped[str | None]
    entry_id: Mapped[str | None] = mapped_column(unique=True)
    content: Mapped[str]
    digest: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]

    @property
    def said(self) -> dict[str, Any]:
        """The content as an object."""
        said: dict[str, Any] = json.loads(self.content)
        return said


def head(session: Session) -> Head:
    """The newest event; (0, 64 zeros, None) of an empty trail.

    A writing session asks once and knows from then on.
    """
    return session.ledger.head if isinstance(session, WriteSession) else newest(session)


def append(
    session: Session,
    action: str,
    subject: Any,
    *,
    by: Actor,
    at: datetime,
    scope: str | None,
    reason: Fact | None,
    details: Mapping[str, Any] | None,
    entry: tuple[str, Any] | None,
) -> Head:
    """Append one event that answers for every record row added since the last one.

    `entry` is (entry id, facts) where the event answers a post. Acts call `Act.say`, which calls
    this."""
    ledger = session.ledger
    kind, key = subject if isinstance(subject, tuple) else (subject.__tablename__, subject.key)
    before = ledger.head
    said = {
        "action": action,
        "actor": {
            "id": by.id and str(by.id),
            "name": by.name,
            "role": by.role,
            "username": by.username,
        },
        "at": instant_text(at),
        "clock": ledger.clock,
        "details": plain(details or {}),
        "device": by.device,
        "entry": entry and [entry[0], digest_of(entry[1])],
        "reason": reason,
        "rows": ledger.take_rows(),
        "scope": scope,
        "seq": before.seq + 1,
        "subject": [kind, str(key)],
        "version": VERSION,
        "zone": ledger.zone,
    }
    return _line(session, said, at, before.hash)


def _line(session: Session, said: dict[str, Any], at: datetime, previous: str) -> Head:
    """One event of what is said (its keys in their order), chained to the one before it."""
    content = written(said)
    content_digest = digest(content)
    head = Head(said["seq"], chained(previous, content_digest), at)
    line = {
        "seq": head.seq,
        "at": at,
        "action": said["action"],
        "username": said["actor"]["username"],
        "subject_kind": said["subject"][0],
        "subject_key": said["subject"][1],
        "scope": said["scope"],
        "entry_id": said["entry"] and said["entry"][0],
        "content": content,
        "digest": content_digest,
        "previous": previous,
        "hash": head.hash,
    }
    session.ledger.append(Event, line, head)
    return head


_ANSWERED = text(
    "SELECT action, username, subject_key, content FROM events WHERE entry_id = :entry_id"
)


def answered(session: Session, action: str, entry_id: str, facts: Any, by: Actor) -> str | None:
    """The key of the subject of the event that already answers this entry, or None where it is new.

    A double tap, a retry or a replay carries the same entry id and the same facts and gets the same
    answer; the same id with other facts, or from somebody else, is refused.
    """
    earlier = session.execute(_ANSWERED, {"entry_id": entry_id}).first()
    if earlier is None:
        return None
    if (earlier.action, earlier.username, json.loads(earlier.content)["entry"][1]) != (
        action,
        by.username,
        digest_of(facts),
    ):
        raise Refused(blocks(IntegrityRule.USED_BEFORE))
    return str(earlier.subject_key)


def record_tables() -> list[Table]:
    """Every table whose rows are only ever inserted, the trail excepted, in a stable order."""
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.info.get("kind") == "record" and table.name != Event.__tablename__
    ]


# The guard
# -------------------------------------------------------------------------------------------------


@event.listens_for(WriteSession, "before_flush")
def _only_add_records(session: Session, *_: Any) -> None:
    for thing in session.new:
        if getattr(thing, "table_kind", "") == "record":
            raise RuntimeError(
                f"{thing.__tablename__} is a record: it goes around the trail unless Act.add "
                "adds it."
            )
    for thing in list(session.dirty) + list(session.deleted):
        if getattr(thing, "table_kind", "") == "record" and (
            thing in session.deleted or session.is_modified(thing)
        ):
            raise RuntimeError(
                f"{thing.__tablename__} is a record: it is never changed or deleted, add a "
                "further record."
            )


@event.listens_for(WriteSession, "before_commit")
def _refuse_silence(session: Session) -> None:
    session.flush()
    if session.ledger.unsaid:
        tables = sorted({row[0] for row in session.ledger.unsaid})
        raise RuntimeError(f"Records were added to {', '.join(tables)} and the trail was not told.")


@event.listens_for(WriteSession, "after_rollback")
def _forget(session: Session) -> None:
    session.ledger.forget()


@event.listens_for(WriteSession, "do_orm_execute")
def _refuse_bulk_changes(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        table = getattr(state.statement, "table", None)
        if table is None or table.info.get("kind") not in ("working", "fold"):
            raise RuntimeError(
                "Bulk statements go around the trail; records are added one by one by acts."
            )
