"""What stands above every page until somebody has dealt with it.

The clock, a restore, people who are closed out after repeated failures.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from integrity.backups import RestoreState
from integrity.clock import ClockState
from integrity.database import Session
from people import closings
from people.permissions import Role
from people.rules.guesses import Purpose

_SITE = text("SELECT axis, state FROM states WHERE subject_kind = 'sites'")  # asked by every page
SHOWN = 5  # people who are closed out, named at once


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
                "This installation was restored from a backup, or an older database was put in its "
                "place: entries made after it are lost. QA has not seen it yet.",
            )
        )
    if role not in (Role.ADMINISTRATOR, Role.QA):
        return found
    return found + session.ledger.recall("closings", lambda: list(_closings(session)))


def _site_states(session: Session) -> Iterator[tuple[str, str]]:
    return ((axis, state) for axis, state in session.execute(_SITE))


def _closings(session: Session) -> Iterator[tuple[str, str]]:
    """The alert that needs no mail server: repeated failures closed somebody out (SIG-15,
    IAM-07).
    """
    for username, purpose in closings.newest(session, SHOWN):
        what = "Signing" if purpose == Purpose.SIGN else "Signing in"
        yield (
            "rejected",
            f"{what} is closed for {username} where it failed repeatedly. Find out who tried "
            "before it is opened again.",
        )
