"""What the site wants two people for is asked by the real acts; as it comes, it wants another
person to release a batch than who judged a critical deviation of it."""

from __future__ import annotations

import pytest

from integrity import site
from integrity.acts import Act
from integrity.findings import Refused
from manufacturing.donation import cords
from manufacturing.donation.donations import Cord, Donor
from people import accounts
from tests.makers import donors as donation, qc, release as makers
from tests.makers.people import entry_id, give_role, make_person
from tests.makers.settings import change_setting
from tests.qc.conftest import find_finished

pytestmark = [pytest.mark.state("finished"), pytest.mark.req("IAM-03")]
WHY = "The procedure on separation of duties, version 4."


@pytest.fixture
def world(database, clock):
    return find_finished(database, clock)


def policy(world, value):
    change_setting(world.database, world.clock(), "two_persons", value, reason=WHY)


def critical(session, world):
    words = {"by": world.people["technician"], "at": world.clock()}
    made = makers.make_deviation(
        session, world.batch, world.batch.code, classification="critical", **words
    )
    makers.assess(session, made, by=world.people["qa"], at=world.clock())
    makers.judge(session, made, by=world.people["qa"], at=world.clock())
    return made


def test_a_critical_deviation_is_closed_by_another_than_its_judge_where_the_site_wants_two(world):
    policy(world, "critical")
    with world.database.writing() as session:
        other = make_person(session, "qa", username="qa2", at=world.clock())
        first, second = critical(session, world), critical(session, world)
    with pytest.raises(Refused, match="Another person of quality"), world.database.writing() as s:
        makers.close(s, first, by=world.people["qa"], at=world.clock())
    with world.database.writing() as session:
        makers.close(session, first, by=other, at=world.clock())
    policy(world, "none")
    with world.database.writing() as session:
        makers.close(session, second, by=world.people["qa"], at=world.clock())


def test_who_judged_a_critical_deviation_reviews_the_batch_unless_the_site_wants_two(world):
    with world.database.writing() as session:
        other = make_person(session, "qa", username="qa2", at=world.clock())
        makers.close(session, critical(session, world), by=other, at=world.clock())
    policy(world, "critical, review")
    with pytest.raises(Refused, match="judged a critical deviation"):
        world.review()
    policy(world, "critical")
    world.review()


def test_who_recorded_a_result_does_not_determine_and_who_determined_does_not_accept(world):
    policy(world, "eligibility")
    qa, at = world.people["qa"], world.clock()
    with world.database.writing() as session:
        cord = session.get_one(Cord, world.batch.cord_id)
        donor = session.get_one(Donor, cord.donor_id)
        newer = donation.make_cord(session, donor, born_at=at, by=world.people["technician"], at=at)
    with (
        pytest.raises(Refused, match="You recorded results"),
        world.database.writing() as session,
    ):
        recorder = world.people["technician"]
        donation.determine(session, donor, "eligible", by=recorder, at=at)
    policy(world, "acceptance")
    with (
        pytest.raises(Refused, match="You determined the eligibility"),
        world.database.writing() as session,
    ):
        cords.decide(
            Act(session, qa, at, entry_id=entry_id()),
            newer.id,
            "accepted",
            seal=makers.seal(cords.facts_of(session, newer.id, "accepted")),
        )


def becomes_releaser(world, username, role):
    """Somebody of another post moves to the release desk; the deeds of before stay theirs."""
    world.clock.advance(minutes=1)
    people = world.people
    with world.database.writing() as session:
        who = accounts.actor(session, accounts.find(session, username))
        words = {"administrator": people["administrator"], "qa": people["qa"]}
        give_role(session, who, role, at=world.clock(), **words)
    with world.database.reading() as session:
        people["releaser"] = accounts.actor(session, accounts.find(session, username))


@pytest.mark.req("SIG-17")
def test_who_signed_an_earlier_review_of_the_batch_does_not_release_it(world):
    first = world.people["qa"]
    with world.database.writing() as session:
        world.people["qa"] = make_person(session, "qa", username="qa2", at=world.clock())
    world.review()
    world.people["qa"] = first
    with world.database.writing() as session:
        words = {"by": world.people["technician"], "at": world.clock()}
        made = makers.make_deviation(session, world.batch, world.batch.code, **words)
        makers.settle(session, made, by=first, at=world.clock())
    world.clock.advance(minutes=1)
    world.review()
    becomes_releaser(world, "qa2", "releaser")
    with pytest.raises(Refused, match="You reviewed this batch"):
        world.decide("release_stage_1")


def test_who_judged_a_critical_deviation_does_not_release_the_batch_unless_the_site_lets_one(world):
    """The judge moves to the release desk; the policy of a site as it is made stops it."""
    with world.database.writing() as session:
        other = make_person(session, "qa", username="qa2", at=world.clock())
        makers.close(session, critical(session, world), by=other, at=world.clock())
        assert site.settings(session)["two_persons"] == "release"
    judge, world.people["qa"] = world.people["qa"].username, other
    world.review()
    becomes_releaser(world, judge, "releaser")
    with pytest.raises(Refused, match="You judged a critical deviation of this batch"):
        world.decide("release_stage_1")
    policy(world, "none")
    world.clock.advance(minutes=1)
    assert world.decide("release_stage_1").version == 1


def test_another_releaser_releases_a_batch_of_which_a_critical_deviation_was_judged(world):
    with world.database.writing() as session:
        other = make_person(session, "qa", username="qa2", at=world.clock())
        makers.close(session, critical(session, world), by=other, at=world.clock())
    world.review()
    assert world.decide("release_stage_1").version == 1


def test_who_judged_a_critical_deviation_does_not_lift_the_hold_unless_the_site_lets_one(world):
    """What was held after its release is given back by another person than who judged why."""
    judge = world.people["qa"]
    with world.database.writing() as session:
        other = make_person(session, "qa", username="qa2", at=world.clock())
    world.review()
    world.decide("release_stage_1")
    with world.database.writing() as session:
        makers.close(session, critical(session, world), by=other, at=world.clock())
    world.people = world.people | {"qa2": other}
    world.clock.advance(minutes=1)
    world.review()
    with pytest.raises(Refused, match="another person to lift its hold"):
        world.decide("resume", by="qa")
    assert world.decide("resume", by="qa2")
    world.decide("hold", by="qa2")
    policy(world, "none")
    world.clock.advance(minutes=1)
    assert world.people["qa"] == judge and world.decide("resume", by="qa")


@pytest.mark.parametrize("deed", ["review", "release_stage_1"])
def test_who_signed_why_a_sample_was_not_tested_neither_reviews_nor_releases(world, deed):
    with world.database.writing() as session:
        other = make_person(session, "qc_reviewer", username="qcreviewer2", at=world.clock())
        [sample, *_] = qc.samples_for(session, world.batch, "bioburden")
        signs = world.people | {"qc_reviewer": other}
        qc.explain(session, signs, sample, "bioburden", at=world.clock())
    if deed == "review":
        becomes_releaser(world, "qcreviewer2", "qa")
        world.people["qa"] = world.people["releaser"]
        with pytest.raises(Refused, match="You did steps or tests of this batch"):
            world.review()
        return
    world.clock.advance(minutes=1)
    world.review()
    becomes_releaser(world, "qcreviewer2", "releaser")
    with pytest.raises(Refused, match="You did or verified steps or tests"):
        world.decide(deed)


@pytest.mark.parametrize("value", ["", "everything", "critical; review", "none, critical"])
def test_a_policy_that_nobody_can_read_is_refused(world, value):
    with pytest.raises(Refused, match="for what two people are wanted"):
        policy(world, value)
