"""Standings: where a thing stands on one axis (a batch's execution, a lot's disposition), as a fold over moves.

A move is a record; the standing is its cache. A package's law book holds the table of allowed moves and hands it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from integrity.canonical import instant_text
from integrity.database import Fold, Record
from integrity.findings import Refused, blocks
from integrity.trail import Actor

Moves = Mapping[str | None, frozenset[str]]


class Move(Record):
    """One change of standing: from, to, by whom, when and why."""

    __tablename__ = "moves"
    __table_args__ = (Index("moves_by_subject", "subject_kind", "subject_key", "axis"),)

    subject_kind: Mapped[str]
    subject_key: Mapped[str]
    axis: Mapped[str]
    was: Mapped[str | None]
    becomes: Mapped[str]
    at: Mapped[datetime]
    username: Mapped[str]
    reason: Mapped[str | None]


class Standing(Fold):
    """The newest move of each subject and axis."""

    __tablename__ = "standings"
    __table_args__ = (Index("standings_by_state", "subject_kind", "axis", "state"),)

    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_key: Mapped[str] = mapped_column(primary_key=True)
    axis: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    since: Mapped[datetime]


def _named(subject: Any) -> tuple[str, str]:
    return subject if isinstance(subject, tuple) else (subject.__tablename__, subject.key)


_MADE = text("INSERT INTO standings (subject_kind, subject_key, axis, state, since) VALUES (:kind, :key, :axis, :state, :since)")
_MOVED = text("UPDATE standings SET state = :state, since = :since WHERE subject_kind = :kind AND subject_key = :key AND axis = :axis")
_STATE = text("SELECT state FROM standings WHERE subject_kind = :kind AND subject_key = :key AND axis = :axis")


def state(session: Session, subject: Any, axis: str) -> str | None:
    """Where the subject (a record or a (kind, key) pair) stands, or None before its first move."""
    kind, key = _named(subject)
    return session.execute(_STATE, {"kind": kind, "key": key, "axis": axis}).scalar()


def states(session: Session, kind: str, keys: Iterable[Any], axis: str | None = None) -> dict[tuple[str, str], str]:
    """{(key, axis): state} of many subjects of one kind in one query."""
    columns = select(Standing.subject_key, Standing.axis, Standing.state)
    wanted = columns.where(Standing.subject_kind == kind, Standing.subject_key.in_([str(key) for key in keys]))
    if axis:
        wanted = wanted.where(Standing.axis == axis)
    return {(key, found): where for key, found, where in session.execute(wanted)}


def newest(session: Session, kind: str, ids: Iterable[int], axis: str) -> dict[int, tuple[str, datetime]]:
    """{record id: (state, since when)} of many subjects on one axis in one query."""
    columns = select(Standing.subject_key, Standing.state, Standing.since)
    wanted = columns.where(Standing.subject_kind == kind, Standing.axis == axis, Standing.subject_key.in_([str(number) for number in ids]))
    return {int(key): (where, since) for key, where, since in session.execute(wanted)}


def move(session: Session, subject: Any, axis: str, becomes: str, *, allowed: Moves, by: Actor, at: datetime,
         reason: str | None = None) -> Move:
    """Record a move and its standing; a move that the table does not allow is refused (REL-02)."""
    session.flush()
    kind, key = _named(subject)
    where = {"kind": kind, "key": key, "axis": axis}
    was = session.execute(_STATE, where).scalar()
    if becomes not in allowed.get(was, frozenset()):
        raise Refused(blocks("REL-02", f"This is {_words(was)} and cannot become {_words(becomes)}. "
                                       "Open the page anew to see where it stands."))
    made = Move(subject_kind=kind, subject_key=key, axis=axis, was=was, becomes=becomes, at=at,
                username=by.username, reason=reason)
    session.add(made)
    session.execute(_MADE if was is None else _MOVED, where | {"state": becomes, "since": instant_text(at)})
    return made


def _words(state: str | None) -> str:
    return (state or "not yet recorded").replace("_", " ")


def folded(session: Session) -> dict[tuple[str, str, str], tuple[str, datetime]]:
    """What the standings should be, from the moves alone."""
    return {(made.subject_kind, made.subject_key, made.axis): (made.becomes, made.at)
            for made in session.scalars(select(Move).order_by(Move.id))}


def rebuild(session: Session) -> int:
    """Make the standings anew from the moves; gives the number of standings."""
    for standing in session.scalars(select(Standing)):
        session.delete(standing)
    session.flush()
    fold = folded(session)
    for (kind, key, axis), (where, since) in fold.items():
        session.add(Standing(subject_kind=kind, subject_key=key, axis=axis, state=where, since=since))
    return len(fold)
