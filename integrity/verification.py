"""Verification: recompute the chain, every row the trail answers for, the guards and the folds, and
name each fault.

Reads the tables as the database holds them, not through the object layer, so that a byte changed by
any hand shows."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, inspect, text

from integrity import trail
from integrity.canonical import GENESIS, chained, digest
from integrity.clock import TOLERANCE
from integrity.database import Session
from integrity.rows import digest_of_values
from integrity.schema import missing_guards

LAST = sys.maxsize  # the place of a fault that belongs to no event

INDEXED = ("seq", "at", "action", "username", "subject_kind", "subject_key", "scope", "entry_id")


@dataclass
class Report:
    """What verification found.

    `faults` are sentences, the first one names the first fault in trail order.
    """

    events: int = 0
    rows: int = 0
    head: str = GENESIS
    faults: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.faults


def verify(session: Session, anchor: tuple[int, str] | None = None) -> Report:
    """Verify chain, rows, guards and states.

    `anchor` is a (seq, hash) from a certificate or another place outside.
    """
    report = Report()
    found: list[tuple[int, str]] = []
    expected = _walk_chain(session, report, found, anchor)
    present = set(inspect(session.connection()).get_table_names())
    for table in trail.record_tables():
        if table.name in present:
            _compare_rows(session, table, expected.pop(table.name, {}), report, found)
        else:
            lost = expected.pop(table.name, {})
            found.append(
                (
                    min((seq for seq, _ in lost.values()), default=LAST),
                    f"The table {table.name} is missing.",
                )
            )
    for name, rows in expected.items():
        found += [
            (seq, f"Row {key} of {name}, recorded by event {seq}, is gone: there is no such table.")
            for key, (seq, _) in rows.items()
        ]
    found += [
        (
            LAST,
            f"The guard {name} is missing or another one stands in its place: someone switched "
            "off the protection "
            "of a table.",
        )
        for name in missing_guards(session)
    ]
    found += [(LAST, sentence) for sentence in _faults_of_states(session)]
    report.faults = [sentence for _, sentence in sorted(found, key=lambda fault: fault[0])]
    return report


def _walk_chain(
    session: Session, report: Report, found: list[tuple[int, str]], anchor: tuple[int, str] | None
) -> dict[str, dict[str, tuple[int, str]]]:
    expected: dict[str, dict[str, tuple[int, str]]] = {}
    anchored = anchor is None or anchor == (0, GENESIS)
    before = (0, GENESIS, "")
    for line in _raw(
        session,
        "SELECT seq, at, action, username, subject_kind, subject_key, scope, entry_id, content, "
        "digest, previous, hash FROM events ORDER BY seq",
    ):
        report.events += 1
        said = _read(line.content)
        if fault := _fault_of_line(line, said, before):
            found.append((line.seq, fault))
        _expect(expected, line.seq, said)
        before = (line.seq, line.hash, line.at)
        anchored = anchored or (line.seq, line.hash) == anchor
    report.head = before[1]
    if not anchored and anchor:
        found.append(
            (
                anchor[0],
                f"Event {anchor[0]} with hash {anchor[1][:12]}… is printed outside and is not in "
                "this trail: "
                "events were removed or rewritten.",
            )
        )
    return expected


def _expect(
    expected: dict[str, dict[str, tuple[int, str]]], seq: int, said: dict[str, Any]
) -> None:
    try:
        for table, key, row in said.get("rows", []):
            expected.setdefault(table, {})[key] = (seq, row)
    except (TypeError, ValueError):
        return  # not what an event says: the line itself is a fault already


def _raw(session: Session, statement: str) -> Iterator[Any]:
    return iter(session.connection().execute(text(statement).execution_options(yield_per=2000)))


def _read(content: str) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except ValueError:
        return {}
    return said if isinstance(said, dict) and isinstance(said.get("rows"), list) else {}


def _fault_of_line(line: Any, said: dict[str, Any], before: tuple[int, str, str]) -> str | None:
    """What is wrong with one event, `before` being the (seq, hash, time) of the event before it."""
    if line.seq != before[0] + 1:
        return f"Event {before[0] + 1} is missing (the next one present is {line.seq})."
    name = f"Event {line.seq} ({line.action}, {line.at})"
    content_digest = digest(line.content)
    if content_digest != line.digest:
        return f"{name} was changed: its content does not match its digest."
    if line.previous != before[1] or line.hash != chained(before[1], content_digest):
        return f"{name} breaks the chain: it does not follow the event before it."
    try:
        return _fault_of_content(line, said, before[2])
    except (KeyError, TypeError, ValueError, IndexError):
        return f"{name} does not say what an event says: it was written by another hand."


def _fault_of_content(line: Any, said: dict[str, Any], newest: str) -> str | None:
    """Columns that no longer repeat the content.

    A time before the one before it that no clock event explains.
    """
    actor, subject, entry = said["actor"], said["subject"], said["entry"]
    stated = (
        said["seq"],
        said["at"],
        said["action"],
        actor["username"],
        *subject,
        said["scope"],
        entry and entry[0],
    )
    for name, value in zip(INDEXED, stated, strict=True):
        if getattr(line, name) != value:
            return (
                f"Event {line.seq}: its column {name} was changed and no longer says what its "
                "content says."
            )
    explained = line.at >= newest or said["clock"] != "server" or line.action == "clock.went_back"
    if (
        not explained
        and datetime.fromisoformat(line.at) < datetime.fromisoformat(newest) - TOLERANCE
    ):
        return (
            f"Event {line.seq} ({line.action}) is dated {line.at}, before the event before "
            "it, and no clock event says why."
        )
    return None


def _compare_rows(
    session: Session,
    table: Table,
    expected: dict[str, tuple[int, str]],
    report: Report,
    found: list[tuple[int, str]],
) -> None:
    names = ", ".join(f'"{name}"' for name in sorted(table.columns.keys()))
    for row in _raw(session, f'SELECT {names} FROM "{table.name}" ORDER BY id'):
        report.rows += 1
        values = {
            name: bytes(value) if isinstance(value, memoryview) else value
            for name, value in row._mapping.items()
        }
        seq, wanted = expected.pop(str(values["id"]), (LAST, ""))
        if not wanted:
            found.append(
                (
                    LAST,
                    f"Row {values['id']} of {table.name} was inserted behind the trail's back: "
                    "no event made it.",
                )
            )
        elif digest_of_values(values.items()) != wanted:
            found.append(
                (
                    seq,
                    f"Row {values['id']} of {table.name} was changed after event {seq} recorded "
                    "it.",
                )
            )
    found += [
        (seq, f"Row {key} of {table.name}, recorded by event {seq}, is gone: it was deleted.")
        for key, (seq, _) in expected.items()
    ]


def _faults_of_states(session: Session) -> Iterator[str]:
    """Standings that are not what their moves say.

    Both are read as text, since any byte of them may have been changed.
    """
    fold = {
        tuple(move)[:3]: tuple(move)[3:]
        for move in _raw(
            session, "SELECT subject_kind, subject_key, axis, becomes, at FROM moves ORDER BY id"
        )
    }
    for line in _raw(
        session,
        "SELECT subject_kind, subject_key, axis, state, since FROM states "
        "ORDER BY subject_kind, subject_key, axis",
    ):
        kind, key, axis, state, since = line
        should = fold.pop((kind, key, axis), ("nothing", ""))
        if should != (state, since):
            yield (
                f"The state of {kind} {key} ({axis}) says {state} since {since} and its moves "
                f"say {' since '.join(should)}: "
                "find out why, then run rebuild."
            )
    for kind, key, axis in fold:
        yield f"The state of {kind} {key} ({axis}) is missing: find out why, then run rebuild."
