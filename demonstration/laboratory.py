"""The demonstration laboratory on a new database: people, papers, materials, and batches at
different stages of their way.

Everything goes through the acts that the pages use, on a simulated clock that ends before now,
which every event says."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from demonstration import donation, papers, quality, staff, stock
from demonstration.clock import SIMULATED, SimulatedClock, writing
from demonstration.culture import Bench, entries_for, walk
from demonstration.quality import Quality
from demonstration.staff import Staff
from documents.kinds import Kind
from integrity import signatures, site
from integrity.acts import Act
from integrity.database import Database
from integrity.site import zone
from integrity.trail import SYSTEM
from manufacturing.donation import cords
from manufacturing.donation.donations import Cord, Donor
from manufacturing.execution import batch_state, batches, steps
from manufacturing.execution.batches import Batch, StartFacts
from manufacturing.execution.rules.sequence import Position
from manufacturing.execution.steps import CorrectionFacts
from qc.release import certificate_files

SETTINGS = {
    "name": "Demonstration laboratory",
    "zone": "Asia/Ho_Chi_Minh",
    "demonstration": "yes",
    "address": "1 Example Street, Hanoi",
    "authorisation": "none: a demonstration makes nothing",
}
OPENED_BEFORE = timedelta(days=77)
BIRTH = time(6, 40)  # at the site, so that a batch is worked on by day
SEEDED_TWICE = timedelta(days=13)  # from a birth to the seeding of passage 2, in whole days
GROWN_AFTER = timedelta(days=28, hours=1)  # when the slowest culture is read for good


@dataclass
class Report:
    """What was made.

    Who signs in how, the certificate's file, and the codes of what is to be seen.
    """

    sign_ins: list[tuple[str, str, str]]
    certificate: bytes = b""
    certificate_name: str = ""
    released_batch: str = ""
    running_batch: str = ""
    waiting_cord: str = ""
    scans: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Laboratory:
    """What the parts of the demonstration share."""

    database: Database
    address: str
    clock: SimulatedClock
    staff: Staff
    scans: Mapping[str, str]
    master_id: int

    def bench(self, **changes: Any) -> Bench:
        return Bench(
            self.database,
            self.clock,
            self.clock.wait,
            self.staff["technician1"],
            self.staff["verifier1"],
            self.scans,
            clock_name=SIMULATED,
            **changes,
        )

    def quality(self) -> Quality:
        return Quality(
            self.database,
            self.clock,
            self.clock.wait,
            self.staff["analyst1"],
            self.staff["reviewer1"],
            self.staff["qa1"],
            SIMULATED,
        )


def load(database: Database, address: str, now: datetime) -> Report:
    """Make the laboratory in a new, empty database.

    `address` is what QR codes lead to, `now` an aware time that nothing passes.
    """
    laboratory = furnish(database, address, SimulatedClock(now - OPENED_BEFORE))
    report = Report(laboratory.staff.sign_ins, scans=laboratory.scans)
    report.released_batch = _carry_through(laboratory, report)
    report.running_batch = _leave_in_expansion(laboratory, now)
    report.waiting_cord = _leave_a_cord(laboratory, now)
    return report


def furnish(database: Database, address: str, clock: SimulatedClock) -> Laboratory:
    """Settings, people, effective papers, released materials and calibrated equipment."""
    with writing(database, clock) as (session, at):
        for name, value in SETTINGS.items():
            site.change(
                Act(session, SYSTEM, at),
                name,
                value,
                reason="The demonstration laboratory was made.",
            )
    with writing(database, clock) as (session, at):
        people = staff.hire(session, at=at)
    clock.wait(timedelta(hours=1))
    with writing(database, clock) as (session, at):
        brought = papers.bring_all(session, people, clock)
    clock.wait(timedelta(hours=2))
    with writing(database, clock) as (session, at):
        scans = stock.fill(session, receiver=people["technician2"], qa=people["qa1"], at=at)
        scans |= stock.equip(session, by=people["qa1"], at=at)
    return Laboratory(database, address, clock, people, scans, brought[Kind.MASTER_RECORD])


# From the donor to a batch
# ------------------------------------------------------------------------------------------


def _receive(
    laboratory: Laboratory, donor_code: str, born_at: datetime, after: timedelta
) -> tuple[Donor, Cord]:
    technician = laboratory.staff["technician1"]
    laboratory.clock.until(born_at + after)
    with writing(laboratory.database, laboratory.clock) as (session, at):
        donor = donation.register_donor(session, donor_code, by=technician, at=at)
    laboratory.clock.wait(timedelta(minutes=6))
    with writing(laboratory.database, laboratory.clock) as (session, at):
        return donor, donation.receive_cord(session, donor, born_at, by=technician, at=at)


def _start(laboratory: Laboratory, cord: Cord) -> Batch:
    laboratory.clock.wait(timedelta(minutes=14))
    with writing(laboratory.database, laboratory.clock) as (session, at):
        return batches.start(
            Act(session, laboratory.staff["technician1"], at, entry_id=str(uuid.uuid4())),
            StartFacts(cord.code, laboratory.master_id, is_known=True),
        )


def accept(laboratory: Laboratory, donor: Donor, cord: Cord) -> None:
    """The mother's blood is tested, the donor found eligible and the cord accepted."""
    qa = laboratory.staff["qa1"]
    with writing(laboratory.database, laboratory.clock) as (session, at):
        donation.record_tests(session, donor, cord.born_at + timedelta(minutes=35), by=qa, at=at)
    laboratory.clock.wait(timedelta(minutes=30))
    with writing(laboratory.database, laboratory.clock) as (session, at):
        donation.determine_eligible(session, donor, by=qa, at=at)
    laboratory.clock.wait(timedelta(minutes=5))
    with writing(laboratory.database, laboratory.clock) as (session, at):
        seal = signatures.seal(session, cords.facts_of(session, cord.id, "accepted"))
        cords.decide(
            Act(session, qa, at, entry_id=str(uuid.uuid4())), cord.id, "accepted", seal=seal
        )


