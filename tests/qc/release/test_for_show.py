"""No setting of the site takes the mark of a demonstration from what rests on a document that
carries it: pages, certificate, record and labels say so.
"""

from __future__ import annotations

import pytest

from integrity import site
from manufacturing.execution import for_show
from stores import container_labels, containers
from tests.machine import words_of
from tests.makers import steps
from tests.makers.people import sign_in

BAND = "DEMONSTRATION — NOT FOR HUMAN USE"


def test_a_site_in_earnest_with_the_shipped_documents_marks_every_page_and_paper(finished, opened):
    client, code = opened
    with finished.database.reading() as session:
        assert site.settings(session)["demonstration"] == site.NO
    finished.review()
    certificate = finished.decide("release_stage_1")
    pages = (f"/batches/{code}", f"/batches/{code}/review", f"/certificates/{certificate.code}")
    for address in (*pages, f"/c/{certificate.token}"):
        assert BAND in client.get(address).get_data(as_text=True), address
    assert BAND not in client.get("/samples").get_data(as_text=True)
    assert "DEMONSTRATION" in words_of(finished.drawn(certificate).content)
    assert "DEMONSTRATION" in words_of(client.get(f"/batches/{code}/record.pdf").get_data())
    assert client.get(f"/batches/{code}/record.json").get_json()["demonstration"] == "yes"
    assert "Not for human use" in client.get(f"/batches/{code}/record.csv").get_data(as_text=True)


def test_signing_sample_and_container_pages_of_such_a_batch_are_marked(finished, opened):
    client, code = opened
    with finished.database.reading() as session:
        made = {each.kind: each.code for each in containers.of_scope(session, code)}
    for address in (
        f"/containers/{made['final']}",
        f"/containers/{made['final']}/destroy",
        f"/samples/{made['sample']}",
        f"/batches/{code}/review/sign",
    ):
        answer = client.get(address)
        assert (answer.status_code, BAND in answer.get_data(as_text=True)) == (200, True), address
    assert BAND not in client.get("/equipment").get_data(as_text=True)


def test_every_label_of_such_a_batch_is_marked(finished):
    with finished.database.reading() as session:
        made = containers.of_scope(session, finished.batch.code)
        labels = container_labels.of(session, made, finished.clock())
    assert {each.kind for each in made} >= {"flask", "sample", "final"}
    assert labels and all(each.demonstration for each in labels)


@pytest.fixture
def opened(site, finished):
    client = site.test_client()
    sign_in(client, "qa1")
    return client, finished.batch.code


@pytest.mark.state("small")
def test_only_what_is_a_batch_rests_on_its_documents(database, clock):
    batch = steps.find_small(database, clock).batch
    with database.reading() as session:
        assert for_show.scopes(session, [batch.code, batch.cord_code]) == {batch.code}
