"""Master batch records for tests.

Imported, signed and made effective through the same acts the pages use.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from integrity.acts import Act
from integrity.canonical import digest_of
from integrity.database import Database, Session
from integrity.signatures import Seal
from integrity.trail import Actor
from manufacturing.masters import register
from manufacturing.masters.document import SHIPPED

SHIPPED_BYTES = SHIPPED.read_bytes()
REASON = "Written against the old template"
# deed: (role that does it, act)
DEEDS: dict[str, tuple[str, Callable[..., register.MasterRecord]]] = {
    "author": ("master_author", register.author), "approve": ("master_approver", register.approve),
    "approve_for_quality": ("qa", register.approve_for_quality),
    "make_effective": ("master_approver", register.make_effective),
    "reject": ("master_approver", register.reject), "retire": ("qa", register.retire),
}  # fmt: skip
WAY = ("author", "approve", "approve_for_quality", "make_effective")


def entry() -> str:
    return str(uuid.uuid4())


def changed(mark: str = "again") -> bytes:
    """The shipped document with other bytes and the same content."""
    return SHIPPED_BYTES + f"\n# {mark}\n".encode()


def import_master(
    session: Session, people: dict[str, Actor], *, data: bytes = SHIPPED_BYTES, at: datetime
) -> register.MasterRecord:
    return register.import_master(
        Act(session, people["master_author"], at, entry_id=entry()), data, "uc-msc-15ml.toml"
    )


def do(
    session: Session,
    deed: str,
    master_id: int,
    *,
    by: Actor,
    at: datetime,
    entry_id: str = "",
    **words: Any,
) -> register.MasterRecord:
    """One signing act on the facts as they are now."""
    seal = Seal(
        digest_of(register.facts_of(session, master_id, words.get("effective_from"))),
        "password",
        REASON if deed in ("reject", "retire") else None,
    )
    return DEEDS[deed][1](Act(session, by, at, entry_id or entry()), master_id, seal=seal, **words)


def make_master(
    session: Session,
    people: dict[str, Actor],
    *,
    data: bytes = SHIPPED_BYTES,
    until: str = "make_effective",
    at: datetime,
) -> register.MasterRecord:
    """A version brought as far as one deed of its way (all of it: effective).

    `people` has the three roles of a master.
    """
    record = import_master(session, people, data=data, at=at)
    for deed in WAY[: WAY.index(until) + 1]:
        do(session, deed, record.id, by=people[DEEDS[deed][0]], at=at)
    return record


def make_effective_master(
    database: Database, people: dict[str, Actor], *, data: bytes = SHIPPED_BYTES, at: datetime
) -> register.MasterRecord:
    """`make_master` in a transaction of its own."""
    with database.writing() as session:
        return make_master(session, people, data=data, at=at)
