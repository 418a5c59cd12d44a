"""The investigation of an out-of-specification result as it is kept: what phase I and II found, and
the plan of a retest.

A phase may be written anew until it is signed; the earlier text stays on record, the newest one is
what was signed. Where phase I confirmed an assignable cause, it is the plan of the retest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import states
from integrity.database import By, Document, Record, Session
from integrity.deviations import AXIS as DEVIATION, DECIDED_ON, Deviation
from integrity.vocabulary import one_of
from qc.laboratory import judging_versions
from qc.laboratory.results import Result, oos_of, states_of
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules import oos as rules
from qc.laboratory.rules.oos import OOS, RETESTED, Cause, OosState
from qc.laboratory.rules.results import ACTIVE, INTERIM
from qc.specifications.model import Reported
from stores.containers import Container


class PhaseOne(Record, By):
    """What the laboratory found: the cause in a word and in its own words, where its evidence
    stands, and the plan of the retest: how many, on which sample, by whom not, what is reported. A
    later one that `amends` a signed plan takes its place, because its sample is gone."""

    __tablename__ = "phase_ones"
    __table_args__ = (one_of("found", Cause), one_of("reported", Reported))

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviations.id"), index=True)
    found: Mapped[str]
    cause: Mapped[str]
    evidence: Mapped[str]
    retests: Mapped[int | None]
    container_id: Mapped[int | None] = mapped_column(ForeignKey("containers.id"), index=True)
    reported: Mapped[str | None]
    excluded: Mapped[Any] = mapped_column(Document)
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("phase_ones.id"))
    at: Mapped[datetime]
    name: Mapped[str]


class PhaseOneCheck(Record):
    """One check of phase I and what it found."""

    __tablename__ = "phase_one_checks"
    __table_args__ = (one_of("looked_at", rules.Check), one_of("answer", rules.Answer))

    phase_one_id: Mapped[int] = mapped_column(ForeignKey("phase_ones.id"), index=True)
    looked_at: Mapped[str]
    answer: Mapped[str]


class PhaseTwo(Record, By):
    """What quality assurance found beyond the laboratory: in the manufacture, for other batches,
    and what follows."""

    __tablename__ = "phase_twos"

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviations.id"), index=True)
    manufacture: Mapped[str]
    others: Mapped[str]
    conclusion: Mapped[str]
    at: Mapped[datetime]
    name: Mapped[str]


# Questions
# -------------------------------------------------------------------------------------------------


def is_oos(deviation: Deviation) -> bool:
    """Whether it is about a result that fails."""
    return deviation.rule == LaboratoryRule.OUT_OF_SPECIFICATION


def state_of(session: Session, deviation: Deviation) -> str | None:
    """What became of its investigation; None while phase I goes on."""
    return states.of(session, deviation, OOS)


def phase_one(session: Session, deviation_id: int) -> PhaseOne | None:
    """What phase I says now."""
    wanted = select(PhaseOne).where(PhaseOne.deviation_id == deviation_id)
    return session.scalar(wanted.order_by(PhaseOne.id.desc()).limit(1))


def phase_two(session: Session, deviation_id: int) -> PhaseTwo | None:
    """What phase II says now."""
    wanted = select(PhaseTwo).where(PhaseTwo.deviation_id == deviation_id)
    return session.scalar(wanted.order_by(PhaseTwo.id.desc()).limit(1))


def checks_of(session: Session, phase: PhaseOne) -> Sequence[PhaseOneCheck]:
    wanted = select(PhaseOneCheck).where(PhaseOneCheck.phase_one_id == phase.id)
    return session.scalars(wanted.order_by(PhaseOneCheck.id)).all()


def is_mistyped(session: Session, result: Result) -> bool:
    """Whether phase I of its deviation confirmed that it was only written down wrongly."""
    deviation = oos_of(session, [result]).get(result.id)
    if deviation is None or state_of(session, deviation) != OosState.CAUSE_CONFIRMED:
        return False
    found = phase_one(session, deviation.id)
    return found is not None and found.found == Cause.MISTYPED


def open_oos(session: Session, scope: str, test: str) -> dict[int, str]:
    """{id of the sample: bare code of the deviation} of this test of this batch where phase I has
    confirmed no cause and QA has not judged."""
    earlier = session.scalars(
        select(Result).where(Result.scope == scope, Result.test == test)
    ).all()
    samples = {each.id: each.container_id for each in earlier}
    return {samples[each.subject_id]: each.code for each in investigated(session, earlier)}


Plans = dict[tuple[int, str], tuple[PhaseOne, Deviation]]


def plans_of(session: Session, scopes: Iterable[str]) -> tuple[Plans, Plans]:
    """The newest plan of a retest of each sample and test of these batches, in two queries: by the
    sample that is tested again, and by the sample that failed where that is another one.

    Where two cross on a sample the newer holds: it is tested again there, or on the other one."""
    wanted = (
        select(PhaseOne, Deviation, Result)
        .join(Deviation, Deviation.id == PhaseOne.deviation_id)
        .join(Result, Result.id == Deviation.subject_id)
        .where(Result.scope.in_(sorted(scopes)))
        .order_by(PhaseOne.id)
    )
    newest = {each.id: (phase, each, failed) for phase, each, failed in session.execute(wanted)}
    where = states.of_many(session, newest, OOS)
    planned: Plans = {}
    elsewhere: Plans = {}
    for phase, deviation, failed in sorted(newest.values(), key=lambda each: each[0].id):
        is_confirmed = where.get(deviation.id) == OosState.CAUSE_CONFIRMED
        if is_confirmed and phase.found in RETESTED and phase.container_id is not None:
            tested, failing = (
                (number, failed.test) for number in (phase.container_id, failed.container_id)
            )
            if tested != failing:
                planned.pop(failing, None)
                elsewhere[failing] = (phase, deviation)
            planned[tested] = (phase, deviation)
            elsewhere.pop(tested, None)
    return planned, elsewhere


def investigated(session: Session, found: Sequence[Result]) -> list[Deviation]:
    """The deviations of these results whose investigation has not ended, oldest first: no cause
    was confirmed, and QA has not judged; or the plan of the retest is open again."""
    opened = list(oos_of(session, found).values())
    where = states.on_all_axes(session, [each.id for each in opened])
    return [
        each
        for each in opened
        if where.get((each.id, OOS)) == OosState.PLAN_OPEN
        or where.get((each.id, OOS)) != OosState.CAUSE_CONFIRMED
        and where.get((each.id, DEVIATION)) not in DECIDED_ON
    ]


def amended(session: Session, deviation: Deviation) -> PhaseOne | None:
    """The signed plan of this investigation that a newer one may take the place of, or is about to:
    None where phase I was never signed, or another plan holds on its sample."""
    said = phase_one(session, deviation.id)
    state = state_of(session, deviation)
    if said is None or state not in (OosState.CAUSE_CONFIRMED, OosState.PLAN_OPEN):
        return None
    if state == OosState.PLAN_OPEN:
        return session.get(PhaseOne, said.amends_id)
    planned, _ = plans_of(session, [deviation.scope])
    return said if any(plan.id == said.id for plan, _ in planned.values()) else None


def left_of(
    session: Session, failed: Result, sample_id: int | None, earlier: PhaseOne | None = None
) -> int:
    """How many valid results are still waited for by the plans that a new one takes the place of:
    that on the sample which is tested again, that on the sample which failed, and the `earlier` one
    of the same investigation."""
    planned, _ = plans_of(session, [failed.scope])
    numbers = {failed.container_id, sample_id or failed.container_id}
    held = [planned[each, failed.test][0] for each in numbers if (each, failed.test) in planned]
    replaced = {each.id: each for each in [*held, *([earlier] if earlier else [])]}.values()
    tested = select(Result).where(Result.scope == failed.scope, Result.test == failed.test)
    others = [each for each in session.scalars(tested) if each.id != failed.id]
    left = [(plan.retests or 0) - done_by(session, plan, others) for plan in replaced]
    return min(sum(max(each, 0) for each in left), rules.MOST_RETESTS)


def done_by(session: Session, plan: PhaseOne, found: Iterable[Result]) -> int:
    """How many valid final results of a sample there are by a plan."""
    mine = [each for each in found if each.plan_id == plan.id]
    where = states_of(session, mine)
    return sum(where[each.id] in ACTIVE and each.verdict != INTERIM for each in mine)


def due_of(session: Session, found: Sequence[Deviation], now: datetime) -> dict[int, rules.Due]:
    """{deviation id: when its investigation has to have ended} of those about a failing result, by
    the specification that judges it; as many queries for a page as for one."""
    mine = [each for each in found if is_oos(each)]
    failed = {
        each.id: each
        for each in session.scalars(
            select(Result).where(Result.id.in_([each.subject_id for each in mine]))
        )
    }
    judging = judging_versions.judging(session, failed.values())
    where = states.on_all_axes(session, [each.id for each in mine])
    made = {}
    for each in mine:
        if result := failed.get(each.subject_id):
            within = judging.contents[judging.of(result)[1]].oos_within
            span = timedelta(microseconds=int(within.to("s").size * 1_000_000))
            is_ended = where.get((each.id, DEVIATION)) in DECIDED_ON
            made[each.id] = rules.due(each.opened_at, span, is_ended, now)
    return made


def sample_of(session: Session, phase: PhaseOne) -> Container | None:
    """The sample that is tested again."""
    return session.get(Container, phase.container_id) if phase.container_id else None
