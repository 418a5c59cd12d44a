"""The guide of the first page: what is still missing for the first cord, in order, each line with
the page of its next deed for whoever may do it. It is gone once nothing is missing or a batch was
begun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.kinds import Kind
from documents.views.chapter import ENDED, Chapter
from integrity.database import Session
from people.permissions import ALLOWED, ROLE_TITLES, Permission, Role, allows
from people.queues import Address, Asker
from readiness import beginning, guide_rules
from readiness.guide_rules import Need, Part


@dataclass(frozen=True)
class Deed:
    """What brings a line further: its words, its page and who may."""

    said: str
    page: Address
    permission: Permission


@dataclass(frozen=True)
class Line:
    """A line of the guide; `deed` is what the person who looks may do for it now."""

    need: Need
    title: str
    who: str
    deed: Deed | None


PARTS = {
    Part.PEOPLE: "People",
    Part.DOCUMENTS: "Documents in force",
    Part.LOTS: "Materials of which a lot is received",
    Part.RELEASED: "Materials of which a lot is released and in date",
    Part.EQUIPMENT: "Kinds of equipment registered",
    Part.CALIBRATED: "Kinds of equipment in calibration",
}
STAFF = {"part": Part.PEOPLE, "fewest": guide_rules.FEWEST}
_QUARANTINE = Address("stores.lots", {"state": "quarantine"})
_DEEDS: dict[Part, tuple[Deed, ...]] = {
    Part.PEOPLE: (
        Deed("Propose a person", Address("people.person_new"), Permission.MANAGE_PEOPLE),
        Deed("Confirm people", Address("people.waiting"), Permission.CONFIRM_PEOPLE),
    ),
    Part.LOTS: (Deed("Receive a lot", Address("stores.lot_new"), Permission.RECEIVE_LOTS),),
    Part.RELEASED: (Deed("Release lots", _QUARANTINE, Permission.RELEASE_LOTS),),
    Part.EQUIPMENT: (
        Deed("Register equipment", Address("stores.equipment_new"), Permission.KEEP_EQUIPMENT),
    ),
    Part.CALIBRATED: (
        Deed("Record a calibration", Address("stores.equipment"), Permission.KEEP_EQUIPMENT),
    ),
}


def of(session: Session, asker: Asker, chapters: Sequence[Chapter]) -> list[Line]:
    """Every line, met or not, for somebody who may do one that is not; otherwise nothing."""
    may = [each for each in Permission if allows(asker.role, each)]
    if not _ACTS.intersection(may) or beginning.is_over(session):
        return []
    held = beginning.in_force(session, asker.at)
    lacks = guide_rules.needs(beginning.gather(session, held, asker.at))
    unmet = [each for each in lacks if each.part is Part.DOCUMENTS and not each.is_met]
    waiting = beginning.newest_of(session, [Kind(each.of) for each in unmet], asker.at)
    by_kind = {chapter.kind.value: chapter for chapter in chapters}
    made = []
    for need in lacks:
        deeds = _DEEDS.get(need.part) or tuple(_signing(by_kind[need.of], waiting.get(need.of)))
        mine = next((each for each in deeds if each.permission in may), None)
        who = "; ".join(f"{each.said}: {_roles(each.permission)}" for each in deeds)
        made.append(Line(need, _title(need, by_kind), who, None if need.is_met else mine))
    return made if any(line.deed for line in made) else []


def _signing(chapter: Chapter, waits: tuple[int, str] | None) -> Iterator[Deed]:
    """What comes next of a document: the signature that the version imported last waits for, or its
    import."""
    if waits is None or waits[1] in ENDED:
        page = Address(chapter.endpoint("import"))
        yield Deed("Import and sign it", page, chapter.drafts)
        return
    number, state = waits
    for label, endpoint, permission in chapter.deeds(state):
        if label not in ("Reject", "Retire"):
            yield Deed(label, Address(endpoint, {"document_id": number}), permission)


def _title(need: Need, chapters: dict[str, Chapter]) -> str:
    if need.part is Part.PEOPLE:
        return ROLE_TITLES[Role(need.of)]
    return chapters[need.of].title if need.part is Part.DOCUMENTS else PARTS[need.part]


def _roles(permission: Permission) -> str:
    """Who may, as people are called."""
    return " or ".join(ROLE_TITLES[each] for each in Role if each in ALLOWED[permission])


_ACTS = {
    Permission.MANAGE_PEOPLE,
    Permission.CONFIRM_PEOPLE,
    Permission.RECEIVE_LOTS,
    Permission.RELEASE_LOTS,
    Permission.KEEP_EQUIPMENT,
    Permission.DRAFT_MASTERS,
    Permission.APPROVE_MASTERS,
    Permission.DRAFT_SPECIFICATIONS,
    Permission.DRAFT_MATERIALS,
    Permission.DRAFT_CRITERIA,
    Permission.DRAFT_LABEL_STOCK,
}
