"""What was scanned for the fields of a step: lots and equipment, found by their codes and judged.

Only released and in date, or calibrated (MAT-02, MAT-03).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field as part, replace
from datetime import datetime
from typing import Any

from integrity import facts
from integrity.database import Session
from integrity.findings import Finding
from labels import codes
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.moments import end_of_minute, turned_since
from manufacturing.masters.model import Field
from stores import equipment, lot_uses, lots
from stores.equipment import Equipment
from stores.lots import Lot
from stores.rules import Disposition

Thing = Lot | Equipment


def find(
    session: Session, field: Field, typed: str, at: datetime, claimed: datetime | None = None
) -> tuple[Thing | None, list[Finding]]:
    """(the lot or piece of equipment of a code, what blocks its use now, or at the time that is
    claimed)."""
    thing: Thing | None
    if field.type == "lot":
        thing, found = lots.usable(session, typed, field.material or "", at, claimed)
    else:
        thing, found = equipment.usable(session, typed, field.kind or "", at, claimed)
    return thing, [replace(finding, field=field.id) for finding in found]


def recognised(
    session: Session, field: Field, typed: str, at: datetime, claimed: datetime | None = None
) -> tuple[tuple[str, str] | None, list[Finding]]:
    """((code, what it is in a few words), or None.

    What blocks its use), for the page that shows a scan again.
    """
    thing, found = find(session, field, typed, at, then_of(claimed, at))
    if found or thing is None:
        return None, found
    if find(session, field, typed, at)[1]:
        return (codes.read(thing.code).shown, thing.name), []
    words = [thing.name, "calibrated"]
    if isinstance(thing, Lot):
        day = thing.day(thing.expires_at)
        words = [thing.name, Disposition.RELEASED, f"use by {day}"]
    return (codes.read(thing.code).shown, " · ".join(words)), []


def then_of(claimed: datetime | None, at: datetime) -> datetime | None:
    """The moment that is claimed; people write minutes, and mean any second of them."""
    return None if claimed is None else min(at, end_of_minute(claimed))


@dataclass
class Scans:
    """The scans of one entry, read field by field; `things` gathers what is used anew, by field.

    `stays` are the lots and equipment of the entry that is corrected, {field: id}, with `old` its
    values: what stays as it was is neither judged nor used again.
    """

    session: Session
    at: datetime
    stays: Mapping[str, int] = part(default_factory=dict)
    old: Mapping[str, Any] = part(default_factory=dict)
    things: dict[str, Thing] = part(default_factory=dict)
    claimed: datetime | None = None
    lapsed: bool = False  # whether something could be used when it was, and cannot be any more
    turned: list[Finding] = part(default_factory=list)  # what is forbidden by now, and was not

    def read(self, field: Field, value: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
        """(the value as it is shown and signed, what blocks the use)."""
        then, typed = then_of(self.claimed, self.at), value["scanned"]
        thing, found = find(self.session, field, typed, self.at, then)
        if thing is None:
            return {}, found
        if field.id in self.old and self.stays.get(field.id) == thing.id:
            return dict(self.old[field.id]), []
        if self.claimed and not found:
            since = find(self.session, field, typed, self.at)[1]
            self.lapsed |= bool(since)
            self.turned += turned_since(facts.text(field.label), since, self.claimed, field.id)
        self.things[field.id] = thing
        return {"code": thing.code, "name": thing.name}, found


def named_by(session: Session, state: BatchState, entry: Entry) -> dict[str, int]:
    """{field: id} of the lots and equipment that an entry names, itself or by what it corrects."""
    kinds = {field.type for field in state.master.step(entry.step).fields}
    if kinds.isdisjoint(("lot", "equipment")):
        return {}
    line = [each.id for each in state.everything if each.position == entry.position]
    return lot_uses.named_by(session, line) | equipment.named_by(session, line)
