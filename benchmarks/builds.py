"""A build that is measured: its folder and its Python; another revision is made apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WORKER = Path(__file__).with_name("worker.py")


class Failed(Exception):
    """A work could not be done; what was said at its end."""


@dataclass(frozen=True)
class Build:
    """One build and the folder of its data."""

    name: str
    root: Path
    python: Path
    folder: Path

    def work(self, name: str, folder: Path, **words: Any) -> dict[str, float]:
        """Do one work in a process of its own: {key of a figure: value}."""
        done = subprocess.run(
            [self.python, WORKER, self.root, folder, name, json.dumps(words)],
            cwd=self.root,
            env=environment(),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            end = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
            raise Failed(f"{name} on {self.name}: {end}")
        return dict(json.loads(line) for line in done.stdout.splitlines())

    def data(self, size: int | str) -> Path:
        return self.folder / f"data-{size}"


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what would lead to somebody's own data or packages."""
    own = ("CORDBOOK_", "PYTHONPATH", "PORT")
    return {name: text for name, text in os.environ.items() if not name.startswith(own)} | more


def present(folder: Path) -> Build:
    """The build that runs the benchmark."""
    return Build("this build", ROOT, Path(sys.executable), _made(folder / "present"))


@contextmanager
def another(revision: str) -> Iterator[tuple[Path, Path]]:
    """(folder, Python) of a revision of this repository, with an environment from its own lock."""
    with TemporaryDirectory(prefix="cordbook-build-") as folder:
        root = Path(folder) / "build"
        archive = subprocess.run(
            ["git", "archive", "--format=tar", revision], cwd=ROOT, capture_output=True
        )
        if archive.returncode:
            raise Failed(f"There is no revision {revision!r} in the repository at {ROOT}.")
        with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
            files.extractall(root, filter="data")
        # Its own `run` makes its environment; the menu of `init` writes nothing else.
        done = subprocess.run(
            [sys.executable, root / "run", "init", "--help"],
            cwd=root,
            env=environment(CORDBOOK_DATA=str(Path(folder) / "nothing")),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Failed(f"The environment of {revision} could not be made: {done.stderr.strip()}")
        yield root, root / ".venv" / "bin" / "python"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
