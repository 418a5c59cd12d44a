"""What falls due in the stores: use-by days of lots and containers, calibrations."""

from __future__ import annotations

from sqlalchemy import exists, select, union

from integrity import states
from integrity.database import Session
from people import week
from people.permissions import Permission
from people.queues import Address, Asker, Item
from people.week import Due, Source, Span
from stores import answers, calibrations, containers, expiries
from stores.calibrations import Calibration
from stores.containers import Container
from stores.equipment import Equipment
from stores.expiries import ContainerExpiry
from stores.lots import AXIS, KIND, Lot, LotCorrection
from stores.rules import DISPOSITION, Disposition
from stores.words import StoreDue

IN_USE = (Disposition.QUARANTINE, Disposition.RELEASED)


def _lots(session: Session, asker: Asker, span: Span) -> Due:
    """Lots in quarantine or released, on the last day of their use; what was said of it first and
    what was put right is looked up by its day."""
    told = select(Lot.id).where(*week.within(span, Lot.first_expires_at))
    put_right = select(LotCorrection.lot_id).where(*week.within(span, LotCorrection.expires_at))
    wanted = select(Lot).where(
        Lot.id.in_(union(told, put_right)),
        Lot.id.in_(states.standing(KIND, AXIS, *IN_USE)),
        *week.within(span, Lot.expires_at),
    )
    return week.rows(
        session,
        wanted.order_by(Lot.expires_at, Lot.id),
        lambda row: Item(
            row[0].code,
            Address("stores.lot", {"code": row[0].code}),
            row[0].name,
            due=row[0].expires_at,
        ),
    )


def _containers(session: Session, asker: Asker, span: Span) -> Due:
    """Containers that may still be used, at the moment when they may be no longer."""
    ended = states.standing(
        Container.__tablename__,
        DISPOSITION,
        Disposition.REJECTED,
        Disposition.RECALLED,
    )
    gone = exists().where(
        states.State.subject_id == Container.id, states.State.axis == answers.FATE
    )
    wanted = (
        select(Container, ContainerExpiry.expires_at)
        .join(ContainerExpiry, ContainerExpiry.container_id == Container.id)
        .where(
            *week.within(span, ContainerExpiry.expires_at),
            ContainerExpiry.id == expiries.newest_id(),
            Container.id.not_in(ended),
            Container.id.not_in(containers.void_ones()),
            ~gone,
        )
    )
    return week.rows(
        session,
        wanted.order_by(ContainerExpiry.expires_at, Container.id),
        lambda row: Item(
            row[0].code,
            Address("stores.container", {"code": row[0].code}),
            row[0].title,
            due=row[1],
        ),
    )


def _calibrations(session: Session, asker: Asker, span: Span) -> Due:
    """Equipment on the last day of the calibration that counts."""
    counts = calibrations.counting_id(Equipment.id)
    wanted = select(Equipment, Calibration.due_at).join(Calibration, Calibration.id == counts)
    return week.rows(
        session,
        wanted.where(*week.within(span, Calibration.due_at)).order_by(
            Calibration.due_at, Equipment.id
        ),
        lambda row: Item(
            row[0].code,
            Address("stores.equipment_item", {"code": row[0].code}),
            row[0].name,
            due=row[1],
        ),
    )


SOURCES = (
    Source(StoreDue.CALIBRATIONS, Permission.SEE_RECORDS, _calibrations),
    Source(StoreDue.LOTS, Permission.SEE_RECORDS, _lots, waits=False),
    Source(StoreDue.CONTAINERS, Permission.SEE_RECORDS, _containers, waits=False, by_day=False),
)
