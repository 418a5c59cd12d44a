"""Times as people read them: the site's own time with its offset, always with the zone (TIM-02)."""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?", re.ASCII)


def shown(at: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """2026-11-22 08:14 +07:00, with seconds where a signature or an event is shown."""
    return _written(at.astimezone(UTC), zone, seconds)


@functools.lru_cache(maxsize=1024)  # what was made together was made at one time
def _written(at: datetime, zone: ZoneInfo, seconds: bool) -> str:
    local = at.astimezone(zone)
    text = local.strftime("%Y-%m-%d %H:%M:%S %z" if seconds else "%Y-%m-%d %H:%M %z")
    return text[:-2] + ":" + text[-2:]


def span(length: timedelta) -> str:
    """A length of time in hours and minutes, 3 h 12.

    Days from two days on, seconds below one hour's last minute.
    """
    total = int(abs(length).total_seconds())
    sign = "−" if length < timedelta(0) else ""
    days, hours, minutes = total // 86400, total // 3600, total % 3600 // 60
    if days >= 2:
        return f"{sign}{days} d {hours % 24:02d} h"
    return f"{sign}{hours} h {minutes:02d}" if hours or minutes else f"{sign}{total} s"


def local_minute(at: datetime, zone: ZoneInfo) -> str:
    """A moment as people write it who are in the zone: "2026-11-22 08:14"."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def zoned(text: str, zone: ZoneInfo) -> str:
    """A time as it was typed, with the offset of the zone where none was written.

    What the clocks of the zone show twice or never when they are changed stays as it is, and so
    does what is no time: whoever reads it then asks for the offset.
    """
    if not _LOCAL.fullmatch(text.strip()):
        return text
    try:
        here = datetime.fromisoformat(text.strip()).replace(tzinfo=zone)
        if here.utcoffset() != here.replace(fold=1).utcoffset():
            return text
        return here.isoformat(" ", "seconds" if text.count(":") > 1 else "minutes")
    except (ValueError, OverflowError):
        return text
