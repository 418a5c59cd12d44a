"""The dossier of a batch: everything that its review and release depend on, gathered in a fixed
number of queries.

A review names the newest event that concerned the batch; whatever is recorded after it makes the
review out of date (AUD-06)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from documents.register import AXIS as DOCUMENT_AXIS, ControlledDocument
from documents.rules import DocumentState
from documents.texts import text
from integrity import backups, clock, signatures, site, states, times, trail
from integrity.canonical import GENESIS
from integrity.database import By, Record, Session
from integrity.signatures import Signature
from integrity.trail import Event
from integrity.vocabulary import one_of
from manufacturing.donation import eligibility
from manufacturing.donation.donations import Cord, Donor, ProcessingStart
from manufacturing.donation.rules.cords import CORD_AXIS, CordState
from manufacturing.donation.rules.window import WINDOW_RULES
from manufacturing.execution import batch_state
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry, SignOff
from manufacturing.execution.rules.batches import ExecutionState
from manufacturing.execution.rules.sequence import Open, place
from qc.deviations import investigation
from qc.deviations.investigation import Story
from qc.laboratory import batch_amounts as bases, results
from qc.laboratory.results import Result
from qc.laboratory.rules.line_status import LineStatus
from qc.release import product
from qc.release.after_review import changing
from qc.release.product import NO_PRODUCT, Product
from qc.release.rules import (
    DeviationFacts,
    Gate,
    ReleaseFacts,
    ReviewFacts,
    Start,
    Waiting,
)
from qc.specifications import register
from qc.specifications.model import Contents

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Review(Record, By):
    """One review by QA.

    `seq` and `hash` are the newest event that concerned the batch when it was signed.
    """

    __tablename__ = "reviews"
    __table_args__ = (one_of("gate", Gate),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    gate: Mapped[str]
    seq: Mapped[int] = mapped_column(trail.answering())
    hash: Mapped[str]
    at: Mapped[datetime]
    name: Mapped[str]


@dataclass(frozen=True)
class ReleaseInputs:
    """One batch with everything that its review and release look at."""

    here: BatchState
    cord: Cord
    donor: Donor
    started: ProcessingStart | None
    stories: Sequence[Story]
    specification: ControlledDocument | None
    contents: Contents | None
    lines: Sequence[LineStatus]
    results: Sequence[Result]
    result_states: Mapping[int, str]
    review: Review | None
    superseded: bool
    facts: ReleaseFacts
    signed: Sequence[Signature]

    @property
    def batch(self) -> Batch:
        return self.here.batch

    @property
    def scopes(self) -> tuple[str, str, str]:
        """The codes under which everything that concerns the batch is found."""
        return (self.batch.code, self.cord.code, self.donor.code)


# Gathering
# -------------------------------------------------------------------------------------------------


def gather(session: Session, batch: Batch, at: datetime) -> ReleaseInputs:
    """One batch with its signatures verified."""
    return gather_many(session, [batch], at, verified=True)[batch.id]


def gather_many(
    session: Session, wanted: Sequence[Batch], at: datetime, *, verified: bool = False
) -> dict[int, ReleaseInputs]:
    """{batch id: everything} in as many queries as for one.

    Where signatures are verified, tables and trail are read; a list is made from what is kept.
    """
    gathered = batch_state.read_many if verified else batch_state.gather_many
    here = gathered(session, wanted)
    cords = {
        each.id: each
        for each in session.scalars(
            select(Cord).where(Cord.id.in_([batch.cord_id for batch in wanted]))
        )
    }
    donors = {
        each.id: each
        for each in session.scalars(
            select(Donor).where(Donor.id.in_({cord.donor_id for cord in cords.values()}))
        )
    }
    scopes = {
        batch.id: (batch.code, batch.cord_code, donors[cords[batch.cord_id].donor_id].code)
        for batch in wanted
    }
    shared = _Shared.gather(session, here, cords, scopes, at)
    made = {}
    for batch in wanted:
        cord = cords[batch.cord_id]
        made[batch.id] = _gathered(
            session, shared, here[batch.id], cord, donors[cord.donor_id], verified
        )
    return made


@dataclass(frozen=True)
class _Shared:
    """What one reading of many batches found, each under its batch, cord, donor or code."""

    starts: Mapping[int, ProcessingStart]
    eligible: Mapping[int, str]
    cord_states: Mapping[int, str]
    stories: Sequence[Story]
    specifications: Mapping[str, ControlledDocument | None]
    contents: Mapping[int, Contents]
    codes: Mapping[str, str]
    lines: Mapping[str, Sequence[LineStatus]]
    results: Sequence[Result]
    states: Mapping[int, str]
    reviews: Mapping[int, Review]
    since: Mapping[int, Sequence[str]]
    masters: Mapping[int, str]
    products: Mapping[int, Product]
    clock_trusted: bool
    restore_seen: bool
    zone: Any

    @classmethod
    def gather(
        cls,
        session: Session,
        here: Mapping[int, BatchState],
        cords: Mapping[int, Cord],
        scopes: Mapping[int, tuple[str, str, str]],
        at: datetime,
    ) -> _Shared:
        batches_here = [each.batch for each in here.values()]
        every = {
            number
            for batch in batches_here
            for number in (batch.id, batch.cord_id, cords[batch.cord_id].donor_id)
        }
        named = bases.specification_codes(session, [batch.code for batch in batches_here])
        held = {code: register.effective(session, code, at) for code in sorted(set(named.values()))}
        contents = register.contents_by_id(session, [each.id for each in held.values() if each])
        wanted = {
            each.batch.code: (
                specification,
                bases.basis_from(each.current, contents[specification.id].sources),
            )
            for each in here.values()
            if (specification := held.get(named.get(each.batch.code, "")))
        }
        found, reviews = _results(session, list(here)), _newest_reviews(session, list(here))
        return cls(
            starts=_starts(session, cords),
            eligible=eligibility.eligibilities(session, {cord.donor_id for cord in cords.values()}),
            cord_states=states.of_many(session, list(cords), CORD_AXIS),
            stories=investigation.of_scopes(session, every),
            specifications=held,
            contents=contents,
            codes=named,
            lines=results.line_statuses(session, wanted) if wanted else {},
            results=found,
            states=results.states_of(session, found),
            reviews=reviews,
            since=_said_since(session, reviews, scopes),
            masters=states.of_many(session, {b.master_id for b in batches_here}, DOCUMENT_AXIS),
            products=product.of_batches(session, here, at),
            clock_trusted=clock.state(session) not in clock.UNTRUSTED,
            restore_seen=backups.restored(session) != backups.RestoreState.RESTORED,
            zone=site.zone(session),
        )


def _results(session: Session, ids: Sequence[int]) -> Sequence[Result]:
    wanted = select(Result).where(Result.scope_id.in_(ids))
    return session.scalars(wanted.order_by(Result.id)).all()


def _starts(session: Session, cord_ids: Iterable[int]) -> dict[int, ProcessingStart]:
    wanted = select(ProcessingStart).where(ProcessingStart.cord_id.in_(list(cord_ids)))
    return {each.cord_id: each for each in session.scalars(wanted)}


def _newest_reviews(session: Session, ids: Sequence[int]) -> dict[int, Review]:
    newest = select(func.max(Review.id)).where(Review.batch_id.in_(ids)).group_by(Review.batch_id)
    return {
        each.batch_id: each for each in session.scalars(select(Review).where(Review.id.in_(newest)))
    }


def _said_since(
    session: Session, reviews: Mapping[int, Review], scopes: Mapping[int, tuple[str, str, str]]
) -> dict[int, list[str]]:
    """{batch id: what was said about it after its newest review}."""
    said: dict[int, list[str]] = {batch_id: [] for batch_id in reviews}
    if not reviews:
        return said
    every = {scope for batch_id in reviews for scope in scopes[batch_id]}
    wanted = (
        select(Event.seq, Event.action, Event.username, Event.scope)
        .where(
            Event.scope.in_(sorted(every)),
            Event.seq > min(review.seq for review in reviews.values()),
            changing(),
        )
        .order_by(Event.seq)
    )
    for seq, action, username, scope in session.execute(wanted):
        for batch_id, review in reviews.items():
            if scope in scopes[batch_id] and seq > review.seq:
                said[batch_id].append(
                    f"{action.replace('.', ' ').replace('_', ' ')} by {username} (event {seq})"
                )
    return said


def _gathered(
    session: Session, shared: _Shared, here: BatchState, cord: Cord, donor: Donor, verified: bool
) -> ReleaseInputs:
    batch = here.batch
    mine = [
        each for each in shared.stories if each.deviation.scope_id in (batch.id, cord.id, donor.id)
    ]
    found = [each for each in shared.results if each.scope_id == batch.id]
    specification = shared.specifications.get(shared.codes.get(batch.code, ""))
    signed = _signed(session, (batch.id, cord.id, donor.id)) if verified else here.signed
    facts = _release_facts(session, shared, here, cord, donor, mine, found, signed, verified)
    return ReleaseInputs(
        here=here,
        cord=cord,
        donor=donor,
        started=shared.starts.get(cord.id),
        stories=mine,
        specification=specification,
        contents=shared.contents.get(specification.id) if specification else None,
        lines=shared.lines.get(batch.code, []),
        results=found,
        result_states=shared.states,
        review=shared.reviews.get(batch.id),
        facts=facts,
        signed=signed,
        superseded=shared.masters.get(batch.master_id) not in (DocumentState.EFFECTIVE, None),
    )


def _release_facts(
    session: Session,
    shared: _Shared,
    here: BatchState,
    cord: Cord,
    donor: Donor,
    mine: Sequence[Story],
    found: Sequence[Result],
    signed: Sequence[Signature],
    verified: bool,
) -> ReleaseFacts:
    batch, review = here.batch, shared.reviews.get(here.batch.id)
    specification = shared.specifications.get(shared.codes.get(batch.code, ""))
    return ReleaseFacts(
        execution=here.execution,
        disposition=here.disposition,
        eligibility=shared.eligible[donor.id],
        cord_code=cord.code,
        cord_standing=shared.cord_states.get(cord.id, CordState.RECEIVED),
        start=_start(cord, shared.starts.get(cord.id), mine),
        specification=specification.named if specification else None,
        lines=shared.lines.get(batch.code, []),
        waiting=_waiting(here, here.open),
        deviations=[_deviation(each) for each in mine],
        clock_trusted=shared.clock_trusted,
        restore_seen=shared.restore_seen,
        invalid_signatures=_invalid(session, signed) if verified else (),
        review=ReviewFacts(
            review.username,
            review.name,
            times.shown(review.at, shared.zone, seconds=True),
            shared.since[batch.id],
        )
        if review
        else None,
        performers=performers(here, found),
        product=shared.products.get(batch.id, NO_PRODUCT),
    )


def _signed(session: Session, scopes: Sequence[int]) -> Sequence[Signature]:
    return session.scalars(
        select(Signature).where(Signature.scope_id.in_(scopes)).order_by(Signature.id)
    ).all()


def _start(cord: Cord, started: ProcessingStart | None, mine: Iterable[Story]) -> Start | None:
    if started is None:
        return None
    judged = any(each.deviation.rule in WINDOW_RULES and each.judgement for each in mine)
    return Start(started.recorded_at - cord.born_at, started.longest * MILLISECOND, judged)


def _deviation(story: Story) -> DeviationFacts:
    made = story.deviation
    return DeviationFacts(
        made.code,
        made.what,
        made.place,
        story.classification,
        story.state,
        story.judgement.decision if story.judgement else "",
    )


def _waiting(here: BatchState, now: Open) -> list[Waiting]:
    """What the record still wants.

    Nothing once it is complete (a repeating step may still offer itself).
    """
    if here.execution in (ExecutionState.COMPLETE, ExecutionState.TERMINATED):
        return []
    found = [Waiting("step", place(here.master, each)) for each in now.steps]
    if now.verify:
        found.append(Waiting("verify", place(here.master, now.verify)))
    if now.sign:
        stage = next(each for each in here.master.stages if now.sign and each.id == now.sign.stage)
        found.append(
            Waiting(
                "sign", f"{text(stage.title)}{f' · round {now.sign.cycle}' if stage.repeat else ''}"
            )
        )
    return found


def _invalid(session: Session, signed: Sequence[Signature]) -> list[str]:
    wrong = signatures.invalid(session, signed)
    return [
        f"{each.meaning} by {each.name} ({each.username})" for each in signed if each.id in wrong
    ]


def performers(here: BatchState, found: Iterable[Result]) -> frozenset[str]:
    """Everybody who recorded, verified or signed off a step of the batch, or recorded or reviewed a
    result of it.
    """
    subjects = (Entry.__tablename__, SignOff.__tablename__, Result.__tablename__)
    return frozenset(
        {entry.username for entry in here.everything}
        | {result.username for result in found}
        | {each.username for each in here.signed if each.subject_kind in subjects}
    )


def newest_event(session: Session, scopes: Iterable[str]) -> tuple[int, str]:
    """(number, hash) of the newest event that says something about the batch which a review has to
    have seen.
    """
    newest = session.execute(
        select(Event.seq, Event.hash)
        .where(Event.scope.in_(sorted(scopes)), changing())
        .order_by(Event.seq.desc())
        .limit(1)
    ).first()
    return (newest.seq, newest.hash) if newest else (0, GENESIS)


def moment(session: Session, at: datetime | None) -> datetime:
    """At which versions in force are asked for: the one given, or that of the newest event."""
    return at or trail.head(session)[2] or EPOCH
