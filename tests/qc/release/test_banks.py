"""Vials that a batch froze on its way are a bank: nothing that is decided of its product makes one
of them fit to be given out, wherever it is asked."""

from __future__ import annotations

import pytest

from integrity import verification
from integrity.acts import Act
from integrity.findings import Refused
from integrity.words import Tone
from qc.release import certified_statement, release_inputs
from stores import answers, containers, fates, products
from stores.containers import ContainerFacts
from stores.fates import FateFacts
from tests.makers.people import entry_id, sign_in
from tests.pages import Page

BANK = "It is a bank: it is released on its own, not with this product."
# What becomes of the batch, one decision after the other, and what a vial of it says then.
STORY = [
    ("release_stage_1", "releaser", "quarantine"),
    ("hold", "qa", "on_hold"),
    ("resume", "qa", "quarantine"),
    ("hold", "qa", "on_hold"),
    ("reject", "qa", "rejected"),
]


def freeze(world):
    """Three vials of the batch, and a flask."""
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        act = Act(session, world.people["technician"], world.clock(), entry_id())
        said = [ContainerFacts("vial", world.batch.itself, "Vials frozen") for _ in range(3)]
        return [each for facts in said for each in containers.create(act, facts)]


def stand(world, container):
    with world.database.reading() as session:
        return answers.of(session, [container.id], world.clock())[container.id]


@pytest.mark.state("finished")
@pytest.mark.req("REL-03", "TRC-08")
def test_no_release_of_the_product_makes_a_vial_beside_it_fit_to_be_given_out(finished):
    world = finished
    vial, *_ = freeze(world)
    assert stand(world, vial).word == "quarantine"
    world.review()
    assert stand(world, vial).word == "quarantine"
    for deed, by, word in STORY:
        world.decide(deed, by=by)
        answer = stand(world, vial)
        assert (answer.word, answer.may_be_issued) == (word, False), deed
        assert answer.tone is not Tone.ACCEPTED
        if deed == "release_stage_1":
            _issue_is_refused(world, vial)
            _papers_leave_it_out(world, vial)
    with world.database.reading() as session:
        assert verification.verify(session).faults == []


def _issue_is_refused(world, vial):
    with pytest.raises(Refused, match="no final container"), world.database.writing() as session:
        act = Act(session, world.people["technician"], world.clock(), entry_id())
        fates.record(act, FateFacts(vial.code, "issued", consignee="WARD-7"))


def _papers_leave_it_out(world, vial):
    """The certificate and what the batch made for patients name the final container alone."""
    with world.database.reading() as session:
        [final] = containers.of_scope(session, world.batch.code, "final")
        found = release_inputs.gather(session, world.batch, world.clock())
        [named] = certified_statement.released_containers(session, found)
        assert named["code"].replace("-", "") == final.code.replace("-", "")
        assert products.of_batches(session, [world.batch.id])[world.batch.id].is_final


@pytest.mark.state("finished")
@pytest.mark.req("REL-03")
def test_the_scan_the_label_the_batch_and_the_family_say_in_one_line_why(finished, site):
    vial, *_ = freeze(finished)
    finished.review()
    finished.decide("release_stage_1")
    client = site.test_client()
    sign_in(client, "technician1")
    scanned = Page(client.get(f"/scan?code={vial.code}", follow_redirects=True)).words
    assert BANK in scanned and "may be issued" not in scanned
    assert BANK in Page(client.get(f"/containers/{vial.code}")).words
    batch = client.get(f"/batches/{finished.batch.code}").get_data(as_text=True)
    row = batch.split(vial.code)[-1].split("</tr>")[0]
    assert "Released" not in row
    assert client.get(f"/containers/{vial.code}/label").status_code == 200
