"""What falls due of deviations: to be closed, and their actions to be done and checked."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, select

from integrity import site, states
from integrity.database import Session
from integrity.deviations import AXIS, Deviation, DeviationState
from integrity.site import SettingName
from people import week
from people.permissions import Permission
from people.queues import Address, Asker, Item
from people.week import Due, Source, Span
from qc.deviations.corrective_actions import CorrectiveAction
from qc.deviations.rules import CORRECTIVE, ActionState
from qc.deviations.words import DeviationDue

DEVIATION = "deviations.deviation"
UNCLOSED = tuple(each for each in DeviationState if each != DeviationState.CLOSED)


def _deviations(session: Session, asker: Asker, span: Span) -> Due:
    """Deviations that are not closed, by the days that the site allows."""
    days = timedelta(days=int(site.settings(session)[SettingName.INVESTIGATION_DAYS]))
    opened = Span(span.end - days, span.begin - days if span.begin else None)
    wanted = select(Deviation).where(
        Deviation.id.in_(states.standing(Deviation.__tablename__, AXIS, *UNCLOSED)),
        *week.within(opened, Deviation.opened_at),
    )
    return week.rows(
        session,
        wanted.order_by(Deviation.opened_at, Deviation.id),
        lambda row: Item(
            row[0].code,
            Address(DEVIATION, {"code": row[0].code}),
            row[0].what,
            due=row[0].opened_at + days,
        ),
    )


def _actions(state: ActionState, session: Session, asker: Asker, span: Span) -> Due:
    """Actions to be done by their day, or those done whose effect is to be checked on theirs."""
    end = CorrectiveAction.due_at if state == ActionState.OPEN else CorrectiveAction.check_at
    standing = states.standing(CorrectiveAction.__tablename__, CORRECTIVE, state)
    wanted = (
        select(CorrectiveAction, Deviation.code, end)
        .join(Deviation, Deviation.id == CorrectiveAction.deviation_id)
        .where(CorrectiveAction.id.in_(standing), *week.within(span, end))
        .order_by(end, CorrectiveAction.id)
    )
    return week.rows(session, wanted, _action)


def _action(row: Row[Any]) -> Item:
    action, code, end = row[:3]
    return Item(code, Address(DEVIATION, {"code": code}), action.what, due=end)


SOURCES = (
    Source(DeviationDue.DEVIATIONS, Permission.SEE_RECORDS, _deviations, by_day=False),
    Source(DeviationDue.ACTIONS, Permission.SEE_RECORDS, partial(_actions, ActionState.OPEN)),
    Source(DeviationDue.CHECKS, Permission.SEE_RECORDS, partial(_actions, ActionState.DONE)),
)
