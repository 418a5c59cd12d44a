"""The clock of the demonstration.

Simulated, only ever going on, and every event made by it says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from integrity.database import Database, Session
from integrity.site import zone

SIMULATED = "simulated"


class SimulatedClock:
    """A clock that stands still until it is told to go on; `at` is aware."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def wait(self, span: timedelta) -> None:
        self.at += span

    def until(self, at: datetime) -> None:
        """Go on to a moment; a moment gone by changes nothing."""
        self.at = max(self.at, at)


@contextmanager
def writing(database: Database, clock: SimulatedClock) -> Iterator[tuple[Session, datetime]]:
    """The transaction of one act under the simulated clock, and its moment."""
    with database.writing() as session:
        session.ledger.clock, session.ledger.zone = SIMULATED, zone(session).key
        yield session, clock()
