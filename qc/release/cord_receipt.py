"""What was found when the cord was received, for the record of its batch: entered once, on the page
of the cord, and read there."""

from __future__ import annotations

from integrity.database import Session
from manufacturing.donation import cords
from qc.release.release_inputs import ReleaseInputs


def of_batch(session: Session, found: ReleaseInputs) -> list[dict[str, str]]:
    """Every check of the receipt as {check, found, accepted, met}, in the order of the criteria."""
    return [
        {
            "check": question.label,
            "found": answer,
            "accepted": question.accepted_shown,
            "met": "no" if outside else "yes" if found.cord.receipt.get(question.id) else "",
        }
        for question, answer, outside in cords.receipt_shown(session, found.cord)
    ]
