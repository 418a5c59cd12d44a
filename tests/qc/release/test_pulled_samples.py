"""On a real batch: every sample that was pulled is tested or explained, and the last passage has
its in-process reading."""

from __future__ import annotations

import pytest

from integrity import signatures
from integrity.findings import Refused
from qc.laboratory import results
from qc.release import alerts, certified_statement, release_inputs, rests_on
from qc.release.situation import FINAL, INITIAL
from qc.release.words import ReleaseTerm
from stores import containers
from tests.makers import qc
from tests.makers.batches import find_laboratory
from tests.makers.people import PASSWORD, post, sign_in
from tests.makers.release import make_finished_batch
from tests.pages import Page
from tests.qc.conftest import find_finished

pytestmark = [pytest.mark.state("finished"), pytest.mark.req("QC-03")]


def against(session, world, gate=INITIAL):
    facts = release_inputs.gather(session, world.batch, world.clock()).facts
    return [each.headline() for each in rests_on.before_review(facts, gate)]


@pytest.fixture
def world(database, clock):
    return find_finished(database, clock)


def pull(session, world, test, kind="final suspension", **other):
    return qc.make_sample(session, world.people, world.batch, (test,), kind=kind, at=world.clock())


@pytest.mark.parametrize("test", ["bioburden", "karyotype", "hla_dr"])
def test_a_sample_that_nobody_tested_blocks_the_review_until_somebody_signs_why(world, test):
    with world.database.writing() as session:
        assert against(session, world) == []
        sample = pull(session, world, test)
        [blocked] = against(session, world)
        assert "not tested" in blocked and sample.code[-2:] in blocked
    with pytest.raises(Refused, match="nobody tested it"):
        world.review()
    with world.database.writing() as session:
        said = qc.explain(session, world.people, sample, test, at=world.clock())
        assert against(session, world) == []
        [signature] = signatures.of(session, sample)
        assert (signature.username, signature.comment) == (said.username, qc.SPILLED)


def test_what_follows_later_is_no_reason_at_the_final_release(world):
    with world.database.writing() as session:
        sample = pull(session, world, "karyotype")
        qc.explain(session, world.people, sample, "karyotype", "follows", at=world.clock())
        assert against(session, world) == []
        assert any("Karyotype of sample" in each for each in against(session, world, FINAL))
        qc.make_result(
            session,
            world.people,
            sample,
            "karyotype",
            "46,XX",
            choice="normal",
            at=world.clock(),
            reviewed=True,
        )
        assert not any("Karyotype" in each for each in against(session, world, FINAL))


def test_a_second_sample_of_a_required_test_that_was_spilled_is_explained(world):
    with world.database.writing() as session:
        sample = pull(session, world, "viability")
        qc.explain(session, world.people, sample, "viability", "follows", at=world.clock())
        assert against(session, world) == ["Viability result missing"]
        qc.explain(session, world.people, sample, "viability", at=world.clock())
        assert against(session, world) == []


def test_a_required_test_is_not_explained_away(world):
    with world.database.writing() as session:
        [sample] = qc.samples_for(session, world.batch, "gram_stain")
        [result] = results.of_sample(session, sample.id)
    with pytest.raises(Refused, match="has a result"), world.database.writing() as session:
        qc.explain(session, world.people, sample, "gram_stain", at=world.clock())
    with world.database.writing() as session:
        qc.invalidate(session, result, by=world.people["qc_reviewer"], at=world.clock())
        qc.explain(session, world.people, sample, "gram_stain", at=world.clock())
        assert against(session, world) == ["Gram stain (D) result missing"]


def test_a_planned_retest_is_not_explained_away(world):
    with world.database.writing() as session:
        sample = pull(session, world, "karyotype")
        result = qc.make_result(
            session, world.people, sample, "karyotype", "47,XX", choice="abnormal", at=world.clock()
        )
        deviation = results.oos_of(session, [result])[result.id]
        qc.investigate(
            session,
            world.people,
            deviation,
            at=world.clock(),
            cause="laboratory",
            sample=sample.code,
        )
    with pytest.raises(Refused, match="done, not explained"), world.database.writing() as session:
        qc.explain(session, world.people, sample, "karyotype", at=world.clock())


