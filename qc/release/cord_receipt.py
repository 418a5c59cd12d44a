"""What was found when the cord was received, for the record of its batch: entered once, on the page
of the cord, and read there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from integrity import facts, times
from integrity.database import Session
from integrity.facts import Reader
from manufacturing.donation import cord_corrections, cords
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


def corrected(session: Session, found: ReleaseInputs, zone: ZoneInfo) -> list[dict[str, str]]:
    """What was put right of the cord since, the oldest first: the old beside the new, why, by whom
    and when."""
    reader = Reader(zone=zone.key)
    return [
        {
            "what": what,
            "was": was or "not recorded",
            "becomes": becomes or "not recorded",
            "reason": change.made.reason,
            "by": change.made.username,
            "at": times.shown(change.made.at, zone, seconds=True),
        }
        for change in cord_corrections.of(session, found.cord)
        for what, was, becomes in facts.compared(
            cord_corrections.changes(session, found.cord, change), reader
        )
    ]
