"""The law of badges: whom a scanned badge brings back to a tablet (IAM-10).

A badge begins no session and signs nothing. It opens the lock, or hands the tablet over, for
somebody who signed in on this very device with everything that a sign-in asks for, in this shift.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


class BadgeState(enum.StrEnum):
    """Whether the badge of a person opens anything."""

    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


MOVES: Mapping[str | None, frozenset[str]] = {
    None: frozenset({BadgeState.IN_FORCE}),
    BadgeState.IN_FORCE: frozenset({BadgeState.WITHDRAWN}),
    BadgeState.WITHDRAWN: frozenset({BadgeState.IN_FORCE}),
}


@dataclass(frozen=True)
class Scan:
    """A badge as it was scanned; each fact is denied unless it is known to hold.

    `is_known` is whether it is the newest badge of somebody and not withdrawn, `is_active` whether
    their account is, `is_open` that nothing is closed for them here and nobody has to wait,
    `own_password` that their password is no one-time one. `came_in` is when the session was begun
    that they have on this device, None where they have none.
    """

    is_known: bool = False
    is_active: bool = False
    is_open: bool = False
    own_password: bool = False
    came_in: datetime | None = None


def opens(scan: Scan, at: datetime, shift: timedelta) -> bool:
    """Whether it brings its holder back; the shift ends with its last moment."""
    if not (scan.is_known and scan.is_active and scan.is_open and scan.own_password):
        return False
    return scan.came_in is not None and timedelta(0) <= at - scan.came_in < shift
