"""One run: every line of work by each build in turns, the medians, their ratio, the goals."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import builds, goals, printing, survey
from benchmarks.builds import Build, Failed
from benchmarks.goals import Figure
from benchmarks.works import LARGEST, Sizes, Work, prepare, works

RATE = ("/s", "lines/s", "lines")


@dataclass
class Run:
    """What was measured of one build: {key: one value a round}."""

    build: Build
    taken: dict[str, list[float]] = field(default_factory=dict)

    def note(self, values: dict[str, float]) -> None:
        for key, value in values.items():
            self.taken.setdefault(key, []).append(value)

    @property
    def medians(self) -> dict[str, float]:
        return {key: statistics.median(values) for key, values in self.taken.items()}


def run(against: str | None, *, large: bool, rounds: int, only: Sequence[str]) -> int:
    """Print every line; 0 whatever is reached, 1 where a work could not be done."""
    sizes = LARGEST if large else Sizes()
    say(
        f"Cordbook benchmark, Python {platform.python_version()}, {platform.machine()}, SQLite "
        f"with synchronous=FULL, {rounds} rounds"
    )
    with _runs(against) as runs:
        failed = measure(runs, sizes, rounds, only, say)
        if large and not only:
            failed += survey.survey(runs[0].build, say)
    if not only:
        for line in printing.labels():
            say(line)
    return int(bool(failed))


@contextmanager
def _runs(against: str | None) -> Iterator[list[Run]]:
    with TemporaryDirectory(prefix="cordbook-bench-") as folder:
        runs = [Run(builds.present(Path(folder)))]
        if against is None:
            yield runs
            return
        with builds.another(against) as (root, python):
            other = Path(folder) / "other"
            other.mkdir()
            yield [*runs, Run(Build(against, root, python, other))]


def measure(
    runs: list[Run],
    sizes: Sizes,
    rounds: int,
    only: Sequence[str],
    tell: Callable[[str], None],
) -> int:
    """Do the works that are wanted and tell each figure; gives how many failed."""
    wanted = [work for work in works(sizes) if not only or work.name in only]
    shown = {figure.key: figure for figure in goals.figures(sizes)}
    for each in runs:
        prepare(each.build, sizes, {size for work in wanted for size in work.needs})
    failed = 0
    tell(_heading(runs))
    for work in wanted:
        try:
            keys = _in_turns(work, runs, rounds)
        except Failed as fault:
            tell(f"{work.name}: FAILED. {fault}")
            failed += 1
            continue
        for key in keys:
            tell(_line(shown[key], runs))
    return failed


def _in_turns(work: Work, runs: list[Run], rounds: int) -> list[str]:
    """The other build first and this one after it, as often as there are rounds."""
    keys: list[str] = []
    for _ in range(rounds):
        for each in reversed(runs):
            values = work.do(each.build)
            each.note(values)
            keys = list(values)
    return keys


def _heading(runs: list[Run]) -> str:
    columns = [f"{each.build.name[:12]:>12}" for each in reversed(runs)]
    ratio = f"{'ratio':>8}" if len(runs) > 1 else ""
    return f"{'':<62}{''.join(columns)}{ratio}"


def _line(figure: Figure, runs: list[Run]) -> str:
    own = runs[0].medians
    other = runs[1].medians if len(runs) > 1 else None
    columns = [_number(each.medians[figure.key], figure.unit) for each in reversed(runs)]
    ratio = ""
    if other is not None:
        faster = own[figure.key] / other[figure.key]
        faster = faster if figure.unit in RATE else 1 / faster if faster else 0
        ratio = f"{faster:>7.2f}×"
    said = "; ".join(f"{goal.text}{_VERDICT[goal.reached(own, other)]}" for goal in figure.goals)
    return f"{figure.title:<62}{''.join(columns)}{ratio}  {said}".rstrip()


_VERDICT = {True: ": reached", False: ": NOT REACHED", None: ""}


def _number(value: float, unit: str) -> str:
    places = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:>{12 - len(unit) - 1},.{places}f} {unit}"


def say(line: str) -> None:
    print(line, flush=True)
