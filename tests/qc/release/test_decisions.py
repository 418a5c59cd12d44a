"""From a finished batch to its release, its hold, its withdrawal: the acts on real records."""

from __future__ import annotations

import pytest

from integrity import signatures, states, trail, verification
from integrity.acts import Act
from integrity.findings import Refused, Stale
from integrity.trail import Event
from manufacturing.execution import batch_state
from qc.laboratory import results
from qc.release import (
    after_review,
    alerts,
    certificates,
    decisions,
    release_inputs,
    review,
    review_by_exception,
)
from qc.release.rests_on import blocking
from qc.release.words import ReleaseTerm
from stores import containers
from stores.rules import DISPOSITION
from tests.makers import qc, release as makers
from tests.makers.batches import find_laboratory
from tests.makers.people import entry_id, make_person


def disposition(session, batch):
    return states.of(session, batch, DISPOSITION)


@pytest.mark.slow
@pytest.mark.state("laboratory")
def test_a_batch_goes_from_the_cord_to_its_final_certificate(database, clock):
    laboratory = find_laboratory(database, clock)
    with database.writing() as session:
        qc.make_specification(session, laboratory.people, at=clock())
    batch = makers.make_finished_batch(laboratory)
    qa, releaser = laboratory.people["qa"], laboratory.people["releaser"]
    with database.writing() as session:
        makers.sign_review(session, batch, by=qa, at=clock())
        first = makers.decide(session, "release_stage_1", batch, by=releaser, at=clock(), why=None)
        assert disposition(session, batch) == "released_stage_1"
        assert [each["test"] for each in first.said["statement"]["pending"]] == ["Sterility"]
    clock.advance(days=29)
    with database.writing() as session:
        makers.culture_results(session, laboratory, batch)
        makers.sign_review(session, batch, by=qa, at=clock())
        last = makers.decide(session, "release_final", batch, by=releaser, at=clock(), why=None)
    with database.reading() as session:
        assert disposition(session, batch) == "released" and last.said["statement"]["pending"] == []
        assert set(
            containers.dispositions(
                session, containers.of_scope(session, batch.code, "final")
            ).values()
        ) == {"released"}
        assert (first.code, first.version, last.code, last.version) == (last.code, 1, first.code, 2)
        assert list(
            certificates.states_of(session, certificates.of_batch(session, batch.id)).values()
        ) == ["superseded", "current"]
        assert (
            verification.verify(
                session, (int(last.said["head"]["seq"]), last.said["head"]["hash"])
            ).faults
            == []
        )


def test_the_review_moves_the_batch_under_review_and_reaches_to_the_newest_event(finished):
    made = finished.review()
    with finished.database.reading() as session:
        assert disposition(session, finished.batch) == "under_review"
        found = release_inputs.gather(session, finished.batch, finished.clock())
        assert made.seq == after_review.newest_event(session, found.watched)[0]
        assert blocking(found.facts, "initial") == []


@pytest.mark.req("AUD-06")
def test_whatever_is_recorded_after_the_review_makes_it_out_of_date(finished):
    finished.review()
    with finished.database.writing() as session:
        deviation = makers.make_deviation(
            session,
            finished.batch,
            finished.batch.code,
            by=finished.people["technician"],
            at=finished.clock(),
        )
        makers.settle(session, deviation, by=finished.people["qa"], at=finished.clock())
    with finished.database.reading() as session:
        facts = review.situation(session, finished.batch)
        assert [item.headline() for item in blocking(facts, "initial")] == [
            "The review is out of date"
        ]
    with pytest.raises(Refused, match="deviation opened by technician1"):
        finished.decide("release_stage_1")
    finished.review()
    assert finished.decide("release_stage_1").version == 1


def test_what_changes_nothing_leaves_the_review_as_it_is(finished):
    finished.review()
    with finished.database.writing() as session:
        Act(session, finished.people["technician"], finished.clock()).refused(
            Refused(()), "record_step", scope=finished.batch.code
        )
        Act(session, finished.people["technician"], finished.clock()).say(
            "label.printed", ("label_prints", "1"), scope=finished.batch.code
        )
    with finished.database.reading() as session:
        assert blocking(review.situation(session, finished.batch), "initial") == []


def test_a_release_without_review_is_refused_and_changes_nothing(finished):
    with finished.database.reading() as session:
        before = trail.head(session)
    with pytest.raises(Refused, match="Not reviewed by QA"):
        finished.decide("release_stage_1")
    with finished.database.reading() as session:
        assert (
            trail.head(session) == before
            and certificates.of_batch(session, finished.batch.id) == []
        )


def test_a_review_is_refused_while_a_deviation_is_open(finished):
    with finished.database.writing() as session:
        makers.make_deviation(
            session,
            finished.batch,
            finished.batch.cord_code,
            by=finished.people["technician"],
            at=finished.clock(),
        )
    with pytest.raises(Refused, match="open, major"):
        finished.review()


