"""Calibrations of equipment: which one counts, now or at a moment, and what was said before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    ScalarSelect,
    Select,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from integrity.database import By, Record, Session
from integrity.vocabulary import one_of
from stores import rules
from stores.days import WithDays
from stores.rules import AsFound


class Calibration(Record, WithDays, By):
    """One calibration or qualification; what another one corrects counts no more.

    Done on a day (its start), due again by the end of another, both in UTC, days where they were
    typed; `as_found` is what it was found like before any adjustment.
    """

    __tablename__ = "calibrations"
    __table_args__ = (one_of("as_found", AsFound),)

    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"), index=True)
    done_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reference: Mapped[str]
    as_found: Mapped[str]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("calibrations.id"), index=True)
    reason: Mapped[str | None]
    at: Mapped[datetime]


def stands() -> ColumnElement[bool]:
    """The condition on a calibration that no other one corrects it."""
    later = aliased(Calibration)
    return ~exists().where(later.corrects_id == Calibration.id)


_OF_MANY = (
    select(Calibration)
    .where(Calibration.equipment_id.in_(bindparam("ids", expanding=True)), stands())
    .order_by(Calibration.done_at, Calibration.id)
)


def newest(session: Session, equipment_ids: Iterable[int]) -> dict[int, Calibration]:
    """{equipment id: the calibration that counts}.

    The one done last, of two of one day the one recorded last.
    """
    found = session.scalars(_OF_MANY, {"ids": list(equipment_ids)})
    return {made.equipment_id: made for made in found}


def done(session: Session, equipment_ids: Iterable[int]) -> dict[int, list[datetime]]:
    """{equipment id: when it was calibrated, the one done first first} in one query."""
    made: dict[int, list[datetime]] = {number: [] for number in equipment_ids}
    for each in session.scalars(_OF_MANY, {"ids": sorted(made)}):
        made[each.equipment_id].append(each.done_at)
    return made


def standing(session: Session, equipment_id: int) -> Sequence[Calibration]:
    """Every calibration of one piece that stands, the one done first first."""
    return session.scalars(_OF_MANY, {"ids": [equipment_id]}).all()


def at(session: Session, equipment_id: int, moment: datetime) -> Calibration | None:
    """The calibration that counted at a moment."""
    return counting(standing(session, equipment_id), moment)


def counting(held: Iterable[Calibration], moment: datetime) -> Calibration | None:
    """The one that counts at a moment, of calibrations in the order in which they were done."""
    done = [made for made in held if made.done_at <= moment]
    return done[-1] if done else None


def standing_of_many(
    session: Session, equipment_ids: Iterable[int]
) -> dict[int, list[Calibration]]:
    """{equipment id: every calibration that stands, the one done first first} in one query."""
    made: dict[int, list[Calibration]] = {number: [] for number in equipment_ids}
    for each in session.scalars(_OF_MANY, {"ids": sorted(made)}):
        made[each.equipment_id].append(each)
    return made


def corrected_of(session: Session, equipment_ids: Iterable[int]) -> dict[int, Calibration]:
    """{calibration id: it} of everything that corrects a calibration of these, or is corrected, the
    oldest first."""
    mine = Calibration.equipment_id.in_(sorted(equipment_ids))
    later = aliased(Calibration)
    replaced = exists().where(later.corrects_id == Calibration.id)
    wanted = select(Calibration).where(mine, or_(Calibration.corrects_id.is_not(None), replaced))
    return {each.id: each for each in session.scalars(wanted.order_by(Calibration.id))}


def holds_at(held: Iterable[Calibration], moment: datetime) -> bool:
    """Whether one of these says that the equipment is in calibration at a moment."""
    made = counting(held, moment)
    return made is not None and not rules.is_past(made.due_at, moment)


def doubting(held: Sequence[Calibration], moment: datetime) -> list[Calibration]:
    """Those that put what was measured at a moment in doubt, of calibrations in the order in which
    they were done: found out of tolerance, and recorded since, with none done in between."""
    found, since = [], None
    for made in held:
        is_after = (since is None or since <= moment) and moment <= made.at
        if is_after and made.as_found == AsFound.OUT_OF_TOLERANCE:
            found.append(made)
        since = made.done_at
    return found


def before(session: Session, made: Calibration) -> Calibration | None:
    """The calibration that was done before this one: what was measured since is in doubt when this
    one found the equipment out of tolerance.
    """
    earlier = [each for each in standing(session, made.equipment_id) if each.done_at < made.done_at]
    return earlier[-1] if earlier else None


_JUDGED_BY = ("done_at", "due_at", "as_found")


def changed_at(session: Session, equipment_id: int) -> datetime | None:
    """When it was corrected last what a calibration of one piece says of its time or of what was
    found; None where it never was."""
    was = aliased(Calibration)
    differs = or_(*(getattr(was, each) != getattr(Calibration, each) for each in _JUDGED_BY))
    wanted = select(func.max(Calibration.at)).join(was, was.id == Calibration.corrects_id)
    return session.scalar(wanted.where(Calibration.equipment_id == equipment_id, differs))


def newest_recorded(session: Session, equipment_id: int) -> Calibration | None:
    """The calibration that was recorded last, whenever it was done."""
    mine = select(Calibration).where(Calibration.equipment_id == equipment_id)
    return session.scalar(mine.order_by(Calibration.id.desc()).limit(1))


def listed(equipment_id: int) -> Select[Any]:
    """Every calibration of one piece, the one that counts first, for a paged list."""
    return (
        select(Calibration)
        .where(Calibration.equipment_id == equipment_id)
        .order_by(stands().desc(), Calibration.done_at.desc(), Calibration.id.desc())
    )


def corrections_of(session: Session, found: Iterable[Calibration]) -> dict[int, Calibration]:
    """{calibration id: the one that corrects it} in one query."""
    mine = Calibration.corrects_id.in_([each.id for each in found])
    return {
        each.corrects_id or 0: each for each in session.scalars(select(Calibration).where(mine))
    }


def counting_id(equipment_id: Any) -> ScalarSelect[int]:
    """The id of the calibration that counts now of a piece of equipment, as a question in one."""
    made, later = aliased(Calibration), aliased(Calibration)
    stands = ~exists().where(later.corrects_id == made.id)
    mine = select(made.id).where(made.equipment_id == equipment_id, stands)
    return mine.order_by(made.done_at.desc(), made.id.desc()).limit(1).scalar_subquery()
