"""A cord that was recorded wrongly at its receipt: put right with the old legible, and everything
that follows judged anew, on a real batch before its review and after its release."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from integrity import deviations, facts, states, verification
from integrity.acts import Act
from integrity.deviations import Deviation
from integrity.findings import Refused
from integrity.trail import Event
from manufacturing.donation import cord_corrections, eligibility, window
from manufacturing.donation.cords import CordFacts
from manufacturing.donation.donations import Cord
from manufacturing.execution import batch_state
from manufacturing.execution.rules import steps
from qc.release import release_inputs, rests_on
from stores.rules import DISPOSITION
from tests.machine import words_of
from tests.makers import donors as donation
from tests.makers.broken import correct_cord
from tests.makers.people import entry_id, post, sign_in
from tests.makers.release import assess, judge
from tests.pages import Page

WHY = "Misread from the papers of the hospital."
DAY, MINUTE = timedelta(hours=24), timedelta(minutes=1)


def correct(world, earlier, **receipt):
    with world.database.writing() as session:
        correct_cord(session, world, earlier, **receipt)


def opened(world, *rules):
    """The deviations of these rules under the batch or its cord."""
    under = [world.batch.id, world.batch.cord_id]
    with world.database.reading() as session:
        found = deviations.in_scopes(session, under)
        return [each.sentence() for each in found if each.rule in rules]


def against(world):
    with world.database.reading() as session:
        found = release_inputs.gather(session, world.batch, world.clock())
        return [item.headline() for item in rests_on.before_review(found.facts, "initial")]


@pytest.mark.state("finished")
@pytest.mark.req("EBR-07", "EBR-08")
def test_a_birth_a_day_earlier_puts_the_start_outside_the_window_on_both_kinds_of_database(
    reviewed,
):
    reviewed.decide("release_stage_1")
    assert opened(reviewed, "ebr-07-window-over") == []
    correct(reviewed, DAY)
    [said] = opened(reviewed, "ebr-07-window-over")
    assert "24 h" in said
    with reviewed.database.reading() as session:
        assert states.of(session, reviewed.batch, DISPOSITION) == "on_hold"
        cord = session.get_one(Cord, reviewed.batch.cord_id)
        assert cord.first_born_at - cord.born_at == DAY
        assert states.of(session, cord, "cord") == "quarantine"
        assert eligibility.is_void(session, cord.donor_id)
        assert window.window_of(session, cord, reviewed.clock()).word == "Started late"
        assert verification.verify(session).faults == []
    headlines = against(reviewed)
    assert "Cord not accepted: quarantine" in headlines
    assert any("started" in each.lower() for each in headlines)
    with pytest.raises(Refused, match="Cord not accepted"):
        reviewed.decide("resume", by="qa")


@pytest.mark.req("EBR-07")
def test_the_window_is_judged_once_for_one_birth_and_again_for_another(finished):
    correct(finished, DAY)
    correct(finished, timedelta(0), seal="broken")
    assert len(opened(finished, "ebr-07-window-over")) == 1
    correct(finished, MINUTE)
    assert len(opened(finished, "ebr-07-window-over")) == 2


@pytest.mark.state("finished")
@pytest.mark.req("EBR-07", "EBR-08")
@pytest.mark.parametrize("begins", ["before the review", "after the release"])
def test_a_birth_that_was_a_slip_and_is_put_right_leaves_more_than_a_rejection(reviewed, begins):
    if begins == "after the release":
        reviewed.decide("release_stage_1")
    correct(reviewed, 2 * DAY)
    [found] = overrun(reviewed)
    with reviewed.database.writing() as session:
        assess(session, found, by=reviewed.people["qa"], at=reviewed.clock())
    with pytest.raises(Refused, match="reject"):
        go_on(reviewed, found)
    correct(reviewed, -2 * DAY)
    assert len(overrun(reviewed)) == 1
    go_on(reviewed, found)
    with reviewed.database.reading() as session:
        state = batch_state.read(session, reviewed.batch.id)
        assert list(steps.work_may_go_on(state.deviations)) == []
        assert verification.verify(session).faults == []


@pytest.mark.req("EBR-07")
def test_a_birth_that_is_put_right_not_far_enough_can_only_be_rejected(finished):
    correct(finished, 3 * DAY)
    [found] = overrun(finished)
    with finished.database.writing() as session:
        assess(session, found, by=finished.people["qa"], at=finished.clock())
    correct(finished, -DAY)
    with pytest.raises(Refused, match="reject"):
        go_on(finished, found)


def overrun(world):
    with world.database.reading() as session:
        every = deviations.in_scopes(session, [world.batch.id])
        return [each for each in every if each.rule == "ebr-07-window-reject"]


def go_on(world, found):
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        judge(session, found, "continue", by=world.people["qa"], at=world.clock())


@pytest.mark.req("EBR-07")
def test_a_birth_that_stays_inside_the_window_opens_no_deviation(finished):
    before = len(opened(finished, "ebr-07-window-over", "ebr-07-window-reject"))
    correct(finished, MINUTE)
    assert len(opened(finished, "ebr-07-window-over", "ebr-07-window-reject")) == before == 0


@pytest.mark.req("QC-15", "EBR-08")
def test_what_the_checks_say_now_is_judged_and_what_they_said_stays_legible(finished):
    correct(finished, timedelta(0), seal="broken")
    with finished.database.reading() as session:
        cord = session.get_one(Cord, finished.batch.cord_id)
        found = session.scalars(select(Deviation).where(Deviation.scope_id == cord.id)).all()
        assert [facts.shown(each.place) for each in found if each.subject_id == cord.id] == [
            "Receipt of the cord"
        ]
        [change] = cord_corrections.of(session, cord)
        [(asked, was, becomes)] = facts.compared(cord_corrections.changes(session, cord, change))
        assert "eal" in asked and was != becomes
        said = session.scalars(select(Event).where(Event.action == "cord.corrected")).one().said
        assert facts.compared(said["details"]["changed"]) == [(asked, was, becomes)]
        assert said["reason"] == WHY


@pytest.mark.req("QC-15")
def test_the_days_of_the_blood_sample_are_judged_by_the_birth_that_stands(finished):
    assert opened(finished, "qc-15-sample-window") == []
    correct(finished, timedelta(days=20))
    assert len(opened(finished, "qc-15-sample-window")) > 0


def test_once_the_donor_is_determined_and_the_cord_accepted_again_the_review_can_be_signed(
    finished,
):
    correct(finished, MINUTE)
    with pytest.raises(Refused, match="Cord not accepted"):
        finished.review()
    qa, at = finished.people["qa"], finished.clock()
    with finished.database.writing() as session:
        cord = session.get_one(Cord, finished.batch.cord_id)
        donor = session.get_one(donation.donors.Donor, cord.donor_id)
        donation.determine(session, donor, by=qa, at=at)
        donation.decide(session, cord, by=qa, at=at)
    finished.review()
    assert finished.decide("release_stage_1").version == 1


@pytest.mark.parametrize(
    ("born", "collected", "receipt", "reason", "says"),
    [
        (timedelta(0), timedelta(0), {}, WHY, "Nothing differs"),
        (MINUTE, MINUTE, {}, "typo", "Say why"),
        (-DAY, -DAY, {}, WHY, "lies in the future"),
        (31 * DAY, MINUTE, {}, WHY, "more than 30 days ago"),
        (MINUTE, DAY, {}, WHY, "before the birth"),
        (timedelta(0), timedelta(0), {"seal": "none of these"}, WHY, "seal"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    finished, born, collected, receipt, reason, says
):
    with finished.database.writing() as session:
        cord = session.get_one(Cord, finished.batch.cord_id)
        facts = CordFacts(
            "", cord.born_at - born, cord.collected_at - collected, cord.receipt | receipt
        )
        act = Act(session, finished.people["technician"], finished.clock(), entry_id())
        with pytest.raises(Refused, match=f"(?i){says}"):
            cord_corrections.correct(act, cord.id, facts, reason)
        assert cord_corrections.of(session, cord) == []


@pytest.mark.req("EBR-08")
def test_a_technician_puts_it_right_on_its_page_and_everybody_reads_the_old_beside_the_new(
    finished, site
):
    technician, qa = site.test_client(), site.test_client()
    sign_in(technician, "technician1")
    sign_in(qa, "qa1")
    path = f"/cords/{finished.batch.cord_code}"
    assert qa.get(f"{path}/correct").status_code == 403
    form = Page(technician.get(f"{path}/correct"))
    with finished.database.reading() as session:
        cord = session.get_one(Cord, finished.batch.cord_id)
        typed = dict(cord.receipt) | {"born_at": form.value("born_at")}
        collected = cord.collected_at + MINUTE
    typed["collected_at"] = collected.isoformat(sep=" ", timespec="minutes")
    assert post(technician, f"{path}/correct", **typed, reason="typo").status_code == 422
    assert post(technician, f"{path}/correct", **typed, reason=WHY).status_code == 303
    page = Page(qa.get(path)).words
    assert "Corrections" in page and WHY in page and "→" in page
    record = f"/batches/{finished.batch.code}/record"
    [said] = json.loads(qa.get(f"{record}.json").data)["put_right"]
    assert said["was"] != said["becomes"] and (said["reason"], said["by"]) == (WHY, "technician1")
    words, sheet = words_of(qa.get(f"{record}.pdf").data), qa.get(f"{record}.csv").get_data(True)
    for form in (words, sheet):
        assert all(said[part] in form for part in ("was", "becomes", "what"))
    assert "Misread from the papers" in words
