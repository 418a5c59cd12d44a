"""One finished batch, made once and copied.

Complete, tested with the published results, ready for review.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from integrity.database import Database
from integrity.files import File
from integrity.trail import Actor
from tests import applications
from tests.makers import release
from tests.makers.batches import find_batch, find_laboratory
from tests.templates import Clock, Templates, compiled_once


@dataclass
class Finished:
    """A database with a finished batch, its people and its clock."""

    database: Database
    clock: Clock
    people: dict[str, Actor]
    second: Actor
    batch: Any

    def review(self) -> Any:
        with self.database.writing() as session:
            return release.sign_review(session, self.batch, by=self.people["qa"], at=self.clock())

    def decide(
        self, deed: str, by: str = "releaser", why: str | None = "Decided on the whole record."
    ) -> Any:
        """One of the signed decisions; the paper of a certificate is not drawn with it."""
        self.clock.advance(minutes=1)
        with self.database.writing() as session:
            return release.decide(
                session, deed, self.batch, by=self.people[by], at=self.clock(), why=why
            )

    def drawn(self, certificate: Any) -> File:
        """The file of a certificate, as whoever asks for it gets it."""
        return release.drawn(self.database, self.clock, certificate)

    def sterility(self, value: str = "no_growth", *, reviewed: bool = True, days: int = 29) -> Any:
        self.clock.advance(days=days)
        with self.database.writing() as session:
            return release.culture_results(session, self, self.batch, value, reviewed=reviewed)


@pytest.fixture
def finished(tmp_path: Path, templates: Templates) -> Iterator[Finished]:
    """A copy of its own, at the moment the last result was reviewed."""
    path = tmp_path / "finished.db"
    clock = Clock(templates.copy("finished", path).moment)
    opened = compiled_once(Database(f"sqlite:///{path}"))
    yield find_finished(opened, clock)
    opened.close()


def find_finished(database: Database, clock: Clock) -> Finished:
    """What a database in the state "finished" holds."""
    found = find_laboratory(database, clock)
    return Finished(database, clock, found.people, found.second, find_batch(database))


@pytest.fixture
def beginning(beginning: str, request: pytest.FixtureRequest) -> str:
    """Whoever wants it reviewed gets a copy that is."""
    wants = "reviewed" in request.fixturenames and beginning == "finished"
    return "reviewed" if wants else beginning


@pytest.fixture
def reviewed(database: Database, clock: Clock) -> Finished:
    """The same on both kinds of database, once QA has reviewed it; for the state "finished"."""
    return find_finished(database, clock)


@pytest.fixture
def site(finished: Finished) -> Iterator[Flask]:
    """The application over the finished batch."""
    ours = dict.fromkeys(("ADDRESS", "PUBLIC_ADDRESS"), "http://cordbook.test")
    with applications.lent(finished.database, finished.clock, **ours) as made:
        yield made
