"""What was recorded wrongly about a piece of equipment or its calibration, put right by a second
person: the old stays legible, and whatever it was used for is judged anew (EBR-08, MAT-03).

Its kind stays: a step asks for it by its kind, so such a piece is registered anew."""

from __future__ import annotations

from typing import Any

from integrity import corrections, dependents, facts
from integrity.acts import Act
from integrity.corrections import Change
from integrity.database import Session
from integrity.facts import Fact, Pair
from integrity.findings import Stale, blocks, refuse_if_blocked
from stores import calibrations, equipment, likeness_rules, rules
from stores.actions import EquipmentAction
from stores.calibrations import Calibration
from stores.equipment import (
    SAID,
    CalibrationFacts,
    Equipment,
    EquipmentCorrection,
    EquipmentFacts,
)
from stores.rule_ids import StoreRule
from stores.rules import AsFound
from stores.words import StorePhrase, StoreTerm

Differences = list[tuple[Fact, Fact, Fact]]  # (what it is, as it was, as it is)
SAID_OF_CALIBRATION = ("done_at", "due_at", "reference", "as_found", "zone")


def correct(act: Act, equipment_id: int, facts: EquipmentFacts, reason: str) -> Equipment:
    """Say anew what a piece of equipment is called, its number and its room. Raises Refused."""
    told = [equipment_id, facts, reason]
    item = act.session.get_one(Equipment, equipment_id)
    if act.has_answered(EquipmentAction.EQUIPMENT_CORRECTED, told):
        return item
    was, becomes = corrections.standing(item, SAID), equipment.identity(facts)
    by = act.by.username or ""
    is_as_before = was["serial"] == facts.serial
    same = equipment.of_one_serial(act.session, facts.serial, item.id)
    refuse_if_blocked(
        [
            *corrections.against(item.username, by, was != becomes, reason),
            *likeness_rules.equipment(same, is_another=facts.another_piece or is_as_before),
        ]
    )
    made = EquipmentCorrection(equipment_id=item.id, reason=reason.strip(), at=act.at, **becomes)
    act.add(made)
    corrections.take(item, becomes)
    act.say(
        EquipmentAction.EQUIPMENT_CORRECTED,
        item,
        scope=item.code,
        reason=made.reason,
        facts=told,
        details={"code": item.code, "changed": _changed(was, becomes)},
    )
    dependents.changed(act, item)
    return item


def correct_calibration(
    act: Act, calibration_id: int, facts: CalibrationFacts, reason: str
) -> Calibration:
    """Put a calibration in the place of one that was recorded wrongly.

    Its days are those of the place where the old one was typed. Raises Refused, and Stale where it
    was corrected meanwhile."""
    told = [calibration_id, facts, reason]
    if earlier := act.once(EquipmentAction.CALIBRATION_CORRECTED, told):
        return act.session.get_one(Calibration, earlier)
    old = act.session.get_one(Calibration, calibration_id)
    item = act.session.get_one(Equipment, old.equipment_id)
    becomes = equipment.said_of(facts, old.place)
    was = corrections.standing(old, SAID_OF_CALIBRATION)
    _refuse(act, old, facts, was != becomes, reason)
    made = Calibration(
        equipment_id=item.id, corrects_id=old.id, reason=reason.strip(), at=act.at, **becomes
    )
    act.add(made)
    act.say(
        EquipmentAction.CALIBRATION_CORRECTED,
        made,
        scope=item.code,
        reason=made.reason,
        facts=told,
        details={"code": item.code, "changed": _changed(was, becomes)},
    )
    dependents.changed(act, item)
    return made


def _refuse(
    act: Act, old: Calibration, facts: CalibrationFacts, differs: bool, reason: str
) -> None:
    if calibrations.corrections_of(act.session, [old]):
        raise Stale(blocks(StoreRule.CALIBRATION_CORRECTED_ALREADY))
    today, is_as_before = act.at.astimezone(old.place).date(), old.reference == facts.reference
    same = equipment.of_one_certificate(act.session, facts.reference, old.id)
    refuse_if_blocked(
        [
            *corrections.against(old.username, act.by.username or "", differs, reason),
            *rules.calibration(done_on=facts.done_on, due_on=facts.due_on, today=today),
            *likeness_rules.certificate(same, is_its_own=facts.own_certificate or is_as_before),
        ]
    )


def _changed(was: dict[str, Any], becomes: dict[str, Any]) -> dict[str, list[Any]]:
    """{what it is: [as it was, as it is]} of what differs."""
    return {name: [was[name], becomes[name]] for name in becomes if was[name] != becomes[name]}


def of(session: Session, item: Equipment) -> list[Change]:
    """Every correction of a piece of equipment, the oldest first."""
    return corrections.of(session, EquipmentCorrection, "equipment_id", item, SAID)


def changes(change: Change) -> Differences:
    """(what it is, as it was, as it is) of one correction of a piece of equipment."""
    return corrections.differing(_named(change.was), _named(change.becomes))


def calibration_changes(old: Calibration, made: Calibration) -> Differences:
    """The same of a calibration that was corrected, and the one in its place."""
    return corrections.differing(_calibrated(old), _calibrated(made))


def _named(said: corrections.Said) -> list[Pair]:
    return [
        facts.pair(StoreTerm.NAME, said["name"]),
        facts.pair(StoreTerm.SERIAL, said["serial"]),
        facts.pair(StoreTerm.ROOM, said["room"]),
    ]


def _calibrated(said: Calibration) -> list[Pair]:
    found = said.as_found == AsFound.IN_TOLERANCE
    word = StorePhrase.IN_TOLERANCE if found else StorePhrase.OUT_OF_TOLERANCE
    return [
        facts.pair(StoreTerm.CALIBRATED_ON, said.day(said.done_at)),
        facts.pair(StoreTerm.DUE_ON, said.day(said.due_at)),
        facts.pair(StoreTerm.REFERENCE, said.reference),
        facts.pair(StoreTerm.AS_FOUND, facts.word(word)),
    ]
