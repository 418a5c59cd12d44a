"""Databases by state: each is made once a run, by whichever worker asks first, and copied since.

A state is the one it begins with and what is done then, through the acts that the pages use. SQLite
copies a file; PostgreSQL makes a database of another one.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

from integrity import schema
from integrity.database import Database
from tests import shared
from tests.makers import people

MORNING = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


class Clock:
    """The server's clock of a test: stands still until it is told to go on."""

    def __init__(self, at: datetime = MORNING):
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


# state: (the state it begins with, what is done then: module.function of tests/makers, which takes
# database and clock)
STATES = {
    "people": ("schema", "people.everybody"),
    "small": ("schema", "steps.plan"),
    "laboratory": ("people", "batches.furnish"),
    "planned": ("laboratory", "batches.plan"),
    "qc": ("schema", "qc.furnish"),
    "finished": ("laboratory", "release.finish"),
    "reviewed": ("finished", "release.be_reviewed"),
    "demonstration": ("schema", "demonstration.load"),
}


@dataclass(frozen=True)
class Template:
    """Where a state lies (a file, or the name of a PostgreSQL database), the moment it ends at, and
    what its maker handed over that no database holds.
    """

    place: str
    moment: datetime
    facts: Any


@dataclass(frozen=True)
class Templates:
    """The templates of one run."""

    folder: Path

    def sqlite(self, state: str) -> Template:
        return shared.once(self.folder, f"sqlite-{state}", lambda: self._make_file(state))

    def postgresql(self, server: str, state: str) -> Template:
        return shared.once(
            self.folder, f"postgresql-{state}", lambda: self._make_database(server, state)
        )

    def copy(self, state: str, path: Path) -> Template:
        """A SQLite file of its own."""
        template = self.sqlite(state)
        shutil.copyfile(template.place, path)
        return template

    def _make_file(self, state: str) -> Template:
        path = self.folder / f"{state}.db"
        base = _base_of(state)
        clock = Clock(self.copy(base, path).moment if base else MORNING)
        with closing(compiled_once(Database(f"sqlite:///{path}"))) as database:
            facts = _furnish(state, database, clock)
            with database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return Template(str(path), clock(), facts)

    def _make_database(self, server: str, state: str) -> Template:
        name = f"state_{state.replace('+', '_')}"
        base = _base_of(state)
        template = self.postgresql(server, base) if base else None
        create(server, name, template.place if template else "template1")
        clock = Clock(template.moment if template else MORNING)
        with closing(compiled_once(Database(f"{server}/{name}"))) as database:
            facts = _furnish(state, database, clock)
        return Template(name, clock(), facts)


def _base_of(state: str) -> str | None:
    """Roles joined by + are a state as well: one person of each."""
    return None if state == "schema" else STATES[state][0] if state in STATES else "schema"


def _furnish(state: str, database: Database, clock: Clock) -> Any:
    if state == "schema":
        return schema.upgrade(database.engine)
    if state not in STATES:
        return people.make_people(database, *state.split("+"), at=clock()) and None
    module, _, function = STATES[state][1].partition(".")
    return getattr(import_module(f"tests.makers.{module}"), function)(database, clock)


_first: dict[str, Engine] = {}


def compiled_once(database: Database) -> Database:
    """The same database, whose questions are compiled once in a worker: every test has an engine
    of its own, and each of them would begin with none.
    """
    first = _first.get(name := database.engine.dialect.name)
    if first is None:
        first = _first[name] = database.engine
        first.connect().close()  # its dialect learns now what server it speaks to, for all of them
    database.engine.dialect = database.engine.pool._dialect = first.dialect
    database.engine._compiled_cache = first._compiled_cache
    database._writer = database.engine.execution_options(writing=True)
    return database


def command(server: str, sentence: str) -> None:
    """One command to the server as its administrator."""
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(sentence))
    engine.dispose()


def create(server: str, name: str, template: str) -> None:
    """A database made of another one; its files are copied, which is quicker than by the log."""
    command(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
