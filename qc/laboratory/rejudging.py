"""An amount of the batch that is recorded or corrected after a result: what is out of specification
by it opens its deviation in the same act (QC-06)."""

from __future__ import annotations

from collections.abc import Sequence

from integrity import dependents
from integrity.acts import Act
from integrity.subjects import Named
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from qc.laboratory import batch_amounts, judging_versions, results, samples, testing, verdicts
from qc.laboratory.results import Result
from qc.laboratory.rules import results as rules
from qc.laboratory.rules.results import ACTIVE


@dependents.declare
def answer(act: Act, subject: Named) -> None:
    """Open the deviation of every result that an entry puts out of specification: a corrected one,
    or the first that says an amount."""
    if isinstance(subject, Entry) and (subject.corrects_id is not None or _says_amount(subject)):
        batch = act.session.get_one(Batch, subject.batch_id)
        found = results.of_scope(act.session, batch.code)
        if found and (subject.corrects_id is not None or _is_source(act, found[-1], subject)):
            judge_anew(act, found, subject.reason)


def _says_amount(entry: Entry) -> bool:
    values = entry.values.values()
    return any(isinstance(each, dict) and each.get("text") and each.get("unit") for each in values)


def _is_source(act: Act, result: Result, entry: Entry) -> bool:
    """Whether the version that judges the batch takes an amount from this step."""
    sources = judging_versions.judging(act.session, [result]).sources(result)
    return entry.step in {step for step, _ in batch_amounts.named(sources)}


def judge_anew(act: Act, found: Sequence[Result], reason: str | None) -> None:
    """Open the deviation of every valid result that fails now and has none yet."""
    where, opened = results.states_of(act.session, found), results.oos_of(act.session, found)
    valid = [each for each in found if where[each.id] in ACTIVE and each.id not in opened]
    says = verdicts.as_judged(act.session, valid)
    for result in valid:
        turned = list(rules.oos(says[result.id].line, says[result.id].verdict))
        if turned and (sample := samples.find(act.session, result.sample)):
            testing.open_deviations(act, turned, sample, says[result.id].line, result, reason)
