"""What was received wrongly into the record of a lot, put right by QA: the old stays legible, and
whatever rests on the lot is judged anew (EBR-08, MAT-01).

The material itself stays: whatever was used in its place is another lot's story, so such a lot is
rejected and received anew."""

from __future__ import annotations

from integrity import corrections, dependents
from integrity.acts import Act
from integrity.corrections import Change
from integrity.database import Session
from integrity.facts import Fact
from integrity.findings import refuse_if_blocked
from stores import catalogue_register as catalogue, likeness_rules, lots, rules
from stores.actions import LotAction
from stores.lots import SAID, Lot, LotCorrection, LotFacts


def correct(act: Act, lot_id: int, facts: LotFacts, reason: str) -> Lot:
    """Say anew what the papers of a lot say; its material stays.

    The expiry day is one of the place where the lot was received. Raises Refused."""
    told = [lot_id, facts, reason]
    if act.has_answered(LotAction.LOT_CORRECTED, told):
        return act.session.get_one(Lot, lot_id)
    lot = act.session.get_one(Lot, lot_id)
    refuse_if_blocked(lots.amount_unread(facts.quantity))
    expires_at = rules.end_of(facts.expires_on, lot.place)
    was = corrections.standing(lot, SAID)
    becomes = lots.described_by(facts, lot.material, expires_at)
    same = lots.deliveries(act.session, lot.material, facts.delivery, lot.id)
    renamed = any(was[name] != becomes[name] for name in lots.KNOWN_BY)
    human = facts.human or catalogue.current(act.session, act.at).is_human(lot.material)
    refuse_if_blocked(
        [
            *corrections.against(lot.username, act.by.username or "", was != becomes, reason),
            *rules.describable(
                expires_on=facts.expires_on, human=human, donor_pool=facts.donor_pool, at=act.at
            ),
            *likeness_rules.lot(same, is_another=facts.another_delivery or not renamed),
        ]
    )
    act.add(LotCorrection(lot_id=lot.id, reason=reason.strip(), at=act.at, **becomes))
    corrections.take(lot, becomes)
    lots.keep_terms(act, lot)
    changed = changes(lot, Change(lot, was, becomes))
    act.say(
        LotAction.LOT_CORRECTED,
        lot,
        scope=lot.code,
        reason=reason.strip(),
        facts=told,
        details={"code": lot.code, "changed": changed},
    )
    dependents.changed(act, lot)
    return lot


def of(session: Session, lot: Lot) -> list[Change]:
    """Every correction of a lot, the oldest first."""
    return corrections.of(session, LotCorrection, "lot_id", lot, SAID)


def changes(lot: Lot, change: Change) -> list[tuple[Fact, Fact, Fact]]:
    """(what it is, as it was, as it is) of one correction."""
    was, becomes = lots.papers(lot, change.was), lots.papers(lot, change.becomes)
    return corrections.differing(was, becomes)
