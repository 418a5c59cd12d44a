"""Days that somebody typed. Each is kept as the instant with which it begins or ends, beside the
zone of the place where it was typed: it is shown as the day it was, and ends when it ended,
whatever the site's zone is set to later (TIM-05)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Mapped

from stores.rules import day_of


class WithDays:
    """A record with days: `zone` is the IANA name of the zone in which they were typed."""

    zone: Mapped[str]

    @property
    def place(self) -> ZoneInfo:
        """The zone of the place where its days were typed."""
        return ZoneInfo(self.zone)

    def day(self, at: datetime) -> str:
        """One of its instants as the day that was typed, 2027-03-31."""
        return day_of(at, self.place)
