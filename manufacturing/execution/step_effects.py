"""What recording a step brings about beside its entry: containers made, samples pulled, lots and
equipment used.

Inner acts of `steps` and `corrections`; they say their own events.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field as part
from typing import Any

from sqlalchemy import select

from documents.texts import text
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import refuse_if_blocked
from integrity.quantities import Quantity
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import Position, place
from manufacturing.execution.scans import Thing
from manufacturing.masters.model import JAR, Field, Master
from stores import containers, equipment, holds, lots, rules
from stores.containers import Container, ContainerFacts
from stores.lots import Lot
from stores.origins import Origin

Codes = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Planned:
    """What an entry is about to make: the codes of each field, and what there is to take from;
    `keeps` are the codes of the entry that is corrected which stay.

    It is asked for before anything is written, so that no question comes between the rows.
    """

    codes: Codes
    stock: Stock | None = None
    keeps: Codes = part(default_factory=dict)

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as they are shown and signed: with the codes that go onto the labels."""
        made = {**self.keeps, **self.codes}
        return {
            name: {**value, "codes": [*self.keeps.get(name, ()), *self.codes.get(name, ())]}
            if name in made
            else value
            for name, value in values.items()
        }


def plan(
    act: Act,
    state: BatchState,
    position: Position,
    values: Mapping[str, Any],
    old: Mapping[str, Any] | None = None,
) -> Planned:
    """The containers and samples that an entry with these values makes; issues their codes.

    Of an entry that is corrected (`old` are its values) the first ones stay, and only what is
    missing is made.
    """
    fields = _making(state, position, values)
    keeps = {
        field.id: made[field.id][: _number(values[field.id])]
        for made in [_codes(old or {})]
        for field in fields
        if field.id in made
    }
    missing = {each.id: _number(values[each.id]) - len(keeps.get(each.id, ())) for each in fields}
    fields = [field for field in fields if missing[field.id] > 0]
    if not fields:
        return Planned({}, keeps=keeps)
    stock = _stock(act.session, state)
    _refuse_held(act.session, [each for field in fields for each in stock.parents_of(field)])
    codes = {
        field.id: containers.issue_codes(act, _kind(field), missing[field.id]) for field in fields
    }
    return Planned(codes, stock, keeps)


def _making(state: BatchState, position: Position, values: Mapping[str, Any]) -> list[Field]:
    return [
        field
        for field in state.master.step(position.step).fields
        if field.id in values and field.type in ("sample", "vessels")
    ]


def _number(value: Mapping[str, Any]) -> int:
    return int(value.get("number", 1))


def _codes(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """{field: the codes of what it made}."""
    return {name: value["codes"] for name, value in values.items() if "codes" in (value or {})}


def surplus(old: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """The codes that an entry made and its correction does not have any more: the last ones, all
    of them where the step was left out."""
    return [
        code
        for name, codes in _codes(old).items()
        for code in codes[_number(values[name]) if name in values else 0 :]
    ]


def _refuse_held(session: Session, taken: Sequence[Container]) -> None:
    """Nothing is taken from a container that somebody put on hold."""
    held = holds.held(session, [each.id for each in taken])
    refuse_if_blocked(rules.container_use(each.code for each in taken if each.id in held))


def make(act: Act, state: BatchState, entry: Entry, planned: Planned) -> None:
    """The containers and samples of an entry under the codes that were issued for them."""
    if planned.stock is None:
        return
    for name, codes in planned.codes.items():
        field = state.master.step(entry.step).field(name)
        facts = _facts(state, entry, field, planned.stock.parents_of(field))
        planned.stock.add(field, entry, containers.create(act, facts, codes))


def use(act: Act, state: BatchState, entry: Entry, things: Mapping[str, Thing]) -> None:
    """The uses of the lots and the equipment that were scanned for an entry, by its fields."""
    for name, thing in things.items():
        record = lots.use_lot if isinstance(thing, Lot) else equipment.use_equipment
        record(act, thing.itself, state.batch.itself, _origin(state.master, entry, name))


def _origin(master: Master, entry: Entry, field: str) -> Origin:
    return Origin(entry.id, field, place(master, entry.position))


def _kind(field: Field) -> str:
    return "sample" if field.type == "sample" else field.kind or "flask"


def _facts(
    state: BatchState, entry: Entry, field: Field, parents: Sequence[Container]
) -> ContainerFacts:
    is_sample = field.type == "sample"
    return ContainerFacts(
        kind=_kind(field),
        scope=state.batch.itself,
        title=text(field.label),
        parents=parents,
        taken=_taken(field, entry),
        origin=_origin(state.master, entry, field.id),
        area=field.area.to("cm2") if field.area else None,
        sample_kind=field.kind if is_sample else None,
        tests=field.tests,
    )


def _taken(field: Field, entry: Entry) -> Quantity | None:
    """How much went from each parent into each new container, where the step measures it or the
    master record says what is drawn.
    """
    if field.volume:
        return field.volume
    value = entry.values.get(field.taken) if field.taken else None
    return Quantity(value["text"], value["unit"]) if value else None


# What there is to take from
# -------------------------------------------------------------------------------------------------


@dataclass
class Stock:
    """The cord's jar, and the containers of a batch by the field that made them: oldest first, each
    with the round of its stage.
    """

    master: Master
    jar: list[Container]
    made: list[tuple[str, int, Container]] = part(default_factory=list)

    def add(self, field: Field, entry: Entry, new: Sequence[Container]) -> None:
        name = f"{entry.step}.{field.id}"
        self.made += [(name, entry.cycle, container) for container in new]

    def parents_of(self, field: Field) -> list[Container]:
        """All that the newest round made by the fields that the master record names."""
        return self._newest(field.parents, frozenset())

    def _newest(self, names: Collection[str], seen: frozenset[str]) -> list[Container]:
        """Where they made nothing, because a step was left out, it is what they would have taken
        from.
        """
        found = [each for each in self.made if each[0] in names]
        if found:
            newest = found[-1][:2]
            return [each[2] for each in found if each[:2] == newest]
        above = {
            parent
            for name in names
            if name != JAR and name not in seen
            for parent in self.master.field(name).parents
        }
        if JAR in names or not above:
            return self.jar
        return self._newest(above, seen | set(names))


def _stock(session: Session, state: BatchState) -> Stock:
    """One question, whatever is to be made."""
    batch = state.batch
    known = {each.id: each for each in state.everything}
    found = session.scalars(
        select(Container)
        .where(
            Container.scope.in_([batch.code, batch.cord_code]),
            Container.kind != "sample",
            Container.id.not_in(containers.void_ones()),
        )
        .order_by(Container.id)
    ).all()
    stock = Stock(state.master, [each for each in found if each.kind == JAR])
    for container in found:
        if container.entry_id in known:
            maker = known[container.entry_id]
            name = f"{maker.step}.{container.field}"
            stock.made.append((name, maker.cycle, container))
    return stock
