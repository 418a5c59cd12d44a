"""A hold put by a person: on whatever has a code, at any time, by anybody who works here.

It is the safe side, so nobody is asked for a signature; that it is lifted is QA's to sign
(`stores/holds.py`). A batch has a hold of its own, with its containers and its certificate
(`qc/release/decisions.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from integrity import attachments, dependents, site
from integrity.acts import Act
from integrity.attachments import Evidence
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.findings import Refused, blocks
from integrity.signatures import Seal
from integrity.site import TwoPersons
from manufacturing.donation.donations import Cord, Donor
from qc.deviations import investigation, rules, things
from qc.deviations.rule_ids import DeviationRule
from qc.deviations.rules import Keeping
from stores import holds
from stores.actions import HoldAction
from stores.containers import Container
from stores.equipment import Equipment
from stores.holds import Hold
from stores.lots import Lot

HOLDABLE = (Container, Cord, Donor, Equipment, Lot)


@dataclass(frozen=True)
class HoldFacts:
    """What is put on hold (a code as scanned, or a donor's), and why."""

    about: str
    reason: str


def hold(act: Act, facts: HoldFacts, *, evidence: Evidence | None = None) -> Hold:
    """Put a container, sample, cord, lot, donor or piece of equipment on hold.

    What was released on it is held in the same transaction. Raises Refused for a code that nothing
    of these stands under, and for no reason.
    """
    said = attachments.told(facts, evidence)
    if earlier := act.once(HoldAction.HOLD_PUT, said):
        return act.session.get_one(Hold, earlier)
    about = things.thing(act.session, facts.about)
    if not isinstance(about, HOLDABLE):
        raise Refused(blocks(DeviationRule.NOT_HELD_HERE, "about"))
    put = holds.put(act, about, things.scope_of(about), facts.reason, said=said)
    if evidence:
        attachments.attach(act.inner(), put, put.within, evidence)
    dependents.changed(act, put)
    return put


def lift(act: Act, hold_id: int, *, seal: Seal) -> Hold:
    """QA lifts a hold by signature, once each deviation that keeps it is judged, and by another
    person where the site wants two (see stores.holds.lift)."""
    hold = act.session.get_one(Hold, hold_id)
    wants_two = site.wants_two(act.session, TwoPersons.CRITICAL)
    found = _keeping(act.session, hold)
    judged = rules.keeping(found, act.by.username, wants_two=wants_two)
    return holds.lift(act, hold_id, seal=seal, judged=judged)


def _keeping(session: Session, hold: Hold) -> Iterator[Keeping]:
    """Every deviation of what is held."""
    wanted = select(Deviation).where(Deviation.subject_id == hold.subject_id)
    found = session.scalars(wanted.order_by(Deviation.id)).all()
    for story in investigation.stories(session, found):
        made = story.judgement
        yield Keeping(
            story.deviation.code,
            story.classification,
            is_its_own=story.deviation.id == hold.deviation_id,
            judge=made.username if made else None,
            judged_meanwhile=made is not None and made.at >= hold.at,
        )
