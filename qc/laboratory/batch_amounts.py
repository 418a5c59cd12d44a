"""What a batch itself says that its results are judged with.

Volume, weight and label claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from integrity.database import Session
from integrity.figures import superscript
from integrity.quantities import Quantity
from manufacturing.execution import entries
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from qc.laboratory.rules.results import Basis
from qc.specifications.model import Sources


def amount_shown(amount: Quantity) -> str:
    """An amount as people read it.

    A number of cells as a power of ten, anything else with its own digits.
    """
    return f"{superscript(amount.number)} cells" if amount.unit == "cells" else str(amount)


def basis_of(session: Session, batch_code: str, sources: Sources) -> Basis:
    """The amounts as they stand in the batch record now, after corrections.

    None for what is not recorded yet.
    """
    found = session.scalars(
        select(Entry)
        .join(Batch, Batch.id == Entry.batch_id)
        .where(Batch.code == batch_code)
        .order_by(Entry.id)
    ).all()
    return basis_from(entries.current(found), sources)


def basis_from(current: Sequence[Entry], sources: Sources) -> Basis:
    """The same from the current entries of a batch, where a caller has them already."""
    return Basis(
        *(_amount(current, source) for source in (sources.volume, sources.weight, sources.claim))
    )


def content_from(current: Sequence[Entry], sources: Sources) -> Quantity | None:
    """The cells in one container as they were measured, where the specification names them."""
    return _amount(current, sources.content)


def named(sources: Sources) -> frozenset[tuple[str, str]]:
    """The (step, field) pairs that the specification takes its amounts from."""
    found = [
        tuple(source.split(".", 1))
        for source in (sources.volume, sources.weight, sources.claim, sources.content)
        if source
    ]
    return frozenset((each[0], each[-1]) for each in found)


def _amount(current: Sequence[Entry], source: str | None) -> Quantity | None:
    step, _, field = (source or "").partition(".")
    value: Any = next(
        (entry.values.get(field) for entry in reversed(current) if entry.step == step), None
    )
    return (
        Quantity(value["text"], value["unit"])
        if value and value.get("text") and value.get("unit")
        else None
    )
