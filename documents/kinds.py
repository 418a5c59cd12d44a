"""The kinds of controlled documents, and what each kind hands down to the register.

The register knows no contents: whoever owns a kind (the masters, the specifications, ...) says how
its bytes are read, what of it is shown and signed, and what is checked before the last approval.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from documents.faults import Fault
from documents.texts import Text
from integrity.database import Session
from integrity.facts import Fact, Pair


class Kind(enum.StrEnum):
    """What a controlled document is."""

    MASTER_RECORD = "master_record"
    SPECIFICATION = "specification"
    DONOR_CRITERIA = "donor_criteria"
    MATERIALS = "materials"
    LABEL_STOCK = "label_stock"


class Contents(Protocol):
    """What every document says of itself, whatever else it says."""

    @property
    def code(self) -> str: ...

    @property
    def title(self) -> Text: ...

    @property
    def demonstration(self) -> bool: ...

    @property
    def sha256(self) -> str: ...


Judge = Callable[[Session, Any, datetime], Iterable[Fault]]


def _nothing(*_: Any) -> tuple[()]:
    return ()


@dataclass(frozen=True)
class Handling:
    """How one kind is read, shown, checked and approved.

    `read` gives the contents of bytes or raises InvalidDocument; `facts` are pairs of facts that
    are shown and signed beside what every document shows; `check` is asked before the last
    approval and sees the register; `names` are the ids that other documents may refer to;
    `changes` says what is different between two contents (None: how many lines). `quality`: QA's
    approval is a third signature, and an act puts a version in force; otherwise two sign, and a
    version holds by itself from its moment on. `single`: a site has one document of this kind.
    """

    kind: Kind
    name: str
    read: Callable[[bytes], Any]
    shipped: Path
    facts: Callable[[Any], Iterable[Pair]] = _nothing
    check: Judge = _nothing
    names: Callable[[Any], Collection[str]] = _nothing
    changes: Callable[[Any, Any], Sequence[Fact]] | None = None
    quality: bool = False
    single: bool = False


_DECLARED: dict[Kind, Handling] = {}
_JUDGES: dict[Kind, list[Judge]] = {}


def declare(handling: Handling) -> Handling:
    """Hand a kind down; once for each kind."""
    _DECLARED[handling.kind] = handling
    return handling


def of(kind: str) -> Handling:
    """How this kind is handled.

    Raises KeyError for a kind whose owner is not loaded.
    """
    return _DECLARED[Kind(kind)]


def judged(kind: Kind, judge: Judge) -> None:
    """Have the contents of a kind judged beside other documents that are in force, at the import
    and again before the last approval; declared by the floor that knows both, once."""
    _JUDGES.setdefault(kind, []).append(judge)


def beside_others(session: Session, kind: str, said: Any, at: datetime) -> Iterator[Fault]:
    """Every fault that contents have beside the documents that are in force at a moment."""
    for judge in _JUDGES.get(Kind(kind), ()):
        yield from judge(session, said, at)
