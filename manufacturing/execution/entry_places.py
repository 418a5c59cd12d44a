"""How an entry is called on the pages of the floors below, and where it is shown."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from documents import contents
from integrity.database import Session
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import place
from stores import origins
from stores.origins import Named


def named(session: Session, entry_ids: Iterable[int]) -> dict[int, Named]:
    """{entry id: how it is named} in at most three queries."""
    asked = (
        select(Entry, Batch.master_id)
        .join(Batch, Batch.id == Entry.batch_id)
        .where(Entry.id.in_(list(entry_ids)))
    )
    found = session.execute(asked).all()
    masters = contents.of_many(session, {master_id for _, master_id in found})
    return {
        entry.id: Named(place(masters[master_id], entry.position), f"entry-{entry.id}")
        for entry, master_id in found
    }


origins.declare(named)
