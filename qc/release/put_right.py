"""What was put right of the things that a batch names (its cord, lots, equipment with their
calibrations, samples), for its record: the old beside the new, why, by whom and when (EBR-08,
AUD-13)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from integrity import facts, times
from integrity.database import Session
from integrity.facts import Fact, Reader
from labels import codes
from manufacturing.donation import cord_corrections
from qc.laboratory import corrections as laboratory, results, samples
from qc.laboratory.results import BeginningCorrection
from qc.laboratory.samples import ReceiptCorrection
from qc.release.release_inputs import ReleaseInputs
from stores import calibrations, containers, equipment_corrections, lot_corrections
from stores.equipment import Equipment, EquipmentCorrection, EquipmentUse
from stores.lot_uses import LotUse
from stores.lots import Lot, LotCorrection

CORD, LOTS, EQUIPMENT, SAMPLES = PARTS = ("cord", "lots", "equipment", "samples")
Differences = Sequence[tuple[Fact, Fact, Fact]]


@dataclass(frozen=True)
class Corrected:
    """One correction: in which part of the record, of which thing (bare code), its record, and what
    differs."""

    part: str
    about: str
    made: Any
    changes: Differences


def of_batch(session: Session, found: ReleaseInputs, zone: ZoneInfo) -> list[dict[str, str]]:
    """Everything that was put right, part by part, the oldest first."""
    reader = Reader(zone=zone.key)
    return [
        {
            "part": each.part,
            "about": codes.read(each.about).shown,
            "what": what,
            "was": was or "not recorded",
            "becomes": becomes or "not recorded",
            "reason": each.made.reason,
            "by": each.made.username,
            "at": times.shown(each.made.at, zone, seconds=True),
        }
        for each in _corrected(session, found)
        for what, was, becomes in facts.compared(each.changes, reader)
    ]


def _corrected(session: Session, found: ReleaseInputs) -> Iterator[Corrected]:
    for change in cord_corrections.of(session, found.cord):
        said = cord_corrections.changes(session, found.cord, change)
        yield Corrected(CORD, found.cord.code, change.made, said)
    yield from _lots(session, found.batch.code)
    yield from _equipment(session, found.batch.code)
    yield from _samples(session, found.batch.code)


def _those(session: Session, key: Any, ids: Collection[int]) -> set[int]:
    """Of these things those that have a correction."""
    return set(session.scalars(select(key).where(key.in_(ids)).distinct()))


def _lots(session: Session, batch: str) -> Iterator[Corrected]:
    used = set(session.scalars(select(LotUse.lot_id).where(LotUse.scope == batch)))
    for number in sorted(_those(session, LotCorrection.lot_id, used)):
        lot = session.get_one(Lot, number)
        for change in lot_corrections.of(session, lot):
            yield Corrected(LOTS, lot.code, change.made, lot_corrections.changes(lot, change))


def _equipment(session: Session, batch: str) -> Iterator[Corrected]:
    wanted = select(EquipmentUse.equipment_id, EquipmentUse.at).where(EquipmentUse.scope == batch)
    used: dict[int, list[datetime]] = {}
    for number, at in session.execute(wanted.order_by(EquipmentUse.at)):
        used.setdefault(number, []).append(at)
    named = _those(session, EquipmentCorrection.equipment_id, used)
    calibrated = list(_calibrations(session, used))
    for number in sorted({*named, *(made.equipment_id for _, made in calibrated)}):
        item = session.get_one(Equipment, number)
        for change in equipment_corrections.of(session, item):
            said = equipment_corrections.changes(change)
            yield Corrected(EQUIPMENT, item.code, change.made, said)
        for old, made in calibrated:
            if made.equipment_id == number:
                changes = equipment_corrections.calibration_changes(old, made)
                yield Corrected(EQUIPMENT, item.code, made, changes)


Pair = tuple[calibrations.Calibration, calibrations.Calibration]


def _calibrations(session: Session, used: dict[int, list[datetime]]) -> Iterator[Pair]:
    """(a calibration as it was, the one in its place) of those that counted when the batch used the
    equipment, and of those that were put right since."""
    known = calibrations.corrected_of(session, used)
    if not known:
        return
    held = calibrations.standing_of_many(session, used)
    counted = {
        made.id
        for number, moments in used.items()
        for at in moments
        if (made := calibrations.counting(held[number], at))
    }
    for made in list(known.values())[::-1]:
        since = made.at >= used[made.equipment_id][0]
        if made.corrects_id and (made.id in counted or since):
            counted.add(made.corrects_id)
    for made in known.values():
        if made.corrects_id and made.corrects_id in counted:
            yield known[made.corrects_id], made


def _samples(session: Session, batch: str) -> Iterator[Corrected]:
    pulled = {each.id: each for each in containers.of_scope(session, batch, "sample")}
    begun = results.every_beginning(session, pulled)
    receipts = samples.receipts_of(session, pulled)
    moved = _those(session, BeginningCorrection.beginning_id, [each.id for each in begun])
    anew = _those(session, ReceiptCorrection.receipt_id, [each.id for each in receipts.values()])
    for number, sample in pulled.items():
        receipt = receipts.get(number)
        mine = [each for each in begun if each.container_id == number and each.id in moved]
        received = receipt if receipt and receipt.id in anew else None
        for change, said in laboratory.told(session, received, mine):
            yield Corrected(SAMPLES, sample.code, change.made, said)