def _morning(laboratory: Laboratory, moment: datetime) -> datetime:
    """The hour of birth on the day of a moment, as the site counts days."""
    with laboratory.database.reading() as reading:
        there = zone(reading)
    return datetime.combine(moment.astimezone(there).date(), BIRTH, there)


# The three
# -------------------------------------------------------------------------------------------------

SAMPLED = ("transport_sample", "microbiology", "harvest_samples", "satellites", "qc_samples")
SLIP = "13.2"  # typed for 31.2 g
DRY = {
    "reading-humidity-lowest": "88",
    "comment": "The door stood open while the flasks were taken out; 94 % again after five "
    "minutes.",
}


def _carry_through(laboratory: Laboratory, report: Report) -> str:
    """A batch from its cord to its final release, with a correction and a deviation on its way.

    Gives its code.
    """
    donor, cord = _receive(
        laboratory,
        "H1-0417",
        _morning(laboratory, laboratory.clock() + timedelta(days=1)),
        timedelta(minutes=80),
    )
    batch = _start(laboratory, cord)
    bench = laboratory.bench(changes={"mince": {"tissue_weight": SLIP}, "p0_medium_change": DRY})
    office = laboratory.quality()
    for position in walk(bench, batch.id):
        _meanwhile(
            laboratory, bench, office, batch, position, lambda: accept(laboratory, donor, cord)
        )
    _release(laboratory, office, batch, report)
    return batch.code


def _release(laboratory: Laboratory, office: Quality, batch: Batch, report: Report) -> None:
    """Released at stage 1 on the day it was made, finally when the slowest culture is over.

    The second certificate is the one kept.
    """
    for test in (test_early, test_late):
        test(office, batch)
        quality.review(office, batch)
        made = quality.release(
            office, batch, by=laboratory.staff["releaser1"], address=laboratory.address
        )
    with laboratory.database.reading() as reading:
        drawn = certificate_files.of(reading, made.id)
        assert drawn
        paper = certificate_files.content_of(reading, drawn)
        report.certificate, report.certificate_name = paper.content, paper.name


