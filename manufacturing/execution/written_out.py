"""What a correction takes out of the record of a batch: the lots and equipment that it names no
more, and what speaks against them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from integrity import facts
from integrity.acts import Act
from integrity.findings import Finding
from manufacturing.execution import scans
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules import corrections as rules
from manufacturing.execution.rules.moments import end_of_minute
from manufacturing.masters.model import Field, Step
from stores import calibrations, equipment

SCANNED = ("lot", "equipment")


def taken_out(act: Act, step: Step, old: Entry, values: Mapping[str, Any]) -> list[Finding]:
    """What speaks against everything that an entry named and its correction, with these values,
    does not."""
    gone = [
        field
        for field in step.fields
        if field.type in SCANNED and old.values.get(field.id)
        if values.get(field.id, {}).get("code") != old.values[field.id]["code"]
    ]
    return [finding for field in gone for finding in _against(act, field, old)]


def _against(act: Act, field: Field, old: Entry) -> Iterator[Finding]:
    code, label = old.values[field.id]["code"], facts.text(field.label)
    used_at = min(act.at, end_of_minute(old.performed_at))
    _, now = scans.find(act.session, field, code, act.at)
    _, then = scans.find(act.session, field, code, act.at, used_at)
    yield from rules.written_out(label, code, rules.speaks_against(now, then))
    if field.type == "equipment" and (item := equipment.by_code(act.session, code)):
        held = calibrations.standing(act.session, item.id)
        days = [each.day(each.done_at) for each in calibrations.doubting(held, used_at)]
        yield from rules.doubted(label, code, days)
