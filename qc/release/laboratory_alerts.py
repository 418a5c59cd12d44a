"""The exceptions of the laboratory that do not block a release: repeats, retests,
what was not tested or struck, and a change of specification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from documents.register import ControlledDocument
from integrity import facts
from integrity.database import Session
from integrity.facts import Fact
from qc.laboratory import judging_versions, result_facts, verdicts
from qc.laboratory.results import Result
from qc.laboratory.rules.results import ACTIVE, ResultState, Verdict
from qc.release import explanations
from qc.release.alert import Alert
from qc.release.release_inputs import ReleaseInputs
from qc.release.words import AlertPhrase, ReleaseTerm

Says = Mapping[int, Verdict]  # what each of these results says now
STRUCK = {
    ResultState.INVALIDATED: ReleaseTerm.RESULT_INVALIDATED,
    ResultState.CORRECTED: ReleaseTerm.RESULT_CORRECTED,
}


def of(session: Session, found: ReleaseInputs) -> list[Alert]:
    """Every one of them, in this order."""
    again = [each for each in found.results if found.result_states[each.id] in ACTIVE]
    again = [each for each in again if each.reason or each.plan_id]
    says = verdicts.standing(session, again) if again else {}
    return [
        *_repeated(found, again, says),
        *_retested(session, found, again, says),
        *_changed_specification(session, found),
        *_untested(session, found),
        *_struck(found),
    ]


def _repeated(found: ReleaseInputs, again: Sequence[Result], says: Says) -> Iterator[Alert]:
    """A further valid result of a sample and test: both stand, and what is reported of
    them is the rule of the line, or of the plan of a retest."""
    for result in again:
        if result.corrects_id or not result.reason:
            continue
        yield Alert(
            ReleaseTerm.REPEAT,
            facts.message(
                AlertPhrase.RESULT, test=_test(found, result), result=says[result.id].shown
            ),
            facts.message(AlertPhrase.REPEATED, reason=result.reason, name=result.name),
            facts.message(AlertPhrase.QC_SAMPLE, code=facts.code(result.sample)),
            ("result", result.key),
        )


def _retested(
    session: Session, found: ReleaseInputs, again: Sequence[Result], says: Says
) -> Iterator[Alert]:
    """A valid result that is a retest by the plan of an investigation."""
    for result in again:
        if result.plan_id is None:
            continue
        yield Alert(
            ReleaseTerm.RETEST,
            facts.message(
                AlertPhrase.RESULT, test=_test(found, result), result=says[result.id].shown
            ),
            facts.message(
                AlertPhrase.RETESTED,
                plan=result_facts.retest(session, result.plan_id),
                name=result.name,
            ),
            facts.message(AlertPhrase.QC_SAMPLE, code=facts.code(result.sample)),
            ("result", result.key),
        )


def _test(found: ReleaseInputs, result: Result) -> Fact:
    line = found.contents.line(result.test)
    return line.test if line else result.test


def _changed_specification(session: Session, found: ReleaseInputs) -> Iterator[Alert]:
    """A change of specification that QA approved for this batch by its name."""
    for made in judging_versions.newest_of(session, [found.batch.id]).values():
        began = session.get_one(ControlledDocument, found.batch.specification_id)
        yield Alert(
            ReleaseTerm.SPECIFICATION_CHANGED,
            facts.message(
                AlertPhrase.SPECIFICATION_CHANGED,
                document=found.specification.named,
                began=began.named,
            ),
            facts.message(
                AlertPhrase.BECAUSE,
                reason=made.reason,
                name=made.name,
                at=facts.instant(made.at),
            ),
            facts.word(AlertPhrase.SPECIFICATION),
            ("document", str(made.specification_id)),
            judged_by=made.name,
        )


def _untested(session: Session, found: ReleaseInputs) -> Iterator[Alert]:
    """A sample that was not tested, with who signed why not."""
    for sample, said in explanations.of_batch(session, found):
        yield Alert(
            ReleaseTerm.NOT_TESTED,
            facts.message(AlertPhrase.NOT_TESTED, test=said.named, why=said.word),
            facts.message(AlertPhrase.SAID, reason=said.reason, name=said.name),
            facts.message(AlertPhrase.QC_SAMPLE, code=facts.code(sample)),
            ("sample", sample),
        )


def _struck(found: ReleaseInputs) -> Iterator[Alert]:
    for result in found.results:
        word = STRUCK.get(ResultState(found.result_states[result.id]))
        if word is None:
            continue
        yield Alert(
            word,
            facts.message(AlertPhrase.RESULT, test=_test(found, result), result=result.shown),
            facts.message(
                AlertPhrase.STRUCK, name=result.name, at=facts.instant(result.recorded_at)
            ),
            facts.message(AlertPhrase.QC_SAMPLE, code=facts.code(result.sample)),
            ("result", result.key),
        )
