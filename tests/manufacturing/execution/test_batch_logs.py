"""What a process keeps of a batch is what the tables hold, and never stands in for them where
somebody reviews, signs or verifies.
"""

from dataclasses import replace

import pytest
from sqlalchemy import event, text

from integrity.acts import Act
from integrity.database import Database
from integrity.findings import Refused, Stale
from integrity.shelf import Handed, Shelf
from integrity.signatures import Seal, reviewed
from integrity.verification import verify
from manufacturing.execution import batch_logs, batch_state, steps
from manufacturing.execution.batches import Batch
from tests.makers.people import entry_id
from tests.makers.records import switch_off_guards
from tests.makers.steps import WHY, find_small, make_small

TAMPER = text("UPDATE entries SET comment = 'As it should be' WHERE id = :id")


@pytest.fixture
def small(database, clock):
    return make_small(database, clock)


def folded(log):
    """A log in words that can be compared."""
    return {
        "history": {place: [each.id for each in made] for place, made in log.history.items()},
        "signatures": [each.id for each in log.signatures],
        "verified": {number: each.id for number, each in log.verified.items()},
        "signed": {wanted: each.id for wanted, each in log.signed.items()},
        "rest": (log.holding, log.waiting, log.turns, log.done),
        "newest": (log.newest_entry, log.newest_signature),
    }


def kept_and_read(database, batch_id):
    with database.reading() as session:
        kept = batch_logs.of(session, batch_id)
        read = batch_logs.read(session, [session.get_one(Batch, batch_id)])[batch_id]
        return folded(kept), folded(read)


def test_after_every_act_what_is_kept_is_what_the_tables_hold(small):
    for step in [*(each.id for each in small.now().master.steps[1:]), ""]:
        small.walk(until=step)
        kept, read = kept_and_read(small.database, small.batch.id)
        assert kept == read
    assert read["signed"] and read["verified"] and not read["rest"][1]
    entry = small.now().at(small.position("receipt"))
    small.correct(entry, {"ph": "7.25"})
    kept, read = kept_and_read(small.database, small.batch.id)
    assert kept == read and len(kept["history"][entry.position]) == 2
    assert small.now().open.sign or small.now().open.verify, "a correction wants signing again"


def test_another_process_on_the_same_database_sees_what_this_one_recorded(small, clock):
    other = Database(small.database.url)
    there = find_small(other, clock)
    assert there.now().progress == small.now().progress
    small.record("clear")
    assert there.now().at(small.position("clear")).id == small.now().at(small.position("clear")).id
    small.verify(small.now().at(small.position("clear")))
    assert not there.now().log.waiting
    there.record("receipt")
    assert small.now().at(small.position("receipt")).step == "receipt"
    other.close()


def test_an_act_that_did_not_come_to_an_end_leaves_nothing_kept(small):
    before = folded(small.now().log)
    with pytest.raises(RuntimeError, match="power"), small.database.writing() as session:
        act = Act(session, small.technician, small.clock(), entry_id=entry_id())
        steps.record_step(act, small.batch.id, small.facts("clear"))
        raise RuntimeError("the power failed")
    assert folded(small.now().log) == before


def test_a_row_that_was_changed_behind_what_is_kept_is_seen_by_whoever_signs_or_verifies(small):
    entry = small.record("clear")
    with small.database.reading() as session:
        facts = steps.entry_facts(session, entry.id)
    with small.database.engine.begin() as connection:
        switch_off_guards(connection)
        connection.execute(TAMPER, {"id": entry.id})
    with pytest.raises(Stale):
        small.verify(entry, seal=Seal(reviewed(facts), "user name and password"))
    with small.database.reading() as session:
        assert batch_state.read(session, small.batch.id).current[-1].comment == "As it should be"
        assert steps.entry_facts(session, entry.id) != facts
        assert any("entries" in fault for fault in verify(session).faults)


def test_what_was_kept_of_another_trail_is_not_believed(small):
    """As after a restore beneath a running process: the event it was kept at is another one."""
    small.record("clear")
    with small.database.reading() as session:
        log, head = batch_logs.of(session, small.batch.id), session.ledger.head
        session.shelf.put(
            batch_logs._name(small.batch.id),
            batch_logs.Kept(batch_logs.empty(log.batch), head._replace(hash="0" * 64)),
        )
        assert folded(batch_logs.of(session, small.batch.id)) == folded(log)


def listed(small, read=batch_logs.of_many):
    with small.database.reading() as session:
        return folded(read(session, [session.get_one(Batch, small.batch.id)])[small.batch.id])


def test_a_list_shows_what_the_tables_hold_whoever_recorded_it(small, clock):
    other = Database(small.database.url)
    there = find_small(other, clock)
    assert listed(small) == listed(there)
    small.record("clear")
    assert listed(there) == listed(small) == listed(small, batch_logs.read)
    there.verify(there.now().at(there.position("clear")))
    assert listed(small) == listed(small, batch_logs.read)
    assert not listed(small)["rest"][1]
    other.close()


def test_a_list_believes_nothing_that_was_kept_of_another_trail(small):
    small.record("clear")
    with small.database.reading() as session:
        batch, head = session.get_one(Batch, small.batch.id), session.ledger.head
        log = batch_logs.of(session, batch.id)
        wrong = batch_logs.Kept(replace(log, history={}), head._replace(hash="0" * 64))
        session.shelf.put(batch_logs._name(batch.id), wrong)
        assert folded(batch_logs.of_many(session, [batch])[batch.id]) == folded(log)


def test_while_nothing_was_written_nothing_of_the_batch_is_read_again(small):
    small.record("clear")
    small.now()
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    event.listen(small.database.engine, "before_cursor_execute", note)
    small.now()
    event.remove(small.database.engine, "before_cursor_execute", note)
    assert not [each for each in asked if "FROM entries" in each or "FROM signatures" in each]


def test_a_refused_step_leaves_what_is_kept_as_it_was(small):
    before = folded(small.now().log)
    with pytest.raises(Refused):
        small.record("wash")
    assert folded(small.now().log) == before


def test_a_shelf_is_bounded_and_what_was_used_last_stays():
    shelf = Shelf(room=2)
    for name in "ab":
        shelf.put(name, name.upper())
    assert shelf.find("a") == "A"
    shelf.put("c", "C")
    assert [shelf.find(name) for name in "abc"] == ["A", None, "C"]


def test_what_a_transaction_puts_on_the_shelf_stands_there_only_when_it_is_handed_over():
    shelf = Shelf()
    handed = Handed(shelf)
    handed.put("a", 1)
    assert (handed.find("a"), shelf.find("a")) == (1, None)
    handed.hand_over()
    assert shelf.find("a") == 1


def test_the_reason_of_a_correction_is_kept_with_it(small):
    small.record("clear")
    small.verify(small.now().at(small.position("clear")))
    entry = small.record("receipt")
    small.correct(entry, {"ph": "7.25"})
    assert small.now().at(entry.position).reason == WHY
