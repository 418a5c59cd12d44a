"""Holds: what was released is put on hold at once, with its containers, when something it rests on
turns bad; its certificate is under review until QA has decided (REL-03, REL-04).

The acts of the chapters below say what they changed (`integrity/dependents.py`). What it became is
judged by the law of the one list (`rests_on`); the batches that rest on it are found by key, many
in as many questions as one, and held in the transaction of the act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import or_, select

from documents.register import AXIS as DOCUMENT_AXIS, ControlledDocument
from documents.rules import DocumentState
from integrity import dependents, states, subjects
from integrity.acts import Act
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.findings import Classification, Finding, deviates
from integrity.observations import AXIS as OBSERVATION_AXIS, Observation, ObservationState
from integrity.subjects import Named
from manufacturing.donation import eligibility
from manufacturing.donation.donations import Cord, Donor
from manufacturing.donation.rules.cords import CORD_AXIS
from manufacturing.execution import batches, uses
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from manufacturing.execution.uses import Batches as Resting
from qc.deviations import investigation
from qc.laboratory import results
from qc.laboratory.results import Result
from qc.release import (
    certificates,
    concerns,
    documents_used,
    given_late,
    other_deliveries,
    release_inputs,
    rests_on,
    siblings,
    used_unfit,
)
from qc.release.rests_on import Item
from qc.release.rule_ids import ReleaseRule
from qc.release.situation import RELEASED, UsedLot
from stores import calibrations
from stores.containers import Container
from stores.equipment import Equipment
from stores.fates import ContainerFate
from stores.holds import Hold
from stores.lots import Lot
from stores.rules import DISPOSITION, AsFound, Disposition

Judged = Iterator[tuple[Finding, Sequence[Batch]]]


@dependents.declare
def answer(act: Act, subject: Named) -> None:
    """Hold whatever was released on a thing that turned bad (inner act of what turned it)."""
    judge = JUDGES.get(subjects.kind_of(subject))
    for cause, found in judge(act, subject) if judge else ():
        hold(act, found, cause)


def hold(act: Act, found: Sequence[Batch], cause: Finding) -> None:
    """Put released batches and their containers on hold, their certificates under review."""
    if found:
        batches.mark_all(act, found, Disposition.ON_HOLD, reason=cause.fact)
        certificates.put_under_review(act, [each.id for each in found], cause, cause.fact)


def _released(session: Session, resting: Resting) -> Sequence[Batch]:
    """Those that may be given to somebody now."""
    standing = states.standing(Batch.__tablename__, DISPOSITION, *RELEASED)
    return session.scalars(resting.where(Batch.id.in_(standing))).all()


def _judged(act: Act, against: Iterable[Item], resting: Resting) -> Judged:
    """The first thing that speaks against what was changed, and what was released on it."""
    for item in against:
        yield item.finding, _released(act.session, resting)
        return


def _lot(act: Act, lot: Lot) -> Judged:
    state = states.of(act.session, lot, DISPOSITION) or Disposition.QUARANTINE
    against = rests_on.against_lot(UsedLot(lot.code, lot.material, state, ""))
    yield from _judged(act, against, uses.batches_with_lot(lot.id))
    for cause, unfit in (
        *used_unfit.expired_lot(act, lot),
        *used_unfit.overdrawn_lot(act, lot),
        *other_deliveries.of_lot(act, lot),
    ):
        yield cause, _released(act.session, unfit)


def _donor(act: Act, donor: Donor) -> Judged:
    against = rests_on.against_donor(eligibility.eligibility(act.session, donor.id))
    return _judged(act, against, _under(donor.id))


def _cord(act: Act, cord: Cord) -> Judged:
    state = states.of(act.session, cord, CORD_AXIS) or ""
    return _judged(act, rests_on.against_cord(cord.code, state), _under(cord.id))


def _equipment(act: Act, item: Equipment) -> Judged:
    yield from _out_of_tolerance(act, item)
    for cause, unfit in used_unfit.uncalibrated(act, item):
        yield cause, _released(act.session, unfit)


def _entry(act: Act, entry: Entry) -> Judged:
    """A corrected entry by which the product had expired when it was released or handed out; what
    is told late was used in a time that a finding had put in doubt before; what is named is of a
    lot or a batch that something speaks against already."""
    for cause, found in (
        *given_late.after_correction(act, entry),
        *used_unfit.told_late(act, entry),
        *other_deliveries.of_entry(act, entry),
        *siblings.joined(act, entry),
    ):
        yield cause, _released(act.session, found)


def _fate(act: Act, made: ContainerFate) -> Judged:
    """What became of a container and was told, at its time or late."""
    for cause, found in given_late.after_fate(act, made):
        yield cause, _released(act.session, found)


def _out_of_tolerance(act: Act, item: Equipment) -> Judged:
    """What a calibration found out of tolerance: each batch it was used for since the calibration
    before has a deviation for QA to judge.
    """
    made = calibrations.newest_recorded(act.session, item.id)
    if made is not None and made.as_found == AsFound.OUT_OF_TOLERANCE:
        for cause, unfit in used_unfit.out_of_tolerance(act, item, made):
            yield cause, _released(act.session, unfit)


def _under(scope_id: int) -> Resting:
    """The batches of a donor, of a cord, or the batch of this key itself."""
    hers = select(Cord.id).where(Cord.donor_id == scope_id)
    mine = or_(Batch.id == scope_id, Batch.cord_id == scope_id, Batch.cord_id.in_(hers))
    return select(Batch).where(mine).order_by(Batch.id)


def _result(act: Act, tested: Result) -> Judged:
    """A result that was recorded, corrected or struck: where its batch stands on its lines now, and
    where a word was taken back on whatever was pulled for a test.
    """
    is_taken_back = bool(tested.corrects_id) or not results.is_active(act.session, tested)
    for batch in _released(act.session, select(Batch).where(Batch.id == tested.scope_id)):
        found = release_inputs.gather_many(act.session, [batch], act.at)[batch.id].facts
        for item in rests_on.against_results(found, found.passed, samples=is_taken_back):
            yield item.finding, [batch]
            break


def _labels(act: Act, under: Named) -> Judged:
    """A label that was printed for a batch: what it reconciled may hold no more."""
    for batch in _released(act.session, select(Batch).where(Batch.id == subjects.id_of(under))):
        found = release_inputs.gather_many(act.session, [batch], act.at)[batch.id].facts
        for item in rests_on.against_labels(found):
            yield item.finding, [batch]
            break


def _deviation(act: Act, deviation: Deviation) -> Judged:
    """A deviation that was opened, made graver or judged after the release: of the batch or of what
    it came from, of a lot it was made with, of equipment it was made on."""
    resting = concerns.resting_on(act.session, deviation, deviation.opened_at)
    resting = _under(deviation.scope_id) if resting is None else resting
    released = _released(act.session, resting)
    if released:
        said = release_inputs.deviation_facts(investigation.story_of(act.session, deviation))
        if rests_on.holds(said):
            for item in rests_on.against_deviation(said):
                yield item.finding, released
    for cause, touched in siblings.beside(act, deviation):
        yield cause, _released(act.session, touched)


def _observation(act: Act, seen: Observation) -> Judged:
    """An observation that waits for QA: of the batch or of what it came from, of a lot it was made
    with, of equipment it was made on."""
    if states.of(act.session, seen, OBSERVATION_AXIS) == ObservationState.UNCLASSIFIED:
        resting = concerns.resting_on(act.session, seen, seen.at)
        resting = _under(seen.scope_id) if resting is None else resting
        against = rests_on.against_observation(release_inputs.observed(seen))
        yield from _judged(act, [against], resting)


def _by_hand(act: Act, put: Hold) -> Judged:
    """A hold by hand: of a lot, a container, a cord, or a donor with all her cords.

    A piece of equipment is only not used any more; what it was used for is judged by what QA says.
    """
    resting = {
        Lot.__tablename__: uses.batches_with_lot,
        Container.__tablename__: lambda _: _under(put.scope_id),
        Cord.__tablename__: _under,
        Donor.__tablename__: _under,
    }.get(put.subject_kind)
    if resting:
        held = release_inputs.held_thing(put)
        yield from _judged(act, [rests_on.against_hold(held)], resting(put.subject_id))
    if put.subject_kind == Lot.__tablename__:
        lot = act.session.get_one(Lot, put.subject_id)
        for cause, touched in other_deliveries.of_lot(act, lot, put.at):
            yield cause, _released(act.session, touched)


def _document(act: Act, document: ControlledDocument) -> Judged:
    """A document that was retired: what was released on it is held, and what is not released yet
    has a deviation for QA to judge.
    """
    if states.of(act.session, document, DOCUMENT_AXIS) == DocumentState.RETIRED:
        resting, said = documents_used.batches_with(document), {"document": document.named}
        retired = deviates(ReleaseRule.DOCUMENT_RETIRED, Classification.MAJOR, **said)
        released = states.standing(Batch.__tablename__, DISPOSITION, *RELEASED)
        waiting = resting.where(Batch.id.not_in(released))
        used_unfit.open_for(act, waiting, retired, document, document.named)
        yield retired, _released(act.session, resting)


JUDGES: dict[str, Callable[[Act, Any], Judged]] = {
    Lot.__tablename__: _lot,
    Equipment.__tablename__: _equipment,
    Batch.__tablename__: _labels,
    Entry.__tablename__: _entry,
    ContainerFate.__tablename__: _fate,
    Donor.__tablename__: _donor,
    Cord.__tablename__: _cord,
    Result.__tablename__: _result,
    Deviation.__tablename__: _deviation,
    Observation.__tablename__: _observation,
    ControlledDocument.__tablename__: _document,
    Hold.__tablename__: _by_hand,
}
