"""The review page, the desk and the pages of the decisions, as people of each role meet them."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from integrity import states
from integrity.acts import Act
from qc.release import certificates
from stores.rules import DISPOSITION
from tests.makers import qc, release
from tests.makers.batches import Laboratory, make_batch, make_cord
from tests.makers.people import PASSWORD, post, sign_in
from tests.pages import Page


def page_of(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def sign(client, path: str, username: str, **more: str):
    digest = Page(page_of(client, path)).value("reviewed")
    return post(client, path, username=username, password=PASSWORD, reviewed=digest, **more)


def queries(site, client, path: str) -> int:
    """How many statements a page sends."""
    count = [0]
    engine = site.extensions["cordbook"]["database"].engine

    def counted(*_) -> None:
        count[0] += 1

    event.listen(engine, "before_cursor_execute", counted)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", counted)
    return count[0]


@pytest.mark.slow
@pytest.mark.req("REL-01")
def test_qa_reviews_and_the_releaser_releases_on_pages(finished, site):
    at, qa, releaser = f"/batches/{finished.batch.code}", site.test_client(), site.test_client()
    sign_in(qa, "qa1")
    sign_in(releaser, "releaser1")
    first = page_of(qa, f"{at}/review")
    assert (
        "One thing blocks release" in first
        and "Not reviewed by QA" in first
        and "Sign review" in first
        and "chain whole" in first
    )
    assert (
        releaser.get(f"{at}/review/sign").status_code == 403
        and qa.get(f"{at}/release/initial").status_code == 403
    )
    refused = sign(releaser, f"{at}/release/initial", "releaser1")
    assert refused.status_code == 409 and "Not reviewed by QA" in refused.get_data(as_text=True)
    assert sign(qa, f"{at}/review/sign", "qa1").status_code == 409
    with finished.database.writing() as session:
        by, now = finished.people["qa"], finished.clock()
        release.judge_exceptions(session, finished.batch, by=by, at=now)
    assert sign(qa, f"{at}/review/sign", "qa1").status_code == 303
    assert "Nothing blocks release" in page_of(
        releaser, f"{at}/review"
    ) and "Sign release at stage 1" in page_of(releaser, f"{at}/review")
    answer = sign(releaser, f"{at}/release/initial", "releaser1")
    assert answer.status_code == 303
    with finished.database.reading() as session:
        made = certificates.of_batch(session, finished.batch.id)[-1]
        assert made.said["address"] == f"http://cordbook.test/c/{made.token}" and answer.headers[
            "Location"
        ].endswith(made.code)
        assert states.of(session, finished.batch, DISPOSITION) == "released_stage_1"
    assert "Sterility result pending" in page_of(releaser, f"{at}/review")
    assert made.named in page_of(qa, "/release?show=stage1")


@pytest.mark.req("SIG-16")
def test_a_release_after_something_changed_is_refused_with_the_new_facts(finished, site):
    finished.review()
    client, at = site.test_client(), f"/batches/{finished.batch.code}/release/initial"
    sign_in(client, "releaser1")
    digest = Page(page_of(client, at)).value("reviewed")
    with finished.database.writing() as session:
        deviation = release.make_deviation(
            session,
            finished.batch,
            finished.batch.code,
            by=finished.people["technician"],
            at=finished.clock(),
        )
        release.settle(session, deviation, by=finished.people["qa"], at=finished.clock())
    finished.review()
    answer = post(client, at, username="releaser1", password=PASSWORD, reviewed=digest)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Something changed" in page and "Volume: 240 mL" in page
    with finished.database.reading() as session:
        assert certificates.of_batch(session, finished.batch.id) == []


@pytest.mark.req("SIG-20")
@pytest.mark.parametrize(
    "typed", ["", "no", "x" * 5000, "\x00\x1b[31m", "\u202eright to left", "NaN"]
)
def test_a_rejection_without_a_sensible_reason_is_refused(finished, site, typed):
    client, at = site.test_client(), f"/batches/{finished.batch.code}/reject"
    sign_in(client, "qa1")
    answer = sign(client, at, "qa1", comment=typed)
    assert answer.status_code == 422
    with finished.database.reading() as session:
        assert states.of(session, finished.batch, DISPOSITION) == "quarantine"


def test_a_batch_is_rejected_on_its_page(finished, site):
    client, at = site.test_client(), f"/batches/{finished.batch.code}"
    sign_in(client, "qa1")
    assert (
        sign(
            client, f"{at}/reject", "qa1", comment="Turbid suspension, <b>see</b> deviation"
        ).status_code
        == 303
    )
    page = page_of(client, f"{at}/review")
    assert "Rejected" in page and "<b>see</b>" not in page and "Nothing waits to be signed" in page
    assert finished.batch.code[:3] in page_of(client, "/release?show=decided")


@pytest.mark.parametrize(
    "path",
    [
        "/batches/B26999999/review",
        "/batches/B26999999/release/initial",
        "/batches/B26999999/record.pdf",
    ],
)
def test_an_unknown_batch_is_not_found(site, finished, path):
    client = site.test_client()
    sign_in(client, "releaser1")
    assert client.get(path).status_code == 404
    assert client.get(f"/batches/{finished.batch.code}/release/halfway").status_code == 404


@pytest.mark.slow
def test_the_pages_ask_as_often_for_one_batch_as_for_many(finished, site):
    client = site.test_client()
    sign_in(client, "qa1")
    paths = ["/release", "/deviations?show=all", f"/batches/{finished.batch.code}/review"]
    for path in paths:
        client.get(path)  # what is read once per process
    with finished.database.writing() as session:
        release.make_deviation(
            session,
            finished.batch,
            finished.batch.code,
            by=finished.people["technician"],
            at=finished.clock(),
        )
    for path in paths:
        client.get(path)  # what is kept at the newest event is known
    before = [queries(site, client, path) for path in paths]
    laboratory = Laboratory(
        finished.database,
        finished.clock,
        finished.people,
        finished.second,
        finished.batch.master_id,
        {},
    )
    with finished.database.writing() as session:
        for _ in range(3):
            release.make_deviation(
                session,
                finished.batch,
                finished.batch.code,
                by=finished.people["technician"],
                at=finished.clock(),
            )
    for number in range(2, 5):
        batch = make_batch(laboratory, make_cord(laboratory, donor=f"H1-000{number}"))
        with finished.database.writing() as session:
            qc.make_sample(session, finished.people, batch, at=finished.clock())
            states.move(
                Act(session, finished.people["qa"], finished.clock()),
                batch,
                DISPOSITION,
                "under_review",
                allowed={"quarantine": frozenset({"under_review"})},
            )
            release.trail_say(session, batch, finished.people["qa"], finished.clock())
    for path in paths:
        client.get(path)  # what is read once per process, of the batches that are new
    assert [queries(site, client, path) for path in paths] == before
