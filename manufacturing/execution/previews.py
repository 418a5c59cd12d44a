"""What a step would hold if it were recorded now: worked out of what is typed so far, by the very
code that records it, and judged by the same law. Questions only: nothing here writes.

What is known before the hands move (the volume to seed) is asked for here, not worked out a second
time in the browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from integrity import facts
from integrity.database import Session
from integrity.facts import Fact
from integrity.findings import Finding
from labels import codes
from manufacturing.execution import (
    agreements,
    expiry,
    formula_values,
    label_counts,
    lot_amounts,
    receipt_checks,
    scans,
    typed_values,
)
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules import alerts, previews as rules
from manufacturing.execution.rules.previews import Within
from manufacturing.execution.rules.sequence import Position
from manufacturing.execution.rules.steps import judged_value
from manufacturing.masters.model import Field
from stores import lots
from stores.lots import Lot

UTC = ZoneInfo("UTC")  # nothing that is worked out is a time
SHOWN = ("calculation", "labels", "receipt")  # beside counts: what the server works out


@dataclass(frozen=True)
class Seen:
    """What is to be seen at one field before it is recorded.

    `shown` is what was worked out or recognised, None where nothing is to be said but `said`.
    """

    within: Within
    shown: Fact | None = None
    code: str = ""  # of what was scanned
    said: Sequence[Finding] = ()
    expires_at: datetime | None = None  # of the product, if this moment were recorded


def of_step(
    session: Session,
    state: BatchState,
    position: Position,
    typed: Mapping[str, str],
    at: datetime,
    claimed: datetime | None = None,
) -> dict[str, Seen]:
    """{field: what is to be seen at it} of one position, out of what is typed so far."""
    values = _values(session, state, position, typed)
    seen = _of_values(session, state, position, values, at, claimed)
    return _overdrawn(session, state, position, values, seen, _lots(session, state, position, seen))


def _values(
    session: Session, state: BatchState, position: Position, typed: Mapping[str, str]
) -> dict[str, Any]:
    """What is typed so far, with everything that can be worked out of it."""
    step = state.master.step(position.step)
    taken = {
        field.id: value
        for field, value, faults in typed_values.read_step(step.fields, typed)
        if value is not None and not faults
    }
    taken = label_counts.counted(session, state, step, taken)
    taken = receipt_checks.received(session, state, step, taken)
    return formula_values.worked_out(state.master, state.recorded(), position, taken)


def _of_values(
    session: Session,
    state: BatchState,
    position: Position,
    values: Mapping[str, Any],
    at: datetime,
    claimed: datetime | None,
) -> dict[str, Seen]:
    against = agreements.against(state, position, values)
    seen = {}
    for field in state.master.step(position.step).fields:
        if field.id not in values:
            continue
        if field.type in ("lot", "equipment"):
            seen[field.id] = _scanned(session, field, values[field.id]["scanned"], at, claimed)
        else:
            others = [each for each in against if each.field == field.id]
            seen[field.id] = _judged(field, values[field.id], others)
    return seen | _expiry(state, position, values)


def of_correction(
    session: Session,
    state: BatchState,
    entry: Entry,
    typed: Mapping[str, str],
    at: datetime,
    claimed: datetime | None = None,
) -> dict[str, Seen]:
    """The same of what would take the place of an entry: what it names already was judged when it
    was used and is not asked about again, unless another amount of it is said.
    """
    values, position = _values(session, state, entry.position, typed), entry.position
    claimed = claimed or entry.performed_at
    stays = {
        name: value
        for name, value in entry.values.items()
        if value and "code" in value and typed.get(name, "") == value["code"]
    }
    seen = {
        name: each
        for name, each in _of_values(session, state, position, values, at, claimed).items()
        if name not in stays
    }
    used = _lots(session, state, position, seen)
    used |= lot_amounts.amended(session, state, entry, values | stays)
    return _overdrawn(session, state, position, values, seen, used)


def _lots(
    session: Session, state: BatchState, position: Position, seen: Mapping[str, Seen]
) -> dict[str, Lot]:
    """The lots that were recognised at fields which say how much is used, {field: lot}."""
    step = state.master.step(position.step)
    scanned = {
        name: lots.by_code(session, codes.read(each.code).bare)
        for name, each in seen.items()
        if step.field(name).used and each.code
    }
    return {name: lot for name, lot in scanned.items() if lot}


def _overdrawn(
    session: Session,
    state: BatchState,
    position: Position,
    values: Mapping[str, Any],
    seen: Mapping[str, Seen],
    used: Mapping[str, Lot],
) -> dict[str, Seen]:
    """The same with what would be used of these lots beyond what was received of them."""
    found, over = dict(seen), lot_amounts.overdrawn(session, state, position, values, used)
    for name, lot in used.items():
        mine = [each for each in over if each.parameters["lot"] == facts.code(lot.code)]
        if mine:
            known = found.get(name, Seen(Within.OUTSIDE))
            found[name] = replace(known, within=Within.OUTSIDE, said=[*known.said, *mine])
    return found


def _judged(field: Field, value: Mapping[str, Any], others: Sequence[Finding]) -> Seen:
    if formula_values.waits(value):
        return Seen(Within.WAITS)
    outside, beyond = [*judged_value(field, value), *others], list(alerts.crossed(field, value))
    within = rules.within(field, outside, beyond)
    is_shown = field.type in SHOWN or field.type == "count"
    shown = formula_values.fact(field, value, UTC) if is_shown else None
    return Seen(within, shown, said=[*outside, *beyond])


def _scanned(
    session: Session, field: Field, typed: str, at: datetime, claimed: datetime | None
) -> Seen:
    thing, refused = scans.recognised(session, field, typed, at, claimed)
    if thing is None:
        return Seen(Within.REFUSED, said=refused)
    return Seen(Within.INSIDE, thing[1], thing[0])


def _expiry(state: BatchState, position: Position, values: Mapping[str, Any]) -> dict[str, Seen]:
    """What follows from the moment that the product's time runs from."""
    step, _, name = (state.master.expires_from or "").partition(".")
    if step != position.step or name not in values:
        return {}
    at = expiry.expires_at(state, {step: values})
    return {name: Seen(Within.OPEN, expires_at=at)} if at else {}


def waiting_for(
    session: Session,
    state: BatchState,
    position: Position,
    typed: Mapping[str, str],
    scanned: str,
    at: datetime,
) -> Field | None:
    """The open field of a step that a scan belongs to: the first one that is asked for, has nothing
    in it, and wants this material or this kind of equipment."""
    for field in _open(state, position, typed):
        thing, _ = scans.find(session, field, scanned, at)
        kind = thing.material if isinstance(thing, Lot) else thing.kind if thing else None
        if kind and kind == (field.material or field.kind):
            return field
    return None


def _open(state: BatchState, position: Position, typed: Mapping[str, str]) -> Iterator[Field]:
    fields = state.master.step(position.step).fields
    answered = {
        field.id: value
        for field, value, faults in typed_values.read_step(fields, typed)
        if value is not None and not faults
    }
    for field in fields:
        is_scan = field.type in ("lot", "equipment")
        if is_scan and field.is_asked(answered) and not typed.get(field.id, "").strip():
            yield field
