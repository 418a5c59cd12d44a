"""Makers of what becomes of containers, through the same acts that the pages use."""

from __future__ import annotations

from typing import Any

from integrity.acts import Act
from integrity.database import Session
from integrity.signatures import Seal, reviewed
from integrity.trail import Actor
from stores import fates
from stores.fates import ContainerFate, FateFacts
from tests.makers.people import entry_id

WHY = "The bag was damaged on its way."
SITE = "SITE-04"
WORDS: dict[str, dict[str, str]] = {
    "issued": {"consignee": SITE},
    "returned": {"reason": WHY, "condition": "unopened"},
    "used": {"reason": WHY},
    "destroyed": {"reason": WHY},
}


def facts(code: str, fate: str, **changes: Any) -> FateFacts:
    return FateFacts(code, fate, **(WORDS[fate] | changes))


def record(session: Session, code: str, fate: str, *, by: Actor, at: Any, **changes: Any) -> Any:
    """What one person records: it may wait for the second one."""
    act = Act(session, by, at, entry_id=entry_id())
    return fates.record(act, facts(code, fate, **changes))


def confirm(session: Session, made: ContainerFate, *, by: Actor, at: Any) -> ContainerFate:
    """The second person signs it."""
    seal = Seal(reviewed(fates.facts_of(session, made.id, at)), "user name and password")
    return fates.confirm(Act(session, by, at, entry_id=entry_id()), made.id, seal=seal)


def become(session: Session, world: Any, code: str, fate: str, **changes: Any) -> ContainerFate:
    """The whole of it, by a technician and where it wants two by a verifier."""
    by, at = world.people["technician"], world.clock()
    made = record(session, code, fate, by=by, at=at, **changes)
    if fate in ("issued", "destroyed"):
        confirm(session, made, by=world.people["verifier"], at=at)
    return made
