"""Master batch records for tests.

Imported, signed and made effective through the same acts the pages use.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import qc.specifications.register  # noqa: F401  (hands its kind down)
from documents import approval
from documents.kinds import Kind
from documents.register import ControlledDocument
from integrity.database import Database, Session
from integrity.trail import Actor
from manufacturing.masters.register import HANDLING
from tests.makers import documents

SHIPPED_BYTES = HANDLING.shipped.read_bytes()
# deed: (role that does it, act)
DEEDS: dict[str, tuple[str, Callable[..., ControlledDocument]]] = {
    "author": ("master_author", approval.author),
    "approve": ("master_approver", approval.approve),
    "approve_for_quality": ("qa", approval.approve_for_quality),
    "make_effective": ("master_approver", approval.make_effective),
    "reject": ("master_approver", approval.reject),
    "retire": ("qa", approval.retire),
}
WAY = ("author", "approve", "approve_for_quality", "make_effective")


def entry() -> str:
    return str(uuid.uuid4())


def changed(mark: str = "again") -> bytes:
    """The shipped document with other bytes and the same content."""
    return SHIPPED_BYTES + f"\n# {mark}\n".encode()


def import_master(
    session: Session, people: dict[str, Actor], *, data: bytes = SHIPPED_BYTES, at: datetime
) -> ControlledDocument:
    return documents.import_document(
        session, Kind.MASTER_RECORD, by=people["master_author"], at=at, data=data
    )


def do(
    session: Session,
    deed: str,
    master_id: int,
    *,
    by: Actor,
    at: datetime,
    **words: Any,
) -> ControlledDocument:
    """One signing act on the facts as they are now."""
    return documents.sign(session, DEEDS[deed][1], master_id, by=by, at=at, **words)


def make_its_specification(session: Session, people: dict[str, Actor], *, at: datetime) -> None:
    """The approved specification that the shipped master record names."""
    documents.make_document(
        session, Kind.SPECIFICATION, author=people["master_author"], approver=people["qa"], at=at
    )


def make_master(
    session: Session,
    people: dict[str, Actor],
    *,
    data: bytes = SHIPPED_BYTES,
    until: str = "make_effective",
    at: datetime,
) -> ControlledDocument:
    """A version brought as far as one deed of its way (all of it: effective).

    With the specification it names. `people` has the three roles of a master.
    """
    make_its_specification(session, people, at=at)
    record = import_master(session, people, data=data, at=at)
    for deed in WAY[: WAY.index(until) + 1]:
        do(session, deed, record.id, by=people[DEEDS[deed][0]], at=at)
    return record


def make_effective_master(
    database: Database, people: dict[str, Actor], *, data: bytes = SHIPPED_BYTES, at: datetime
) -> ControlledDocument:
    """`make_master` in a transaction of its own."""
    with database.writing() as session:
        return make_master(session, people, data=data, at=at)
