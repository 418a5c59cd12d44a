"""A hold that is lifted gives back what was released as it was certified, or as it was reviewed
since; and nothing of it is given to anybody while its certificate is under review."""

from __future__ import annotations

import pytest

from integrity.findings import Refused
from people import accounts
from qc.release import certificates
from stores import answers, containers
from tests.makers import broken, fates, release
from tests.makers.people import give_role, sign_in
from tests.pages import Page


def corrected(world):
    """Released at stage 1, held by QA, and corrected by the technician meanwhile."""
    world.decide("release_stage_1")
    world.decide("hold", by="qa")
    with world.database.writing() as session:
        broken.correct_the_open_time(session, world)
    release.sign_again(world)
    return world


def final(world):
    with world.database.reading() as session:
        [found] = containers.of_scope(session, world.batch.code, "final")
        return found


def says(world):
    """The words of the product, and where its newest certificate stands."""
    with world.database.reading() as session:
        made = certificates.of_batch(session, world.batch.id)
        answer = answers.of(session, [final(world).id], world.clock())[final(world).id]
        return list(answer.words), certificates.states_of(session, made)[made[-1].id]


def issue(world, **changes):
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        fates.become(session, world, final(world).code, "issued", **changes)


@pytest.mark.state("finished")
@pytest.mark.req("REL-02", "REL-09", "AUD-06")
def test_what_was_corrected_under_a_hold_is_reviewed_before_it_is_lifted_and_issued_anew_after(
    reviewed,
):
    world = corrected(reviewed)
    with pytest.raises(Refused, match="The review is out of date"):
        world.decide("resume", by="qa")
    world.review()
    world.decide("resume", by="qa")
    assert says(world) == (["under_review", "released_stage_1"], "under_review")
    with pytest.raises(Refused, match="cannot be issued: it is under review"):
        issue(world)
    between = world.clock()
    world.clock.advance(minutes=5)
    world.decide("reissue")
    assert says(world) == (["released_stage_1"], "current")
    with pytest.raises(Refused, match="not released at that time"):
        issue(world, done_at=between)
    issue(world)


@pytest.mark.req("REL-02", "AUD-06")
def test_the_same_holds_of_the_final_release(finished):
    finished.review()
    finished.decide("release_stage_1")
    finished.sterility()
    finished.review()
    finished.decide("release_final")
    finished.decide("hold", by="qa")
    with finished.database.writing() as session:
        broken.correct_the_open_time(session, finished)
    release.sign_again(finished)
    with pytest.raises(Refused, match="The review is out of date"):
        finished.decide("resume", by="qa")
    finished.review()
    finished.decide("resume", by="qa")
    assert says(finished)[1] == "under_review"
    assert finished.decide("reissue").version == 3


@pytest.mark.req("IAM-03")
def test_who_corrected_a_batch_and_is_of_quality_now_does_not_lift_its_hold(finished):
    finished.review()
    world = corrected(finished)
    people = world.people
    with world.database.writing() as session:
        give_role(
            session,
            people["technician"],
            "qa",
            administrator=people["administrator"],
            qa=people["qa"],
            at=world.clock(),
        )
    world.review()
    with world.database.reading() as session:
        turned = accounts.actor(session, accounts.find(session, people["technician"].username))
    world.people = people | {"turned": turned}
    with pytest.raises(Refused, match="Another person lifts its hold"):
        world.decide("resume", by="turned")
    assert world.decide("resume", by="qa")


def test_the_page_of_the_review_offers_it_while_a_released_batch_is_held(finished, site):
    finished.review()
    corrected(finished)
    client = site.test_client()
    sign_in(client, "qa1")
    address = f"/batches/{finished.batch.code}/review"
    assert address + "/sign" not in Page(client.get(address)).links  # what was corrected is open
    with finished.database.writing() as session:
        words = {"by": finished.people["qa"], "at": finished.clock()}
        release.judge_exceptions(session, finished.batch, **words)
    page = Page(client.get(address))
    assert "before the hold is lifted" in page.words and address + "/sign" in page.links
