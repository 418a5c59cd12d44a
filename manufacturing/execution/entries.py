"""Entries: what was recorded at each position of a batch, by whom and when.

Never edited; a correction is a further entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, UniqueConstraint, and_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from documents.words import Term
from integrity import facts
from integrity.acts import Act
from integrity.database import By, Document, Record, Session
from integrity.facts import Fact, Pair
from integrity.findings import Finding
from integrity.subjects import SubjectRecord
from integrity.words import Phrase, person
from manufacturing.execution import formula_values
from manufacturing.execution.formula_values import Recorded
from manufacturing.execution.rules import alerts
from manufacturing.execution.rules.sequence import Position, Round, place_fact
from manufacturing.execution.words import ExecutionPhrase, ExecutionTerm
from manufacturing.masters.model import Master
from stores import containers, sightings
from stores.containers import ContainerParent


@dataclass(frozen=True)
class Deed:
    """What an entry says was done: everything of it that a correction may put right."""

    values: Mapping[str, Any]
    performed_at: datetime
    comment: str | None
    not_applicable: str | None
    late: bool

    def with_values(self, values: Mapping[str, Any]) -> Deed:
        return replace(self, values=values)


class Entry(SubjectRecord, By):
    """One entry: `performed_at` is the person's claim, `recorded_at` the server's time; both are
    kept (TIM-06).

    `not_applicable` holds the reason where an optional step was left out; `corrects_id` names the
    entry it takes the place of and `reason` says why; `needs_second` says whether a second person
    has to verify it."""

    __tablename__ = "entries"
    __table_args__ = (
        Index("entries_by_batch", "batch_id", "id"),
        Index("entries_by_person", "person_id", "batch_id"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    stage: Mapped[str]
    cycle: Mapped[int]
    step: Mapped[str]
    turn: Mapped[int]
    values: Mapped[Any] = mapped_column(Document)
    not_applicable: Mapped[str | None]
    performed_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    zone: Mapped[str]
    late: Mapped[bool]
    needs_second: Mapped[bool]
    comment: Mapped[str | None]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    reason: Mapped[Any] = mapped_column(Document, nullable=True)  # what somebody typed, or a fact
    name: Mapped[str]

    @cached_property  # a record never changes, and the law asks for it most of all
    def position(self) -> Position:
        return Position(self.stage, self.cycle, self.step, self.turn)

    @property
    def round(self) -> Round:
        return Round(self.stage, self.cycle)

    @property
    def deed(self) -> Deed:
        return Deed(self.values, self.performed_at, self.comment, self.not_applicable, self.late)

    @property
    def recorded(self) -> Recorded:
        return Recorded(self.position, self.values, self.performed_at)


class SignOff(SubjectRecord):
    """One round of one stage, as what is signed off; once, however often it is signed anew."""

    __tablename__ = "sign_offs"
    __table_args__ = (UniqueConstraint("batch_id", "stage", "cycle"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    stage: Mapped[str]
    cycle: Mapped[int]

    @property
    def round(self) -> Round:
        return Round(self.stage, self.cycle)


class SignOffEntry(Record):
    """One entry that a sign-off covers: it holds while these are the entries that stand."""

    __tablename__ = "sign_off_entries"

    signature_id: Mapped[int] = mapped_column(ForeignKey("signatures.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))


def round_to_sign(act: Act, batch_id: int, wanted: Round) -> SignOff:
    """The round as what is signed off, made at its first signature; the calling act says so."""
    known = select(SignOff).where(
        SignOff.batch_id == batch_id, SignOff.stage == wanted.stage, SignOff.cycle == wanted.cycle
    )
    return act.session.scalar(known) or act.add(
        SignOff(batch_id=batch_id, stage=wanted.stage, cycle=wanted.cycle)
    )


def of_batches(session: Session, batch_ids: Iterable[int]) -> dict[int, list[Entry]]:
    """{batch id: every entry, oldest first} in one query."""
    found: dict[int, list[Entry]] = {batch_id: [] for batch_id in batch_ids}
    for entry in session.scalars(select(Entry).where(Entry.batch_id.in_(found)).order_by(Entry.id)):
        found[entry.batch_id].append(entry)
    return found


@sightings.declare
def taken_at(session: Session, container_id: int) -> list[datetime]:
    """When everything that was taken from a container was taken, by the claims that stand: an entry
    counts by its newest correction, and what is void was not taken."""
    taker = aliased(Entry)
    same_place = and_(
        Entry.batch_id == taker.batch_id,
        Entry.stage == taker.stage,
        Entry.cycle == taker.cycle,
        Entry.step == taker.step,
        Entry.turn == taker.turn,
    )
    wanted = (
        select(taker.id, Entry.performed_at)
        .join(Entry, same_place)
        .join(ContainerParent, ContainerParent.entry_id == taker.id)
        .where(
            ContainerParent.parent_id == container_id,
            ContainerParent.child_id.not_in(containers.void_ones()),
        )
        .order_by(Entry.id)
    )
    newest = {taken: at for taken, at in session.execute(wanted).tuples()}
    return list(newest.values())


def is_begun(session: Session, batch_id: int, wanted: Round) -> bool:
    """Whether anything is recorded in a round of a stage."""
    return (
        session.scalar(
            select(Entry.id)
            .where(
                Entry.batch_id == batch_id, Entry.stage == wanted.stage, Entry.cycle == wanted.cycle
            )
            .limit(1)
        )
        is not None
    )


def current(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that no later one has taken the place of."""
    replaced = {entry.corrects_id for entry in entries if entry.corrects_id}
    return [entry for entry in entries if entry.id not in replaced]


