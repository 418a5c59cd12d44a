"""Backup to one file and restore from it; a restore verifies the chain first and is itself a recorded event (REC-04, REC-05)."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from integrity import standings, trail
from integrity.database import Database
from integrity.trail import SYSTEM, Actor
from integrity.verification import Report, verify

RESTORE = ("site", "restore")
MOVES = {None: frozenset({"restored"}), "restored": frozenset({"judged", "restored"}), "judged": frozenset({"restored"})}


class BadBackup(Exception):
    """The file is no backup, or what is in it does not verify; the sentence says which."""


def backup(database: Database, target: Path) -> None:
    """Write the whole database, files included, to one new SQLite file; refuses to overwrite one."""
    if target.exists():
        raise BadBackup(f"{target} is there already. Name a new file; a backup never replaces another.")
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(partial),))
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    os.replace(partial, target)


def check(source: Path) -> Report:
    """Verify a backup file as it is; raises BadBackup when it is none or does not verify."""
    try:
        with source.open("rb") as opened:
            if opened.read(16) != b"SQLite format 3\0":
                raise BadBackup(f"{source} is not a backup of Cordbook. Name a file made by the backup command.")
    except OSError as fault:
        raise BadBackup(f"{source} cannot be read ({fault.strerror}). Name a file made by the backup command.") from None
    database = Database(f"sqlite:///file:{source}?mode=ro&immutable=1&uri=true")
    try:
        with database.reading() as session:
            report = verify(session)
    except Exception as fault:
        raise BadBackup(f"{source} cannot be read as a Cordbook database ({type(fault).__name__}).") from None
    finally:
        database.close()
    if not report.whole:
        raise BadBackup(f"{source} does not verify and was not restored: {report.faults[0]}")
    return report


def restore(source: Path, target: Path, *, at: datetime) -> tuple[Report, int]:
    """Put a verified backup in the database's place and say so in its trail; gives its report and the events lost."""
    report = check(source)
    lost_from = _newest_event(target)
    aside = target.with_name(f"{target.name}.before-restore-{at:%Y%m%dT%H%M%S}")
    copy = target.with_name(target.name + ".restoring")
    copy.write_bytes(source.read_bytes())
    if target.exists():
        os.replace(target, aside)
        for suffix in ("-wal", "-shm"):
            side = target.with_name(target.name + suffix)
            if side.exists():
                os.replace(side, aside.with_name(aside.name + suffix))
    os.replace(copy, target)
    database = Database(f"sqlite:///{target}")
    try:
        with database.writing() as session:
            _say_restored(session, source.name, report, lost_from, at)
    finally:
        database.close()
    return report, max(0, lost_from[0] - report.events)


def _newest_event(target: Path) -> tuple[int, str]:
    if not target.exists():
        return 0, ""
    try:
        with sqlite3.connect(target) as connection:
            return connection.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone() or (0, "")
    except sqlite3.Error:
        return 0, ""


def _say_restored(session: Session, name: str, report: Report, replaced: tuple[int, str], at: datetime) -> None:
    standings.move(session, RESTORE, "restore", "restored", allowed=MOVES, by=SYSTEM, at=at)
    trail.say(session, "site.restored", RESTORE, by=SYSTEM, at=at, details={
        "file": name, "restored_events": str(report.events), "restored_head": report.head,
        "replaced_events": str(replaced[0]), "replaced_head": replaced[1]})


def restored(session: Session) -> str | None:
    """"restored" until QA has seen it."""
    return standings.state(session, RESTORE, "restore")


def judge_restore(session: Session, *, reason: str, entry_id: str, by: Actor, at: datetime) -> None:
    """QA has seen that the installation was restored and what is lost."""
    if trail.has_answered(session, "site.restore_judged", entry_id, reason, by=by):
        return
    standings.move(session, RESTORE, "restore", "judged", allowed=MOVES, by=by, at=at, reason=reason)
    trail.say(session, "site.restore_judged", RESTORE, by=by, at=at, reason=reason, entry_id=entry_id, facts=reason)
