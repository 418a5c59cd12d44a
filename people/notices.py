"""What stands above every page until somebody has dealt with it.

The clock, a restore, people who are closed out after repeated failures.
"""

from __future__ import annotations

from collections.abc import Iterator

from integrity import doubts
from integrity.database import Session
from people import closings
from people.permissions import Role
from people.rules.guesses import Purpose

SHOWN = 5  # people who are closed out, named at once


def notices(session: Session, role: str) -> list[tuple[str, str]]:
    """(tone, sentence) of everything that somebody of this role must know now."""
    found = []
    if doubts.of_clock(session):
        found.append(
            (
                "rejected",
                "The server's clock went back, or jumped. Signing is stopped until an "
                "administrator has acknowledged it and QA has judged it.",
            )
        )
    if doubts.of_restore(session):
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
