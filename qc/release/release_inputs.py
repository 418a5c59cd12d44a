"""The dossier of a batch: everything that its review and release depend on, gathered in a fixed
number of queries. What speaks against it is the law's to say (`rests_on`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from documents.register import ControlledDocument
from documents.texts import text
from integrity import signatures, site, times, trail
from integrity.database import Session
from integrity.findings import Classification
from integrity.observations import Observation, Seen
from integrity.signatures import Signature
from integrity.site import TwoPersons
from manufacturing.donation.donations import Cord, Donor, ProcessingStart
from manufacturing.donation.rules.cords import CordState
from manufacturing.donation.rules.window import WINDOW_RULES
from manufacturing.execution import batch_state, label_counts
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry, SignOff
from manufacturing.execution.rules.batches import ExecutionState
from manufacturing.execution.rules.sequence import Open, place_fact
from manufacturing.masters.model import Step
from qc.deviations import investigation
from qc.deviations.investigation import Story
from qc.laboratory.results import Result
from qc.laboratory.rules.line_status import LineStatus
from qc.laboratory.rules.pulled import InProcess, in_process
from qc.release.after_review import Review
from qc.release.product import NO_PRODUCT
from qc.release.reading import Reading
from qc.release.situation import (
    DeviationFacts,
    HeldThing,
    LabelsPrinted,
    Observed,
    ReleaseFacts,
    ReviewFacts,
    Start,
    UntrueLabel,
    UsedLot,
    Waiting,
)
from qc.specifications.model import Contents, Line
from stores import papers
from stores.containers import Container
from stores.holds import Hold

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ReleaseInputs:
    """One batch with everything that its review and release look at.

    `watched` are the codes under which everything is found that a review has to have seen: those of
    `scopes`, the donor's other cords, the lots and the equipment it was made with. `others` has
    each document that the batch keeps and that is not in force, with the version that is (None:
    none). `invalid` are the ids of those of `signed` that do not hold; None: none was verified.
    """

    here: BatchState
    cord: Cord
    donor: Donor
    started: ProcessingStart | None
    stories: Sequence[Story]
    seen: Sequence[Seen]
    specification: ControlledDocument
    contents: Contents
    lines: Sequence[LineStatus]
    results: Sequence[Result]
    result_states: Mapping[int, str]
    review: Review | None
    others: Sequence[tuple[ControlledDocument, ControlledDocument | None]]
    facts: ReleaseFacts
    signed: Sequence[Signature]
    invalid: Set[int] | None
    watched: Sequence[str]

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
    shared = Reading.gather(session, here, cords, scopes, at)
    made = {}
    for batch in wanted:
        cord = cords[batch.cord_id]
        made[batch.id] = _gathered(
            session, shared, here[batch.id], cord, donors[cord.donor_id], verified
        )
    return made


def _gathered(
    session: Session, shared: Reading, here: BatchState, cord: Cord, donor: Donor, verified: bool
) -> ReleaseInputs:
    batch = here.batch
    concerned = shared.concerns[batch.id]
    mine = concerned.stories(shared.stories)
    found = shared.results.get(batch.id, [])
    signed = _signed(session, concerned.keys) if verified else here.signed
    wrong = signatures.invalid(session, signed) if verified else None
    named = _named(signed, wrong or ())
    facts = _release_facts(session, shared, here, cord, donor, mine, found, named)
    return ReleaseInputs(
        here=here,
        cord=cord,
        donor=donor,
        started=shared.starts.get(cord.id),
        stories=mine,
        seen=concerned.seen(shared.seen),
        specification=shared.versions.judging(batch),
        contents=shared.versions.said(batch),
        lines=shared.lines.get(batch.code, []),
        results=found,
        result_states=shared.states,
        review=shared.reviews.get(batch.id),
        facts=facts,
        signed=signed,
        invalid=wrong,
        watched=shared.watched[batch.id],
        others=tuple(
            (kept, becomes)
            for kept in shared.versions.of(batch)
            if (becomes := shared.versions.in_force(kept)) != kept
        ),
    )


def _release_facts(
    session: Session,
    shared: Reading,
    here: BatchState,
    cord: Cord,
    donor: Donor,
    mine: Sequence[Story],
    found: Sequence[Result],
    invalid: Sequence[str],
) -> ReleaseFacts:
    batch, concerned = here.batch, shared.concerns[here.batch.id]
    held = shared.holds.get(batch.id)
    return ReleaseFacts(
        execution=here.execution,
        disposition=here.disposition,
        eligibility=shared.eligible[donor.id],
        cord_code=cord.code,
        cord_standing=shared.cord_states.get(cord.id, CordState.RECEIVED),
        start=_start(cord, shared.starts.get(cord.id), mine),
        specification=shared.versions.judging(batch).named,
        lines=shared.lines.get(batch.code, []),
        waiting=_waiting(here, here.open),
        labels=_labels(shared, here),
        untrue_labels=_untrue(shared, batch),
        deviations=[deviation_facts(each) for each in mine],
        clock_trusted=shared.clock_trusted,
        restore_seen=shared.restore_seen,
        invalid_signatures=invalid,
        review=_reviewed(shared, batch),
        reviewers=shared.reviewers.get(batch.id, frozenset()),
        performers=performers(here, found),
        judges=judges(mine),
        wants_two=frozenset(each for each in TwoPersons if site.wants_two(session, each)),
        lots=_lots(shared, here),
        pulled=shared.pulled.get(batch.code, []),
        in_process=_in_process(shared, here),
        equipment=[each.code for each in concerned.equipment.values()],
        containers=[each.code for each in shared.containers[batch.id]],
        holds=_holds(shared, batch, cord, donor),
        observed=_waiting_for_quality(concerned.seen(shared.seen)),
        product=shared.products.get(batch.id, NO_PRODUCT),
        paper_doubted=batch.id in papers.under_review(session),
        held_from=held.was or "" if held else "",
        held_for=held.reason or "" if held else "",
    )


def _waiting_for_quality(seen: Iterable[Seen]) -> list[Observed]:
    """What was seen and QA has not classified."""
    return [observed(each.observation) for each in seen if each.verdict is None]


def _reviewed(shared: Reading, batch: Batch) -> ReviewFacts | None:
    """The newest review, with what was said about the batch after it."""
    review = shared.reviews.get(batch.id)
    if review is None:
        return None
    return ReviewFacts(
        review.username,
        review.name,
        times.shown(review.at, shared.zone, seconds=True),
        [*shared.since[batch.id], *shared.versions.changed_since(batch, review.at)],
    )


def _labels(shared: Reading, here: BatchState) -> list[LabelsPrinted]:
    """Labels that were printed after they were reconciled."""
    counts = shared.labels[here.batch.id]
    return [LabelsPrinted(*each) for each in label_counts.printed_since(here, counts)]


def _untrue(shared: Reading, batch: Batch) -> list[UntrueLabel]:
    """Labels that say another use-by than the record."""
    found = shared.untrue_labels.get(batch.id, ())
    return [UntrueLabel(each.code, each.printed, each.until) for each in found]


def _holds(shared: Reading, batch: Batch, cord: Cord, donor: Donor) -> list[HeldThing]:
    """The holds by hand on what the batch made, on the jar and on what else it came from."""
    others = {cord.id, donor.id, *(lot.id for _, lot in shared.used[batch.id])}
    return [
        held_thing(each)
        for each in shared.held_by_hand
        if each.subject_id in others or each.scope_id in (batch.id, cord.id)
    ]


def observed(made: Observation) -> Observed:
    """An observation as the law of release looks at it."""
    return Observed(made.key, investigation.scope_fact(made.about), made.said, made.name)


def held_thing(hold: Hold) -> HeldThing:
    """A hold by hand as the law of release looks at it."""
    what = investigation.scope_fact(hold.code)
    return HeldThing(hold.subject_kind, hold.code, what, hold.reason, hold.name)


def _lots(shared: Reading, here: BatchState) -> list[UsedLot]:
    """Every lot the batch was made with, and where it stands now."""
    places = {each.id: each.position for each in here.everything}
    return [
        UsedLot(
            lot.code,
            lot.material,
            shared.dispositions[lot.id],
            place_fact(here.master, places[use.entry_id]) if use.entry_id in places else "",
        )
        for use, lot in shared.used[here.batch.id]
    ]


def _in_process(shared: Reading, here: BatchState) -> list[InProcess]:
    """What the lines ask of the last passage: of the last round of the stage that pulls it."""
    said = shared.versions.said(here.batch)
    found = shared.pulled.get(here.batch.code, [])
    return [
        in_process(line, found, _last_round(here, line)) for line in said.lines if line.in_process
    ]


def _last_round(here: BatchState, line: Line) -> frozenset[int]:
    """The entries of the last round of the stage in which such a sample is pulled."""
    stage = next((each.id for each in here.master.stages if _pulls(each.steps, line)), "")
    newest = max((each.cycle for each in here.current if each.stage == stage), default=0)
    return frozenset(
        each.id for each in here.everything if (each.stage, each.cycle) == (stage, newest)
    )


def _pulls(steps: Iterable[Step], line: Line) -> bool:
    return any(
        field.kind == line.in_process and line.id in field.tests
        for step in steps
        for field in step.fields
        if field.type == "sample"
    )


def _signed(session: Session, scopes: Iterable[int]) -> Sequence[Signature]:
    return session.scalars(
        select(Signature).where(Signature.scope_id.in_(sorted(scopes))).order_by(Signature.id)
    ).all()


def _start(cord: Cord, started: ProcessingStart | None, mine: Iterable[Story]) -> Start | None:
    if started is None:
        return None
    judged = any(each.deviation.rule in WINDOW_RULES and each.judgement for each in mine)
    return Start(started.recorded_at - cord.born_at, started.longest * MILLISECOND, judged)


def deviation_facts(story: Story) -> DeviationFacts:
    """A deviation as the law of release looks at it."""
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
    found = [Waiting("step", place_fact(here.master, each)) for each in now.steps]
    if now.verify:
        found.append(Waiting("verify", place_fact(here.master, now.verify)))
    if now.sign:
        stage = next(each for each in here.master.stages if now.sign and each.id == now.sign.stage)
        found.append(
            Waiting(
                "sign", f"{text(stage.title)}{f' · round {now.sign.cycle}' if stage.repeat else ''}"
            )
        )
    return found


def _named(signed: Iterable[Signature], ids: Collection[int]) -> list[str]:
    return [f"{each.meaning} by {each.name} ({each.username})" for each in signed if each.id in ids]


def performers(here: BatchState, found: Iterable[Result]) -> frozenset[str]:
    """Everybody who recorded, verified or signed off a step of the batch, recorded or reviewed a
    result of it, or signed why a sample of it was not tested.
    """
    subjects = (*(each.__tablename__ for each in (Entry, SignOff, Result)), Container.__tablename__)
    return frozenset(
        {entry.username for entry in here.everything}
        | {result.username for result in found}
        | {each.username for each in here.signed if each.subject_kind in subjects}
    )


def judges(stories: Iterable[Story]) -> frozenset[str]:
    """Who judged a critical deviation of the batch or of what it was made from."""
    return frozenset(
        each.judgement.username
        for each in stories
        if each.judgement and each.classification == Classification.CRITICAL
    )


def moment(session: Session, at: datetime | None) -> datetime:
    """At which versions in force are asked for: the one given, or that of the newest event."""
    return at or trail.head(session)[2] or EPOCH
