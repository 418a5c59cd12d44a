"""The demonstration laboratory, made once, and copied for every test that walks through the whole
house.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import app as roof
from demonstration import laboratory
from integrity.database import Database
from tests.house.crawler import Visitor
from tests.templates import Templates


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


@pytest.fixture
def world(tmp_path: Path, templates: Templates) -> Iterator[World]:
    path = tmp_path / "world.db"
    template = templates.copy("demonstration", path)
    database = Database(f"sqlite:///{path}")
    yield World(database, template.facts, template.moment + timedelta(minutes=1))
    database.close()
