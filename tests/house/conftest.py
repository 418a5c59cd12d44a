"""The demonstration laboratory, made once, and copied for every test that walks through the whole
house.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import app as roof
from demonstration import laboratory
from integrity.database import Database
from tests.conftest import MORNING
from tests.house.crawler import Visitor

NOW = MORNING + timedelta(days=80)


@dataclass
class World:
    """The whole application over a demonstration database of its own."""

    database: Database
    report: laboratory.Report
    now: datetime

    def visitor(self, username: str) -> Visitor:
        app = roof.create_app(
            self.database,
            "not a secret: a test",
            clock=lambda: self.now,
            PROPAGATE_EXCEPTIONS=False,
        )
        password = next(secret for _, name, secret in self.report.sign_ins if name == username)
        return Visitor(app, username, password)

    @property
    def usernames(self) -> list[str]:
        """One of each role."""
        first = {title: name for title, name, _ in reversed(self.report.sign_ins)}
        return sorted(first.values())


@pytest.fixture(scope="session")
def loaded(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> tuple[Path, laboratory.Report]:
    path = tmp_path_factory.mktemp("world") / "world.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    report = laboratory.load(database, "http://127.0.0.1:8000", NOW)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path, report


@pytest.fixture
def world(loaded: tuple[Path, laboratory.Report], tmp_path: Path) -> Iterator[World]:
    path = tmp_path / "world.db"
    shutil.copyfile(loaded[0], path)
    database = Database(f"sqlite:///{path}")
    yield World(database, loaded[1], NOW + timedelta(minutes=1))
    database.close()
