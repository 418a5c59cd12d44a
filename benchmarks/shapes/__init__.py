"""What differs between builds, one file a shape; the work that is measured is the same.

A worker runs with the packages of its build, so that `integrity`, `demonstration` and the others
mean those of the build that is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

# A column of this name refers to this table where the schema does not say so itself.
NAMES = {
    "batch_id": "batches",
    "container_id": "containers",
    "cord_id": "cords",
    "deviation_id": "deviations",
    "donor_id": "donors",
    "equipment_id": "equipment",
    "file_id": "files",
    "lot_id": "lots",
    "parent_id": "containers",
    "source_id": "files",
}


@dataclass(frozen=True)
class Table:
    """A table as copies need it: its kind, its columns, and which of them refer to which table."""

    kind: str
    columns: tuple[str, ...]
    references: Mapping[str, str]


class Shape(Protocol):
    """What the benchmark asks of a build."""

    create_app: Callable[..., Any]

    def tables(self) -> dict[str, Table]: ...

    def row_digest(self, row: Mapping[str, Any]) -> str:
        """SHA-256 of a row, as its event says it."""

    def canonical(self, value: Any) -> str: ...

    def digest(self, text: str) -> str: ...

    def chained(self, previous: str, digest: str) -> str: ...

    def code(self, series: str, year: int, number: int) -> tuple[str, str]:
        """(bare, shown) of a code."""

    def finish(
        self, table: str, row: dict[str, Any], number_of: Callable[[str, int], int], later: int
    ) -> None:
        """What else a copied row names: numbers within documents, places in the trail."""

    def shipped(self) -> str:
        """The text of the shipped master record."""

    def furnish(self, path: Path, record: str | None = None) -> Any:
        """A laboratory on a new database; `record` is the text of another master record."""

    def load(self, path: Path) -> Any:
        """The whole demonstration on a new database; gives its report."""

    def fill(self, path: Path) -> tuple[Any, dict[str, str]]:
        """A laboratory on a new database with one batch of each: released, waiting, running.

        Gives the laboratory and their codes.
        """

    def reopen(self, path: Path, scans: Mapping[str, str], master: int) -> Any:
        """The laboratory of a database that is there, at this moment."""

    def begin(self, laboratory: Any, donor: str) -> Any:
        """A donor, her cord, and a batch started from it."""


def of(root: Path) -> Shape:
    """The shape of the build at a folder, whose packages this process has.

    Its roof is loaded by name: what is measured is a whole build, and this is no part of it.
    """
    create_app = import_module("app").create_app
    name = "Present" if (root / "manufacturing" / "execution").is_dir() else "First"
    shape: Shape = getattr(import_module(f"benchmarks.shapes.{name.lower()}"), name)(create_app)
    return shape
