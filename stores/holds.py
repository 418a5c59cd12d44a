"""Holds by hand: somebody says that a thing may not be used, until QA lifts it.

A hold stands beside where the thing stands by itself: while it is in force the thing answers ON
HOLD, and when it is lifted the thing is what it was. A thing may be held by several people for
several reasons; each hold is lifted by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, Select, and_, exists, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from integrity import facts, states, subjects, vocabulary
from integrity.acts import Act
from integrity.database import By, Session
from integrity.deviations import Deviation
from integrity.facts import Pair
from integrity.findings import refuse_if_blocked
from integrity.signatures import Meaning, Seal, sign
from integrity.states import Move, Moves, State
from integrity.subjects import Scope, Scoped, SubjectRecord
from integrity.words import person
from stores import hold_rules, rules
from stores.actions import HoldAction
from stores.hold_rules import HoldState, Judged
from stores.words import StoreTerm

AXIS = vocabulary.axis("hold", HoldState)
MOVES: Moves = {
    None: frozenset({HoldState.IN_FORCE}),
    HoldState.IN_FORCE: frozenset({HoldState.LIFTED}),
}


class Hold(SubjectRecord, Scoped, By):
    """One hold: of what, why, by whom; `code` is the thing's, `scope` what it is found under.

    One that came with a deviation of the thing names it.
    """

    __tablename__ = "holds"
    __table_args__ = (
        subjects.by_subject(),
        subjects.by_scope(),
        subjects.by_key_and_code("subject_id", "code"),
        subjects.by_key_and_code("deviation_id", "deviation"),
        Index("holds_by_subject", "subject_id"),
    )

    subject_id: Mapped[int]
    subject_kind: Mapped[str]
    code: Mapped[str]
    deviation_id: Mapped[int | None] = mapped_column(index=True)
    deviation: Mapped[str | None]
    reason: Mapped[str]
    at: Mapped[datetime]
    name: Mapped[str]


# Acts
# -------------------------------------------------------------------------------------------------


IN_FORCE = "holds in force"  # what a session knows of all holds


def put(
    act: Act,
    about: SubjectRecord,
    scope: Scope,
    reason: str,
    *,
    said: Any,
    deviation: Deviation | None = None,
) -> Hold:
    """Put a thing on hold, by itself or with a deviation of it; says its event, whose repeat is
    known by `said`. Raises Refused for no reason.
    """
    refuse_if_blocked(hold_rules.may_hold(reason) if deviation is None else ())
    hold = act.add(
        Hold(
            scope_id=scope.id,
            scope=scope.code,
            subject_id=about.id,
            subject_kind=about.__tablename__,
            code=about.itself.code,
            deviation_id=deviation and deviation.id,
            deviation=deviation and deviation.code,
            reason=reason.strip(),
            at=act.at,
            name=act.by.name,
        )
    )
    states.move(act, hold, AXIS, HoldState.IN_FORCE, allowed=MOVES, reason=hold.reason)
    act.session.ledger.outdate(IN_FORCE)
    act.say(
        HoldAction.HOLD_PUT,
        hold,
        scope=scope.code,
        reason=hold.reason,
        facts=said,
        details={"kind": hold.subject_kind, "code": hold.code}
        | ({"deviation": hold.deviation} if hold.deviation else {}),
    )
    return hold


def lift_facts(session: Session, hold_id: int) -> list[Pair]:
    """A hold as QA is shown it and signs that it is lifted."""
    hold = session.get_one(Hold, hold_id)
    return [
        facts.pair(StoreTerm.HELD, facts.code(hold.code)),
        *(facts.pair(StoreTerm.HELD_WITH, facts.code(each)) for each in [hold.deviation] if each),
        facts.pair(StoreTerm.HELD_WHY, hold.reason),
        facts.pair(StoreTerm.HELD_BY, person(hold.name, hold.username)),
        facts.pair(StoreTerm.HELD_SINCE, facts.instant(hold.at)),
    ]


def lift(
    act: Act, hold_id: int, *, seal: Seal, judged: Judged = hold_rules.NOTHING_TO_JUDGE
) -> Hold:
    """Lift a hold by signature: the thing is what it was, unless another hold of it is in force.

    `judged` is how far the deviations are that keep it, which the chapter above knows.
    """
    hold, signed = act.session.get_one(Hold, hold_id), [hold_id, seal.reviewed]
    if act.once(HoldAction.HOLD_LIFTED, signed):
        return hold
    state = states.of(act.session, hold, AXIS)
    refuse_if_blocked(hold_rules.may_lift(state, seal.comment, judged))
    sign(act, seal, Meaning.APPROVED, hold, lift_facts(act.session, hold_id), scope=hold.within)
    states.move(act, hold, AXIS, HoldState.LIFTED, allowed=MOVES, reason=seal.comment)
    act.session.ledger.outdate(IN_FORCE)
    act.say(
        HoldAction.HOLD_LIFTED,
        hold,
        scope=hold.scope,
        reason=seal.comment,
        facts=signed,
        details={"kind": hold.subject_kind},
    )
    return hold


# Questions
# -------------------------------------------------------------------------------------------------


def _in_force() -> ColumnElement[bool]:
    """The condition on a hold that it is in force."""
    state = aliased(State)
    return exists().where(
        state.subject_id == Hold.id, state.axis == AXIS, state.state == HoldState.IN_FORCE
    )


def is_on(column: Any) -> ColumnElement[bool]:
    """The condition that a hold is in force on the thing of this key."""
    return exists().where(Hold.subject_id == column, _in_force())


def of_kind(kind: str) -> Select[tuple[int]]:
    """The ids of everything of one kind that is on hold, to be asked with `in_`."""
    standing = states.standing(Hold.__tablename__, AXIS, HoldState.IN_FORCE)
    return select(Hold.subject_id).where(Hold.id.in_(standing), Hold.subject_kind == kind)


def held(session: Session, ids: Iterable[int]) -> set[int]:
    """Those of these things on which a hold is in force. There are few at a time, so all of them
    are asked for once, whatever a step scans.
    """
    everything = session.ledger.recall(IN_FORCE, lambda: _asked(session))
    return {each for each in ids if each in everything}


def _asked(session: Session) -> frozenset[int]:
    standing = states.standing(Hold.__tablename__, AXIS, HoldState.IN_FORCE)
    return frozenset(session.scalars(select(Hold.subject_id).where(Hold.id.in_(standing))))


def in_force(
    session: Session, ids: Iterable[int], kind: str, scopes: Collection[int] = ()
) -> Sequence[Hold]:
    """The holds in force on these things, and on everything of a kind under these scopes that was
    not voided: of what does not exist nothing is used.
    """
    under = and_(
        Hold.subject_kind == kind,
        Hold.scope_id.in_(scopes),
        Hold.subject_id.not_in(states.standing(kind, rules.DISPOSITION, rules.Disposition.VOID)),
    )
    wanted = select(Hold).where(or_(Hold.subject_id.in_(list(ids)), under), _in_force())
    return session.scalars(wanted.order_by(Hold.id)).all()


def was_held(session: Session, subject_id: int, at: datetime) -> bool:
    """Whether one hold was in force on a thing from the beginning of a minute to this moment of it.

    People write minutes and mean any second of them: what was put on hold in that minute, or
    lifted, may have been used while nothing held it.
    """
    begin = at.replace(second=0, microsecond=0)
    lifted = exists().where(
        Move.subject_id == Hold.id,
        Move.axis == AXIS,
        Move.becomes == HoldState.LIFTED,
        Move.at <= at,
    )
    mine = select(Hold.id).where(Hold.subject_id == subject_id, Hold.at <= begin, ~lifted)
    return session.scalar(mine.limit(1)) is not None


def with_deviation(session: Session, deviation_id: int) -> Sequence[Hold]:
    """The holds that came with a deviation."""
    return session.scalars(select(Hold).where(Hold.deviation_id == deviation_id)).all()


def of(session: Session, subject_id: int) -> list[tuple[Hold, Move | None]]:
    """(hold, the move that lifted it) of a thing, the newest first."""
    wanted = select(Hold).where(Hold.subject_id == subject_id).order_by(Hold.id.desc())
    return _with_lifting(session, session.scalars(wanted).all())


def _with_lifting(session: Session, found: Sequence[Hold]) -> list[tuple[Hold, Move | None]]:
    lifted = states.newest_moves(session, [each.id for each in found], AXIS, HoldState.LIFTED)
    return [(each, lifted.get(each.id)) for each in found]


def told(session: Session, scopes: Collection[str]) -> list[tuple[Hold, Move | None]]:
    """(hold, the move that lifted it) of everything under these codes, the oldest first."""
    wanted = select(Hold).where(Hold.scope.in_(list(scopes))).order_by(Hold.id)
    return _with_lifting(session, session.scalars(wanted).all())


def listed() -> Select[Any]:
    """Every hold in force for a paged list, the newest first."""
    standing = states.standing(Hold.__tablename__, AXIS, HoldState.IN_FORCE)
    return select(Hold).where(Hold.id.in_(standing)).order_by(Hold.id.desc())
