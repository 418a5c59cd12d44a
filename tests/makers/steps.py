"""A small master record with everything the batch engine knows, and a laboratory that works by it.

Few entries, quick walks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from demonstration import donation
from integrity.acts import Act
from integrity.database import Database
from integrity.findings import Finding, Refused
from integrity.signatures import Seal, reviewed
from integrity.states import State
from integrity.trail import Actor, record_tables
from integrity.verification import verify
from manufacturing.execution import batch_state, batches, steps
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.batches import Batch, StartFacts
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import Position, Round
from manufacturing.execution.steps import CorrectionFacts, StepFacts
from stores.containers import Container
from tests.makers import documents
from tests.makers.documents import SITE
from tests.makers.masters import make_effective_master
from tests.makers.people import entry_id, make_people, make_person
from tests.makers.stores import find_scans, make_equipment, make_lot

SMALL = (Path(__file__).parents[1] / "manufacturing" / "execution" / "small.toml").read_text(
    encoding="utf-8"
)

COUNT = {"count-squares": "4", "count-dilution": "2"} | {
    f"count-{n}-{what}": value
    for n, live in enumerate(("200", "204", "196"), 1)
    for what, value in (("live", live), ("dead", "10"))
}
TYPED: Mapping[str, Mapping[str, str]] = {
    "clear": {"cleaned": "y"},
    "receipt": {"ph": "7.40", "viability": "95.0"},
    "wash": {"volume": "200.0"},
    "enzyme": {"temperature": "37.0"},
    "stop": {"done": "y"},
    "seed": {"flasks": "2", "volume": "6.60"},
    "change": {"done": "y"},
    "counted": COUNT,
    "harvested": {"volume": "20"},
    "dose": {"weight": "62.5"},
}
WAIT = {"stop": timedelta(hours=2), "change": timedelta(days=3)}
WHY = "It was read wrongly from the scale"


@dataclass
class Small:
    """One batch on the small record, its people, lots and clock.

    Every method is one act in one transaction.
    """

    database: Database
    clock: Any
    people: dict[str, Actor]
    master_id: int
    scans: dict[str, str]
    batch: Batch

    @property
    def technician(self) -> Actor:
        return self.people["technician"]

    def now(self, batch: Batch | None = None) -> BatchState:
        with self.database.reading() as session:
            return batch_state.gather(session, (batch or self.batch).id)

    def position(self, step: str, turn: int = 1, cycle: int = 1) -> Position:
        return Position(self.now().master.stage_of(step).id, cycle, step, turn)

    def facts(
        self,
        step: str,
        turn: int = 1,
        cycle: int = 1,
        typed: Mapping[str, str] | None = None,
        **other: Any,
    ) -> StepFacts:
        scanned = {
            "wash": {"pbs": self.scans["DPBS"]},
            "enzyme": {"incubator": self.scans["incubator"]},
        }.get(step, {})
        return StepFacts(
            self.position(step, turn, cycle),
            {**scanned, **TYPED.get(step, {}), **(typed or {})},
            **other,
        )

    def record(
        self,
        step: str,
        turn: int = 1,
        cycle: int = 1,
        typed: Mapping[str, str] | None = None,
        *,
        by: Actor | None = None,
        entry: str = "",
        wait: timedelta | None = None,
        **other: Any,
    ) -> Entry:
        self.clock.at += WAIT.get(step, timedelta(minutes=15)) if wait is None else wait
        facts = self.facts(step, turn, cycle, typed, **other)
        with self.database.writing() as session:
            return steps.record_step(
                Act(session, by or self.technician, self.clock(), entry_id=entry or entry_id()),
                self.batch.id,
                facts,
            ).record

    def verify(
        self,
        entry: Entry,
        *,
        by: Actor | None = None,
        entry_uuid: str = "",
        seal: Seal | None = None,
    ) -> Any:
        with self.database.writing() as session:
            seal = seal or Seal(
                reviewed(steps.entry_facts(session, entry.id)), "user name and password"
            )
            return steps.verify_entry(
                Act(
                    session,
                    by or self.people["verifier"],
                    self.clock(),
                    entry_id=entry_uuid or entry_id(),
                ),
                entry.id,
                seal=seal,
            ).record

    def sign(self, stage: str, cycle: int = 1, *, by: Actor | None = None, entry: str = "") -> Any:
        with self.database.writing() as session:
            wanted = Round(stage, cycle)
            seal = Seal(reviewed(steps.stage_facts(session, self.batch.id, wanted)), "password")
            return steps.sign_stage(
                Act(session, by or self.technician, self.clock(), entry_id=entry or entry_id()),
                self.batch.id,
                wanted,
                seal=seal,
            ).record

    def correct(
        self,
        entry: Entry,
        typed: Mapping[str, str],
        *,
        reason: str = WHY,
        by: Actor | None = None,
        uuid: str = "",
        **other: Any,
    ) -> Entry:
        """A correction; `other` is the time, the comment or why the step was left out after all."""
        merged = {**TYPED.get(entry.step, {}), **typed}
        facts = CorrectionFacts(entry.id, merged, reason, **other)
        with self.database.writing() as session:
            return steps.correct(
                Act(session, by or self.technician, self.clock(), entry_id=uuid or entry_id()),
                facts,
            ).record

    def walk(
        self,
        until: str = "",
        left_out: tuple[str, ...] = (),
        typed: Mapping[str, Mapping[str, str]] | None = None,
        passages: int = 1,
        comment: str | None = None,
    ) -> Entry | None:
        """Record what is open, one turn of each, until a step is due or the batch is complete.

        Gives the last entry.
        """
        entry = None
        while True:
            now = self.now()
            if now.open.verify:
                self.verify(now.at(now.open.verify))  # type: ignore[arg-type]
            elif now.open.sign:
                self.sign(*now.open.sign)
            elif now.open.is_complete:
                return entry
            else:
                at = next(
                    (
                        p
                        for p in now.open.steps
                        if p.turn == 1 and (p.step != "seed" or p.cycle <= passages)
                    ),
                    now.open.steps[-1],
                )
                if at.step == until:
                    return entry
                reason = "Not needed in this passage" if at.step in left_out else None
                entry = self.record(
                    at.step,
                    at.turn,
                    at.cycle,
                    (typed or {}).get(at.step),
                    not_applicable=reason,
                    comment=None if reason else comment,
                )

    def standing(self) -> tuple[str, str]:
        with self.database.reading() as session:
            return batches.standing(session, session.get_one(Batch, self.batch.id))

    def containers(self, kind: str | None = None) -> list[Container]:
        with self.database.reading() as session:
            wanted = (
                select(Container).where(Container.scope == self.batch.code).order_by(Container.id)
            )
            return list(session.scalars(wanted.where(Container.kind == kind) if kind else wanted))


def make_small(
    database: Database, clock: Any, *, born: timedelta = timedelta(hours=3), record: str = SMALL
) -> Small:
    """The laboratory with one batch planned, of a cord born so long ago."""
    at = clock()
    people = _people_of_small(database, at)
    master = make_effective_master(database, people, data=record.encode(), at=at)
    by = people["technician"]
    with database.writing() as session:
        make_lot(session, by=by, at=at, qa=people["qa"])
        make_equipment(session, by=people["qa"], at=at)
        donor = donation.register_donor(session, "H1-0001", by=by, at=at)
        cord = donation.receive_cord(session, donor, at - born, by=by, at=at)
        batches.start(
            Act(session, by, at, entry_id=entry_id()),
            StartFacts(cord.code, master.id, is_known=True),
        )
    return find_small(database, clock)


def plan(database: Database, clock: Any) -> None:
    """The state "small"."""
    make_small(database, clock)


def find_small(database: Database, clock: Any) -> Small:
    """The laboratory and the batch that the database holds: the state "small", for one."""
    people = _people_of_small(database, clock())
    with database.reading() as session:
        batch = session.scalars(select(Batch)).one()
        scans = find_scans(session)
    return Small(database, clock, people, batch.master_id, scans, batch)


def _people_of_small(database: Database, at: datetime) -> dict[str, Actor]:
    people = make_people(
        database, "technician", "verifier", "qa", "master_author", "master_approver", at=at
    )
    with database.writing() as session:
        people["technician2"] = make_person(
            session, "technician", username="technician2", name="Technician 2", at=at
        )
    with database.writing() as session:
        documents.ensure(session, *SITE, by=people["qa"], at=at)
    return people


def rows(database: Database) -> dict[str, int]:
    """How many rows every record table holds, the trail left out (a refusal is an event of its
    own).
    """
    with database.reading() as session:
        counted = {
            table.name: session.execute(select(table)).fetchall()
            for table in [*record_tables(), State.__table__]
        }
        return {name: len(found) for name, found in counted.items()}


def whole(small: Small) -> bool:
    """Whether verification finds every row and event as it was written."""
    with small.database.reading() as session:
        return verify(session).faults == []


def refused(
    small: Small, *arguments: Any, says: str, error: type[Refused] = Refused, **words: Any
) -> tuple[Finding, ...]:
    """The act refuses with such a sentence and leaves every record as it was."""
    before = rows(small.database)
    with pytest.raises(error) as caught:
        small.record(*arguments, **words)
    assert rows(small.database) == before
    assert says in str(caught.value)
    return caught.value.findings
