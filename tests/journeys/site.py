"""The site that a journey happens at.

A prepared laboratory of its own, served by the production server on a free port.
"""

from __future__ import annotations

import shutil
import socket
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from waitress.server import create_server

import app as roof
from demonstration import donation, laboratory
from demonstration.clock import SimulatedClock
from demonstration.culture import Bench
from demonstration.laboratory import Laboratory
from demonstration.quality import Quality
from demonstration.staff import Staff
from integrity import site
from integrity.acts import Act
from integrity.database import Database
from integrity.trail import SYSTEM
from manufacturing.donation.donations import Cord
from manufacturing.execution import batches
from manufacturing.execution.batches import Batch, StartFacts
from people import accounts, founders
from people.accounts import PersonFacts
from people.permissions import Role
from tests.makers.people import PASSWORD, entry_id


@dataclass
class Site:
    """A laboratory at work.

    Its database, the clock that everybody goes by, and where its pages are.
    """

    url: str
    laboratory: Laboratory
    passwords: dict[str, str]

    @property
    def database(self) -> Database:
        return self.laboratory.database

    @property
    def clock(self) -> SimulatedClock:
        return self.laboratory.clock

    def bench(self, **changes: Any) -> Bench:
        return self.laboratory.bench(**changes)

    def quality(self) -> Quality:
        return self.laboratory.quality()

    def idle_after(self, minutes: int) -> None:
        """Set the idle limit, so that work at the pace of a journey is not locked out of its
        tablet.
        """
        with self.database.writing() as session:
            site.change(
                Act(session, SYSTEM, self.clock()),
                "idle_minutes",
                str(minutes),
                reason="Set for this journey.",
            )

    def cord(self, born_at: datetime, donor: str = "H1-0001") -> Cord:
        """A cord received now."""
        technician = self.laboratory.staff["technician1"]
        with self.database.writing() as session:
            made = donation.register_donor(session, donor, by=technician, at=self.clock())
            return donation.receive_cord(session, made, born_at, by=technician, at=self.clock())

    def batch(self, cord: Cord | None = None) -> Batch:
        """A batch started now, from a cord of three hours unless another is given."""
        cord = cord or self.cord(self.clock() - timedelta(hours=3))
        with self.database.writing() as session:
            facts = StartFacts(cord.code, self.laboratory.master_id, is_known=True)
            return batches.start(
                Act(
                    session, self.laboratory.staff["technician1"], self.clock(), entry_id=entry_id()
                ),
                facts,
            )


@dataclass(frozen=True)
class Prepared:
    """A laboratory made once and copied for each journey."""

    path: Path
    laboratory: Laboratory


def prepare(path: Path, template: Path, at: datetime) -> Prepared:
    """People, papers, materials and equipment, through their acts."""
    shutil.copyfile(template, path)
    database = Database(f"sqlite:///{path}")
    made = laboratory.furnish(database, "", SimulatedClock(at))
    database.close()
    return Prepared(path, made)


@contextmanager
def opened(prepared: Prepared, path: Path) -> Iterator[Site]:
    """A copy of the prepared laboratory, served."""
    shutil.copyfile(prepared.path, path)
    database, clock = Database(f"sqlite:///{path}"), SimulatedClock(prepared.laboratory.clock())
    with _at_work(database, clock) as url:
        here = replace(prepared.laboratory, database=database, clock=clock, address=url)
        yield Site(url, here, {username: password for _, username, password in here.staff.sign_ins})
    database.close()


@contextmanager
def opened_as(path: Path, at: datetime, passwords: dict[str, str]) -> Iterator[Site]:
    """A database that lies there already, served; who can sign in is told."""
    database, clock = Database(f"sqlite:///{path}"), SimulatedClock(at)
    with _at_work(database, clock) as url:
        here = Laboratory(database, url, clock, Staff({}, []), {}, 0)
        yield Site(url, here, passwords)
    database.close()


@contextmanager
def _at_work(database: Database, clock: SimulatedClock) -> Iterator[str]:
    """The address at which this database is served."""
    with _listening() as (listener, url):
        application = roof.create_app(
            database,
            "not a secret: a test",
            clock=clock,
            address=url,
            SEND_FILE_MAX_AGE_DEFAULT=3600,
        )
        with _served(application, listener):
            yield url


@contextmanager
def founded(path: Path, template: Path, at: datetime) -> Iterator[Site]:
    """A site as `./run init` leaves it: its administrator and its first person of quality."""
    shutil.copyfile(template, path)
    database, clock = Database(f"sqlite:///{path}"), SimulatedClock(at)
    both = [
        founders.Founder(PersonFacts("admin1", "Administrator 1", Role.ADMINISTRATOR), PASSWORD),
        founders.Founder(PersonFacts("qa1", "QA 1", Role.QA), PASSWORD),
    ]
    with database.writing() as session:
        act = Act(session, SYSTEM, at)
        for name, value in (site.DEFAULTS | {"name": "Laboratory", "zone": "UTC"}).items():
            site.change(act, name, value, reason="The site was made.")
        hashes = (accounts.hashed(PASSWORD), accounts.hashed(PASSWORD))
        founders.install(act, *both, hashes)
    with _at_work(database, clock) as url:
        here = Laboratory(database, url, clock, Staff({}, []), {}, 0)
        yield Site(url, here, defaultdict(lambda: PASSWORD))
    database.close()


@contextmanager
def _listening() -> Iterator[tuple[socket.socket, str]]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def _served(application: Any, listener: socket.socket) -> Iterator[None]:
    server = create_server(application, sockets=[listener], threads=4)
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            server.asyncore.loop(timeout=0.2, map=server._map, count=1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(10)
        server.task_dispatcher.shutdown()
        for channel in list(server._map.values()):
            channel.close()
