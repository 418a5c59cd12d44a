"""The database away, busy or full: said in a sentence, what was typed is kept."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError as PoolTimeout

from app import create_app
from integrity import outages, schema
from integrity.database import Database
from integrity.outages import Outage, WriterBusy, outage_of
from integrity.trail import Event
from people.accounts import Person
from tests import postgresql
from tests.machine import leave_out
from tests.makers.people import PASSWORD, entry_id, make_people, sign_in, token
from tests.pages import Page

pytestmark = pytest.mark.state("administrator")

AWAY, BUSY, FULL = (
    "The database cannot be reached",
    "Somebody else is writing",
    "The disk of the server is full",
)
NEW = {"username": "tech7", "name": "Technician Seven", "role": "technician"}


class Said(Exception):
    """What PostgreSQL's driver raises, with its state."""

    def __init__(self, sqlstate=None):
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


OperationalErrorOfDriver = type("OperationalError", (Said,), {})


def of_sqlite(code: int) -> DBAPIError:
    fault = sqlite3.OperationalError("said")
    fault.sqlite_errorcode = code
    return OperationalError("SELECT 1", {}, fault)


def of_postgresql(state, *, invalidated=False, kind=Said) -> DBAPIError:
    return DBAPIError("SELECT 1", {}, kind(state), connection_invalidated=invalidated)


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (WriterBusy(), Outage.BUSY),
        (PoolTimeout("the pool"), Outage.BUSY),
        (OSError(28, "No space left on device"), Outage.FULL),
        (OSError(2, "No such file"), None),
        (of_sqlite(sqlite3.SQLITE_BUSY), Outage.BUSY),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), Outage.BUSY),
        (of_sqlite(sqlite3.SQLITE_FULL), Outage.FULL),
        (of_sqlite(sqlite3.SQLITE_CANTOPEN), Outage.AWAY),
        (of_sqlite(sqlite3.SQLITE_CONSTRAINT), None),
        (of_postgresql("55P03"), Outage.BUSY),
        (of_postgresql("53300"), Outage.BUSY),
        (of_postgresql("53100"), Outage.FULL),
        (of_postgresql("57P01"), Outage.AWAY),
        (of_postgresql("08006"), Outage.AWAY),
        (of_postgresql(None, invalidated=True), Outage.AWAY),
        (of_postgresql(None, kind=OperationalErrorOfDriver), Outage.AWAY),
        (of_postgresql("23505"), None),
        (of_postgresql(None), None),
        (ValueError("a fault of ours"), None),
    ],
    ids=repr,
)
def test_an_outage_is_told_from_a_fault(error, outage):
    assert outage_of(error) is outage


def test_an_outage_is_found_behind_the_error_that_it_caused():
    try:
        try:
            raise WriterBusy
        except WriterBusy as cause:
            raise RuntimeError("while answering") from cause
    except RuntimeError as error:
        assert outage_of(error) is Outage.BUSY


@contextmanager
def served(database, clock):
    """A client of the application over a database, signed in as the administrator."""
    client = create_app(database, "not a secret: a test", clock=clock).test_client()
    assert sign_in(client, "administrator1").status_code == 303
    yield client


@contextmanager
def holding(database):
    """Somebody else writes, and is not done."""
    with database.writing() as session:
        session.execute(text("SELECT 1"))
        yield


def is_said(answer, title) -> bool:
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert "Traceback" not in answer.get_data(as_text=True)
    return title in Page(answer).words


def send(client, given, **more):
    data = {"csrf_token": given, "entry_id": entry_id()} | NEW | more
    return client.post("/people/new", data=data)


def send_again(client, answer):
    """What stands on the page, as the button sends it."""
    page = Page(answer)
    typed = {
        each.given["name"]: each.words.removeprefix("\n")
        for each in page.elements
        if each.tag == "textarea"
    }
    typed["csrf_token"] = page.value("csrf_token")
    return client.post(page.forms[-1].action, data=typed)


def is_recorded(database) -> int:
    with database.reading() as session:
        named = select(func.count()).select_from(Person).where(Person.username == "tech7")
        return session.scalar(named)


# Busy
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def hurried(sqlite):
    """The same database, whose writer's turn is waited for a second only."""
    opened = Database(sqlite.url, patience=1)
    yield opened
    opened.close()


def test_whoever_waits_too_long_for_the_writer_is_told_and_keeps_the_entry(hurried, sqlite, clock):
    with served(hurried, clock) as client:
        given = token(client, "/people/new")
        with holding(sqlite):
            answer = send(client, given)
            assert is_said(answer, BUSY)
        assert "Technician Seven" in Page(answer).words
        assert is_recorded(hurried) == 0
        assert send_again(client, answer).status_code == 200
        assert send_again(client, answer).status_code == 303  # the same entry, recorded once
        assert is_recorded(hurried) == 1


