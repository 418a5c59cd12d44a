"""Days of the site that somebody types above a list."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from people.transaction import settings

NO_DAY = "This is no day. Write it as 2026-11-22."


def begin_of(day: str, days: int = 0) -> datetime | None:
    """When a day of the site begins, or one so many days after it; None for no text, ValueError or
    OverflowError where it is no day.
    """
    if not day:
        return None
    read = date.fromisoformat(day) + timedelta(days=days)
    return datetime.combine(read, time(), ZoneInfo(settings()["zone"])).astimezone(UTC)
