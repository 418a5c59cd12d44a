"""The lines of a logbook as a file: where a lot or a piece of equipment was used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from labels import codes
from people.transaction import session
from stores import origins
from stores.equipment import EquipmentUse
from stores.lot_uses import LotUse

COLUMNS = ("batch", "step", "when", "user name")


def lines(uses: Sequence[LotUse | EquipmentUse]) -> Iterator[tuple[object, ...]]:
    """The cells of each use, in a fixed number of queries."""
    entries = origins.named(session(), [use.entry_id for use in uses])
    for use in uses:
        entry = entries.get(use.entry_id or 0)
        yield codes.hyphenated(use.scope), entry.place if entry else "", use.at, use.username
