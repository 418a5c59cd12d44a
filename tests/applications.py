"""The application that the tests of one worker share: its pages are bound and its templates
compiled once, not for each test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask

import app as roof
from integrity.database import Database


def make(database: Database, clock: Callable[[], datetime], **config: Any) -> Flask:
    """An application that no other test sees."""
    made = roof.create_app(
        database,
        "not a secret: a test",
        clock=clock,
        TESTING=False,
        PROPAGATE_EXCEPTIONS=False,
        **config,
    )
    made.logger.disabled = False
    return made


_idle: list[Flask] = []


@contextmanager
def lent(database: Database, clock: Callable[[], datetime], **config: Any) -> Iterator[Flask]:
    """One that waits, over this database; what a test sets is for the next one as it was."""
    made = _idle.pop() if _idle else make(database, clock)
    before = dict(made.config)
    made.config.update(config)
    made.extensions["cordbook"] = roof.surroundings(database, clock)
    yield made
    made.config.clear()
    made.config.update(before)
    _idle.append(made)
