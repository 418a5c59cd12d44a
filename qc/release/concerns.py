"""What concerns a batch: what was found of itself, of its cord and donor, of the lots it was made
with and of the equipment it was made on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from integrity.database import Session
from integrity.deviations import Deviation
from integrity.observations import Observation, Seen
from manufacturing.donation.donations import Cord
from manufacturing.execution import uses
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.uses import UsedEquipment
from qc.deviations.investigation import Story
from qc.release import rules
from stores import calibrations
from stores.equipment import Equipment
from stores.lot_uses import LotUse
from stores.lots import Lot


@dataclass(frozen=True)
class Concerns:
    """The things of one batch by their keys, its equipment with when it was used for it, and
    {equipment id: when it was calibrated}."""

    things: frozenset[int]
    equipment: Mapping[int, UsedEquipment]
    calibrated: Mapping[int, Sequence[datetime]]

    @property
    def keys(self) -> frozenset[int]:
        """Under which everything is found that may concern it."""
        return self.things | frozenset(self.equipment)

    def stories(self, found: Iterable[Story]) -> list[Story]:
        """Those of these deviations that concern the batch."""
        return [
            each
            for each in found
            if self._has(
                each.deviation.scope_id,
                each.deviation.opened_at,
                each.judgement.at if each.judgement else None,
            )
        ]

    def seen(self, found: Iterable[Seen]) -> list[Seen]:
        """Those of these observations that concern the batch."""
        return [
            each
            for each in found
            if self._has(
                each.observation.scope_id,
                each.observation.at,
                each.verdict.at if each.verdict else None,
            )
        ]

    def _has(self, scope_id: int, found_at: datetime, decided_at: datetime | None) -> bool:
        used = self.equipment.get(scope_id)
        if used is None:
            return scope_id in self.things
        calibrated = self.calibrated.get(scope_id, ())
        return rules.concerns(found_at, decided_at, calibrated, used.first, used.last)


def of_batches(
    session: Session,
    here: Mapping[int, BatchState],
    cords: Mapping[int, Cord],
    used: Mapping[int, Sequence[tuple[LotUse, Lot]]],
) -> dict[int, Concerns]:
    """{batch id: what concerns it} in as many questions as for one."""
    on = uses.equipment_of(session, here)
    calibrated = calibrations.done(session, {each.id for found in on.values() for each in found})
    made = {}
    for number, each in here.items():
        cord, lots = cords[each.batch.cord_id], (lot.id for _, lot in used[number])
        things = frozenset({number, cord.id, cord.donor_id, *lots})
        made[number] = Concerns(things, {item.id: item for item in on[number]}, calibrated)
    return made


def resting_on(
    session: Session, found: Deviation | Observation, found_at: datetime
) -> uses.Batches | None:
    """The batches that what was found of a lot or a piece of equipment itself concerns: made with
    that lot, or on that equipment since the calibration that counted then."""
    if found.scope_id != found.subject_id:
        return None
    if found.subject_kind == Lot.__tablename__:
        return uses.batches_with_lot(found.subject_id)
    if found.subject_kind == Equipment.__tablename__:
        counted = calibrations.at(session, found.subject_id, found_at)
        return uses.batches_with_equipment(found.subject_id, counted.done_at if counted else None)
    return None
