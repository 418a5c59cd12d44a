"""Makers of specifications, samples and results, through the same acts the pages use.

A batch without its bench work.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from demonstration import donation
from documents.kinds import Kind
from documents.register import ControlledDocument
from integrity import deviations, states
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.deviations import Deviation
from integrity.quantities import Quantity
from integrity.signatures import Seal, reviewed
from integrity.trail import SYSTEM, Actor
from labels.numbering import issue
from manufacturing.donation.donations import Cord
from manufacturing.execution.batches import Batch
from qc.laboratory import (
    oos,
    oos_facts,
    pulled_samples,
    result_reviews,
    samples,
    testing,
)
from qc.laboratory.oos import PhaseOneFacts, PhaseTwoFacts
from qc.laboratory.result_facts import facts_of
from qc.laboratory.results import Result
from qc.laboratory.rules.oos import Check
from qc.laboratory.rules.results import Basis
from qc.laboratory.samples import ReceiptFacts
from qc.laboratory.testing import BeginningFacts, ResultFacts
from qc.specifications import register
from qc.specifications.register import HANDLING
from stores import containers
from stores.containers import Container, ContainerFacts
from tests.makers import documents
from tests.makers.people import entry_id, make_people, make_person

SHIPPED_BYTES = HANDLING.shipped.read_bytes()
# 15 mL for a lowest weight of 50 kg with 62.5 million cells claimed
BASIS = Basis(Quantity("15", "mL"), Quantity("50", "kg"), Quantity("62500000", "cells"))
AMOUNTS = {"volume": BASIS.volume, "weight": BASIS.weight, "claim": BASIS.claim}
# the published release results (J Transl Med 2020;18, Table 2), the lines the paper does not report
# filled in plainly
PUBLISHED = {
    "viability": {"value": "97"},
    "cd73": {"value": "97.9"},
    "cd90": {"value": "100"},
    "cd105": {"value": "100"},
    "cd_negative": {"value": "0.9"},
    "endotoxin": {"value": "< 0.1"},
    "cell_dose": {"value": "6.25e7"},
    "appearance": {"value": "good"},
    "mycoplasma": {"value": "negative"},
    "gram_stain": {"value": "none"},
    "karyotype": {"value": "46,XY,16qh+", "choice": "normal"},
    "immunoregulation": {"value": "T cells suppressed in co-culture"},
}
CULTURES = {  # what takes weeks, and how it is read when nothing grew
    "sterility": "no_growth",
    "sterility_compendial": "no_growth",
    "mycoplasma_culture": "negative",
}
PULLED = (  # as the shipped master record pulls them
    ("final suspension", ("viability", "cell_dose", "appearance")),
    ("final suspension", ("cd73", "cd90", "cd105", "cd_negative")),
    ("final suspension", ("endotoxin",)),
    ("cells and spent medium", ("mycoplasma",)),
    ("cells and spent medium", ("mycoplasma_culture",)),
    ("final suspension", ("sterility_compendial",)),
    ("final suspension", ("sterility",)),
    ("final suspension", ("gram_stain",)),
    ("cells", ("karyotype",)),
    ("cells", ("immunoregulation",)),
)


def make_laboratory(database: Database, *, at: datetime) -> dict[str, Actor]:
    """The people a result needs."""
    return make_people(
        database, "technician", "qc_analyst", "qc_reviewer", "qa", "master_author", at=at
    )


def furnish(database: Database, clock: Any) -> None:
    """The state "qc"."""
    make_laboratory(database, at=clock())


def with_line(**changed: str) -> bytes:
    """The shipped specification with some text exchanged.

    With_line(old=new) for exactly one place each.
    """
    text = SHIPPED_BYTES.decode()
    for old, new in changed.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def seal(facts: Any, comment: str | None = None) -> Seal:
    return Seal(reviewed(facts), "user name and password", comment)


def import_specification(
    session: Session,
    people: dict[str, Actor],
    *,
    data: bytes = SHIPPED_BYTES,
    at: datetime,
    effective_from: datetime | None = None,
) -> ControlledDocument:
    return documents.import_document(
        session,
        Kind.SPECIFICATION,
        by=people["qc_reviewer"],
        at=at,
        data=data,
        effective_from=effective_from,
    )


def make_specification(
    session: Session,
    people: dict[str, Actor],
    *,
    data: bytes = SHIPPED_BYTES,
    at: datetime,
    effective_from: datetime | None = None,
) -> ControlledDocument:
    """A version that holds: imported and authored by the QC reviewer, approved by QA."""
    return documents.make_document(
        session,
        Kind.SPECIFICATION,
        author=people["qc_reviewer"],
        approver=people["qa"],
        at=at,
        data=data,
        effective_from=effective_from,
    )


def make_its_own(session: Session, people: dict[str, Actor], *, at: datetime) -> ControlledDocument:
    """The shipped specification, whoever of these people there is."""
    documents.ensure(session, Kind.SPECIFICATION, by=people["technician"], at=at)
    found = register.effective(session, "SP-UCMSC", at)
    assert found
    return found


def make_bare_batch(session: Session, people: dict[str, Actor], *, at: datetime) -> Batch:
    """A batch on the shipped master record, without any bench work."""
    masters = select(ControlledDocument).where(ControlledDocument.kind == Kind.MASTER_RECORD)
    master = session.scalar(masters) or documents.import_document(
        session, Kind.MASTER_RECORD, by=people["master_author"], at=at
    )
    specification = register.effective(session, "SP-UCMSC", at) or make_its_own(
        session, people, at=at
    )
    number = issue(Act(session, SYSTEM, at), "B")
    cord = make_cord(session, people, at=at)
    batch = Batch(
        code=number,
        cord_id=cord.id,
        cord_code=cord.code,
        master_id=master.id,
        master_title=f"{master.code} v{master.version}",
        sha256=master.sha256,
        specification_id=specification.id,
        specification_sha256=specification.sha256,
        started_at=at,
        username="technician1",
    )
    act = Act(session, people["technician"], at)
    act.add(batch)
    act.say("batch.started", batch, scope=batch.code)
    return batch


def make_cord(session: Session, people: dict[str, Actor], *, at: datetime) -> Cord:
    """A cord of a healthy donor of its own, received at this moment."""
    by = people["technician"]
    documents.ensure(session, Kind.DONOR_CRITERIA, by=by, at=at)
    donor = donation.register_donor(session, f"DN-7{entry_id()[:7].upper()}", by=by, at=at)
    return donation.receive_cord(session, donor, at - timedelta(hours=2), by=by, at=at)


def make_sample(
    session: Session,
    people: dict[str, Actor],
    batch: Batch,
    tests: tuple[str, ...] = ("viability",),
    *,
    at: datetime,
    kind: str = "final suspension",
    received: bool = True,
) -> Container:
    """A sample as the bench pulls it, in QC's custody unless told otherwise."""
    facts = ContainerFacts(
        "sample",
        batch.itself,
        f"Sample for {', '.join(tests) or kind}",
        sample_kind=kind,
        tests=tests,
    )
    [sample] = containers.create(Act(session, people["technician"], at), facts)
    Act(session, people["technician"], at).say("step.recorded", sample, scope=batch.code)
    if received:
        receive(session, people, sample, at=at)
    return sample


