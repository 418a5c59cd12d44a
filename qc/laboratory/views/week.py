"""What falls due in the laboratory: last readings of long tests, investigations."""

from __future__ import annotations

from sqlalchemy import select

from integrity import states
from integrity.database import Session
from integrity.deviations import AXIS, Deviation, DeviationState
from people import week
from people.permissions import Permission
from people.queues import Address, Asker, Item
from people.week import Due, Source, Span
from qc.laboratory import long_tests, oos_phases
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.words import LaboratoryDue

UNDECIDED = (DeviationState.OPEN, DeviationState.ASSESSED)


def _readings(session: Session, asker: Asker, span: Span) -> Due:
    items = [
        Item(
            each.sample,
            Address("laboratory.sample", {"code": each.sample}),
            each.name,
            due=each.until,
        )
        for each in long_tests.running(session)
    ]
    return week.shown(items, span)


def _investigations(session: Session, asker: Asker, span: Span) -> Due:
    """Results out of specification whose investigation has not ended, by the time that their
    specification gives it."""
    waits = states.standing(Deviation.__tablename__, AXIS, *UNDECIDED)
    wanted = select(Deviation).where(
        Deviation.id.in_(waits), Deviation.rule == LaboratoryRule.OUT_OF_SPECIFICATION
    )
    found = session.scalars(wanted).all()
    ends = oos_phases.due_of(session, found, asker.at) if found else {}
    items = [
        Item(
            each.code,
            Address("deviations.deviation", {"code": each.code}),
            each.what,
            due=ends[each.id].at,
        )
        for each in found
        if each.id in ends
    ]
    return week.shown(items, span)


SOURCES = (
    Source(LaboratoryDue.READINGS, Permission.SEE_RECORDS, _readings, by_day=False),
    Source(LaboratoryDue.INVESTIGATIONS, Permission.SEE_RECORDS, _investigations, by_day=False),
)
