"""Made-up culture figures inside the limits of the shipped master record, and the walk of one batch
through it.

Every entry goes through the acts that the pages use; the second person and the sign-offs too.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrity import signatures
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.site import zone
from integrity.trail import Actor
from labels import print_register
from labels.print_register import Paper
from manufacturing.execution import batch_state, inputs, steps
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.rules.sequence import Position
from manufacturing.execution.steps import StepFacts
from manufacturing.masters.model import Step
from stores import container_labels, containers

INCUBATOR = {
    "temperature": ("37.0", "36.9", "37.2"),
    "co2": ("5.0", "4.9", "5.1"),
    "humidity": ("94", "92", "95"),
}
READING = {
    f"reading-{name}-{moment}": value
    for name, values in INCUBATOR.items()
    for moment, value in zip(("now", "lowest", "highest"), values, strict=True)
}


def count(live: int, dead: int, dilution: str = "2", apart: int = 4) -> dict[str, str]:
    """Three counts so far apart from one another, around so many live and dead cells in four large
    squares.
    """
    made = {"count-squares": "4", "count-dilution": dilution}
    for n, more in enumerate((0, apart, -apart), 1):
        made |= {f"count-{n}-live": str(live + more), f"count-{n}-dead": str(dead)}
    return made


ENTRIES: Mapping[str, Mapping[str, str]] = {
    "clearance_before": {"empty": "nothing", "cleaned": "y"},
    "cord_receipt": {"same": "same", "logger": "read"},
    "wash": {"volume": "200.0", "clarity": "clear"},
    "mince": {
        "last_wash": "clear",
        "smallest": "1.5",
        "largest": "3.5",
        "open_time": "24",
        "tissue_weight": "31.2",
        "tissue": "1",
    },
    "enzyme": {"activity": "500", "volume": "90.0", "stock": "25000", "temperature": "37.1"},
    "neutralise": {"temperature": "37.0", "digest": "even"},
    "filter_spin": {"force": "300", "spin": "8", "volume": "20"},
    "tissue_count": count(212, 14),
    "p0_seed": {
        "surface": "treated",
        "flasks": "4",
        "density": "10000",
        "volume": "6.60",
        **READING,
    },
    "p0_medium_change": {"appearance": "good", **READING},
    "p0_harvest": {"confluence": "80", "contact": "5.0", "volume": "40", **READING},
    "p0_count": count(230, 8),
    "medium_change": {"appearance": "good", **READING},
    "wash_cells": {"washed_in": "albumin", "volume": "20"},
    "final_count": count(208, 6, "10"),
    "dose": {"weight": "62.5", "per_kg": "1000000"},
    "suspend": {
        "formulation": "albumin",
        "albumin_share": "5.0",
        "drawn": "12.02",
        "volume": "15.00",
        "appearance": "good",
    },
    "satellites": {"same": "y", "drawn": "6.81", "volume": "8.50", "residue": "0.10"},
    "label_container": {
        "container": "1",
        "fill": "14.40",
        "residue": "0.05",
        "label": "match",
        "closed": "y",
    },
    "reconcile": {
        "applied": "1",
        "damaged": "0",
        "destroyed": "0",
        "returned": "0",
        "specimen": "0",
    },
    "hold": {"temperature": "4.6"},
    "clearance_after": {"empty": "nothing", "cleaned": "y"},
}
# One line a passage: flasks, suspension seeded (mL), volume harvested (mL), live and dead cells
# counted.
PASSAGES = {
    1: ("6", "3.65", "60", count(150, 5)),
    2: ("10", "9.33", "100", count(180, 6)),
    3: ("12", "9.33", "120", count(190, 5)),
}
# How long after the step before it each step is done; what is not named takes a quarter of an hour.
# All of it falls into a working day
# when the cord comes in the morning.
AFTER = {
    "p0_medium_change": timedelta(days=3),
    "p0_harvest": timedelta(days=1, hours=19),
    "medium_change": timedelta(days=2, hours=22),
    "harvest": timedelta(days=2, hours=1),
    "neutralise": timedelta(hours=2, minutes=10),
    "suspend": timedelta(minutes=20),
    "satellites": timedelta(minutes=5),
}
REPEATS = {"wash": 3, "p0_medium_change": 2}
LEFT_OUT = {
    "disinfect": "The cord came clean; no disinfection was needed.",
    "freeze": "No cells of this batch are banked.",
    "microbiology": "This passage is passed on; samples are taken in the last one.",
}


@dataclass
class Bench:
    """Who works, with what, and the clock they work by."""

    database: Database
    clock: Callable[[], datetime]
    wait: Callable[[timedelta], None]
    technician: Actor
    second: Actor
    scans: Mapping[str, str]  # material or kind of equipment → code
    passages: int = 3
    # Parts that differ from the figures above: of every entry of a step, or of its entries in one
    # round ("harvest 2"); "comment" too.
    changes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    clock_name: str = "server"
    figures: Mapping[int, tuple[str, str, str, Mapping[str, str]]] = field(
        default_factory=lambda: PASSAGES
    )
    medium_changes: int = 1  # in each passage
    after: Mapping[str, timedelta] = field(default_factory=dict)  # spans that differ from AFTER

    def changed(self, position: Position) -> dict[str, str]:
        """What differs at a position."""
        return {
            **self.changes.get(position.step, {}),
            **self.changes.get(f"{position.step} {position.cycle}", {}),
        }

    def span_before(self, position: Position) -> timedelta:
        """How long after the step before it this one is done."""
        return {**AFTER, **self.after}.get(position.step, timedelta(minutes=15))

    def session(self, writing: Session) -> Session:
        writing.ledger.clock, writing.ledger.zone = self.clock_name, zone(writing).key
        return writing


def walk(bench: Bench, batch_id: int, until: str | None = None) -> Iterator[Position]:
    """Record step after step until the batch is complete, or until a step named `until` is what is
    due next.
    """
    while True:
        with bench.database.reading() as reading:
            state = batch_state.gather(reading, batch_id)
        open_now = state.open
        if open_now.is_complete or state.execution == "terminated":
            return
        if open_now.verify:
            _verify(bench, state, open_now.verify)
        elif open_now.sign:
            _sign(bench, state)
        else:
            position = choose(open_now.steps, bench)
            if position.step == until:
                return
            _record(bench, state, position)
            if position.step == "label_container":
                print_labels(bench, state.batch.code)
            yield position


def choose(steps_open: Sequence[Position], bench: Bench) -> Position:
    """Which of the open steps is done next: what repeats as often as planned, then on."""
    for position in steps_open:
        if (
            1
            < position.turn
            <= (REPEATS | {"medium_change": bench.medium_changes}).get(position.step, 1)
        ):
            return position
        if position.step == "seed" and position.cycle <= bench.passages:
            return position
    return next(
        (position for position in steps_open if position.turn == 1 and position.step != "seed"),
        steps_open[-1],
    )


def _record(bench: Bench, state: BatchState, position: Position) -> None:
    bench.wait(bench.span_before(position))
    left_out = left_out_at(bench, position)
    typed = {} if left_out else entries_for(bench, state, position)
    facts = StepFacts(
        position, typed, comment=bench.changed(position).get("comment"), not_applicable=left_out
    )
    with bench.database.writing() as writing:
        steps.record_step(
            Act(
                bench.session(writing), bench.technician, bench.clock(), entry_id=str(uuid.uuid4())
            ),
            state.batch.id,
            facts,
        )


def print_labels(bench: Bench, code: str) -> None:
    """The label of each final container, printed once."""
    with bench.database.reading() as reading:
        made = containers.of_scope(reading, code, "final")
        labels = container_labels.of(reading, made, bench.clock())
        drawing = print_register.draw_ahead(reading, labels, Paper.A4, bench.clock())
    with bench.database.writing() as writing:
        act = Act(bench.session(writing), bench.technician, bench.clock(), str(uuid.uuid4()))
        print_register.print_labels(act, labels, drawing, paper=Paper.A4, scope=code)


def left_out_at(bench: Bench, position: Position) -> str | None:
    """Why a step does not apply, or None where it does."""
    if (said := bench.changed(position).get("not_applicable")) is not None:
        return said or None
    taken = position.step == "microbiology" and position.cycle == bench.passages
    return None if taken else LEFT_OUT.get(position.step)


def entries_for(bench: Bench, state: BatchState, position: Position) -> dict[str, str]:
    """What is typed at a position: the figures above, what is scanned, and times by the clock."""
    step = state.master.step(position.step)
    typed = {
        each.id: bench.scans[each.material or each.kind or ""]
        for each in step.fields
        if each.type in ("lot", "equipment")
    }
    typed |= ENTRIES.get(position.step, {})
    if position.stage == "passage":
        typed |= _of_passage(position, bench.figures)
    if position.step == "suspend":
        typed["finished"] = bench.clock().isoformat(sep=" ", timespec="minutes")
    typed |= {
        name: value
        for name, value in bench.changed(position).items()
        if name not in ("comment", "not_applicable")
    }
    return asked_for(step, typed)


def asked_for(step: Step, typed: Mapping[str, str]) -> dict[str, str]:
    """What is typed in the order of the page, without what no answer of the step asks for."""
    chosen = {name: {"value": value} for name, value in typed.items()}
    return {
        part.name: typed[part.name]
        for field in step.fields
        if field.is_asked(chosen)
        for part in inputs.parts(field)
        if part.name in typed
    }


def _of_passage(
    position: Position, figures: Mapping[int, tuple[str, str, str, Mapping[str, str]]]
) -> dict[str, str]:
    flasks, seeded, harvested, counted = figures[position.cycle]
    if position.step == "seed":
        typed = {"flasks": flasks, "density": "4000", "volume": seeded}
        return {"surface": "treated", **typed, **READING}
    if position.step == "harvest":
        return {"confluence": "80", "contact": "5.0", "volume": harvested, **READING}
    return dict(counted) if position.step == "passage_count" else {}


def _verify(bench: Bench, state: BatchState, position: Position) -> None:
    entry = state.at(position)
    assert entry
    bench.wait(timedelta(minutes=3))
    with bench.database.writing() as writing:
        facts = steps.entry_facts(bench.session(writing), entry.id)
        steps.verify_entry(
            Act(writing, bench.second, bench.clock(), entry_id=str(uuid.uuid4())),
            entry.id,
            seal=signatures.seal(writing, facts),
        )


def _sign(bench: Bench, state: BatchState) -> None:
    wanted = state.open.sign
    assert wanted
    bench.wait(timedelta(minutes=4))
    with bench.database.writing() as writing:
        facts = steps.stage_facts(bench.session(writing), state.batch.id, wanted)
        steps.sign_stage(
            Act(writing, bench.technician, bench.clock(), entry_id=str(uuid.uuid4())),
            state.batch.id,
            wanted,
            seal=signatures.seal(writing, facts),
        )
