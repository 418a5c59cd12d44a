"""Where batches stand on the lines of their specifications, gathered for the law
(rules/line_status.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import bindparam, select

from documents import register as documents
from documents.register import ControlledDocument
from integrity import states
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.quantities import Quantity
from qc.laboratory import (
    judging_versions,
    oos_phases,
    pulled_samples,
    results,
    samples,
    verdicts,
)
from qc.laboratory.judging_versions import Judging
from qc.laboratory.oos_phases import PhaseOne, Plans
from qc.laboratory.pulled_samples import SampleExplanation
from qc.laboratory.results import Beginning, Recorded, Result
from qc.laboratory.rules import results as rules
from qc.laboratory.rules.line_status import (
    LineStatus,
    RetestPlan,
    Sampled,
    Tested,
    line_standing,
    stand_in,
)
from qc.laboratory.rules.pulled import SETTLED
from qc.laboratory.rules.results import ACTIVE, Basis, ResultState, TestingState
from qc.specifications import register
from qc.specifications.model import Contents, Line
from stores import containers
from stores.containers import Container


def of_batch(
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

    Each result is judged by the version it was recorded under, or that was approved for its batch
    by name (QC-01), for this weight, volume and label claim; an amount that is not given is the one
    it was recorded with."""
    wanted = {batch_code: (specification, Basis(volume, weight, claim))}
    return of_batches(session, wanted, results.recorded(session, wanted))[batch_code]


Wanted = Mapping[str, tuple[ControlledDocument, Basis]]


def of_batches(session: Session, wanted: Wanted, found: Recorded) -> dict[str, list[LineStatus]]:
    """`of_batch` of many batches, {batch code: lines}, in as many queries as of one.

    `found` are the results of these batches, others may be among them.
    """
    return {code: _standing(gathered) for code, gathered in _gather(session, wanted, found).items()}


def _standing(gathered: _Gathered) -> list[LineStatus]:
    return stand_in(
        [
            line_standing(
                line, [_sampled(gathered, sample, line) for sample in gathered.asking(line)]
            )
            for line in gathered.held.lines
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
    plans: Plans
    elsewhere: Plans
    explained: Mapping[tuple[int, str], SampleExplanation]
    judging: Judging
    named: Mapping[int, str]
    basis: Basis
    held: Contents

    @cached_property
    def asked(self) -> Mapping[int, list[str]]:
        return {each.id: samples.asked(self.tests[each.id], self.held) for each in self.samples}

    def asking(self, line: Line) -> list[Container]:
        return [sample for sample in self.samples if line.id in self.asked[sample.id]]


_SAMPLES = (
    select(Container)
    .where(
        Container.scope.in_(bindparam("scopes", expanding=True)),
        Container.kind == "sample",
        Container.id.not_in(containers.void_ones()),
    )
    .order_by(Container.id)
)


def _gather(session: Session, wanted: Wanted, recorded: Recorded) -> dict[str, _Gathered]:
    found = [each for each in recorded.results if each.scope in wanted]
    pulled = session.scalars(_SAMPLES, {"scopes": sorted(wanted)}).all()
    testing = states.of_many(session, [each.id for each in pulled], rules.TESTING)
    fit = [each for each in pulled if testing.get(each.id) != TestingState.UNFIT]
    ids = {
        *(specification.id for specification, _ in wanted.values()),
        *(result.specification_id for result in found),
    }
    explained = pulled_samples.explanations_of(session, [each.id for each in fit])
    oos, begun = (
        results.oos_of(session, found),
        results.beginnings_of(session, [each.id for each in pulled]),
    )
    changed = judging_versions.changes_of(session, wanted)
    judging = Judging(register.contents_by_id(session, {*ids, *changed.values()}), changed)
    named = documents.named(session, judging.contents)
    plans, elsewhere = oos_phases.plans_of(session, wanted) if oos else ({}, {})
    tests, of_tests = containers.tests_of(session, [each.id for each in fit]), _by_test(found)
    of_scopes: defaultdict[str, list[Container]] = defaultdict(list)
    for each in fit:
        of_scopes[each.scope].append(each)
    return {
        code: _Gathered(
            samples=of_scopes[code],
            tests=tests,
            results=of_tests,
            states=recorded.states,
            oos=oos,
            beginnings=begun,
            plans=plans,
            elsewhere=elsewhere,
            explained=explained,
            judging=judging,
            named=named,
            basis=basis,
            held=judging.contents[specification.id],
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
    plan = _planned(gathered.plans.get((sample.id, line.id)))
    begun = gathered.beginnings.get((sample.id, line.id))
    began = begun if begun and begun.plan_id == (plan.id if plan else None) else None
    until = rules.earliest_final(line, began.began_at if began else None)
    return Sampled(
        code=sample.code,
        kind=samples.kind_of(sample),
        until=until,
        struck=bool(mine),
        results=[_tested(gathered, each) for each in mine if gathered.states[each.id] in ACTIVE],
        plan=plan,
        is_elsewhere=(sample.id, line.id) in gathered.elsewhere,
        is_explained=_is_explained(gathered.explained.get((sample.id, line.id))),
        basis=gathered.basis,
    )


def _is_explained(said: SampleExplanation | None) -> bool:
    return said is not None and said.untested in SETTLED


def _planned(found: tuple[PhaseOne, Deviation] | None) -> RetestPlan | None:
    if found is None:
        return None
    phase, deviation = found
    return RetestPlan(
        phase.id, deviation.code, phase.retests or 0, phase.reported or "", phase.found
    )


def _tested(gathered: _Gathered, result: Result) -> Tested:
    line, judging = gathered.judging.of(result)
    began = results.beginning_of(gathered.beginnings, result)
    verdict = verdicts.judged_for(result, line, gathered.basis, began)
    deviation = gathered.oos.get(result.id)
    return Tested(
        id=result.id,
        word=verdict.word,
        shown=verdict.shown,
        reviewed=gathered.states[result.id] == ResultState.REVIEWED,
        line=line,
        typed=result.typed,
        alert=verdict.alert,
        worse=verdict.worse,
        deviation=deviation.code if deviation else None,
        specification=gathered.named[judging],
        plan_id=result.plan_id,
        measured=verdicts.measured(result, line),
    )
