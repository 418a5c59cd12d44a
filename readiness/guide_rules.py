"""The law of a beginning: what is needed before the first cord, in the order in which it is done,
each counted. What a site lacks (`rules`) and the guide of the first page both ask it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from documents.kinds import Kind
from people.permissions import Role

# How many people have to be active in a role; two where one's work wants another's signature.
WANTED = {
    Role.ADMINISTRATOR: 1,
    Role.QA: 2,
    Role.RELEASER: 1,
    Role.TECHNICIAN: 2,
    Role.QC_ANALYST: 1,
    Role.QC_REVIEWER: 1,
    Role.MASTER_AUTHOR: 1,
    Role.MASTER_APPROVER: 1,
}
# Whose work is done once the document that they sign is in force: until its next version two people
# of the house have another role again (docs/decisions/0006-one-role.md).
UNTIL_IN_FORCE = {
    Role.MASTER_AUTHOR: Kind.MASTER_RECORD,
    Role.MASTER_APPROVER: Kind.MASTER_RECORD,
}
FEWEST = sum(least for role, least in WANTED.items() if role not in UNTIL_IN_FORCE)
# What refers to another comes after it: a master record names its specification.
DOCUMENTS = (
    Kind.LABEL_STOCK,
    Kind.MATERIALS,
    Kind.DONOR_CRITERIA,
    Kind.SPECIFICATION,
    Kind.MASTER_RECORD,
)


class Part(StrEnum):
    """What is needed of each sort."""

    PEOPLE = "people"
    DOCUMENTS = "documents"
    LOTS = "lots"
    RELEASED = "released"
    EQUIPMENT = "equipment"
    CALIBRATED = "calibrated"


@dataclass(frozen=True)
class Beginning:
    """What is there: active people by role, the kinds of which a document is in force, what the
    master records in force ask for by scan, and what of that there is.

    `lots` are the materials of which a lot was received that is in date and not rejected,
    `released` those of which one may be used; `equipment` the kinds of which a piece is registered,
    `calibrated` those of which one is in calibration.
    """

    people: Mapping[str, int] = field(default_factory=dict)
    in_force: Collection[Kind] = ()
    materials_wanted: Collection[str] = ()
    lots: Collection[str] = ()
    released: Collection[str] = ()
    equipment_wanted: Collection[str] = ()
    equipment: Collection[str] = ()
    calibrated: Collection[str] = ()


@dataclass(frozen=True)
class Need:
    """One line: how many are there of how many; `of` is the role or the kind of document, `lacking`
    the names of what is not there."""

    part: Part
    there: int
    wanted: int
    of: str = ""
    lacking: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.there >= self.wanted


def needs(found: Beginning) -> list[Need]:
    """Every line in order. What a master record asks for is known once one is in force: until then
    nothing is wanted, and its own line is open."""
    return [
        *_people(found),
        *_documents(found),
        _each(Part.LOTS, found.materials_wanted, found.lots),
        _each(Part.RELEASED, found.materials_wanted, found.released),
        _each(Part.EQUIPMENT, found.equipment_wanted, found.equipment),
        _each(Part.CALIBRATED, found.equipment_wanted, found.calibrated),
    ]


def _people(found: Beginning) -> Iterator[Need]:
    for role, least in WANTED.items():
        if UNTIL_IN_FORCE.get(role) in found.in_force:
            continue
        yield Need(Part.PEOPLE, found.people.get(role, 0), least, role)


def _documents(found: Beginning) -> Iterator[Need]:
    for kind in DOCUMENTS:
        yield Need(Part.DOCUMENTS, int(kind in found.in_force), 1, kind)


def _each(part: Part, wanted: Collection[str], there: Collection[str]) -> Need:
    """Whether of each thing that is wanted there is one, however its name is typed."""
    known = {_folded(each) for each in there}
    lacking = tuple(each for each in wanted if _folded(each) not in known)
    return Need(part, len(wanted) - len(lacking), len(wanted), lacking=lacking)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
