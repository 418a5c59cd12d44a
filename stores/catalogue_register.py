"""The list of materials as a controlled document: the one in force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from documents import contents, kinds, register
from documents.kinds import Handling, Kind
from documents.register import ControlledDocument
from integrity import facts
from integrity.database import Session
from integrity.facts import Pair
from stores import catalogue_document
from stores.catalogue import Catalogue
from stores.words import StoreTerm


def facts_of(said: Catalogue) -> list[Pair]:
    """What is signed of the list beside what every document shows: every name of it."""
    human = [each.name for each in said.materials if each.human]
    return [
        facts.pair(StoreTerm.MATERIALS, facts.listed([each.name for each in said.materials], "; ")),
        facts.pair(StoreTerm.FROM_HUMAN_DONORS, facts.listed(human, "; ")),
        facts.pair(StoreTerm.KINDS_OF_EQUIPMENT, facts.listed(said.equipment, "; ")),
        facts.pair(StoreTerm.UNITS, facts.listed([word for _, word in said.unit_words])),
    ]


HANDLING = kinds.declare(
    Handling(
        kind=Kind.MATERIALS,
        name="list of materials",
        read=catalogue_document.read,
        shipped=Path(__file__).with_name("materials.toml"),
        facts=facts_of,
        names=lambda said: frozenset(each.name for each in said.materials),
        single=True,
    )
)


def in_force(session: Session, at: datetime) -> tuple[ControlledDocument, Catalogue]:
    """(the document, what it says) in force at a moment.

    Refused with who does what on which page while none is.
    """
    document = register.in_force(session, Kind.MATERIALS, at)
    return document, contents.of(session, document)


def current(session: Session, at: datetime) -> Catalogue:
    """What the list in force says; refused as `in_force` is."""
    return in_force(session, at)[1]


def kinds_of_equipment(session: Session, at: datetime) -> tuple[str, ...]:
    """Every kind of equipment; none while no list is in force."""
    found = register.all_effective(session, Kind.MATERIALS, at)
    said: tuple[str, ...] = contents.of(session, found[0]).equipment if found else ()
    return said
