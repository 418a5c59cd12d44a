"""Makers for deviations, review and release.

What QA and the releaser do, through the same acts the pages use.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from demonstration import donation
from integrity import clock as clocks
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.deviations import Deviation, open_deviation
from integrity.files import File
from integrity.findings import deviates
from integrity.signatures import Seal, reviewed
from integrity.trail import SYSTEM, Actor
from labels import print_register
from labels.numbering import issue
from labels.print_register import Paper
from manufacturing.donation import cords
from manufacturing.donation.donations import Donor
from manufacturing.execution import batch_state, steps
from manufacturing.execution.batches import Batch
from manufacturing.execution.rule_ids import ExecutionRule
from qc.deviations import investigation
from qc.deviations.investigation import Assessment, AssessmentFacts, Judgement
from qc.release import certificate_files, decisions, exceptions, release_inputs, review
from qc.release.certificates import Certificate
from qc.release.exception_rules import Effect, Held
from stores import container_labels, containers
from tests.makers import qc
from tests.makers.batches import find_batch, find_laboratory, make_batch, make_cord, walk_batch
from tests.makers.people import entry_id
from tests.makers.subjects import scope_named

WHY = "Viability and yield are inside their limits."


def seal(facts: Any, comment: str | None = None) -> Seal:
    return Seal(reviewed(facts), "user name and password", comment)


def make_deviation(
    session: Session,
    subject: Any,
    scope: str,
    *,
    by: Actor,
    at: datetime,
    classification: str = "major",
    sentence: str = "Volume: 240 mL, accepted 180 – 220 mL.",
    consequence: str = "deviation",
    comment: str | None = "The jug was overfilled",
) -> Deviation:
    """A deviation as an act would open it."""
    finding = deviates(
        ExecutionRule.UNREADABLE, classification, consequence=consequence, fault=sentence
    )
    return open_deviation(
        Act(session, by, at),
        finding,
        issue(Act(session, SYSTEM, at), "N"),
        scope=scope_named(session, scope),
        subject=subject,
        place="Washing · PBS wash 2",
        comment=comment,
    )


def assess(
    session: Session,
    deviation: Deviation,
    *,
    by: Actor,
    at: datetime,
    classification: str | None = None,
    reason: str = "",
) -> Assessment:
    facts = AssessmentFacts(
        deviation.id,
        "The jug has no mark at 200 mL.",
        "None: the wash is discarded.",
        classification or deviation.classification,
        reason,
    )
    return investigation.assess(Act(session, by, at, entry_id=entry_id()), facts)


def judge(
    session: Session,
    deviation: Deviation,
    decision: str = "continue",
    *,
    by: Actor,
    at: datetime,
    why: str | None = WHY,
) -> Judgement:
    facts = investigation.judge_facts(session, deviation.id, decision)
    return investigation.judge(
        Act(session, by, at, entry_id=entry_id()), deviation.id, decision, seal=seal(facts, why)
    )


def close(session: Session, deviation: Deviation, *, by: Actor, at: datetime) -> Deviation:
    facts = investigation.close_facts(session, deviation.id)
    return investigation.close(
        Act(session, by, at, entry_id=entry_id()), deviation.id, seal=seal(facts)
    )


def settle(
    session: Session, deviation: Deviation, *, by: Actor, at: datetime, decision: str = "continue"
) -> Deviation:
    """Assessed, judged and closed."""
    assess(session, deviation, by=by, at=at)
    judge(session, deviation, decision, by=by, at=at)
    return close(session, deviation, by=by, at=at)


# A whole batch
# -------------------------------------------------------------------------------------------------


def make_finished_batch(
    laboratory: Any,
    *,
    results: dict[str, Any] | None = None,
    sterility: bool = True,
    **changes: Any,
) -> Any:
    """A batch that is complete, its donor eligible, its cord accepted, its samples tested with the
    published results and reviewed.

    `results` replaces single results (None leaves one out); the sterility test has begun unless
    told otherwise."""
    database, people, clock = laboratory.database, laboratory.people, laboratory.clock
    cord = make_cord(laboratory)
    with database.writing() as session:
        donor = session.get_one(Donor, cord.donor_id)
        donation.record_tests(
            session,
            donor,
            cord.born_at + timedelta(minutes=20),
            by=people["technician"],
            at=clock(),
        )
        donation.determine_eligible(session, donor, by=people["qa"], at=clock())
        cords.decide(
            Act(session, people["qa"], clock(), entry_id=entry_id()),
            cord.id,
            "accepted",
            seal=seal(cords.facts_of(session, cord.id, "accepted")),
        )
    batch = make_batch(laboratory, cord)
    walk_batch(laboratory, batch, **changes)
    clock.advance(minutes=20)
    with database.writing() as session:
        test_samples(session, laboratory, batch, results or {}, sterility)
    return batch


def finish(database: Database, clock: Any) -> None:
    """The state "finished": one batch complete and tested, as published, ready for review."""
    laboratory = find_laboratory(database, clock)
    with database.writing() as session:
        qc.make_specification(session, laboratory.people, at=clock())
    make_finished_batch(laboratory)


def be_reviewed(database: Database, clock: Any) -> None:
    """The state "reviewed": QA has signed the review of it."""
    qa = find_laboratory(database, clock).people["qa"]
    batch = find_batch(database)
    with database.writing() as session:
        sign_review(session, batch, by=qa, at=clock())


def test_samples(
    session: Session, laboratory: Any, batch: Any, changed: dict[str, Any], sterility: bool
) -> None:
    """QC receives the release samples, begins the cultures, records and reviews a result for
    every other test.
    """
    people, at = laboratory.people, laboratory.clock()
    pulled = containers.of_scope(session, batch.code, "sample")
    tests = containers.tests_of(session, [each.id for each in pulled])
    for sample in pulled:
        if "bioburden" in tests[sample.id]:
            qc.explain(session, people, sample, "bioburden", at=at)
            continue
        qc.receive(session, people, sample, at=at)
        for test in tests[sample.id]:
            if test in qc.CULTURES:
                if test != "sterility":
                    qc.begin(session, people, sample, at=at, test=test)
                elif sterility:
                    begin_sterility(session, people, sample, at)
                continue
            facts = changed.get(test, qc.PUBLISHED[test])
            if facts is not None:
                qc.make_result(
                    session, people, sample, test, basis=None, at=at, reviewed=True, **facts
                )


def begin_sterility(session: Session, people: dict[str, Actor], sample: Any, at: datetime) -> None:
    """The test begins; that of the last passage is read as well, as stage 1 asks for."""
    qc.begin(session, people, sample, at=at)
    if sample.sample_kind == "spent medium with cells":
        qc.make_result(
            session,
            people,
            sample,
            "sterility",
            "no_growth",
            at=at,
            basis=None,
            reading=True,
            reviewed=True,
        )


test_samples.__test__ = False  # type: ignore[attr-defined]  # it makes samples' results; it is no test


def culture_results(
    session: Session,
    laboratory: Any,
    batch: Any,
    value: str = "no_growth",
    *,
    reviewed: bool = True,
) -> Any:
    """The final results of every culture of a batch; `value` is that of the blood culture."""
    people, at = laboratory.people, laboratory.clock()
    return [
        qc.make_result(session, people, each, test, said, at=at, basis=None, reviewed=reviewed)
        for test, said in {**qc.CULTURES, "sterility": value}.items()
        for each in qc.samples_for(session, batch, test)
    ]


def judge_exceptions(session: Session, batch: Any, *, by: Actor, at: datetime) -> None:
    """QA holds of every exception that is open that it has no effect."""
    found = release_inputs.gather(session, session.get_one(Batch, batch.id), at)
    said = [Held(each.key, Effect.NONE) for each in exceptions.of(session, found) if each.is_open]
    if said:
        exceptions.judge(Act(session, by, at, entry_id=entry_id()), batch.id, said)


def sign_review(session: Session, batch: Any, *, by: Actor, at: datetime) -> Any:
    """QA judges what is open and signs."""
    judge_exceptions(session, batch, by=by, at=at)
    return review.sign_review(
        Act(session, by, at, entry_id=entry_id()),
        batch.id,
        seal=seal(review.review_facts(session, batch.id, at)),
    )


DECISIONS = {
    "release_stage_1": decisions.release_stage_1_facts,
    "release_final": decisions.release_final_facts,
    "hold": decisions.hold_facts,
    "reject": decisions.reject_facts,
    "withdraw": decisions.withdraw_facts,
    "resume": decisions.resume_facts,
    "reissue": decisions.reissue_facts,
}


def decide(
    session: Session,
    deed: str,
    batch: Any,
    *,
    by: Actor,
    at: datetime,
    why: str | None = "Decided on the whole record.",
) -> Any:
    """One of the signed decisions, with the facts as they are now."""
    return getattr(decisions, deed)(
        Act(session, by, at, entry_id()),
        batch.id,
        seal=seal(DECISIONS[deed](session, batch.id, at), why),
    )


def drawn(database: Database, clock: Any, certificate: Certificate) -> File:
    """The file of a certificate, drawn first where it was not yet."""
    transaction = partial(clocks.transaction, database, clock)
    made = certificate_files.drawn(database, transaction, certificate.id)
    with database.reading() as session:
        kept = certificate_files.content_of(session, made)
        assert kept.content
    return kept


def trail_say(session: Session, batch: Any, by: Actor, at: datetime) -> None:
    """Say that a batch was moved by hand."""
    Act(session, by, at).say("batch.under_review", batch, scope=batch.code)


def print_again(world: Any, kind: str) -> None:
    """The labels of a kind of container of the batch, as they are now."""
    with world.database.reading() as session:
        made = containers.of_scope(session, world.batch.code, kind)
        labels = container_labels.of(session, made, world.clock())
        drawing = print_register.draw_ahead(session, labels, Paper.A4, world.clock())
    with world.database.writing() as session:
        act = Act(session, world.people["technician"], world.clock(), entry_id())
        words = {"paper": Paper.A4, "reason": "The first one was torn.", "scope": world.batch.code}
        print_register.print_labels(act, labels, drawing, **words)


def sign_again(finished: Any) -> None:
    """Whatever waits for a second person or a sign-off is signed."""
    while True:
        finished.clock.advance(minutes=1)
        with finished.database.writing() as session:
            now = batch_state.gather(session, finished.batch.id)
            if now.open.verify:
                entry = now.at(now.open.verify)
                steps.verify_entry(
                    Act(session, finished.second, finished.clock(), entry_id=entry_id()),
                    entry.id,
                    seal=seal(steps.entry_facts(session, entry.id)),
                )
            elif now.open.sign:
                facts = steps.stage_facts(session, finished.batch.id, now.open.sign)
                steps.sign_stage(
                    Act(
                        session,
                        finished.people["technician"],
                        finished.clock(),
                        entry_id=entry_id(),
                    ),
                    finished.batch.id,
                    now.open.sign,
                    seal=seal(facts),
                )
            else:
                assert now.execution == "complete"
                return
