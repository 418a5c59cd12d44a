"""Backup to one file and restore from it.

A restore verifies the chain first and is itself a recorded event (REC-04, REC-05).
"""

from __future__ import annotations

import enum
import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError

from integrity import clock, packing, schema, site, states, vocabulary
from integrity.actions import IntegrityAction
from integrity.acts import Act
from integrity.cabinet import Cabinet
from integrity.database import Database, Record, Session
from integrity.installation import keep_private
from integrity.trail import SYSTEM
from integrity.verification import Report, verify


class RestoreState(enum.StrEnum):
    """Whether QA has seen that the site was restored, or that an older database took its place."""

    RESTORED = "restored"
    JUDGED = "judged"


# Records to take over from the database that is replaced, or None where it cannot be read.
Carry = Callable[[Session, Path, datetime], Sequence[Record] | None]
# What is done about what the replaced database knew and is lost.
Lose = Callable[[Act, Path], None]
UNREAD = (
    "{target}, which is replaced, cannot be read: numbers that it has issued may come again. Look "
    "for labels that were printed since the backup and set them apart."
)
RESTORE, AXIS = ("site", "restore"), vocabulary.axis("restore", RestoreState)
MOVES: states.Moves = {
    None: frozenset({RestoreState.RESTORED}),
    RestoreState.RESTORED: frozenset({RestoreState.JUDGED, RestoreState.RESTORED}),
    RestoreState.JUDGED: frozenset({RestoreState.RESTORED}),
}


class BadBackup(Exception):
    """The file is no backup, or what is in it does not verify; the sentence says which."""


def backup(database: Database, target: Path, cabinet: Cabinet | None = None) -> None:
    """Write the whole database, files and attached files included, to one new SQLite file.

    The attached files lie in `cabinet`, or beside the database.

    Raises BadBackup where a file is there already or the disk does not take it; then no part of it
    stays behind.
    """
    if target.exists():
        raise BadBackup(
            f"{target} is there already. Name a new file; a backup never replaces another."
        )
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    try:
        _copy(database, partial, cabinet or Cabinet.beside(_file_of(database)))
        os.replace(partial, target)
    except (OSError, sqlite3.Error) as fault:
        raise BadBackup(
            f"{target} could not be written ({_why(fault)}). Nothing is left of it, and the "
            "database is as it was: make room there or name a file elsewhere, and try again."
        ) from None
    finally:
        _remove(partial)


