"""Measuring: seconds of a call, percentiles, one line of the report."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any


def seconds(call: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def best(call: Callable[[], Any], times: int = 3) -> float:
    """The shortest of several runs: what the machine can do when nothing else disturbs it."""
    return min(seconds(call) for _ in range(times))


def percentiles(samples: Sequence[float]) -> tuple[float, float]:
    """(p50, p95) in the unit of the samples."""
    ordered = sorted(samples)
    return statistics.median(ordered), ordered[int(len(ordered) * 0.95) - 1]


def line(what: str, figure: str, goal: str, reached: bool | None) -> str:
    verdict = {True: "reached", False: "NOT REACHED", None: ""}[reached]
    return f"{what:<58} {figure:<44} {goal:<22} {verdict}"
