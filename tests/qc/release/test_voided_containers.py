"""A container that was recorded and does not exist says nothing about the batch any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from integrity import states, verification
from integrity.deviations import Deviation
from integrity.findings import Refused
from labels import codes
from qc.release import certificates, materials_used, release_inputs
from stores import answers, containers, expiries, products
from stores.rules import DISPOSITION
from tests.makers import broken, fates, release as makers
from tests.makers.people import sign_in
from tests.qc.release.test_balances import correct, entry_of

pytestmark = pytest.mark.req("TRC-08")
MINUTES = timedelta(minutes=90)


@pytest.fixture
def two_and_one_void(finished):
    """A second final container was recorded by mistake and taken back; gives both codes."""
    finished.clock.advance(minutes=1)
    correct(finished, "label_container", container="2", fill="14.40")
    made = entry_of(finished, "label_container").values["container"]["codes"]
    correct(finished, "label_container", container="1")
    return made


def settled(world):
    """Signed again, and every deviation judged by QA."""
    makers.sign_again(world)
    with world.database.reading() as session:
        found = [each.id for each in session.scalars(select(Deviation))]
    for number in found:
        with world.database.writing() as session:
            each = session.get_one(Deviation, number)
            makers.settle(session, each, by=world.people["qa"], at=world.clock())


def suspend_earlier(world):
    """The suspension was complete 90 minutes earlier than was said; gives the expiry now."""
    at = datetime.fromisoformat(entry_of(world, "suspend").values["finished"]["at"])
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        said = (at - MINUTES).isoformat(sep=" ", timespec="minutes")
        broken.correct_entry_of_suspension(session, world, finished=said)
    with world.database.reading() as session:
        [left] = containers.of_scope(session, world.batch.code, "final")
        return expiries.of(session, [left.id])[left.id]


@pytest.mark.req("REL-03")
def test_the_later_expiry_of_a_void_container_makes_no_expired_product_releasable(
    finished, two_and_one_void, site
):
    ends = suspend_earlier(finished)
    settled(finished)
    with finished.database.reading() as session:
        known = products.of_batches(session, [finished.batch.id])
    assert known[finished.batch.id].expires_at == ends
    finished.clock.at = max(finished.clock.at, ends + timedelta(minutes=1))
    with pytest.raises(Refused, match="The product expired"):
        finished.review()
    client = site.test_client()
    sign_in(client, "qa1")
    page = client.get(f"/batches/{finished.batch.code}?scanned=1").get_data(as_text=True)
    assert 'data-tone="rejected"' in page


@pytest.mark.req("REL-02")
def test_a_hold_on_what_was_voided_afterwards_blocks_no_review(finished):
    finished.clock.advance(minutes=1)
    correct(finished, "label_container", container="2", fill="14.40")
    _, second = entry_of(finished, "label_container").values["container"]["codes"]
    with finished.database.writing() as session:
        broken.hold(session, finished, second)
    correct(finished, "label_container", container="1")
    with finished.database.reading() as session:
        found = containers.by_code(session, second)
        assert states.of(session, found, DISPOSITION) == "void"
    settled(finished)
    assert finished.review()


@pytest.mark.req("REL-02")
@pytest.mark.parametrize("until", ["quarantine", "review", "release_stage_1"])
def test_what_is_added_or_voided_while_a_batch_is_on_hold_stands_as_it_should(finished, until):
    if until != "quarantine":
        finished.review()
    if until == "release_stage_1":
        finished.decide("release_stage_1")
    before = where_all_stand(finished)
    finished.clock.advance(minutes=1)
    finished.decide("hold")
    correct(finished, "label_container", container="3", fill="14.40")
    first, added, wrong = entry_of(finished, "label_container").values["container"]["codes"]
    assert set(where_all_stand(finished).values()) == {"on_hold"}
    correct(finished, "label_container", container="2", fill="14.40")
    correct(finished, "label_container", container="1")
    stands = where_all_stand(finished)
    assert (stands[first], stands[added], stands[wrong]) == ("on_hold", "void", "void")
    correct(finished, "label_container", container="2", fill="14.40")
    *_, last = entry_of(finished, "label_container").values["container"]["codes"]
    settled(finished)
    if until == "release_stage_1":
        finished.review()
    finished.decide("resume")
    assert where_all_stand(finished) == before | {
        added: "void",
        wrong: "void",
        last: before[first],
    }
    with finished.database.reading() as session:
        assert verification.verify(session).faults == []


@pytest.mark.req("REL-02", "REL-04")
@pytest.mark.parametrize("when", ["reviewed", "held", "held after the release"])
def test_a_container_that_a_correction_adds_is_released_with_its_batch_and_on_its_certificate(
    finished, when
):
    finished.review()
    if when == "held after the release":
        finished.decide("release_stage_1")
    if when != "reviewed":
        finished.clock.advance(minutes=1)
        finished.decide("hold", by="qa")
    finished.clock.advance(minutes=1)
    correct(finished, "label_container", container="2", fill="14.40")
    first, added = entry_of(finished, "label_container").values["container"]["codes"]
    stands = where_all_stand(finished)
    assert stands[added] == stands[first] == ("under_review" if when == "reviewed" else "on_hold")
    settled(finished)
    if when != "held after the release":
        if when == "held":
            finished.decide("resume", by="releaser")
        with pytest.raises(Refused, match="review is out of date"):
            finished.decide("release_stage_1")
        finished.review()
        finished.decide("release_stage_1")
    else:
        with pytest.raises(Refused, match="review"):
            finished.decide("resume")
        finished.review()
        finished.decide("resume")
        with finished.database.reading() as session:
            said = answers.of(session, [containers.by_code(session, added).id], finished.clock())
            assert {each.words[0] for each in said.values()} == {"under_review"}
        finished.decide("reissue")
    stands = where_all_stand(finished)
    assert stands[added] == stands[first] == "released_stage_1"
    with finished.database.reading() as session:
        made = certificates.of_batch(session, finished.batch.id)[-1]
        listed = [each["code"] for each in made.said["statement"]["containers"]]
        assert listed == [codes.read(each).shown for each in (first, added)]
        assert verification.verify(session).faults == []


def where_all_stand(world):
    """{code: disposition} of everything the batch made."""
    with world.database.reading() as session:
        made = containers.of_scope(session, world.batch.code, with_void=True)
        where = containers.dispositions(session, made)
        return {each.code: where[each.id] for each in made}


@pytest.mark.req("TRC-01")
def test_the_full_record_says_which_parent_of_a_pool_does_not_exist(finished):
    """One flask more was recorded than was seeded, and all were harvested by then."""
    finished.clock.advance(minutes=1)
    *_, wrong = entry_of(finished, "seed").values["flasks"]["codes"]
    number = len(entry_of(finished, "seed").values["flasks"]["codes"])
    correct(finished, "seed", flasks=str(number - 1))
    with finished.database.reading() as session:
        found = release_inputs.gather(session, finished.batch, finished.clock())
        told = materials_used.containers(session, found, ZoneInfo("UTC"), lambda _: [])
    said = {each["code"]: each for each in told}
    shown = codes.read(wrong).shown
    assert said[shown]["disposition"] == "void"
    of_it = [each for each in told if any(shown in parent for parent in each["parents"])]
    assert of_it and all(f"{shown} (void)" in each["parents"] for each in of_it)
    assert all(len(each["parents"]) == number for each in of_it)


@pytest.mark.req("REL-03")
def test_what_is_left_beside_a_destroyed_container_is_released(finished):
    finished.clock.advance(minutes=1)
    correct(finished, "label_container", container="2", fill="14.40")
    settled(finished)
    finished.clock.advance(minutes=1)
    _, second = entry_of(finished, "label_container").values["container"]["codes"]
    with finished.database.writing() as session:
        fates.become(session, finished, second, "destroyed")
    finished.review()
    assert finished.decide("release_stage_1")
