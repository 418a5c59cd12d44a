"""The demonstration laboratory, made once, and copied for every test that walks through the whole
house.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import app as roof
from demonstration import laboratory
from integrity.database import Database
from tests import shared
from tests.house.crawler import Seen, Visitor
from tests.templates import Templates


@dataclass
class World:
    """The whole application over a demonstration database of its own."""

    database: Database
    report: laboratory.Report
    now: datetime
    templates: Templates

    def visitor(self, username: str) -> Visitor:
        app = roof.create_app(
            self.database,
            "not a secret: a test",
            clock=lambda: self.now,
            PROPAGATE_EXCEPTIONS=False,
        )
        password = next(secret for _, name, secret in self.report.sign_ins if name == username)
        return Visitor(app, username, password)

    def crawl(self, username: str) -> list[Seen]:
        """What this person sees of the demonstration as it was loaded: crawled once a run."""
        folder = self.templates.folder

        def crawled() -> list[Seen]:
            path = folder / f"crawl-{username}.db"
            self.templates.copy("demonstration", path)
            database = Database(f"sqlite:///{path}")
            pages = replace(self, database=database).visitor(username).crawl()
            database.close()
            return pages

        return shared.once(folder, f"crawl-{username}", crawled)


@pytest.fixture
def world(tmp_path: Path, templates: Templates) -> Iterator[World]:
    path = tmp_path / "world.db"
    template = templates.copy("demonstration", path)
    database = Database(f"sqlite:///{path}")
    yield World(database, template.facts, template.moment + timedelta(minutes=1), templates)
    database.close()
