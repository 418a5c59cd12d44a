"""The logs of batches: read from the tables, or kept in the process and brought up to date.

What is kept is believed where the trail still has the event it was kept at, and only newer rows are
asked for then. It can hide a row that somebody changed behind our back: whoever reviews, signs,
certifies or verifies reads the tables (`read`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select, text

from integrity.acts import Act
from integrity.database import Session
from integrity.ledger import Head
from integrity.signatures import Signature
from integrity.trail import Event
from manufacturing.execution.batch_log import BatchLog, SignedRound, empty
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry, SignOff, SignOffEntry
from manufacturing.execution.rules.sequence import Round


class Kept(NamedTuple):
    """A log and the newest event of the trail when it was read."""

    log: BatchLog
    head: Head


_NEWEST = text(
    "SELECT hash, (SELECT max(id) FROM entries WHERE batch_id = :batch),"
    " (SELECT max(id) FROM signatures WHERE scope_id = :batch) FROM events WHERE seq = :seq"
)


def of(session: Session, batch_id: int) -> BatchLog:
    """The log of a batch as it is now, from what is kept where that is still true."""
    head, kept = session.ledger.head, session.shelf.find(_name(batch_id))
    log = _brought_up(session, kept, head) if kept else None
    if log is None:
        log = read(session, [session.get_one(Batch, batch_id)])[batch_id]
    session.shelf.put(_name(batch_id), Kept(log, head))
    return log


def of_many(session: Session, batches: Sequence[Batch]) -> dict[int, BatchLog]:
    """{batch id: its log as it is now} for a list: three questions tell which are kept and current,
    the others are read together.
    """
    head = session.ledger.head  # before the rows: what is kept is never older than its head
    kept = {batch.id: found for batch in batches if (found := session.shelf.find(_name(batch.id)))}
    logs = _current(session, kept) if kept else {}
    logs |= read(session, [batch for batch in batches if batch.id not in logs])
    for number, log in logs.items():
        session.shelf.put(_name(number), Kept(log, head))
    return {batch.id: logs[batch.id] for batch in batches}


def _current(session: Session, kept: Mapping[int, Kept]) -> dict[int, BatchLog]:
    """What is kept of those batches of which nothing newer is recorded."""
    seqs = {each.head.seq for each in kept.values()}
    said = session.execute(select(Event.seq, Event.hash).where(Event.seq.in_(seqs)))
    hashes = {seq: made for seq, made in said}
    entries = _newest(session, Entry.batch_id, Entry.id, kept)
    signatures = _newest(session, Signature.scope_id, Signature.id, kept)
    return {
        number: log
        for number, (log, head) in kept.items()
        if hashes.get(head.seq) == head.hash
        and entries.get(number, 0) == log.newest_entry
        and signatures.get(number, 0) == log.newest_signature
    }


def _newest(session: Session, of: Any, number: Any, batch_ids: Iterable[int]) -> dict[int, int]:
    wanted = select(of, func.max(number)).where(of.in_(batch_ids)).group_by(of)
    return {batch_id: newest for batch_id, newest in session.execute(wanted)}


def keep(act: Act, log: BatchLog) -> None:
    """The log as this act left it, once its event is said; kept when the act is committed."""
    act.session.shelf.put(_name(log.batch.id), Kept(log, act.session.ledger.head))


def _name(batch_id: int) -> tuple[str, int]:
    return BatchLog.__name__, batch_id


def _brought_up(session: Session, kept: Kept, head: Head) -> BatchLog | None:
    """What is kept with what is newer; None where the trail has not gone on from there."""
    log = kept.log
    if kept.head[:2] == head[:2] and not session.ledger.unsaid:
        return log
    asked = {"batch": log.batch.id, "seq": kept.head.seq}
    found = session.execute(_NEWEST, asked).first()
    if found is None or found[0] != kept.head.hash:
        return None
    if (found[1] or 0, found[2] or 0) == (log.newest_entry, log.newest_signature):
        return log
    return _newer(session, {log.batch.id: log})[log.batch.id]


def read(session: Session, batches: Sequence[Batch]) -> dict[int, BatchLog]:
    """{batch id: its log} of many batches, read from the tables in as many questions as for one."""
    if not batches:
        return {}
    return _newer(session, {batch.id: empty(batch) for batch in batches})


def _newer(session: Session, logs: Mapping[int, BatchLog]) -> dict[int, BatchLog]:
    """The logs with the rows that are newer than theirs; they are of one age."""
    entries: dict[int, list[Entry]] = {number: [] for number in logs}
    signatures: dict[int, list[Signature]] = {number: [] for number in logs}
    after = min((log.newest_entry for log in logs.values()), default=0)
    wanted = select(Entry).where(Entry.batch_id.in_(logs), Entry.id > after)
    for entry in session.scalars(wanted.order_by(Entry.id)):
        entries[entry.batch_id].append(entry)
    after = min((log.newest_signature for log in logs.values()), default=0)
    signed = select(Signature).where(Signature.scope_id.in_(logs), Signature.id > after)
    for signature in session.scalars(signed.order_by(Signature.id)):
        signatures[signature.scope_id or 0].append(signature)
    rounds = _signed_rounds(session, [each for made in signatures.values() for each in made])
    return {
        number: log.grown(entries[number], signatures[number], rounds)
        for number, log in logs.items()
    }


def _signed_rounds(session: Session, given: Sequence[Signature]) -> dict[int, SignedRound]:
    """{signature id: what it signs off} of those that are sign-offs."""
    of_rounds = [each.id for each in given if each.subject_kind == SignOff.__tablename__]
    if not of_rounds:
        return {}
    asked = (
        select(SignOffEntry.signature_id, SignOff.stage, SignOff.cycle, SignOffEntry.entry_id)
        .join(Signature, Signature.id == SignOffEntry.signature_id)
        .join(SignOff, SignOff.id == Signature.subject_id)
        .where(SignOffEntry.signature_id.in_(of_rounds))
    )
    covers: dict[int, tuple[Round, set[int]]] = {}
    for number, stage, cycle, entry_id in session.execute(asked):
        covers.setdefault(number, (Round(stage, cycle), set()))[1].add(entry_id)
    return {number: SignedRound(at, frozenset(ids)) for number, (at, ids) in covers.items()}
