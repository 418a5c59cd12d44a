"""The demonstration laboratory made from nothing."""

from __future__ import annotations

from pathlib import Path

from benchmarks.shapes import Shape
from benchmarks.stopwatch import Figures, cpu_seconds, seconds


def demonstration(shape: Shape, folder: Path) -> Figures:
    """CPU seconds and seconds of it, the schema included, the start of Python not."""
    used = []
    spent = seconds(
        lambda: used.append(cpu_seconds(lambda: shape.load(folder / "demonstration.db")))
    )
    yield "demonstration", spent
    yield "demonstration-cpu", used[0]
