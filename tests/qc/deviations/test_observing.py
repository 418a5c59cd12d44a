"""Anybody who works here records what they saw; QA says whether it is nothing or a deviation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrity import observations, signatures, verification
from integrity.acts import Act
from integrity.deviations import Deviation
from integrity.findings import Refused
from qc.deviations import observing, rules
from qc.deviations.observing import ObservedFacts, VerdictFacts
from qc.deviations.rule_ids import DeviationRule
from qc.release import alerts, full_record, full_record_csv, full_record_pdf, release_inputs
from tests.makers.people import entry_id, sign_in, sign_on, token
from tests.pages import Page
from tests.qc.deviations.test_raising import codes_of
from tests.templates import MORNING

SAW = "The medium looked a little darker than yesterday."
WHY = "The same lot looks so in every batch."
TICK = timedelta(seconds=1)


def observe(world, code, *, by="technician", said=SAW, seen_at=None, entry=None):
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        act = Act(session, world.people[by], world.clock(), entry or entry_id())
        return observing.observe(act, ObservedFacts(code, said, seen_at))


def classify(world, seen, verdict="nothing", why=WHY, *, entry=None):
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        act = Act(session, world.people["qa"], world.clock(), entry or entry_id())
        says = VerdictFacts(seen.id, verdict, "minor" if verdict == "deviation" else "")
        seal = signatures.seal(session, observing.verdict_facts(session, says), comment=why)
        return observing.classify(act, says, seal=seal)


def full_record_of(world):
    return record(world)[0]


def record(world):
    with world.database.reading() as session:
        found = release_inputs.gather(session, world.batch, world.clock())
        return (
            full_record.record_of(session, found),
            [alerts.shown(each, alerts.facts.ENGLISH) for each in alerts.of(session, found)],
        )


# The law
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "seen_at", "refused"),
    [
        (SAW, MORNING, []),
        (SAW, MORNING - timedelta(days=3), []),
        (SAW, MORNING + TICK, [DeviationRule.OBSERVED_IN_THE_FUTURE]),
        (SAW, MORNING - timedelta(days=366), []),
        (SAW, MORNING - timedelta(days=366) - TICK, [DeviationRule.OBSERVED_LONG_AGO]),
        ("dark", MORNING, [DeviationRule.OBSERVATION_UNSAID]),
        (". . . . . . .", MORNING + TICK, [
            DeviationRule.OBSERVATION_UNSAID, DeviationRule.OBSERVED_IN_THE_FUTURE,
        ]),
    ],
)  # fmt: skip
def test_what_is_observed_is_said_and_was_seen(said, seen_at, refused):
    assert [each.rule for each in rules.may_observe(said, seen_at, MORNING)] == refused


@pytest.mark.parametrize(
    ("state", "verdict", "grave", "why", "refused"),
    [
        ("unclassified", "nothing", "", WHY, []),
        ("unclassified", "deviation", "minor", WHY, []),
        ("unclassified", "deviation", "", WHY, [DeviationRule.UNREAD]),
        ("unclassified", "unclassified", "", WHY, [DeviationRule.VERDICT_UNREAD]),
        ("unclassified", "", "", "", [DeviationRule.VERDICT_UNREAD, DeviationRule.VERDICT_REASON]),
        ("nothing", "deviation", "major", WHY, [DeviationRule.CLASSIFIED_ALREADY]),
        ("deviation", "nothing", "", "no", [
            DeviationRule.CLASSIFIED_ALREADY, DeviationRule.VERDICT_REASON,
        ]),
    ],
)  # fmt: skip
def test_an_observation_is_classified_once_and_with_a_reason(state, verdict, grave, why, refused):
    assert [each.rule for each in rules.may_classify(state, verdict, grave, why)] == refused


# On a real batch
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["batch", "cord", "jar", "container", "sample", "lot", "equipment", "donor"]
)
def test_whatever_has_a_code_may_be_what_was_seen(finished, kind):
    code, scope = codes_of(finished)[kind]
    made = observe(finished, code)
    assert (made.scope, made.said, made.seen_at) == (scope, SAW, finished.clock())
    with finished.database.reading() as session:
        assert verification.verify(session).faults == []


@pytest.mark.parametrize("code", ["B26000999", "nobody", ""])
def test_a_code_that_nothing_stands_under_is_refused(finished, code):
    with pytest.raises(Refused, match="Scan its label again"):
        observe(finished, code)


@pytest.mark.req("EBR-17", "REL-03")
@pytest.mark.parametrize("kind", ["batch", "container", "cord", "donor"])
def test_it_blocks_the_review_until_quality_says_what_it_is_and_is_an_exception_then(
    finished, kind
):
    seen = observe(finished, codes_of(finished)[kind][0])
    with pytest.raises(Refused, match="waits for QA"):
        finished.review()
    classify(finished, seen)
    told, shown = record(finished)
    assert [each.word for each in shown if SAW in each.headline] == ["Observation"]
    assert [each["verdict"] for each in told["observations"]] == [f"{WHY} (Quality assurance 1)"]
    assert [each["said"] for each in told["observations"]] == [SAW]
    [signed] = told["observations"][0]["signatures"]
    assert signed["username"] == "qa1" and WHY in signed["meaning"]
    assert any(line[0] == "observations" and SAW in line for line in full_record_csv.lines_of(told))
    finished.review()


def test_the_print_of_the_record_holds_it(finished):
    before = len(full_record_pdf.draw(record(finished)[0]))
    classify(finished, observe(finished, finished.batch.code))
    assert len(full_record_pdf.draw(record(finished)[0])) > before


def test_one_that_is_recorded_after_the_review_outdates_it(finished):
    finished.review()
    classify(finished, observe(finished, finished.batch.code))
    with pytest.raises(Refused, match="out of date"):
        finished.decide("release_stage_1")


def test_one_that_is_a_deviation_is_raised_in_the_same_words_and_blocks_as_such(finished):
    seen = observe(finished, finished.batch.code)
    classify(finished, seen, "deviation")
    with finished.database.reading() as session:
        [told] = observations.seen(session, [seen])
        raised = session.get_one(Deviation, told.verdict.deviation_id)
        assert (raised.sentence(), raised.classification, told.state) == (SAW, "minor", "deviation")
        assert verification.verify(session).faults == []
    with pytest.raises(Refused, match="Deviation"):
        finished.review()


def test_a_double_tap_records_and_classifies_once(finished):
    twice, again = entry_id(), entry_id()
    one = observe(finished, finished.batch.code, entry=twice)
    assert observe(finished, finished.batch.code, entry=twice).id == one.id
    classify(finished, one, entry=again)
    classify(finished, one, entry=again)
    with pytest.raises(Refused, match="said already"):
        classify(finished, one)
    with finished.database.reading() as session:
        [given] = signatures.of(session, one)
        assert (given.username, given.meaning, given.comment) == ("qa1", "reviewed", WHY)


@pytest.mark.req("SIG-16")
def test_a_verdict_is_signed_as_it_was_shown(finished):
    seen = observe(finished, finished.batch.code)
    with finished.database.writing() as session, pytest.raises(Refused, match="Something changed"):
        act = Act(session, finished.people["qa"], finished.clock(), entry_id())
        shown = observing.verdict_facts(session, VerdictFacts(seen.id, "nothing"))
        seal = signatures.seal(session, shown, comment=WHY)
        observing.classify(act, VerdictFacts(seen.id, "deviation", "minor"), seal=seal)


def test_the_pages_lead_from_the_batch_to_the_observation_and_to_what_quality_says(finished, site):
    technician, qa = site.test_client(), site.test_client()
    sign_in(technician, "technician1")
    sign_in(qa, "qa1")
    batch = f"/batches/{finished.batch.code}"
    [path] = {e for e in Page(technician.get(batch)).links if "/observations/new" in e}
    typed = {"about": finished.batch.code, "said": SAW, "seen_at": ""}
    typed["csrf_token"] = token(technician, path)
    refused = technician.post(path, data=typed | {"said": "dark", "entry_id": entry_id()})
    assert refused.status_code == 409 and "dark" in refused.get_data(as_text=True)
    made = technician.post(path, data=typed | {"entry_id": entry_id()})
    assert made.status_code == 303
    assert SAW in Page(technician.get(batch)).words and SAW in Page(qa.get("/observations")).words
    deed = f"{made.location}/classify/nothing"
    assert qa.get(f"{made.location}/classify/perhaps").status_code == 404
    assert deed not in Page(technician.get(made.location)).links
    assert technician.get(deed).status_code == 403
    assert deed in Page(qa.get(made.location)).links
    refused = sign_on(qa, deed, "qa1", comment=WHY, password="not this one")
    assert refused.status_code == 401 and WHY in refused.get_data(as_text=True)
    assert sign_on(qa, deed, "qa1", comment=WHY).location == made.location
    words = Page(qa.get(made.location)).words
    assert "nothing that matters" in words and "I reviewed this" in words


@pytest.mark.parametrize("path", ["/holds", "/observations", "/overdue"])
def test_the_list_of_deviations_leads_to_what_else_people_said(site, path):
    client = site.test_client()
    sign_in(client, "reader1")
    assert path in Page(client.get("/deviations")).links
    assert client.get(path).status_code == 200
