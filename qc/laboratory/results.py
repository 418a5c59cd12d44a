"""Results as they are kept, and where a batch stands with them; `testing` holds the acts that
record and sign them.

The raw value stays as typed; the verdict is the law's (rules/results.py) and keeps the version of
the specification it was given under (QC-01). Nothing is deleted: what is corrected or invalidated
stays legible and counts no more (QC-04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from documents import register as documents
from documents.register import ControlledDocument
from integrity import deviations, site, states, times
from integrity.database import By, Document, Session
from integrity.deviations import Deviation, DeviationState
from integrity.figures import printed
from integrity.quantities import Quantity
from integrity.subjects import Scoped, SubjectRecord, by_key_and_code, by_scope
from integrity.units import UNITS
from integrity.verdicts import Verdict
from integrity.vocabulary import one_of
from qc.laboratory import batch_amounts as bases, samples
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules import results as rules
from qc.laboratory.rules.line_status import LineStatus, Sampled, Tested, line_standing, stand_in
from qc.laboratory.rules.results import ACTIVE, INTERIM, Basis, ResultState, TestingState
from qc.specifications import register
from qc.specifications.model import Contents, Line
from stores import containers
from stores.containers import Container

AXIS = rules.RESULT


class Result(SubjectRecord, Scoped, By):
    """One result as it was typed (`value`, `unit`, `choice`) and what it said (`verdict`, `shown`)
    under its specification.

    `reading` is an interim reading of a long test; `basis` holds the amounts it was judged with;
    `reference` points to the raw data and the instrument."""

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
    shown: Mapped[str]
    why: Mapped[str]
    alert: Mapped[str]
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

    @property
    def typed(self) -> str:
        """The raw value as it was typed, with its unit where it has one."""
        symbol = UNITS[self.unit].symbol if self.unit else ""
        return f"{printed(self.value) if self.unit else self.value} {symbol}".strip()


class Beginning(SubjectRecord, By):
    """When a long test began (the inoculation of a sterility test).

    The person's claim and the server's time.
    """

    __tablename__ = "test_beginnings"
    __table_args__ = (UniqueConstraint("container_id", "test"),)

    container_id: Mapped[int] = mapped_column(ForeignKey("containers.id"))
    test: Mapped[str]
    began_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    name: Mapped[str]


# Questions
# -------------------------------------------------------------------------------------------------


def specification_of(
    session: Session, sample: Container, at: datetime
) -> tuple[ControlledDocument, Contents] | None:
    """The specification that a result of this sample is judged by at this moment.

    None while none is effective.
    """
    code = bases.specification_code(session, sample.scope)
    found = register.effective(session, code, at) if code else None
    return (found, register.contents_of(session, found)) if found else None


def contents_for(session: Session, found: Sequence[Container], at: datetime) -> dict[str, Contents]:
    """{batch code: what its specification says now}, for the samples of one page.

    Batches without one are left out.
    """
    codes_of = bases.specification_codes(session, {sample.scope for sample in found})
    held = {code: register.effective(session, code, at) for code in set(codes_of.values())}
    said = register.contents_by_id(session, [each.id for each in held.values() if each])
    return {scope: said[each.id] for scope, code in codes_of.items() if (each := held[code])}


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


def states_of(session: Session, found: Sequence[Result]) -> dict[int, str]:
    """{result id: entered | reviewed | invalidated | corrected} in one query."""
    return states.of_many(session, [result.id for result in found], AXIS)


def beginnings_of(
    session: Session, container_ids: Iterable[int]
) -> dict[tuple[int, str], Beginning]:
    """{(sample's container id, test): when it began} in one query."""
    wanted = select(Beginning).where(Beginning.container_id.in_(list(container_ids)))
    return {(each.container_id, each.test): each for each in session.scalars(wanted)}


def oos_of(session: Session, found: Sequence[Result]) -> dict[int, Deviation]:
    """{result id: the deviation it opened by being out of specification} in one query."""
    wanted = select(Deviation).where(
        Deviation.rule == LaboratoryRule.OUT_OF_SPECIFICATION,
        Deviation.subject_id.in_([result.id for result in found]),
    )
    return {each.subject_id: each for each in session.scalars(wanted)}


def open_oos(session: Session, scope: str, test: str) -> str | None:
    """The bare code of a deviation on this test of this batch that QA has not judged, or None."""
    earlier = session.scalars(
        select(Result).where(Result.scope == scope, Result.test == test)
    ).all()
    opened = list(oos_of(session, earlier).values())
    where = deviations.states_of(session, opened)
    return next(
        (
            each.code
            for each in opened
            if where[each.id] not in (DeviationState.JUDGED, DeviationState.CLOSED)
        ),
        None,
    )


def correction_of(session: Session, result_id: int) -> Result | None:
    """The result that corrects this one, or None."""
    return session.scalar(select(Result).where(Result.corrects_id == result_id))


# Where a batch stands
# -------------------------------------------------------------------------------------------------


def standing_of(
    session: Session,
    batch_code: str,
    specification: ControlledDocument,
    *,
    weight: Quantity | None = None,
    volume: Quantity | None = None,
    claim: Quantity | None = None,
) -> list[LineStatus]:
    """Where a batch stands on each line of a specification, in the order of the document, in a
    constant number of queries.

    Each result is judged by the version it was recorded under (QC-01), for this weight, volume and
    label claim; an amount that is not given is the one it was recorded with."""
    wanted = {batch_code: (specification, Basis(volume, weight, claim))}
    return line_statuses(session, wanted)[batch_code]


def line_statuses(
    session: Session, wanted: Mapping[str, tuple[ControlledDocument, Basis]]
) -> dict[str, list[LineStatus]]:
    """`standing_of` of many batches, {batch code: lines}, in as many queries as of one."""
    return {code: _standing(gathered) for code, gathered in _gather(session, wanted).items()}


def _standing(gathered: _Gathered) -> list[LineStatus]:
    lines = gathered.contents[gathered.held].lines
    return stand_in(
        [
            line_standing(
                line, [_sampled(gathered, sample, line) for sample in gathered.asking(line)]
            )
            for line in lines
        ]
    )


@dataclass(frozen=True)
class _Gathered:
    """Everything about the samples and results of one batch, from one reading of many."""

    samples: Sequence[Container]
    tests: Mapping[int, Sequence[str]]
    results: Mapping[tuple[int, str], Sequence[Result]]  # of each sample and test
    states: Mapping[int, str]
    oos: Mapping[int, Deviation]
    beginnings: Mapping[tuple[int, str], Beginning]
    contents: Mapping[int, Contents]
    named: Mapping[int, str]
    basis: Basis
    zone: Any
    held: int

    @cached_property
    def asked(self) -> Mapping[int, list[str]]:
        held = self.contents[self.held]
        return {each.id: samples.asked(self.tests[each.id], held) for each in self.samples}

    def asking(self, line: Line) -> list[Container]:
        return [sample for sample in self.samples if line.id in self.asked[sample.id]]


def _gather(
    session: Session, wanted: Mapping[str, tuple[ControlledDocument, Basis]]
) -> dict[str, _Gathered]:
    scopes = sorted(wanted)
    found = session.scalars(
        select(Result).where(Result.scope.in_(scopes)).order_by(Result.id)
    ).all()
    pulled = session.scalars(
        select(Container)
        .where(Container.scope.in_(scopes), Container.kind == "sample")
        .order_by(Container.id)
    ).all()
    testing = states.of_many(session, [each.id for each in pulled], rules.TESTING)
    fit = [each for each in pulled if testing.get(each.id) != TestingState.UNFIT]
    ids = {
        *(specification.id for specification, _ in wanted.values()),
        *(result.specification_id for result in found),
    }
    named = documents.named(session, ids)
    where, oos, begun = (
        states_of(session, found),
        oos_of(session, found),
        beginnings_of(session, [each.id for each in pulled]),
    )
    contents, zone = register.contents_by_id(session, ids), site.zone(session)
    tests, of_tests = containers.tests_of(session, [each.id for each in fit]), _by_test(found)
    return {
        code: _Gathered(
            samples=[each for each in fit if each.scope == code],
            tests=tests,
            results=of_tests,
            states=where,
            oos=oos,
            beginnings=begun,
            contents=contents,
            named=named,
            basis=basis,
            zone=zone,
            held=specification.id,
        )
        for code, (specification, basis) in wanted.items()
    }


def _by_test(found: Iterable[Result]) -> Mapping[tuple[int, str], list[Result]]:
    parted: defaultdict[tuple[int, str], list[Result]] = defaultdict(list)
    for each in found:
        parted[each.container_id, each.test].append(each)
    return parted


def _sampled(gathered: _Gathered, sample: Container, line: Line) -> Sampled:
    mine = gathered.results.get((sample.id, line.id), ())
    beginning = gathered.beginnings.get((sample.id, line.id))
    until = rules.earliest_final(line, beginning.began_at if beginning else None)
    return Sampled(
        code=sample.code,
        kind=samples.kind_of(sample),
        until=until,
        due=times.shown(until, gathered.zone) if until else "",
        struck=bool(mine),
        results=[_tested(gathered, each) for each in mine if gathered.states[each.id] in ACTIVE],
    )


def _tested(gathered: _Gathered, result: Result) -> Tested:
    line = gathered.contents[result.specification_id].by_id[result.test]
    verdict = judged_for(result, line, gathered.basis)
    deviation = gathered.oos.get(result.id)
    return Tested(
        id=result.id,
        word=verdict.word,
        shown=verdict.shown,
        reviewed=gathered.states[result.id] == ResultState.REVIEWED,
        line=line,
        typed=result.typed,
        alert=verdict.alert,
        deviation=deviation.code if deviation else None,
        specification=gathered.named[result.specification_id],
    )


def judged_for(result: Result, line: Line, basis: Basis) -> rules.Verdict:
    """What a recorded result says for these amounts; an interim reading says what it said."""
    if result.verdict == INTERIM:
        return rules.Verdict(INTERIM, result.shown)
    kept = {name: Quantity(*amount) for name, amount in result.basis.items()}
    amounts = Basis(
        *(
            given or kept.get(name)
            for name, given in (
                ("volume", basis.volume),
                ("weight", basis.weight),
                ("claim", basis.claim),
            )
        )
    )
    return rules.judge(line, result.value, result.unit, result.choice or "", amounts)
