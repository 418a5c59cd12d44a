"""The demonstration laboratory as everybody sees it: the application, and who visits it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

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
        return Visitor(app, username, self.passwords[username])

    @property
    def passwords(self) -> dict[str, str]:
        """{user name: password} of everybody."""
        return {username: password for _, username, password in self.report.sign_ins}

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


@contextmanager
def demonstrated(folder: Path, templates: Templates) -> Iterator[World]:
    """A demonstration of its own in this folder, a minute after it was loaded."""
    template = templates.copy("demonstration", folder / "world.db")
    with closing(Database(f"sqlite:///{folder / 'world.db'}")) as database:
        yield World(database, template.facts, template.moment + timedelta(minutes=1), templates)
