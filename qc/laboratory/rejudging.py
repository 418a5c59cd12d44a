"""What a result says by the amounts of its batch as they stand now: weight, volume and label claim
may be corrected after it was recorded.

Whatever shows a verdict asks here; what was signed keeps what was said then. A correction by which
a result is out of specification opens its deviation in the same act (QC-06)."""

from __future__ import annotations

from collections.abc import Sequence

from integrity import dependents
from integrity.acts import Act
from integrity.database import Session
from integrity.subjects import Named
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from qc.laboratory import batch_amounts as bases, line_statuses, results, samples, testing
from qc.laboratory.results import Result
from qc.laboratory.rules import results as rules
from qc.laboratory.rules.results import ACTIVE, Verdict
from qc.specifications import register


def standing(session: Session, found: Sequence[Result]) -> dict[int, Verdict]:
    """{result id: what it says now}; an interim reading says what it said."""
    contents = register.contents_by_id(session, {each.specification_id for each in found})
    sources = {each.scope: contents[each.specification_id].sources for each in found if each.basis}
    basis = {scope: bases.basis_of(session, scope, said) for scope, said in sources.items()}
    return {
        each.id: line_statuses.judged_for(
            each,
            contents[each.specification_id].by_id[each.test],
            basis.get(each.scope, rules.Basis()),
        )
        for each in found
    }


@dependents.declare
def answer(act: Act, subject: Named) -> None:
    """Open the deviation of every result that a corrected entry puts out of specification."""
    if isinstance(subject, Entry) and subject.corrects_id is not None:
        batch = act.session.get_one(Batch, subject.batch_id)
        _judge_anew(act, batch, subject.reason)


def _judge_anew(act: Act, batch: Batch, reason: str | None) -> None:
    found = [each for each in results.of_scope(act.session, batch.code) if each.basis]
    where, opened = results.states_of(act.session, found), results.oos_of(act.session, found)
    valid = [each for each in found if where[each.id] in ACTIVE and each.id not in opened]
    contents = register.contents_by_id(act.session, {each.specification_id for each in valid})
    for number, verdict in standing(act.session, valid).items():
        result = next(each for each in valid if each.id == number)
        line, sample = (
            contents[result.specification_id].by_id[result.test],
            samples.find(act.session, result.sample),
        )
        if sample is not None:
            turned = rules.oos(line, verdict)
            testing.open_deviations(act, turned, sample, line, result, reason)
