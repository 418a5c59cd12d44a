"""Where an installation is: its data directory, its database, its secret, and who holds it. Read
from the environment.

A fault is a Sentence for the person at the terminal; a database takes its name only when it is
whole."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import inspect

from integrity import schema, trail
from integrity.cabinet import FOLDER, Cabinet
from integrity.database import Database
from integrity.reach import Reach, read_reach

ROOT = Path(__file__).resolve().parent.parent
LONGEST_START = 120  # seconds for which a start waits for another one of the same PostgreSQL


class Sentence(Exception):
    """What is wrong and what to do, for the person at the terminal."""


@dataclass(frozen=True)
class Place:
    """Where this installation is.

    Its data directory, its database, and how others reach it.
    """

    data: Path
    url: str
    reach: Reach = Reach()

    @property
    def cabinet(self) -> Cabinet:
        """Where attached files lie."""
        return Cabinet(self.data / FOLDER)

    @property
    def file(self) -> Path | None:
        """The database file, or None on PostgreSQL."""
        return Path(self.url.removeprefix("sqlite:///")) if self.url.startswith("sqlite") else None


def data_directory() -> Path:
    """From CORDBOOK_DATA; made where it is not there."""
    data = Path(os.environ.get("CORDBOOK_DATA") or ROOT / "var").expanduser().absolute()
    if "?" in str(data):
        raise Sentence(
            f"The data directory {data} has a question mark in its name: choose another with "
            "CORDBOOK_DATA."
        )
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / "cordbook.lock").touch()
    except OSError as fault:
        raise Sentence(
            f"The data directory {data} cannot be written ({fault.strerror}): make it writable, "
            "or name another in "
            "CORDBOOK_DATA."
        ) from None
    return data


def place() -> Place:
    """From CORDBOOK_DATA and _DATABASE, and how others reach it; makes the data directory."""
    data = data_directory()
    url = os.environ.get("CORDBOOK_DATABASE") or f"sqlite:///{data / 'cordbook.db'}"
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise Sentence(
            "CORDBOOK_DATABASE must be a PostgreSQL URL, postgresql+psycopg://user@host/name, or "
            "not be set."
        )
    try:
        return Place(data, url, read_reach(os.environ, data))
    except ValueError as fault:
        raise Sentence(str(fault)) from None


class Hold:
    """The system's lock on a file of the data directory, which ends with the process whatever
    happens; `is_alone` while nobody else may serve what lies there."""

    def __init__(self, lock: IO[bytes]) -> None:
        self._lock = lock
        self.is_alone = False

    def take(self) -> bool:
        """Hold it alone; whether nobody else holds it."""
        self.is_alone = self._locked("LOCK_EX")
        return self.is_alone

    def share(self) -> bool:
        """Hold it with others who share it; whether nobody holds it alone."""
        self.is_alone = False
        return self._locked("LOCK_SH")

    def _locked(self, how: str) -> bool:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(self._lock.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
            else:
                import fcntl

                fcntl.flock(self._lock, getattr(fcntl, how) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def held(here: Place, why_not: str, *, with_others: bool = False) -> Iterator[Hold]:
    """Hold the data directory alone.

    `with_others`: or, where others serve the same PostgreSQL from it, together with them; whoever
    is alone meanwhile is waited for.
    """
    with (here.data / "cordbook.lock").open("a+b") as lock:
        hold = Hold(lock)
        until = time.monotonic() + LONGEST_START
        while not (hold.take() or (with_others and hold.share())):
            if not with_others or time.monotonic() > until:
                raise Sentence(f"Cordbook is running on {here.data}: {why_not}") from None
            time.sleep(1)
        yield hold


def keep_private(file: Path) -> None:
    """Nobody else on the machine reads a database or a backup; what SQLite writes beside one takes
    its rights from it.
    """
    for path in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        if path.exists() and path.stat().st_mode & 0o077:
            path.chmod(0o600)


@contextmanager
def opened(here: Place) -> Iterator[Database]:
    """The installation's database, brought to this version's schema.

    A Sentence where there is none.
    """
    if here.file and not here.file.exists():
        raise Sentence(
            f"There is no database in {here.data} yet: ./run makes the demonstration, ./run init "
            "a clean installation."
        )
    if here.file:
        keep_private(here.file)
    with closing(Database(here.url)) as database:
        if not here.file and not inspect(database.engine).has_table("events"):
            raise Sentence(
                "This PostgreSQL database is empty: ./run makes the demonstration in it, ./run "
                "init a clean installation."
            )
        _bring_up_to_date(database)
        yield database


def _bring_up_to_date(database: Database) -> None:
    if not schema.is_current(database.engine):
        try:
            schema.upgrade(database.engine)
        except (schema.DatabaseTooNew, schema.ForeignDatabase) as fault:
            raise Sentence(str(fault)) from None


def is_new(here: Place) -> bool:
    """Whether nothing was ever recorded here."""
    if here.file:
        return not here.file.exists()
    with closing(Database(here.url)) as database:
        if not inspect(database.engine).has_table("events"):
            return True
        with database.reading() as reading:
            return trail.head(reading)[0] == 0


def make(here: Place, fill: Callable[[Database], Any]) -> Any:
    """A new database, filled.

    On SQLite it takes its name only when it is whole, so that a killed start leaves nothing half.
    """
    aside = here.file.with_name(here.file.name + ".making") if here.file else None
    if aside:
        for suffix in ("", "-wal", "-shm"):
            aside.with_name(aside.name + suffix).unlink(missing_ok=True)
    with closing(Database(f"sqlite:///{aside}" if aside else here.url)) as database:
        _bring_up_to_date(database)
        result = fill(database)
    if aside and here.file:
        keep_private(aside)
        os.replace(aside, here.file)
    return result


def secret(here: Place) -> str:
    """What signs the cookies: made at the first start, readable by its owner alone."""
    path = here.data / "secret.key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    if len(text := path.read_text().strip()) < 32:
        raise Sentence(
            f"{path} is damaged: remove it and start again; everybody signs in anew then."
        )
    return text


def explained(fault: Exception) -> str:
    """One sentence for what the database or the system said."""
    said = str(getattr(fault, "orig", None) or fault).strip().splitlines()[0]
    low = said.lower()
    if "not a database" in low or "malformed" in low:
        return (
            f"The database file is damaged or is none of ours ({said}): put a backup in its "
            "place with ./run restore FILE."
        )
    if "no module named 'psycopg" in low or "no module named 'gunicorn" in low:
        return (
            "What an installation on PostgreSQL needs is missing: start it with ./run, or install "
            "requirements-postgresql.txt into the environment."
        )
    if "locked" in low:
        return "The database is busy: try again in a minute."
    if "readonly" in low or "unable to open" in low:
        return (
            f"The database file cannot be opened for writing ({said}): make it and its folder "
            "writable."
        )
    if "full" in low or "no space" in low:
        return "The disk is full: make room, then try again. Nothing was recorded."
    return (
        f"The database cannot be reached or used ({said}): check CORDBOOK_DATABASE and that "
        "the server runs."
    )