def facts_of(master: Master, batch_code: str, entry: Entry) -> list[Pair]:
    """What is shown of an entry and signed by a second person.

    Batch and place, and what was recorded.
    """
    return [
        facts.pair(Term.BATCH, facts.code(batch_code)),
        facts.pair(Term.STEP, place_fact(master, entry.position)),
        *recorded_facts(master, entry),
    ]


def recorded_facts(master: Master, entry: Entry) -> list[Pair]:
    """What was recorded: every value, the times, the person and the comment.

    Times are in the zone that held when it was recorded, so that the facts stay what they were.
    """
    zone = ZoneInfo(entry.zone)
    return [
        *_values(master, entry, zone),
        *(facts.pair(ExecutionTerm.ALERT, each.fact) for each in alerts_of(master, entry)),
        facts.pair(ExecutionTerm.DONE, facts.local(entry.performed_at, zone, seconds=True)),
        facts.pair(Term.RECORDED, facts.local(entry.recorded_at, zone, seconds=True)),
        facts.pair(Term.BY, person(entry.name, entry.username)),
        *([facts.pair(ExecutionTerm.LATE, facts.word(ExecutionPhrase.YES))] if entry.late else []),
        *([facts.pair(Term.COMMENT, entry.comment)] if entry.comment else []),
        *([facts.pair(ExecutionTerm.REASON, entry.reason)] if entry.reason else []),
    ]


def alerts_of(master: Master, entry: Entry) -> list[Finding]:
    """The alert limits of the master record that the values of an entry have crossed."""
    return alerts.of_step(master.step(entry.step), entry.values)


def _values(master: Master, entry: Entry, zone: ZoneInfo) -> list[Pair]:
    if entry.not_applicable:
        return [facts.pair(ExecutionTerm.NOT_APPLICABLE, entry.not_applicable)]
    return formula_values.fields_of(master.step(entry.step), entry.values, zone)


def changes(
    master: Master, old: Entry, new: Entry, zone: ZoneInfo
) -> list[tuple[Fact, Fact, Fact]]:
    """(label, as it was, as it is) of everything in which two entries of a position differ."""
    pairs = zip(_everything(master, old, zone), _everything(master, new, zone), strict=True)
    return [(label, was, becomes) for (label, was), (_, becomes) in pairs if was != becomes]


def _everything(master: Master, entry: Entry, zone: ZoneInfo) -> list[Pair]:
    return [
        *formula_values.fields_of(master.step(entry.step), entry.values, zone),
        *deed_facts(entry, zone),
    ]


def deed_facts(entry: Entry, zone: ZoneInfo) -> list[Pair]:
    """What an entry says beside its values; always the same terms, so that two can be compared."""
    nothing = facts.word(ExecutionPhrase.NOT_ENTERED)
    return [
        facts.pair(ExecutionTerm.NOT_APPLICABLE, entry.not_applicable or nothing),
        facts.pair(ExecutionTerm.DONE, facts.local(entry.performed_at, zone, seconds=True)),
        facts.pair(Term.COMMENT, entry.comment or nothing),
    ]


def stage_facts(
    master: Master, batch_code: str, entries: Sequence[Entry], wanted: Round
) -> list[Pair]:
    """What is signed when a stage is signed off.

    Every current entry of its round, each in one line.
    """
    signed = sorted(
        (each for each in entries if each.round == wanted),
        key=lambda each: formula_values.place_key(master, each.position),
    )
    return [
        facts.pair(Term.BATCH, facts.code(batch_code)),
        *((place_fact(master, entry.position), _in_a_line(master, entry)) for entry in signed),
        facts.pair(ExecutionTerm.ENTRIES, numbers_of(entries, wanted)),
    ]


def _in_a_line(master: Master, entry: Entry) -> Fact:
    return facts.listed(
        [
            facts.message(Phrase.LABELLED, label=label, fact=fact)
            for label, fact in recorded_facts(master, entry)
        ],
        "; ",
    )


def numbers_of(entries: Sequence[Entry], wanted: Round) -> str:
    """The record numbers of the entries of a round.

    An entry never changes, so they stand for all that was signed.
    """
    return ", ".join(
        str(number) for number in sorted(entry.id for entry in entries if entry.round == wanted)
    )
