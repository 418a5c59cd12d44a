"""What can be found: of each kind of thing how it is found by the parts of codes, numbers and
names, what is shown of it, and the page that opens it.

Codes and terms are read from indexes, and of each kind no more than is shown; what grows with the
house alone (its people, papers and equipment) is compared name by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from documents.register import ControlledDocument
from finding.words import FoundGroup
from integrity import deviations, search_terms, states
from integrity.catalogue import Message
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.facts import Fact
from labels import codes
from manufacturing.donation.donations import Cord, Donor
from manufacturing.execution.batches import Batch
from people import accounts
from people.accounts import Person
from people.queues import Address
from qc.release.certificates import Certificate
from stores import containers
from stores.containers import Container
from stores.equipment import Equipment
from stores.lots import Lot
from stores.rules import ContainerKind, Disposition

SHOWN = 12  # of one kind; whoever misses something types more of it


@dataclass(frozen=True)
class Sought:
    """What is looked for: the folded part, the codes with it by their series, and the ids of what
    has a number or name with it, by kind."""

    part: str
    codes: Mapping[str, Sequence[str]]
    ids: Mapping[str, Sequence[int]]

    def of(self, series: str) -> list[str]:
        return [code for letter in series for code in self.codes.get(letter, ())]

    def is_in(self, *texts: str) -> bool:
        """Whether one of these numbers and names has it."""
        return any(self.part in search_terms.folded(text) for text in texts)


@dataclass(frozen=True)
class Hit:
    """One thing that was found: what it is called, what it is, since when, and its page."""

    named: str
    page: Address
    title: Fact
    at: datetime
    is_code: bool = True


@dataclass(frozen=True)
class Source:
    """One kind of thing; `endpoints` are the pages that open it, whose permission is asked."""

    title: Message
    endpoints: tuple[str, ...]
    find: Callable[[Session, Sought], list[Hit]]
    is_sensitive: bool = False


def _coded(endpoint: str, record: Any, title: Fact, at: datetime) -> Hit:
    return Hit(record.code, Address(endpoint, {"code": record.code}), title, at)


def _first(session: Session, kind: Any, found: Any) -> Sequence[Any]:
    return session.scalars(select(kind).where(found).order_by(kind.id.desc()).limit(SHOWN)).all()


def _batches(session: Session, sought: Sought) -> list[Hit]:
    found = _first(session, Batch, Batch.code.in_(sought.of("B")))
    return [_coded("execution.batch", each, each.master_title, each.started_at) for each in found]


def _cords(session: Session, sought: Sought) -> list[Hit]:
    mine = or_(Cord.code.in_(sought.of("C")), Cord.jar_code.in_(sought.of("J")))
    return [
        _coded("donation.cord", each, codes.hyphenated(each.jar_code), each.received_at)
        for each in _first(session, Cord, mine)
    ]


def _containers(session: Session, sought: Sought) -> list[Hit]:
    found = _first(session, Container, Container.code.in_(sought.of("FVP")))
    return [_coded("stores.container", each, _described(each), each.made_at) for each in found]


def _samples(session: Session, sought: Sought) -> list[Hit]:
    """A sample that was voided is no sample of the laboratory any more."""
    found = _first(session, Container, Container.code.in_(sought.of("S")))
    where = states.of_many(session, [each.id for each in found], containers.AXIS)
    return [
        _coded(
            "laboratory.sample" if _is_tested(each, where[each.id]) else "stores.container",
            each,
            _described(each),
            each.made_at,
        )
        for each in found
    ]


def _is_tested(sample: Container, state: str) -> bool:
    return sample.kind == ContainerKind.SAMPLE and state != Disposition.VOID


def _described(container: Container) -> str:
    return f"{container.title} · {codes.hyphenated(container.scope)}"


def _lots(session: Session, sought: Sought) -> list[Hit]:
    mine = or_(Lot.code.in_(sought.of("M")), Lot.id.in_(sought.ids.get("lots", ())))
    return [
        _coded(
            "stores.lot",
            each,
            f"{each.material} · {each.supplier} {each.supplier_lot}",
            each.received_at,
        )
        for each in _first(session, Lot, mine)
    ]


def _equipment(session: Session, sought: Sought) -> list[Hit]:
    coded = set(sought.of("Q"))
    found = [
        each
        for each in session.scalars(select(Equipment).order_by(Equipment.id.desc()))
        if each.code in coded or sought.is_in(each.name, each.serial, each.room)
    ]
    return [
        _coded("stores.equipment_item", each, f"{each.name} · {each.room}", each.registered_at)
        for each in found[:SHOWN]
    ]


def _deviations(session: Session, sought: Sought) -> list[Hit]:
    found = _first(session, Deviation, Deviation.code.in_(sought.of("N")))
    stands = deviations.states_of(session, found)
    return [
        Hit(
            each.code,
            Address("deviations.deviation", {"code": each.code}),
            f"{codes.hyphenated(each.scope)} · {stands[each.id].replace('_', ' ')}",
            each.opened_at,
        )
        for each in found
    ]


def _certificates(session: Session, sought: Sought) -> list[Hit]:
    found = _first(session, Certificate, Certificate.code.in_(sought.of("R")))
    newest: dict[str, Hit] = {}
    for each in found:
        title = codes.hyphenated(each.scope)
        newest.setdefault(each.code, _coded("release.certificate", each, title, each.issued_at))
    return list(newest.values())


def _donors(session: Session, sought: Sought) -> list[Hit]:
    found = _first(session, Donor, Donor.id.in_(sought.ids.get("donors", ())))
    return [
        Hit(
            each.code,
            Address("donation.donor", {"code": each.code}),
            "",
            each.registered_at,
            is_code=False,
        )
        for each in found
    ]


def _documents(session: Session, sought: Sought) -> list[Hit]:
    newest = select(ControlledDocument).order_by(ControlledDocument.id.desc())
    found = (each for each in session.scalars(newest) if sought.is_in(each.code, each.title))
    return [
        Hit(
            each.named,
            Address(f"documents.{each.kind}", {"document_id": each.id}),
            each.title,
            each.imported_at,
            is_code=False,
        )
        for each, _ in zip(found, range(SHOWN), strict=False)
    ]


def _people(session: Session, sought: Sought) -> list[Hit]:
    everybody = session.execute(
        accounts.newest_grants()
        .join(Person, Person.id == accounts.Grant.holder_id)
        .add_columns(Person.username)
        .order_by(Person.id.desc())
    )
    return [
        Hit(
            grant.name,
            Address("people.person_change", {"person_id": grant.holder_id}),
            username,
            grant.at,
            is_code=False,
        )
        for grant, username in everybody
        if sought.is_in(grant.name, username, grant.badge or "")
    ][:SHOWN]


SOURCES = (
    Source(FoundGroup.BATCHES, ("execution.batch",), _batches),
    Source(FoundGroup.CORDS, ("donation.cord",), _cords),
    Source(FoundGroup.DONORS, ("donation.donor",), _donors),
    Source(FoundGroup.CONTAINERS, ("stores.container",), _containers),
    Source(FoundGroup.SAMPLES, ("laboratory.sample", "stores.container"), _samples),
    Source(FoundGroup.LOTS, ("stores.lot",), _lots),
    Source(FoundGroup.EQUIPMENT, ("stores.equipment_item",), _equipment),
    Source(FoundGroup.DEVIATIONS, ("deviations.deviation",), _deviations),
    Source(FoundGroup.CERTIFICATES, ("release.certificate",), _certificates),
    Source(FoundGroup.DOCUMENTS, ("documents.documents",), _documents),
    Source(FoundGroup.PEOPLE, ("people.person_change",), _people, is_sensitive=True),
)


def by_series(found: Iterable[str]) -> dict[str, list[str]]:
    """{series: the codes of it} in their order, of each no more than is shown."""
    made: dict[str, list[str]] = {}
    for code in found:
        mine = made.setdefault(code[0], [])
        if len(mine) < SHOWN:
            mine.append(code)
    return made
