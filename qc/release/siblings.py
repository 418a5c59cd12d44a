"""The batches beside one in which something grew, or of which something critical was seen: QA
judges each before it is released, and what is released is held meanwhile (process.md, 6). A batch
that takes the same lot afterwards, or is told to have taken it, is one of them as well."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import or_, select

from integrity import facts, states
from integrity.acts import Act
from integrity.database import Session
from integrity.deviations import AXIS, Deviation, DeviationState
from integrity.findings import Classification, deviates
from manufacturing.donation.donations import Cord
from manufacturing.execution import uses
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from qc.deviations import investigation
from qc.release import rules, used_unfit
from qc.release.rule_ids import ReleaseRule
from qc.release.used_unfit import Resting, Unfit


def beside(act: Act, found: Deviation, only: int | None = None) -> Unfit:
    """The siblings of the batch of a deviation that spreads, or the one of this key, each with a
    deviation of its own."""
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
    place, resting = facts.code(batch.code), of(act.session, batch)
    if only is not None:
        resting = resting.where(Batch.id == only)
    yield cause, used_unfit.open_for(act, resting, cause, batch, place)


_OPEN = [each for each in DeviationState if each is not DeviationState.CLOSED]
_ANY = (
    select(Deviation.id)
    .where(
        Deviation.id.in_(states.standing(Deviation.__tablename__, AXIS, *_OPEN)),
        Deviation.rule.in_(sorted(rules.SPREADS)),
    )
    .limit(1)
)


def joined(act: Act, entry: Entry) -> Unfit:
    """The batch of an entry that names what one in which something grew was made with or on: it is
    a sibling from now on, or as it turns out now. Where the batch itself is the one in which
    something grew, those beside it."""
    if entry.corrects_id is None and not uses.names_something(entry):
        return
    if not _is_of_the_past(entry) and act.session.scalar(_ANY) is None:
        return
    batch = act.session.get_one(Batch, entry.batch_id)
    near = of(act.session, batch).order_by(None).with_only_columns(Batch.id)
    here = or_(Deviation.scope_id == batch.id, Deviation.scope_id.in_(near))
    wanted = select(Deviation).where(here, Deviation.rule.in_(sorted(rules.SPREADS)))
    spreading = act.session.scalars(wanted.order_by(Deviation.id)).all()
    ids = [each.id for each in spreading]
    closed = states.newest_moves(act.session, ids, AXIS, DeviationState.CLOSED) if ids else {}
    for each in spreading:
        closed_at = closed[each.id].at if each.id in closed else None
        if rules.still_spreads(closed_at, entry.performed_at):
            yield from beside(act, each, None if each.scope_id == batch.id else batch.id)


def _is_of_the_past(entry: Entry) -> bool:
    return entry.corrects_id is not None or entry.performed_at < entry.recorded_at


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
