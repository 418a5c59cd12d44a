"""Verification: recompute the chain, every row the trail answers for, the guards and the folds, and
name each fault.

Reads the tables as the database holds them, not through the object layer, so that a byte changed by
any hand shows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Table, inspect, text

from integrity import attachments, recomputing, schema_parts, signed, trail
from integrity.cabinet import Cabinet
from integrity.canonical import GENESIS
from integrity.database import Session
from integrity.recomputing import Answers
from integrity.schema import missing_guards

LAST = sys.maxsize  # the place of a fault that belongs to no event


@dataclass
class Report:
    """What verification found.

    `faults` are sentences, the first one names the first fault in trail order; `unseen` says what
    could not be looked at here.
    """

    events: int = 0
    rows: int = 0
    head: str = GENESIS
    faults: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.faults


def verify(
    session: Session,
    anchor: tuple[int, str] | None = None,
    *,
    since: bool = False,
    cabinet: Cabinet | None = None,
) -> Report:
    """Verify chain, rows, guards, states, and what the database is made of.

    `anchor` is a (seq, hash) from a certificate or another place outside; `since` looks only at
    what was recorded after it: quick, and it says nothing of what stands before; `cabinet` is where
    the attached files lie, which are compared with their records."""
    report = Report()
    found: list[tuple[int, str]] = []
    newest = session.connection().execute(text("SELECT max(seq) FROM events")).scalar() or 0
    begin = anchor[0] if since and anchor else 0
    with recomputing.workers((newest - begin) // recomputing.PORTION) as work:
        expected = _walk_chain(session, work, report, found, anchor, begin)
        _compare_tables(session, work, expected, report, found, whole=begin == 0)
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
    found += [(LAST, sentence) for sentence in _unsigned(session, begin)]
    for looked in (schema_parts.faults, schema_parts.damage):
        try:
            found += [(LAST, sentence) for sentence in looked(session)]
        except schema_parts.Unseen as unseen:
            report.unseen.append(unseen.sentence)
    if cabinet:
        found += [(LAST, sentence) for sentence in attachments.faults(session, cabinet)]
    report.faults = [sentence for _, sentence in sorted(found, key=lambda fault: fault[0])]
    return report


def _walk_chain(
    session: Session,
    work: recomputing.Worked,
    report: Report,
    found: list[tuple[int, str]],
    anchor: tuple[int, str] | None,
    begin: int,
) -> dict[str, Answers]:
    """{table: the rows the trail answers for}, from the event `begin` on."""
    expected: dict[str, Answers] = {}
    anchored = [anchor is None or anchor == (0, GENESIS)]
    report.head = GENESIS

    def portions() -> Iterator[tuple[recomputing.Before, list[recomputing.Line]]]:
        before = (0, GENESIS, "")
        columns = ", ".join(recomputing.COLUMNS)
        for lines in _raw(
            session, f"SELECT {columns} FROM events WHERE seq >= {begin} ORDER BY seq"
        ):
            anchored[0] = anchored[0] or any((line[0], line[11]) == anchor for line in lines)
            if begin and report.events == 0:  # the anchor itself is what the rest stands on
                before = (lines[0][0] - 1, lines[0][10], lines[0][1])
            report.events += len(lines)
            yield before, lines
            before = (lines[-1][0], lines[-1][11], lines[-1][1])
            report.head = before[1]

    for made in work(recomputing.lines, portions()):
        found += made.faults
        for table, rows in made.rows.items():
            expected.setdefault(table, Answers()).add(rows)
    if not anchored[0] and anchor:
        found.append(
            (
                anchor[0],
                f"Event {anchor[0]} with hash {anchor[1][:12]}… is printed outside and is not in "
                "this trail: "
                "events were removed or rewritten.",
            )
        )
    return expected


def _compare_tables(
    session: Session,
    work: recomputing.Worked,
    expected: dict[str, Answers],
    report: Report,
    found: list[tuple[int, str]],
    *,
    whole: bool,
) -> None:
    present = set(inspect(session.connection()).get_table_names())
    for table in trail.record_tables():
        answers = expected.pop(table.name, Answers())
        if table.name not in present:
            lost = [seq for seq, _ in answers.left()]
            found.append((min(lost, default=LAST), f"The table {table.name} is missing."))
        elif whole or answers.first is not None:
            _compare_rows(
                session, work, table, answers, report, found, 0 if whole else answers.first
            )
    for name, answers in expected.items():
        found += [
            (seq, f"Row {key} of {name}, recorded by event {seq}, is gone: there is no such table.")
            for seq, key in answers.left()
        ]


def _raw(session: Session, statement: str) -> Iterator[list[recomputing.Line]]:
    """The rows of a question as the driver gives them, in portions."""
    asked = text(statement).execution_options(
        stream_results=True, max_row_buffer=recomputing.PORTION
    )
    with session.connection().execute(asked) as result:
        while rows := result.fetchmany(recomputing.PORTION):
            yield [tuple(row) for row in rows]


def _each(session: Session, statement: str) -> Iterator[recomputing.Line]:
    return (row for rows in _raw(session, statement) for row in rows)


def _compare_rows(
    session: Session,
    work: recomputing.Worked,
    table: Table,
    answers: Answers,
    report: Report,
    found: list[tuple[int, str]],
    first: int | None,
) -> None:
    names = tuple(sorted(table.columns.keys()))  # as a row's digest wants them
    columns = ", ".join(f'"{name}"' for name in names)
    where = f" WHERE id >= {first}" if first else ""
    asked = _raw(session, f'SELECT {columns} FROM "{table.name}"{where} ORDER BY id')
    for keys, digests in work(recomputing.rows, ((names, rows) for rows in asked)):
        report.rows += len(keys)
        for place, key in enumerate(keys):
            wanted = answers.take(key)
            if wanted is None:
                found.append(
                    (
                        LAST,
                        f"Row {key} of {table.name} was inserted behind the trail's back: "
                        "no event made it.",
                    )
                )
            elif digests[32 * place : 32 * place + 32] != wanted[1]:
                found.append(
                    (
                        wanted[0],
                        f"Row {key} of {table.name} was changed after event {wanted[0]} recorded "
                        "it.",
                    )
                )
    found += [
        (seq, f"Row {key} of {table.name}, recorded by event {seq}, is gone: it was deleted.")
        for seq, key in answers.left()
    ]


def _unsigned(session: Session, begin: int) -> Iterator[str]:
    present = inspect(session.connection()).get_table_names()
    return signed.faults(lambda asked: _each(session, asked), present, _when(session, begin))


def _when(session: Session, begin: int) -> object:
    """When what is looked at begins, as the driver gives it; None where that is everything."""
    return next(
        (row[0] for row in _each(session, f"SELECT at FROM events WHERE seq = {begin}")), None
    )


def _faults_of_states(session: Session) -> Iterator[str]:
    """Standings that are not what their moves say.

    Both are read as text, since any byte of them may have been changed.
    """
    fold = {
        move[:2]: move[2:]
        for move in _each(
            session,
            "SELECT m.subject_id, m.axis, s.kind, m.becomes, m.at FROM moves m "
            "LEFT JOIN subjects s ON s.id = m.subject_id ORDER BY m.id",
        )
    }
    for line in _each(
        session,
        "SELECT subject_id, axis, subject_kind, state, since FROM states ORDER BY subject_id, axis",
    ):
        should = fold.pop(line[:2], (line[2], "nothing", ""))
        if should != line[2:]:
            yield (
                f"The state of {line[2]} {line[0]} ({line[1]}) says {line[3]} since {line[4]} and "
                f"its moves say {' since '.join(should[1:])}: find out why, then run rebuild."
            )
    for (number, axis), (kind, _, _) in fold.items():
        yield f"The state of {kind} {number} ({axis}) is missing: find out why, then run rebuild."
