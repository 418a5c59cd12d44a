"""Batches.

One cord on one pinned version of a master batch record, from planned to complete and to its
disposition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from documents import contents, register
from documents.kinds import Kind
from documents.register import ControlledDocument
from documents.words import Term
from integrity import dependents, facts, signatures, states
from integrity.acts import Act
from integrity.database import By, Session
from integrity.facts import Fact, Pair
from integrity.findings import refuse_if_blocked
from integrity.signatures import Meaning, Seal
from integrity.subjects import SubjectRecord, by_key_and_code
from integrity.words import state_word
from labels import codes
from labels.numbering import issue
from manufacturing.donation import cords, eligibility
from manufacturing.donation.rules.donors import Eligibility
from manufacturing.execution.actions import ExecutionAction
from manufacturing.execution.rules import batches as rules
from manufacturing.execution.rules.batches import (
    DISPOSITION_MOVES,
    EXECUTION,
    EXECUTION_MOVES,
    ExecutionState,
)
from manufacturing.execution.words import ExecutionPhrase, ExecutionTerm
from stores import containers, fates, holds
from stores.rules import DISPOSITION, Disposition


class Batch(SubjectRecord, By):
    """A batch as it was started.

    It keeps the version of the master record it was started on (MBR-03), and is judged by the
    version of the specification it began with (QC-01).
    """

    __tablename__ = "batches"
    __table_args__ = (by_key_and_code("cord_id", "cord_code"),)

    code: Mapped[str] = mapped_column(unique=True)
    cord_id: Mapped[int] = mapped_column(ForeignKey("cords.id"), unique=True)
    cord_code: Mapped[str] = mapped_column(index=True)
    master_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    master_title: Mapped[str]
    sha256: Mapped[str]
    specification_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    specification_sha256: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class StartFacts:
    """Which cord, on which master record, and whether who starts it knows that it is for show where
    it is.
    """

    cord_code: str
    master_id: int
    is_known: bool = False


def by_code(session: Session, code: str) -> Batch | None:
    return session.scalar(select(Batch).where(Batch.code == code))


def of_cord(session: Session, cord_id: int) -> Batch | None:
    return session.scalar(select(Batch).where(Batch.cord_id == cord_id))


def listed(state: str = "") -> Select[Any]:
    """Every batch, or those of one state of execution, newest first, for a paged list."""
    wanted = select(Batch).order_by(Batch.id.desc())
    if not state:
        return wanted
    return wanted.where(Batch.id.in_(states.standing(Batch.__tablename__, EXECUTION, state)))


def standing(session: Session, batch: Batch) -> tuple[str, str]:
    """(execution, disposition)."""
    found = states.on_all_axes(session, [batch.id])
    return found[(batch.id, EXECUTION)], found[(batch.id, DISPOSITION)]


def start(act: Act, facts: StartFacts) -> Batch:
    """Start a batch from a cord.

    Numbers are issued by the server, gapless, and never twice (EBR-23).
    """
    if earlier := act.once(ExecutionAction.BATCH_STARTED, facts):
        return act.session.get_one(Batch, earlier)
    cord, master = (
        cords.by_code(act.session, facts.cord_code),
        register.by_id(act.session, facts.master_id, Kind.MASTER_RECORD),
    )
    specification = _specification(act.session, master, act.at)
    found = _start_facts(act.session, cord, master, specification, act.at)
    refuse_if_blocked(rules.may_start(replace(found, is_known=facts.is_known)))
    assert cord and master and specification  # the law refuses a batch without them
    batch = Batch(
        code=issue(act, codes.Series.BATCH),
        cord_id=cord.id,
        cord_code=cord.code,
        master_id=master.id,
        master_title=f"{master.code} v{master.version}",
        sha256=master.sha256,
        specification_id=specification.id,
        specification_sha256=specification.sha256,
        started_at=act.at,
    )
    act.add(batch)
    states.move(act, batch, EXECUTION, ExecutionState.PLANNED, allowed=EXECUTION_MOVES)
    states.move(act, batch, DISPOSITION, Disposition.QUARANTINE, allowed=DISPOSITION_MOVES)
    act.say(
        ExecutionAction.BATCH_STARTED,
        batch,
        scope=batch.code,
        facts=facts,
        details={
            "cord": codes.read(cord.code).shown,
            "master": batch.master_title,
            "sha256": batch.sha256,
            "specification": specification.named,
            "specification_sha256": specification.sha256,
            **({"for_show": True} if found.is_for_show else {}),
        },
    )
    return batch


def _specification(
    session: Session, master: ControlledDocument | None, at: datetime
) -> ControlledDocument | None:
    """The version in force of the specification that the master record names."""
    if master is None:
        return None
    named = contents.of(session, master).specification
    return register.effective(session, Kind.SPECIFICATION, named, at)


def is_for_show(session: Session, master: ControlledDocument, at: datetime) -> bool:
    """Whether a batch that were started on it now would be for show by its documents."""
    resting = (master, _specification(session, master, at))
    return any(contents.is_demonstration(session, each.id, each.sha256) for each in resting if each)


def _start_facts(
    session: Session,
    cord: cords.Cord | None,
    master: ControlledDocument | None,
    specification: ControlledDocument | None,
    at: datetime,
) -> rules.StartFacts:
    return rules.StartFacts(
        cord_standing=states.of(session, cord, "cord") if cord else None,
        cord_has_batch=cord is not None and of_cord(session, cord.id) is not None,
        eligibility=eligibility.eligibility(session, cord.donor_id) if cord else Eligibility.OPEN,
        master_standing=register.state(session, master, at) if master else None,
        has_specification=specification is not None,
        is_for_show=master is not None and is_for_show(session, master, at),
        is_held=cord is not None and bool(holds.held(session, [cord.id, cord.donor_id])),
    )


def termination_facts(session: Session, batch_id: int) -> list[Pair]:
    """What is signed when a batch is broken off."""
    batch = session.get_one(Batch, batch_id)
    execution, disposition = standing(session, batch)
    follows = {
        Disposition.RECALLED: ExecutionPhrase.CONTAINERS_RECALLED,
        Disposition.REJECTED: ExecutionPhrase.CONTAINERS_REJECTED,
    }[_broken_off_as(session, batch)]
    return [
        facts.pair(Term.BATCH, facts.code(batch.code)),
        facts.pair(Term.MASTER_RECORD, batch.master_title),
        facts.pair(Term.EXECUTION, state_word(execution)),
        facts.pair(Term.DISPOSITION, state_word(disposition)),
        facts.pair(ExecutionTerm.FOLLOWS, facts.word(follows)),
    ]


def _broken_off_as(session: Session, batch: Batch) -> Disposition:
    made = containers.of_scope(session, batch.code)
    return rules.broken_off_as(fates.what_became(session, [each.id for each in made]).values())


def terminate(act: Act, batch_id: int, *, seal: Seal) -> Batch:
    """Break a batch off with a signed reason.

    Its containers are rejected, or recalled where any of them was given out, and a certificate that
    it has counts no more; its record stays (EBR-12).
    """
    batch, said = act.session.get_one(Batch, batch_id), [batch_id, seal.reviewed, seal.comment]
    if act.once(ExecutionAction.BATCH_TERMINATED, said):
        return batch
    refuse_if_blocked(rules.may_terminate(seal.comment))
    signatures.sign(
        act,
        seal,
        Meaning.REJECTED,
        batch,
        termination_facts(act.session, batch_id),
        scope=batch.itself,
    )
    states.move(
        act,
        batch,
        EXECUTION,
        ExecutionState.TERMINATED,
        allowed=EXECUTION_MOVES,
        reason=seal.comment,
    )
    becomes = _broken_off_as(act.session, batch)
    if standing(act.session, batch)[1] not in (Disposition.REJECTED, Disposition.RECALLED):
        mark(act, batch, becomes, reason=seal.comment)
    act.say(
        ExecutionAction.BATCH_TERMINATED, batch, scope=batch.code, reason=seal.comment, facts=said
    )
    dependents.changed(act, batch)
    return batch


def mark(act: Act, batch: Batch, disposition: str, *, reason: Fact | None) -> None:
    """Give a batch and its containers another disposition.

    Called by the acts that decide it, which say why and by whom.
    """
    mark_all(act, [batch], disposition, reason=reason)


def mark_all(act: Act, marked: Sequence[Batch], disposition: str, *, reason: Fact | None) -> None:
    """`mark` of many batches, in as many questions as of one."""
    where = states.of_many(act.session, [batch.id for batch in marked], DISPOSITION)
    resumed = [each.code for each in marked if where.get(each.id) == Disposition.ON_HOLD]
    scopes = [each.code for each in marked]
    followers = containers.following(act.session, scopes, disposition, resumed)
    for batch in marked:
        was = where.get(batch.id)
        states.move_from(
            act, batch, DISPOSITION, was, disposition, allowed=DISPOSITION_MOVES, reason=reason
        )
        containers.follow(act, followers[batch.code], reason=reason)
        act.say(ExecutionAction(f"batch.{disposition}"), batch, scope=batch.code, reason=reason)


def set_execution(act: Act, batch: Batch, becomes: str) -> None:
    """Move the execution on, if it is not there yet.

    Called by the acts on steps, which say the event.
    """
    if states.of(act.session, batch, EXECUTION) != becomes:
        states.move(act, batch, EXECUTION, becomes, allowed=EXECUTION_MOVES)


def scopes(batch: Batch) -> Sequence[str]:
    """The codes under which everything that concerns a batch is found: its own and its cord's."""
    return (batch.code, batch.cord_code)
