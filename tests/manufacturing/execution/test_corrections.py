"""Corrections on both databases.

The old stays legible, what follows from it is worked out anew and loses its signatures.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from integrity import facts, signatures
from integrity.acts import Act
from integrity.findings import Refused, Stale
from integrity.trail import Event
from manufacturing.execution import batches, entry_writing
from manufacturing.execution.rules.sequence import place_fact
from stores import lots
from stores.lot_uses import LotUse
from tests.makers.steps import COUNT, WHY, find_small, rows, whole
from tests.makers.stores import make_lot

pytestmark = pytest.mark.state("small")

HIGHER = COUNT | {f"count-{n}-live": "400" for n in (1, 2, 3)}


@pytest.fixture
def small(database, clock):
    return find_small(database, clock)


@pytest.mark.req("EBR-08", "SIG-05")
def test_a_corrected_count_works_the_dose_out_anew_drops_its_signature_and_voids_the_sign_offs(
    small,
):
    small.walk()
    before = small.now()
    old_count, old_dose = before.at(small.position("counted")), before.at(small.position("dose"))
    corrected = small.correct(old_count, HIGHER)
    now = small.now()
    dose = now.at(small.position("dose"))
    assert (old_dose.values["volume"]["text"], dose.values["volume"]["text"]) == ("62.5", "31.25")
    assert (dose.corrects_id, corrected.corrects_id, corrected.reason) == (
        old_dose.id,
        old_count.id,
        WHY,
    )
    assert facts.shown(dose.reason) == "Worked out anew after the correction of Passage 1 · Count"
    assert now.verification(old_dose) is not None
    assert now.verification(dose) is None
    assert [now.sign_off(entry.round) for entry in (corrected, dose)] == [None, None]
    assert now.sign_off(small.now().at(small.position("clear")).round) is not None
    assert old_count.id in [entry.id for entry in now.everything]
    assert old_count.id not in [entry.id for entry in now.current]
    assert now.execution == "in_process"
    with small.database.reading() as session:
        assert signatures.invalid(session, now.signed) == set()
        event = session.scalars(select(Event).where(Event.action == "step.corrected")).one()
        place = place_fact(now.master, dose.position)
        assert event.said["details"]["worked_out_anew"] == [place]
        changed = facts.compared(event.said["details"]["changed"])
        assert "Cell count" in [label for label, _, _ in changed]
    assert whole(small)


@pytest.mark.req("AUD-05")
def test_the_first_entry_is_said_as_recorded_and_each_later_change_as_a_correction_with_old_and_new(
    small,
):
    small.walk()
    small.correct(small.now().at(small.position("receipt")), {"ph": "7.35"})
    with small.database.reading() as session:
        of_entries = [
            event.said
            for event in session.scalars(
                select(Event).where(Event.subject_kind == "entries").order_by(Event.seq)
            )
        ]
    receipt = [
        said
        for said in of_entries
        if facts.shown(said["details"].get("place", "")).endswith("Receipt")
        or "changed" in said["details"]
    ]
    assert [said["action"] for said in of_entries].count("step.corrected") == 1
    assert of_entries[0]["action"] == "step.recorded"
    [(_, old, new)] = facts.compared(receipt[-1]["details"]["changed"])
    assert old != new and new.startswith("7.35")
    assert receipt[-1]["reason"] == WHY


def test_after_a_correction_the_batch_is_complete_again_once_all_is_signed_again(small):
    small.walk()
    small.correct(small.now().at(small.position("receipt")), {"ph": "7.35"})
    assert small.standing()[0] == "in_process"
    assert small.now().open.verify == small.position("receipt")
    small.walk()
    assert small.standing()[0] == "complete"
    assert whole(small)


@pytest.mark.req("EBR-07")
def test_a_correction_does_not_move_a_timer(small):
    small.walk(until="stop")
    before = small.now().running()
    small.clock.advance(hours=1)
    small.correct(
        small.now().at(small.position("enzyme")),
        {"incubator": small.scans["incubator"], "temperature": "37.2"},
    )
    assert small.now().running() == before


def test_a_correction_outside_the_limits_opens_a_deviation_and_never_one_that_is_open_already(
    small,
):
    small.walk(until="receipt")
    entry = small.record("receipt", typed={"viability": "69"}, comment="Counted twice, it is so")
    entry = small.correct(entry, {"viability": "69", "ph": "7.10"})
    assert [each.sentence() for each in small.now().found] == [
        "Viability: 69 %, accepted ≥ 70 %.",
        "pH: 7.10 pH, accepted 7.2 – 7.6 pH.",
    ]
    small.correct(entry, {"viability": "95", "ph": "7.30"})
    assert len(small.now().found) == 2
    assert small.now().found[1].comment == WHY


@pytest.mark.parametrize(
    ("typed", "reason", "says"),
    [
        ({}, WHY, "Nothing differs"),
        ({"ph": "74"}, WHY, "cannot be"),
        ({"ph": ""}, WHY, "Enter pH"),
        ({"ph": "7.3"}, "", "Say why"),
        ({"ph": "7.3"}, "oops", "Say why"),
        ({"ph": "7.3"}, ". . . . . . . . . . .", "Say why"),
    ],
)
def test_a_correction_without_reason_value_or_difference_is_refused(small, typed, reason, says):
    small.walk(until="receipt")
    entry = small.record("receipt")
    before = rows(small.database)
    with pytest.raises(Refused, match=says):
        small.correct(entry, typed, reason=reason)
    assert rows(small.database) == before


def test_the_same_correction_twice_is_one_and_a_second_tablet_comes_too_late(small):
    small.walk(until="receipt")
    entry = small.record("receipt")
    one = small.correct(entry, {"ph": "7.30"}, uuid="corrected-once")
    assert small.correct(entry, {"ph": "7.30"}, uuid="corrected-once").id == one.id
    with pytest.raises(Stale, match="meanwhile"):
        small.correct(entry, {"ph": "7.31"})


def test_only_who_may_do_a_step_may_correct_it(small):
    entry = small.record("clear")
    with pytest.raises(Refused, match="This step is done by: technician"):
        small.correct(entry, {"remark": "The lamp flickers"}, by=small.people["qa"])


def test_another_lot_is_judged_as_of_when_it_was_used_and_goes_into_the_logbook(small):
    small.walk(until="wash")
    with small.database.writing() as session:
        other = make_lot(
            session,
            by=small.technician,
            at=small.clock(),
            qa=small.people["qa"],
            expires_on=(small.clock() + timedelta(days=1)).date(),
        ).code
        waiting = make_lot(session, by=small.technician, at=small.clock()).code
    entry = small.record("wash")
    small.clock.advance(days=5)
    with pytest.raises(Refused, match="quarantine"):
        small.correct(entry, {"pbs": waiting})
    corrected = small.correct(entry, {"pbs": other})
    assert corrected.values["pbs"]["code"] == other
    with small.database.reading() as session:
        uses = list(session.scalars(select(LotUse).order_by(LotUse.id)))
        assert [(use.entry_id, use.field) for use in uses] == [
            (entry.id, "pbs"),
            (corrected.id, "pbs"),
        ]
        assert lots.by_code(session, other).id == uses[1].lot_id
    small.correct(corrected, {"pbs": other, "volume": "201.0"})
    with small.database.reading() as session:
        assert len(list(session.scalars(select(LotUse)))) == 2


def test_a_correction_leaves_nothing_when_something_fails(small, monkeypatch):
    small.walk()
    before = rows(small.database)
    monkeypatch.setattr(entry_writing, "settle", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        small.correct(small.now().at(small.position("counted")), HIGHER)
    assert rows(small.database) == before


def test_a_closed_record_is_not_corrected(small):
    entry = small.record("clear")
    with small.database.writing() as session:
        batches.mark(
            Act(session, small.people["qa"], small.clock()),
            session.merge(small.batch, load=False),
            "rejected",
            reason="The cord was mixed up",
        )
    with pytest.raises(Refused, match="record is closed"):
        small.correct(entry, {"remark": "The lamp flickers"})
    with pytest.raises(Refused, match="is rejected"):
        small.record("receipt")
