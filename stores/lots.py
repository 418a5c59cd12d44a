"""Material lots.

Received, released or rejected by QA's signature, used while released and in date, found again by
use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from documents.register import ControlledDocument
from documents.words import Term
from integrity import (
    corrections,
    dependents,
    facts,
    looks,
    numbers,
    reasons,
    search_terms,
    signatures,
    site,
    states,
)
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.facts import Fact, Pair
from integrity.findings import Finding, blocks, refuse_if_blocked
from integrity.quantities import Quantity
from integrity.signatures import Meaning, Seal
from integrity.subjects import SubjectRecord
from integrity.units import UNITS
from integrity.vocabulary import one_of
from integrity.words import state_word
from labels import codes
from labels.numbering import issue
from stores import catalogue_register as catalogue, holds, likeness_rules, rules
from stores.actions import LotAction
from stores.days import WithDays
from stores.likeness_rules import Delivery
from stores.rule_ids import StoreRule
from stores.rules import Disposition
from stores.words import StorePhrase, StoreTerm

KIND, AXIS = "lots", rules.DISPOSITION


class LotCorrection(Record, By):
    """What is said of a lot in the place of what was said before; the newest of a lot holds."""

    __tablename__ = "lot_corrections"
    __table_args__ = (
        one_of("unit", UNITS),
        Index("lot_corrections_by_expiry", "expires_at"),
    )

    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    name: Mapped[str]
    supplier: Mapped[str]
    supplier_lot: Mapped[str]
    manufacturer: Mapped[str]
    certificate: Mapped[str]
    donor_pool: Mapped[str]
    quantity_text: Mapped[str]
    unit: Mapped[str]
    expires_at: Mapped[datetime]
    reason: Mapped[str]
    at: Mapped[datetime]


class Lot(SubjectRecord, WithDays, By):
    """One lot as it was received, `first_…`, and as it stands after its corrections.

    `expires_at` is the last millisecond (UTC) of the expiry day where it was typed.
    """

    __tablename__ = "lots"
    __table_args__ = (one_of("unit", UNITS), Index("lots_by_expiry", "expires_at"))

    code: Mapped[str] = mapped_column(unique=True)
    material: Mapped[str] = mapped_column(index=True)
    first_name: Mapped[str] = mapped_column("name")
    first_supplier: Mapped[str] = mapped_column("supplier")
    first_supplier_lot: Mapped[str] = mapped_column("supplier_lot", index=True)
    first_manufacturer: Mapped[str] = mapped_column("manufacturer")
    first_certificate: Mapped[str] = mapped_column("certificate")
    first_donor_pool: Mapped[str] = mapped_column("donor_pool")
    first_quantity_text: Mapped[str] = mapped_column("quantity_text")
    first_unit: Mapped[str] = mapped_column("unit")
    first_expires_at: Mapped[datetime] = mapped_column("expires_at")
    materials_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    received_at: Mapped[datetime] = mapped_column(index=True)
    if TYPE_CHECKING:
        name: Mapped[str]
        supplier: Mapped[str]
        supplier_lot: Mapped[str]
        manufacturer: Mapped[str]
        certificate: Mapped[str]
        donor_pool: Mapped[str]
        quantity_text: Mapped[str]
        unit: Mapped[str]
        expires_at: Mapped[datetime]

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.quantity_text, self.unit)


SAID = (
    *("name", "supplier", "supplier_lot", "manufacturer", "certificate", "donor_pool"),
    *("quantity_text", "unit", "expires_at"),
)
KNOWN_BY = ("supplier", "manufacturer", "supplier_lot")  # to whoever made and sent it
corrections.corrects(LotCorrection, Lot, "lot_id", SAID)


@dataclass(frozen=True)
class LotFacts:
    """What the receiver knows. `quantity` as typed (a number), `unit` a code of the closed list.

    `another_delivery`: what is on record under the same number is another delivery of that lot.
    """

    material: str
    supplier: str
    supplier_lot: str
    expires_on: date
    quantity: str
    unit: str
    name: str = ""
    manufacturer: str = ""
    certificate: str = ""
    human: bool = False
    donor_pool: str = ""
    another_delivery: bool = False

    @property
    def delivery(self) -> Delivery:
        return Delivery(self.supplier, self.manufacturer, self.supplier_lot)


def receive(act: Act, facts: LotFacts) -> Lot:
    """Take a lot into quarantine under a code of our own (MAT-01). Raises Refused."""
    if earlier := act.once(LotAction.LOT_RECEIVED, facts):
        return act.session.get_one(Lot, earlier)
    held, known = catalogue.in_force(act.session, act.at)
    zone = site.zone(act.session)
    expires_at = rules.end_of(facts.expires_on, zone)
    same = deliveries(act.session, facts.material, facts.delivery)
    refuse_if_blocked(
        [
            *rules.receivable(
                expires_at=expires_at,
                expires_on=facts.expires_on,
                human_material=known.is_human(facts.material),
                human=facts.human,
                donor_pool=facts.donor_pool,
                at=act.at,
            ),
            *amount_unread(facts.quantity),
            *likeness_rules.lot(same, is_another=facts.another_delivery),
        ]
    )
    lot = act.add(
        Lot(
            code=issue(act, codes.Series.MATERIAL_LOT),
            material=known.spelt(facts.material),
            materials_id=held.id,
            zone=zone.key,
            received_at=act.at,
            **corrections.said_first(described_by(facts, known.spelt(facts.material), expires_at)),
        )
    )
    keep_terms(act, lot)
    states.move(act, lot, AXIS, Disposition.QUARANTINE, allowed=rules.LOT_MOVES)
    act.say(
        LotAction.LOT_RECEIVED,
        lot,
        scope=lot.code,
        facts=facts,
        details=_told(lot, held.named) | {"other_deliveries": same},
    )
    return lot


def keep_terms(act: Act, lot: Lot) -> None:
    """By what a lot is found: the numbers and names that others gave it."""
    search_terms.keep(
        act,
        lot.id,
        (lot.supplier_lot, lot.certificate, lot.donor_pool),
        (lot.material, lot.name, lot.supplier, lot.manufacturer),
    )


def _told(lot: Lot, materials: str) -> dict[str, Any]:
    """What the trail tells of a lot as it was received, by which list of materials."""
    return {
        "code": lot.code,
        "material": lot.material,
        "supplier": lot.supplier,
        "supplier_lot": lot.supplier_lot,
        "expires_on": lot.day(lot.expires_at),
        "quantity": str(lot.quantity),
        "donor_pool": lot.donor_pool,
        "materials": materials,
    }


def deliveries(
    session: Session, material: str, wanted: Delivery, but: int | None = None
) -> list[str]:
    """The bare codes of the lots, without the one of this id, that are the same material under the
    same number of the same supplier or manufacturer, the oldest first."""
    spelt = session.scalars(select(Lot.material).distinct()).all()
    same = [each for each in spelt if looks.is_one(each, material)]
    found = select(Lot.code, Lot.supplier, Lot.manufacturer, Lot.supplier_lot)
    found = found.where(Lot.material.in_(same), Lot.id != (but or 0)).order_by(Lot.id)
    known = ((code, Delivery(*said)) for code, *said in session.execute(found))
    return likeness_rules.deliveries(wanted, known)


def others(session: Session, lot: Lot) -> list[str]:
    """The bare codes of the other deliveries of the same lot."""
    wanted = Delivery(lot.supplier, lot.manufacturer, lot.supplier_lot)
    return deliveries(session, lot.material, wanted, lot.id)


def amount_unread(typed: str) -> Iterator[Finding]:
    """A quantity is a number above nought with one reading."""
    try:
        if numbers.read_typed(typed) <= 0:
            yield blocks(StoreRule.LOT_AMOUNT, "quantity")
    except numbers.NotANumber as fault:
        yield blocks(StoreRule.LOT_UNREADABLE, "quantity", fault=fault.fact)


def described_by(facts: LotFacts, name: str, expires_at: datetime) -> dict[str, Any]:
    """What the supplier's papers say of a lot, as its record keeps it; `name` is what it is called
    where they do not say it."""
    quantity = Quantity(facts.quantity, facts.unit)
    return {
        "name": facts.name or name,
        "supplier": facts.supplier,
        "supplier_lot": facts.supplier_lot,
        "manufacturer": facts.manufacturer or facts.supplier,
        "certificate": facts.certificate,
        "donor_pool": facts.donor_pool,
        "quantity_text": quantity.text,
        "unit": quantity.unit,
        "expires_at": expires_at,
    }


MEANINGS: dict[str, Meaning] = {
    Disposition.RELEASED: Meaning.APPROVED,
    Disposition.REJECTED: Meaning.REJECTED,
}


def facts_of(session: Session, lot_id: int, becomes: str = Disposition.RELEASED) -> list[Pair]:
    """A lot and what is decided on it: what QA is shown and signs."""
    return [*described(session, lot_id), facts.pair(StoreTerm.BECOMES, state_word(becomes))]


def described(session: Session, lot_id: int) -> list[Pair]:
    """A lot as it stands."""
    lot = session.get_one(Lot, lot_id)
    return [
        facts.pair(Term.LOT, facts.code(lot.code)),
        facts.pair(StoreTerm.MATERIAL, lot.material),
        *papers(lot, corrections.standing(lot, SAID)),
        facts.pair(
            StoreTerm.LIST_OF_MATERIALS,
            session.get_one(ControlledDocument, lot.materials_id).cited,
        ),
        *_others_told(session, lot),
        facts.pair(StoreTerm.STANDS, state_word(states.of(session, lot, AXIS))),
    ]


def _others_told(session: Session, lot: Lot) -> Iterator[Pair]:
    if found := others(session, lot):
        told = facts.listed([facts.code(code) for code in found])
        yield facts.pair(StoreTerm.OTHER_DELIVERIES, told)


def papers(lot: Lot, said: Mapping[str, Any]) -> list[Pair]:
    """What the supplier's papers say of a lot, as it stands or as it was said."""
    quantity = Quantity(said["quantity_text"], said["unit"])
    day = facts.message(StorePhrase.END_OF_DAY, day=lot.day(said["expires_at"]), zone=lot.zone)
    return [
        facts.pair(Term.PRODUCT, said["name"]),
        facts.pair(StoreTerm.SUPPLIER, said["supplier"]),
        facts.pair(StoreTerm.SUPPLIER_LOT, said["supplier_lot"]),
        facts.pair(StoreTerm.MANUFACTURER, said["manufacturer"]),
        facts.pair(StoreTerm.CERTIFICATE, said["certificate"]),
        facts.pair(StoreTerm.DONOR_POOL, said["donor_pool"] or facts.word(StorePhrase.NO_DONORS)),
        facts.pair(StoreTerm.QUANTITY, amount_fact(quantity)),
        facts.pair(StoreTerm.USE_BY, day),
    ]


