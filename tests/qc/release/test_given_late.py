"""What had expired when it was released or handed out, as a correction says later, and a batch of
which nothing is left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrity import deviations, states, verification
from integrity.findings import Refused
from qc.release import certificates
from stores import containers, expiries
from stores.rules import DISPOSITION
from tests.makers import broken, fates as makers, release
from tests.makers.people import make_person, sign_in
from tests.pages import Page

HOLD = timedelta(hours=4)
SECOND = timedelta(seconds=1)
RULE = "rel-03-given-late"


def final_of(world):
    with world.database.reading() as session:
        [final] = containers.of_scope(session, world.batch.code, "final")
    return final


def become(world, fate):
    world.clock.advance(minutes=20)
    with world.database.writing() as session:
        makers.become(session, world, final_of(world).code, fate)


def another_of_quality(world):
    """Somebody of quality who judged nothing of it."""
    with world.database.writing() as session:
        other = make_person(session, "qa", username="qa2", at=world.clock())
    world.people = world.people | {"qa2": other}
    return "qa2"


def correct(world, expires_at):
    """The end of the suspension corrected, so that the product expires at this moment."""
    world.clock.advance(minutes=5)
    finished = (expires_at - HOLD).isoformat(sep=" ", timespec="seconds")
    with world.database.writing() as session:
        broken.correct_entry_of_suspension(session, world, finished=finished)


def opened(world):
    """(state of the deed, class) of each deviation of what was given late."""
    with world.database.reading() as session:
        found = deviations.in_scopes(session, [world.batch.id])
        return [
            (each.parameters["state"]["word"], each.classification)
            for each in found
            if each.rule == RULE
        ]


def settle(world):
    """QA judges and closes whatever the correction opened: the times may deviate by it as well."""
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        for each in deviations.in_scopes(session, [world.batch.id]):
            release.settle(session, each, by=world.people["qa"], at=world.clock())


def until(world):
    final = final_of(world)
    with world.database.reading() as session:
        return expiries.of(session, [final.id])[final.id]


def standing_of(world):
    with world.database.reading() as session:
        return states.of(session, world.batch, DISPOSITION)


@pytest.fixture
def given_out(reviewed):
    """Released at stage 1, issued, and held by QA: the moments of the release and of the issue."""
    reviewed.decide("release_stage_1")
    released_at = reviewed.clock()
    become(reviewed, "issued")
    issued_at = reviewed.clock()
    reviewed.clock.advance(minutes=20)
    reviewed.decide("hold", "qa")
    return reviewed, released_at, issued_at


@pytest.mark.state("finished")
@pytest.mark.req("EBR-08", "REL-03")
def test_what_had_expired_before_its_release_goes_nowhere_until_qa_has_judged_it(given_out):
    world, released_at, _ = given_out
    correct(world, released_at.replace(second=0, microsecond=0) - timedelta(hours=1))
    critical = [("state-released", "critical"), ("state-issued", "critical")]
    assert opened(world) == critical
    release.sign_again(world)
    for deed in (lambda: world.decide("resume", "qa"), world.review):
        with pytest.raises(Refused, match="expired .* as its record says now"):
            deed()
    for deed in ("reissue", "release_final"):
        with pytest.raises(Refused):
            world.decide(deed)
    assert standing_of(world) == "on_hold"
    with world.database.reading() as session:
        made = certificates.of_batch(session, world.batch.id)
        assert [certificates.states_of(session, made)[each.id] for each in made] == ["under_review"]
        assert verification.verify(session).faults == []


@pytest.mark.state("finished")
@pytest.mark.req("EBR-08")
def test_once_it_is_judged_the_hold_is_lifted_and_the_certificate_names_the_deviation(given_out):
    world, _, issued_at = given_out
    correct(world, issued_at.replace(second=0, microsecond=0) - timedelta(minutes=5))
    assert opened(world) == [("state-issued", "critical")]
    release.sign_again(world)
    settle(world)
    world.review()
    with pytest.raises(Refused, match="another person to lift its hold"):
        world.decide("resume", "qa")
    world.decide("resume", another_of_quality(world))
    made = world.decide("reissue")
    assert "as its record says now" in str(made.said["statement"])


@pytest.mark.state("finished")
def test_an_expiry_that_is_corrected_within_what_was_given_opens_nothing(given_out):
    world, _, issued_at = given_out
    correct(world, issued_at.replace(second=0, microsecond=0) + timedelta(minutes=1))
    assert opened(world) == []  # of its label, which promises more, QA judges all the same
    release.sign_again(world)
    settle(world)
    world.review()
    assert world.decide("resume", another_of_quality(world))


@pytest.mark.state("finished")
def test_a_batch_that_was_never_released_has_its_expiry_judged_by_the_release_alone(reviewed):
    correct(reviewed, reviewed.clock() - timedelta(hours=1))
    assert opened(reviewed) == []
    release.sign_again(reviewed)
    with pytest.raises(Refused, match="The product expired"):
        reviewed.review()


@pytest.mark.state("finished")
@pytest.mark.req("REL-03", "REL-11")
@pytest.mark.parametrize("deed", ["review", "release_stage_1"])
def test_a_batch_of_which_nothing_is_left_is_neither_reviewed_nor_released(reviewed, deed):
    become(reviewed, "destroyed")
    act = reviewed.review if deed == "review" else lambda: reviewed.decide(deed)
    with pytest.raises(Refused, match="Nothing is left of the product: destroyed"):
        act()
    assert standing_of(reviewed) == "under_review"


@pytest.mark.req("REL-04")
def test_the_late_results_of_what_was_destroyed_after_its_release_are_certified(finished):
    finished.review()
    finished.decide("release_stage_1")
    become(finished, "destroyed")
    finished.sterility()
    finished.review()
    assert finished.decide("release_final").version == 2


def test_the_page_of_the_review_says_that_nothing_is_left(finished, site):
    become(finished, "destroyed")
    client = site.test_client()
    sign_in(client, "qa1")
    words = Page(client.get(f"/batches/{finished.batch.code}/review")).words
    assert "Nothing is left of the product" in words
