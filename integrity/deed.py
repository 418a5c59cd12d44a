"""A deed: one act in its one transaction, its refusal said in the trail.

Whoever asks for it hands everything over: a page its form, a program its JSON body, a script its
own values. Nothing here reads a request.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from integrity import clock
from integrity.database import Database
from integrity.findings import Refused
from integrity.trail import Actor


def perform(
    database: Database,
    read_clock: Callable[[], datetime],
    deed: Callable[..., Any],
    *arguments: Any,
    by: Actor,
    entry_id: str,
    scope: str | None = None,
    **words: Any,
) -> Any:
    """Call exactly one act in its one transaction, and give its result.

    The same `entry_id` (8 to 64 letters, digits and hyphens) again gets the same answer. Raises
    Refused: no record changed, and the refusal is an event of its own, found under `scope`.
    """
    try:
        with clock.transaction(database, read_clock, by, entry_id) as act:
            return deed(act, *arguments, **words)
    except Refused as refusal:
        say_refused(database, read_clock, refusal, name_of(deed), by, scope)
        raise


def say_refused(
    database: Database,
    read_clock: Callable[[], datetime],
    refusal: Refused,
    name: str,
    by: Actor,
    scope: str | None = None,
) -> None:
    """Say in the trail, in a transaction of its own, that a deed of this name was refused."""
    with clock.transaction(database, read_clock, by) as act:
        act.refused(refusal, name, scope=scope)


def name_of(deed: Any) -> str:
    """The name of an act, whatever was bound to it before it was handed on."""
    while isinstance(deed, functools.partial):
        deed = deed.func
    return getattr(deed, "__name__", "act")
