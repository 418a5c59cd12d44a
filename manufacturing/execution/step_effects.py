"""What recording a step brings about beside its entry: containers made, samples pulled, lots and
equipment used.

Inner acts of `steps` and `corrections`; they say their own events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field as part
from datetime import datetime
from typing import Any

from documents.texts import text
from integrity import facts
from integrity.acts import Act
from integrity.findings import Finding, refuse_if_blocked
from integrity.quantities import Quantity
from manufacturing.donation.donations import Cord
from manufacturing.execution import lot_amounts, stocks
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules import batches as batch_rules
from manufacturing.execution.rules.moments import turned_since
from manufacturing.execution.rules.sequence import Position, place_fact
from manufacturing.execution.scans import Thing, then_of
from manufacturing.execution.stocks import Stock
from manufacturing.masters.model import JAR, Field, Master
from stores import containers, equipment, fate_rules, hold_rules, holds, lot_uses
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
    turned: Sequence[Finding] = ()  # what is on hold by now, and was not at the time claimed
    lapsed: bool = False  # whether something is there no more that was there at that time

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
    claimed: datetime | None = None,
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
    stock = stocks.of(act.session, state, position, keeps, claimed)
    taken = [each for field in fields for each in stock.parents_of(field)]
    turned = _taken_since(act, state, taken, claimed)
    if old is None:  # what a correction adds was taken when it was there
        refuse_if_blocked(_are_there(stock, taken))
    codes = {
        field.id: containers.issue_codes(act, _kind(field), missing[field.id]) for field in fields
    }
    lapsed = bool(turned) or any(each.id in stock.gone_since for each in taken)
    return Planned(codes, stock, keeps, turned, lapsed)


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


def _are_there(stock: Stock, taken: Sequence[Container]) -> Iterator[Finding]:
    """Nothing is taken from what was destroyed or given out."""
    for each in taken:
        yield from fate_rules.may_be_taken(each.code, stock.fates.get(each.id))


def _taken_since(
    act: Act, state: BatchState, taken: Sequence[Container], claimed: datetime | None
) -> list[Finding]:
    """What is on hold by now of what was taken from at the time that is claimed, and was not then.

    Nothing is taken from a container that somebody put on hold, and nothing from the jar of a cord
    that is, itself or its donor.
    """
    source = set()
    if any(each.kind == JAR for each in taken):
        cord = act.session.get_one(Cord, state.batch.cord_id)
        source = {cord.id, cord.donor_id}
    asked = {*source, *(each.id for each in taken)}
    held, then = holds.held(act.session, asked), then_of(claimed, act.at)
    if claimed is None or then is None:
        refuse_if_blocked(_on_hold(taken, source, held))
        return []
    was_held = {each for each in asked if holds.was_held(act.session, each, then)}
    refuse_if_blocked(_on_hold(taken, source, was_held))
    cord_code = facts.code(state.batch.cord_code)
    return [
        turned
        for finding in _on_hold(taken, source, held)
        for turned in turned_since(
            finding.parameters.get("container", cord_code), [finding], claimed
        )
    ]


def _on_hold(taken: Sequence[Container], source: Set[int], held: Set[int]) -> Iterator[Finding]:
    yield from hold_rules.container_use(each.code for each in taken if each.id in held)
    yield from batch_rules.cord_may_be_taken_from(is_held=not held.isdisjoint(source))


def make(act: Act, state: BatchState, entry: Entry, planned: Planned) -> None:
    """The containers and samples of an entry under the codes that were issued for them; they
    stand where the batch does: on hold or, where they are its product, under review with it.
    """
    if planned.stock is None:
        return
    for name, codes in planned.codes.items():
        field = state.master.step(entry.step).field(name)
        what = _facts(state, entry, field, planned.stock.parents_of(field))
        made = containers.create(act, what, codes)
        planned.stock.add(field, made)
        containers.join(act, made, state.disposition, reason=entry.reason)


def use(act: Act, state: BatchState, entry: Entry, things: Mapping[str, Thing]) -> None:
    """The uses of the lots and the equipment that were scanned for an entry, by its fields."""
    for name, thing in things.items():
        origin = _origin(state.master, entry, name)
        if isinstance(thing, Lot):
            field = state.master.step(entry.step).field(name)
            amount = lot_amounts.of_field(field, entry.values, thing)
            lot_uses.use_lot(act, thing.itself, state.batch.itself, origin, amount)
        else:
            equipment.use_equipment(act, thing.itself, state.batch.itself, origin)


def _origin(master: Master, entry: Entry, field: str) -> Origin:
    return Origin(entry.id, field, place_fact(master, entry.position))


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
        taken=_taken(field, entry, parents),
        origin=_origin(state.master, entry, field.id),
        area=field.area.to("cm2") if field.area else None,
        sample_kind=field.kind if is_sample else None,
        tests=field.tests,
    )


def _taken(field: Field, entry: Entry, parents: Sequence[Container]) -> Quantity | None:
    """How much went from each parent into each new container, where the step measures it or the
    master record says what is drawn.

    What is drawn of a sample is drawn once: of several parents nobody knows how much each gave.
    """
    if field.volume:
        return field.volume if len(parents) == 1 else None
    value = entry.values.get(field.taken) if field.taken else None
    return Quantity(value["text"], value["unit"]) if value else None
