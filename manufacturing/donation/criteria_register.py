"""Donor criteria as controlled documents: the ones in force, and those that a record rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from documents import contents, kinds, register
from documents.kinds import Handling, Kind
from documents.register import ControlledDocument
from integrity import facts
from integrity.database import Session
from integrity.facts import Fact, Pair
from manufacturing.donation import criteria_document
from manufacturing.donation.criteria import Criteria, Marker
from manufacturing.donation.words import DonationPhrase, DonationTerm


def facts_of(said: Criteria) -> list[Pair]:
    """What is signed of the criteria beside what every document shows."""
    covers = [facts.text(scope.words) for scope in said.scopes if scope.accepted]
    days = facts.message(
        DonationPhrase.DAYS, first=str(said.samples.first), last=str(said.samples.last)
    )
    return [
        *((question.asked, question.accepts) for question in (*said.donor, *said.receipt)),
        *((_marker(marker), facts.listed(marker.acceptable)) for marker in said.panel),
        facts.pair(DonationTerm.CONSENT_COVERS, facts.listed(covers)),
        facts.pair(DonationTerm.BLOOD_SAMPLE_DAYS, days),
        facts.pair(DonationTerm.TO_PROCESSING, said.window.fact),
    ]


def _marker(marker: Marker) -> Fact:
    name = facts.text(marker.words)
    return facts.message(DonationPhrase.MARKER_BY, marker=name, method=marker.method)


HANDLING = kinds.declare(
    Handling(
        kind=Kind.DONOR_CRITERIA,
        name="donor criteria",
        read=criteria_document.read,
        shipped=Path(__file__).with_name("donor-criteria.toml"),
        facts=facts_of,
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
