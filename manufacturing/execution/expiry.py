"""When the product of a batch expires: worked out from its record, wherever it is asked for.

The master record names the moment from which the product's time runs, and how long it keeps: one
hold, or one for each formulation (docs/process.md, 7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from integrity.acts import Act
from integrity.findings import Finding
from integrity.quantities import Quantity
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules import corrections as rules
from manufacturing.masters.model import Field, Step
from stores import containers, expiries
from stores.rules import ContainerKind

Typed = Mapping[str, Mapping[str, Any]]  # {step: values} that are not recorded yet


def expires_at(state: BatchState, typed: Typed | None = None) -> datetime | None:
    """The last moment at which the product may be given, or None while it does not follow.

    In UTC; the moment itself is inside. What is typed counts as if it were recorded.
    """
    found = kept(state, typed)
    return found[1] if found else None


def kept(state: BatchState, typed: Typed | None = None) -> tuple[datetime, datetime] | None:
    """From when until when the product keeps, or None while it does not follow."""
    hold, began = _hold(state, typed or {}), _began(state, typed or {})
    return (began, began + _span(hold)) if hold and began else None


def _began(state: BatchState, typed: Typed) -> datetime | None:
    if state.master.expires_from is None:
        return None
    step, _, field = state.master.expires_from.partition(".")
    of = state.master.field(f"{step}.{field}")
    value = _value(state, typed, state.master.step(step), of)
    return datetime.fromisoformat(value["at"]) if value else None


def _hold(state: BatchState, typed: Typed) -> Quantity | None:
    if state.master.formulation is None:
        return state.master.hold
    step, field = state.master.formulation
    value = _value(state, typed, step, field)
    chosen = (option.hold for option in field.options if value and option.value == value["value"])
    return next(chosen, None)


def _value(state: BatchState, typed: Typed, step: Step, field: Field) -> Mapping[str, str] | None:
    """What the latest entry of a step says in a field."""
    if step.id in typed:
        return typed[step.id].get(field.id)
    latest = [each for each in state.current if each.step == step.id and not each.not_applicable]
    found: Mapping[str, str] | None = latest[-1].values.get(field.id) if latest else None
    return found


def _span(hold: Quantity) -> timedelta:
    return timedelta(microseconds=int(hold.to("s").size * 1_000_000))


def revived(act: Act, state: BatchState, entry: Entry) -> list[Finding]:
    """What speaks against a corrected entry by which a product that has expired would not have;
    asked before that is settled."""
    if not _matters(state, entry):
        return []
    product = containers.of_scope(act.session, state.batch.code, ContainerKind.FINAL)
    known = [at for at in expiries.of(act.session, [each.id for each in product]).values() if at]
    return list(rules.revived(max(known, default=None), expires_at(state), act.at))


def settle(act: Act, state: BatchState, entry: Entry) -> dict[str, str]:
    """Say the expiry of the batch's product again, where an entry may have changed it.

    An inner act of recording or correcting a step; gives what its event tells of it.
    """
    if not _matters(state, entry):
        return {}
    product = containers.of_scope(act.session, state.batch.code, ContainerKind.FINAL)
    changed = expiries.settle(act, product, expires_at(state), entry.id)
    return {code: at.isoformat() if at else "unknown" for code, at in changed.items()}


def _matters(state: BatchState, entry: Entry) -> bool:
    master, step = state.master, state.master.step(entry.step)
    if master.expires_from is None:
        return False
    begins = master.expires_from.startswith(f"{entry.step}.")
    chooses = master.formulation is not None and master.formulation[0].id == entry.step
    return begins or chooses or any(field.kind == ContainerKind.FINAL for field in step.fields)
