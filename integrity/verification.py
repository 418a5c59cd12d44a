"""Verification: recompute the chain, every row the trail answers for, the guards and the folds, and name each fault.

Reads the tables as the database holds them, not through the object layer, so that a byte changed by any hand shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from integrity import standings, trail
from integrity.canonical import digest
from integrity.schema import missing_guards
from integrity.trail import GENESIS

INDEXED = ("seq", "at", "action", "username", "subject_kind", "subject_key", "scope", "entry_id")


@dataclass
class Report:
    """What verification found: `faults` are sentences, the first one names the first fault in trail order."""

    events: int = 0
    rows: int = 0
    head: str = GENESIS
    faults: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.faults


def verify(session: Session, anchor: tuple[int, str] | None = None) -> Report:
    """Verify chain, rows, guards and standings; `anchor` is a (seq, hash) from a certificate or another place outside."""
    report = Report()
    expected = _walk_chain(session, report, anchor)
    for table in trail.record_tables():
        _compare_rows(session, table, expected.pop(table.name, {}), report)
    for name, rows in expected.items():
        report.faults += [f"Row {key} of {name} was recorded by the trail and its table is not there." for key in rows]
    report.faults += [f"The guard {name} is missing: someone switched off the protection of a table."
                      for name in missing_guards(session)]
    _compare_standings(session, report)
    return report


def _walk_chain(session: Session, report: Report, anchor: tuple[int, str] | None) -> dict[str, dict[str, str]]:
    expected: dict[str, dict[str, str]] = {}
    anchored = anchor is None or anchor == (0, GENESIS)
    previous = GENESIS
    for line in _raw(session, "SELECT seq, at, action, username, subject_kind, subject_key, scope, entry_id, content, "
                              "digest, previous, hash FROM events ORDER BY seq"):
        report.events += 1
        said = _read(line.content)
        if fault := _fault_of_line(line, said, previous, report.events):
            report.faults.append(fault)
        for table, key, row in said.get("rows", []):
            expected.setdefault(table, {})[key] = row
        previous = line.hash
        anchored = anchored or (line.seq, line.hash) == anchor
    report.head = previous
    if not anchored and anchor:
        report.faults.append(f"Event {anchor[0]} with hash {anchor[1][:12]}… is printed outside and is not in this trail: "
                             "events were removed or rewritten.")
    return expected


def _raw(session: Session, statement: str) -> Iterator:
    return iter(session.connection().execution_options(yield_per=2000).execute(text(statement)))


def _read(content: str) -> dict:
    try:
        said = json.loads(content)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _fault_of_line(line, said: dict, previous: str, count: int) -> str | None:
    if line.seq != count:
        return f"Event {count} is missing (the next one present is {line.seq})."
    content_digest = digest(line.content)
    if content_digest != line.digest:
        return f"Event {line.seq} ({line.action}, {line.at}) was changed: its content does not match its digest."
    if line.previous != previous or line.hash != digest(previous + "\n" + content_digest):
        return f"Event {line.seq} ({line.action}, {line.at}) breaks the chain: it does not follow the event before it."
    actor, subject, entry = said["actor"], said["subject"], said["entry"]
    stated = (said["seq"], said["at"], said["action"], actor["username"], *subject, said["scope"], entry and entry[0])
    for name, value in zip(INDEXED, stated, strict=True):
        if getattr(line, name) != value:
            return f"Event {line.seq}: its column {name} was changed and no longer says what its content says."
    return None


def _compare_rows(session: Session, table: Table, expected: dict[str, str], report: Report) -> None:
    names = [column.name for column in table.columns]
    for row in _raw(session, f'SELECT {", ".join(chr(34) + name + chr(34) for name in names)} FROM "{table.name}" ORDER BY id'):
        report.rows += 1
        values = {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row._mapping.items()}
        wanted = expected.pop(str(values["id"]), None)
        if wanted is None:
            report.faults.append(f"Row {values['id']} of {table.name} was inserted behind the trail's back: no event made it.")
        elif trail.row_digest(values) != wanted:
            report.faults.append(f"Row {values['id']} of {table.name} was changed after it was recorded.")
    report.faults += [f"Row {key} of {table.name} was recorded by the trail and is gone: it was deleted." for key in expected]


def _compare_standings(session: Session, report: Report) -> None:
    fold = standings.folded(session)
    for standing in session.query(standings.Standing).all():
        name = (standing.subject_kind, standing.subject_key, standing.axis)
        should = fold.pop(name, None)
        if should is None or should[0] != standing.state:
            report.faults.append(f"The standing of {name[0]} {name[1]} says {standing.state} and its moves say "
                                 f"{should[0] if should else 'nothing'}; run rebuild after finding out why.")
    report.faults += [f"The standing of {kind} {key} ({axis}) is missing; run rebuild after finding out why."
                      for kind, key, axis in fold]