def samples_for(session: Session, batch: Batch, test: str) -> list[Container]:
    """The samples of a batch that were pulled for a test."""
    pulled = containers.of_scope(session, batch.code, "sample")
    tests = containers.tests_of(session, [each.id for each in pulled])
    return [each for each in pulled if test in tests[each.id]]


def receive(
    session: Session,
    people: dict[str, Actor],
    sample: Container,
    *,
    at: datetime,
    condition: str = "intact",
) -> Any:
    facts = ReceiptFacts(sample.code, condition, "Refrigerator 2")
    return samples.receive(Act(session, people["qc_analyst"], at, entry_id=entry_id()), facts)


def result_facts(
    sample: Container, test: str = "viability", value: str = "97", *, at: datetime, **other: Any
) -> ResultFacts:
    return ResultFacts(
        **(
            {
                "sample": sample.code,
                "test": test,
                "value": value,
                "tested_at": at,
                "method_version": "1",
                "reference": "Run 12, notebook 3 page 40",
            }
            | other
        )
    )


def make_result(
    session: Session,
    people: dict[str, Actor],
    sample: Container,
    test: str = "viability",
    value: str = "97",
    *,
    at: datetime,
    basis: Basis | None = BASIS,
    reviewed: bool = False,
    **other: Any,
) -> Result:
    result = testing.record(
        Act(session, people["qc_analyst"], at, entry_id=entry_id()),
        result_facts(sample, test, value, at=at, **other),
        basis=basis,
    )
    return review(session, result, by=people["qc_reviewer"], at=at) if reviewed else result


SPILLED = "The tube broke in the centrifuge, nothing was left of it."


def explain(
    session: Session,
    people: dict[str, Actor],
    sample: Container,
    test: str,
    why: str = "lost",
    *,
    at: datetime,
    reason: str | None = SPILLED,
) -> Any:
    """The reviewer of QC signs why a test of a sample is not there."""
    shown = pulled_samples.explain_facts(session, sample.code, test, why)
    act = Act(session, people["qc_reviewer"], at, entry_id=entry_id())
    return pulled_samples.explain(act, sample.code, test, why, seal=seal(shown, reason))


