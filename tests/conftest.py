"""Plumbing only: databases, a clock that is passed in, the application and people who sign in."""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

import app as roof
from integrity import catalogue, schema
from integrity.database import Database
from tests import postgresql, rules_coverage, shared
from tests.machine import leave_out

SAID = pytest.StashKey[str]()  # what is said of the rules' coverage
MORNING = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


# In a test a sentence that cannot be said is an error; a reader would be shown its message id.
catalogue.shipped().strict = True


class Clock:
    """The server's clock of a test: stands still until it is told to go on."""

    def __init__(self, at: datetime = MORNING):
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of this run share."""
    return shared.folder_of(tmp_path_factory)


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    path = run_folder / "template.db"

    def make() -> None:
        database = Database(f"sqlite:///{path}")
        schema.upgrade(database.engine)
        database.close()

    shared.once(run_folder, "sqlite", make)
    return path


@pytest.fixture(scope="session")
def postgresql_server(run_folder: Path) -> str | None:
    """The URL of a PostgreSQL of our own in a temporary directory, one for all workers, or None
    where the machine has none.
    """

    def make() -> tuple[Path, str | None]:
        folder = Path(tempfile.mkdtemp(prefix="cordbook-pg-"))
        server = postgresql.start(folder)
        if server:
            engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text("CREATE DATABASE template_cordbook"))
            database = Database(f"{server}/template_cordbook")
            schema.upgrade(database.engine)
            database.close()
            engine.dispose()
        return folder, server

    return shared.once(run_folder, "postgresql", make)[1]


def pytest_configure(config: pytest.Config) -> None:
    rules_coverage.begin()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    with rules_coverage.measured(item):
        return (yield)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep what was measured; when all workers are done, judge it and end their PostgreSQL."""
    rules_coverage.end()
    if shared.WORKER == "alone":
        if session.exitstatus == pytest.ExitCode.OK and rules_coverage.is_asked_for(session.config):
            is_reached, session.config.stash[SAID] = rules_coverage.judged()
            session.exitstatus = pytest.ExitCode(0 if is_reached else 1)
        rules_coverage.forget()
    factory = getattr(session.config, "_tmp_path_factory", None)
    if factory is None or shared.WORKER != "alone":
        return
    kept = factory.getbasetemp() / "postgresql.pickle"
    if kept.exists():
        folder, server = pickle.loads(kept.read_bytes())
        if server:
            postgresql.stop(folder)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    shared.in_groups(config, items)


_numbers = iter(range(1, 1_000_000))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "cordbook.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        opened = Database(f"sqlite:///{path}")
        yield opened
        opened.close()
        return
    server = request.getfixturevalue("postgresql_server")
    if server is None:
        leave_out("PostgreSQL")
    name = f"cordbook_{shared.WORKER}_{next(_numbers)}"
    admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_cordbook"))
    opened = Database(f"{server}/{name}")
    yield opened
    opened.close()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A fresh SQLite database, for pages and journeys that need only one kind."""
    path = tmp_path / "cordbook.db"
    shutil.copyfile(sqlite_template, path)
    opened = Database(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def application(sqlite: Database, clock: Clock):
    """The whole application on SQLite."""
    made = roof.create_app(
        sqlite, "not a secret: a test", clock=clock, TESTING=False, PROPAGATE_EXCEPTIONS=False
    )
    made.logger.disabled = False
    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line each how far the rules were gone through, and what was left out and why."""
    if said := terminalreporter.config.stash.get(SAID, None):
        terminalreporter.write_line(said)
    reasons = {
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
    }
    if reasons:
        terminalreporter.write_line(f"Left out: {'; '.join(sorted(reasons))}.")
