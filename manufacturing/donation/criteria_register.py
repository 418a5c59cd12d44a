"""Donor criteria as controlled documents: the ones in force, and those that a record rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from documents import contents, kinds, register
from documents.kinds import Handling, Kind
from documents.register import ControlledDocument
from integrity.database import Session
from manufacturing.donation import criteria_document
from manufacturing.donation.criteria import Criteria


def facts(said: Criteria) -> list[tuple[str, str]]:
    """What is signed of the criteria beside what every document shows."""
    return [
        *((question.label, question.accepted_shown) for question in said.donor),
        *((question.label, question.accepted_shown) for question in said.receipt),
        *(
            (f"{marker.label} · {marker.method}", ", ".join(marker.acceptable))
            for marker in said.panel
        ),
        ("Consent covers", _accepted(said)),
        ("Blood sample, days from the birth", f"{said.samples.first} to {said.samples.last}"),
        ("From birth to processing", said.window.shown),
    ]


def _accepted(said: Criteria) -> str:
    return ", ".join(scope.label for scope in said.scopes if scope.accepted)


HANDLING = kinds.declare(
    Handling(
        kind=Kind.DONOR_CRITERIA,
        name="donor criteria",
        read=criteria_document.read,
        shipped=Path(__file__).with_name("donor-criteria.toml"),
        facts=facts,
        single=True,
    )
)


def in_force(session: Session, at: datetime) -> tuple[ControlledDocument, Criteria]:
    """(the document, what it says) in force at a moment.

    Refused with who does what on which page while none is.
    """
    document = register.in_force(session, Kind.DONOR_CRITERIA, at)
    return document, contents.of(session, document)


def current(session: Session, at: datetime) -> Criteria:
    """What the criteria in force say; refused as `in_force` is."""
    return in_force(session, at)[1]


def of(session: Session, document_id: int) -> Criteria:
    """What the version that a record rests on says."""
    said: Criteria = contents.by_id(session, document_id)
    return said


def of_many(session: Session, document_ids: Iterable[int]) -> dict[int, Criteria]:
    """{document id: what it says} in at most two queries."""
    return contents.of_many(session, document_ids)
