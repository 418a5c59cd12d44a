"""Whether what the record says can be relied on now: not while the clock by which an expiry is
judged is under suspicion, nor while entries are lost and QA has not judged what they were.
"""

from __future__ import annotations

from sqlalchemy import text

from integrity.backups import AXIS as RESTORE, RestoreState
from integrity.clock import AXIS as CLOCK, UNTRUSTED
from integrity.database import Session

_SITE = text("SELECT axis, state FROM states WHERE subject_kind = 'sites'")  # asked by every page


def site_states(session: Session) -> dict[str, str]:
    """{axis: where the site stands on it}, known from one page to the next."""
    known: dict[str, str] = session.ledger.recall("site states", lambda: _asked(session))
    return known


def _asked(session: Session) -> dict[str, str]:
    return {axis: state for axis, state in session.execute(_SITE)}


def of_clock(session: Session) -> bool:
    return site_states(session).get(CLOCK) in UNTRUSTED


def of_restore(session: Session) -> bool:
    return site_states(session).get(RESTORE) == RestoreState.RESTORED


def stand(session: Session) -> bool:
    """Whether any of them stands: nothing is called usable until QA has judged it."""
    return of_clock(session) or of_restore(session)
