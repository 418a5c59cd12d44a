"""Whoever writes what has to be signed and signs nothing is found by verification, though every
digest and the whole chain are right (AUD-11, SIG-04)."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select

from documents.register import AXIS as DOCUMENT, ControlledDocument
from documents.rules import MOVES_WITH_QUALITY, DocumentState
from integrity import site, states, vocabulary
from integrity.acts import Act
from integrity.signed import LAW
from integrity.site import Setting
from integrity.trail import SYSTEM
from integrity.verification import verify
from manufacturing.execution.rules.batches import DISPOSITION_MOVES
from people.accounts import Grant
from qc.deviations.investigation import Judgement
from qc.laboratory.results import Result
from qc.laboratory.rules.results import RESULT
from qc.release.after_review import Review
from stores import holds
from stores.lots import Lot
from stores.rules import DISPOSITION, Disposition
from tests.makers.records import switch_off_guards
from tests.makers.settings import change_setting
from tests.qc.conftest import find_finished
from tests.qc.deviations.test_holding import hold, lift
from tests.qc.deviations.test_raising import codes_of, raise_about

pytestmark = [pytest.mark.state("finished"), pytest.mark.req("AUD-11", "SIG-04")]


@pytest.fixture
def world(database, clock):
    return find_finished(database, clock)


def anywhere(was, becomes):
    return {was: frozenset({becomes})}


# Each writes rows with an event of their own, as a script at the machine would.
# -------------------------------------------------------------------------------------------------


def _setting(world, act):
    site.put(act, "late_minutes", "120", reason="So that it fits.")
    return "settings", "nobody who signed it"


def _setting_of_another_change(world, act):
    change = change_setting_of(world)
    site.put(act, "late_minutes", "120", reason="So that it fits.", signed=change)
    return "settings", "not what two people signed"


def _right(world, act):
    holder, by = world.people["technician"], world.people["administrator"]
    granted = Grant(holder_id=holder.id, name=holder.name, role="qa", at=act.at)
    granted.person_id, granted.username = by.id, by.username
    act.add(granted)
    return "grants", "quality's confirmation"


def _lot(world, act):
    lot = act.session.scalar(select(Lot).limit(1))
    states.move(act, lot, DISPOSITION, "rejected", allowed=anywhere("released", "rejected"))
    return "lots", "without a signature (rejected)"


def _hold(world, act):
    put = act.session.get_one(holds.Hold, world.put.id)
    states.move(act, put, holds.AXIS, "lifted", allowed=holds.MOVES)
    return "holds", "without a signature (approved)"


def _result(world, act):
    result = act.session.scalar(select(Result).limit(1))
    states.move(act, result, RESULT, "invalidated", allowed=anywhere("reviewed", "invalidated"))
    return "results", "without a signature (rejected or reviewed)"


def _released(world, act):
    stages = (Disposition.UNDER_REVIEW, Disposition.RELEASED)
    for state in stages:
        states.move(act, world.batch, DISPOSITION, state, allowed=DISPOSITION_MOVES)
    return "batches", "without a signature (released)"


def _review(world, act):
    held = {"gate": "initial", "seq": 1, "hash": "0" * 64, "at": act.at, "name": act.by.name}
    act.add(Review(batch_id=world.batch.id, **held))
    return "reviews", "has no signature (reviewed)"


def _judgement(world, act):
    said = {"decision": "continue", "reason": "It is nothing.", "at": act.at, "name": act.by.name}
    act.add(Judgement(deviation_id=world.deviation.id, **said))
    return "deviation_judgements", "has no signature (approved)"


def _document(world, act):
    known = select(ControlledDocument).where(ControlledDocument.kind == "specification")
    old = act.session.scalar(known.limit(1))
    copied = {
        column: getattr(old, column)
        for column in ("kind", "code", "title", "file_id", "imported_at")
    }
    made = act.add(ControlledDocument(version=old.version + 1, sha256="f" * 64, **copied))
    for state in (DocumentState.DRAFT, DocumentState.EFFECTIVE):
        states.move(act, made, DOCUMENT, state, allowed=MOVES_ANYHOW)
    return "documents", "without having been authored, approved, qa_approved"


MOVES_ANYHOW = MOVES_WITH_QUALITY | {DocumentState.DRAFT: frozenset(DocumentState)}
FORGED = [
    _setting, _setting_of_another_change, _right, _lot, _hold, _result, _released, _review,
    _judgement, _document,
]  # fmt: skip


def change_setting_of(world):
    return world.change


@pytest.mark.parametrize("forged", FORGED, ids=lambda each: each.__name__[1:])
def test_what_is_written_with_an_event_and_without_its_signature_is_named(forged, world):
    world.put = hold(world, codes_of(world)["lot"][0])
    world.deviation = raise_about(world, world.batch.code)
    world.change = change_setting(world.database, world.clock(), "silent_days", "7")
    with world.database.reading() as session:
        assert verify(session).faults == []
    by = world.people["administrator" if forged is _setting else "qa"]
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        act = Act(session, by, world.clock())
        table, sentence = forged(world, act)
        Act(session, SYSTEM, world.clock()).say("site.changed", ("site", "1"))
    with world.database.reading() as session:
        faults = verify(session).faults
    assert faults and all("was inserted behind" not in each for each in faults)
    assert any(table in each and sentence in each for each in faults), faults


def test_a_signature_that_is_taken_from_a_lifted_hold_in_the_file_is_missed(finished):
    put = hold(finished, codes_of(finished)["lot"][0])
    lift(finished, put)
    with finished.database.engine.begin() as connection:
        switch_off_guards(connection)
    path = finished.database.engine.url.database
    with closing(sqlite3.connect(path)) as file:
        file.execute("DELETE FROM signatures WHERE subject_id = ?", (put.id,))
        file.commit()
    with finished.database.reading() as session:
        faults = verify(session).faults
    assert any(f"holds {put.id} (hold) was moved to lifted by qa1" in each for each in faults)


@pytest.mark.parametrize("becomes", ["complete", "released_stage_1"])
@pytest.mark.parametrize(("stage", "title"), [("passage", "Passage 2"), ("labelling", "Label")])
def test_a_round_that_nobody_ever_signed_off_is_named_where_the_record_went_on(
    finished, stage, title, becomes
):
    """Its sign-off never was: what is left is a chain in which nothing is missing."""
    if becomes == "released_stage_1":
        finished.review()
        finished.decide("release_stage_1")
    asked = "SELECT id FROM sign_offs WHERE batch_id = ? AND stage = ? ORDER BY cycle DESC"
    with finished.database.engine.begin() as connection:
        switch_off_guards(connection)
    with closing(sqlite3.connect(finished.database.engine.url.database)) as file:
        of_batch = file.execute(asked, (finished.batch.id, stage)).fetchall()
        number = of_batch[len(of_batch) // 2][0]
        for table in ("signatures", "sign_offs"):
            column = "subject_id" if table == "signatures" else "id"
            file.execute(f"DELETE FROM {table} WHERE {column} = ?", (number,))
        file.commit()
    with finished.database.reading() as session:
        said = [each for each in verify(session).faults if "nobody has signed off" in each]
    is_passed = stage == "passage" or becomes == "released_stage_1"
    assert [f"Batch {finished.batch.code} goes on beyond {title}" in each for each in said] == (
        [True] * is_passed
    )


@pytest.mark.parametrize("stage", ["review", "release_stage_1"])
def test_what_was_signed_is_whole(stage, world):
    world.review()
    if stage != "review":
        world.decide(stage)
    with world.database.reading() as session:
        assert verify(session).faults == []


def test_the_program_sets_nothing_after_somebody_has_signed(world):
    with world.database.writing() as session:
        act = Act(session, SYSTEM, world.clock())
        site.change(act, "late_minutes", "120", reason="So that it fits.")
    with world.database.reading() as session:
        newest = session.scalars(select(Setting.id).order_by(Setting.id.desc())).first()
        [fault] = verify(session).faults
    assert fault.startswith(f"Row {newest} of settings (late_minutes) was set by nobody")


# Every state there is
# -------------------------------------------------------------------------------------------------

FOLLOWS = "follows from another state or record, which is signed or says who wrote it"
ENTERED = "where it begins, or who is named says it; nothing is judged by it"
NOBODY_SIGNS = "nothing can be signed while the clock or a restore is in doubt"
SAFE = "the safe side: anybody, or the program, may put it there"
UNSIGNED = {
    "badge": {"in_force": ENTERED, "withdrawn": SAFE},
    "account": {"proposed": ENTERED, "active": FOLLOWS, "deactivated": SAFE},
    "certificate": {"under_review": SAFE, "superseded": FOLLOWS, "withdrawn": FOLLOWS},
    "clock": dict.fromkeys(vocabulary.states_on("clock"), NOBODY_SIGNS),
    "restore": dict.fromkeys(vocabulary.states_on("restore"), NOBODY_SIGNS),
    "cord": {"received": ENTERED, "quarantine": SAFE},
    "corrective action": {"open": ENTERED},
    "deviation": {"open": SAFE, "assessed": ENTERED},
    "disposition": {
        "on_hold": SAFE,
        "void": FOLLOWS,
        "exceptional_supply": "no act leads there yet",
    },
    "document": {"draft": ENTERED, "superseded": FOLLOWS},
    "execution": {"planned": ENTERED, "in_process": ENTERED, "complete": FOLLOWS},
    "fate": {"returned": SAFE, "used": ENTERED},
    "fate record": dict.fromkeys(vocabulary.states_on("fate record"), FOLLOWS),
    "handover": {"asked": ENTERED, "handed_over": FOLLOWS, "declined": SAFE},
    "hold": {"in_force": SAFE},
    "observation": {"unclassified": SAFE},
    "oos": {"plan_open": SAFE},
    "recovery": {"open": SAFE},
    "result": {"entered": ENTERED, "corrected": FOLLOWS},
    "rights": {"proposed": ENTERED},
    "second_factor": dict.fromkeys(vocabulary.states_on("second_factor"), ENTERED),
    "setting": {"draft": ENTERED, "withdrawn": SAFE},
    "testing": dict.fromkeys(vocabulary.states_on("testing"), FOLLOWS),
}


def test_every_state_of_every_axis_holds_by_signature_or_has_a_reason():
    declared = {(axis, state) for _, axis, state, _ in LAW}
    every = {(axis, state) for axis in vocabulary.AXES for state in vocabulary.states_on(axis)}
    reasoned = {(axis, state) for axis, found in UNSIGNED.items() for state in found}
    assert every - declared == reasoned
