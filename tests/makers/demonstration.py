"""The demonstration laboratory, as it is at one moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from demonstration import laboratory
from integrity.database import Database

NOW = datetime(2026, 11, 22, 15, 20, tzinfo=UTC)
ADDRESS = "https://cordbook.example.org"


def load(database: Database, clock: Any) -> laboratory.Report:
    """The state "demonstration"; hands over what is written and the passwords of its people."""
    clock.at = NOW
    return laboratory.load(database, ADDRESS, NOW)
