"""One filled world for each kind of database.

Every test tampers with it inside a transaction that is rolled back.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrity import signed
from integrity.database import Database, Session
from tests import shared
from tests.machine import leave_out
from tests.makers import records
from tests.templates import create


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Three rows of every record table, on both kinds of database."""
    if request.param == "sqlite":
        path: Path = tmp_path_factory.mktemp("world") / "world.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        server = request.getfixturevalue("postgresql_server")
        if server is None:
            leave_out("PostgreSQL")
        name = f"world_{shared.WORKER}_" + request.module.__name__.rpartition(".")[2]
        create(
            server, name, request.getfixturevalue("templates").postgresql(server, "schema").place
        )
        url = f"{server}/{name}"
    database = Database(url)
    records.fill(database)
    yield database
    database.close()


@pytest.fixture(autouse=True)
def nothing_needs_a_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of this world are made of their columns' types, so nobody signed what they say; what
    holds by signature is tried on real deeds (tests/qc/test_signed_states.py)."""
    monkeypatch.setattr(signed, "LAW", {})
    monkeypatch.setattr(signed, "ASKED", [])
    monkeypatch.setattr(signed, "CHECKS", [])


@pytest.fixture
def guarded(world: Database) -> Iterator[Session]:
    """A session as anybody with a SQL prompt has it, the guards standing.

    Whatever it does is rolled back.
    """
    with world.engine.connect() as connection:
        turn = connection.begin()
        yield Session(bind=connection, join_transaction_mode="create_savepoint")
        turn.rollback()


@pytest.fixture
def tampering(guarded: Session) -> Session:
    """The same with every guard removed."""
    records.switch_off_guards(guarded.connection())
    return guarded
