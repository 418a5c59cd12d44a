"""Steps entered through the real act: in short and long batches, with flasks, with samples."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.copies import Copier
from benchmarks.shapes import Shape
from benchmarks.stopwatch import Figures, TimedDatabase, Transaction

STEP, MANY = "medium_change", 1_000_000
RECORDED = "step.recorded"  # as every build says it
WALKED = {("seed", 2): "seed", ("qc_samples", 1): "samples"}


def record(shape: Shape, *, second: bool) -> str:
    """The shipped master record with a medium change that repeats without end.

    With `second`, each waits for a second person.
    """
    head, mark, tail = shape.shipped().partition(f'id = "{STEP}"')
    tail = tail.replace('max = "12"', 'max = "9999"', 1)
    verify = "\nverify = true" if second else ""
    return f"{head}{mark}{verify}{tail}"


def grown(
    shape: Shape, path: Path, entries: int, *, second: bool = False
) -> tuple[Any, Any, list[int]]:
    """(laboratory, batch, [first, last event of what was copied]): a batch with so many entries."""
    from demonstration.culture import walk

    laboratory = shape.furnish(path, record(shape, second=second))
    batch = shape.begin(laboratory, "H9-0001")
    bench = laboratory.bench(passages=1, medium_changes=MANY)
    recorded = len(list(walk(bench, batch.id, until=STEP)))
    copier = Copier(path, shape)
    before = copier.seq
    copier.close()
    next(walk(bench, batch.id))  # one medium change,
    list(walk(bench, batch.id, until=STEP))  # and the second person where one is due
    copier = Copier(path, shape)
    stretch = [before + 1, copier.seq]
    copier.copy(copier.stretch(*stretch), max(0, entries - recorded - 1), _next_turn)
    copier.close()
    return laboratory, batch, stretch


def _next_turn(table: str, row: dict[str, Any], number: int) -> None:
    if table == "entries":
        row["turn"] += number


def step(
    shape: Shape, folder: Path, *, entries: int, second: bool = False, count: int = 20
) -> Figures:
    """Some more medium changes in a batch that has so many entries."""
    from demonstration.culture import walk

    laboratory, batch, _ = grown(shape, folder / "entries.db", entries, second=second)
    bench = laboratory.bench(passages=1, medium_changes=MANY)
    bench.database = timed = TimedDatabase(laboratory.database)
    for done, _ in enumerate(walk(bench, batch.id)):
        if done == count:
            break
    key = f"step-{entries}-second" if second else f"step-{entries}"
    taken = [each for each in timed.taken if each.action == RECORDED][1:]
    assert len(taken) == count, f"{len(taken)} medium changes were recorded, not {count}"
    yield from _figures(key, taken)


def walked(shape: Shape, folder: Path) -> Figures:
    """A whole batch; of it the seeding of ten flasks and the taking of the release samples."""
    from demonstration.culture import walk

    laboratory = shape.furnish(folder / "walked.db")
    batch = shape.begin(laboratory, "H9-0002")
    bench = laboratory.bench()
    bench.database = timed = TimedDatabase(laboratory.database)
    for position in walk(bench, batch.id):
        if key := WALKED.get((position.step, position.cycle)):
            yield from _figures(key, timed.taken[-1:])


def _figures(key: str, taken: Iterable[Transaction]) -> Figures:
    taken = list(taken)
    yield key, statistics.median(each.ms for each in taken)
    yield f"{key}-cpu", statistics.median(each.cpu_ms for each in taken)
    yield f"{key}-statements", statistics.median(each.statements for each in taken)
