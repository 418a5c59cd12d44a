"""The audit trail: one hash-chained line for every act, carrying the digest of every row the act
wrote.

`say` is how an act says what it did. A guard refuses any commit in which a record was written and
nothing was said, and any attempt of the object layer to change or delete a record (AUD-01, AUD-04,
AUD-11). Hash rule: hash = SHA256(previous hash hex + "\\n" + SHA256(canonical content) hex),
genesis previous = 64 zeros."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Table, event, select
from sqlalchemy.orm import Mapped, ORMExecuteState, mapped_column

from integrity import VERSION
from integrity.canonical import canonical_plain, chained, digest, digest_of, instant_text, plain
from integrity.database import Base, Record, Session, WriteSession
from integrity.findings import Refused, blocks
from integrity.rule_ids import IntegrityRule

GENESIS = "0" * 64


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


class Event(Base):
    """One line of the trail.

    `content` is the canonical text; the other columns repeat parts of it for search.
    """

    __tablename__ = "events"
    table_kind = "record"
    __table_args__ = (
        Index("events_by_scope", "scope", "seq"),
        Index("events_by_action", "action", "seq"),
        Index("events_by_subject", "subject_kind", "subject_key", "seq"),
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
        import json

        return json.loads(self.content)


def head(session: Session) -> tuple[int, str, datetime | None]:
    """(sequence number, hash, time) of the newest event; (0, 64 zeros, None) of an empty trail."""
    newest = session.execute(
        select(Event.seq, Event.hash, Event.at).order_by(Event.seq.desc()).limit(1)
    ).first()
    return (newest.seq, newest.hash, newest.at) if newest else (0, GENESIS, None)


def append(
    session: Session,
    action: str,
    subject: Any,
    *,
    by: Actor,
    at: datetime,
    scope: str | None,
    reason: str | None,
    details: Mapping[str, Any] | None,
    entry: tuple[str, Any] | None,
) -> Event:
    """Append one event that answers for every record row written since the last one.

    `entry` is (entry id, facts) where the event answers a post. Acts call `Act.say`, which calls this.
    """
    session.flush()
    ledger = session.ledger
    kind, key = subject if isinstance(subject, tuple) else (subject.__tablename__, subject.key)
    # The writer is alone: after its first event it knows the head.
    seq, previous = ledger.head or head(session)[:2]
    content = canonical_plain(
        {
            "seq": seq + 1,
            "at": instant_text(at),
            "action": action,
            "subject": [kind, str(key)],
            "scope": scope,
            "actor": {
                "id": by.id and str(by.id),
                "username": by.username,
                "name": by.name,
                "role": by.role,
            },
            "device": by.device,
            "reason": reason,
            "details": plain(details or {}),
            "version": VERSION,
            "clock": ledger.clock,
            "zone": ledger.zone,
            "entry": entry and [entry[0], digest_of(entry[1])],
            "rows": ledger.take_rows(),
        }
    )
    content_digest = digest(content)
    line = Event(
        seq=seq + 1,
        at=at,
        action=action,
        username=by.username,
        subject_kind=kind,
        subject_key=str(key),
        scope=scope,
        entry_id=entry and entry[0],
        content=content,
        digest=content_digest,
        previous=previous,
        hash=chained(previous, content_digest),
    )
    session.add(line)
    ledger.head = (line.seq, line.hash)
    return line


def answered(session: Session, action: str, entry_id: str, facts: Any, by: Actor) -> Event | None:
    """The event that already answers this entry, or None where it is new.

    A double tap, a retry or a replay carries the same entry id and the same facts and gets the same
    answer; the same id with other facts, or from somebody else, is refused.
    """
    earlier = session.scalar(select(Event).where(Event.entry_id == entry_id))
    if earlier and (earlier.action, earlier.username, earlier.said["entry"][1]) != (
        action,
        by.username,
        digest_of(facts),
    ):
        raise Refused(blocks(IntegrityRule.USED_BEFORE))
    return earlier


# What a row says, in one canonical form for the guard and for verification
# -------------------------------------------


@functools.cache
def _columns(table: Table) -> tuple[tuple[str, str, Any], ...]:
    """(column name, attribute name, to-database function or None) of a record table."""
    mapper = next(m for m in Base.registry.mappers if m.local_table is table)
    rows = []
    for column in table.columns:
        bind = getattr(column.type, "process_bind_param", None)
        rows.append((column.name, mapper.get_property_by_column(column).key, bind))
    return tuple(rows)


def row_digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical content of a stored row.

    Its columns as the database holds them, bytes by their digest.
    """
    return digest(
        canonical_plain(
            {
                name: plain(value) if isinstance(value, bytes) else value
                for name, value in values.items()
            }
        )
    )


def digest_of_record(record: Record) -> str:
    """`row_digest` of a record as the object layer holds it."""
    values = {}
    for name, attribute, bind in _columns(record.__table__):  # type: ignore[arg-type]
        value = getattr(record, attribute)
        values[name] = bind(value, None) if bind else value
    return row_digest(values)


def record_tables() -> list[Table]:
    """Every table whose rows are only ever inserted, the trail itself excepted, in a stable order."""
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.info.get("kind") == "record" and table.name != Event.__tablename__
    ]


# The guard
# ------------------------------------------------------------------------------------------------------------


@event.listens_for(WriteSession, "before_flush")
def _only_insert_records(session: Session, *_: Any) -> None:
    for thing in list(session.dirty) + list(session.deleted):
        if getattr(thing, "table_kind", "") == "record" and (
            thing in session.deleted or session.is_modified(thing)
        ):
            raise RuntimeError(
                f"{thing.__tablename__} is a record: it is never changed or deleted, add a "
                "further record."
            )


@event.listens_for(WriteSession, "after_flush")
def _collect_rows(session: Session, *_: Any) -> None:
    unsaid = session.ledger.unsaid
    for thing in session.new:
        if getattr(thing, "table_kind", "") == "record" and not isinstance(thing, Event):
            unsaid.append([thing.__tablename__, str(thing.id), digest_of_record(thing)])


@event.listens_for(WriteSession, "before_commit")
def _refuse_silence(session: Session) -> None:
    session.flush()
    if session.ledger.unsaid:
        tables = sorted({row[0] for row in session.ledger.unsaid})
        raise RuntimeError(
            f"Records were written to {', '.join(tables)} and the trail was not told."
        )


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
