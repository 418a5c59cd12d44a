"""How an entry is called on the pages of the floors below, and where it is shown."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from integrity.database import Session
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import Position, place
from manufacturing.masters import register
from stores import origins
from stores.origins import Named

_PLACED = (
    select(
        Entry.id, Entry.stage, Entry.cycle, Entry.step, Entry.turn, Batch.master_id, Batch.sha256
    )
    .join(Batch, Batch.id == Entry.batch_id)
    .where(Entry.id.in_(bindparam("ids", expanding=True)))
)


def named(session: Session, entry_ids: Iterable[int]) -> dict[int, Named]:
    """{entry id: how it is named} in one query, and one for each master record not seen before."""
    found = session.rows(_PLACED, {"ids": list(entry_ids)})
    return {
        number: Named(
            place(register.pinned(session, master_id, sha256), Position(*position)),
            f"entry-{number}",
        )
        for number, *position, master_id, sha256 in found
    }


origins.declare(named)
