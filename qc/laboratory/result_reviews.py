"""Results reviewed and invalidated by signature, and what that makes of their sample."""

from __future__ import annotations

from itertools import islice
from typing import Any

from sqlalchemy import select

from documents.words import Term
from integrity import dependents, facts, signatures, states
from integrity.acts import UNSAID, Act
from integrity.database import Session
from integrity.facts import Pair
from integrity.findings import Stale, blocks, refuse_if_blocked
from integrity.rule_ids import IntegrityRule
from integrity.signatures import Meaning, Seal
from qc.laboratory import results, samples, verdicts
from qc.laboratory.actions import LaboratoryAction
from qc.laboratory.result_facts import facts_of
from qc.laboratory.results import AXIS, Result
from qc.laboratory.rules import pulled, results as rules
from qc.laboratory.rules.results import FAILS, INTERIM, ResultState
from stores import containers
from stores.containers import Container

OF_THE_SAMPLE = (facts.word(Term.BATCH), facts.word(Term.SAMPLE))


def review(act: Act, result_id: int, *, seal: Seal) -> Result:
    """Another person than the analyst signs that the result is accurate, complete and follows the
    method (QC-02).
    """
    result = act.session.get_one(Result, result_id)
    if act.once(LaboratoryAction.RESULT_REVIEWED, [result_id, seal.reviewed]):
        return result
    refuse_if_blocked(rules.may_review(result.username, act.by.username))
    return _sign(act, result, ResultState.REVIEWED, Meaning.REVIEWED, seal)


def of_sample(session: Session, sample: Container, reviewer: str) -> list[Result]:
    """Every result of a sample that waits for its review and that this person may review."""
    found = results.of_sample(session, sample.id)
    where = results.states_of(session, found)
    return [
        result
        for result in found
        if where[result.id] == ResultState.ENTERED
        and not list(rules.may_review(result.username, reviewer))
    ]


def waiting(session: Session, reviewer: str, most: int) -> list[Result]:
    """The results of every sample that wait for their review and that this person may review, those
    of one sample together, at most so many."""
    entered = states.standing(Result.__tablename__, AXIS, ResultState.ENTERED)
    wanted = select(Result).where(Result.id.in_(entered)).order_by(Result.container_id, Result.id)
    mine = (
        result
        for result in session.scalars(wanted)
        if not list(rules.may_review(result.username, reviewer))
    )
    return list(islice(mine, most))


def sample_facts(session: Session, sample: Container, reviewer: str) -> list[Pair]:
    """What is shown of all of them on one page: batch and sample once, then everything of each
    result, also what two of them say alike."""
    every = [facts_of(session, each.id) for each in of_sample(session, sample, reviewer)]
    shared = [pair for pair in every[0] if pair[0] in OF_THE_SAMPLE] if every else []
    return [*shared, *(pair for each in every for pair in each if pair[0] not in OF_THE_SAMPLE)]


def review_sample(act: Act, sample_id: int, *, seal: Seal) -> Container:
    """One signing for every result of a sample that waits: each has a signature over its own facts
    and an event of its own, as if it had been reviewed alone.

    Refused as Stale when they are no longer those that were shown.
    """
    sample = act.session.get_one(Container, sample_id)
    said = [sample.id, seal.reviewed]
    if act.has_answered(LaboratoryAction.RESULT_REVIEWED, said):
        return sample
    waiting = of_sample(act.session, sample, act.by.username)
    shown = sample_facts(act.session, sample, act.by.username)
    if not waiting or signatures.reviewed(shown, act.reader) != seal.reviewed:
        raise Stale(blocks(IntegrityRule.FACTS_CHANGED))
    own = {
        each.id: signatures.reviewed(facts_of(act.session, each.id), act.reader) for each in waiting
    }
    for result in waiting:
        _sign(
            act,
            result,
            ResultState.REVIEWED,
            Meaning.REVIEWED,
            Seal(own[result.id], seal.components, seal.comment),
            said=said if result is waiting[0] else UNSAID,
        )
    return sample


def invalidate(act: Act, result_id: int, *, seal: Seal) -> Result:
    """Strike a result for a documented cause that the signature names.

    It stays visible and counts no more (QC-06); one that fails is struck by the end of phase I.
    """
    result = act.session.get_one(Result, result_id)
    if act.once(LaboratoryAction.RESULT_INVALIDATED, [result_id, seal.reviewed]):
        return result
    says = verdicts.standing(act.session, [result])[result.id]
    fails = says.word == FAILS or bool(results.oos_of(act.session, [result]))
    refuse_if_blocked(rules.may_strike(fails, act.by.username, result.username, seal.comment))
    return _sign(act, result, ResultState.INVALIDATED, Meaning.REJECTED, seal)


def _sign(
    act: Act, result: Result, becomes: str, meaning: Meaning, seal: Seal, *, said: Any = None
) -> Result:
    signatures.sign(
        act, seal, meaning, result, facts_of(act.session, result.id), scope=result.within
    )
    states.move(act, result, AXIS, becomes, allowed=rules.RESULT_MOVES, reason=seal.comment)
    settle(act, act.session.get_one(Container, result.container_id))
    act.say(
        LaboratoryAction(f"result.{becomes}"),
        result,
        scope=result.scope,
        reason=seal.comment,
        facts=said or [result.id, seal.reviewed],
        details={"sample": result.sample, "test": result.test, "reported": result.shown},
    )
    dependents.changed(act, result)
    return result


def settle(act: Act, sample: Container) -> None:
    """A sample is complete when every test it asks for has a reviewed final result (or those that
    may stand in for it), by the version that judges its batch.
    """
    held = results.specification_of(act.session, sample)
    found = results.of_sample(act.session, sample.id)
    where = results.states_of(act.session, found)
    done = results.reviewed_finals(found, where)
    asked = containers.tests_of(act.session, [sample.id])[sample.id]
    complete = all(
        pulled.is_done(test, held[1].line(test) if held else None, done) for test in asked
    )
    waiting = {
        result.test
        for result in found
        if where[result.id] == ResultState.ENTERED and result.verdict != INTERIM
    }
    samples.set_testing(act, sample, complete and not waiting)
