"""What a step takes from: the cord's jar, and a batch's containers by the field that made them.

A container that a correction adds later was taken from what was there at its place in the record,
never from what was made further on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field as part
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from integrity.database import Session
from integrity.states import State
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.formula_values import place_key
from manufacturing.execution.rules.sequence import Position
from manufacturing.masters.model import JAR, Field, Master
from stores import containers, family, fates
from stores.answers import FATE
from stores.containers import Container


class Made(NamedTuple):
    """A container, with the field ("step.field") and the position that made it."""

    name: str
    position: Position
    container: Container


@dataclass
class Stock:
    """What there is to take from at one position; `siblings` has the parents of what its entry
    made already and keeps, by the field.
    """

    master: Master
    position: Position
    jar: Sequence[Container]
    made: list[Made]
    siblings: Mapping[str, Sequence[Container]] = part(default_factory=dict)
    fates: Mapping[int, str] = part(default_factory=dict)  # what became of those it became of
    gone_since: Set[int] = frozenset()  # those it became of after the time that is claimed

    def add(self, field: Field, new: Sequence[Container]) -> None:
        name = f"{self.position.step}.{field.id}"
        self.made += [Made(name, self.position, container) for container in new]

    def parents_of(self, field: Field) -> Sequence[Container]:
        """What its siblings of the same entry were taken from; else all that the newest round made
        before by the fields that the master record names.
        """
        if same := self.siblings.get(field.id):
            return same
        before = self._made_before(field)
        return self._newest(before, field.parents, frozenset())

    def _made_before(self, field: Field) -> list[Made]:
        """What was made at earlier positions, and by earlier fields of this one."""
        here, step = place_key(self.master, self.position), self.position.step
        fields = [each.id for each in self.master.step(step).fields]
        earlier = {f"{step}.{name}" for name in fields[: fields.index(field.id)]}
        return [
            each
            for each in self.made
            if place_key(self.master, each.position) < here
            or (each.position == self.position and each.name in earlier)
        ]

    def _newest(
        self, before: Sequence[Made], names: Collection[str], seen: frozenset[str]
    ) -> Sequence[Container]:
        """Where they made nothing, because a step was left out, it is what they would have taken
        from.
        """
        found = [each for each in before if each.name in names]
        if found:
            last = max(found, key=lambda each: place_key(self.master, each.position))
            newest = (last.name, last.position.cycle)
            return [each.container for each in found if (each.name, each.position.cycle) == newest]
        above = {
            parent
            for name in names
            if name != JAR and name not in seen
            for parent in self.master.field(name).parents
        }
        if JAR in names or not above:
            return self.jar
        return self._newest(before, above, seen | set(names))


def of(
    session: Session,
    state: BatchState,
    position: Position,
    keeps: Mapping[str, Sequence[str]],
    claimed: datetime | None = None,
) -> Stock:
    """What there is to take from at a position, or was at the moment that is claimed; `keeps` are
    the codes that its entry keeps.

    One question, whatever is to be made, and one more where something is kept.
    """
    known = {each.id: each for each in state.everything}
    found, became = _there(session, [state.batch.code, state.batch.cord_code])
    since = fates.of_later(session, became, claimed) if claimed and became else frozenset()
    gone = {number: fate for number, fate in became.items() if number not in since}
    made = [
        Made(f"{known[each.entry_id].step}.{each.field}", known[each.entry_id].position, each)
        for each in found
        if each.entry_id in known
    ]
    jar = [each for each in found if each.kind == JAR]
    siblings = _siblings(session, found, keeps)
    return Stock(state.master, position, jar, left(made, gone), siblings, gone, since)


def _there(session: Session, scopes: Sequence[str]) -> tuple[list[Container], dict[int, str]]:
    """What was made and is not void, oldest first; {container id: what became of it}."""
    became = (State.subject_id == Container.id) & (State.axis == FATE)
    wanted = select(Container, State.state).outerjoin(State, became)
    rows = session.execute(
        wanted.where(
            Container.scope.in_(scopes),
            Container.kind != "sample",
            Container.id.not_in(containers.void_ones()),
        ).order_by(Container.id)
    ).all()
    return [each for each, _ in rows], {each.id: fate for each, fate in rows if fate}


def left(made: Sequence[Made], fates: Mapping[int, str]) -> list[Made]:
    """What is destroyed, or was given out, is left out where something else of its round is left:
    a culture goes on without the flask that was thrown away.
    """
    there = {(each.name, each.position) for each in made if each.container.id not in fates}
    return [
        each
        for each in made
        if each.container.id not in fates or (each.name, each.position) not in there
    ]


def _siblings(
    session: Session, found: Sequence[Container], keeps: Mapping[str, Sequence[str]]
) -> dict[str, list[Container]]:
    """{field: what the first container that its entry keeps was taken from}."""
    first = {codes[0]: name for name, codes in keeps.items() if codes}
    if not first:
        return {}
    taken = family.parents_by_code(session, first)
    return {
        first[code]: [each for each in found if each.id in numbers]
        for code, numbers in taken.items()
    }
