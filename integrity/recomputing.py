"""The work of verification that needs no database: lines and rows recomputed, a portion at a time.

Portions go to as many processes as there are cores and come back in their order, so that what is
found does not depend on who looked.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrity.actions import IntegrityAction
from integrity.canonical import chained, digest
from integrity.clock import TOLERANCE
from integrity.rows import digest_of_values

INDEXED = ("seq", "at", "action", "username", "subject_kind", "subject_key", "scope", "entry_id")
COLUMNS = (*INDEXED, "content", "digest", "previous", "hash")
PORTION = 2_000
FEWEST = 8  # portions that are worth another process
NO_DIGEST = bytes(32)

Line = tuple[Any, ...]
Before = tuple[int, str, str]  # seq, hash and time of the event before


@dataclass
class Recomputed:
    """What a portion of the trail says: its faults, and {table: [(key, seq, digest)]}."""

    faults: list[tuple[int, str]] = field(default_factory=list)
    rows: dict[str, list[tuple[str, int, bytes]]] = field(default_factory=dict)


def lines(given: tuple[Before, list[Line]]) -> Recomputed:
    """Recompute a portion of the trail, given the event before it."""
    before, portion = given
    made = Recomputed()
    for line in portion:
        said = _read(line[8])
        if fault := _fault_of_line(line, said, before):
            made.faults.append((line[0], fault))
        _answer_for(made, line[0], said)
        before = (line[0], line[11], line[1])
    return made


def rows(given: tuple[tuple[str, ...], list[Line]]) -> tuple[list[Any], bytes]:
    """(ids, digests one after the other) of a portion of rows with columns of these names, in their
    order.
    """
    names, portion = given
    place = names.index("id")
    found = []
    for row in portion:
        values = (bytes(value) if isinstance(value, memoryview) else value for value in row)
        found.append(bytes.fromhex(digest_of_values(zip(names, values, strict=True))))
    return [row[place] for row in portion], b"".join(found)


def _read(content: str) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except ValueError:
        return {}
    return said if isinstance(said, dict) and isinstance(said.get("rows"), list) else {}


def _answer_for(made: Recomputed, seq: int, said: dict[str, Any]) -> None:
    try:
        for table, key, row in said.get("rows", []):
            made.rows.setdefault(table, []).append((key, seq, _packed(row)))
    except (TypeError, ValueError):
        return  # not what an event says: the line itself is a fault already


def _packed(row: Any) -> bytes:
    try:
        packed = bytes.fromhex(row)
    except (TypeError, ValueError):
        return NO_DIGEST
    return packed if len(packed) == len(NO_DIGEST) else NO_DIGEST


def _fault_of_line(line: Line, said: dict[str, Any], before: Before) -> str | None:
    seq, at, action = line[0], line[1], line[2]
    if seq != before[0] + 1:
        return f"Event {before[0] + 1} is missing (the next one present is {seq})."
    name = f"Event {seq} ({action}, {at})"
    content_digest = digest(line[8])
    if content_digest != line[9]:
        return f"{name} was changed: its content does not match its digest."
    if line[10] != before[1] or line[11] != chained(before[1], content_digest):
        return f"{name} breaks the chain: it does not follow the event before it."
    try:
        return _fault_of_content(line, said, before[2])
    except (KeyError, TypeError, ValueError, IndexError):
        return f"{name} does not say what an event says: it was written by another hand."


def _fault_of_content(line: Line, said: dict[str, Any], newest: str) -> str | None:
    """Columns that no longer repeat the content.

    A time before the one before it that no clock event explains.
    """
    subject, entry = said["subject"], said["entry"]
    stated = (
        said["seq"],
        said["at"],
        said["action"],
        said["actor"]["username"],
        *subject,
        said["scope"],
        entry and entry[0],
    )
    if stated != line[: len(INDEXED)]:
        for name, value, kept in zip(INDEXED, stated, line[: len(INDEXED)], strict=True):
            if kept != value:
                return (
                    f"Event {line[0]}: its column {name} was changed and no longer says what its "
                    "content says."
                )
    at, action = line[1], line[2]
    if at >= newest or said["clock"] != "server" or action == IntegrityAction.CLOCK_WENT_BACK:
        return None
    if datetime.fromisoformat(at) < datetime.fromisoformat(newest) - TOLERANCE:
        return (
            f"Event {line[0]} ({action}) is dated {at}, before the event before it, and no clock "
            "event says why."
        )
    return None


class Answers:
    """The rows of one table for which the trail answers: 48 bytes each, however many there are."""

    def __init__(self) -> None:
        self.keys, self.seqs, self.digests = array("q"), array("q"), bytearray()
        self.odd: dict[Any, tuple[int, bytes]] = {}  # keys that no table would give
        self.seen = bytearray()

    def add(self, found: Iterable[tuple[str, int, bytes]]) -> None:
        for key, seq, packed in found:
            number = _number(key)
            if number is None or (self.keys and number <= self.keys[-1]):
                self.odd[str(key)] = (seq, packed)
            else:
                self.keys.append(number)
                self.seqs.append(seq)
                self.digests += packed

    def take(self, key: Any) -> tuple[int, bytes] | None:
        """(seq, digest) of a row, the newest that answers for it; it counts as found."""
        if len(self.seen) < len(self.keys):
            self.seen.extend(bytes(len(self.keys) - len(self.seen)))
        odd = self.odd.pop(str(key), None) if self.odd else None
        place = bisect_left(self.keys, key) if type(key) is int else len(self.keys)
        if place == len(self.keys) or self.keys[place] != key:
            return odd
        self.seen[place] = 1
        return odd or (self.seqs[place], bytes(self.digests[32 * place : 32 * place + 32]))

    def left(self) -> Iterator[tuple[int, str]]:
        """(seq, key) of the rows that nobody found."""
        for place, key in enumerate(self.keys):
            if place >= len(self.seen) or not self.seen[place]:
                yield self.seqs[place], str(key)
        for key, (seq, _) in self.odd.items():
            if not self._is_known(key):
                yield seq, str(key)

    def _is_known(self, key: Any) -> bool:
        number = _number(key)
        place = bisect_left(self.keys, number) if number is not None else len(self.keys)
        return place < len(self.keys) and self.keys[place] == number

    @property
    def first(self) -> int | None:
        return self.keys[0] if self.keys else None


def _number(key: Any) -> int | None:
    """The key as a number, if a table could have given it."""
    if not isinstance(key, str) or not key.isascii() or not key.isdigit() or len(key) > 18:
        return None
    return int(key) if str(int(key)) == key else None


Worked = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


@contextmanager
def workers(portions: int) -> Iterator[Worked]:
    """How to work through portions: by processes where there is enough to share, else here."""
    alone = threading.active_count() > 1 or not hasattr(os, "fork")  # threads do not survive a fork
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if alone or cores < 2 or portions < FEWEST:
        yield lambda work, given: map(work, given)
        return
    with ProcessPoolExecutor(cores, multiprocessing.get_context("fork")) as pool:
        yield lambda work, given: _in_order(pool, work, given, 2 * cores)


def _in_order(
    pool: ProcessPoolExecutor, work: Callable[[Any], Any], given: Iterable[Any], ahead: int
) -> Iterator[Any]:
    waiting: deque[Future[Any]] = deque()
    for portion in given:
        waiting.append(pool.submit(work, portion))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