def _file_of(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


def _copy(database: Database, partial: Path, cabinet: Cabinet) -> None:
    """VACUUM INTO copies every row as it is, as of one moment: the server may go on meanwhile. It
    wants no transaction around it.
    """
    with closing(database.engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM INTO ?", (str(partial),))
    packing.pack(partial, cabinet)
    keep_private(partial)
    with partial.open("rb+") as written:
        os.fsync(written.fileno())


def _why(fault: Exception) -> str:
    return getattr(fault, "strerror", None) or str(fault)


def check(source: Path) -> Report:
    """Verify a backup file as it is; raises BadBackup when it is none or does not verify."""
    _refuse_foreign(source)
    database = Database(f"sqlite:///file:{quote(str(source))}?mode=ro&immutable=1&uri=true")
    try:
        return _whole(database, source)
    finally:
        database.close()


def _refuse_foreign(source: Path) -> None:
    try:
        with source.open("rb") as opened:
            if opened.read(16) != b"SQLite format 3\0":
                raise BadBackup(
                    f"{source} is not a backup of Cordbook. Name a file made by the backup command."
                )
    except OSError as fault:
        raise BadBackup(
            f"{source} cannot be read ({fault.strerror}). Name a file made by the backup command."
        ) from None


def _whole(database: Database, source: Path) -> Report:
    try:
        with database.reading() as session:
            report = verify(session)
            kept = [each for each in report.faults if each != packing.FOREIGN]
            report.faults = [*kept, *packing.faults(session)] if report.events else kept
    except SQLAlchemyError as fault:
        raise BadBackup(
            f"{source} cannot be read as a Cordbook database ({str(fault).splitlines()[0]})."
        ) from None
    if report.events == 0:
        raise BadBackup(
            f"{source} holds no event and was not restored. Name a file made by the backup command."
        )
    if not report.whole:
        raise BadBackup(f"{source} does not verify and was not restored: {report.faults[0]}")
    return report


def restore(
    source: Path,
    target: Path,
    *,
    at: datetime,
    cabinet: Cabinet | None = None,
    carry: Carry = lambda session, replaced, at: (),
    lose: Lose = lambda act, replaced: None,
) -> tuple[Report, int]:
    """Put a verified backup in the database's place and say so in its trail; gives its report and
    the events lost. Its attached files go into `cabinet`, or beside the database; `carry` gives
    the records that are taken over from the database that is replaced: what must not come twice;
    `lose` answers for what only that one knew.

    Everything is done on a copy, which takes the place only when it is whole; what stood there is
    kept beside it."""
    _refuse_foreign(source)
    copy = target.with_name(target.name + ".restoring")
    _remove(copy)
    try:
        shutil.copyfile(source, copy)
        report = _prepare(copy, source, target, at, carry, lose)
        packing.unpack(copy, cabinet or Cabinet.beside(target))
    except OSError as fault:
        _remove(copy)
        raise BadBackup(
            f"{source} was not restored ({_why(fault)}): there is no room for it beside the "
            "database, which stays as it was. Make room, then try again."
        ) from None
    except BaseException:
        _remove(copy)
        raise
    lost = max(0, _newest_event(target)[0] - report.events)
    _swap(copy, target, f"before-restore-{at:%Y%m%dT%H%M%S}")
    return report, lost


def _prepare(
    copy: Path, source: Path, target: Path, at: datetime, carry: Carry, lose: Lose
) -> Report:
    database = Database(f"sqlite:///{copy}")
    try:
        try:
            schema.upgrade(database.engine)
        except (schema.DatabaseTooNew, schema.ForeignDatabase, SQLAlchemyError) as fault:
            raise BadBackup(f"{source} was not restored. {str(fault).splitlines()[0]}") from None
        report = _whole(database, source)
        with database.writing() as session:
            session.ledger.zone = site.settings(session)["zone"]
            if clock.has_gone_back(session, at):
                clock.suspect(Act(session, SYSTEM, at))
            if clock.state(session) in clock.UNTRUSTED:
                session.ledger.clock = clock.SUSPECTED
            act = Act(session, SYSTEM, at)
            carried = carry(session, target, at)
            if carried is None:
                report.unseen.append(UNREAD.format(target=target.name))
            _say_restored(act, source.name, report, _newest_event(target), carried)
            lose(act, target)
        return report
    finally:
        database.close()


SIDES = ("", "-wal", "-shm")


def _remove(path: Path) -> None:
    for side in SIDES:
        path.with_name(path.name + side).unlink(missing_ok=True)


def _swap(copy: Path, target: Path, aside: str) -> None:
    keep_private(copy)
    with copy.open("rb+") as written:
        os.fsync(written.fileno())
    for side in SIDES:
        if (old := target.with_name(target.name + side)).exists():
            os.replace(old, target.with_name(f"{target.name}.{aside}{side}"))
    os.replace(copy, target)


def _newest_event(target: Path) -> tuple[int, str]:
    if not target.exists():
        return 0, ""
    try:
        with closing(sqlite3.connect(target)) as connection:
            return connection.execute(
                "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1"
            ).fetchone() or (0, "")
    except sqlite3.Error:
        return 0, ""


def _say_restored(
    act: Act,
    name: str,
    report: Report,
    replaced: tuple[int, str],
    carried: Sequence[Record] | None,
) -> None:
    if carried:
        act.add(*carried)
    states.move(act, site.itself(act), AXIS, RestoreState.RESTORED, allowed=MOVES)
    act.say(
        IntegrityAction.SITE_RESTORED,
        RESTORE,
        details={
            "file": name,
            "restored_events": str(report.events),
            "restored_head": report.head,
            "replaced_events": str(replaced[0]),
            "replaced_head": replaced[1],
            "codes_carried": "unread" if carried is None else str(len(carried)),
        },
    )


def restored(session: Session) -> str | None:
    """ "restored" until QA has seen it."""
    return site.state(session, AXIS)


def judge_restore(act: Act, *, reason: str) -> None:
    """QA has seen that the installation was restored and what is lost."""
    if act.has_answered(IntegrityAction.SITE_RESTORE_JUDGED, reason):
        return
    states.move(act, site.itself(act), AXIS, RestoreState.JUDGED, allowed=MOVES, reason=reason)
    act.say(IntegrityAction.SITE_RESTORE_JUDGED, RESTORE, reason=reason, facts=reason)
