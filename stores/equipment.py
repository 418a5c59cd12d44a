"""Equipment.

Registered with its kind and room, calibrated with a due day, used while no calibration is overdue
(MAT-03).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Select, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import corrections, dependents, looks, site
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.findings import Finding, Refused, blocks, refuse_if_blocked
from integrity.subjects import Scope, Scoped, SubjectRecord, by_scope
from labels import codes
from labels.numbering import issue
from stores import calibrations, catalogue_register as catalogue, holds, likeness_rules, rules
from stores.actions import EquipmentAction
from stores.calibrations import Calibration
from stores.origins import Origin
from stores.rule_ids import StoreRule
from stores.rules import AsFound

KIND = "equipment"


class EquipmentCorrection(Record, By):
    """What is said of a piece of equipment in the place of what was said before."""

    __tablename__ = "equipment_corrections"

    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"), index=True)
    name: Mapped[str]
    serial: Mapped[str]
    room: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class Equipment(SubjectRecord, By):
    """One piece of equipment as it was registered, `first_…`, and as it stands.

    `kind` is a word of stores/materials.toml, `serial` as on its plate.
    """

    __tablename__ = "equipment"

    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(index=True)
    first_name: Mapped[str] = mapped_column("name")
    first_serial: Mapped[str] = mapped_column("serial")
    first_room: Mapped[str] = mapped_column("room")
    registered_at: Mapped[datetime]
    if TYPE_CHECKING:
        name: Mapped[str]
        serial: Mapped[str]
        room: Mapped[str]

    @property
    def shown(self) -> str:
        """Its name with its code, as sentences use it."""
        return f"{self.name} ({codes.read(self.code).shown})"


SAID = ("name", "serial", "room")
corrections.corrects(EquipmentCorrection, Equipment, "equipment_id", SAID)


class EquipmentUse(Record, Scoped, By):
    """One line of the logbook: in which batch (scope), when and by whom, and which entry and field
    of its step name it.
    """

    __tablename__ = "equipment_uses"
    __table_args__ = (
        by_scope(),
        CheckConstraint("(entry_id IS NULL) = (field IS NULL)", name="named_by"),
    )

    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"), index=True)
    field: Mapped[str | None]
    at: Mapped[datetime]


@dataclass(frozen=True)
class EquipmentFacts:
    """What identifies a piece of equipment.

    `another_piece`: what is on record under the same serial number is another piece.
    """

    kind: str
    name: str
    room: str
    serial: str = ""
    another_piece: bool = False


@dataclass(frozen=True)
class CalibrationFacts:
    """Days in the site's zone; `reference` is the number of the certificate or report.

    `own_certificate`: what is on record under the same number is another calibration.
    """

    done_on: date
    due_on: date
    reference: str
    as_found: str = AsFound.IN_TOLERANCE
    own_certificate: bool = False


def register(act: Act, facts: EquipmentFacts) -> Equipment:
    """Register a piece of equipment under a code of our own. Raises Refused for an unknown kind."""
    if earlier := act.once(EquipmentAction.EQUIPMENT_REGISTERED, facts):
        return act.session.get_one(Equipment, earlier)
    if facts.kind not in catalogue.current(act.session, act.at).equipment:
        raise Refused(blocks(StoreRule.EQUIPMENT_KIND, "kind", kind=facts.kind))
    same = of_one_serial(act.session, facts.serial)
    refuse_if_blocked(likeness_rules.equipment(same, is_another=facts.another_piece))
    item = Equipment(
        code=issue(act, codes.Series.EQUIPMENT),
        kind=facts.kind,
        registered_at=act.at,
        **corrections.said_first(identity(facts)),
    )
    act.add(item)
    act.say(
        EquipmentAction.EQUIPMENT_REGISTERED,
        item,
        scope=item.code,
        facts=facts,
        details={
            "code": item.code,
            "kind": item.kind,
            "name": item.name,
            "serial": item.serial,
            "room": item.room,
            "same_serial": same,
        },
    )
    return item


def register_calibrated(
    act: Act, facts: EquipmentFacts, calibration: CalibrationFacts
) -> Equipment:
    """Register a piece of equipment that comes with its calibration."""
    item = register(act.part("registered"), facts)
    calibrate(act.part("calibrated"), item.id, calibration)
    return item


def of_one_serial(session: Session, serial: str, but: int | None = None) -> list[str]:
    """The bare codes of the equipment, without the piece of this id, under this serial number.

    Of every kind: one piece is registered twice under two kinds as well."""
    known = select(Equipment.code, Equipment.serial).where(Equipment.id != (but or 0))
    return looks.alike(serial, session.execute(known.order_by(Equipment.id)).tuples())


def identity(facts: EquipmentFacts) -> dict[str, str]:
    """What tells a piece of equipment from others of its kind, as its record keeps it."""
    return {"name": facts.name, "serial": facts.serial, "room": facts.room}


def calibrate(act: Act, equipment_id: int, facts: CalibrationFacts) -> Calibration:
    """Record a calibration that was done.

    Raises Refused when it lies in the future or is due before it was done.
    """
    said = [equipment_id, facts]
    if earlier := act.once(EquipmentAction.EQUIPMENT_CALIBRATED, said):
        return act.session.get_one(Calibration, earlier)
    item, zone = act.session.get_one(Equipment, equipment_id), site.zone(act.session)
    same, today = of_one_certificate(act.session, facts.reference), act.at.astimezone(zone).date()
    refuse_if_blocked(
        [
            *rules.calibration(done_on=facts.done_on, due_on=facts.due_on, today=today),
            *likeness_rules.certificate(same, is_its_own=facts.own_certificate),
        ]
    )
    made = act.add(
        Calibration(equipment_id=equipment_id, at=act.at, **said_of(facts, zone)),
    )
    act.say(
        EquipmentAction.EQUIPMENT_CALIBRATED,
        made,
        scope=item.code,
        facts=said,
        details={
            "code": item.code,
            "done_on": facts.done_on,
            "due_on": facts.due_on,
            "reference": facts.reference,
            "as_found": facts.as_found,
            "same_certificate": same,
        },
    )
    dependents.changed(act, item)
    return made


def of_one_certificate(session: Session, reference: str, but: int | None = None) -> list[str]:
    """The bare codes of the equipment that has a calibration, without the one of this id, under
    this number: each once. What was corrected counts by what stands in its place."""
    known = select(Equipment.code, Calibration.reference).join_from(Calibration, Equipment)
    known = known.where(calibrations.stands(), Calibration.id != (but or 0))
    found = session.execute(known.order_by(Calibration.id)).tuples()
    return list(dict.fromkeys(looks.alike(reference, found)))


def said_of(facts: CalibrationFacts, zone: ZoneInfo) -> dict[str, Any]:
    """What a calibration says, as its record keeps it; its days are those of the zone."""
    return {
        "done_at": rules.start_of(facts.done_on, zone),
        "due_at": rules.end_of(facts.due_on, zone),
        "reference": facts.reference,
        "as_found": facts.as_found,
        "zone": zone.key,
    }


def usable(
    session: Session, code_text: str, kind: str, at: datetime, claimed: datetime | None = None
) -> tuple[Equipment | None, tuple[Finding, ...]]:
    """The equipment a scan or a typed text names, and what speaks against using it as a `kind` at
    `at` (MAT-03), or against having used it at the moment that is `claimed`. Never raises.
    """
    try:
        code = codes.read(code_text, expected="Q")
    except codes.UnreadableCode as fault:
        return None, (blocks(StoreRule.EQUIPMENT_UNREADABLE, fault=fault.fact),)
    item = by_code(session, code.bare)
    if item is None:
        return None, (rules.unknown(code, StoreRule.EQUIPMENT_UNKNOWN),)
    newest = calibrations.at(session, item.id, claimed) if claimed else None
    newest = newest if claimed else calibrations.newest(session, [item.id]).get(item.id)
    due, when = newest.due_at if newest else None, claimed or at
    held = (
        holds.was_held(session, item.id, claimed)
        if claimed
        else bool(holds.held(session, [item.id]))
    )
    zone = newest.place if newest else site.zone(session)
    return item, tuple(rules.equipment_use(item.shown, item.kind, kind, due, when, zone, held=held))


def use_equipment(act: Act, item: Scope, scope: Scope, origin: Origin | None) -> EquipmentUse:
    """Write the logbook: used in a batch (bare code) at one entry.

    An inner act: says its own event; judges nothing.
    """
    use = EquipmentUse(
        equipment_id=item.id,
        scope_id=scope.id,
        scope=scope.code,
        entry_id=origin and origin.entry_id,
        field=origin and origin.field,
        at=act.at,
    )
    act.add(use)
    act.say(
        EquipmentAction.EQUIPMENT_USED,
        (KIND, str(item.id)),
        scope=scope.code,
        details={"code": item.code, "place": origin.place if origin else ""},
    )
    return use


_BY_CODE = select(Equipment).where(Equipment.code == bindparam("bare"))


def by_code(session: Session, bare: str) -> Equipment | None:
    """The equipment with this bare code."""
    return session.scalar(_BY_CODE, {"bare": bare})


def listed(kind: str = "") -> Select[Any]:
    """Equipment for a paged list, by kind and name; all or one kind."""
    wanted = select(Equipment).order_by(Equipment.kind, Equipment.name, Equipment.id)
    return wanted.where(Equipment.kind == kind) if kind else wanted


def uses(equipment_id: int) -> Select[Any]:
    """The logbook, newest first, for a paged list."""
    return (
        select(EquipmentUse)
        .where(EquipmentUse.equipment_id == equipment_id)
        .order_by(EquipmentUse.id.desc())
    )


def named_by(session: Session, entry_ids: Iterable[int]) -> dict[str, int]:
    """{field: id of the equipment} that these entries of one position name, the newest of each."""
    wanted = select(EquipmentUse).where(EquipmentUse.entry_id.in_(entry_ids))
    found = session.scalars(wanted.order_by(EquipmentUse.id))
    return {use.field: use.equipment_id for use in found if use.field}
