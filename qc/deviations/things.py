"""What a person may speak about: whatever has a code, and what it is found under."""

from __future__ import annotations

from sqlalchemy import select

from integrity.database import Session
from integrity.subjects import Scope, SubjectRecord
from labels import codes
from manufacturing.donation import cords
from manufacturing.donation.donations import Donor
from manufacturing.execution import batches
from stores import containers, equipment, lots
from stores.containers import Container


def thing(session: Session, text: str) -> SubjectRecord | None:
    """What was scanned or typed: a batch, cord (or its jar), container, sample, lot, equipment or
    donor; None for anything else.
    """
    try:
        code = codes.read(text)
    except codes.UnreadableCode:
        return session.scalar(select(Donor).where(Donor.code == text.strip().upper()))
    finders = {
        codes.Series.BATCH: batches.by_code,
        codes.Series.CORD: cords.by_code,
        codes.Series.JAR: cords.by_jar,
        codes.Series.MATERIAL_LOT: lots.by_code,
        codes.Series.EQUIPMENT: equipment.by_code,
    }
    found: SubjectRecord | None = finders.get(codes.Series(code.series), containers.by_code)(
        session, code.bare
    )
    return found


def scope_of(about: SubjectRecord) -> Scope:
    """Under what it is found and blocks: a container's batch or cord, anything else itself."""
    if isinstance(about, Container):
        return about.within
    return about.itself