def test_the_turn_within_the_process_is_waited_for_as_long(hurried, clock):
    with served(hurried, clock) as client:
        given, begun, done = token(client, "/people/new"), threading.Event(), threading.Event()

        def write():
            with hurried.writing():
                begun.set()
                done.wait()

        other = threading.Thread(target=write)
        other.start()
        begun.wait()
        try:
            assert is_said(send(client, given), BUSY)
        finally:
            done.set()
            other.join()


def test_a_database_that_somebody_has_locked_altogether_says_so_on_every_page(hurried, clock):
    with served(hurried, clock) as client:
        file = hurried.url.removeprefix("sqlite:///")
        hurried.engine.dispose()
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        for path in ("/people", "/sign-in", "/nowhere", "/health"):
            assert is_said(client.get(path), BUSY), path
        other.close()
        assert client.get("/people").status_code == 200


# Full
# -------------------------------------------------------------------------------------------------


def test_a_full_disk_says_so_and_keeps_what_was_typed(sqlite, clock):
    def fill(connection, _record=None):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    with served(sqlite, clock) as client:
        given = token(client, "/people/new")
        sqlite.engine.dispose()
        event.listen(sqlite.engine, "connect", fill)
        answers = [send(client, given, name="Technician Seven " + "x" * 60) for _ in range(30)]
        full = next(answer for answer in answers if answer.status_code == 503)
        assert is_said(full, FULL)
        event.remove(sqlite.engine, "connect", fill)
        sqlite.engine.dispose()
        assert client.get("/people").status_code == 200


# Away
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def own_postgresql(clock):
    """(database, folder, port) of a PostgreSQL that nobody else uses."""
    folder = Path(tempfile.mkdtemp(prefix="cordbook-outage-"))
    server = postgresql.start(folder)
    if server is None:
        leave_out("PostgreSQL")
    database = Database(f"{server}/postgres", patience=2)
    schema.upgrade(database.engine)
    make_people(database, "administrator", at=clock())
    yield database, folder, int(server.rpartition(":")[2])
    database.close()
    postgresql.stop(folder)


@pytest.mark.postgres
def test_with_postgresql_stopped_every_page_says_so_and_comes_back_by_itself(own_postgresql, clock):
    database, folder, port = own_postgresql
    with served(database, clock) as client:
        given = token(client, "/people/new")
        postgresql.halt(folder)
        for path in ("/", "/people", "/sign-in", "/trail", "/nowhere", "/health"):
            assert is_said(client.get(path), AWAY), path
        answer = send(client, given)
        assert is_said(answer, AWAY)
        asked = {"Accept": "application/json"}
        program = client.get("/people", headers=asked)
        assert (program.status_code, program.mimetype) == (503, "application/problem+json")
        assert program.get_json()["type"] == "/problems/away"
        postgresql.resume(folder, port)
        assert client.get("/people").status_code == 200
        assert send_again(client, answer).status_code == 200
        assert is_recorded(database) == 1


@pytest.mark.postgres
def test_on_postgresql_too_nobody_waits_for_the_writer_for_ever(own_postgresql, clock):
    database, *_ = own_postgresql
    with served(database, clock) as client:
        given = token(client, "/people/new")
        with closing(Database(database.url)) as other, holding(other):
            assert is_said(send(client, given), BUSY)
        assert send(client, given).status_code == 200


def test_a_password_is_not_kept_on_the_page_and_is_asked_for_again(hurried, sqlite, clock):
    with served(hurried, clock) as client:
        given = token(client, "/password")
        with holding(sqlite):
            data = {"csrf_token": given, "entry_id": entry_id(), "current": PASSWORD}
            answer = client.post("/password", data=data | {"wanted": "x" * 12, "again": "x" * 12})
        assert is_said(answer, BUSY)
        assert PASSWORD not in answer.get_data(as_text=True)
        inputs = {name for name, kind, _ in Page(answer).forms[-1].inputs if kind == "password"}
        assert inputs == {"current", "wanted", "again"}


def test_nothing_is_said_in_the_trail_of_what_could_not_be_recorded(hurried, sqlite, clock):
    with served(hurried, clock) as client:
        given = token(client, "/people/new")
        with sqlite.reading() as session:
            before = session.scalar(select(func.max(Event.seq)))
        with holding(sqlite):
            send(client, given)
        with sqlite.reading() as session:
            assert session.scalar(select(func.max(Event.seq))) == before
            assert session.execute(text("SELECT count(*) FROM outbox")).scalar_one() == 0
    assert set(outages._SQLITE.values()) == set(Outage)