def begin(
    session: Session,
    people: dict[str, Actor],
    sample: Container,
    *,
    at: datetime,
    began_at: datetime | None = None,
    test: str = "sterility",
) -> Any:
    facts = BeginningFacts(sample.code, test, began_at or at)
    return testing.begin(Act(session, people["qc_analyst"], at, entry_id=entry_id()), facts)


def review(session: Session, result: Result, *, by: Actor, at: datetime) -> Result:
    return result_reviews.review(
        Act(session, by, at, entry_id=entry_id()),
        result.id,
        seal=seal(facts_of(session, result.id)),
    )


def invalidate(
    session: Session,
    result: Result,
    *,
    by: Actor,
    at: datetime,
    cause: str | None = "Wrong dilution, notebook 3 page 41",
) -> Result:
    facts = facts_of(session, result.id)
    return result_reviews.invalidate(
        Act(session, by, at, entry_id=entry_id()), result.id, seal=seal(facts, cause)
    )


CHECKS = dict.fromkeys(Check, "in order")
NOTHING = "Sample, method, instrument, reagents, controls and raw data were looked at."
BUBBLE = "The chamber held an air bubble over two of its squares."
BOOK = "Notebook 3 page 41, picture of the chamber."


def phase_one_facts(
    deviation: Deviation, cause: str = "none", *, sample: str = "", **other: Any
) -> PhaseOneFacts:
    """What the laboratory writes: every check in order and no cause, or a cause in the method."""
    checks = CHECKS | ({} if cause == "none" else {Check.METHOD: "not in order"})
    retest = {"retests": 1, "sample": sample, "reported": "each"}
    said = {"said": NOTHING if cause == "none" else BUBBLE, "evidence": BOOK}
    return PhaseOneFacts(
        **{"deviation_id": deviation.id, "checks": checks, "cause": cause} | said | retest | other
    )


def write_phase_one(
    session: Session, people: dict[str, Actor], deviation: Deviation, *, at: datetime, **said: Any
) -> Any:
    act = Act(session, people["qc_analyst"], at, entry_id=entry_id())
    return oos.record_phase_one(act, phase_one_facts(deviation, **said))


def end_phase_one(session: Session, deviation: Deviation, *, by: Actor, at: datetime) -> Deviation:
    shown = oos_facts.phase_one_facts(session, deviation.id)
    return oos.end_phase_one(
        Act(session, by, at, entry_id=entry_id()), deviation.id, seal=seal(shown)
    )


def investigate(
    session: Session, people: dict[str, Actor], deviation: Deviation, *, at: datetime, **said: Any
) -> Deviation:
    """Phase I from its checks to its signed end."""
    write_phase_one(session, people, deviation, at=at, **said)
    return end_phase_one(session, deviation, by=people["qc_reviewer"], at=at)


EXTENDED = {
    "manufacture": "The batch record shows no departure in wash, count or fill.",
    "others": "No other batch of this week shares medium or incubator.",
    "conclusion": "The result stands; the batch is judged on it.",
}


def write_phase_two(
    session: Session, deviation: Deviation, *, by: Actor, at: datetime, **said: str
) -> Any:
    facts = PhaseTwoFacts(deviation.id, **EXTENDED | said)
    return oos.record_phase_two(Act(session, by, at, entry_id=entry_id()), facts)


def end_phase_two(session: Session, deviation: Deviation, *, by: Actor, at: datetime) -> Deviation:
    shown = oos_facts.phase_two_facts(session, deviation.id)
    return oos.end_phase_two(
        Act(session, by, at, entry_id=entry_id()), deviation.id, seal=seal(shown)
    )


def extend(session: Session, deviation: Deviation, *, by: Actor, at: datetime) -> Deviation:
    """Phase II to its signed end; somebody else of QA writes it."""
    writer = make_person(session, "qa", username="qa2", at=at)
    write_phase_two(session, deviation, by=writer, at=at)
    return end_phase_two(session, deviation, by=by, at=at)


def judge(session: Session, deviation: Deviation, *, by: Actor, at: datetime) -> None:
    """QA has judged a deviation, as far as results look at it."""
    for state in ("assessed", "judged"):
        states.move(
            Act(session, by, at), deviation, deviations.AXIS, state, allowed=deviations.MOVES
        )
    Act(session, by, at).say("deviation.judged", deviation, scope=deviation.scope)
