"""Plumbing only: databases, a clock that is passed in, the application and people who sign in."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from integrity import catalogue
from integrity.database import Database
from people import accounts
from tests import applications, postgresql, rules_coverage, shared
from tests.machine import leave_out, roomy_memory
from tests.templates import Clock, Templates, command, compiled_once, create

SAID = pytest.StashKey[str]()  # what is said of the rules' coverage

# A test's passwords are no secrets: whoever tests what a real one costs asks for `real_cost`.
REAL_COST = accounts.COST
accounts.COST = accounts.Cost(1, 8, 1)

# In a test a sentence that cannot be said is an error; a reader would be shown its message id.
catalogue.shipped().strict = True


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of this run share."""
    return shared.folder_of(tmp_path_factory)


@pytest.fixture(scope="session")
def templates(run_folder: Path) -> Templates:
    """Databases by state (tests/templates.py), to be copied."""
    return Templates(run_folder)


@pytest.fixture(scope="session")
def sqlite_template(templates: Templates) -> Path:
    """An empty SQLite database with the schema."""
    return Path(templates.sqlite("schema").place)


@pytest.fixture(scope="session")
def postgresql_server(run_folder: Path) -> str | None:
    """The URL of a PostgreSQL of our own in a temporary directory, one for all workers, or None
    where the machine has none.
    """

    def make() -> tuple[Path, str | None]:
        folder = Path(tempfile.mkdtemp(prefix="cordbook-pg-", dir=roomy_memory()))
        return folder, postgresql.start(folder)

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


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> str:
    """The state that the test's databases begin in: pytest.mark.state("small")."""
    mark = request.node.get_closest_marker("state")
    return mark.args[0] if mark else "schema"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, beginning: str, clock: Clock) -> Iterator[Database]:
    """A database of its own in the test's state, which sets the clock; every test that uses it runs
    on both kinds.
    """
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    server = request.getfixturevalue("postgresql_server")
    if server is None:
        leave_out("PostgreSQL")
    template = request.getfixturevalue("templates").postgresql(server, beginning)
    clock.at = max(clock.at, template.moment)
    name = f"cordbook_{shared.WORKER}_{next(_numbers)}"
    create(server, name, template.place)
    opened = compiled_once(Database(f"{server}/{name}"))
    yield opened
    opened.close()
    command(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite(
    tmp_path: Path, templates: Templates, beginning: str, clock: Clock
) -> Iterator[Database]:
    """The same on SQLite, for pages and journeys that need only one kind."""
    template = templates.copy(beginning, tmp_path / "cordbook.db")
    clock.at = max(clock.at, template.moment)
    opened = compiled_once(Database(f"sqlite:///{tmp_path / 'cordbook.db'}"))
    yield opened
    opened.close()


@pytest.fixture
def real_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed at what Cordbook spends on them."""
    monkeypatch.setattr(accounts, "COST", REAL_COST)


@pytest.fixture
def own_addresses() -> None:
    """Asked for by a test that adds an address: its application is no other test's."""


@pytest.fixture
def application(sqlite: Database, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The whole application on SQLite."""
    if "own_addresses" in request.fixturenames:
        yield applications.make(sqlite, clock)
        return
    with applications.lent(sqlite, clock) as made:
        yield made


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