def amount_fact(quantity: Quantity) -> Fact:
    """The quantity received with its unit in words."""
    if quantity.unit == "1":
        return facts.message(StorePhrase.PIECES, number=quantity.text)
    return facts.quantity(quantity)


def amount(lot: Lot) -> str:
    """The same as people read it."""
    return facts.shown(amount_fact(lot.quantity))


def dispose(act: Act, lot_id: int, becomes: str, *, seal: Seal) -> Lot:
    """Release or reject a lot by signature: `becomes` is released or rejected; the comment is the
    reason.

    Raises Refused for an expired lot that would be released or a move that is not allowed, Stale
    when the facts changed."""
    facts = [lot_id, becomes, seal.reviewed, seal.comment]
    if earlier := act.once(LotAction(f"lot.{becomes}"), facts):
        return act.session.get_one(Lot, earlier)
    lot = act.session.get_one(Lot, lot_id)
    refuse_if_blocked(_against(act.session, lot, becomes, seal.comment, act.at))
    signatures.sign(
        act, seal, MEANINGS[becomes], lot, facts_of(act.session, lot_id, becomes), scope=lot.itself
    )
    states.move(act, lot, AXIS, becomes, allowed=rules.LOT_MOVES, reason=seal.comment)
    act.say(
        LotAction(f"lot.{becomes}"),
        lot,
        scope=lot.code,
        reason=seal.comment,
        facts=facts,
        details={"code": lot.code, "material": lot.material},
    )
    dependents.changed(act, lot)
    return lot


