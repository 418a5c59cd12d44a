"""The whole report; each part on a laboratory of its own in a temporary folder."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import entries, printing, reading, serving
from demonstration import laboratory as demonstration
from demonstration.clock import SimulatedClock
from demonstration.laboratory import Laboratory
from integrity import schema
from integrity.database import Database

ADDRESS = "http://127.0.0.1:8000"


def run(create_app: Callable[..., Any]) -> int:
    """Print every line as it is measured; 0 whatever is reached: a figure is a figure."""
    print(
        f"Cordbook benchmark, Python {platform.python_version()}, {platform.machine()}, SQLite "
        "with synchronous=FULL",
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix="cordbook-bench-") as folder:
        _parts(Path(folder), create_app)
    return 0


def _parts(folder: Path, create_app: Callable[..., Any]) -> None:
    now = datetime.now(UTC)
    laboratory = _furnished(folder / "entries.db", now)
    _print(entries.run(laboratory, folder))
    _print(reading.verification(laboratory))
    _print(reading.scans(laboratory, create_app))
    laboratory.database.close()
    _print(printing.labels())
    data = folder / "served"
    data.mkdir()
    served = Database(f"sqlite:///{data / 'cordbook.db'}")
    schema.upgrade(served.engine)
    report = demonstration.load(served, ADDRESS, now)
    served.close()
    _, username, password = next(each for each in report.sign_ins if "qa" in each[1])
    _print(serving.memory(data, username, password, report.released_batch))


def _print(lines: object) -> None:
    for each in lines:  # type: ignore[attr-defined]
        print(each, flush=True)


def _furnished(path: Path, now: datetime) -> Laboratory:
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database.engine)
    return demonstration.furnish(database, ADDRESS, SimulatedClock(now - timedelta(days=300)))
