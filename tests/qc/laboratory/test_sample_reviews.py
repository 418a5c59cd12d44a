"""The results of one sample are reviewed on one page by one signing; each of them is signed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from integrity import signatures
from integrity.acts import Act
from integrity.facts import code, drawn
from integrity.findings import Refused, Stale
from integrity.trail import Event
from manufacturing.execution.batches import Batch
from qc.laboratory import result_reviews, results
from qc.laboratory.result_facts import facts_of
from qc.laboratory.rules.results import ResultState
from stores.containers import Container
from tests.makers import qc
from tests.makers.people import entry_id, sign_in, sign_on

pytestmark = pytest.mark.state("qc")
TESTS = ("cd73", "cd90", "cd105")
LATER = "cd_negative"
AGAIN = "The gate of the first run looked narrow"


@pytest.fixture
def people(database, clock):
    return qc.make_laboratory(database, at=clock())


@pytest.fixture
def sample(database, people, clock) -> Container:
    """One sample with three results that nobody reviewed."""
    with database.writing() as session:
        qc.make_specification(session, people, at=clock())
        batch = qc.make_bare_batch(session, people, at=clock())
        made = qc.make_sample(session, people, batch, (*TESTS, LATER), at=clock())
        for test in TESTS:
            qc.make_result(session, people, made, test, at=clock(), **qc.PUBLISHED[test])
    return made


def sealed(session, sample, reviewer):
    return qc.seal(result_reviews.sample_facts(session, sample, reviewer.username))


def review(database, sample, reviewer, at, seal=None, key=None):
    with database.writing() as session:
        act = Act(session, reviewer, at, entry_id=key or entry_id())
        return result_reviews.review_sample(
            act, sample.id, seal=seal or sealed(session, sample, reviewer)
        )


def test_one_signing_signs_and_says_each_result_as_if_it_stood_alone(
    database, people, sample, clock
):
    review(database, sample, people["qc_reviewer"], clock())
    with database.reading() as session:
        made = results.of_sample(session, sample.id)
        assert set(results.states_of(session, made).values()) == {ResultState.REVIEWED}
        for result in made:
            [signature] = signatures.of(session, result)
            said = dict(signatures.signed_facts(session, signature))
            assert said["Test"] == f"CD{result.test[2:]} positive"
            assert signature.name == people["qc_reviewer"].name
        assert not signatures.invalid(session, [signatures.of(session, each)[0] for each in made])
        said = session.scalars(select(Event).where(Event.action == "result.reviewed")).all()
        assert sorted(each.subject_key for each in said) == sorted(str(each.id) for each in made)


def test_of_two_results_that_read_alike_everything_is_shown_and_signed(
    database, people, sample, clock
):
    """Batch and sample stand once; the same value, moment, analyst and raw data stand twice."""
    with database.writing() as session:
        reviewer, said = people["qc_reviewer"], qc.PUBLISHED[LATER]
        batch = session.get_one(Batch, sample.scope_id)
        other = qc.make_sample(session, people, batch, (LATER,), at=clock())
        made = [
            qc.make_result(session, people, other, LATER, at=clock(), **said, **why)
            for why in ({}, {"reason": AGAIN})
        ]
    with database.reading() as session:
        shown = result_reviews.sample_facts(session, other, reviewer.username)
        labels = [label for label, _ in shown]
        of_each = [facts_of(session, each.id) for each in made]
    assert [labels.count(label) for label, _ in shown[:2]] == [1, 1]
    assert shown == [*of_each[0], *of_each[1][2:]]
    assert [fact for label, fact in of_each[0][:2]] == [code(other.scope), code(other.code)]
    assert ("Why it was repeated", AGAIN) in drawn(shown)
    assert len(set(map(str, shown))) < len(shown), "the two do not read alike"


def test_nobody_reviews_their_own_among_them(database, people, sample, clock):
    with database.writing() as session:
        own = people["qc_reviewer"]
        mine = qc.make_result(
            session,
            people | {"qc_analyst": own},
            sample,
            LATER,
            at=clock(),
            **qc.PUBLISHED[LATER],
        )
    review(database, sample, own, clock())
    with database.reading() as session:
        made = results.of_sample(session, sample.id)
        where = results.states_of(session, made)
    assert where[mine.id] == ResultState.ENTERED
    assert list(where.values()).count(ResultState.REVIEWED) == len(TESTS)


def test_a_result_that_came_after_the_page_is_not_signed_unseen(database, people, sample, clock):
    reviewer = people["qc_reviewer"]
    with database.reading() as session:
        seen = sealed(session, sample, reviewer)
    [first, *_] = TESTS
    with database.writing() as session:
        [made] = [each for each in results.of_sample(session, sample.id) if each.test == first]
        qc.review(session, made, by=reviewer, at=clock())
    with pytest.raises(Stale):
        review(database, sample, reviewer, clock(), seen)


def test_a_double_tap_is_one_review(database, people, sample, clock):
    reviewer, key = people["qc_reviewer"], entry_id()
    with database.reading() as session:
        seen = sealed(session, sample, reviewer)
    for _ in range(2):
        review(database, sample, reviewer, clock(), seen, key)
    with pytest.raises(Refused):
        review(database, sample, reviewer, clock())


def test_the_page_names_every_result_and_one_password_signs_them(application, sqlite, clock):
    people = qc.make_laboratory(sqlite, at=clock())
    with sqlite.writing() as session:
        qc.make_specification(session, people, at=clock())
        batch = qc.make_bare_batch(session, people, at=clock())
        made = qc.make_sample(session, people, batch, TESTS, at=clock())
        for test in TESTS:
            qc.make_result(session, people, made, test, at=clock(), **qc.PUBLISHED[test])
    client = application.test_client()
    sign_in(client, "qcreviewer1")
    address = f"/samples/{made.code}/review"
    assert address in client.get(f"/samples/{made.code}").get_data(as_text=True)
    page = client.get(address).get_data(as_text=True)
    assert "Review 3 results" in page and all(f"CD{each[2:]} positive" in page for each in TESTS)
    assert sign_on(client, address, "qcreviewer1").status_code == 303
    after = client.get(f"/samples/{made.code}").get_data(as_text=True)
    assert "not reviewed" not in after and "Complete" in after
    assert client.get(address).status_code == 404


def test_what_waits_of_several_samples_is_reviewed_on_one_page_but_never_ones_own(
    application, sqlite, clock
):
    people = qc.make_laboratory(sqlite, at=clock())
    own = people | {"qc_analyst": people["qc_reviewer"]}
    with sqlite.writing() as session:
        qc.make_specification(session, people, at=clock())
        batch = qc.make_bare_batch(session, people, at=clock())
        made = [qc.make_sample(session, people, batch, TESTS, at=clock()) for _ in range(2)]
        for sample in made:
            for test in TESTS:
                who = own if (sample, test) == (made[1], TESTS[0]) else people
                qc.make_result(session, who, sample, test, at=clock(), **qc.PUBLISHED[test])
    client = application.test_client()
    sign_in(client, "qcreviewer1")
    assert "/results/review" in client.get("/").get_data(as_text=True)
    with sqlite.reading() as session:
        found = [each for sample in made for each in results.of_sample(session, sample.id)]
    others = [str(each.id) for each in found if each.username != "qcreviewer1"]
    page = client.get("/results/review").get_data(as_text=True)
    assert "Review 5 results" in page and len(others) == 5
    [mine] = [str(each.id) for each in found if each.username == "qcreviewer1"]
    refused = sign_on(client, "/results/review", "qcreviewer1", chosen=[*others, mine])
    assert refused.status_code == 409
    assert sign_on(client, "/results/review", "qcreviewer1", chosen=others).status_code == 303
    with sqlite.reading() as session:
        where = results.states_of(session, found)
        counts = [len(signatures.of(session, each)) for each in found if str(each.id) != mine]
    assert where.pop(int(mine)) == ResultState.ENTERED
    assert set(where.values()) == {ResultState.REVIEWED} and counts == [1] * 5
    assert client.get("/results/review").status_code == 404
