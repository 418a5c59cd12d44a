"""Samples in QC: a pulled sample is a container of kind "sample"; QC receives it (custody) and
tests it.

Its axis "testing" says how far it is: nothing before its receipt, then received (or unfit), then
complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import corrections, states
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.deviations import open_deviation
from integrity.facts import code, message
from integrity.findings import Finding, refuse_if_blocked
from integrity.subjects import SubjectRecord
from integrity.vocabulary import one_of
from labels import codes
from labels.numbering import issue
from qc.laboratory.actions import LaboratoryAction
from qc.laboratory.rules import samples as rules
from qc.laboratory.rules.results import TESTING, TESTING_MOVES, TestingState
from qc.laboratory.words import LaboratoryPlace
from qc.specifications.model import Contents
from stores import answers, containers, fate_rules, sightings
from stores.containers import Container
from stores.rules import Disposition


class ReceiptCorrection(Record, By):
    """What is said of the receipt of a sample in the place of what was said before."""

    __tablename__ = "receipt_corrections"
    __table_args__ = (one_of("condition", rules.Condition),)

    receipt_id: Mapped[int] = mapped_column(ForeignKey("sample_receipts.id"), index=True)
    condition: Mapped[str]
    storage: Mapped[str]
    remark: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class SampleReceipt(SubjectRecord, By):
    """The moment a sample comes into QC's custody: by whom, in what condition and where it is kept,
    as it was said first, `first_…`, and as it stands.
    """

    __tablename__ = "sample_receipts"
    __table_args__ = (one_of("condition", rules.Condition),)

    container_id: Mapped[int] = mapped_column(ForeignKey("containers.id"), unique=True)
    first_condition: Mapped[str] = mapped_column("condition")
    first_storage: Mapped[str] = mapped_column("storage")
    first_remark: Mapped[str] = mapped_column("remark")
    received_at: Mapped[datetime]
    name: Mapped[str]
    if TYPE_CHECKING:
        condition: Mapped[str]
        storage: Mapped[str]
        remark: Mapped[str]


SAID = ("condition", "storage", "remark")  # of a receipt
corrections.corrects(ReceiptCorrection, SampleReceipt, "receipt_id", SAID)


@dataclass(frozen=True)
class ReceiptFacts:
    """What QC says on receiving a sample; `condition` is one of rules.CONDITIONS."""

    sample: str
    condition: str
    storage: str
    remark: str | None = None


def find(session: Session, bare: str) -> Container | None:
    """The sample with this bare code.

    None for a code that is none or is another kind of container, or of one that was voided.
    """
    container = containers.by_code(session, bare)
    if container is None or container.kind != "sample":
        return None
    state = states.of(session, container, containers.AXIS)
    return None if state == Disposition.VOID else container


def receipt_of(session: Session, container_id: int) -> SampleReceipt | None:
    return session.scalar(select(SampleReceipt).where(SampleReceipt.container_id == container_id))


def receipts_of(session: Session, container_ids: Iterable[int]) -> dict[int, SampleReceipt]:
    """{container id: its receipt} of those that QC received, in one query."""
    mine = SampleReceipt.container_id.in_(list(container_ids))
    return {each.container_id: each for each in session.scalars(select(SampleReceipt).where(mine))}


@sightings.declare
def received_at(session: Session, container_id: int) -> list[datetime]:
    """When QC received a sample: nothing had become of it by then."""
    receipt = receipt_of(session, container_id)
    return [receipt.received_at] if receipt else []


def listed(which: str = "open") -> Select[Any]:
    """Samples for a paged list: "open" (something is still to do.

    The longest waiting first), "complete" or "all".
    """
    done = states.standing(
        Container.__tablename__, TESTING, TestingState.COMPLETE, TestingState.UNFIT
    )
    wanted = select(Container).where(
        Container.kind == "sample", Container.id.not_in(containers.void_ones())
    )
    if which == "open":
        return wanted.where(Container.id.not_in(done)).order_by(Container.id)
    if which == "complete":
        wanted = wanted.where(Container.id.in_(done))
    return wanted.order_by(Container.id.desc())


def not_received() -> Select[Any]:
    """Samples that QC has not received yet, the longest waiting first."""
    return listed("open").where(Container.id.not_in(select(SampleReceipt.container_id)))


def asked(tests: Iterable[str], contents: Contents | None) -> list[str]:
    """The tests a sample was pulled for, each followed by those that may stand in for it."""
    found: list[str] = []
    for test in tests:
        line = contents.line(test) if contents else None
        found += [test, *(line.instead if line else ())]
    return list(dict.fromkeys(found))


def kind_of(sample: Container) -> str:
    """What was sampled, in the words of the master record ("final suspension").

    Empty where the record does not say.
    """
    return sample.sample_kind or ""


def receive(act: Act, facts: ReceiptFacts) -> SampleReceipt:
    """Take a sample into QC's custody, once.

    Damage is a deviation, and an unfit sample is not tested (QC-03).
    """
    if earlier := act.once(LaboratoryAction.SAMPLE_RECEIVED, facts):
        return act.session.get_one(SampleReceipt, earlier)
    sample = find(act.session, facts.sample)
    known = receipt_of(act.session, sample.id) is not None if sample else False
    findings = refuse_if_blocked(rules.receiving(facts.condition, sample is not None, known))
    assert sample is not None  # the law refuses a receipt without it
    refuse_if_blocked(
        fate_rules.may_be_taken(sample.code, states.of(act.session, sample, answers.FATE))
    )
    receipt = SampleReceipt(
        container_id=sample.id,
        received_at=act.at,
        name=act.by.name,
        **corrections.said_first(said_of(facts)),
    )
    act.add(receipt)
    states.move(act, sample, TESTING, rules.STATE_OF[facts.condition], allowed=TESTING_MOVES)
    if not containers.tests_of(act.session, [sample.id])[sample.id]:
        set_testing(act, sample, complete=True)  # a retention sample is kept: nobody tests it
    open_deviations(act, findings, sample, receipt, facts.remark)
    act.say(
        LaboratoryAction.SAMPLE_RECEIVED,
        receipt,
        scope=sample.scope,
        facts=facts,
        details={"sample": sample.code, "condition": facts.condition, "storage": facts.storage},
    )
    return receipt


def said_of(facts: ReceiptFacts) -> dict[str, str]:
    """What is said of a sample's receipt, as its record keeps it."""
    return {
        "condition": facts.condition,
        "storage": facts.storage,
        "remark": facts.remark or "",
    }


def open_deviations(
    act: Act,
    found: Iterable[Finding],
    sample: Container,
    receipt: SampleReceipt,
    comment: str | None,
) -> None:
    """One deviation for each finding about how a sample arrived."""
    for finding in found:
        open_deviation(
            act,
            finding,
            issue(act, codes.Series.DEVIATION),
            scope=sample.within,
            subject=receipt,
            place=message(LaboratoryPlace.RECEIPT, sample=code(sample.code)),
            comment=comment,
        )


def set_testing(act: Act, sample: Container, complete: bool) -> None:
    """Move a sample between received and complete, as its results ask for.

    The calling act says the event.
    """
    becomes, now = (
        TestingState.COMPLETE if complete else TestingState.RECEIVED,
        states.of(act.session, sample, TESTING),
    )
    if now in (TestingState.RECEIVED, TestingState.COMPLETE) and now != becomes:
        states.move(act, sample, TESTING, becomes, allowed=TESTING_MOVES)
