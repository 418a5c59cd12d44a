"""Makers of lots, equipment and containers, through the same acts the pages use."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from documents.kinds import Kind
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.signatures import Seal, reviewed
from integrity.trail import Actor
from stores import containers, equipment, lots
from stores.containers import ContainerFacts
from tests.makers import documents
from tests.makers.people import entry_id, make_people
from tests.makers.subjects import scope_named


def make_store_people(database: Database, *roles: str, at: datetime) -> dict[str, Actor]:
    """One person of each role, and the list of materials in force."""
    people = make_people(database, *roles, at=at)
    with database.writing() as session:
        documents.ensure(session, Kind.MATERIALS, by=next(iter(people.values())), at=at)
    return people


def lot_facts(**other: Any) -> lots.LotFacts:
    """An ordinary delivery: 500 mL of DPBS, in date until 2027-03-31."""
    return lots.LotFacts(
        **(
            {
                "material": "DPBS",
                "name": "DPBS without Ca, Mg",
                "supplier": "Supplier 1",
                "supplier_lot": "2026-118",
                "expires_on": date(2027, 3, 31),
                "quantity": "500",
                "unit": "mL",
                "certificate": "CoA 118",
            }
            | other
        )
    )


def make_lot(
    session: Session, *, by: Actor, at: datetime, qa: Actor | None = None, **other: Any
) -> lots.Lot:
    """A lot in quarantine; released when a `qa` is given."""
    documents.ensure(session, Kind.MATERIALS, by=by, at=at)
    told = lot_facts(**({"another_delivery": True} | other))
    lot = lots.receive(Act(session, by, at, entry_id=entry_id()), told)
    return release(session, lot, qa, at) if qa else lot


def seal_of(
    session: Session, lot: lots.Lot, becomes: str = "released", comment: str | None = None
) -> Seal:
    """What the signing page would hand over for the facts as they are now."""
    return Seal(
        reviewed(lots.facts_of(session, lot.id, becomes)),
        "user name and password",
        comment,
    )


def release(session: Session, lot: lots.Lot, qa: Actor, at: datetime) -> lots.Lot:
    return lots.release_lot(
        Act(session, qa, at, entry_id=entry_id()), lot.id, seal=seal_of(session, lot)
    )


def make_equipment(
    session: Session,
    *,
    by: Actor,
    at: datetime,
    kind: str = "incubator",
    name: str = "Incubator 1",
    done: date | None = date(2026, 10, 1),
    due: date = date(2027, 9, 30),
) -> equipment.Equipment:
    """A piece of equipment; calibrated unless `done` is None."""
    documents.ensure(session, Kind.MATERIALS, by=by, at=at)
    item = equipment.register(
        Act(session, by, at, entry_id=entry_id()),
        equipment.EquipmentFacts(kind, name, "Room 2", "SN-1", another_piece=True),
    )
    if done:
        facts = equipment.CalibrationFacts(done, due, "Certificate 12", own_certificate=True)
        equipment.calibrate(Act(session, by, at, entry_id=entry_id()), item.id, facts)
    return item


def find_scans(session: Session) -> dict[str, str]:
    """What is scanned at the bench: {material: code of its lot, kind: code of its equipment}."""
    kept = {lot.material: lot.code for lot in session.scalars(select(lots.Lot))}
    return kept | {item.kind: item.code for item in session.scalars(select(equipment.Equipment))}


def make_container(
    session: Session,
    kind: str = "flask",
    *parents: containers.Container,
    by: Actor,
    at: datetime,
    scope: str = "B26000154",
    title: str = "",
    **more: Any,
) -> containers.Container:
    facts = ContainerFacts(
        kind, scope_named(session, scope), title or f"{kind} for a test", parents, **more
    )
    [made] = containers.create(Act(session, by, at), facts)
    return made
