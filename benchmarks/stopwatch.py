"""Measuring: time of a call, transactions with their statements, memory of processes."""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

Figures = Iterator[tuple[str, float]]  # (key of a figure, value in its unit)


def seconds(call: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def cpu_seconds(call: Callable[[], Any]) -> float:
    """CPU time of this process, all its threads, in a call."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


def cpu_ms(call: Callable[[], Any], times: int = 5) -> float:
    """Median CPU milliseconds of a call that has been made once before."""
    call()
    return statistics.median(cpu_seconds(call) for _ in range(times)) * 1000


def percentiles(samples: Sequence[float]) -> tuple[float, float]:
    """(p50, p95) in the unit of the samples."""
    ordered = sorted(samples)
    return statistics.median(ordered), ordered[max(0, int(len(ordered) * 0.95) - 1)]


@dataclass(frozen=True)
class Transaction:
    """One writing transaction: its newest event, how long it took, what it asked."""

    action: str
    ms: float
    cpu_ms: float
    statements: int


class TimedDatabase:
    """A database that takes the time of each writing transaction, its commit included."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.taken: list[Transaction] = []
        self._asked = 0
        event.listen(database.engine, "before_cursor_execute", self._ask)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def _ask(self, _c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._asked += not statement.startswith("BEGIN")

    @contextmanager
    def writing(self) -> Iterator[Any]:
        before, begun, cpu = self._asked, time.perf_counter(), time.process_time()
        with self._database.writing() as session:
            yield session
        ms = (time.perf_counter() - begun) * 1000
        made = (ms, (time.process_time() - cpu) * 1000, self._asked - before)
        self.taken.append(Transaction(self._newest(), *made))

    def _newest(self) -> str:
        with self._database.engine.connect() as connection:
            question = "SELECT action FROM events ORDER BY seq DESC LIMIT 1"
            return connection.exec_driver_sql(question).scalar() or ""


def resident(pid: int) -> float:
    """Megabytes of resident memory of a process (VmRSS of Linux); 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0


def resident_together(group: int) -> float:
    """Megabytes of all processes of one process group."""
    return sum(resident(pid) for pid in _pids() if _group_of(pid) == group)


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except OSError:
        return 0
