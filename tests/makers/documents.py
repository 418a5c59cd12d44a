"""Controlled documents for tests, imported and signed through the same acts the pages use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from documents import approval, contents, kinds, register
from documents.approval import ImportFacts
from documents.kinds import Kind
from documents.register import ControlledDocument
from integrity.acts import Act
from integrity.database import Session
from integrity.signatures import Seal, reviewed
from integrity.trail import Actor
from people import accounts
from tests.makers.people import entry_id, make_person

# what a site needs beside its master record and specification
SITE = (Kind.DONOR_CRITERIA, Kind.MATERIALS, Kind.LABEL_STOCK)
APPROVER = "papers1"
REASON = "Written against the old template"


def import_document(
    session: Session,
    kind: Kind,
    *,
    by: Actor,
    at: datetime,
    data: bytes | None = None,
    name: str = "",
    effective_from: datetime | None = None,
    entry: str = "",
) -> ControlledDocument:
    """A draft; the shipped document unless other bytes are given."""
    shipped = kinds.of(kind).shipped
    facts = ImportFacts(
        kind, shipped.read_bytes() if data is None else data, name or shipped.name, effective_from
    )
    return approval.import_document(Act(session, by, at, entry or entry_id()), facts)


def sign(
    session: Session,
    deed: Callable[..., ControlledDocument],
    document_id: int,
    *,
    by: Actor,
    at: datetime,
    entry: str = "",
    **words: Any,
) -> ControlledDocument:
    """One signing act on the facts as they are now."""
    facts = contents.facts_of(session, document_id, at, words.get("effective_from"))
    ends = deed in (approval.reject, approval.retire)
    seal = Seal(reviewed(facts), "user name and password", REASON if ends else None)
    return deed(Act(session, by, at, entry or entry_id()), document_id, seal=seal, **words)


def make_document(
    session: Session,
    kind: Kind,
    *,
    author: Actor,
    approver: Actor,
    at: datetime,
    data: bytes | None = None,
    effective_from: datetime | None = None,
) -> ControlledDocument:
    """A version that two people brought into force; what has these bytes already is given back."""
    shipped = kinds.of(kind).shipped.read_bytes() if data is None else data
    said = kinds.of(kind).read(shipped)
    known = select(ControlledDocument).where(ControlledDocument.sha256 == said.sha256)
    if found := session.scalar(known):
        return found
    made = import_document(
        session, kind, by=author, at=at, data=shipped, effective_from=effective_from
    )
    sign(session, approval.author, made.id, by=author, at=at)
    return sign(session, approval.approve, made.id, by=approver, at=at)


def ensure(session: Session, *wanted: Kind, by: Actor, at: datetime) -> None:
    """The shipped documents of these kinds in force, where none is: written by `by`, approved by a
    person of their own."""
    for kind in wanted:
        if not register.all_effective(session, kind, at):
            person = accounts.find(session, APPROVER)
            approver = (
                accounts.actor(session, person)
                if person
                else make_person(session, "qa", username=APPROVER, at=at)
            )
            make_document(session, kind, author=by, approver=approver, at=at)
