"""Corrective and preventive actions: what follows from a deviation, who does it until when, and
whether it had its effect (ICH Q10 3.2.2).

An action is planned by QA, done by whoever is named, who signs that it is, and checked on a day of
its own by QA, who signs what was found."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Select, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts as shown, signatures, site, states, subjects
from integrity.acts import Act
from integrity.database import By, Session
from integrity.deviations import AXIS as DEVIATION_AXIS, Deviation, DeviationState
from integrity.facts import Pair
from integrity.findings import refuse_if_blocked
from integrity.signatures import Meaning, Seal
from integrity.site import SettingName
from integrity.states import Move
from integrity.subjects import Scoped, SubjectRecord
from integrity.vocabulary import one_of
from integrity.words import person, state_word
from qc.deviations import rules
from qc.deviations.actions import DeviationAction
from qc.deviations.rules import CORRECTIVE, ActionState
from qc.deviations.words import ActionWord, DeviationTerm
from stores.days import WithDays
from stores.rules import end_of


class ActionKind(enum.StrEnum):
    """Whether it puts right what happened, or keeps it from happening."""

    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


# What the signature of each step means.
SIGNED: dict[str, Meaning] = {
    ActionState.DONE: Meaning.PERFORMED,
    ActionState.EFFECTIVE: Meaning.REVIEWED,
    ActionState.NOT_EFFECTIVE: Meaning.REVIEWED,
}


class CorrectiveAction(SubjectRecord, Scoped, WithDays, By):
    """One action; `due_at` and `check_at` are the ends of their days, `responsible` as typed."""

    __tablename__ = "corrective_actions"
    __table_args__ = (subjects.by_scope(), one_of("kind", ActionKind))

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviations.id"), index=True)
    kind: Mapped[str]
    what: Mapped[str]
    responsible: Mapped[str]
    due_at: Mapped[datetime]
    check_at: Mapped[datetime]
    at: Mapped[datetime]
    name: Mapped[str]


@dataclass(frozen=True)
class ActionFacts:
    """What QA plans; days are of the site's zone."""

    deviation_id: int
    kind: str
    what: str
    responsible: str
    due_on: date
    check_on: date


@dataclass(frozen=True)
class Standing:
    """An action, where it stands, since which move, and whether it is overdue."""

    action: CorrectiveAction
    state: str
    moved: Move | None
    is_overdue: bool


# Acts
# -------------------------------------------------------------------------------------------------


def plan(act: Act, facts: ActionFacts) -> CorrectiveAction:
    """Plan an action. Raises Refused for nothing said and for days that cannot be kept."""
    if earlier := act.once(DeviationAction.ACTION_PLANNED, facts):
        return act.session.get_one(CorrectiveAction, earlier)
    zone, deviation = site.zone(act.session), act.session.get_one(Deviation, facts.deviation_id)
    due_at, check_at = end_of(facts.due_on, zone), end_of(facts.check_on, zone)
    refuse_if_blocked(rules.may_plan(facts.what, facts.responsible, due_at, check_at, act.at))
    made = act.add(
        CorrectiveAction(
            scope_id=deviation.scope_id,
            scope=deviation.scope,
            deviation_id=deviation.id,
            kind=facts.kind,
            what=facts.what.strip(),
            responsible=facts.responsible.strip(),
            due_at=due_at,
            check_at=check_at,
            zone=zone.key,
            at=act.at,
            name=act.by.name,
        )
    )
    states.move(act, made, CORRECTIVE, ActionState.OPEN, allowed=rules.ACTION_MOVES)
    act.say(
        DeviationAction.ACTION_PLANNED,
        made,
        scope=made.scope,
        facts=facts,
        details={"deviation": deviation.code, "kind": made.kind, "what": made.what},
    )
    return made


def facts_of(session: Session, action_id: int, becomes: str) -> list[Pair]:
    """What is shown and signed of an action: what it becomes, what was planned, who did it how."""
    made = session.get_one(CorrectiveAction, action_id)
    deviation = session.get_one(Deviation, made.deviation_id)
    done = states.newest_moves(session, [action_id], CORRECTIVE, ActionState.DONE).get(action_id)
    return [
        shown.pair(DeviationTerm.ACTION_BECOMES, state_word(becomes)),
        shown.pair(DeviationTerm.DEVIATION, shown.code(deviation.code)),
        shown.pair(DeviationTerm.ACTION_KIND, shown.word(ActionWord[made.kind.upper()])),
        shown.pair(DeviationTerm.ACTION_WHAT, made.what),
        shown.pair(DeviationTerm.ACTION_RESPONSIBLE, made.responsible),
        shown.pair(DeviationTerm.ACTION_DUE, made.day(made.due_at)),
        shown.pair(DeviationTerm.ACTION_CHECK, made.day(made.check_at)),
        shown.pair(DeviationTerm.ACTION_PLANNED_BY, person(made.name, made.username)),
        *(_done(done) if done and becomes != ActionState.DONE else ()),
    ]


