"""The shipped documents, brought into force by everybody who has to sign them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from demonstration.clock import SimulatedClock
from demonstration.staff import Staff
from documents import approval, contents, kinds
from documents.approval import ImportFacts
from documents.kinds import Kind
from documents.register import ControlledDocument
from integrity import signatures
from integrity.acts import Act
from integrity.database import Session

# kind: who writes it; then each signature of its way
_Way = tuple[tuple[Callable[..., Any], str], ...]
_BY_TWO: _Way = ((approval.author, "reviewer1"), (approval.approve, "qa1"))
_BY_QUALITY: _Way = ((approval.author, "qa2"), (approval.approve, "qa1"))
WAYS: dict[Kind, tuple[str, _Way]] = {
    Kind.SPECIFICATION: ("reviewer1", _BY_TWO),
    Kind.DONOR_CRITERIA: ("qa2", _BY_QUALITY),
    Kind.MATERIALS: ("qa2", _BY_QUALITY),
    Kind.LABEL_STOCK: ("qa2", _BY_QUALITY),
    Kind.MASTER_RECORD: (
        "author1",
        (
            (approval.author, "author1"),
            (approval.approve, "approver1"),
            (approval.approve_for_quality, "qa1"),
            (approval.make_effective, "approver1"),
        ),
    ),
}


def bring(session: Session, kind: Kind, staff: Staff, clock: SimulatedClock) -> ControlledDocument:
    """Import the shipped document of a kind and have it signed until it is in force."""
    importer, way = WAYS[kind]
    shipped = kinds.of(kind).shipped
    made = approval.import_document(
        Act(session, staff[importer], clock(), str(uuid.uuid4())),
        ImportFacts(kind, shipped.read_bytes(), shipped.name),
    )
    for deed, username in way:
        facts = contents.facts_of(session, made.id, clock())
        deed(
            Act(session, staff[username], clock(), str(uuid.uuid4())),
            made.id,
            seal=signatures.seal(session, facts),
        )
    return made


def bring_all(session: Session, staff: Staff, clock: SimulatedClock) -> dict[Kind, int]:
    """{kind: the number of its version in force} of every shipped document."""
    return {kind: bring(session, kind, staff, clock).id for kind in WAYS}
