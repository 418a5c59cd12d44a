"""What was recorded wrongly of a sample's receipt or of the start of a long test, put right by a
second person: the old stays legible, and what follows from it is judged anew (EBR-08, QC-03,
QC-08).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from integrity import corrections, dependents, facts, site, states
from integrity.acts import Act
from integrity.corrections import Change
from integrity.database import Session
from integrity.facts import Fact, Pair
from integrity.findings import Refused, blocks, refuse_if_blocked
from qc.laboratory import result_reviews, results, samples, testing
from qc.laboratory.actions import LaboratoryAction
from qc.laboratory.results import BEGAN, Beginning, BeginningCorrection, Result
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules import beginnings as rules, samples as sample_rules
from qc.laboratory.rules.results import ACTIVE, INTERIM, TESTING, TESTING_MOVES, TestingState
from qc.laboratory.samples import SAID, ReceiptCorrection, ReceiptFacts, SampleReceipt
from qc.laboratory.testing import BeginningFacts
from qc.laboratory.words import ConditionWord, LaboratoryTerm, worded
from stores import fates
from stores.containers import Container

Differences = list[tuple[Fact, Fact, Fact]]  # (what it is, as it was, as it is)


def correct_receipt(act: Act, facts: ReceiptFacts, reason: str) -> SampleReceipt:
    """Say anew how a sample arrived and where it is kept. Raises Refused.

    One that was not fit answers no test: what was tested on it counts no more, and the other way
    round."""
    told = [facts, reason]
    if earlier := act.once(LaboratoryAction.RECEIPT_CORRECTED, told):
        return act.session.get_one(SampleReceipt, earlier)
    sample = samples.find(act.session, facts.sample)
    receipt = samples.receipt_of(act.session, sample.id) if sample else None
    if sample is None or receipt is None:
        raise Refused(blocks(LaboratoryRule.RECEIPT_NOT_THERE))
    was, becomes = corrections.standing(receipt, SAID), samples.said_of(facts)
    by = act.by.username or ""
    arrived = list(sample_rules.arriving(facts.condition))
    refuse_if_blocked(
        [*corrections.against(receipt.username, by, was != becomes, reason), *arrived]
    )
    act.add(ReceiptCorrection(receipt_id=receipt.id, reason=reason.strip(), at=act.at, **becomes))
    corrections.take(receipt, becomes)
    if was["condition"] != becomes["condition"]:
        samples.open_deviations(act, arrived, sample, receipt, reason)
        _stand(act, sample, facts.condition)
    act.say(
        LaboratoryAction.RECEIPT_CORRECTED,
        receipt,
        scope=sample.scope,
        reason=reason.strip(),
        facts=told,
        details={"sample": sample.code, "changed": receipt_changes(Change(receipt, was, becomes))},
    )
    _tell(act, _valid(act.session, sample))
    return receipt


def _stand(act: Act, sample: Container, condition: str) -> None:
    """Where a sample stands by how it arrived."""
    becomes, now = sample_rules.STATE_OF[condition], states.of(act.session, sample, TESTING)
    if (becomes == TestingState.UNFIT) != (now == TestingState.UNFIT):
        states.move(act, sample, TESTING, becomes, allowed=TESTING_MOVES)
    result_reviews.settle(act, sample)


def correct_beginning(act: Act, facts: BeginningFacts, reason: str) -> Beginning:
    """Say anew when a long test began: its earliest end follows, and what was read by the moment
    that was said before is judged anew. Raises Refused."""
    told = [facts, reason]
    if earlier := act.once(LaboratoryAction.BEGINNING_CORRECTED, told):
        return act.session.get_one(Beginning, earlier)
    sample = samples.find(act.session, facts.sample)
    held = results.beginnings_of(act.session, [sample.id]) if sample else {}
    beginning = held.get((sample.id, facts.test)) if sample else None
    if sample is None or beginning is None:
        raise Refused(blocks(LaboratoryRule.NOT_BEGUN))
    was, becomes = beginning.began_at, facts.began_at
    known, resting = _known(act.session, sample, beginning, becomes)
    found = refuse_if_blocked(
        [
            *corrections.against(beginning.username, act.by.username or "", was != becomes, reason),
            *rules.against(known, was, becomes),
        ]
    )
    act.add(
        BeginningCorrection(
            beginning_id=beginning.id, began_at=becomes, reason=reason.strip(), at=act.at
        )
    )
    corrections.take(beginning, {"began_at": becomes})
    testing.open_deviations(act, found, sample, known.line, beginning, reason)
    act.say(
        LaboratoryAction.BEGINNING_CORRECTED,
        beginning,
        scope=sample.scope,
        reason=reason.strip(),
        facts=told,
        details={"sample": sample.code, "test": facts.test, "was": was, "becomes": becomes},
    )
    _tell(act, resting)
    return beginning


def _known(
    session: Session, sample: Container, beginning: Beginning, becomes: datetime
) -> tuple[rules.Beginning, list[Result]]:
    """What the law is told of a beginning, and the results that rest on it."""
    specification = results.specification_of(session, sample)
    line = specification[1].line(beginning.test) if specification else None
    assert line  # its test began by it
    resting = [
        each
        for each in _valid(session, sample)
        if (each.test, each.plan_id) == (beginning.test, beginning.plan_id)
    ]
    receipt = samples.receipt_of(session, sample.id)
    known = rules.Beginning(
        line=line,
        pulled_at=sample.made_at,
        received_at=receipt.received_at if receipt else None,
        gone_at=fates.gone_at(session, sample.id),
        recorded_at=beginning.recorded_at,
        late=site.late_after(session, becomes),
        read=tuple(
            rules.Read(each.tested_at, each.verdict != INTERIM, each.verdict) for each in resting
        ),
    )
    return known, resting


def _valid(session: Session, sample: Container) -> list[Result]:
    found = results.of_sample(session, sample.id)
    where = results.states_of(session, found)
    return [each for each in found if where[each.id] in ACTIVE]


def _tell(act: Act, resting: Iterable[Result]) -> None:
    for each in resting:
        dependents.changed(act, each)


# Questions
# -------------------------------------------------------------------------------------------------


def of_receipt(session: Session, receipt: SampleReceipt) -> list[Change]:
    """Every correction of a receipt, the oldest first."""
    return corrections.of(session, ReceiptCorrection, "receipt_id", receipt, SAID)


def of_beginning(session: Session, beginning: Beginning) -> list[Change]:
    """Every correction of the start of a long test, the oldest first."""
    return corrections.of(session, BeginningCorrection, "beginning_id", beginning, BEGAN)


def told(
    session: Session, receipt: SampleReceipt | None, begun: Iterable[Beginning]
) -> list[tuple[Change, Differences]]:
    """Every correction of a sample's receipt and of the starts of its tests, with what differs, in
    the order in which they were made."""
    received = of_receipt(session, receipt) if receipt else []
    found = [(each, receipt_changes(each)) for each in received]
    for beginning in begun:
        found += [(each, beginning_changes(each)) for each in of_beginning(session, beginning)]
    return sorted(found, key=lambda each: each[0].made.at)


def receipt_changes(change: Change) -> Differences:
    """(what it is, as it was, as it is) of one correction of a receipt."""
    return corrections.differing(*(_arrived(said) for said in (change.was, change.becomes)))


def _arrived(said: corrections.Said) -> list[Pair]:
    return [
        facts.pair(LaboratoryTerm.ARRIVED, facts.word(worded(ConditionWord, said["condition"]))),
        facts.pair(LaboratoryTerm.KEPT, said["storage"]),
        facts.pair(LaboratoryTerm.REMARK, said["remark"]),
    ]


def beginning_changes(change: Change) -> Differences:
    """(what it is, as it was, as it is) of one correction of a start."""
    term = facts.word(LaboratoryTerm.BEGAN)
    was, becomes = (facts.instant(said["began_at"]) for said in (change.was, change.becomes))
    return [(term, was, becomes)]