def _done(done: Move) -> Iterator[Pair]:
    yield shown.pair(DeviationTerm.ACTION_DONE_BY, done.username)
    yield shown.pair(DeviationTerm.ACTION_DONE_AT, shown.instant(done.at))
    yield shown.pair(DeviationTerm.ACTION_DONE_HOW, done.reason or "")


def move(act: Act, action_id: int, becomes: str, *, seal: Seal) -> CorrectiveAction:
    """Sign that an action is done, or what its check found: effective or not.

    The seal's comment says how. Raises Refused for a step that is not its next one, for nothing
    said, and for a check by who did it."""
    signed, action = [action_id, becomes, seal.reviewed], DeviationAction(f"action.{becomes}")
    found = act.session.get_one(CorrectiveAction, action_id)
    if act.once(action, signed):
        return found
    state, how = states.of(act.session, found, CORRECTIVE), (seal.comment or "").strip()
    done = states.newest_moves(act.session, [action_id], CORRECTIVE, ActionState.DONE)
    doer = done[action_id].username if done else ""
    refuse_if_blocked(rules.may_move(state, becomes, how, act.by.username, doer))
    said = facts_of(act.session, action_id, becomes)
    signatures.sign(act, seal, SIGNED[becomes], found, said, scope=found.within)
    states.move(act, found, CORRECTIVE, becomes, allowed=rules.ACTION_MOVES, reason=how)
    act.say(action, found, scope=found.scope, reason=how, facts=signed)
    return found


# Questions
# -------------------------------------------------------------------------------------------------


def of(session: Session, deviation_id: int, at: datetime) -> list[Standing]:
    """The actions of a deviation, oldest first, as they stand at a moment."""
    return of_many(session, [deviation_id], at)


def of_many(session: Session, deviations: Iterable[int], at: datetime) -> list[Standing]:
    """The actions of these deviations, oldest first, in three queries."""
    wanted = select(CorrectiveAction).where(CorrectiveAction.deviation_id.in_(list(deviations)))
    return _standing(session, session.scalars(wanted.order_by(CorrectiveAction.id)).all(), at)


def _standing(session: Session, found: Sequence[CorrectiveAction], at: datetime) -> list[Standing]:
    where = states.of_many(session, [each.id for each in found], CORRECTIVE)
    newest = select(Move).where(Move.subject_id.in_(where), Move.axis == CORRECTIVE)
    moved = {each.subject_id: each for each in session.scalars(newest.order_by(Move.id))}
    return [
        Standing(
            each,
            where[each.id],
            moved.get(each.id),
            rules.is_overdue(where[each.id], each.due_at, each.check_at, at),
        )
        for each in found
    ]


def overdue(session: Session, at: datetime, most: int) -> list[tuple[Standing, Deviation]]:
    """(action, its deviation) of what is overdue, what was due first before, as many as `most`."""
    kind = CorrectiveAction.__tablename__
    is_open = CorrectiveAction.id.in_(states.standing(kind, CORRECTIVE, ActionState.OPEN))
    is_done = CorrectiveAction.id.in_(states.standing(kind, CORRECTIVE, ActionState.DONE))
    late = or_(is_open & (CorrectiveAction.due_at < at), is_done & (CorrectiveAction.check_at < at))
    rows = session.execute(
        select(CorrectiveAction, Deviation)
        .join(Deviation, Deviation.id == CorrectiveAction.deviation_id)
        .where(late)
        .order_by(CorrectiveAction.due_at, CorrectiveAction.id)
        .limit(most)
    ).all()
    standing = _standing(session, [action for action, _ in rows], at)
    return [(each, deviation) for each, (_, deviation) in zip(standing, rows, strict=True)]


def due_at(session: Session, deviation: Deviation) -> datetime:
    """Until when a deviation is to be closed: so many days after it was opened."""
    days = int(site.settings(session)[SettingName.INVESTIGATION_DAYS])
    return deviation.opened_at + timedelta(days=days)


def overdue_deviations(at: datetime, days: int) -> Select[Any]:
    """Deviations that were not closed in so many days, what was opened first before."""
    kind, waits = Deviation.__tablename__, [each for each in DeviationState if each != "closed"]
    return (
        select(Deviation)
        .where(
            Deviation.id.in_(states.standing(kind, DEVIATION_AXIS, *waits)),
            Deviation.opened_at < at - timedelta(days=days),
        )
        .order_by(Deviation.id)
    )
