"""The two shipped documents, brought into force by everybody who has to sign them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from demonstration.clock import SimulatedClock
from demonstration.staff import Staff
from integrity.acts import Act
from integrity.canonical import digest_of
from integrity.database import Session
from integrity.signatures import Seal
from integrity.trail import Actor
from manufacturing.masters import document as master_document, register as masters
from qc.specifications import document as specification_document, register as specifications


def _sign(
    session: Session,
    deed: Callable[..., Any],
    facts: Any,
    key: int,
    by: Actor,
    clock: SimulatedClock,
    **words: Any,
) -> Any:
    return deed(
        Act(session, by, clock(), str(uuid.uuid4())),
        key,
        seal=Seal(digest_of(facts(session, key)), "user name and password"),
        **words,
    )


def bring_specification(
    session: Session, staff: Staff, clock: SimulatedClock
) -> specifications.Specification:
    """Import the shipped release specification, have it authored and approved."""
    facts = specifications.ImportFacts(
        specification_document.SHIPPED.read_bytes(), specification_document.SHIPPED.name, None
    )
    made = specifications.import_document(
        Act(session, staff["reviewer1"], clock(), entry_id=str(uuid.uuid4())), facts
    )
    _sign(
        session, specifications.author, specifications.facts_of, made.id, staff["reviewer1"], clock
    )
    _sign(session, specifications.approve, specifications.facts_of, made.id, staff["qa1"], clock)
    return made


def bring_master(session: Session, staff: Staff, clock: SimulatedClock) -> masters.MasterRecord:
    """Import the shipped master batch record.

    Author, approver and QA sign, and it becomes effective.
    """
    shipped = master_document.SHIPPED
    made = masters.import_master(
        Act(session, staff["author1"], clock(), entry_id=str(uuid.uuid4())),
        shipped.read_bytes(),
        shipped.name,
    )
    known = specifications.known_tests(session, made.specification, clock())
    _sign(session, masters.author, masters.facts_of, made.id, staff["author1"], clock)
    _sign(session, masters.approve, masters.facts_of, made.id, staff["approver1"], clock)
    _sign(
        session,
        masters.approve_for_quality,
        masters.facts_of,
        made.id,
        staff["qa1"],
        clock,
        known_tests=known,
    )
    _sign(session, masters.make_effective, masters.facts_of, made.id, staff["approver1"], clock)
    return made