@pytest.mark.req("SIG-16")
def test_a_release_of_facts_that_changed_meanwhile_is_refused(finished):
    finished.review()
    with finished.database.reading() as session:
        shown = decisions.release_stage_1_facts(session, finished.batch.id)
    with finished.database.writing() as session:
        sample = qc.samples_for(session, finished.batch, "viability")[0]
        old = next(
            each for each in results.of_sample(session, sample.id) if each.test == "viability"
        )
        corrected = qc.make_result(
            session,
            finished.people,
            sample,
            "viability",
            "96",
            at=finished.clock(),
            basis=None,
            reviewed=True,
            corrects_id=old.id,
            reason="Misread from the print-out",
        )
        assert corrected.shown == "96 %"
    finished.review()
    with pytest.raises(Stale), finished.database.writing() as session:
        decisions.release_stage_1(
            Act(session, finished.people["releaser"], finished.clock(), entry_id=entry_id()),
            finished.batch.id,
            seal=makers.seal(shown),
        )
    with finished.database.reading() as session:
        assert disposition(session, finished.batch) == "under_review"


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize("who", ["technician", "qc_analyst", "qc_reviewer"])
def test_whoever_did_or_tested_the_batch_does_not_release_it(finished, who):
    finished.review()
    with pytest.raises(Refused, match="Another person releases it"):
        finished.decide("release_stage_1", by=who)


def test_the_second_person_does_not_release_it_either(finished):
    finished.review()
    finished.people["second"] = finished.second
    with pytest.raises(Refused, match="Another person releases it"):
        finished.decide("release_stage_1", by="second")


def test_the_same_signature_sent_twice_is_one_release(finished):
    finished.review()
    with finished.database.reading() as session:
        seal = makers.seal(decisions.release_stage_1_facts(session, finished.batch.id))
    made, entry = [], entry_id()
    for _ in range(2):
        with finished.database.writing() as session:
            made.append(
                decisions.release_stage_1(
                    Act(session, finished.people["releaser"], finished.clock(), entry_id=entry),
                    finished.batch.id,
                    seal=seal,
                ).id
            )
    assert made[0] == made[1]


def test_the_release_event_comes_first_and_the_paper_is_bound_after_it(finished):
    finished.review()
    made = finished.decide("release_stage_1")
    kept = finished.drawn(made)
    with finished.database.reading() as session:
        said = session.query(Event).filter(Event.seq == int(made.said["head"]["seq"])).one()
        issued = session.query(Event).filter(Event.action == "certificate.issued").one()
        bound = session.query(Event).filter(Event.action == "certificate.drawn").one()
        assert (said.action, said.hash, bound.seq > issued.seq > said.seq) == (
            "release.initial",
            made.said["head"]["hash"],
            True,
        )
        assert bound.said["details"]["file_sha256"] == kept.sha256


def test_a_late_positive_holds_the_batch_at_once_and_its_certificate_is_under_review(finished):
    finished.review()
    finished.decide("release_stage_1")
    finished.clock.advance(days=3)
    with finished.database.writing() as session:
        sample = qc.samples_for(session, finished.batch, "sterility")[0]
        qc.make_result(
            session, finished.people, sample, "sterility", "growth", at=finished.clock(), basis=None
        )
    with finished.database.reading() as session:
        assert disposition(session, finished.batch) == "on_hold"
        assert set(
            containers.dispositions(
                session, containers.of_scope(session, finished.batch.code, "final")
            ).values()
        ) == {"on_hold"}
        assert list(
            certificates.states_of(
                session, certificates.of_batch(session, finished.batch.id)
            ).values()
        ) == ["under_review"]
    with pytest.raises(Refused, match="Sterility out of specification"):
        finished.decide("resume", by="qa")
    finished.decide("reject")
    with finished.database.reading() as session:
        assert disposition(session, finished.batch) == "rejected"
        assert set(
            containers.dispositions(
                session, containers.of_scope(session, finished.batch.code, "final")
            ).values()
        ) == {"rejected"}


def test_a_hold_whose_cause_was_a_documented_error_is_lifted_to_what_it_was(finished):
    finished.review()
    finished.decide("release_stage_1")
    with finished.database.writing() as session:
        sample = qc.samples_for(session, finished.batch, "sterility")[0]
        result = qc.make_result(
            session, finished.people, sample, "sterility", "growth", at=finished.clock(), basis=None
        )
        deviation = results.oos_of(session, [result])[result.id]
        at, people = finished.clock(), finished.people
        qc.investigate(session, people, deviation, at=at, cause="test system", sample=sample.code)
        makers.settle(session, deviation, by=people["qa"], at=at)
    with pytest.raises(Refused, match="Sterility not complete"):
        finished.decide("resume", by="qa")
    with finished.database.writing() as session:
        another = people | {"qc_analyst": people["qc_reviewer"]}
        qc.begin(session, another, sample, at=finished.clock())
        second = make_person(session, "qa", username="qa2", at=finished.clock())
    finished.review()
    finished.people = people | {"qa2": second}
    finished.decide("resume", by="qa2")
    with finished.database.reading() as session:
        assert disposition(session, finished.batch) == "released_stage_1"
        product = containers.of_scope(session, finished.batch.code, "final")
        assert set(containers.dispositions(session, product).values()) == {"released_stage_1"}


