"""When somebody is reminded by mail. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

LATE = timedelta(hours=4)  # after that a morning's mail would come at night: the next day's does


def is_due(local: datetime, hour: str) -> bool:
    """Whether it is the time of day for reminders, by the site's clock and the hour it has set
    ("none": never)."""
    if not hour.isdecimal():
        return False
    begin = local.replace(hour=int(hour), minute=0, second=0, microsecond=0)
    return begin <= local < begin + LATE
