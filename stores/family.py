"""The family of a container: what it was taken from and what was made of it, near and far.

A container may have any number of parents and children; every parent is older than its child.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import aliased

from integrity.database import Session
from integrity.states import State
from stores.answers import FATE
from stores.banks import IS_BANK
from stores.containers import AXIS, Container, ContainerParent
from stores.expiries import NEWEST
from stores.holds import is_on

# The columns of a container, where it stands (`state`), `since` when, until when it may be used,
# whether it is on hold by hand (`held`), what became of it (`fate`),
# whether it is a vial of a bank (`is_bank`).
Relative = Row[Any]

_became = aliased(State)

# Pages of a family show many containers, so no objects are made of them.
_SEEN = (
    select(
        Container.__table__,
        State.state,
        State.since,
        NEWEST.label("expires_at"),
        is_on(Container.id).label("held"),
        _became.state.label("fate"),
        IS_BANK.label("is_bank"),
    )
    .join(State, (State.subject_id == Container.id) & (State.axis == AXIS))
    .outerjoin(_became, (_became.subject_id == Container.id) & (_became.axis == FATE))
)


def _line() -> Select[Any]:
    """A container and what it was taken from, however far up, each container once."""
    itself = select(Container.id.label("id")).where(Container.code == bindparam("code"))
    line = itself.cte("line", recursive=True)
    above = select(ContainerParent.parent_id).join(line, ContainerParent.child_id == line.c.id)
    line = line.union(above)
    return _SEEN.where(Container.id.in_(select(line.c.id))).order_by(Container.id)


_UP = _line()


def line_to(session: Session, code: str) -> Sequence[Relative]:
    """Everything that a container comes from, the jar first and itself last, in one query.

    Empty where no container has the code.
    """
    return session.rows(_UP, {"code": code})


def parents(session: Session, ids: Iterable[int]) -> dict[int, list[ContainerParent]]:
    """{container id: what it was directly taken from, and how much} in one query."""
    found: dict[int, list[ContainerParent]] = {number: [] for number in ids}
    asked = select(ContainerParent).where(ContainerParent.child_id.in_(found))
    for link in session.scalars(asked.order_by(ContainerParent.parent_id)):
        found[link.child_id].append(link)
    return found


def parents_by_code(session: Session, codes: Iterable[str]) -> dict[str, set[int]]:
    """{code of a container: the ids of what it was directly taken from} in one query."""
    asked = (
        select(Container.code, ContainerParent.parent_id)
        .join(ContainerParent, ContainerParent.child_id == Container.id)
        .where(Container.code.in_(list(codes)))
    )
    found: dict[str, set[int]] = {}
    for code, parent_id in session.execute(asked).tuples():
        found.setdefault(code, set()).add(parent_id)
    return found


_MADE = select(ContainerParent.child_id).where(ContainerParent.parent_id == bindparam("of"))
# What was made directly from the container `of`, each a Relative, for a paged list.
CHILDREN = _SEEN.where(Container.id.in_(_MADE)).order_by(Container.id)
