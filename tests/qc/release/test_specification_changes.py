"""One batch is judged by another version because QA approved it by name; no other batch is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demonstration.culture import ENTRIES
from integrity import deviations, verification
from integrity.acts import Act
from integrity.facts import drawn
from integrity.findings import Refused
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.corrections import CorrectionFacts
from qc.laboratory import (
    judging_versions,
    result_facts,
    results,
    specification_changes,
    verdicts,
)
from qc.release import alerts, certified_statement, release_inputs, rests_on, review
from qc.release.situation import INITIAL
from qc.release.words import ReleaseTerm
from tests.makers import qc
from tests.makers.people import PASSWORD, entry_id, post, sign_in
from tests.pages import Page
from tests.qc.conftest import find_finished

pytestmark = [pytest.mark.state("finished"), pytest.mark.req("QC-01")]
WHY = "The sponsor's amendment 3 asks for it of this patient."
STRICTER = qc.with_line(**{'limit = "80"': 'limit = "96"', 'alert_low = "85"': 'alert_low = "98"'})
TOO_STRICT = qc.with_line(
    **{'limit = "80"': 'limit = "98"', 'alert_low = "85"': 'alert_low = "99"'}
)


@pytest.fixture
def world(database, clock):
    return find_finished(database, clock)


def version(session, world, data=STRICTER, days=0):
    """A version that is approved, in force in so many days."""
    at = world.clock()
    return qc.make_specification(
        session, world.people, data=data, at=at, effective_from=at + timedelta(days=days)
    )


def change(session, world, document, by="qa", why=WHY):
    shown = specification_changes.change_facts(session, world.batch.id, document.id)
    act = Act(session, world.people[by], world.clock(), entry_id=entry_id())
    return specification_changes.change(act, world.batch.id, document.id, seal=qc.seal(shown, why))


def gathered(session, world):
    return release_inputs.gather(session, world.batch, world.clock())


def viability(session, world):
    [line] = [each for each in gathered(session, world).lines if each.line.id == "viability"]
    return line


def test_its_results_are_judged_anew_and_name_the_version_that_judged_them(world):
    with world.database.writing() as session:
        newer = version(session, world, days=30)
        assert viability(session, world).limit == "> 80 %"
        change(session, world, newer)
        line = viability(session, world)
        assert (line.state, line.limit, line.specification) == (
            "conforms",
            "> 96 %",
            "SP-UCMSC version 2",
        )
        assert gathered(session, world).facts.specification == "SP-UCMSC version 2"
        other = qc.make_bare_batch(session, world.people, at=world.clock())
        judged = judging_versions.judged_by(session, [world.batch, other])
        assert judged[world.batch.id] == newer.id != judged[other.id]
        sample = qc.make_sample(session, world.people, world.batch, at=world.clock())
        again = qc.make_result(session, world.people, sample, at=world.clock())
        assert again.specification_id == newer.id
    with world.database.reading() as session:
        assert verification.verify(session).whole


def test_it_stands_on_the_review_and_on_the_certificate(world):
    with world.database.writing() as session:
        change(session, world, version(session, world))
        found = gathered(session, world)
        [told] = [
            each
            for each in alerts.of(session, found)
            if each.word is ReleaseTerm.SPECIFICATION_CHANGED
        ]
        assert told.is_signed and WHY in str(told.story)
        said = certified_statement.statement(session, found, INITIAL)
        assert said["specification"] == "SP-UCMSC version 2"
        assert WHY in dict(said["identity"])["Specification changed"]
        row = next(each for each in said["results"] if each["test"] == "Viability")
        assert (row["limit"], row["specification"]) == ("> 96 %", "SP-UCMSC version 2")
        signed = drawn(review.review_facts(session, world.batch.id, world.clock()))
        assert "Specification changed" in dict(signed)


def test_what_fails_by_the_other_version_opens_its_deviation_and_blocks(world):
    with world.database.writing() as session:
        before = len(deviations.in_scopes(session, [world.batch.id]))
        change(session, world, version(session, world, TOO_STRICT))
        assert viability(session, world).state == "fails"
        *_, opened = deviations.in_scopes(session, [world.batch.id])
        assert opened.rule == "qc-05-out-of-specification"
        assert len(deviations.in_scopes(session, [world.batch.id])) == before + 1
        told = rests_on.before_review(gathered(session, world).facts, INITIAL)
        assert any("Viability" in each.headline() for each in told)


CLEAR = qc.with_line(**{'value = "good"': 'value = "clear"'})
ABOVE_ONE = qc.with_line(
    **{'low = "0", high = "1000", unit = "EU/mL"': 'low = "1", high = "1000", unit = "EU/mL"'}
)


@pytest.mark.parametrize(("data", "test"), [(CLEAR, "Appearance"), (ABOVE_ONE, "Endotoxin")])
def test_a_version_that_cannot_read_what_was_recorded_is_refused_in_a_sentence(world, data, test):
    with world.database.writing() as session:
        newer = version(session, world, data)
    with (
        pytest.raises(Refused, match=f"version 2 cannot read what was recorded of {test}"),
        world.database.writing() as session,
    ):
        change(session, world, newer)


def test_a_version_that_cannot_read_a_result_is_refused_on_the_page(finished, site):
    with finished.database.writing() as session:
        newer = version(session, finished, CLEAR)
    client = site.test_client()
    sign_in(client, "qa1")
    path = f"/batches/{finished.batch.code}/specification/{newer.id}"
    page = client.get(path)
    proof = {"reviewed": Page(page).value("reviewed"), "username": "qa1", "password": PASSWORD}
    answer = post(client, path, **proof, comment=WHY)
    assert answer.status_code == 409
    assert "cannot read what was recorded of Appearance" in Page(answer).words


def test_page_review_and_what_is_signed_say_one_verdict_after_a_change(finished, site):
    with finished.database.writing() as session:
        change(session, finished, version(session, finished, TOO_STRICT))
        line = viability(session, finished)
        found = [
            each
            for each in results.of_scope(session, finished.batch.code)
            if each.test == "viability"
        ]
        says = verdicts.standing(session, found)
        assert {each.word for each in says.values()} == {line.state} == {"fails"}
        signed = dict(drawn(result_facts.facts_of(session, found[-1].id)))
        assert signed["Specification"].startswith("SP-UCMSC version 2")
        assert signed["Verdict"] == "fails"
        assert "conforms, by SP-UCMSC version 1" in signed["When recorded"]
    client = site.test_client()
    sign_in(client, "qa1")
    words = Page(client.get(f"/results/{found[-1].id}")).words
    assert "Judged anew" in words and "SP-UCMSC version 2" in words
    samples = Page(client.get(f"/samples/{found[-1].sample}")).words
    assert "Out of specification" in samples and "conforms" in samples


def test_a_correction_after_a_change_judges_by_the_version_that_was_approved(world):
    with world.database.writing() as session:
        sample = qc.samples_for(session, world.batch, "endotoxin")[0]
        old = results.finals_of(session, sample, "endotoxin")[-1]
        given = {"corrects_id": old.id, "reason": "Misread from the print-out"}
        at, people = world.clock(), world.people
        result = qc.make_result(
            session, people, sample, "endotoxin", "2", at=at, basis=None, **given
        )
        stricter = qc.with_line(**{'limit = "5"': 'limit = "0.9"'})
        change(session, world, version(session, world, stricter))
        assert results.oos_of(session, [result]) == {}
    with world.database.writing() as session:
        state = batch_state.read(session, world.batch.id)
        entry = next(each for each in state.current if each.step == "dose")
        typed = dict(ENTRIES["dose"]) | {"weight": "25"}
        act = Act(session, world.people["technician"], world.clock(), entry_id())
        corrections.correct(act, CorrectionFacts(entry.id, typed, "Another patient's card"))
    with world.database.reading() as session:
        [line] = [each for each in gathered(session, world).lines if each.line.id == "endotoxin"]
        says = verdicts.standing(session, [result])[result.id]
        assert line.state == says.word == "fails"
        assert says.shown in results.oos_of(session, [result])[result.id].sentence()


@pytest.mark.req("QC-06")
def test_a_result_that_fails_is_neither_passed_nor_left_out_by_a_change(world):
    with world.database.writing() as session:
        sample = qc.make_sample(session, world.people, world.batch, at=world.clock())
        qc.make_result(session, world.people, sample, value="70", at=world.clock())
        lower = qc.with_line(
            **{'limit = "80"': 'limit = "60"', 'alert_low = "85"': 'alert_low = "65"'}
        )
        lower_version = version(session, world, lower)
        lines = qc.SHIPPED_BYTES.decode().split("[[lines]]")
        without = "[[lines]]".join(each for each in lines if 'id = "viability"' not in each)
        without_line = version(session, world, without.encode())
    for document in (lower_version, without_line):
        with pytest.raises(Refused, match="ends only by"), world.database.writing() as session:
            change(session, world, document)


@pytest.mark.req("QC-06")
def test_no_change_drops_an_investigation_or_a_planned_retest(world):
    lines = qc.SHIPPED_BYTES.decode().split("[[lines]]")
    without = "[[lines]]".join(each for each in lines if 'id = "cd105"' not in each)
    people, at = world.people, world.clock()
    with world.database.writing() as session:
        newer = version(session, world, days=30)
        lacking = version(session, world, without.encode(), days=60)
        sample = qc.make_sample(session, people, world.batch, ("cd105",), at=at)
        failing = qc.make_result(session, people, sample, "cd105", value="80", at=at, basis=None)
        deviation = results.oos_of(session, [failing])[failing.id]
    with pytest.raises(Refused, match="has not ended"), world.database.writing() as session:
        change(session, world, newer)
    with world.database.writing() as session:
        planned = {"cause": "laboratory", "sample": sample.code, "retests": 2}
        qc.investigate(session, people, deviation, at=at, **planned)
    retesting = people | {"qc_analyst": people["qc_reviewer"]}
    for left in ("2", "1"):
        for document in (newer, lacking):
            with (
                pytest.raises(Refused, match=f"waits for retests of CD105.*: {left}"),
                world.database.writing() as session,
            ):
                change(session, world, document)
        with world.database.writing() as session:
            qc.make_result(session, retesting, sample, "cd105", value="97", at=at, basis=None)
    with pytest.raises(Refused, match="no line for it"), world.database.writing() as session:
        change(session, world, lacking)
    with world.database.writing() as session:
        change(session, world, newer)


def test_a_change_after_the_review_makes_it_out_of_date_and_after_a_release_is_too_late(world):
    world.review()
    with world.database.writing() as session:
        change(session, world, version(session, world))
    with pytest.raises(Refused, match="out of date|changed"):
        world.decide("release_stage_1")
    world.review()
    world.decide("release_stage_1")
    with world.database.writing() as session:
        third = version(session, world, TOO_STRICT)
    with pytest.raises(Refused, match="before a release"), world.database.writing() as session:
        change(session, world, third)


def test_a_draft_and_a_reason_of_dots_are_refused(world):
    with world.database.writing() as session:
        draft = qc.import_specification(session, world.people, data=STRICTER, at=world.clock())
    with pytest.raises(Refused, match="only an approved"), world.database.writing() as session:
        change(session, world, draft)
    with world.database.writing() as session:
        newer = version(session, world, TOO_STRICT)
    with pytest.raises(Refused, match="Say why"), world.database.writing() as session:
        change(session, world, newer, why="..........")


def test_qa_approves_it_on_its_page_and_others_may_only_look(finished, site):
    with finished.database.writing() as session:
        newer = version(session, finished)
    path = f"/batches/{finished.batch.code}/specification"
    for username, button in (("qa1", True), ("qcreviewer1", False)):
        client = site.test_client()
        sign_in(client, username)
        text = client.get(path).get_data(as_text=True)
        assert ("Judge by SP-UCMSC version 2" in text) is button
    assert client.get(f"{path}/{newer.id}").status_code == 403
    client = site.test_client()
    sign_in(client, "qa1")
    page = client.get(f"{path}/{newer.id}")
    assert "&gt; 80 %" in page.get_data(as_text=True) and "&gt; 96 %" in page.get_data(as_text=True)
    proof = {"reviewed": Page(page).value("reviewed"), "username": "qa1", "password": PASSWORD}
    assert post(client, f"{path}/{newer.id}", **proof, comment=WHY).status_code == 303
    assert "amendment 3" in client.get(path).get_data(as_text=True)
    assert client.get(f"{path}/{newer.id}").status_code == 404
    with finished.database.reading() as session:
        assert results.of_scope(session, finished.batch.code)