def test_an_explanation_stands_on_the_review_and_on_the_certificate(world):
    with world.database.reading() as session:
        found = release_inputs.gather(session, world.batch, world.clock())
        [told] = [each for each in alerts.of(session, found) if each.word is ReleaseTerm.NOT_TESTED]
        assert told.is_signed and qc.SPILLED in str(told.story)
        said = certified_statement.statement(session, found, INITIAL)
        [untested] = said["untested"]
        assert untested["test"] == "Bioburden of the transport fluid"
        assert untested["name"] == "QC reviewer 1" and untested["reason"] in qc.SPILLED
        assert "Not tested" in {
            label for label, _ in certified_statement.facts.drawn(certified_statement.pairs(said))
        }


def test_an_explanation_after_the_review_makes_it_out_of_date(world):
    world.review()
    with world.database.writing() as session:
        sample = qc.samples_for(session, world.batch, "bioburden")[0]
        qc.explain(session, world.people, sample, "bioburden", "not needed", at=world.clock())
    with pytest.raises(Refused, match="out of date|changed"):
        world.decide("release_stage_1")


# The last passage
# -------------------------------------------------------------------------------------------------


def spent_medium(session, world):
    [sample] = [
        each
        for each in containers.of_scope(session, world.batch.code, "sample")
        if each.sample_kind == "spent medium with cells"
    ]
    return sample


@pytest.mark.req("REL-04")
def test_stage_1_waits_for_a_reviewed_reading_of_the_last_passage(world):
    with world.database.writing() as session:
        sample = spent_medium(session, world)
        [reading] = results.of_sample(session, sample.id)
        qc.invalidate(session, reading, by=world.people["qc_reviewer"], at=world.clock())
        assert against(session, world) == ["Sterility of the last passage not read"]
        again = qc.make_result(
            session,
            world.people,
            sample,
            "sterility",
            "no_growth",
            at=world.clock(),
            basis=None,
            reading=True,
        )
        assert against(session, world) == ["Sterility of the last passage not read"]
        qc.review(session, again, by=world.people["qc_reviewer"], at=world.clock())
        assert against(session, world) == []


NOT_THOUGHT_OF = {"not_applicable": "Nobody had thought of it in time."}
IN_THE_PASSAGE_BEFORE = {"microbiology 2": {"not_applicable": ""}, "microbiology 3": NOT_THOUGHT_OF}
LATE = {"wash_cells": {"comment": "There is no sample of the last passage."}}


@pytest.mark.req("REL-04")
@pytest.mark.state("laboratory")
@pytest.mark.parametrize("left_out", [{"microbiology": NOT_THOUGHT_OF}, IN_THE_PASSAGE_BEFORE])
def test_the_sample_of_the_last_passage_cannot_be_left_out(database, clock, left_out):
    laboratory = find_laboratory(database, clock)
    batch = make_finished_batch(laboratory, changes=left_out | LATE)
    with database.reading() as session:
        facts = release_inputs.gather(session, batch, clock()).facts
        told = [each.headline() for each in rests_on.before_review(facts, INITIAL)]
    assert "Sterility of the last passage not sampled" in told


# Pages
# -------------------------------------------------------------------------------------------------


def test_qc_signs_why_on_the_page_of_the_sample(finished, site):
    with finished.database.writing() as session:
        sample = pull(session, finished, "karyotype")
    client = site.test_client()
    sign_in(client, "qcreviewer1")
    path = f"/samples/{sample.code}/tests/karyotype/untested/not-needed"
    assert "Not tested: not needed" in client.get(f"/samples/{sample.code}").get_data(as_text=True)
    reviewed = Page(client.get(path)).value("reviewed")
    proof = {"reviewed": reviewed, "username": "qcreviewer1", "password": PASSWORD}
    assert post(client, path, **proof, comment="no").status_code == 422
    reason = "The donor's karyotype is known from the bank."
    assert post(client, path, **proof, comment=reason).status_code == 303
    shown = client.get(f"/samples/{sample.code}").get_data(as_text=True)
    assert "karyotype is known from the bank" in shown and "I reviewed this" in shown
    assert client.get(path.replace("not-needed", "forgotten")).status_code == 404
    assert client.get(path.replace("karyotype", "viability")).status_code == 404
