"""What stands on the labels of final containers: the newest print of each beside its expiry now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from integrity.database import Session
from integrity.states import State
from labels.print_register import LabelPrint
from stores.answers import FATE
from stores.container_labels import USE_BY
from stores.containers import Container, void_ones
from stores.expiries import NEWEST
from stores.fate_rules import Fate
from stores.rules import ContainerKind

GIVEN = (Fate.ISSUED, Fate.USED)


@dataclass(frozen=True)
class Printed:
    """A container by its code, the use-by on its newest label (None: there is none) and the one
    that its record says now."""

    code: str
    printed: datetime | None
    until: datetime | None

    @property
    def is_true(self) -> bool:
        """Whether the label says what the record says, to the minute as labels do."""
        return self.printed == (self.until and self.until.replace(second=0, microsecond=0))


def use_by(lines: Iterable[str]) -> datetime | None:
    """The use-by among the lines of a label as it was printed, an instant of that minute."""
    said = next((each.removeprefix(USE_BY) for each in lines if each.startswith(USE_BY)), None)
    return datetime.strptime(said, "%Y-%m-%d %H:%M %z") if said else None  # as times.shown writes


def untrue(session: Session, batch_ids: Iterable[int]) -> Mapping[int, Sequence[Printed]]:
    """{batch id: its final containers that are still here and whose label says another use-by than
    their record}, in one query; a batch without any is left out."""
    became = exists().where(State.subject_id == Container.id, State.axis == FATE)
    return _untrue(session, batch_ids, ~became)


def given_out(session: Session, batch_ids: Iterable[int]) -> Mapping[int, Sequence[Printed]]:
    """The same of those that were given out and are not there to be labelled again."""
    became = exists().where(
        State.subject_id == Container.id, State.axis == FATE, State.state.in_(GIVEN)
    )
    return _untrue(session, batch_ids, became)


def _untrue(
    session: Session, batch_ids: Iterable[int], became: ColumnElement[bool]
) -> Mapping[int, Sequence[Printed]]:
    newest = select(func.max(LabelPrint.id)).group_by(LabelPrint.code)
    wanted = (
        select(Container.scope_id, Container.code, LabelPrint.facts, NEWEST)
        .join(LabelPrint, LabelPrint.code == Container.code)
        .where(
            Container.scope_id.in_(list(batch_ids)),
            Container.kind == ContainerKind.FINAL,
            Container.id.not_in(void_ones()),
            LabelPrint.id.in_(newest.where(LabelPrint.code == Container.code).correlate(Container)),
            became,
        )
        .order_by(Container.id)
    )
    found: dict[int, list[Printed]] = {}
    for batch_id, code, facts, until in session.execute(wanted).tuples():
        made = _printed(code, facts, until)
        if not made.is_true:
            found.setdefault(batch_id, []).append(made)
    return found


def is_untrue(session: Session, container: Container) -> bool:
    """Whether the label of a container says another use-by than its record."""
    found = untrue(session, [container.scope_id]).get(container.scope_id, ())
    return any(each.code == container.code for each in found)


def _printed(code: str, facts: Mapping[str, Any], until: datetime | None) -> Printed:
    return Printed(code, use_by(facts["lines"]), until)
