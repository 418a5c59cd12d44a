"""Another delivery of a supplier's lot that is rejected or on hold here: what is wrong with the lot
may be wrong with every delivery of it, so QA judges each batch that was made with one (MAT-02)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import or_, select

from integrity import facts, states
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import Finding
from manufacturing.execution import uses
from manufacturing.execution.entries import Entry
from qc.release import rules, used_unfit
from qc.release.used_unfit import Unfit
from stores import holds, lots
from stores.lots import Lot
from stores.rules import DISPOSITION, Disposition


def of_lot(act: Act, lot: Lot, since: datetime | None = None) -> Unfit:
    """The batches made with another delivery of a lot that turned bad (`since` is when it was put
    on hold), and those made with this one where another delivery is bad."""
    others = _named(act.session, lots.others(act.session, lot))
    if others:
        bad = _bad(act.session, [lot, *others])
        for used, found in [(each, lot) for each in others] + [(lot, each) for each in others]:
            if found.id in bad:
                yield _opened(act, used, found, bad[found.id], since if found is lot else None)


def of_entry(act: Act, entry: Entry) -> Unfit:
    """The batch of an entry that names a delivery of a lot of which another one is bad already."""
    if not uses.names_something(entry) or not _any_bad(act.session):
        return
    for used in uses.lots_at(act.session, entry):
        others = _named(act.session, lots.others(act.session, used))
        for found, state in ((each, _bad(act.session, others).get(each.id)) for each in others):
            if state:
                yield _opened(act, used, found, state, None, entry.batch_id)


def _opened(
    act: Act, used: Lot, bad: Lot, state: str, since: datetime | None, only: int | None = None
) -> tuple[Finding, used_unfit.Resting]:
    cause = rules.another_delivery(used.code, bad.code, bad.material, bad.supplier_lot, state)
    resting = uses.batches_with_lot(used.id, only)
    place = facts.code(used.code)
    return cause, used_unfit.open_for(act, resting, cause, used, place, since=since)


def _named(session: Session, found: list[str]) -> list[Lot]:
    return list(session.scalars(select(Lot).where(Lot.code.in_(found)).order_by(Lot.id)))


_REJECTED = states.standing(Lot.__tablename__, DISPOSITION, Disposition.REJECTED)
_ANY = select(Lot.id).where(or_(Lot.id.in_(_REJECTED), holds.is_on(Lot.id))).limit(1)


def _any_bad(session: Session) -> bool:
    return session.scalar(_ANY) is not None


def _bad(session: Session, asked: list[Lot]) -> dict[int, str]:
    """{lot id: rejected or on_hold} of those that are."""
    ids = [each.id for each in asked]
    where, held = states.of_many(session, ids, DISPOSITION), holds.held(session, ids)
    return dict(_states(where, held, ids))


def _states(where: dict[int, str], held: set[int], ids: list[int]) -> Iterator[tuple[int, str]]:
    for number in ids:
        if state := rules.speaks_against_others(where.get(number), is_held=number in held):
            yield number, state
