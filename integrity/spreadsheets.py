"""Lines for a spreadsheet: RFC 4180, and no cell that it would take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet takes for the begin of one


def line(cells: Iterable[Any], zone: ZoneInfo | None = None) -> str:
    """One line with its end. A time is written in the zone with its offset; a number as it is."""
    out = io.StringIO()
    csv.writer(out).writerow([_cell(each, zone) for each in cells])
    return out.getvalue()


def _cell(said: Any, zone: ZoneInfo | None) -> str:
    if isinstance(said, datetime):
        return said.astimezone(zone).isoformat(timespec="seconds")
    text = "" if said is None else str(said)
    if isinstance(said, int | Decimal):
        return text
    return "'" + text if text.startswith(FORMULAS) else text
