"""Until when a container may be used: worked out from its batch's record, never typed.

The chapter that knows the record works it out (manufacturing/execution/expiry.py) and says it here
each time it changes; the newest of a container holds, and the earlier ones stay legible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, ScalarSelect, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from integrity.acts import Act
from integrity.database import Record, Session
from stores.containers import Container


class ContainerExpiry(Record):
    """Until when a container may be used, by the entry that this follows from.

    No moment: the record does not say any more from when on its time runs.
    """

    __tablename__ = "container_expiries"
    __table_args__ = (
        Index("container_expiries_by_container", "container_id", "id"),
        Index("container_expiries_by_moment", "expires_at"),
    )

    container_id: Mapped[int] = mapped_column(ForeignKey("containers.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    expires_at: Mapped[datetime | None]


# The newest expiry of the container of the statement around it.
NEWEST = (
    select(ContainerExpiry.expires_at)
    .where(ContainerExpiry.container_id == Container.id)
    .order_by(ContainerExpiry.id.desc())
    .limit(1)
    .correlate(Container)
    .scalar_subquery()
)


def newest_id() -> ScalarSelect[int]:
    """The id of the newest expiry of the container of the statement around it."""
    later = aliased(ContainerExpiry)
    newest = select(func.max(later.id)).where(later.container_id == Container.id)
    return newest.correlate(Container).scalar_subquery()


def of(session: Session, ids: Iterable[int]) -> dict[int, datetime | None]:
    """{container id: until when it may be used} in one query; without an expiry it is left out."""
    newest = (
        select(func.max(ContainerExpiry.id))
        .where(ContainerExpiry.container_id.in_(list(ids)))
        .group_by(ContainerExpiry.container_id)
    )
    wanted = select(ContainerExpiry.container_id, ContainerExpiry.expires_at)
    return dict(session.execute(wanted.where(ContainerExpiry.id.in_(newest))).tuples().all())


def settle(
    act: Act, containers: Iterable[Container], expires_at: datetime | None, entry_id: int
) -> Mapping[str, datetime | None]:
    """Say until when containers may be used, for those of which it was not known or was another
    moment.

    An inner act of the entry that this follows from, which says the event; gives {code: expiry} of
    those that changed.
    """
    every = list(containers)
    known = of(act.session, [each.id for each in every])
    changed = {}
    for each in every:
        if each.id in known and known[each.id] == expires_at:
            continue
        act.add(ContainerExpiry(container_id=each.id, entry_id=entry_id, expires_at=expires_at))
        changed[each.code] = expires_at
    return changed
