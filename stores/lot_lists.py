"""Lists of lots: all, or those that stand in one state, and where each of a page stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from integrity import states
from integrity.database import Session
from stores import holds, rules
from stores.lots import AXIS, KIND, Lot
from stores.rules import Disposition


def listed(state: str, at: datetime) -> Select[Any]:
    """Lots for a paged list, newest first.

    All ("") or those that stand in one state at `at` (expired is judged by date).
    """
    wanted = select(Lot).order_by(Lot.id.desc())
    if not state:
        return wanted
    if state == "expired":
        rejected = states.standing(KIND, AXIS, Disposition.REJECTED)
        return wanted.where(Lot.id.not_in(rejected), Lot.expires_at <= at - rules.TICK)
    in_date = Lot.expires_at > at - rules.TICK
    if state == Disposition.ON_HOLD:
        ended = states.standing(KIND, AXIS, Disposition.REJECTED)
        return wanted.where(Lot.id.in_(holds.of_kind(KIND)), Lot.id.not_in(ended), in_date)
    wanted = wanted.where(Lot.id.in_(states.standing(KIND, AXIS, state)))
    if state == Disposition.REJECTED:
        return wanted
    return wanted.where(Lot.id.not_in(holds.of_kind(KIND)), in_date)


def states_of(session: Session, lots: Sequence[Lot], at: datetime) -> dict[int, str]:
    """{lot id: quarantine | released | rejected | on_hold | expired} in two queries."""
    ids = [lot.id for lot in lots]
    found, held = states.of_many(session, ids, AXIS), holds.held(session, ids)
    return {
        lot.id: rules.words_of_lot(found[lot.id], lot.expires_at, at, held=lot.id in held)[0]
        for lot in lots
    }
