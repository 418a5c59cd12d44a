"""A small laboratory for tests.

People, an effective master record, released lots, calibrated equipment, a cord, a batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from demonstration import donation
from demonstration.culture import Bench, walk
from integrity.acts import Act
from integrity.database import Database
from integrity.trail import Actor
from manufacturing.donation.donations import Cord
from manufacturing.execution import batches
from manufacturing.execution.batches import Batch, StartFacts
from manufacturing.masters import document, register
from tests.makers import documents
from tests.makers.documents import SITE
from tests.makers.masters import make_effective_master
from tests.makers.people import entry_id, make_people, make_person
from tests.makers.stores import find_scans, make_equipment, make_lot


@dataclass
class Laboratory:
    """Everything a batch needs, and the clock they all work by."""

    database: Database
    clock: Any
    people: dict[str, Actor]
    second: Actor
    master_id: int
    scans: dict[str, str]

    def bench(self, **changes: Any) -> Bench:
        return Bench(
            self.database,
            self.clock,
            lambda span: self.clock.advance(seconds=span.total_seconds()),
            self.people["technician"],
            self.second,
            self.scans,
            **changes,
        )


def make_laboratory(database: Database, clock: Any) -> Laboratory:
    """People, the shipped master record, released lots and calibrated equipment for all of it."""
    people = make_people(database, at=clock())
    with database.writing() as session:
        documents.ensure(session, *SITE, by=people["qa"], at=clock())
    make_effective_master(database, people, at=clock())
    shipped = document.read(document.SHIPPED.read_bytes())
    fields = [field for step in shipped.steps for field in step.fields]
    with database.writing() as session:
        for material in sorted({field.material for field in fields if field.material}):
            make_lot(
                session,
                by=people["technician"],
                at=clock(),
                qa=people["qa"],
                material=material,
                name=material,
                expires_on=date(2028, 1, 31),
                quantity="500",
                unit="L",
                **({"donor_pool": "Pool 1", "human": True} if "albumin" in material else {}),
            )
        for kind in sorted(
            {field.kind for field in fields if field.type == "equipment" and field.kind}
        ):
            make_equipment(
                session,
                by=people["qa"],
                at=clock(),
                kind=kind,
                name=f"{kind} 1",
                due=date(2028, 1, 31),
            )
    return find_laboratory(database, clock)


def find_laboratory(database: Database, clock: Any) -> Laboratory:
    """The laboratory that the database holds: the state "laboratory" and those that follow it."""
    people = make_people(database, at=clock())
    with database.writing() as session:
        second = make_person(
            session, "verifier", username="verifier2", name="Verifier 2", at=clock()
        )
        master = register.all_effective(session, clock())[0]
        return Laboratory(database, clock, people, second, master.id, find_scans(session))


def furnish(database: Database, clock: Any) -> None:
    """The state "laboratory"."""
    make_laboratory(database, clock)


def plan(database: Database, clock: Any) -> None:
    """The state "planned": the laboratory with a batch."""
    make_batch(find_laboratory(database, clock))


def find_batch(database: Database) -> Batch:
    """The only batch that the database holds."""
    with database.reading() as session:
        return session.scalars(select(Batch)).one()


def make_cord(
    laboratory: Laboratory, *, born_at: datetime | None = None, donor: str = "H1-0001"
) -> Cord:
    """A cord born three hours ago, from a donor who meets the criteria."""
    technician, at = laboratory.people["technician"], laboratory.clock()
    with laboratory.database.writing() as session:
        made = donation.register_donor(session, donor, by=technician, at=at)
        return donation.receive_cord(
            session, made, born_at or at - timedelta(hours=3), by=technician, at=at
        )


def make_batch(laboratory: Laboratory, cord: Cord | None = None) -> Batch:
    """A batch that is planned."""
    cord = cord or make_cord(laboratory)
    with laboratory.database.writing() as session:
        return batches.start(
            Act(session, laboratory.people["technician"], laboratory.clock(), entry_id=entry_id()),
            StartFacts(cord.code, laboratory.master_id, is_known=True),
        )


def walk_batch(
    laboratory: Laboratory, batch: Batch, until: str | None = None, **changes: Any
) -> int:
    """Record steps until the batch is complete, or until a step is due.

    Gives how many entries were made.
    """
    return sum(1 for _ in walk(laboratory.bench(**changes), batch.id, until))
