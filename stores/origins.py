"""Which entry of a batch used or made something, and how its place there is called.

The stores lie below the batches: the chapter that knows the entries declares how they are named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from integrity.database import Session
from integrity.facts import Fact


class Origin(NamedTuple):
    """An entry, the field of its step, and its place as a fact: "Passage 2 · Harvest"."""

    entry_id: int
    field: str
    place: Fact


class Named(NamedTuple):
    """An entry as pages name it: its place in its batch, and the part of the batch's page."""

    place: str
    anchor: str


Naming = Callable[[Session, Iterable[int]], Mapping[int, Named]]
_namings: list[Naming] = []


def declare(naming: Naming) -> None:
    """Say how entries are named; the newest declaration holds."""
    _namings.append(naming)


def named(session: Session, entry_ids: Iterable[int | None]) -> Mapping[int, Named]:
    """{entry id: how it is named}; asks nothing where there is no entry."""
    wanted = {number for number in entry_ids if number is not None}
    return _namings[-1](session, wanted) if wanted and _namings else {}
