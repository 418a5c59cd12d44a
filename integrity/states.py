"""Standings: where a thing stands on one axis (a batch's execution, a lot's disposition), as a fold
over moves.

A move is a record; the standing is its cache. A package's law book holds the table of allowed moves
and hands it in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, Select, cast, delete, exists, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from integrity.acts import Act
from integrity.database import Fold, Record, Session
from integrity.findings import Refused, blocks
from integrity.rule_ids import IntegrityRule
from integrity.words import state_word

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


class State(Fold):
    """The newest move of each subject and axis."""

    __tablename__ = "states"
    __table_args__ = (Index("states_by_state", "subject_kind", "axis", "state"),)

    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_key: Mapped[str] = mapped_column(primary_key=True)
    axis: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    since: Mapped[datetime]


def _named(subject: Any) -> tuple[str, str]:
    return subject if isinstance(subject, tuple) else (subject.__tablename__, subject.key)


_STATE = text(
    "SELECT state FROM states WHERE subject_kind = :kind AND subject_key = :key AND axis = :axis"
)


def of(session: Session, subject: Any, axis: str) -> str | None:
    """Where the subject (a record or a (kind, key) pair) stands, or None before its first move."""
    kind, key = _named(subject)
    if known := session.ledger.folded(State, kind, key, axis):
        return str(known["state"])
    if session.ledger.is_new(kind, key):
        return None
    return session.execute(_STATE, {"kind": kind, "key": key, "axis": axis}).scalar()


def of_many(
    session: Session, kind: str, keys: Iterable[Any], axis: str | None = None
) -> dict[tuple[str, str], str]:
    """{(key, axis): state} of many subjects of one kind in one query."""
    columns = select(State.subject_key, State.axis, State.state)
    wanted = columns.where(
        State.subject_kind == kind, State.subject_key.in_([str(key) for key in keys])
    )
    if axis:
        wanted = wanted.where(State.axis == axis)
    return {(key, found): where for key, found, where in session.execute(wanted)}


def standing(kind: str, axis: str, *wanted: str) -> Select[tuple[int]]:
    """The ids of everything of one kind that stands in one of these states, to be asked with `in_`.

    The index of the states leads to them, however many things stand elsewhere.
    """
    return select(cast(State.subject_key, Integer)).where(
        State.subject_kind == kind, State.axis == axis, State.state.in_(wanted)
    )


def standing_in_both(
    kind: str, first: tuple[str, str], second: tuple[str, str]
) -> Select[tuple[int]]:
    """`standing` of what stands in two states on two axes, each named (axis, state).

    The first one leads: it is the one in which fewer things stand.
    """
    other = aliased(State)
    also = exists().where(
        other.subject_kind == kind,
        other.subject_key == State.subject_key,
        other.axis == second[0],
        other.state == second[1],
    )
    return standing(kind, *first).where(also)


def newest(
    session: Session, kind: str, ids: Iterable[int], axis: str
) -> dict[int, tuple[str, datetime]]:
    """{record id: (state, since when)} of many subjects on one axis in one query."""
    columns = select(State.subject_key, State.state, State.since)
    wanted = columns.where(
        State.subject_kind == kind,
        State.axis == axis,
        State.subject_key.in_([str(number) for number in ids]),
    )
    return {int(key): (where, since) for key, where, since in session.execute(wanted)}


def move(
    act: Act, subject: Any, axis: str, becomes: str, *, allowed: Moves, reason: str | None = None
) -> str | None:
    """Record a move and its standing; a move that the table does not allow is refused (REL-02).

    Gives where the subject stood before.
    """
    kind, key = _named(subject)
    was = of(act.session, subject, axis)
    if becomes not in allowed.get(was, frozenset()):
        raise Refused(
            blocks(
                IntegrityRule.MOVE_NOT_ALLOWED, state=state_word(was), wanted=state_word(becomes)
            )
        )
    where = {"subject_kind": kind, "subject_key": key, "axis": axis}
    done = {"was": was, "becomes": becomes, "at": act.at, "username": act.by.username}
    act.session.ledger.add_row(Move, where | done | {"reason": reason})
    act.session.ledger.fold(State, where | {"state": becomes, "since": act.at})
    return was


def folded(session: Session) -> dict[tuple[str, str, str], tuple[str, datetime]]:
    """What the states should be, from the moves alone."""
    return {
        (made.subject_kind, made.subject_key, made.axis): (made.becomes, made.at)
        for made in session.scalars(select(Move).order_by(Move.id))
    }


def rebuild(session: Session) -> int:
    """Make the states anew from the moves; gives the number of states."""
    session.execute(delete(State))
    fold = folded(session)
    for (kind, key, axis), (where, since) in fold.items():
        subject = {"subject_kind": kind, "subject_key": key, "axis": axis}
        session.ledger.fold(State, subject | {"state": where, "since": since})
    return len(fold)
