"""The first build (78654c9): no keys, acts that take `by`, `at` and `entry_id` by keyword."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.shapes import NAMES, Table

# Loaded by name: they are that build's modules, with what stands in them there.
canonical: Any = import_module("integrity.canonical")
database: Any = import_module("integrity.database")
schema: Any = import_module("integrity.schema")
trail: Any = import_module("integrity.trail")
codes: Any = import_module("labels.codes")
accounts: Any = import_module("people.accounts")
document: Any = import_module("manufacturing.masters.document")
culture: Any = import_module("demonstration.culture")
quality: Any = import_module("demonstration.quality")
staff: Any = import_module("demonstration.staff")
clocks: Any = import_module("demonstration.clock")
demonstration: Any = import_module("demonstration.laboratory")

ADDRESS = "http://127.0.0.1:8000"
BASIS = {
    "answers": "donor_answers",
    "consent": "donor_consents",
    "cords": "cords",
    "tests": "donor_tests",
}


class First:
    """The adapter; what is not said here is what it is called in the product."""

    def __init__(self, create_app: Callable[..., Any]) -> None:
        self.create_app = create_app

    def tables(self) -> dict[str, Table]:
        return {
            table.name: Table(
                table.info.get("kind") or "record",
                tuple(column.name for column in table.columns),
                self._references(table),
            )
            for table in database.Base.metadata.sorted_tables
        }

    def _references(self, table: Any) -> dict[str, str]:
        known = {"corrects_id": table.name, **NAMES}
        made = {column.name: known[column.name] for column in table.columns if column.name in known}
        return made | {
            column.name: key.target_fullname.split(".")[0]
            for column in table.columns
            for key in column.foreign_keys
        }

    def row_digest(self, row: Mapping[str, Any]) -> str:
        return str(trail.row_digest(row))

    def canonical(self, value: Any) -> str:
        return str(canonical.canonical_plain(value))

    def digest(self, text: str) -> str:
        return str(canonical.digest(text))

    def chained(self, previous: str, digest: str) -> str:
        return str(canonical.chained(previous, digest))

    def code(self, series: str, year: int, number: int) -> tuple[str, str]:
        made = codes.make(series, year, number)
        return made.bare, made.shown

    def finish(
        self, table: str, row: dict[str, Any], number_of: Callable[[str, int], int], later: int
    ) -> None:
        if table == "reviews":
            row["seq"] += later
        if table == "certificates" and row["release_seq"]:
            row["release_seq"] += later
        if table == "signatures" and row["subject_kind"] == "stages":  # names the signed entries
            *facts, (key, numbers) = json.loads(row["facts"])
            moved = (str(number_of("entries", int(number))) for number in numbers.split(", "))
            row["facts"] = self.canonical([*facts, [key, ", ".join(moved)]])
        if table == "determinations":
            basis = json.loads(row["basis"])
            row["basis"] = self.canonical(
                {name: number_of(BASIS[name], number) for name, number in basis.items()}
            )

    def shipped(self) -> str:
        return str(document.SHIPPED.read_text(encoding="utf-8"))

    def furnish(self, path: Path, record: str | None = None) -> Any:
        shipped = document.SHIPPED
        if record:
            changed = path.with_suffix(".toml")
            changed.write_text(record, encoding="utf-8")
            document.SHIPPED = changed
        try:
            clock = clocks.SimulatedClock(datetime.now(UTC) - timedelta(days=300))
            return demonstration.furnish(self._new(path), ADDRESS, clock)
        finally:
            document.SHIPPED = shipped

    def load(self, path: Path) -> Any:
        opened = self._new(path)
        report = demonstration.load(opened, ADDRESS, datetime.now(UTC))
        opened.close()
        return report

    def fill(self, path: Path) -> tuple[Any, dict[str, str]]:
        now = datetime.now(UTC)
        clock = clocks.SimulatedClock(now - timedelta(days=100))
        laboratory = demonstration.furnish(self._new(path), ADDRESS, clock)
        report = demonstration.Report(laboratory.staff.sign_ins)
        made = {
            "released": demonstration._carry_through(laboratory, report),
            "waiting": self._complete(laboratory),
            "running": demonstration._leave_in_expansion(laboratory, now),
        }
        demonstration._leave_a_cord(laboratory, now)
        laboratory.database.close()
        return laboratory, made

    def reopen(self, path: Path, scans: Mapping[str, str], master: int) -> Any:
        opened = database.Database(f"sqlite:///{path}")
        with opened.reading() as reading:
            people = {
                name: accounts.actor(reading, person)
                for name in staff.STAFF
                if (person := accounts.find(reading, name))
            }
        clock = clocks.SimulatedClock(datetime.now(UTC))
        return demonstration.Laboratory(
            opened, ADDRESS, clock, staff.Staff(people, []), scans, master
        )

    def _complete(self, laboratory: Any) -> str:
        """A batch whose record is complete and whose early results are there."""
        born_at = laboratory.clock() + timedelta(hours=20)
        donor, cord = demonstration._receive(laboratory, "H1-0431", born_at, timedelta(minutes=80))
        batch, office = demonstration._start(laboratory, cord), laboratory.quality()
        for position in culture.walk(laboratory.bench(), batch.id):
            if position.step in ("transport_sample", "microbiology", "qc_samples"):
                quality.receive_samples(office, batch)
            elif position.step == "p0_medium_change" and position.turn == 1:
                demonstration.accept(laboratory, donor, cord)
        demonstration.test_early(office, batch)
        return str(batch.code)

    def _new(self, path: Path) -> Any:
        opened = database.Database(f"sqlite:///{path}")
        schema.upgrade(opened.engine)
        return opened

    def begin(self, laboratory: Any, donor: str) -> Any:
        born_at = laboratory.clock()
        _, cord = demonstration._receive(laboratory, donor, born_at, timedelta(minutes=80))
        return demonstration._start(laboratory, cord)
