"""What batches made for patients: until when any of it may be used, and what became of all of it.

The final containers of a batch, or its vials where it made no final ones: beside final ones they
are a bank, and no product (rules.product_of). What was voided was never
made; what is destroyed or used up keeps nothing in date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from integrity.database import Session
from integrity.states import State
from stores import fate_rules
from stores.answers import FATE
from stores.containers import Container, void_ones
from stores.expiries import NEWEST
from stores.rules import ContainerKind, product_of


@dataclass(frozen=True)
class Made:
    """What a batch made: the last moment at which any of what is left of it may be used (None: not
    known of all of it), what became of all of it (None: something is left), and whether it is
    final containers, which have an expiry.
    """

    expires_at: datetime | None
    became: str | None
    is_final: bool


Row = tuple[str, datetime | None, str | None]


def of_batches(session: Session, ids: Iterable[int]) -> dict[int, Made]:
    """{batch id: what it made} in one query; a batch that made nothing is left out."""
    became = (State.subject_id == Container.id) & (State.axis == FATE)
    wanted = select(Container.scope_id, Container.kind, NEWEST, State.state)
    wanted = wanted.outerjoin(State, became).where(
        Container.scope_id.in_(list(ids)),
        Container.kind.in_([ContainerKind.FINAL, ContainerKind.VIAL]),
        Container.id.not_in(void_ones()),
    )
    found: dict[int, list[Row]] = {}
    for scope_id, kind, expires_at, fate in session.execute(wanted).tuples():
        found.setdefault(scope_id, []).append((kind, expires_at, fate))
    return {scope_id: _made(rows) for scope_id, rows in found.items()}


def _made(rows: Sequence[Row]) -> Made:
    kind = product_of({kind for kind, _, _ in rows})
    product = [each for each in rows if each[0] == kind]
    left = [until for _, until, fate in product if fate not in fate_rules.GONE]
    known = left or [until for _, until, _ in product]
    expires_at = max(each for each in known if each) if all(known) else None
    return Made(
        expires_at, fate_rules.all_of([fate for _, _, fate in product]), kind == ContainerKind.FINAL
    )
