"""The family of a container: what it was taken from and what was made of it, near and far.

A container may have any number of parents and children; every parent is older than its child.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, bindparam, select

from integrity.database import Session
from stores.containers import Container, ContainerParent


def _line(near: Any, far: Any) -> Select[tuple[Container]]:
    """From the near end of each link to its far end, and on from there, each container once."""
    line = select(far.label("id")).where(near == bindparam("of")).cte("line", recursive=True)
    line = line.union(select(far).join(line, near == line.c.id))
    return select(Container).where(Container.id.in_(select(line.c.id))).order_by(Container.id)


_UP = _line(ContainerParent.child_id, ContainerParent.parent_id)
_DOWN = _line(ContainerParent.parent_id, ContainerParent.child_id)


def ancestors(session: Session, container: Container) -> list[Container]:
    """Everything it comes from, the jar first, in one query."""
    return list(session.scalars(_UP, {"of": container.id}))


def descendants(session: Session, container: Container) -> list[Container]:
    """Everything that was made from it, however far down, in one query."""
    return list(session.scalars(_DOWN, {"of": container.id}))


def parents(session: Session, ids: Iterable[int]) -> dict[int, list[ContainerParent]]:
    """{container id: what it was directly taken from, and how much} in one query."""
    found: dict[int, list[ContainerParent]] = {number: [] for number in ids}
    asked = select(ContainerParent).where(ContainerParent.child_id.in_(found))
    for link in session.scalars(asked.order_by(ContainerParent.parent_id)):
        found[link.child_id].append(link)
    return found


def children(container: Container) -> Select[Any]:
    """What was made directly from it, for a paged list."""
    made = select(ContainerParent.child_id).where(ContainerParent.parent_id == container.id)
    return select(Container).where(Container.id.in_(made)).order_by(Container.id)
