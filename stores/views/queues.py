"""What waits in the stores: lots, things on hold, calibrations, second persons."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from integrity import states
from integrity.database import Session
from people import queues
from people.permissions import Permission
from people.queues import Address, Asker, Found, Item, Queue
from stores import calibrations, fates, holds, lot_lists
from stores.calibrations import Calibration
from stores.equipment import Equipment
from stores.fate_rules import FateState
from stores.fates import ContainerFate
from stores.holds import Hold
from stores.lots import Lot
from stores.rules import Disposition
from stores.words import StoreQueue

SOON = timedelta(days=14)  # before a calibration is due


def _lots(session: Session, asker: Asker) -> Found:
    wanted = lot_lists.listed(Disposition.QUARANTINE, asker.at).order_by(None).order_by(Lot.id)
    return queues.first(
        session,
        wanted,
        lambda row: Item(
            row[0].code,
            Address("stores.lot_sign", {"code": row[0].code, "deed": "release"}),
            row[0].name,
            since=row[0].received_at,
        ),
    )


def _holds(session: Session, asker: Asker) -> Found:
    return queues.first(
        session,
        holds.listed().order_by(None).order_by(Hold.id),
        lambda row: Item(
            row[0].code,
            Address("deviations.hold", {"hold_id": row[0].id}),
            row[0].reason,
            since=row[0].at,
        ),
    )


def _second_persons(session: Session, asker: Asker) -> Found:
    """What others recorded of a container and asked for a second person."""
    kind = ContainerFate.__tablename__
    wanted = select(ContainerFate).where(
        ContainerFate.id.in_(states.standing(kind, fates.AXIS, FateState.WAITING)),
        ContainerFate.username != asker.username,
    )
    return queues.first(
        session,
        wanted.order_by(ContainerFate.id),
        lambda row: Item(
            row[0].code,
            Address("stores.fate_confirm", {"fate_id": row[0].id}),
            row[0].why or row[0].reason or row[0].consignee or "",
            since=row[0].at,
        ),
    )


def _calibrations(session: Session, asker: Asker) -> Found:
    """Equipment whose newest calibration ends within two weeks, or has ended."""
    counts = calibrations.counting_id(Equipment.id)
    wanted = select(Equipment, Calibration.due_at).join(Calibration, Calibration.id == counts)
    ending = wanted.where(Calibration.due_at < asker.at + SOON)
    return queues.first(
        session,
        ending.order_by(Calibration.due_at, Equipment.id),
        lambda row: Item(
            row[0].code,
            Address("stores.equipment_item", {"code": row[0].code}),
            row[0].name,
            due=row[1],
        ),
    )


QUEUES = (
    Queue(
        StoreQueue.LOTS,
        Permission.RELEASE_LOTS,
        _lots,
        Address("stores.lots", {"state": Disposition.QUARANTINE}),
        Address("stores.lots_release"),
    ),
    Queue(StoreQueue.SECOND_PERSONS, Permission.WITNESS_CONTAINERS, _second_persons),
    Queue(StoreQueue.HOLDS, Permission.LIFT_HOLDS, _holds, Address("deviations.holds")),
    Queue(
        StoreQueue.CALIBRATIONS,
        Permission.KEEP_EQUIPMENT,
        _calibrations,
        Address("stores.equipment"),
    ),
)
