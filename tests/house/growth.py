"""More of everything in the demonstration, through the acts."""

import uuid
from datetime import timedelta

from demonstration import culture, donation
from demonstration.laboratory import Laboratory
from documents.kinds import Kind
from integrity.acts import Act
from integrity.trail import SYSTEM
from manufacturing.execution import batches
from manufacturing.execution.batches import StartFacts
from manufacturing.masters import register
from people import accounts, machine
from people.permissions import Role
from tests.makers import documents
from tests.makers.masters import changed
from tests.makers.stores import make_equipment, make_lot


class Clock:
    """The world's clock, pushed on by whoever works in it."""

    def __init__(self, world):
        self.world = world

    def __call__(self):
        return self.world.now

    def wait(self, span):
        self.world.now += span


def grow(world, more):
    """So many more of everything that is listed, through the acts."""
    clock, staff = Clock(world), {}
    with world.database.reading() as session:
        for username in ("technician1", "verifier1", "qa1", "author1"):
            staff[username] = accounts.actor(session, accounts.find(session, username))
        master = register.all_effective(session, world.now)[0].id
    laboratory = Laboratory(world.database, "", clock, staff, world.report.scans, master)
    for number in range(more):
        with world.database.writing() as session:
            at = clock()
            machine.found(
                Act(session, SYSTEM, at),
                accounts.PersonFacts(f"more{number}", f"More {number}", Role.READER),
                password_hash=accounts.hashed("x" * 12),
            )
            make_lot(session, by=staff["technician1"], at=at, supplier_lot=f"L{number}")
            make_equipment(session, by=staff["qa1"], at=at, name=f"Incubator {number + 5}")
            documents.import_document(
                session,
                Kind.MASTER_RECORD,
                by=staff["author1"],
                at=at,
                data=changed(str(number)),
            )
            donor = donation.register_donor(
                session, f"MORE-{number}", by=staff["technician1"], at=at
            )
            cord = donation.receive_cord(
                session, donor, at - timedelta(hours=2), by=staff["technician1"], at=at
            )
            waiting = donation.receive_cord(
                session,
                donor,
                at - timedelta(hours=2),
                by=staff["technician1"],
                at=at,
                is_twins=True,
            )
            assert waiting.code != cord.code
            batch = batches.start(
                Act(session, staff["technician1"], at, entry_id=str(uuid.uuid4())),
                StartFacts(cord.code, master, is_known=True),
            )
        short = {"cord_receipt": {"logger": "none", "comment": "No logger in the box."}}
        bench = culture.Bench(
            world.database,
            clock,
            clock.wait,
            staff["technician1"],
            staff["verifier1"],
            laboratory.scans,
            changes=short,
        )
        list(culture.walk(bench, batch.id, "mince"))
