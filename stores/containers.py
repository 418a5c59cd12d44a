"""Containers: every jar, tissue portion, flask, vial, final container and sample, each with its own
code and its parent.

A container is never relabelled or poured into another record: what is divided or drawn makes new
containers (TRC-08)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts, states, subjects
from integrity.acts import Act
from integrity.database import Document, Session
from integrity.findings import Refused, blocks
from integrity.subjects import Scope, Scoped, SubjectRecord
from labels.numbering import issue
from stores import rules
from stores.rule_ids import StoreRule
from stores.rules import Disposition

KIND, AXIS = "containers", rules.DISPOSITION


class Container(SubjectRecord, Scoped):
    """One container; `scope` is the bare code of its batch (of its cord for a jar).

    Numbers in `details` are text.
    """

    __tablename__ = "containers"
    __table_args__ = (subjects.by_scope(),)

    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("containers.id"), index=True)
    title: Mapped[str]
    made_at: Mapped[datetime]
    details: Mapped[Any] = mapped_column(Document)


def create(
    act: Act,
    *,
    kind: str,
    scope: Scope,
    parent_id: int | None,
    title: str,
    details: Mapping[str, Any],
    code: str | None = None,
) -> Container:
    """Make one container in quarantine, with the next code of its series unless one was issued.

    An inner act: says its own event.

    Raises Refused for a kind that is not in rules.SERIES or a parent that does not exist.
    """
    _refuse_impossible(act.session, kind, parent_id)
    container = Container(
        code=code or issue(act, rules.SERIES[kind]),
        kind=kind,
        scope_id=scope.id,
        scope=scope.code,
        parent_id=parent_id,
        title=title,
        made_at=act.at,
        details=dict(details),
    )
    act.add(container)
    states.move(act, container, AXIS, Disposition.QUARANTINE, allowed=rules.CONTAINER_MOVES)
    act.say(
        "container.created",
        container,
        scope=scope.code,
        details={
            "code": container.code,
            "kind": kind,
            "parent": parent_id and str(parent_id),
            "title": title,
        },
    )
    return container


def _refuse_impossible(session: Session, kind: str, parent_id: int | None) -> None:
    if kind not in rules.SERIES:
        raise Refused(blocks(StoreRule.NO_SUCH_KIND, kind=kind, kinds=facts.listed(rules.SERIES)))
    if parent_id is not None and session.get(Container, parent_id) is None:
        raise Refused(blocks(StoreRule.PARENT_UNKNOWN))


def set_disposition(act: Act, container_id: int, state: str, *, reason: str | None) -> Container:
    """Move one container to another disposition; nothing is recorded if it is there already. An
    inner act.

    From hold a container returns to what it was, or is rejected or recalled (docs/process.md, 5).
    Raises Refused."""
    container = act.session.get_one(Container, container_id)
    if states.of(act.session, container, AXIS) == state:
        return container
    allowed = {
        **rules.CONTAINER_MOVES,
        Disposition.ON_HOLD: _open_to(act.session, container, Disposition.ON_HOLD),
    }
    states.move(act, container, AXIS, state, allowed=allowed, reason=reason)
    act.say(
        f"container.{state}",
        container,
        scope=container.scope,
        reason=reason,
        details={"code": container.code},
    )
    return container


def _open_to(session: Session, container: Container, state: str) -> frozenset[str]:
    """Where a container that stands in `state` may go."""
    if state == Disposition.ON_HOLD:
        return frozenset(
            {_before_hold(session, container), Disposition.REJECTED, Disposition.RECALLED}
        )
    return rules.CONTAINER_MOVES.get(state, frozenset())


def _before_hold(session: Session, container: Container) -> str:
    """Where the container stood before its newest hold."""
    held = session.scalars(
        select(states.Move)
        .where(
            states.Move.subject_id == container.id,
            states.Move.axis == AXIS,
            states.Move.becomes == Disposition.ON_HOLD,
        )
        .order_by(states.Move.id.desc())
        .limit(1)
    ).first()
    return (held and held.was) or Disposition.QUARANTINE


def follow(act: Act, scope: str, state: str, *, reason: str | None) -> list[Container]:
    """Move the containers of a batch to the batch's new disposition, as far as they may go there;
    the rejected stay.

    Only the product is released with its batch: a used flask or a sample never is (rules.follows).
    One on hold returns to what it was, or is rejected or recalled with its batch. An inner act;
    gives the containers that moved."""
    everyone = of_scope(act.session, scope)
    where = dispositions(act.session, everyone)
    going = [
        container
        for container in everyone
        if rules.follows(container.kind, state)
        and state in _open_to(act.session, container, where[container.id])
    ]
    return [set_disposition(act, container.id, state, reason=reason) for container in going]


def of_scope(session: Session, scope: str, kind: str | None = None) -> Sequence[Container]:
    """The containers of one batch (or cord), of one kind or of all, in the order they were made."""
    wanted = select(Container).where(Container.scope == scope).order_by(Container.id)
    return session.scalars(wanted.where(Container.kind == kind) if kind else wanted).all()


def by_code(session: Session, bare: str) -> Container | None:
    """The container with this bare code."""
    return session.scalar(select(Container).where(Container.code == bare))


def ancestors(session: Session, container: Container) -> list[Container]:
    """The chain of parents from the first (the jar) to the direct one, in one query."""
    if container.parent_id is None:
        return []
    line = (
        select(Container.id, Container.parent_id)
        .where(Container.id == container.parent_id)
        .cte("line", recursive=True)
    )
    line = line.union(
        select(Container.id, Container.parent_id).join(line, Container.id == line.c.parent_id)
    )
    return list(
        session.scalars(
            select(Container).join(line, Container.id == line.c.id).order_by(Container.id)
        )
    )


def descendants(session: Session, container: Container) -> list[Container]:
    """Everything that was made from it, however far down, in one query."""
    line = (
        select(Container.id).where(Container.parent_id == container.id).cte("line", recursive=True)
    )
    line = line.union(select(Container.id).join(line, Container.parent_id == line.c.id))
    return list(
        session.scalars(
            select(Container).join(line, Container.id == line.c.id).order_by(Container.id)
        )
    )


def children(container: Container) -> Select[Any]:
    """What was made directly from it, for a paged list."""
    return select(Container).where(Container.parent_id == container.id).order_by(Container.id)


def dispositions(session: Session, containers: Sequence[Container]) -> dict[int, str]:
    """{container id: disposition} in one query."""
    return states.of_many(session, [container.id for container in containers], AXIS)
