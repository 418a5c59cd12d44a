"""A site that works by its own documents, none of which is a demonstration, carries no mark of one
anywhere; a single document that says so of itself marks what rests on it."""

from __future__ import annotations

import pytest

from integrity import site as sites
from manufacturing.execution import for_show
from stores import container_labels, containers
from tests import applications
from tests.machine import words_of
from tests.makers import masters, qc, release
from tests.makers.batches import find_laboratory, make_batch
from tests.makers.people import sign_in
from tests.qc.conftest import find_finished

pytestmark = pytest.mark.state("laboratory")
BAND = "DEMONSTRATION — NOT FOR HUMAN USE"
FLAG, OWN = b"demonstration = true", b"demonstration = false"


def in_earnest(text):
    """The same document, which says of itself that it is no demonstration."""
    assert text.count(FLAG) == 1
    return text.replace(FLAG, OWN)


def approve(database, clock, *, master, specification):
    """The laboratory with documents of its own; each is a demonstration where it is told so."""
    people = find_laboratory(database, clock).people
    text = qc.SHIPPED_BYTES if specification else in_earnest(qc.SHIPPED_BYTES)
    if not master:
        own = in_earnest(masters.SHIPPED_BYTES)
        masters.make_effective_master(database, people, data=own, at=clock())
    with database.writing() as session:
        qc.make_specification(session, people, data=text, at=clock())
    return find_laboratory(database, clock)


def test_what_is_made_by_documents_in_earnest_carries_no_mark_anywhere(sqlite, clock):
    laboratory = approve(sqlite, clock, master=False, specification=False)
    release.make_finished_batch(laboratory)
    made = find_finished(sqlite, clock)
    made.review()
    certificate, code = made.decide("release_stage_1"), made.batch.code
    with sqlite.reading() as session:
        assert sites.settings(session)["demonstration"] == sites.NO
        kept = containers.of_scope(session, code)
        labels = container_labels.of(session, kept, clock())
    assert labels and not any(each.demonstration for each in labels)
    assert "DEMONSTRATION" not in words_of(made.drawn(certificate).content).upper()
    ours = dict.fromkeys(("ADDRESS", "PUBLIC_ADDRESS"), "http://cordbook.test")
    with applications.lent(sqlite, clock, **ours) as application:
        client = application.test_client()
        sign_in(client, "qa1")
        final = next(each.code for each in kept if each.kind == "final")
        sample = next(each.code for each in kept if each.kind == "sample")
        for address in (
            *(f"/batches/{code}", f"/batches/{code}/review", f"/certificates/{certificate.code}"),
            *(f"/c/{certificate.token}", f"/containers/{final}", f"/samples/{sample}"),
        ):
            answer = client.get(address)
            said = answer.get_data(as_text=True)
            assert (answer.status_code, BAND in said) == (200, False), address
        record = f"/batches/{code}/record"
        assert "NOT FOR HUMAN USE" not in words_of(client.get(f"{record}.pdf").data).upper()
        assert client.get(f"{record}.json").get_json()["demonstration"] == "no"
        assert "Not for human use" not in client.get(f"{record}.csv").get_data(as_text=True)


@pytest.mark.parametrize(
    ("master", "specification"), [(True, False), (False, True), (True, True), (False, False)]
)
def test_either_of_the_documents_of_a_batch_marks_it(
    application, sqlite, clock, master, specification
):
    laboratory = approve(sqlite, clock, master=master, specification=specification)
    batch, is_marked = make_batch(laboratory), master or specification
    with sqlite.reading() as session:
        assert for_show.is_for_show(session, batch) == is_marked
    client = application.test_client()
    sign_in(client, "qa1")
    assert (BAND in client.get(f"/batches/{batch.code}").get_data(as_text=True)) == is_marked
