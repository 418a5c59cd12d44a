"""What stands above every page until somebody has dealt with it.

The clock, a restore, accounts that are locked.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, text

from integrity import states
from integrity.backups import RestoreState
from integrity.clock import ClockState
from integrity.database import Session
from people.accounts import AccountState, Person
from people.permissions import Role

_SITE = text("SELECT axis, state FROM states WHERE subject_kind = 'sites'")  # asked by every page
SHOWN = 5  # locked accounts named at once


def notices(session: Session, role: str) -> list[tuple[str, str]]:
    """(tone, sentence) of everything that somebody of this role must know now."""
    found = []
    site = session.ledger.recall("site states", lambda: dict(_site_states(session)))
    if site.get("clock") in (ClockState.SUSPECT, ClockState.ACKNOWLEDGED):
        found.append(
            (
                "rejected",
                "The server's clock went back. Signing is stopped until an administrator has "
                "acknowledged it and QA "
                "has judged it.",
            )
        )
    if site.get("restore") == RestoreState.RESTORED:
        found.append(
            (
                "held",
                "This installation was restored from a backup. Entries made after that backup "
                "are lost. QA has not "
                "seen it yet.",
            )
        )
    if role not in (Role.ADMINISTRATOR, Role.QA):
        return found
    return found + session.ledger.recall("locked accounts", lambda: list(_locks(session)))


def _site_states(session: Session) -> Iterator[tuple[str, str]]:
    return ((axis, state) for axis, state in session.execute(_SITE))


def _locks(session: Session) -> Iterator[tuple[str, str]]:
    """The alert that needs no mail server: repeated failures locked somebody (SIG-15, IAM-07)."""
    standing = states.State
    locked = session.execute(
        select(Person.username, standing.axis)
        .join(standing, standing.subject_id == Person.id)
        .where(standing.subject_kind == Person.__tablename__, standing.state == AccountState.LOCKED)
        .order_by(standing.since.desc())
        .limit(SHOWN)
    )
    for username, axis in locked:
        what = "Signing of" if axis == "signing" else "The account"
        yield (
            "rejected",
            f"{what} {username} is locked after repeated failures. Find out who tried before it "
            "is opened again.",
        )
