"""How many labels were issued for the containers of a batch, counted in the register of prints: a
person says what became of them, never how many there were (21 CFR 211.125).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, func, select

from integrity.database import Session
from integrity.facts import Fact
from labels.print_register import LabelPrint
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.rules.sequence import place_fact
from manufacturing.masters.model import Field, Step
from stores.containers import Container

_PRINTED = (
    select(Container.scope_id, Container.kind, func.count(LabelPrint.id))
    .join(LabelPrint, LabelPrint.code == Container.code)
    .where(Container.scope_id.in_(bindparam("batches", expanding=True)))
    .group_by(Container.scope_id, Container.kind)
)
Counts = Mapping[str, int]  # {kind of container: labels printed for it, copies included}


def of_batches(session: Session, batch_ids: Iterable[int]) -> dict[int, Counts]:
    """{batch id: how many labels were printed by kind of container}, in one question."""
    found: dict[int, Counter[str]] = {number: Counter() for number in batch_ids}
    for batch_id, kind, number in session.rows(_PRINTED, {"batches": list(found)}):
        found[batch_id][kind] += number
    return dict(found)


def of_field(field: Field, counts: Counts) -> int:
    """The labels a field counts: of its kind of container, or all of them."""
    return counts.get(field.kind, 0) if field.kind else sum(counts.values())


def counted(
    session: Session, state: BatchState, step: Step, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The values with every count of labels as the register has it now."""
    fields = [field for field in step.fields if field.type == "labels" and field.is_asked(values)]
    if not fields:
        return dict(values)
    counts = of_batches(session, [state.batch.id])[state.batch.id]
    return dict(values) | {
        field.id: {"text": str(of_field(field, counts)), "unit": "1"} for field in fields
    }


def printed_since(state: BatchState, counts: Counts) -> list[tuple[Fact, int, int]]:
    """(place, issued when it was recorded, issued now) of each count that holds no more."""
    found = []
    for entry in state.current:
        for field in state.master.step(entry.step).fields:
            value = entry.values.get(field.id) if field.type == "labels" else None
            if value and int(value["text"]) != of_field(field, counts):
                where = place_fact(state.master, entry.position)
                found.append((where, int(value["text"]), of_field(field, counts)))
    return found
