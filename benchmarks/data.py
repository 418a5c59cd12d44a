"""The demonstration with as many batches as wanted, and what is to be known of it from outside."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.copies import Copier, Stretch
from benchmarks.shapes import Shape
from benchmarks.stopwatch import Figures

NAME, FACTS = "cordbook.db", "facts.json"
SHARE = 10  # one batch in so many waits, one is under way; the others are released


@dataclass
class Data:
    """A data folder: who signs in with which password, and codes of what the pages show."""

    folder: Path
    passwords: dict[str, str]
    batches: dict[str, str]  # one "released", one "waiting" for QA, one "running"
    scans: dict[str, str]  # material or kind of equipment: code
    master: int
    certificate: str
    lot: str  # the one that was used most
    events: int
    rows: int

    @property
    def file(self) -> Path:
        return self.folder / NAME

    def codes(self, table: str, condition: str = "1", most: int = 500) -> list[str]:
        """Codes of a table, spread over all of it."""
        with closing(sqlite3.connect(self.file)) as connection:
            question = f'SELECT code FROM "{table}" WHERE {condition} ORDER BY id'
            every = [row[0] for row in connection.execute(question)]
        return every[:: max(1, len(every) // most)]


def read(folder: Path) -> Data:
    known = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    return Data(folder, **known)


def make(shape: Shape, folder: Path) -> Figures:
    """A data folder with three batches: one released, one that waits for QA, one under way."""
    folder.mkdir(parents=True, exist_ok=True)
    laboratory, codes = shape.fill(folder / NAME)
    known = {
        "passwords": {username: password for _, username, password in laboratory.staff.sign_ins},
        "batches": codes,
        "scans": dict(laboratory.scans),
        "master": laboratory.master_id,
    }
    _describe(folder, known)
    yield from ()


def grow(shape: Shape, folder: Path, *, source: str, batches: int, running: int = 0) -> Figures:
    """Another data folder with so many batches in all.

    One in ten waits for QA and one in ten is under way, or all of the new ones where `running`.
    """
    before = read(Path(source))
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(before.file, folder / NAME)
    copier = Copier(folder / NAME, shape)
    more = batches - copier.connection.execute("SELECT count(*) FROM batches").fetchone()[0]
    few = more // SHARE
    parts = {"running": more} if running else {"running": few, "waiting": few}
    parts["released"] = more - sum(parts.values())
    for kind, times in parts.items():
        copier.copy(_whole(copier, before.batches[kind]), times)
    copier.close()
    kept = ("passwords", "batches", "scans", "master")
    _describe(folder, {name: getattr(before, name) for name in kept})
    yield from ()


def _whole(copier: Copier, batch: str) -> Stretch:
    """A batch of the demonstration, from its donor to the last thing about it."""
    opened = [
        row[0]
        for row in copier.connection.execute(
            "SELECT seq FROM events WHERE action = 'donor.registered' ORDER BY seq LIMIT 4"
        )
    ]
    started = copier.connection.execute(
        "SELECT min(seq) FROM events WHERE scope = ?", (batch,)
    ).fetchone()[0]
    first = max(seq for seq in opened if seq < started)
    return copier.stretch(first, min(seq for seq in opened if seq > first) - 1)


def _describe(folder: Path, known: dict[str, Any]) -> None:
    with closing(sqlite3.connect(folder / NAME)) as connection:

        def one(question: str) -> str:
            return str(connection.execute(question).fetchone()[0])

        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        facts = known | {
            "certificate": one("SELECT code FROM certificates ORDER BY id LIMIT 1"),
            "lot": one(
                "SELECT lots.code FROM lots JOIN lot_uses ON lot_uses.lot_id = lots.id "
                "GROUP BY lots.id ORDER BY count(*) DESC LIMIT 1"
            ),
            "events": int(one("SELECT count(*) FROM events")),
            "rows": sum(
                int(one(f'SELECT count(*) FROM "{name}"')) for (name,) in tables.fetchall()
            ),
        }
    (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")
