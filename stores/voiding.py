"""Voiding: a container that was recorded and does not exist counts no more, with a reason; its code
is never used again and its labels are destroyed.

What was taken from it, or came into the laboratory's hands, shows that it does exist. What was
pooled from several shows only that one of them does."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from integrity import states
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import Finding
from labels import print_register
from stores import containers, rules
from stores.answers import FATE
from stores.containers import AXIS, Container, ContainerParent
from stores.rules import Disposition


def against(session: Session, codes: Sequence[str]) -> list[Finding]:
    """What speaks against voiding containers: where they stand, and what they were used for."""
    ids = _ids(session, codes)
    where, children = states.on_all_axes(session, list(ids)), _children(session, list(ids))
    return [
        finding
        for number, code in ids.items()
        for finding in rules.may_be_voided(
            code,
            where.get((number, FATE)) or where[(number, AXIS)],
            made=children.get(number, []),
            is_received=any(key[0] == number and key[1] not in (AXIS, FATE) for key in where),
        )
    ]


def void(act: Act, codes: Sequence[str], *, reason: str) -> dict[str, int]:
    """Void containers; {code: how many labels of it were printed and are to be destroyed}.

    An inner act of a correction, which asks `against` before.
    """
    for number in _ids(act.session, codes):
        containers.set_disposition(act, number, Disposition.VOID, reason=reason)
    printed = print_register.copies(act.session, codes)
    return {code: printed.get(code, 0) for code in codes}


def _ids(session: Session, codes: Sequence[str]) -> dict[int, str]:
    wanted = select(Container.id, Container.code).where(Container.code.in_(list(codes)))
    return {number: code for number, code in session.execute(wanted.order_by(Container.id))}


def _children(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """{container id: the codes of what shows that it exists: was taken from it, is not void, and
    from no other one that stays}.
    """
    link, void = aliased(ContainerParent), containers.void_ones()
    came_from_another = exists().where(
        link.child_id == ContainerParent.child_id,
        link.parent_id.not_in(ids),
        link.parent_id.not_in(void),
    )
    wanted = (
        select(ContainerParent.parent_id, Container.code)
        .join(Container, Container.id == ContainerParent.child_id)
        .where(ContainerParent.parent_id.in_(ids), Container.id.not_in(void), ~came_from_another)
        .order_by(Container.id)
    )
    found: dict[int, list[str]] = {}
    for parent, code in session.execute(wanted):
        found.setdefault(parent, []).append(code)
    return found