def test_a_withdrawn_release_recalls_the_batch(finished):
    finished.review()
    finished.decide("release_stage_1")
    finished.decide("withdraw")
    with finished.database.reading() as session:
        assert disposition(session, finished.batch) == "recalled"
        assert set(
            containers.dispositions(
                session, containers.of_scope(session, finished.batch.code, "final")
            ).values()
        ) == {"recalled"}
        assert list(
            certificates.states_of(
                session, certificates.of_batch(session, finished.batch.id)
            ).values()
        ) == ["withdrawn"]


def test_a_rejected_batch_is_never_released(finished):
    finished.review()
    finished.decide("reject", by="qa")
    with pytest.raises(Refused, match="rejected and cannot become"):
        finished.decide("release_stage_1")


@pytest.mark.req("REL-08")
def test_a_certificate_is_issued_anew_as_its_next_version_with_a_reason(finished):
    finished.review()
    first = finished.decide("release_stage_1")
    with pytest.raises(Refused, match="Say why"):
        finished.decide("reissue", why=None)
    again = finished.decide("reissue", why="The name of the site was misspelt.")
    with finished.database.reading() as session:
        assert (again.code, again.version, again.said["supersedes"]) == (first.code, 2, "1")
        assert certificates.states_of(session, [first, again]) == {
            first.id: "superseded",
            again.id: "current",
        }


@pytest.mark.req("REL-08")
def test_a_result_recorded_after_the_certificate_flags_it(finished):
    finished.review()
    made = finished.decide("release_stage_1")
    with finished.database.reading() as session:
        scopes = release_inputs.gather(session, finished.batch, finished.clock()).watched
        assert certificates.changed_since(session, made, scopes) == []
    finished.sterility()
    with finished.database.reading() as session:
        assert (
            "result recorded by qcanalyst1" in certificates.changed_since(session, made, scopes)[0]
        )


def test_signatures_of_review_and_release_hold_over_the_facts_that_were_shown(finished):
    finished.review()
    finished.decide("release_stage_1")
    with finished.database.reading() as session:
        signed = signatures.of(session, finished.batch)
        assert [each.meaning for each in signed] == [
            "reviewed",
            "certified",
        ] and not signatures.invalid(session, signed)
        assert (
            dict(signatures.signed_facts(session, signed[1]))["Facts SHA-256"]
            == certificates.of_batch(session, finished.batch.id)[0].facts_sha256
        )


def test_the_machine_counts_what_it_checked(finished):
    with finished.database.reading() as session:
        found = release_inputs.gather(session, finished.batch, finished.clock())
        counted = review_by_exception.checked(session, found)
        here = batch_state.gather(session, finished.batch.id)
        assert counted.entries == len(here.current) and counted.verified == counted.to_verify > 0
        assert (
            counted.scans == 53
            and counted.limits > 50
            and counted.events > 100
            and counted.broken == []
        )
        words = [alert.word for alert in alerts.of(session, found)]
        assert words == [*[ReleaseTerm.NOT_APPLICABLE] * 4, ReleaseTerm.NOT_TESTED]


def test_a_batch_whose_part_of_the_trail_was_changed_is_not_reviewed(finished):
    from sqlalchemy import text

    from tests.makers.records import switch_off_guards

    with finished.database.engine.begin() as connection:
        switch_off_guards(connection)
        connection.execute(text("""UPDATE results SET shown = '"99 %"' WHERE test = 'viability'"""))
    with pytest.raises(Refused, match="results is not what its event recorded"):
        finished.review()


@pytest.mark.req("AUD-11")
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("entries", "UPDATE entries SET name = 'Somebody else' WHERE step = 'wash'"),
        ("batches", "UPDATE batches SET master_title = 'Another master record'"),
    ],
)
def test_a_batch_whose_record_was_changed_after_its_review_is_not_released(finished, table, change):
    from sqlalchemy import text

    from tests.makers.records import switch_off_guards

    finished.review()
    with finished.database.engine.begin() as connection:
        switch_off_guards(connection)
        connection.execute(text(change))
    with pytest.raises(Refused, match=f"{table} is not what its event recorded"):
        finished.decide("release_stage_1")


def test_nothing_is_issued_anew_where_nothing_was_issued(finished):
    finished.review()
    with pytest.raises(Refused):
        finished.decide("reissue")