def test_early(office: Quality, batch: Batch) -> None:
    """Every result that the initial release asks for, and an interim reading of the sterility test
    that runs longest.
    """
    quality.test(office, batch, lambda sample, name: name not in quality.LATE)
    running = office.clock() - timedelta(days=1)
    quality.test(
        office,
        batch,
        lambda sample, name: name == quality.LONG and sample.made_at < running,
        reading=True,
    )
    quality.explain_what_follows(office, batch)


def test_late(office: Quality, batch: Batch) -> None:
    """What only time can tell, when its time is over."""
    last = max(sample.made_at for sample in office.samples_of(batch))
    office.wait(last + GROWN_AFTER - office.clock())
    quality.test(office, batch, lambda sample, name: name in quality.LATE)


def _meanwhile(
    laboratory: Laboratory,
    bench: Bench,
    office: Quality,
    batch: Batch,
    position: Position,
    accepted: Callable[[], None],
) -> None:
    """What others do while a batch is worked on."""
    if position.step == "mince":
        _correct_slip(bench, batch, position)
    elif position.step == "p0_medium_change" and position.turn == 1:
        bench.changes = {}
        laboratory.clock.wait(timedelta(hours=1))
        accepted()
        quality.close_deviations(
            office,
            batch,
            cause="The door was open for longer than the procedure allows.",
            impact="None: flasks were out of the incubator, and the reading was back within five "
            "minutes.",
            reason="Short, known cause, no cell was exposed; the staff was told.",
        )
    elif position.step in (
        "transport_sample",
        "microbiology",
        "harvest_samples",
        "satellites",
        "qc_samples",
    ):
        quality.receive_samples(office, batch)


def _correct_slip(bench: Bench, batch: Batch, position: Position) -> None:
    bench.changes = {"p0_medium_change": DRY}
    bench.wait(timedelta(minutes=6))
    with bench.database.writing() as session:
        now = batch_state.gather(bench.session(session), batch.id)
        entry = now.at(position)
        assert entry
        facts = CorrectionFacts(
            entry.id,
            entries_for(bench, now, position),
            "The figures were turned round when they were typed",
        )
        steps.correct(
            Act(session, bench.technician, bench.clock(), entry_id=str(uuid.uuid4())), facts
        )


def _leave_in_expansion(laboratory: Laboratory, now: datetime) -> str:
    """A batch in passage 2 whose medium is to be changed by tomorrow; gives its code."""
    born_at = _morning(laboratory, now - SEEDED_TWICE - timedelta(days=3))
    donor, cord = _receive(laboratory, "H1-0452", born_at, timedelta(minutes=80))
    batch = _start(laboratory, cord)
    for position in walk(laboratory.bench(), batch.id):
        if position.step == "transport_sample":
            quality.receive_samples(laboratory.quality(), batch)
        elif position.step == "p0_medium_change" and position.turn == 1:
            accept(laboratory, donor, cord)
        elif (position.step, position.cycle) == ("seed", 2):
            break
    return batch.code


def _leave_a_cord(laboratory: Laboratory, now: datetime) -> str:
    """A cord of two hours, received and waiting; a lot that waits for its release.

    Gives the cord's code.
    """
    _, cord = _receive(laboratory, "H1-0466", now - timedelta(hours=2), timedelta(minutes=70))
    laboratory.clock.wait(timedelta(minutes=5))
    with writing(laboratory.database, laboratory.clock) as (session, at):
        expires_on = (at + timedelta(days=300)).date()
        stock.receive(
            session,
            "Culture medium",
            "L118",
            expires_on=expires_on,
            by=laboratory.staff["technician2"],
            at=at,
        )
    return cord.code


__all__ = ["Laboratory", "Report", "accept", "furnish", "load"]
