"""What a batch used when it could not be used, as it turns out later: a use-by day or a calibration
was recorded wrongly, or equipment was found out of tolerance, before its use was told or after it.
Each batch has a deviation for QA to judge, and what is released is held (MAT-02, MAT-03, EBR-08).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Select, select

from integrity import corrections, deviations, facts, states
from integrity.acts import Act
from integrity.deviations import DeviationState, open_deviation
from integrity.facts import Fact
from integrity.findings import Classification, Finding, deviates
from integrity.subjects import SubjectRecord
from labels import codes
from labels.numbering import issue
from manufacturing.execution import lot_amounts, uses
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from qc.release import rules as release_rules
from qc.release.rule_ids import ReleaseRule
from stores import calibrations, lot_corrections, rules
from stores.calibrations import Calibration
from stores.equipment import Equipment, EquipmentUse
from stores.lot_uses import LotUse
from stores.lots import Lot
from stores.rules import DISPOSITION, AsFound, Disposition

Resting = Select[tuple[Batch]]
Unfit = Iterator[tuple[Finding, Resting]]
ENDED = (Disposition.REJECTED, Disposition.RECALLED)  # nothing more is judged about such a batch


def expired_lot(act: Act, lot: Lot) -> Unfit:
    """The batches that used a lot after the use-by day that stands now."""
    since = corrections.changed_at(lot_corrections.of(act.session, lot), "expires_at")
    used = uses.moments_of(act.session, LotUse, lot.id)
    late = [(batch, at) for batch, at in used if rules.is_past(lot.expires_at, at)]
    for batch, at in _first(late).items():
        cause = deviates(
            ReleaseRule.USED_EXPIRED,
            Classification.MAJOR,
            lot=facts.code(lot.code),
            material=lot.material,
            day=lot.day(lot.expires_at),
            at=facts.instant(at),
        )
        yield from _opened(act, batch, cause, lot, facts.code(lot.code), since)


def overdrawn_lot(act: Act, lot: Lot) -> Unfit:
    """The batches that used more of a lot than was received, as is known now, until QA has closed
    the deviation of that (`manufacturing/execution/lot_amounts.py` opens it)."""
    for entry, cause in lot_amounts.beyond(act.session, lot):
        found = deviations.in_scopes(act.session, [entry.batch_id])
        stands = deviations.states_of(act.session, found)
        if any(
            (made.rule, made.subject_id) == (cause.rule, entry.id)
            and stands[made.id] != DeviationState.CLOSED
            for made in found
        ):
            yield cause, select(Batch).where(Batch.id == entry.batch_id)


def uncalibrated(act: Act, item: Equipment) -> Unfit:
    """The batches that used a piece of equipment when, by the calibrations that stand now, none
    held."""
    held = calibrations.standing(act.session, item.id)
    since = calibrations.changed_at(act.session, item.id)
    used = uses.moments_of(act.session, EquipmentUse, item.id)
    unfit = [(batch, at) for batch, at in used if not calibrations.holds_at(held, at)]
    for batch, at in _first(unfit).items():
        cause = deviates(
            ReleaseRule.USED_UNCALIBRATED,
            Classification.MAJOR,
            equipment=item.shown,
            at=facts.instant(at),
        )
        yield from _opened(act, batch, cause, item, item.shown, since)


def out_of_tolerance(
    act: Act, item: Equipment, made: Calibration, only: int | None = None
) -> Unfit:
    """The batches, or the one of this key, that used a piece of equipment since the calibration
    before the one that found it out of tolerance, until that was known."""
    before = calibrations.before(act.session, made)
    since = before.done_at if before else None
    used = uses.moments_of(act.session, EquipmentUse, item.id)
    doubted = {batch for batch, at in used if release_rules.is_doubted(at, since, made.at)}
    cause = deviates(
        ReleaseRule.FOUND_OUT_OF_TOLERANCE,
        Classification.MAJOR,
        equipment=item.shown,
        day=made.day(made.done_at),
        reference=made.reference,
    )
    resting = select(Batch).where(Batch.id.in_(doubted if only is None else doubted & {only}))
    since = calibrations.changed_at(act.session, item.id)
    yield cause, open_for(act, resting, cause, item, item.shown, since=since)


def told_late(act: Act, entry: Entry) -> Unfit:
    """The batch of an entry that says only now what equipment was used when: it had been found out
    of tolerance before that was told."""
    if entry.performed_at == entry.recorded_at and entry.corrects_id is None:
        return
    for item in uses.equipment_at(act.session, entry):
        for made in calibrations.standing(act.session, item.id):
            if made.as_found == AsFound.OUT_OF_TOLERANCE:
                yield from out_of_tolerance(act, item, made, entry.batch_id)


def _first(used: list[tuple[int, datetime]]) -> Mapping[int, datetime]:
    """{batch id: the first of its moments}."""
    found: dict[int, datetime] = {}
    for batch, at in used:
        found[batch] = min(at, found.get(batch, at))
    return found


def _opened(
    act: Act,
    batch_id: int,
    cause: Finding,
    thing: SubjectRecord,
    place: Fact,
    since: datetime | None,
) -> Unfit:
    resting = select(Batch).where(Batch.id == batch_id)
    yield cause, open_for(act, resting, cause, thing, place, since=since)


def open_for(
    act: Act,
    resting: Resting,
    cause: Finding,
    thing: SubjectRecord,
    place: Fact,
    *,
    comment: Fact | None = None,
    since: datetime | None = None,
    also_ended: bool = False,
) -> Resting:
    """A deviation of every batch that can still be judged (of all of them: `also_ended`) and has
    none that answers for it: one that waits, or that was judged of the same facts (`since` is when
    they became what they are, None from the first). Gives those that have it now and had not."""
    ended = states.standing(Batch.__tablename__, DISPOSITION, *ENDED)
    asked = resting if also_ended else resting.where(Batch.id.not_in(ended))
    found = act.session.scalars(asked).all()
    known = deviations.judging(act.session, [batch.id for batch in found], cause, since)
    waiting = [batch for batch in found if batch.id not in known]
    for batch in waiting:
        open_deviation(
            act,
            cause,
            issue(act, codes.Series.DEVIATION),
            scope=batch.itself,
            subject=thing,
            place=place,
            comment=comment,
        )
    opened = [batch.id for batch in waiting]
    return select(Batch).where(Batch.id.in_(opened)).order_by(Batch.id)
