"""Standings: where a thing stands on one axis (a batch's execution, a lot's disposition), as a fold
over moves.

A move is a record; the standing is its cache. A package's law book holds the table of allowed moves
and hands it in."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, bindparam, delete, exists, func, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from integrity import subjects
from integrity.acts import Act
from integrity.database import By, Document, Fold, Record, Session
from integrity.facts import Fact
from integrity.findings import Refused, blocks
from integrity.rule_ids import IntegrityRule
from integrity.subjects import Named, Subject
from integrity.vocabulary import on_an_axis
from integrity.words import state_word

Moves = Mapping[str | None, frozenset[str]]


class Move(Record, By):
    """One change of standing: from, to, by whom, when and why."""

    __tablename__ = "moves"
    __table_args__ = (
        Index("moves_by_subject", "subject_id", "axis"),
        on_an_axis("was"),
        on_an_axis("becomes"),
    )

    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"))
    axis: Mapped[str]
    was: Mapped[str | None]
    becomes: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[Any] = mapped_column(Document, nullable=True)  # what somebody typed, or a fact


class State(Fold):
    """The newest move of each subject and axis; the kind is the subject's, for the index."""

    __tablename__ = "states"
    __table_args__ = (
        subjects.by_subject(),
        Index("states_by_state", "subject_kind", "axis", "state", "subject_id"),
        on_an_axis("state"),
    )

    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    axis: Mapped[str] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    state: Mapped[str]
    since: Mapped[datetime]


_STATE = text("SELECT state FROM states WHERE subject_id = :id AND axis = :axis")


def of(session: Session, subject: Named | int, axis: str) -> str | None:
    """Where the subject (or the one of this id) stands, or None before its first move."""
    number = subjects.id_of(subject)
    if known := session.ledger.folded(State, number, axis):
        return str(known["state"])
    if session.ledger.is_new(Subject.__tablename__, number):
        return None
    return session.execute(_STATE, {"id": number, "axis": axis}).scalar()


_OF_MANY = select(State.subject_id, State.state).where(
    State.subject_id.in_(bindparam("ids", expanding=True)), State.axis == bindparam("axis")
)


def as_of(session: Session, subject: Named | int, axis: str, at: datetime) -> str | None:
    """Where the subject stood at a moment, or None before its first move."""
    moved = select(Move.becomes).where(
        Move.subject_id == subjects.id_of(subject), Move.axis == axis, Move.at <= at
    )
    return session.scalar(moved.order_by(Move.id.desc()).limit(1))


def of_many(session: Session, ids: Iterable[int], axis: str) -> dict[int, str]:
    """{id: state} of many subjects on one axis, in the order they are named, in one query."""
    asked = list(ids)
    found = session.rows(_OF_MANY, {"ids": asked, "axis": axis})
    known = {number: state for number, state in found}
    return {number: known[number] for number in asked if number in known}


_ALL_AXES = text("SELECT subject_id, axis, state FROM states WHERE subject_id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)


def on_all_axes(session: Session, ids: Iterable[int]) -> dict[tuple[int, str], str]:
    """{(id, axis): state} of many subjects in one query."""
    found = session.rows(_ALL_AXES, {"ids": list(ids)})
    return {(number, axis): state for number, axis, state in found}


_OF_KIND = select(State.state).where(
    State.subject_kind == bindparam("kind"), State.axis == bindparam("axis")
)


def of_kind(session: Session, kind: str, axis: str) -> str | None:
    """Where the only subject of a kind stands (the site), or None before its first move."""
    return session.scalar(_OF_KIND, {"kind": kind, "axis": axis})


@functools.cache
def standing(kind: str, axis: str, *wanted: str) -> Select[tuple[int]]:
    """The ids of everything of one kind that stands in one of these states, to be asked with `in_`.

    The index of the states leads to them, however many things stand elsewhere.
    """
    return select(State.subject_id).where(
        State.subject_kind == kind, State.axis == axis, State.state.in_(wanted)
    )


@functools.cache
def standing_in_both(
    kind: str, first: tuple[str, str], second: tuple[str, str]
) -> Select[tuple[int]]:
    """`standing` of what stands in two states on two axes, each named (axis, state).

    The first one leads: it is the one in which fewer things stand.
    """
    other = aliased(State)
    also = exists().where(
        other.subject_id == State.subject_id, other.axis == second[0], other.state == second[1]
    )
    return standing(kind, *first).where(also)


_SINCE = select(State.subject_id, State.state, State.since).where(
    State.axis == bindparam("axis"), State.subject_id.in_(bindparam("ids", expanding=True))
)


def newest(session: Session, ids: Iterable[int], axis: str) -> dict[int, tuple[str, datetime]]:
    """{id: (state, since when)} of many subjects on one axis in one query."""
    found = session.rows(_SINCE, {"axis": axis, "ids": list(ids)})
    return {number: (state, since) for number, state, since in found}


def move(
    act: Act, subject: Named, axis: str, becomes: str, *, allowed: Moves, reason: Fact | None = None
) -> str | None:
    """Record a move and its standing; a move that the table does not allow is refused (REL-02).

    Gives where the subject stood before.
    """
    was = of(act.session, subject, axis)
    move_from(act, subject, axis, was, becomes, allowed=allowed, reason=reason)
    return was


def move_from(
    act: Act,
    subject: Named,
    axis: str,
    was: str | None,
    becomes: str,
    *,
    allowed: Moves,
    reason: Fact | None = None,
) -> None:
    """`move` of a subject whose standing was asked for already, with that of many others."""
    if becomes not in allowed.get(was, frozenset()):
        raise Refused(
            blocks(
                IntegrityRule.MOVE_NOT_ALLOWED, state=state_word(was), wanted=state_word(becomes)
            )
        )
    where = {"subject_id": subject.id, "axis": axis}
    done = {"was": was, "becomes": becomes, "at": act.at}
    by = {"person_id": act.by.id, "username": act.by.username}
    act.session.ledger.add_row(Move, where | done | by | {"reason": reason})
    stands = {"subject_kind": subjects.kind_of(subject), "state": becomes, "since": act.at}
    act.session.ledger.fold(State, where | stands)


def newest_moves(session: Session, ids: Iterable[int], axis: str, becomes: str) -> dict[int, Move]:
    """{id: its newest move to a state} of many subjects in one query."""
    newest = (
        select(func.max(Move.id))
        .where(Move.subject_id.in_(list(ids)), Move.axis == axis, Move.becomes == becomes)
        .group_by(Move.subject_id)
    )
    found = session.scalars(select(Move).where(Move.id.in_(newest)))
    return {each.subject_id: each for each in found}


def rebuild(session: Session) -> int:
    """Make the states anew from the moves; gives the number of states."""
    session.execute(delete(State))
    moved = (
        select(Move.subject_id, Move.axis, Subject.kind, Move.becomes, Move.at)
        .join(Subject, Subject.id == Move.subject_id)
        .order_by(Move.id)
    )
    fold = {(number, axis): rest for number, axis, *rest in session.execute(moved)}
    for (number, axis), (kind, state, since) in fold.items():
        subject = {"subject_id": number, "axis": axis, "subject_kind": kind}
        session.ledger.fold(State, subject | {"state": state, "since": since})
    return len(fold)
