"""What waits of deviations: to be assessed, judged and closed, classified, done and checked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from integrity import observations, states
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.observations import Observation, ObservationState
from people import queues
from people.permissions import Permission
from people.queues import Address, Asker, Found, Item, Queue
from qc.deviations import investigation
from qc.deviations.corrective_actions import CorrectiveAction
from qc.deviations.rules import CORRECTIVE, ActionState
from qc.deviations.words import DeviationQueue

DEVIATION = "deviations.deviation"


def _deviations(session: Session, asker: Asker) -> Found:
    wanted = investigation.listed("open").order_by(None).order_by(Deviation.id)
    return queues.by_code(
        session,
        wanted,
        DEVIATION,
        since=lambda made: made.opened_at,
        title=lambda made: made.what,
    )


def _observations(session: Session, asker: Asker) -> Found:
    kind = Observation.__tablename__
    waits = states.standing(kind, observations.AXIS, ObservationState.UNCLASSIFIED)
    return queues.first(
        session,
        select(Observation).where(Observation.id.in_(waits)).order_by(Observation.id),
        lambda row: Item(
            row[0].about,
            Address("deviations.observation", {"number": row[0].id}),
            row[0].said,
            since=row[0].at,
        ),
    )


def _actions(session: Session, asker: Asker) -> Found:
    return _standing(session, ActionState.OPEN)


def _checks(session: Session, asker: Asker) -> Found:
    return _standing(session, ActionState.DONE)


def _standing(session: Session, state: ActionState) -> Found:
    """Actions in one state with their deviations, what is due first on top."""
    kind = CorrectiveAction.__tablename__
    end = CorrectiveAction.due_at if state == ActionState.OPEN else CorrectiveAction.check_at
    wanted = (
        select(CorrectiveAction, Deviation.code, end)
        .join(Deviation, Deviation.id == CorrectiveAction.deviation_id)
        .where(CorrectiveAction.id.in_(states.standing(kind, CORRECTIVE, state)))
        .order_by(end, CorrectiveAction.id)
    )
    return queues.first(session, wanted, _action)


def _action(row: Row[Any]) -> Item:
    action, code, end = row[:3]
    return Item(code, Address(DEVIATION, {"code": code}), action.what, until=end)


QUEUES = (
    Queue(
        DeviationQueue.OBSERVATIONS,
        Permission.JUDGE_DEVIATIONS,
        _observations,
        Address("deviations.observations"),
    ),
    Queue(
        DeviationQueue.DEVIATIONS,
        Permission.JUDGE_DEVIATIONS,
        _deviations,
        Address("deviations.deviations"),
    ),
    Queue(
        DeviationQueue.ACTIONS,
        Permission.RAISE_DEVIATIONS,
        _actions,
        Address("deviations.overdue_list"),
    ),
    Queue(
        DeviationQueue.CHECKS,
        Permission.JUDGE_DEVIATIONS,
        _checks,
        Address("deviations.overdue_list"),
    ),
)
