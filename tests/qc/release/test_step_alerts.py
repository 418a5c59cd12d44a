"""A value of a step beyond the alert limit of the master record is seen by everybody who looks at
the batch after it: on the step, in the record, and as an exception of the review."""

from __future__ import annotations

import pytest

from demonstration.culture import ENTRIES
from integrity.acts import Act
from integrity.facts import ENGLISH, drawn
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.corrections import CorrectionFacts
from manufacturing.execution.entries import facts_of
from qc.release import alerts, full_record, release_inputs, review
from qc.release.words import ReleaseTerm
from tests.makers.people import entry_id, sign_in
from tests.pages import Page

pytestmark = pytest.mark.state("finished")
SAID = "Confluence: 87 % is accepted, and beyond the alert limit 75 – 85 %."


def correct(made, confluence):
    with made.database.writing() as session:
        state = batch_state.read(session, made.batch.id)
        entry = next(each for each in state.current if each.step == "p0_harvest")
        typed = {
            **ENTRIES["p0_harvest"],
            "confluence": confluence,
            **{lot: entry.values[lot]["code"] for lot in ("rinse", "reagent", "stop")},
        }
        act = Act(session, made.people["technician"], made.clock(), entry_id=entry_id())
        return corrections.correct(
            act, CorrectionFacts(entry.id, typed, "It was read wrongly from the flask")
        )


@pytest.mark.req("EBR-05", "EBR-17")
def test_an_alert_opens_no_deviation_and_stands_on_entry_record_and_signed_review(finished):
    made = correct(finished, "87")
    with finished.database.reading() as session:
        state = batch_state.read(session, finished.batch.id)
        assert state.opened_by(made.record) == []
        shown = drawn(facts_of(state.master, finished.batch.code, made.record), ENGLISH)
        assert ("Alert", SAID) in shown
        found = release_inputs.gather(session, finished.batch, finished.clock())
        [crossed] = [each for each in alerts.of(session, found) if each.word is ReleaseTerm.ALERT]
        assert crossed.is_signed and crossed.cure == ("entry", made.record.key)
        signed = review.review_facts(session, finished.batch.id, finished.clock())
        assert any("ebr-05-beyond-alert" in str(value) for _, value in signed)
        written = [
            value["value"]
            for stage in full_record.record_of(session, found)["stages"]
            for entry in stage["entries"]
            for value in entry["values"]
            if value["label"] == "Alert"
        ]
        assert written == [SAID]
    correct(finished, "85")
    with finished.database.reading() as session:
        found = release_inputs.gather(session, finished.batch, finished.clock())
        assert ReleaseTerm.ALERT not in {each.word for each in alerts.of(session, found)}


def test_review_record_and_print_show_the_alert_to_whoever_reads_them(finished, site):
    correct(finished, "87")
    qa, code = site.test_client(), finished.batch.code
    sign_in(qa, "qa1")
    review_page = Page(qa.get(f"/batches/{code}/review")).words
    assert SAID in review_page and "Inside the limit, outside the alert limit." in review_page
    assert SAID in Page(qa.get(f"/batches/{code}")).words
    assert SAID in qa.get(f"/batches/{code}/record.csv").get_data(as_text=True)
