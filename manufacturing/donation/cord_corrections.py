"""What was recorded wrongly when a cord was received: birth, collection, what the checks found.

The old stays legible, everything that follows is judged anew, and what was signed on the strength
of it no longer holds: QA determines the donor and accepts the cord anew (EBR-07, EBR-08). Whose
cord it is stays: one of another donor is rejected and received anew."""

from __future__ import annotations

from sqlalchemy import select

from integrity import corrections, dependents
from integrity.acts import Act
from integrity.corrections import Change
from integrity.database import Session
from integrity.facts import Fact
from integrity.findings import refuse_if_blocked
from manufacturing.donation import blood_samples, cords, criteria_register as criteria
from manufacturing.donation.actions import DonationAction
from manufacturing.donation.cords import CordFacts
from manufacturing.donation.criteria import Criteria
from manufacturing.donation.donations import SAID, Cord, CordCorrection, Donor
from manufacturing.donation.rules import cords as rules, separation
from manufacturing.donation.words import RecallPhrase


def correct(act: Act, cord_id: int, facts: CordFacts, reason: str) -> Cord:
    """Say anew when the child was born, when the cord was collected and what the checks found,
    judged by the criteria of its receipt; its donor stays. Raises Refused."""
    told, cord = [cord_id, facts, reason], act.session.get_one(Cord, cord_id)
    if act.has_answered(DonationAction.CORD_CORRECTED, told):
        return cord
    was, becomes = corrections.standing(cord, SAID), cords.said_of(facts)
    law = criteria.of(act.session, cord.criteria_id)
    found = refuse_if_blocked(
        [
            *corrections.against(None, act.by.username or "", was != becomes, reason),
            *rules.judge_times(facts.born_at, facts.collected_at, now=cord.received_at),
            *(becoming := rules.judge_receipt(law, facts.receipt)),
            *separation.may_correct(_said(act.session, law, cord), becoming, act.by.username or ""),
        ]
    )
    reason = reason.strip()
    act.add(
        CordCorrection(cord_id=cord.id, donor_id=cord.donor_id, reason=reason, at=act.at, **becomes)
    )
    corrections.take(cord, becomes)
    cords.open_deviations(act, cord, found, rules.judge_receipt(law, was["receipt"]))
    donor = act.session.get_one(Donor, cord.donor_id)
    blood_samples.judge_samples(act, donor, cord, RecallPhrase.CORD_CORRECTED)
    changed = changes(act.session, cord, Change(cord, was, becomes))
    act.say(
        DonationAction.CORD_CORRECTED,
        cord,
        scope=cord.code,
        reason=reason,
        facts=told,
        details={"code": cord.code, "changed": changed},
    )
    dependents.changed(act, cord)
    dependents.changed(act, donor)
    return cord


def _said(session: Session, law: Criteria, cord: Cord) -> list[separation.Said]:
    """What the checks of its receipt were said to have found so far, oldest first."""
    said = [(cord.username, cord.first_receipt)]
    made = select(CordCorrection).where(CordCorrection.cord_id == cord.id)
    for each in session.scalars(made.order_by(CordCorrection.id)):
        said.append((each.username, each.receipt))
    return [
        separation.Said(username or "", rules.judge_receipt(law, receipt))
        for username, receipt in said
    ]


def of(session: Session, cord: Cord) -> list[Change]:
    """Every correction of a cord, the oldest first."""
    return corrections.of(session, CordCorrection, "cord_id", cord, SAID)


def changes(session: Session, cord: Cord, change: Change) -> list[tuple[Fact, Fact, Fact]]:
    """(what it is, as it was, as it is) of one correction."""
    was, becomes = (cords.papers(session, cord, said) for said in (change.was, change.becomes))
    return corrections.differing(was, becomes)
