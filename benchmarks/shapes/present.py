"""This build: keys, chapters and acts as they stand here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.shapes import NAMES, Table
from demonstration import culture, laboratory as demonstration, quality
from demonstration.clock import SimulatedClock
from demonstration.laboratory import Laboratory
from demonstration.staff import STAFF, Staff
from documents import kinds
from documents.kinds import Kind
from integrity import canonical, rows, schema
from integrity.database import Base, Database
from labels import codes
from manufacturing.masters import document
from people import accounts

ADDRESS = "http://127.0.0.1:8000"
BASIS = {
    "answers": "donor_answers",
    "consent": "donor_consents",
    "cords": "cords",
    "corrected cords": "cord_corrections",
    "tests": "donor_tests",
}


class Present:
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
            for table in Base.metadata.sorted_tables
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
        return rows.digest_of_values(sorted(row.items()))

    def canonical(self, value: Any) -> str:
        return canonical.canonical(value)

    def digest(self, text: str) -> str:
        return canonical.digest(text)

    def chained(self, previous: str, digest: str) -> str:
        return canonical.chained(previous, digest)

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
        if table == "signatures":
            row["seq"] += later
        if table == "determinations":
            basis = json.loads(row["basis"])
            row["basis"] = self.canonical(
                {name: number_of(BASIS[name], number) for name, number in basis.items()}
            )

    def shipped(self) -> str:
        return document.SHIPPED.read_text(encoding="utf-8")

    def furnish(self, path: Path, record: str | None = None) -> Laboratory:
        usual = kinds.of(Kind.MASTER_RECORD)
        if record:
            changed = path.with_suffix(".toml")
            changed.write_text(record, encoding="utf-8")
            kinds.declare(replace(usual, shipped=changed))
        try:
            clock = SimulatedClock(datetime.now(UTC) - timedelta(days=300))
            return demonstration.furnish(self._new(path), ADDRESS, clock)
        finally:
            kinds.declare(usual)

    def load(self, path: Path) -> Any:
        database = self._new(path)
        report = demonstration.load(database, ADDRESS, datetime.now(UTC))
        database.close()
        return report

    def fill(self, path: Path) -> tuple[Any, dict[str, str]]:
        now = datetime.now(UTC)
        clock = SimulatedClock(now - timedelta(days=100))
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

    def reopen(self, path: Path, scans: Mapping[str, str], master: int) -> Laboratory:
        database = Database(f"sqlite:///{path}")
        with database.reading() as reading:
            people = {
                name: accounts.actor(reading, person)
                for name in STAFF
                if (person := accounts.find(reading, name))
            }
        clock = SimulatedClock(datetime.now(UTC))
        return Laboratory(database, ADDRESS, clock, Staff(people, []), scans, master)

    def _complete(self, laboratory: Laboratory) -> str:
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

    def _new(self, path: Path) -> Database:
        database = Database(f"sqlite:///{path}")
        schema.upgrade(database.engine)
        return database

    def begin(self, laboratory: Laboratory, donor: str) -> Any:
        born_at = laboratory.clock()
        _, cord = demonstration._receive(laboratory, donor, born_at, timedelta(minutes=80))
        return demonstration._start(laboratory, cord)
