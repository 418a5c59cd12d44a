"""How many branches of the law books are gone through by the tests that need no database.

Rules are pure, so they are tested as tables. Measured is only such a test (a tracer around the acts
and the pages would cost a third of their time), in every worker of `./run test --all`. A run of
some of the tests measures nothing that it could be judged by.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

from tests import shared

FLOOR = 95  # per cent of the branches
ROOMS = ("people", "documents", "readiness", "stores", "manufacturing", "qc")
ROOT = Path(__file__).resolve().parents[1]
RULES = [
    str(path.relative_to(ROOT))
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*.py"))
    if path.name.endswith("rules.py") or path.parent.name == "rules"
]
PLACES = tuple(f"tests/{room}/" for room in ROOMS)
SLOW = {"database", "sqlite", "application", "run_folder"}
FOLDER = "CORDBOOK_COVERAGE"  # where the workers put what they measured
_measuring: list[coverage.Coverage] = []


def _new(folder: str) -> coverage.Coverage:
    return coverage.Coverage(
        data_file=str(Path(folder) / "measured"),
        data_suffix=True,
        branch=True,
        include=[str(ROOT / name) for name in RULES],
        config_file=False,
        messages=False,
    )


def begin() -> None:
    """Make ready to measure, where everything is run; its workers share one folder for it."""
    if not os.environ.get("CORDBOOK_TEST_ALL"):
        return
    if shared.WORKER == "alone":
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="cordbook-coverage-")
    _measuring.append(_new(os.environ[FOLDER]))


@contextlib.contextmanager
def measured(item: pytest.Item) -> Iterator[None]:
    """While one test runs: measure it if it needs no database."""
    needs = set(getattr(item, "fixturenames", ()))
    if not _measuring or not item.nodeid.startswith(PLACES) or needs & SLOW:
        yield
        return
    _measuring[0].start()
    try:
        yield
    finally:
        _measuring[0].stop()


def end() -> None:
    """Keep what this process has measured."""
    if _measuring:
        _measuring[0].save()


def forget() -> None:
    """Remove what the workers have kept, when all of them are done."""
    if _measuring:
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


def is_asked_for(config: pytest.Config) -> bool:
    """Whether every test was run and measured, so that the floor may be asked for."""
    chosen = ("keyword", "markexpr", "collectonly", "lf", "stepwise", "deselect")
    if not _measuring or any(getattr(config.option, name, None) for name in chosen):
        return False
    return config.args_source == pytest.Config.ArgsSource.TESTPATHS


def reached() -> tuple[int, int, list[str]]:
    """(branches gone through, branches there are, places of those that were not)."""
    measured = _new(os.environ[FOLDER])
    measured.combine()
    for name in RULES:  # a law book that no test opened counts as well
        measured.get_data().touch_file(str(ROOT / name))
    report = Path(os.environ[FOLDER]) / "report.json"
    measured.json_report(outfile=str(report))
    found = json.loads(report.read_text(encoding="utf-8"))
    totals = found["totals"]
    places = [
        f"{name}:{line}"
        for name, each in sorted(found["files"].items())
        for line, _ in each["missing_branches"]
    ]
    return totals["covered_branches"], totals["num_branches"], places


def judged() -> tuple[bool, str]:
    """Whether the floor is reached, and the sentence that says so."""
    through, every, places = reached()
    said = f"Branches of the rules: {through} of {every} ({100 * through / every:.1f} %)"
    if 100 * through >= FLOOR * every:
        return True, f"{said}, the floor is {FLOOR} %."
    return False, f"{said}, below the floor of {FLOOR} %: {', '.join(dict.fromkeys(places))}."
