"""Attributed step entries through the real act, against bare commits of as many rows.

Signatures with and without argon2.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, text

from benchmarks.stopwatch import line, seconds
from demonstration import culture, donation
from demonstration.laboratory import Laboratory
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.trail import Event
from manufacturing.execution import batches
from manufacturing.execution.batches import StartFacts
from people import accounts, sessions

BATCHES = 3
TABLES = (
    "entries",
    "events",
    "moves",
    "states",
    "deviations",
    "containers",
    "issued_codes",
    "lot_uses",
    "equipment_uses",
    "signatures",
)


def run(laboratory: Laboratory, folder: Path) -> Iterator[str]:
    """Walk batches through the record.

    The time counted is that of whole transactions, commit included.
    """
    before = _rows(laboratory)
    watched: dict[str, list[float]] = {"step.recorded": [], "step.verified": [], "stage.signed": []}
    _walk(laboratory, watched)
    rows = _rows(laboratory) - before
    entries, signatures = (
        watched["step.recorded"],
        watched["step.verified"] + watched["stage.signed"],
    )
    rows_each = max(1, round(rows / (len(entries) + len(signatures))))
    bare = _bare_commits(folder / "bare.db", len(entries), rows_each)
    act_rate, bare_rate = len(entries) / sum(entries), len(entries) / bare
    share = act_rate / bare_rate
    yield line(
        "step entries through the act, no password",
        f"{act_rate:,.0f}/s; bare {bare_rate:,.0f}/s of {rows_each} rows: {share:.0%}",
        "goal >= 10 %",
        share >= 0.10,
    )
    yield from _signatures(laboratory, signatures)


def _walk(laboratory: Laboratory, watched: dict[str, list[float]]) -> None:
    """Every transaction of the walk, from begin to commit, under the name of its act."""
    timed = _TimedDatabase(laboratory.database, watched)
    for number in range(1, BATCHES + 1):
        at, by = laboratory.clock(), laboratory.staff["technician1"]
        with laboratory.database.writing() as session:
            donor = donation.register_donor(session, f"BENCH-{number:04d}", by=by, at=at)
            cord = donation.receive_cord(session, donor, at - timedelta(hours=2), by=by, at=at)
            batch = batches.start(
                Act(session, by, at, entry_id=f"benchmark-{number}"),
                StartFacts(cord.code, laboratory.master_id),
            )
        bench = laboratory.bench()
        bench.database = timed  # type: ignore[assignment]
        list(culture.walk(bench, batch.id))


class _TimedDatabase:
    """A database that takes the time of each writing transaction."""

    def __init__(self, database: Database, watched: dict[str, list[float]]):
        self._database, self._watched = database, watched
        self.reading = database.reading

    @contextmanager
    def writing(self) -> Iterator[Session]:
        begun = time.perf_counter()
        with self._database.writing() as session:
            yield session
            newest = session.scalar(select(Event.action).order_by(Event.seq.desc()).limit(1)) or ""
        self._watched[newest].append(time.perf_counter() - begun)


def _rows(laboratory: Laboratory) -> int:
    with laboratory.database.engine.connect() as connection:
        return sum(
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() or 0
            for table in TABLES
        )


def _bare_commits(path: Path, commits: int, rows: int) -> float:
    """As many commits of as many like rows, with the same durability, by the driver alone."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, content TEXT)")
    content = "x" * 600

    def write() -> None:
        for _ in range(commits):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO bare (content) VALUES (?)", [(content,)] * rows)
            connection.execute("COMMIT")

    spent = seconds(write)
    connection.close()
    return spent


def _signatures(laboratory: Laboratory, samples: list[float]) -> Iterator[str]:
    mean = sum(samples) / len(samples)
    username, password = next((name, secret) for _, name, secret in laboratory.staff.sign_ins)
    with laboratory.database.reading() as session:
        hashing = (
            seconds(lambda: [sessions.knows(session, username, password) for _ in range(10)]) / 10
        )
        assert accounts.find(session, username)
    yield line(
        "signatures (second person, sign-off)",
        f"{1 / mean:,.0f}/s; with argon2 {1 / (mean + hashing):,.0f}/s",
        "",
        None,
    )
