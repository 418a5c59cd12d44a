"""Containers: every jar, tissue portion, flask, vial, final container and sample, each with its own
code, the entry that made it and what it was taken from.

A container is never relabelled or poured into another record: what is divided or drawn makes new
containers (TRC-08); the family they form is walked in `family`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    bindparam,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts, states, subjects
from integrity.acts import Act
from integrity.database import Record, Session
from integrity.facts import Fact
from integrity.findings import Refused, blocks
from integrity.quantities import Quantity
from integrity.subjects import Scope, Scoped, SubjectRecord
from integrity.units import UNITS
from integrity.vocabulary import one_of
from labels.numbering import issue
from stores import rules
from stores.actions import ContainerAction
from stores.origins import Origin
from stores.rule_ids import StoreRule
from stores.rules import Disposition

KIND, AXIS = "containers", rules.DISPOSITION
ENDS = frozenset({Disposition.REJECTED, Disposition.RECALLED})


class Container(SubjectRecord, Scoped):
    """One container; `scope` is the bare code of its batch (of its cord for a jar).

    `entry_id` and `field` name the entry and the field of its step that made it: both empty for
    what no step made. `title` is what it was called there, `area` the growth area of a vessel,
    `sample_kind` what was sampled.
    """

    __tablename__ = "containers"
    __table_args__ = (
        subjects.by_scope(),
        CheckConstraint("(entry_id IS NULL) = (field IS NULL)", name="made_by"),
        CheckConstraint("(area_text IS NULL) = (area_unit IS NULL)", name="area"),
        one_of("kind", rules.ContainerKind),
        one_of("area_unit", UNITS),
        Index("containers_by_entry", "entry_id", "field"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    title: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    field: Mapped[str | None]
    area_text: Mapped[str | None]
    area_unit: Mapped[str | None]
    sample_kind: Mapped[str | None]

    @property
    def area(self) -> Quantity | None:
        return Quantity(self.area_text, self.area_unit or "") if self.area_text else None


def called(container: Any, place: str) -> str:
    """What a container is called, with the place where it was made; a sample says that elsewhere.

    `container` has its kind and title, as a record or as a row of columns.
    """
    with_place = place and container.kind != rules.ContainerKind.SAMPLE
    return f"{container.title} · {place}" if with_place else str(container.title)


class ContainerParent(Record):
    """One container was taken from another, which was there before it: no line comes back to
    itself.

    `entry_id` is the entry that took it; the quantity, as typed, where the step says how much went
    from this parent into this child.
    """

    __tablename__ = "container_parents"
    __table_args__ = (
        UniqueConstraint("child_id", "parent_id"),
        CheckConstraint("parent_id < child_id", name="come_first"),
        CheckConstraint("(quantity_text IS NULL) = (unit IS NULL)", name="taken"),
        one_of("unit", UNITS),
    )

    child_id: Mapped[int] = mapped_column(ForeignKey("containers.id"))
    parent_id: Mapped[int] = mapped_column(
        ForeignKey("containers.id"), index=True, info={"older": True}
    )
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"), index=True)
    quantity_text: Mapped[str | None]
    unit: Mapped[str | None]

    @property
    def quantity(self) -> Quantity | None:
        return Quantity(self.quantity_text, self.unit or "") if self.quantity_text else None


class SampleTest(Record):
    """One test that a sample was pulled for: the id of a line of the specification."""

    __tablename__ = "sample_tests"
    __table_args__ = (UniqueConstraint("container_id", "test"),)

    container_id: Mapped[int] = mapped_column(ForeignKey("containers.id"))
    test: Mapped[str]


@dataclass(frozen=True)
class ContainerFacts:
    """What containers that are made together have in common.

    `taken` is what went from each parent into each of them.
    """

    kind: str
    scope: Scope
    title: str
    parents: Sequence[Container] = ()
    taken: Quantity | None = None
    origin: Origin | None = None
    area: Quantity | None = None
    sample_kind: str | None = None
    tests: Sequence[str] = ()


def issue_codes(act: Act, kind: str, number: int) -> list[str]:
    """The next codes for so many containers of a kind; the act that makes them says the event.

    Raises Refused for a kind that is not in rules.SERIES.
    """
    if kind not in rules.SERIES:
        raise Refused(blocks(StoreRule.NO_SUCH_KIND, kind=kind, kinds=facts.listed(rules.SERIES)))
    return [issue(act, rules.SERIES[kind]) for _ in range(number)]


def create(act: Act, said: ContainerFacts, codes: Sequence[str] = ()) -> list[Container]:
    """Make containers in quarantine under the codes that were issued for them, or one under the
    next code of its series.

    An inner act: says one event, of the entry that made them or of the one that no step made.
    Raises Refused for an unknown kind and for a parent that is not on record.
    """
    _refuse_unknown_parents(act.session, said.parents)
    codes = codes or issue_codes(act, said.kind, 1)
    made = [_create_one(act, said, code) for code in codes]
    subject: Any = made[0] if said.origin is None else ("entries", str(said.origin.entry_id))
    act.say(
        ContainerAction.CONTAINERS_CREATED,
        subject,
        scope=said.scope.code,
        details=_told(said, codes),
    )
    return made


def _create_one(act: Act, said: ContainerFacts, code: str) -> Container:
    container = Container(
        code=code,
        kind=said.kind,
        scope_id=said.scope.id,
        scope=said.scope.code,
        title=said.title,
        made_at=act.at,
        entry_id=said.origin and said.origin.entry_id,
        field=said.origin and said.origin.field,
        area_text=said.area and said.area.text,
        area_unit=said.area and said.area.unit,
        sample_kind=said.sample_kind,
    )
    act.add(container)
    for parent in said.parents:
        _add_parent(act, container, parent, said)
    for test in said.tests:
        act.session.ledger.add_row(SampleTest, {"container_id": container.id, "test": test})
    states.move(act, container, AXIS, Disposition.QUARANTINE, allowed=rules.CONTAINER_MOVES)
    return container


def _add_parent(act: Act, child: Container, parent: Container, said: ContainerFacts) -> None:
    row = {
        "child_id": child.id,
        "parent_id": parent.id,
        "entry_id": said.origin and said.origin.entry_id,
        "quantity_text": said.taken and said.taken.text,
        "unit": said.taken and said.taken.unit,
    }
    act.session.ledger.add_row(ContainerParent, row)


def _told(said: ContainerFacts, codes: Sequence[str]) -> dict[str, Any]:
    """What the event says of containers that were made."""
    told: dict[str, Any] = {
        "kind": said.kind,
        "title": said.title,
        "codes": list(codes),
        "parents": [parent.code for parent in said.parents],
    }
    return told | ({"taken": str(said.taken)} if said.taken else {})


def _refuse_unknown_parents(session: Session, parents: Sequence[Container]) -> None:
    if any(session.get(Container, parent.id) is None for parent in parents):
        raise Refused(blocks(StoreRule.PARENT_UNKNOWN))


def set_disposition(act: Act, container_id: int, state: str, *, reason: Fact | None) -> Container:
    """Move one container to another disposition; nothing is recorded if it is there already. An
    inner act.

    From hold a container returns to what it was, or is rejected or recalled (docs/process.md, 5).
    Raises Refused."""
    container = act.session.get_one(Container, container_id)
    was = states.of(act.session, container, AXIS)
    if was == state:
        return container
    before = _before_hold(act.session, [container.id]) if was == Disposition.ON_HOLD else {}
    return _move(act, container, was, state, _open_to(was, before.get(container.id)), reason)


def _move(
    act: Act,
    container: Container,
    was: str | None,
    state: str,
    allowed: frozenset[str],
    reason: Fact | None,
) -> Container:
    states.move_from(act, container, AXIS, was, state, allowed={was: allowed}, reason=reason)
    act.say(
        ContainerAction(f"container.{state}"),
        container,
        scope=container.scope,
        reason=reason,
        details={"code": container.code},
    )
    return container


def _open_to(was: str | None, before_hold: str | None) -> frozenset[str]:
    """Where a container may go from where it stands; from a hold back to where it was before."""
    if was == Disposition.ON_HOLD:
        before = before_hold or Disposition.QUARANTINE
        return frozenset({before, Disposition.VOID, *ENDS})
    return rules.CONTAINER_MOVES.get(was, frozenset())


def _before_hold(session: Session, ids: Iterable[int]) -> dict[int, str | None]:
    """{container id: where it stood before its newest hold} in one query."""
    held = states.newest_moves(session, ids, AXIS, Disposition.ON_HOLD)
    return {number: move.was for number, move in held.items()}


@dataclass(frozen=True)
class Following:
    """A container that may follow its batch: where it stands, where it goes, and where it may go
    from there.
    """

    container: Container
    was: str
    becomes: str
    allowed: frozenset[str]


def following(
    session: Session, scopes: Iterable[str], state: str, resumed: Collection[str] = ()
) -> dict[str, list[Following]]:
    """{batch code: the containers that follow it to a disposition, as far as they may go there},
    of many batches in as many queries as of one.

    The rejected stay. Only the product is released with its batch: a used flask, a sample or a vial
    of a bank never is (rules.follows). One on hold is rejected or recalled with its batch; where
    the batch comes off its own hold (`resumed`) the product becomes what the batch does, anything
    else returns to what it was itself (rules.after_hold).
    """
    found: dict[str, list[Following]] = {scope: [] for scope in scopes}
    wanted = select(Container).where(Container.scope.in_(found)).order_by(Container.id)
    everyone = session.scalars(wanted).all()
    where = dispositions(session, everyone)
    held = [number for number, state in where.items() if state == Disposition.ON_HOLD]
    before = _before_hold(session, held) if held else {}
    made: dict[str, set[str]] = {scope: set() for scope in found}
    for each in everyone:
        if where[each.id] != Disposition.VOID:
            made[each.scope].add(each.kind)
    for each in everyone:
        was, becomes, product = where[each.id], state, rules.product_of(made[each.scope])
        stood = before.get(each.id)
        if was == Disposition.ON_HOLD and each.scope in resumed and state not in ENDS:
            stood = becomes = rules.after_hold(each.kind, stood, state, product)
        allowed = _open_to(was, stood)
        if rules.follows(each.kind, becomes, product) and becomes in allowed:
            found[each.scope].append(Following(each, was, becomes, allowed))
    return found


def follow(act: Act, followers: Iterable[Following], *, reason: Fact | None) -> list[Container]:
    """Move the containers of a batch with it (see following); gives them. An inner act."""
    return [
        _move(act, each.container, each.was, each.becomes, each.allowed, reason)
        for each in followers
    ]


def join(act: Act, made: Sequence[Container], state: str, *, reason: Fact | None) -> None:
    """Put what was made just now where its batch stands, as far as it goes there with it
    (rules.follows). An inner act."""
    was = Disposition.QUARANTINE
    if not made or state == was:
        return
    product = rules.product_of({each.kind for each in of_scope(act.session, made[0].scope)})
    for each in made:
        if rules.follows(each.kind, state, product):
            _move(act, each, was, state, rules.CONTAINER_MOVES[was], reason)


def void_ones() -> Select[tuple[int]]:
    """The numbers of the containers that were recorded and do not exist."""
    return states.standing(KIND, AXIS, Disposition.VOID)


def of_scope(
    session: Session, scope: str, kind: str | None = None, *, with_void: bool = False
) -> Sequence[Container]:
    """The containers of one batch (or cord), of one kind or of all, in the order they were made;
    those that were voided only where they are asked for."""
    wanted = select(Container).where(Container.scope == scope).order_by(Container.id)
    if not with_void:
        wanted = wanted.where(Container.id.not_in(void_ones()))
    return session.scalars(wanted.where(Container.kind == kind) if kind else wanted).all()


_BY_CODE = select(Container).where(Container.code == bindparam("bare"))


def by_code(session: Session, bare: str) -> Container | None:
    """The container with this bare code."""
    return session.scalar(_BY_CODE, {"bare": bare})


_TESTS = (
    select(SampleTest.container_id, SampleTest.test)
    .where(SampleTest.container_id.in_(bindparam("ids", expanding=True)))
    .order_by(SampleTest.id)
)


def tests_of(session: Session, ids: Iterable[int]) -> dict[int, list[str]]:
    """{sample's id: the tests it was pulled for, in the order of the record} in one query."""
    found: dict[int, list[str]] = {number: [] for number in ids}
    for number, test in session.rows(_TESTS, {"ids": list(found)}):
        found[number].append(test)
    return found


def dispositions(session: Session, containers: Sequence[Container]) -> dict[int, str]:
    """{container id: disposition} in one query."""
    return states.of_many(session, [container.id for container in containers], AXIS)
