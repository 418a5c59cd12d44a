"""Several processes that serve one installation on PostgreSQL, kept alive by gunicorn.

Each of them is the server of `serving.py` with its own threads and its own connections to the
database; what they share lies in the database and in the data directory. gunicorn starts them,
ends them, and replaces one that died or hangs.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker
from waitress import wasyncore

import connections
import serving
from integrity import anchors
from integrity.database import Database
from integrity.installation import Place, Sentence, opened, place
from integrity.post import Post

MOST = 64
HANGS = 60  # seconds without a sign of life after which a process is replaced
LAST = 30  # seconds that the requests under way have at the end


def wanted(given: str) -> int:
    """How many processes CORDBOOK_PROCESSES asks for."""
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MOST):
        raise Sentence(f"CORDBOOK_PROCESSES is {given!r}: it must be a whole number from 1 to 64.")
    return int(given)


def serve(create_app: Callable[..., Any], count: int) -> None:
    """Serve by so many processes until told to stop; raises Sentence for what keeps it from it."""
    here = place()
    if here.file is not None:
        raise Sentence(
            "CORDBOOK_PROCESSES is for an installation on PostgreSQL: the embedded SQLite has one "
            "process. Name a PostgreSQL in CORDBOOK_DATABASE, or leave CORDBOOK_PROCESSES out."
        )
    post, outside = serving.read_letters(), serving.places()
    with serving.ready(here):
        with opened(here) as database:
            serving.greet(here, database, here.reach.port)
        Arbiter(Several(create_app, here, post, outside, count)).run()


class Several(BaseApplication):
    """What gunicorn is told."""

    def __init__(
        self,
        create_app: Callable[..., Any],
        here: Place,
        post: Post | None,
        outside: anchors.Places,
        count: int,
    ) -> None:
        self.create_app, self.here, self.count = create_app, here, count
        self.post_office, self.outside = post, outside
        self.database: Database | None = None
        super().__init__()

    def load_config(self) -> None:
        """Its settings; none of them is read from a file or from GUNICORN_CMD_ARGS."""
        bind = [
            f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            for host, port, _ in serving.where(self.here.reach)
        ]
        settings = {
            "bind": bind,
            "workers": self.count,
            "worker_class": Process,
            "timeout": HANGS,
            "graceful_timeout": LAST,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application of one process, over connections of its own."""
        self.database = Database(self.here.url)
        return serving.application(self.create_app, self.database, self.here, self.post_office)


class Process(Worker):
    """One process: it serves the sockets that gunicorn has bound."""

    app: Several

    def run(self) -> None:
        """Serve until told to stop, or until the process that started this one is gone."""
        several = self.app
        assert several.database is not None
        sockets = [each.sock for each in self.sockets]
        servers = serving.listening(self.wsgi, several.here.reach, sockets)
        helpers = serving.start_helpers(
            self.wsgi, several.database, several.post_office, several.outside
        )
        try:
            while self.alive and os.getppid() == self.ppid:
                self.notify()
                wasyncore.loop(
                    timeout=connections.EVERY, use_poll=True, map=servers[0]._map, count=1
                )
        finally:
            for each in servers:
                each.close()
            servers[0].task_dispatcher.shutdown()
            for helper in helpers:
                helper.set()
            several.database.close()
