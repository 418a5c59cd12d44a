"""Vials that are a bank: frozen on the way of a batch that makes final containers. They are no part
of its product, and nothing is given out of them on its release (rules.product_of)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from integrity.database import Session
from stores.containers import Container, void_ones
from stores.rules import ContainerKind

_beside = aliased(Container)
# Whether the container of the statement around it is such a vial.
IS_BANK = and_(
    Container.kind == ContainerKind.VIAL,
    exists().where(
        _beside.scope_id == Container.scope_id,
        _beside.kind == ContainerKind.FINAL,
        _beside.id.not_in(void_ones()),
    ),
)


def of(session: Session, ids: Iterable[int]) -> frozenset[int]:
    """Those of these containers that are a bank, in one query."""
    return frozenset(session.scalars(select(Container.id).where(Container.id.in_(ids), IS_BANK)))
