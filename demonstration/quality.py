"""Quality control and assurance of the demonstration: samples received and tested, deviations
brought to their close.

The results are those published for release of the same group's product (J Transl Med 2020;18, Table
2), where there are any."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from integrity import signatures
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.deviations import Deviation
from integrity.site import zone
from integrity.trail import SYSTEM, Actor
from manufacturing.execution.batches import Batch, standing
from qc.deviations import investigation
from qc.laboratory import pulled_samples, result_facts, result_reviews, samples, testing
from qc.laboratory.rules.pulled import Untested
from qc.release import (
    certificate_files,
    decisions as desk,
    exceptions,
    release_inputs,
    review as qa_review,
)
from qc.release.certificates import Certificate
from qc.release.exception_rules import Effect, Held
from stores import containers
from stores.containers import Container

# test: what is typed; for a text line the text and the verdict chosen on it
RESULTS: Mapping[str, str | tuple[str, str]] = {
    "viability": "97",
    "cell_dose": "6.21e7",
    "appearance": "good",
    "cd73": "97.9",
    "cd90": "100",
    "cd105": "100",
    "cd_negative": "0.9",
    "endotoxin": "< 0.1",
    "mycoplasma": "negative",
    "gram_stain": "none",
    "sterility": "no_growth",
    "karyotype": ("46,XX", "normal"),
    "sterility_compendial": "no_growth",
    "mycoplasma_culture": "negative",
    "immunoregulation": "T cells suppressed in co-culture",
    "bioburden": "12",
}
LONG = "sterility"
CULTURES = (LONG, "sterility_compendial", "mycoplasma_culture")
LATE = (*CULTURES, "karyotype")
NO_EFFECT = "The record explains it, and every limit of the product is held."


@dataclass
class Quality:
    """Who tests, reviews and judges, in which database and by which clock.

    `clock_name` as the trail says it.
    """

    database: Database
    clock: Callable[[], datetime]
    wait: Callable[[timedelta], None]
    analyst: Actor
    reviewer: Actor
    qa: Actor
    clock_name: str = "server"

    def act(
        self,
        deed: Callable[..., Any],
        *arguments: Any,
        by: Actor,
        after: timedelta = timedelta(minutes=2),
        **words: Any,
    ) -> Any:
        """One act in one transaction, some minutes after the one before."""
        self.wait(after)
        with self.transaction(by) as act:
            return deed(act, *arguments, **words)

    def signed(
        self,
        deed: Callable[..., Any],
        facts: Callable[..., Any],
        *arguments: Any,
        by: Actor,
        comment: str | None = None,
        after: timedelta = timedelta(minutes=2),
        **words: Any,
    ) -> Any:
        """One signing act on the facts that the arguments have at that moment."""
        self.wait(after)
        with self.transaction(by) as act:
            seal = signatures.seal(act.session, facts(act.session, *arguments), comment=comment)
            return deed(act, *arguments, seal=seal, **words)

    @contextmanager
    def transaction(self, by: Actor) -> Iterator[Act]:
        """The writing transaction of one act, as things stand on this clock."""
        with self.database.writing() as writing:
            yield self._act(writing, by)

    def _act(self, writing: Session, by: Actor) -> Act:
        writing.ledger.clock, writing.ledger.zone = self.clock_name, zone(writing).key
        return Act(writing, by, self.clock(), str(uuid.uuid4()))

    def samples_of(self, batch: Batch) -> Sequence[Container]:
        with self.database.reading() as reading:
            return containers.of_scope(reading, batch.code, "sample")

    def tests_of(self, sample: Container) -> list[str]:
        with self.database.reading() as reading:
            return containers.tests_of(reading, [sample.id])[sample.id]


def receive_samples(quality: Quality, batch: Batch) -> None:
    """Take every sample that QC does not have yet into custody, and begin what takes long."""
    for sample in quality.samples_of(batch):
        with quality.database.reading() as reading:
            known = samples.receipt_of(reading, sample.id)
        if known is None:
            quality.act(
                samples.receive,
                samples.ReceiptFacts(sample.code, "intact", "2–8 °C, QC refrigerator 1"),
                by=quality.analyst,
            )
            for name in filter(CULTURES.__contains__, quality.tests_of(sample)):
                quality.act(
                    testing.begin,
                    testing.BeginningFacts(sample.code, name, quality.clock()),
                    by=quality.analyst,
                    after=timedelta(0),
                )


def test(
    quality: Quality,
    batch: Batch,
    which: Callable[[Container, str], bool],
    *,
    reading: bool = False,
    figures: Mapping[str, str | tuple[str, str]] = RESULTS,
) -> None:
    """Record and review the results of the tests chosen by their sample and id."""
    for sample in quality.samples_of(batch):
        for name in quality.tests_of(sample):
            if not which(sample, name):
                continue
            value = figures[name]
            typed, choice = (value, None) if isinstance(value, str) else value
            facts = testing.ResultFacts(
                sample.code,
                name,
                typed,
                quality.clock(),
                "1",
                f"Raw data {sample.code}/{name}",
                choice=choice,
                reading=reading,
            )
            made = quality.act(testing.record, facts, by=quality.analyst)
            quality.signed(
                result_reviews.review, result_facts.facts_of, made.id, by=quality.reviewer
            )


def explain_what_follows(quality: Quality, batch: Batch) -> None:
    """What only time can tell and no stage asks for: signed that it follows."""
    for sample in quality.samples_of(batch):
        for name in quality.tests_of(sample):
            if name in LATE and name not in CULTURES:
                quality.signed(
                    pulled_samples.explain,
                    pulled_samples.explain_facts,
                    sample.code,
                    name,
                    Untested.FOLLOWS,
                    by=quality.reviewer,
                    comment="The culture for the karyotype takes two weeks; it informs.",
                )


def close_deviations(
    quality: Quality, batch: Batch, *, cause: str, impact: str, reason: str
) -> int:
    """Assess, judge and close every open deviation of a batch and its cord; gives how many."""
    with quality.database.reading() as reading:
        found = reading.scalars(
            select(Deviation)
            .where(Deviation.scope_id.in_([batch.id, batch.cord_id]))
            .order_by(Deviation.id)
        ).all()
        waiting = [
            story.deviation
            for story in investigation.stories(reading, found)
            if story.state == "open"
        ]
    for deviation in waiting:
        settle(quality, deviation, cause=cause, impact=impact, reason=reason)
    return len(waiting)


def settle(
    quality: Quality,
    deviation: Deviation,
    *,
    cause: str,
    impact: str,
    reason: str,
    decision: str = "continue",
) -> None:
    """One deviation assessed, judged and closed by QA."""
    key = deviation.id
    quality.act(
        investigation.assess,
        investigation.AssessmentFacts(key, cause, impact, deviation.classification),
        by=quality.qa,
        after=timedelta(minutes=25),
    )
    quality.signed(
        investigation.judge, investigation.judge_facts, key, decision, by=quality.qa, comment=reason
    )
    quality.signed(investigation.close, investigation.close_facts, key, by=quality.qa)


def judge_exceptions(quality: Quality, batch: Batch) -> None:
    """QA says of each exception of a batch that it has no effect, and why."""
    with quality.database.reading() as reading:
        found = release_inputs.gather(reading, reading.get_one(Batch, batch.id), quality.clock())
        waiting = [each for each in exceptions.of(reading, found) if each.is_open]
    if waiting:
        said = [Held(each.key, Effect.NONE, why=NO_EFFECT) for each in waiting]
        quality.act(exceptions.judge, batch.id, said, by=quality.qa, after=timedelta(minutes=4))


def review(quality: Quality, batch: Batch) -> None:
    """QA reviews the batch record, its exceptions and its trail."""
    judge_exceptions(quality, batch)
    quality.signed(
        qa_review.sign_review,
        _at(quality, qa_review.review_facts),
        batch.id,
        by=quality.qa,
        after=timedelta(minutes=12),
    )


def release(quality: Quality, batch: Batch, *, by: Actor, address: str) -> Certificate:
    """Release at the next stage, then draw; gives the certificate that is issued with it."""
    with quality.database.reading() as reading:
        first = standing(reading, batch)[1] != "released_stage_1"
    act, facts = (
        (desk.release_stage_1, desk.release_stage_1_facts)
        if first
        else (desk.release_final, desk.release_final_facts)
    )
    made = quality.signed(
        act, _at(quality, facts), batch.id, by=by, after=timedelta(minutes=6), address=address
    )
    assert isinstance(made, Certificate)
    certificate_files.drawn(quality.database, partial(quality.transaction, SYSTEM), made.id)
    return made


def _at(quality: Quality, facts: Callable[..., Any]) -> Callable[..., Any]:
    """Facts that depend on the moment, at the moment of the act."""
    return lambda session, key: facts(session, key, quality.clock())
