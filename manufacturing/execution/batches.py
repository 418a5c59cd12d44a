"""Batches.

One cord on one pinned version of a master batch record, from planned to complete and to its
disposition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import signatures, states, trail
from integrity.database import Record, Session
from integrity.findings import refuse_if_blocked
from integrity.signatures import Meaning, Seal
from integrity.trail import Actor
from labels import codes
from labels.numbering import issue
from manufacturing.donation import cords, donors
from manufacturing.execution.rules import batches as rules
from manufacturing.execution.rules.batches import (
    DISPOSITION,
    DISPOSITION_MOVES,
    EXECUTION,
    EXECUTION_MOVES,
)
from manufacturing.masters import register
from stores import containers


class Batch(Record):
    """A batch as it was started; it keeps the master version it was started on (MBR-03)."""

    __tablename__ = "batches"

    code: Mapped[str] = mapped_column(unique=True)
    cord_id: Mapped[int] = mapped_column(unique=True)
    cord_code: Mapped[str] = mapped_column(index=True)
    master_id: Mapped[int]
    master_title: Mapped[str]
    sha256: Mapped[str]
    started_at: Mapped[datetime]
    username: Mapped[str]


@dataclass(frozen=True)
class StartFacts:
    """Which cord, on which master record."""

    cord_code: str
    master_id: int


def by_code(session: Session, code: str) -> Batch | None:
    return session.scalar(select(Batch).where(Batch.code == code))


def of_cord(session: Session, cord_id: int) -> Batch | None:
    return session.scalar(select(Batch).where(Batch.cord_id == cord_id))


def listed() -> Select[Any]:
    """Every batch, newest first."""
    return select(Batch).order_by(Batch.id.desc())


def standing(session: Session, batch: Batch) -> tuple[str, str]:
    """(execution, disposition)."""
    found = states.of_many(session, Batch.__tablename__, [batch.id])
    return found[(batch.key, EXECUTION)], found[(batch.key, DISPOSITION)]


def start(session: Session, facts: StartFacts, *, entry_id: str, by: Actor, at: datetime) -> Batch:
    """Start a batch from a cord.

    Numbers are issued by the server, gapless, and never twice (EBR-23).
    """
    if earlier := trail.answered(session, "batch.started", entry_id, facts, by=by):
        return session.get_one(Batch, earlier)
    cord, master = (
        cords.by_code(session, facts.cord_code),
        session.get(register.MasterRecord, facts.master_id),
    )
    refuse_if_blocked(rules.may_start(_start_facts(session, cord, master)))
    assert cord and master  # the law refuses a batch without them
    batch = Batch(
        code=issue(session, "B", at=at),
        cord_id=cord.id,
        cord_code=cord.code,
        master_id=master.id,
        master_title=f"{master.code} v{master.version}",
        sha256=master.sha256,
        started_at=at,
        username=by.username,
    )
    session.add(batch)
    states.move(
        session,
        _flushed(session, batch),
        EXECUTION,
        "planned",
        allowed=EXECUTION_MOVES,
        by=by,
        at=at,
    )
    states.move(session, batch, DISPOSITION, "quarantine", allowed=DISPOSITION_MOVES, by=by, at=at)
    trail.say(
        session,
        "batch.started",
        batch,
        by=by,
        at=at,
        scope=batch.code,
        entry_id=entry_id,
        facts=facts,
        details={
            "cord": codes.read(cord.code).shown,
            "master": batch.master_title,
            "sha256": batch.sha256,
        },
    )
    return batch


def _flushed(session: Session, batch: Batch) -> Batch:
    session.flush()
    return batch


def _start_facts(
    session: Session, cord: cords.Cord | None, master: register.MasterRecord | None
) -> rules.StartFacts:
    return rules.StartFacts(
        cord_standing=states.of(session, cord, "cord") if cord else None,
        cord_has_batch=cord is not None and of_cord(session, cord.id) is not None,
        eligibility=donors.eligibility(session, cord.donor_id) if cord else "open",
        master_standing=states.of(session, master, "master") if master else None,
    )


def termination_facts(session: Session, batch_id: int) -> list[tuple[str, str]]:
    """What is signed when a batch is broken off."""
    batch = session.get_one(Batch, batch_id)
    execution, disposition = standing(session, batch)
    return [
        ("Batch", codes.read(batch.code).shown),
        ("Master record", batch.master_title),
        ("Execution", execution.replace("_", " ")),
        ("Disposition", disposition.replace("_", " ")),
        ("Follows", "Every container of this batch is rejected; the record stays complete."),
    ]


def terminate(
    session: Session, batch_id: int, *, seal: Seal, entry_id: str, by: Actor, at: datetime
) -> Batch:
    """Break a batch off with a signed reason.

    Its containers are rejected, its record stays (EBR-12).
    """
    batch, said = session.get_one(Batch, batch_id), [batch_id, seal.reviewed, seal.comment]
    if trail.answered(session, "batch.terminated", entry_id, said, by=by):
        return batch
    refuse_if_blocked(rules.may_terminate(seal.comment))
    signatures.sign(
        session,
        seal,
        Meaning.REJECTED,
        batch,
        termination_facts(session, batch_id),
        by=by,
        at=at,
        scope=batch.code,
    )
    states.move(
        session,
        batch,
        EXECUTION,
        "terminated",
        allowed=EXECUTION_MOVES,
        by=by,
        at=at,
        reason=seal.comment,
    )
    if standing(session, batch)[1] != "rejected":
        mark(session, batch, "rejected", reason=seal.comment, by=by, at=at)
    trail.say(
        session,
        "batch.terminated",
        batch,
        by=by,
        at=at,
        scope=batch.code,
        reason=seal.comment,
        entry_id=entry_id,
        facts=said,
    )
    return batch


def mark(
    session: Session, batch: Batch, disposition: str, *, reason: str | None, by: Actor, at: datetime
) -> None:
    """Give a batch and its containers another disposition.

    Called by the acts that decide it, which say why and by whom.
    """
    states.move(
        session,
        batch,
        DISPOSITION,
        disposition,
        allowed=DISPOSITION_MOVES,
        by=by,
        at=at,
        reason=reason,
    )
    containers.follow(session, batch.code, disposition, reason=reason, by=by, at=at)
    trail.say(session, f"batch.{disposition}", batch, by=by, at=at, scope=batch.code, reason=reason)


def set_execution(session: Session, batch: Batch, becomes: str, *, by: Actor, at: datetime) -> None:
    """Move the execution on, if it is not there yet.

    Called by the acts on steps, which say the event.
    """
    if states.of(session, batch, EXECUTION) != becomes:
        states.move(session, batch, EXECUTION, becomes, allowed=EXECUTION_MOVES, by=by, at=at)


def scopes(batch: Batch) -> Sequence[str]:
    """The codes under which everything that concerns a batch is found: its own and its cord's."""
    return (batch.code, batch.cord_code)
