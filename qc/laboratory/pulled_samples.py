"""Samples that were pulled: which of their tests are there, and who signed why one is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from documents.words import Term
from integrity import facts, signatures, states
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.facts import Pair
from integrity.findings import refuse_if_blocked
from integrity.signatures import Meaning, Seal
from integrity.vocabulary import one_of
from qc.laboratory import oos_phases, results, samples
from qc.laboratory.actions import LaboratoryAction
from qc.laboratory.results import Recorded, Result
from qc.laboratory.rules import pulled as rules
from qc.laboratory.rules.pulled import PulledTest, Untested
from qc.laboratory.rules.results import ACTIVE, TESTING, ResultState, TestingState
from qc.laboratory.words import LaboratoryTerm, UntestedWord, worded
from qc.specifications.model import Contents
from stores import containers
from stores.containers import Container


class SampleExplanation(Record, By):
    """Why a test of a sample is not there, signed; the newest holds."""

    __tablename__ = "sample_explanations"
    __table_args__ = (one_of("untested", Untested),)

    container_id: Mapped[int] = mapped_column(ForeignKey("containers.id"), index=True)
    test: Mapped[str]
    untested: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    name: Mapped[str]


# Questions
# -------------------------------------------------------------------------------------------------


def explanations_of(
    session: Session, container_ids: Iterable[int]
) -> dict[tuple[int, str], SampleExplanation]:
    """{(sample's container id, test): why it is not tested} in one query."""
    found = every_explanation(session, container_ids)
    return {(each.container_id, each.test): each for each in found}


def every_explanation(
    session: Session, container_ids: Iterable[int]
) -> Sequence[SampleExplanation]:
    """Every explanation of these samples, oldest first, in one query."""
    mine = SampleExplanation.container_id.in_(list(container_ids))
    asked = select(SampleExplanation).where(mine).order_by(SampleExplanation.id)
    return session.scalars(asked).all()


def of_batches(
    session: Session, wanted: Mapping[str, Contents], found: Recorded
) -> dict[str, list[PulledTest]]:
    """{batch code: every test that a sample of it was pulled for}, as many batches in as many
    questions as one."""
    made: dict[str, list[PulledTest]] = {code: [] for code in wanted}
    scoped = Container.scope.in_(sorted(wanted))
    valid = Container.id.not_in(containers.void_ones())
    pulled = session.scalars(
        select(Container).where(scoped, Container.kind == "sample", valid).order_by(Container.id)
    ).all()
    ids = [each.id for each in pulled]
    tests, why = containers.tests_of(session, ids), explanations_of(session, ids)
    unfit, by_sample = states.of_many(session, ids, TESTING), _by_sample(found)
    for sample in pulled:
        said = wanted[sample.scope]
        for test in tests[sample.id]:
            explained = why.get((sample.id, test))
            made[sample.scope].append(
                PulledTest(
                    sample=sample.code,
                    kind=samples.kind_of(sample),
                    entry_id=sample.entry_id,
                    test=test,
                    line=said.line(test),
                    is_tested=_is_tested(by_sample[sample.id], test, said, found),
                    is_read=_is_read(by_sample[sample.id], test, found),
                    is_unfit=unfit.get(sample.id) == TestingState.UNFIT,
                    why=explained.untested if explained else None,
                )
            )
    return made


def _by_sample(found: Recorded) -> Mapping[int, list[Result]]:
    parted: defaultdict[int, list[Result]] = defaultdict(list)
    for each in found.results:
        parted[each.container_id].append(each)
    return parted


def _is_tested(mine: Sequence[Result], test: str, said: Contents, found: Recorded) -> bool:
    done = results.reviewed_finals(mine, found.states)
    return rules.is_done(test, said.line(test), done)


def _is_read(mine: Sequence[Result], test: str, found: Recorded) -> bool:
    """Whether the newest valid word on it, a reading or a result, is reviewed."""
    valid = [each for each in mine if each.test == test and found.states[each.id] in ACTIVE]
    return bool(valid) and found.states[valid[-1].id] == ResultState.REVIEWED


# Explaining
# -------------------------------------------------------------------------------------------------


def explain_facts(session: Session, code: str, test: str, why: str) -> list[Pair]:
    """Exactly what is shown and signed of a sample that is not tested."""
    sample = samples.find(session, code)
    assert sample  # a page or a script names one that is there
    held = results.specification_of(session, sample)
    line = held[1].line(test) if held else None
    word = worded(UntestedWord, why)
    return [
        facts.pair(Term.BATCH, facts.code(sample.scope)),
        facts.pair(Term.SAMPLE, facts.code(sample.code)),
        facts.pair(Term.TEST, line.test if line else test),
        facts.pair(LaboratoryTerm.NOT_TESTED, facts.word(word)),
    ]


def explain(act: Act, code: str, test: str, why: str, *, seal: Seal) -> SampleExplanation:
    """Somebody of QC signs why a test of a sample is not there; the seal's comment is the reason.

    It takes nothing away: a result may still be recorded, and a required line still asks for one.
    """
    signed = [code, test, why, seal.reviewed]
    if earlier := act.once(LaboratoryAction.SAMPLE_EXPLAINED, signed):
        return act.session.get_one(SampleExplanation, earlier)
    sample = samples.find(act.session, code)
    assert sample
    planned, _ = oos_phases.plans_of(act.session, [sample.scope])
    refuse_if_blocked(
        rules.may_explain(
            test in containers.tests_of(act.session, [sample.id])[sample.id],
            bool(results.finals_of(act.session, sample, test)),
            (sample.id, test) in planned,
            why,
            seal.comment,
        )
    )
    shown = explain_facts(act.session, code, test, why)
    signatures.sign(act, seal, Meaning.REVIEWED, sample, shown, scope=sample.within)
    made = SampleExplanation(
        container_id=sample.id,
        test=test,
        untested=why,
        reason=seal.comment or "",
        at=act.at,
        name=act.by.name,
    )
    act.add(made)
    act.say(
        LaboratoryAction.SAMPLE_EXPLAINED,
        made,
        scope=sample.scope,
        reason=seal.comment,
        facts=signed,
        details={"sample": sample.code, "test": test, "why": why},
    )
    return made
