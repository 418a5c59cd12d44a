"""What a critical deviation stops: the lot, container, cord in its jar, donor or piece of equipment
that it is about is put on hold with it, by whoever calls it critical and in the same act (EBR-07).

Nobody goes on using what QA has yet to judge; that the hold is lifted waits for the judgement
(`qc/deviations/holding.py`)."""

from __future__ import annotations

from integrity import dependents
from integrity.acts import Act
from integrity.deviations import Deviation
from integrity.subjects import SubjectRecord
from manufacturing.donation.donations import Cord, Donor
from qc.deviations import rules, things
from stores import holds
from stores.containers import Container
from stores.equipment import Equipment
from stores.lots import Lot

STOPPED: dict[str, type[SubjectRecord]] = {
    kind.__tablename__: kind for kind in (Container, Cord, Donor, Equipment, Lot)
}


def stop(act: Act, deviation: Deviation, classification: str, reason: str) -> None:
    """Put what a deviation is about on hold where it is critical by now and no hold came with it
    yet (inner act); the hold says its own event."""
    if not rules.stops(classification) or deviation.subject_kind not in STOPPED:
        return
    if holds.with_deviation(act.session, deviation.id):
        return
    kind = STOPPED[deviation.subject_kind]
    about = act.session.get_one(kind, deviation.subject_id)
    scope, said = things.scope_of(about), [deviation.code, reason]
    put = holds.put(act.inner(), about, scope, reason, said=said, deviation=deviation)
    dependents.changed(act, put)
