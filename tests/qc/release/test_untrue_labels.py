"""What is printed on a bag is what its record says, or nobody gets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from demonstration.culture import ENTRIES
from integrity import deviations, states, verification
from integrity.acts import Act
from integrity.findings import Refused
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.corrections import CorrectionFacts
from qc.deviations import investigation
from qc.release import decisions
from stores import containers, expiries, printed_labels
from stores.printed_labels import Printed
from stores.rules import DISPOSITION
from tests.makers import broken, fates, release
from tests.makers.people import entry_id

AT = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
MINUTE, TICK = timedelta(minutes=1), timedelta(milliseconds=1)
SAYS = "says another use-by than its record"


def correct(world):
    """The suspension was complete a quarter of an hour earlier, so the product expires earlier."""
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        [final] = containers.of_scope(session, world.batch.code, "final")
        until = expiries.of(session, [final.id])[final.id]
        finished = until - timedelta(hours=4, minutes=15)
        said = finished.isoformat(sep=" ", timespec="minutes")
        broken.correct_entry_of_suspension(session, world, finished=said)
    settle(world)


def settle(world):
    """Signed again; what the corrected time opened is judged and closed."""
    release.sign_again(world)
    with world.database.writing() as session:
        for each in deviations.in_scopes(session, [world.batch.id]):
            if states.of(session, each, deviations.AXIS) != "closed":
                release.settle(session, each, by=world.people["qa"], at=world.clock())


def label_again(world):
    """Printed anew, and both labels accounted for."""
    release.print_again(world, "final")
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        state = batch_state.gather(session, world.batch.id)
        entry = next(each for each in state.current if each.step == "reconcile")
        typed = dict(ENTRIES["reconcile"]) | {"damaged": "1"}
        act = Act(session, world.people["technician"], world.clock(), entry_id())
        corrections.correct(act, CorrectionFacts(entry.id, typed, "The first label is void."))
    settle(world)


@pytest.mark.state("finished")
@pytest.mark.req("LAB-01", "REL-03")
def test_a_label_that_says_another_use_by_blocks_until_it_is_printed_again_and_reconciled(reviewed):
    correct(reviewed)
    with pytest.raises(Refused, match=SAYS):
        reviewed.review()
    with pytest.raises(Refused, match=SAYS):
        reviewed.decide("release_stage_1")
    label_again(reviewed)
    reviewed.review()
    assert reviewed.decide("release_stage_1")
    with reviewed.database.reading() as session:
        assert verification.verify(session).faults == []


@pytest.mark.state("finished")
@pytest.mark.req("LAB-01", "REL-03")
def test_what_was_released_and_is_held_does_not_come_back_under_a_label_that_is_not_true(reviewed):
    reviewed.decide("release_stage_1")
    reviewed.decide("hold", by="qa")
    correct(reviewed)
    with pytest.raises(Refused, match=SAYS):
        reviewed.decide("resume", by="qa")
    label_again(reviewed)
    reviewed.review()
    assert reviewed.decide("resume", by="qa")


@pytest.mark.state("finished")
@pytest.mark.req("LAB-01", "TRC-03")
def test_nothing_is_issued_under_a_label_that_is_not_true(reviewed):
    """Whatever moved its expiry: no correction of what is released does."""
    reviewed.decide("release_stage_1")
    with reviewed.database.writing() as session:
        [final] = containers.of_scope(session, reviewed.batch.code, "final")
        act = Act(session, reviewed.people["qa"], reviewed.clock())
        until = expiries.of(session, [final.id])[final.id]
        expiries.settle(act, [final], until - MINUTE, final.entry_id)
        release.trail_say(session, reviewed.batch, reviewed.people["qa"], reviewed.clock())
    reviewed.clock.advance(minutes=1)
    with (
        pytest.raises(Refused, match=SAYS),
        reviewed.database.writing() as session,
    ):
        fates.become(session, reviewed, final.code, "issued")
    release.print_again(reviewed, "final")
    with reviewed.database.reading() as session:
        assert printed_labels.untrue(session, [reviewed.batch.id]) == {}


def given_mislabelled(world):
    """[(class, state)] of the deviations that say so."""
    with world.database.reading() as session:
        found = deviations.in_scopes(session, [world.batch.id])
        states_of = deviations.states_of(session, found)
        return [
            (each.classification, states_of[each.id])
            for each in found
            if each.rule == "lab-01-given-mislabelled"
        ]


def issue(world, **changes):
    with world.database.writing() as session:
        [final] = containers.of_scope(session, world.batch.code, "final")
        return fates.become(session, world, final.code, "issued", **changes)


def earlier(world, minutes):
    """The suspension was complete by so much earlier."""
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        [final] = containers.of_scope(session, world.batch.code, "final")
        finished = expiries.of(session, [final.id])[final.id] - timedelta(hours=4, minutes=minutes)
        said = finished.isoformat(sep=" ", timespec="minutes")
        broken.correct_entry_of_suspension(session, world, finished=said)


@pytest.mark.state("finished")
@pytest.mark.req("LAB-01", "REL-03")
def test_a_bag_whose_label_turns_out_untrue_after_it_was_given_out_is_judged_first(reviewed):
    reviewed.decide("release_stage_1")
    issue(reviewed)
    reviewed.decide("hold", by="qa")
    earlier(reviewed, 15)
    assert given_mislabelled(reviewed) == [("critical", "open")]
    with reviewed.database.reading() as session:
        assert states.of(session, reviewed.batch, DISPOSITION) == "on_hold"
        assert printed_labels.untrue(session, [reviewed.batch.id]) == {}
        assert reviewed.batch.id in [each.id for each in session.scalars(decisions.listed())]
        waiting = session.scalars(investigation.listed("open")).all()
        assert "lab-01-given-mislabelled" in [each.rule for each in waiting]
        assert verification.verify(session).faults == []
    with pytest.raises(Refused, match="says use by"):
        reviewed.decide("resume", by="qa")
    settle(reviewed)
    assert given_mislabelled(reviewed) == [("critical", "closed")]
    earlier(reviewed, -15)  # what is printed is true again
    assert given_mislabelled(reviewed) == [("critical", "closed")]
    settle(reviewed)
    earlier(reviewed, 15)  # and the same found once more is judged once more
    assert given_mislabelled(reviewed) == [("critical", "closed"), ("critical", "open")]


@pytest.mark.state("finished")
@pytest.mark.req("LAB-01", "TRC-03")
def test_an_issue_under_an_untrue_label_that_is_told_late_is_taken_and_judged(reviewed):
    reviewed.decide("release_stage_1")
    reviewed.clock.advance(minutes=5)
    done_at = reviewed.clock()
    reviewed.decide("hold", by="qa")
    correct(reviewed)
    reviewed.clock.advance(minutes=1)
    assert given_mislabelled(reviewed) == []
    issue(reviewed, done_at=done_at, reason="The courier took it before anybody wrote it down.")
    assert given_mislabelled(reviewed) == [("critical", "open")]


@pytest.mark.req("LAB-01")
@pytest.mark.parametrize(
    ("printed", "until", "is_true"),
    [
        (AT, AT, True),
        (AT, AT + MINUTE - TICK, True),  # a label says minutes
        (AT, AT + MINUTE, False),
        (AT, AT - TICK, False),
        (None, AT, False),
        (AT, None, False),
        (None, None, True),
    ],
)
def test_a_label_is_true_to_the_minute(printed, until, is_true):
    assert Printed("P260000182", printed, until).is_true is is_true


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["Batch B2600001-54", "Use by 2026-11-25 14:00 +00:00"], AT),
        (["Use by 2026-11-25 21:00 +07:00"], AT),
        (["Batch B2600001-54"], None),
    ],
)
def test_the_use_by_of_a_label_is_read_in_the_zone_it_was_printed_in(lines, says):
    assert printed_labels.use_by(lines) == says
