"""What waits of donors and cords: to be judged, accepted, processed."""

from __future__ import annotations

from sqlalchemy import func, select

from integrity import states
from integrity.database import Session
from manufacturing.donation import eligibility
from manufacturing.donation.donations import Cord, Donor
from manufacturing.donation.rules.cords import CORD_AXIS, CordState
from manufacturing.donation.rules.donors import Eligibility
from manufacturing.donation.words import DonationQueue
from people import queues
from people.permissions import Permission
from people.queues import NOTHING, SHOWN, Address, Asker, Found, Item, Queue

UNDECIDED = (CordState.RECEIVED, CordState.QUARANTINE)


def _donors(session: Session, asker: Asker) -> Found:
    """Donors of cords that nobody decided on yet, whose eligibility is not determined."""
    waits = states.standing(Cord.__tablename__, CORD_AXIS, *UNDECIDED)
    since = func.min(Cord.received_at)
    wanted = (
        select(Donor, since)
        .join(Cord, Cord.donor_id == Donor.id)
        .where(Cord.id.in_(waits))
        .group_by(Donor.id)
        .order_by(since, Donor.id)
    )
    rows = session.execute(wanted).all()
    judged = eligibility.eligibilities(session, [donor.id for donor, _ in rows])
    open_ones = [row for row in rows if judged[row[0].id] == Eligibility.OPEN]
    items = [
        Item(donor.code, Address("donation.donor", {"code": donor.code}), since=at)
        for donor, at in open_ones[:SHOWN]
    ]
    return Found(len(open_ones), items) if open_ones else NOTHING


def _cords(session: Session, asker: Asker) -> Found:
    """Cords that are neither accepted nor rejected."""
    waits = states.standing(Cord.__tablename__, CORD_AXIS, *UNDECIDED)
    wanted = select(Cord).where(Cord.id.in_(waits)).order_by(Cord.id)
    return queues.by_code(session, wanted, "donation.cord", since=lambda made: made.received_at)


QUEUES = (
    Queue(
        DonationQueue.CORDS,
        Permission.DETERMINE_ELIGIBILITY,
        _cords,
        Address("donation.cords"),
    ),
    Queue(
        DonationQueue.DONORS,
        Permission.DETERMINE_ELIGIBILITY,
        _donors,
        Address("donation.donors"),
    ),
)
