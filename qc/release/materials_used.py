"""Lots and equipment that a batch used, containers it made: as its full record says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from integrity import times
from integrity.database import Session
from labels import codes
from manufacturing.execution.rules.sequence import place
from qc.release.brought import Signed
from qc.release.release_inputs import ReleaseInputs
from stores import calibrations, containers as made_here, family, fates
from stores.calibrations import Calibration
from stores.containers import Container, ContainerParent
from stores.equipment import Equipment, EquipmentUse
from stores.fates import Told
from stores.lot_uses import LotUse
from stores.lots import Lot
from stores.rules import Disposition


def _places(found: ReleaseInputs) -> dict[int | None, str]:
    """{entry id: its place in the batch}."""
    here = found.here
    return {each.id: place(here.master, each.position) for each in here.everything}


def lots(session: Session, found: ReleaseInputs, zone: ZoneInfo) -> list[dict[str, str]]:
    """Every use of a lot, oldest first."""
    used = session.execute(
        select(LotUse, Lot)
        .join(Lot, Lot.id == LotUse.lot_id)
        .where(LotUse.scope == found.batch.code)
        .order_by(LotUse.id)
    )
    places = _places(found)
    return [
        {
            "code": codes.read(lot.code).shown,
            "material": lot.material,
            "supplier": f"{lot.supplier}, lot {lot.supplier_lot}",
            "expires": times.shown(lot.expires_at, zone)[:10],
            "place": places.get(use.entry_id, ""),
            "at": times.shown(use.at, zone),
        }
        for use, lot in used
    ]


def equipment(session: Session, found: ReleaseInputs, zone: ZoneInfo) -> list[dict[str, str]]:
    """Every use of a piece of equipment, oldest first."""
    used = session.execute(
        select(EquipmentUse, Equipment)
        .join(Equipment, Equipment.id == EquipmentUse.equipment_id)
        .where(EquipmentUse.scope == found.batch.code)
        .order_by(EquipmentUse.id)
    )
    found_used = used.tuples().all()
    places = _places(found)
    held = calibrations.standing_of_many(session, {item.id for _, item in found_used})
    return [
        {
            "code": codes.read(item.code).shown,
            "kind": item.kind,
            "name": item.name,
            "serial": item.serial,
            "calibration": _calibrated(calibrations.counting(held[item.id], use.at)),
            "place": places.get(use.entry_id, ""),
            "at": times.shown(use.at, zone),
        }
        for use, item in found_used
    ]


def _calibrated(made: Calibration | None) -> str:
    """The calibration that counts for a use."""
    if made is None:
        return "none"
    until = f"{made.day(made.done_at)} to {made.day(made.due_at)}"
    return f"{made.reference}, {until}" if made.reference else until


def containers(
    session: Session, found: ReleaseInputs, zone: ZoneInfo, signed: Signed
) -> list[dict[str, Any]]:
    """Every container and sample, with what it was taken from within the batch, what became of it
    and who signed that."""
    made = made_here.of_scope(session, found.batch.code, with_void=True)
    where, by_id = made_here.dispositions(session, made), {each.id: each for each in made}
    places = _places(found)
    parents, told = family.parents(session, by_id), fates.in_scope(session, found.batch.id)
    return [
        {
            "code": codes.read(each.code).shown,
            "kind": each.kind,
            "title": made_here.called(each, places.get(each.entry_id, "")),
            "made": times.shown(each.made_at, zone),
            "parents": [
                _parent(link, by_id, is_void=where[link.parent_id] == Disposition.VOID)
                for link in parents[each.id]
                if link.parent_id in by_id
            ],
            "disposition": where[each.id].replace("_", " "),
            "became": [_became(one, zone, signed) for one in told.get(each.id, ())[::-1]],
        }
        for each in made
    ]


def _became(told: Told, zone: ZoneInfo, signed: Signed) -> dict[str, Any]:
    """What was recorded of a container, by whom, how far that is and who signed it."""
    made = told.record
    said = [
        f"to {made.consignee}" if made.consignee else "",
        times.shown(made.done_at, zone),
        made.condition or "",
        made.reason or "",
        f"put right because: {made.why}" if made.why else "",
        f"recorded by {made.name} ({made.username})",
        told.state,
        _instead(told, zone),
    ]
    deed = f"{made.fate}, put right" if made.corrects_id else made.fate
    return {
        "said": f"{deed}: {', '.join(each for each in said if each)}",
        "signatures": signed(made),
    }


def _instead(told: Told, zone: ZoneInfo) -> str:
    """What is said instead, where it was put right since."""
    made, new = told.record, told.instead
    if new is None:
        return ""
    said = [
        f"to {new.consignee}" if new.consignee != made.consignee else "",
        times.shown(new.done_at, zone) if new.done_at != made.done_at else "",
        (new.condition or "") if new.condition != made.condition else "",
        (new.reason or "no reason") if new.reason != made.reason else "",
    ]
    return f"put right since: {', '.join(each for each in said if each)}"


def _parent(link: ContainerParent, by_id: Mapping[int, Container], *, is_void: bool) -> str:
    """A parent's code, with how much was taken where that was said; of one that was voided since,
    that it does not exist."""
    code = codes.read(by_id[link.parent_id].code).shown
    said = str(link.quantity) if link.quantity else ""
    said = Disposition.VOID if is_void else said
    return f"{code} ({said})" if said else code
