"""Results as they are kept; `testing` holds the acts that record and sign them, `line_statuses`
says where a batch stands with them.

The raw value stays as typed; the verdict is the law's (rules/results.py) and keeps the version of
the specification it was given under (QC-01). Nothing is deleted: what is corrected or invalidated
stays legible and counts no more (QC-04)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from documents.register import ControlledDocument
from integrity import corrections, states
from integrity.database import By, Document, Record, Session
from integrity.deviations import Deviation
from integrity.figures import printed
from integrity.subjects import Scoped, SubjectRecord, by_key_and_code, by_scope
from integrity.units import UNITS
from integrity.verdicts import Verdict
from integrity.vocabulary import one_of
from qc.laboratory import judging_versions
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules import results as rules
from qc.laboratory.rules.results import ACTIVE, INTERIM
from qc.specifications import register
from qc.specifications.model import Contents
from stores import sightings
from stores.containers import Container

AXIS = rules.RESULT


class Result(SubjectRecord, Scoped, By):
    """One result as it was typed (`value`, `unit`, `choice`) and what it said (`verdict`, `shown`)
    under its specification; what it said, why and the alert limit it crossed are facts.

    `reading` is an interim reading of a long test; `basis` holds the amounts it was judged with;
    `reference` points to the raw data and the instrument; `plan_id` is the phase I whose plan it
    is a retest by."""

    __tablename__ = "results"
    __table_args__ = (
        by_scope(),
        Index("results_by_scope", "scope", "test"),
        Index("results_by_container", "container_id"),
        one_of("unit", UNITS),
        by_key_and_code("container_id", "sample"),
        one_of("verdict", (*Verdict, *rules.WithoutVerdict)),
    )

    container_id: Mapped[int] = mapped_column(ForeignKey("containers.id"))
    sample: Mapped[str]
    test: Mapped[str]
    specification_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    reading: Mapped[bool]
    value: Mapped[str]
    unit: Mapped[str | None]
    choice: Mapped[str | None]
    verdict: Mapped[str]
    shown: Mapped[Any] = mapped_column(Document)
    why: Mapped[Any] = mapped_column(Document)
    alert: Mapped[Any] = mapped_column(Document)
    basis: Mapped[Any] = mapped_column(Document)
    tested_at: Mapped[datetime]
    method: Mapped[str]
    method_version: Mapped[str]
    reference: Mapped[str]
    remark: Mapped[str | None]
    recorded_at: Mapped[datetime]
    name: Mapped[str]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("results.id"), index=True)
    reason: Mapped[str | None]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("phase_ones.id"), index=True)

    @property
    def typed(self) -> str:
        """The raw value as it was typed, with its unit where it has one."""
        symbol = UNITS[self.unit].symbol if self.unit else ""
        return f"{printed(self.value) if self.unit else self.value} {symbol}".strip()


class BeginningCorrection(Record, By):
    """When a long test began, in the place of what was said before."""

    __tablename__ = "beginning_corrections"

    beginning_id: Mapped[int] = mapped_column(ForeignKey("test_beginnings.id"), index=True)
    began_at: Mapped[datetime]
    reason: Mapped[str]
    at: Mapped[datetime]


class Beginning(SubjectRecord, By):
    """When a long test began (the inoculation of a sterility test), anew for each retest.

    The person's claim, first and as it stands, and the server's time.
    """

    __tablename__ = "test_beginnings"
    __table_args__ = (UniqueConstraint("container_id", "test", "plan_id"),)

    container_id: Mapped[int] = mapped_column(ForeignKey("containers.id"))
    test: Mapped[str]
    first_began_at: Mapped[datetime] = mapped_column("began_at")
    recorded_at: Mapped[datetime]
    name: Mapped[str]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("phase_ones.id"), index=True)
    if TYPE_CHECKING:
        began_at: Mapped[datetime]


BEGAN = ("began_at",)  # what a beginning says
corrections.corrects(BeginningCorrection, Beginning, "beginning_id", BEGAN)


# Questions
# -------------------------------------------------------------------------------------------------


def specification_of(
    session: Session, sample: Container
) -> tuple[ControlledDocument, Contents] | None:
    """The specification that a result of this sample is judged by: the one its batch began with,
    or the one that was approved for it by name.

    None for what is no sample of a batch.
    """
    number = judging_versions.judged_by_code(session, [sample.scope]).get(sample.scope)
    found = session.get_one(ControlledDocument, number) if number else None
    return (found, register.contents_of(session, found)) if found else None


def contents_for(session: Session, found: Sequence[Container]) -> dict[str, Contents]:
    """{batch code: what its specification says}, for the samples of one page."""
    held = judging_versions.judged_by_code(session, {sample.scope for sample in found})
    said = register.contents_by_id(session, held.values())
    return {scope: said[number] for scope, number in held.items()}


def of_samples(
    session: Session, container_ids: Iterable[int]
) -> dict[int, list[tuple[Result, str]]]:
    """{container id: its results with their states, oldest first} in two queries."""
    ids = list(container_ids)
    found = session.scalars(
        select(Result).where(Result.container_id.in_(ids)).order_by(Result.id)
    ).all()
    where, made = states_of(session, found), {number: list[tuple[Result, str]]() for number in ids}
    for result in found:
        made[result.container_id].append((result, where[result.id]))
    return made


def of_scope(session: Session, scope: str) -> Sequence[Result]:
    """Every result of one batch, oldest first."""
    return session.scalars(select(Result).where(Result.scope == scope).order_by(Result.id)).all()


def of_sample(session: Session, container_id: int) -> Sequence[Result]:
    return session.scalars(
        select(Result).where(Result.container_id == container_id).order_by(Result.id)
    ).all()


@dataclass(frozen=True)
class Recorded:
    """The results of some batches, in the order in which they came, and their states by id."""

    results: Sequence[Result]
    states: Mapping[int, str]


_RECORDED = (
    select(Result).where(Result.scope.in_(bindparam("scopes", expanding=True))).order_by(Result.id)
)


def recorded(session: Session, scopes: Iterable[str]) -> Recorded:
    """The results under these bare codes in two queries."""
    found = session.scalars(_RECORDED, {"scopes": sorted(scopes)}).all()
    return Recorded(found, states_of(session, found))


def states_of(session: Session, found: Sequence[Result]) -> dict[int, str]:
    """{result id: entered | reviewed | invalidated | corrected} in one query."""
    return states.of_many(session, [result.id for result in found], AXIS)


def is_active(session: Session, result: Result) -> bool:
    """Whether a result counts: it was neither corrected nor struck."""
    return states.of(session, result, AXIS) in ACTIVE


def reviewed_finals(found: Iterable[Result], where: Mapping[int, str]) -> set[str]:
    """The tests that have a reviewed final result among these, which stand in these states."""
    reviewed = [each for each in found if where[each.id] == rules.ResultState.REVIEWED]
    return {each.test for each in reviewed if each.verdict != INTERIM}


def line_of(session: Session, result: Result | None) -> Iterator[Result]:
    """A result and everything that it corrects, newest first."""
    while result is not None:
        yield result
        result = session.get(Result, result.corrects_id) if result.corrects_id else None


def finals_of(session: Session, sample: Container, test: str) -> list[Result]:
    """The valid final results of a sample and test, oldest first."""
    found = [each for each in of_sample(session, sample.id) if each.test == test]
    where = states_of(session, found)
    return [each for each in found if where[each.id] in ACTIVE and each.verdict != INTERIM]


def beginnings_of(
    session: Session, container_ids: Iterable[int]
) -> dict[tuple[int, str], Beginning]:
    """{(sample's container id, test): when it began last} in one query."""
    mine = Beginning.container_id.in_(list(container_ids))
    wanted = select(Beginning).where(mine).order_by(Beginning.id)
    return {(each.container_id, each.test): each for each in session.scalars(wanted)}


def every_beginning(session: Session, container_ids: Iterable[int]) -> Sequence[Beginning]:
    """Every start of a long test on these samples, those of retests too, the oldest first."""
    mine = Beginning.container_id.in_(list(container_ids))
    return session.scalars(select(Beginning).where(mine).order_by(Beginning.id)).all()


def beginning_of(begun: Mapping[tuple[int, str], Beginning], result: Result) -> Beginning | None:
    """When the long test of a result began."""
    began = begun.get((result.container_id, result.test))
    return began if began and began.plan_id == result.plan_id else None


@sightings.declare
def tested_at(session: Session, container_id: int) -> list[datetime]:
    """When a sample was tested, by what stands: a long test needs it when it begins and is read
    without it, and what was corrected gives way to its correction."""
    wanted = select(Beginning).where(Beginning.container_id == container_id)
    began = session.scalars(wanted).all()
    long = {each.test for each in began}
    tested = [
        result.tested_at
        for result, state in of_samples(session, [container_id])[container_id]
        if result.test not in long and state != rules.ResultState.CORRECTED
    ]
    return [*(each.began_at for each in began), *tested]


def oos_of(session: Session, found: Sequence[Result]) -> dict[int, Deviation]:
    """{result id: the deviation it opened by being out of specification} in one query."""
    wanted = select(Deviation).where(
        Deviation.rule == LaboratoryRule.OUT_OF_SPECIFICATION,
        Deviation.subject_id.in_([result.id for result in found]),
    )
    return {each.subject_id: each for each in session.scalars(wanted)}


def correction_of(session: Session, result_id: int) -> Result | None:
    """The result that corrects this one, or None."""
    return session.scalar(select(Result).where(Result.corrects_id == result_id))
