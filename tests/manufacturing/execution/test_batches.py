"""Batches on both databases.

Started once with a number of their own, kept on their master version, broken off for good.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from demonstration import donation
from documents import approval
from documents.register import ControlledDocument
from integrity import states
from integrity.acts import Act
from integrity.findings import Refused
from integrity.signatures import Seal, reviewed
from integrity.trail import Event
from integrity.verification import verify
from labels.numbering import IssuedCode
from manufacturing.execution import batch_state, batches
from manufacturing.execution.batches import Batch, StartFacts
from stores import containers
from tests.makers import documents
from tests.makers.masters import import_master, make_master
from tests.makers.people import entry_id
from tests.makers.steps import SMALL, find_small, rows

pytestmark = pytest.mark.state("small")

WHY = "The cord was mixed up with another"


@pytest.fixture
def small(database, clock):
    return find_small(database, clock)


def a_cord(small, donor="H1-0002"):
    with small.database.writing() as session:
        made = donation.register_donor(session, donor, by=small.technician, at=small.clock())
        return donation.receive_cord(
            session, made, small.clock() - timedelta(hours=2), by=small.technician, at=small.clock()
        )


def start(small, cord, entry="", **changed):
    facts = StartFacts(
        **({"cord_code": cord.code, "master_id": small.master_id, "is_known": True} | changed)
    )
    with small.database.writing() as session:
        return batches.start(
            Act(session, small.technician, small.clock(), entry_id=entry or entry_id()), facts
        )


def seal_of(small, reason=WHY):
    with small.database.reading() as session:
        return Seal(
            reviewed(batches.termination_facts(session, small.batch.id)),
            "password",
            reason,
        )


def terminate(small, reason=WHY, entry="", seal=None):
    seal = seal or seal_of(small, reason)
    with small.database.writing() as session:
        return batches.terminate(
            Act(session, small.people["qa"], small.clock(), entry_id=entry or entry_id()),
            small.batch.id,
            seal=seal,
        )


def numbers(small):
    with small.database.reading() as session:
        return list(
            session.scalars(
                select(IssuedCode.number).where(IssuedCode.series == "B").order_by(IssuedCode.id)
            )
        )


def test_a_batch_is_started_planned_and_in_quarantine_and_twice_the_same_is_once(small):
    assert small.standing() == ("planned", "quarantine")
    cord = a_cord(small)
    one = start(small, cord, entry="started-once")
    assert start(small, cord, entry="started-once").id == one.id
    with pytest.raises(Refused, match="already started from this cord"):
        start(small, cord)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"cord_code": "C26009999"}, "not on record"),
        ({"cord_code": ""}, "not on record"),
        ({"master_id": 999}, "not effective"),
    ],
)
def test_a_start_without_cord_or_master_is_refused(small, changed, says):
    cord = a_cord(small)
    before = rows(small.database)
    with pytest.raises(Refused, match=says):
        start(small, cord, **changed)
    assert rows(small.database) == before


@pytest.mark.req("QC-01")
def test_a_batch_keeps_the_specification_in_force_and_is_not_started_without_one(small):
    one = start(small, a_cord(small))
    with small.database.writing() as session:
        held = session.get_one(ControlledDocument, one.specification_id)
        assert (held.kind, one.specification_sha256) == ("specification", held.sha256)
        qa = small.people["qa"]
        documents.sign(session, approval.retire, held.id, by=qa, at=small.clock())
    cord = a_cord(small, "H1-0003")
    before = rows(small.database)
    with pytest.raises(Refused, match="specification that this master record names is not in"):
        start(small, cord)
    assert rows(small.database) == before


@pytest.mark.req("MBR-02")
@pytest.mark.parametrize("until", [None, "author", "approve", "approve_for_quality", "superseded"])
def test_a_batch_is_started_on_the_master_record_in_force_and_on_no_other(small, until):
    at, newer = small.clock(), (SMALL + "\n# newer\n").encode()
    with small.database.writing() as session:
        if until is None:
            wanted = import_master(session, small.people, data=newer, at=at).id
        elif until == "superseded":
            make_master(session, small.people, data=newer, at=at)
            wanted = small.master_id
        else:
            wanted = make_master(session, small.people, data=newer, until=until, at=at).id
    cord = a_cord(small)
    with pytest.raises(Refused, match="not effective"):
        start(small, cord, master_id=wanted)
    assert numbers(small) == [1]


@pytest.mark.req("EBR-23")
def test_numbers_are_gapless_and_neither_a_rollback_nor_a_termination_gives_one_out_again(
    small, monkeypatch
):
    terminate(small)
    cord = a_cord(small)
    monkeypatch.setattr(batches.states, "move", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        start(small, cord)
    monkeypatch.undo()
    made = start(small, cord)
    assert numbers(small) == [1, 2]
    assert made.code != small.batch.code
    with small.database.reading() as session:
        listed = list(session.scalars(batches.listed()))
        assert [each.code for each in listed] == [
            made.code,
            small.batch.code,
        ]  # what was broken off stays in the list
        assert batches.standing(session, listed[1]) == ("terminated", "rejected")


@pytest.mark.req("MBR-03")
def test_a_newer_version_of_the_master_record_does_not_alter_a_running_batch(small):
    small.walk(until="wash")
    pinned = small.now()
    changed = SMALL.replace('low = "180"', 'low = "250"').replace('high = "220"', 'high = "300"')
    with small.database.writing() as session:
        newer = make_master(session, small.people, data=changed.encode(), at=small.clock())
    with small.database.reading() as session:
        assert states.of(session, small.master_id, "document") == "superseded"
    small.record("wash", typed={"volume": "200"})
    now = small.now()
    assert (now.master.sha256, now.found) == (pinned.master.sha256, [])
    assert now.batch.sha256 == now.master.sha256 != newer.sha256
    assert now.batch.master_title == "SMALL v1"
    with pytest.raises(Refused, match="not effective"):
        start(small, a_cord(small))


@pytest.mark.req("EBR-12")
def test_a_batch_that_is_broken_off_has_no_container_left_to_use_and_its_whole_record(small):
    small.walk(until="counted")
    before = len(small.now().everything)
    terminate(small)
    assert small.standing() == ("terminated", "rejected")
    with small.database.reading() as session:
        made = containers.of_scope(session, small.batch.code)
        assert len(made) == 3
        assert set(containers.dispositions(session, made).values()) == {"rejected"}
        assert verify(session).faults == []
        event = session.scalars(select(Event).where(Event.action == "batch.terminated")).one()
        assert event.said["reason"] == WHY
    assert len(small.now().everything) == before
    with pytest.raises(Refused, match="terminated. Nothing can be added"):
        small.record("counted")
    with pytest.raises(Refused, match="record is closed"):
        small.correct(small.now().at(small.position("seed")), {"volume": "7"})


@pytest.mark.parametrize("reason", [None, "", "no", "..........."])
def test_a_batch_is_broken_off_with_a_reason_in_words(small, reason):
    with pytest.raises(Refused, match="Say why"):
        terminate(small, reason)


def test_a_termination_twice_is_one_and_a_complete_batch_is_not_broken_off(small):
    seal = seal_of(small)
    terminate(small, entry="terminated-once", seal=seal)
    before = rows(small.database)
    terminate(small, entry="terminated-once", seal=seal)
    assert rows(small.database) == before
    with pytest.raises(Refused, match="cannot become terminated"):
        terminate(small)


def test_a_rejected_batch_may_still_be_broken_off(small):
    with small.database.writing() as session:
        batches.mark(
            Act(session, small.people["qa"], small.clock()),
            session.get_one(Batch, small.batch.id),
            "rejected",
            reason=WHY,
        )
    terminate(small)
    assert small.standing() == ("terminated", "rejected")


def test_many_situations_are_gathered_in_as_many_queries_as_one(small):
    from sqlalchemy import event

    small.walk(until="wash")
    others = [start(small, a_cord(small, f"H1-{n:04d}")) for n in range(10, 15)]
    counts = []
    for wanted in ([small.batch], [small.batch, *others]):
        seen = []
        listen = lambda *_, seen=seen: seen.append(1)  # noqa: E731
        event.listen(small.database.engine, "before_cursor_execute", listen)
        with small.database.reading() as session:
            batch_state.read_many(session, wanted)
        event.remove(small.database.engine, "before_cursor_execute", listen)
        counts.append(len(seen))
    assert counts[0] == counts[1]