def _against(
    session: Session, lot: Lot, becomes: str, reason: str | None, at: datetime
) -> list[Finding]:
    if becomes == Disposition.RELEASED:
        return list(rules.lot_release(lot.code, lot.expires_at, at, lot.place))
    return list(reasons.wanted(StoreRule.LOT_REASON, reason, "comment"))


def release_lot(act: Act, lot_id: int, *, seal: Seal) -> Lot:
    """QA releases a lot for use (see dispose)."""
    return dispose(act, lot_id, Disposition.RELEASED, seal=seal)


def reject_lot(act: Act, lot_id: int, *, seal: Seal) -> Lot:
    """QA rejects a lot for good, with a reason (see dispose)."""
    return dispose(act, lot_id, Disposition.REJECTED, seal=seal)


def usable(
    session: Session, code_text: str, material: str, at: datetime, claimed: datetime | None = None
) -> tuple[Lot | None, tuple[Finding, ...]]:
    """The lot a scan or a typed text names, and what speaks against using it for `material` at `at`
    (MAT-02), or against having used it at the moment that is `claimed`. Never raises.
    """
    try:
        code = codes.read(code_text, expected="M")
    except codes.UnreadableCode as fault:
        return None, (blocks(StoreRule.LOT_UNREADABLE, fault=fault.fact),)
    lot = by_code(session, code.bare)
    if lot is None:
        return None, (rules.unknown(code, StoreRule.LOT_UNKNOWN),)
    state, held = _stood(session, lot, claimed) if claimed else _stands(session, lot)
    when, place = claimed or at, lot.place
    return lot, tuple(
        rules.lot_use(
            code.bare, lot.material, material, state, lot.expires_at, when, place, held=held
        )
    )


def _stands(session: Session, lot: Lot) -> tuple[str, bool]:
    """(disposition, whether it is on hold) of a lot."""
    state = states.of(session, lot, AXIS) or Disposition.QUARANTINE
    return state, bool(holds.held(session, [lot.id]))


def _stood(session: Session, lot: Lot, claimed: datetime) -> tuple[str, bool]:
    """The same at the moment that is claimed: people write minutes, so that a lot which was
    released at the beginning of one or at its end may have been used while it was."""
    begin = claimed.replace(second=0, microsecond=0)
    stood = [states.as_of(session, lot, AXIS, moment) for moment in (claimed, begin)]
    state = Disposition.RELEASED if Disposition.RELEASED in stood else stood[0]
    return state or Disposition.QUARANTINE, holds.was_held(session, lot.id, claimed)


_BY_CODE = select(Lot).where(Lot.code == bindparam("bare"))


def by_code(session: Session, bare: str) -> Lot | None:
    """The lot with this bare code."""
    return session.scalar(_BY_CODE, {"bare": bare})
