"""Which containers of a batch have no label yet, by the register of prints, and which of their
entries somebody has put away from the bench.

Putting away is a matter of the page alone: nothing of it is recorded, and the page of the batch
goes on naming what has no label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, bindparam, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import states
from integrity.database import Session, Working
from labels.print_register import LabelPrint
from stores.answers import FATE
from stores.containers import KIND, Container, void_ones
from stores.fate_rules import GONE


class LabelsPutAway(Working):
    """An entry whose labels somebody does not want to print at the bench now."""

    __tablename__ = "labels_put_away"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    at: Mapped[datetime]


_WITHOUT = (
    select(Container)
    .where(
        Container.scope_id == bindparam("scope"),
        Container.entry_id.is_not(None),
        ~exists().where(LabelPrint.code == Container.code),
        Container.id.not_in(void_ones()),
        Container.id.not_in(states.standing(KIND, FATE, *sorted(GONE))),
    )
    .order_by(Container.id)
)
_AT_HAND = _WITHOUT.where(~exists().where(LabelsPutAway.entry_id == Container.entry_id))


def of_scope(
    session: Session, scope_id: int, *, put_away: bool = True
) -> Mapping[int, Sequence[Container]]:
    """{entry id: what it made that has no label and is still there}, the newest entry first, in one
    query; without those that were put away where `put_away` is false."""
    wanted = _WITHOUT if put_away else _AT_HAND
    found: dict[int, list[Container]] = {}
    for each in session.scalars(wanted, {"scope": scope_id}):
        found.setdefault(each.entry_id or 0, []).append(each)
    return dict(sorted(found.items(), reverse=True))


def put_away(session: Session, entry_id: int, at: datetime) -> None:
    """Keep the labels of an entry off the bench from now on; once more changes nothing."""
    if session.get(LabelsPutAway, entry_id) is None:
        session.add(LabelsPutAway(entry_id=entry_id, at=at))
