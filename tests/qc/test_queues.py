"""What waits for somebody: over a real batch, who sees it on the first page and until when, and
that every line leads to a page that this person may open.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

import app as roof
from documents import approval, kinds
from documents.kinds import Kind
from integrity import observations, signatures
from integrity.acts import Act
from integrity.deviations import Deviation
from people import queues
from people.permissions import Role
from qc.deviations import corrective_actions, observing
from qc.deviations.corrective_actions import ActionFacts
from qc.deviations.observing import VerdictFacts
from qc.deviations.rules import ActionState
from stores import containers
from tests.makers import broken, documents, donors, fates, people, qc, release, stores
from tests.makers.batches import find_laboratory, make_batch, make_cord
from tests.makers.people import entry_id, sign_in
from tests.pages import Page
from tests.qc.conftest import find_finished

WHY = "Seen on the morning round."


@pytest.fixture
def world(database, clock):
    """A finished batch on both kinds of database."""
    return find_finished(database, clock)


def named(world, role, title):
    """What is named in a queue for somebody of this role."""
    with world.database.reading() as session:
        asker = queues.Asker(world.people[role].username, role, world.clock())
        return [
            item.named
            for each in queues.of(session, asker, roof.QUEUES)
            for item in each.found.items
            if each.queue.title == title
        ]


def do(world, deed, *arguments, by, **words):
    """One deed of a maker, a minute later."""
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        return deed(session, *arguments, by=world.people[by], at=world.clock(), **words)


def asked(world, question):
    with world.database.writing() as session:
        return question(session)


def in_qc(world, deed, *arguments, **words):
    """One deed of a maker of the laboratory, which finds its people itself."""
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        return deed(session, world.people, *arguments, at=world.clock(), **words)


# Stories: each makes something wait, says what it is called, and does the deed that it waits for
# -------------------------------------------------------------------------------------------------


def a_lot(world):
    made = do(world, stores.make_lot, by="technician")
    yield made.code
    asked(world, lambda s: stores.release(s, made, world.people["qa"], world.clock()))


def an_observation(world):
    asked(world, lambda s: broken.observe(s, world, world.batch.code))
    yield world.batch.code
    with world.database.writing() as session:
        act = Act(session, world.people["qa"], world.clock(), entry_id())
        seen = session.scalars(observations.listed()).one()
        says = VerdictFacts(seen.id, "nothing")
        seal = signatures.seal(session, observing.verdict_facts(session, says), comment=WHY)
        observing.classify(act, says, seal=seal)


def a_hold(world):
    code = asked(world, lambda s: broken.used_lot(s, world).code)
    asked(world, lambda s: broken.hold(s, world, code))
    yield code
    asked(world, lambda s: broken.lift_every_hold(s, world))


def _deviation(world):
    return do(world, release.make_deviation, world.batch, world.batch.code, by="technician")


def a_deviation(world):
    found = _deviation(world)
    yield found.code
    do(world, release.settle, found, by="qa")


def _action(world, found):
    with world.database.writing() as session:
        act = Act(session, world.people["qa"], world.clock(), entry_id())
        today = world.clock().date()
        due, check = today + timedelta(days=7), today + timedelta(days=30)
        facts = ActionFacts(found.id, "corrective", "Put up a second alarm.", "T 1", due, check)
        return corrective_actions.plan(act, facts)


def _moved(world, made, becomes, by):
    with world.database.writing() as session:
        act = Act(session, world.people[by], world.clock(), entry_id())
        shown = corrective_actions.facts_of(session, made.id, becomes)
        seal = signatures.seal(session, shown, comment=WHY)
        return corrective_actions.move(act, made.id, becomes, seal=seal)


def an_action(world):
    found = _deviation(world)
    made = _action(world, found)
    yield found.code
    _moved(world, made, ActionState.DONE, by="technician")


def a_check(world):
    found = _deviation(world)
    made = _action(world, found)
    _moved(world, made, ActionState.DONE, by="technician")
    yield found.code
    _moved(world, made, ActionState.EFFECTIVE, by="qa")


def a_review(world):
    yield world.batch.code
    world.review()


def a_late_review(world):
    world.review()
    world.decide("release_stage_1")
    world.sterility()
    yield world.batch.code
    world.review()


def a_late_release(world):
    yield from _until(a_late_review(world))
    yield world.batch.code
    world.decide("release_final")


def _until(told):
    """A story to its end, without what it says waits."""
    for _ in told:
        yield from ()


def a_release(world):
    world.review()
    yield world.batch.code
    world.decide("release_stage_1")


def late_results(world):
    world.review()
    world.decide("release_stage_1")
    yield world.batch.code
    world.sterility()
    world.review()
    world.decide("release_final")


def an_issue(world):
    world.review()
    world.decide("release_stage_1")
    code = asked(world, lambda s: containers.of_scope(s, world.batch.code, "final")[0].code)
    told = do(world, fates.record, code, "issued", by="technician")
    yield code
    do(world, fates.confirm, told, by="qa")


def a_sample(world):
    made = in_qc(world, qc.make_sample, world.batch, received=False)
    yield made.code
    in_qc(world, qc.receive, made)


def a_sample_in_test(world):
    made = in_qc(world, qc.make_sample, world.batch)
    yield made.code
    in_qc(world, qc.make_result, made, basis=None, reviewed=True)


def a_result(world):
    made = in_qc(world, qc.make_sample, world.batch)
    found = in_qc(world, qc.make_result, made, basis=None)
    yield made.code
    do(world, qc.review, found, by="qc_reviewer")


def a_reading(world):
    world.clock.advance(days=29)
    yield asked(world, lambda s: qc.samples_for(s, world.batch, "sterility")[0].code)
    world.sterility(days=0)


def an_investigation(world):
    made = in_qc(world, qc.make_sample, world.batch)
    in_qc(world, qc.make_result, made, value="40", basis=None)
    newest = select(Deviation).order_by(Deviation.id.desc()).limit(1)
    found = asked(world, lambda s: s.scalars(newest).one())
    yield found.code
    in_qc(world, qc.investigate, found)


def a_cord(world):
    made = make_cord(world, donor="H1-0777")
    yield made.code
    do(world, donors.decide, made, "rejected", by="qa", comment=WHY)


def a_donor(world):
    made = make_cord(world, donor="H1-0777")
    yield "H1-0777"
    do(world, donors.decide, made, "rejected", by="qa", comment=WHY)


def a_jar(world):
    made = make_cord(world, donor="H1-0777")
    yield made.code
    make_batch(find_laboratory(world.database, world.clock), made)


def a_batch(world):
    made = make_cord(world, donor="H1-0777")
    yield make_batch(find_laboratory(world.database, world.clock), made).code
    yield STAYS


def a_calibration(world):
    due = world.clock().date()
    made = do(world, stores.make_equipment, by="qa", name="Old one", due=due)
    yield made.code
    yield STAYS


def a_password(world):
    by = world.people["administrator"]
    people.ask_password(world.database, world.clock(), "technician1", administrator=by)
    yield world.people["technician"].name
    people.confirm_password(world.database, world.clock(), "technician1", qa=world.people["qa"])


def a_draft(world):
    shipped = kinds.of(Kind.DONOR_CRITERIA).shipped.read_text()
    newer = shipped.replace('closing = { value = "2"', 'closing = { value = "3"').encode()
    made = do(world, documents.import_document, Kind.DONOR_CRITERIA, by="qa", data=newer)
    yield made.named
    do(world, documents.sign, approval.author, made.id, by="qa")


STAYS = "stays"  # the deed is more than a line of a test
WORKS = {str(each) for each in Role} - {"reader", "administrator"}
WAITS = [
    ("queue-lots", a_lot, {"qa"}),
    ("queue-observations", an_observation, {"qa"}),
    ("queue-holds", a_hold, {"qa"}),
    ("queue-deviations", a_deviation, {"qa"}),
    ("queue-actions", an_action, WORKS),
    ("queue-checks", a_check, {"qa"}),
    ("queue-reviews", a_review, {"qa"}),
    ("queue-releases", a_release, {"releaser"}),
    ("queue-reviews", a_late_review, {"qa"}),
    ("queue-releases", a_late_release, {"releaser"}),
    ("queue-late-results", late_results, {"releaser"}),
    # whoever recorded it is not the second person
    ("queue-second-persons", an_issue, {"verifier", "qc_analyst", "qa", "releaser"}),
    ("queue-samples", a_sample, {"qc_analyst"}),
    ("queue-tests", a_sample_in_test, {"qc_analyst"}),
    ("queue-results", a_result, {"qc_reviewer"}),
    ("queue-readings", a_reading, {"qc_analyst"}),
    ("queue-investigations", an_investigation, {"qc_analyst", "qc_reviewer"}),
    ("queue-cords", a_cord, {"qa"}),
    ("queue-donors", a_donor, {"qa"}),
    ("queue-jars", a_jar, {"technician"}),
    ("queue-batches", a_batch, {"technician", "verifier"}),
    ("queue-calibrations", a_calibration, {"qc_analyst", "qa"}),
    ("queue-passwords", a_password, {"qa"}),
    ("queue-authors", a_draft, {"qa"}),
]


@pytest.mark.state("finished")
@pytest.mark.parametrize(("title", "story", "who"), WAITS, ids=[each[1].__name__ for each in WAITS])
def test_what_waits_stands_on_the_first_page_of_those_who_do_it_until_it_is_done(
    world, title, story, who
):
    told = story(world)
    what = next(told)
    assert {role for role in world.people if what in named(world, role, title)} == who
    if next(told, None) != STAYS:
        assert {role for role in world.people if what in named(world, role, title)} == set()


@pytest.mark.state("finished")
def test_a_review_that_fell_waits_for_quality_again_and_its_batch_for_no_release(world):
    world.review()
    assert named(world, "releaser", "queue-releases") == [world.batch.code]
    _deviation(world)
    assert named(world, "releaser", "queue-releases") == []
    assert named(world, "qa", "queue-reviews") == [world.batch.code]


@pytest.mark.state("finished")
def test_a_batch_on_hold_waits_for_quality_and_for_no_release_though_it_was_reviewed(world):
    world.review()
    world.decide("hold", by="qa")
    assert named(world, "releaser", "queue-releases") == []
    assert named(world, "qa", "queue-reviews") == [world.batch.code]


@pytest.mark.state("finished")
def test_a_batch_that_may_be_released_finally_stands_once_on_the_page_of_who_releases(world):
    next(a_late_release(world))
    assert named(world, "releaser", "queue-releases") == [world.batch.code]
    assert named(world, "releaser", "queue-late-results") == []


def test_every_line_of_the_first_page_leads_to_a_page_that_this_person_may_open(finished, site):
    for story in (a_lot, an_observation, a_hold, an_action, a_result, a_jar, a_password, a_draft):
        next(story(finished))
    for role, person in finished.people.items():
        client = site.test_client()
        sign_in(client, person.username)
        page = Page(client.get("/"))
        lines = [each.given["href"] for each in page.of_class("row-link")]
        assert [client.get(each, follow_redirects=True).status_code for each in lines] == [
            200 for _ in lines
        ], role
        assert bool(lines) == (role in WORKS), role


def test_a_queue_shows_the_first_of_many_and_how_many_there_are(finished, site):
    for _ in range(queues.SHOWN + 2):
        do(finished, stores.make_lot, by="technician")
    client = site.test_client()
    sign_in(client, "qa1")
    page = Page(client.get("/"))
    assert f"Lots to release {queues.SHOWN + 2}" in page.words
    assert f"All {queues.SHOWN + 2}" in page.words
