"""What the workers of one run share: a folder, and things made once by the first who asks."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
# Browsers and installations are one worker's, and are begun first: nothing else takes as long.
FIRST = {"tests/journeys/": "journeys", "tests/test_run.py": "installations"}


def folder_of(factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole run; a worker's own lies in it."""
    base = factory.getbasetemp()
    return base.parent if WORKER != "alone" else base


def once(folder: Path, name: str, make: Callable[[], Any]) -> Any:
    """What `make` gives, made by the first worker that asks; the others wait and get a copy."""
    kept = folder / f"{name}.pickle"
    with FileLock(folder / f"{name}.lock"):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make()))
        return pickle.loads(kept.read_bytes())


def group_of(nodeid: str) -> str:
    """The tests that one worker takes together: those of a file share what is made for the file."""
    for start, group in FIRST.items():
        if nodeid.startswith(start):
            return group
    return nodeid.partition("::")[0]


def in_groups(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every test with its group, the long ones at the head."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item.nodeid)))
    if WORKER != "alone":
        rank = {group: place for place, group in enumerate(FIRST.values())}
        items.sort(key=lambda item: rank.get(group_of(item.nodeid), len(rank)))
