"""The batches beside one in which something grew, or of which something critical was seen: QA
judges each before it is released, and what is released is held meanwhile (process.md, 6)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import or_, select

from integrity import facts
from integrity.acts import Act
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.findings import Classification, deviates
from manufacturing.donation.donations import Cord
from manufacturing.execution import uses
from manufacturing.execution.batches import Batch
from qc.deviations import investigation
from qc.release import rules, used_unfit
from qc.release.rule_ids import ReleaseRule
from qc.release.used_unfit import Resting, Unfit


def beside(act: Act, found: Deviation) -> Unfit:
    """The siblings of the batch of a deviation that spreads, each with a deviation of its own."""
    batch = act.session.get(Batch, found.scope_id) if found.rule in rules.SPREADS else None
    if batch is None or not rules.spreads(found.rule, _class(act.session, found)):
        return
    cause = deviates(
        ReleaseRule.BESIDE,
        Classification.MAJOR,
        batch=facts.code(batch.code),
        deviation=facts.code(found.code),
        what=found.what,
    )
    place = facts.code(batch.code)
    yield cause, used_unfit.open_for(act, of(act.session, batch), cause, batch, place)


def _class(session: Session, found: Deviation) -> str:
    """As it was opened, or as QA has classified it since."""
    return investigation.story_of(session, found).classification


def of(session: Session, batch: Batch) -> Resting:
    """The batches made with the same lots, on the same equipment in the same days, or of the same
    donor."""
    lots = {lot.id for _, lot in uses.lots_of(session, [batch.id])}
    donor = select(Cord.donor_id).where(Cord.id == batch.cord_id).scalar_subquery()
    hers = select(Cord.id).where(Cord.donor_id == donor)
    shares = or_(
        Batch.id.in_(uses.with_lots(lots)),
        Batch.id.in_(set(_on_the_same(session, batch))),
        Batch.cord_id.in_(hers),
    )
    return select(Batch).where(shares, Batch.id != batch.id).order_by(Batch.id)


def _on_the_same(session: Session, batch: Batch) -> Iterator[int]:
    mine = {each.id: each for each in uses.equipment_of(session, [batch.id])[batch.id]}
    for batch_id, used in uses.with_equipment(session, mine):
        if rules.together(used, mine[used.id]):
            yield batch_id
