"""Material lots.

Received, released or rejected by QA's signature, used while released and in date, found again by
use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from documents.register import ControlledDocument
from documents.words import Term
from integrity import dependents, facts, numbers, reasons, signatures, site, states
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.facts import Fact, Pair
from integrity.findings import Finding, blocks, refuse_if_blocked
from integrity.quantities import Quantity
from integrity.signatures import Meaning, Seal
from integrity.subjects import Scope, Scoped, SubjectRecord, by_scope
from integrity.units import UNITS
from integrity.vocabulary import one_of
from integrity.words import state_word
from labels import codes
from labels.numbering import issue
from stores import catalogue_register as catalogue, holds, rules
from stores.actions import LotAction
from stores.days import WithDays
from stores.origins import Origin
from stores.rule_ids import StoreRule
from stores.rules import Disposition
from stores.words import StorePhrase, StoreTerm

KIND, AXIS = "lots", rules.DISPOSITION


class Lot(SubjectRecord, WithDays, By):
    """One lot as it was received.

    `expires_at` is the last millisecond (UTC) of the expiry day where it was typed.
    """

    __tablename__ = "lots"
    __table_args__ = (one_of("unit", UNITS),)

    code: Mapped[str] = mapped_column(unique=True)
    material: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    supplier: Mapped[str]
    supplier_lot: Mapped[str] = mapped_column(index=True)
    manufacturer: Mapped[str]
    certificate: Mapped[str]
    donor_pool: Mapped[str]
    quantity_text: Mapped[str]
    unit: Mapped[str]
    expires_at: Mapped[datetime]
    materials_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    received_at: Mapped[datetime]

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.quantity_text, self.unit)


class LotUse(Record, Scoped, By):
    """One use of a lot: in which batch (scope), when and by whom, and which entry and field of its
    step name it.
    """

    __tablename__ = "lot_uses"
    __table_args__ = (
        by_scope(),
        CheckConstraint("(entry_id IS NULL) = (field IS NULL)", name="named_by"),
    )

    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"), index=True)
    field: Mapped[str | None]
    at: Mapped[datetime]


@dataclass(frozen=True)
class LotFacts:
    """What the receiver knows. `quantity` as typed (a number), `unit` a code of the closed list."""

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


def receive(act: Act, facts: LotFacts) -> Lot:
    """Take a lot into quarantine under a code of our own (MAT-01). Raises Refused."""
    if earlier := act.once(LotAction.LOT_RECEIVED, facts):
        return act.session.get_one(Lot, earlier)
    held, known = catalogue.in_force(act.session, act.at)
    zone = site.zone(act.session)
    expires_at = rules.end_of(facts.expires_on, zone)
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
            *_amount_unread(facts.quantity),
        ]
    )
    lot = act.add(
        Lot(
            code=issue(act, codes.Series.MATERIAL_LOT),
            materials_id=held.id,
            expires_at=expires_at,
            zone=zone.key,
            received_at=act.at,
            **_described(facts, known.spelt(facts.material)),
        )
    )
    states.move(act, lot, AXIS, Disposition.QUARANTINE, allowed=rules.LOT_MOVES)
    act.say(
        LotAction.LOT_RECEIVED,
        lot,
        scope=lot.code,
        facts=facts,
        details=_told(lot, held.named),
    )
    return lot


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


def _amount_unread(typed: str) -> Iterator[Finding]:
    """A quantity is a number above nought with one reading."""
    try:
        if numbers.read_typed(typed) <= 0:
            yield blocks(StoreRule.LOT_AMOUNT, "quantity")
    except numbers.NotANumber as fault:
        yield blocks(StoreRule.LOT_UNREADABLE, "quantity", fault=fault.fact)


def _described(facts: LotFacts, material: str) -> dict[str, str]:
    """What the supplier's papers say of a lot, as its record keeps it."""
    quantity = Quantity(facts.quantity, facts.unit)
    return {
        "material": material,
        "name": facts.name or material,
        "supplier": facts.supplier,
        "supplier_lot": facts.supplier_lot,
        "manufacturer": facts.manufacturer or facts.supplier,
        "certificate": facts.certificate,
        "donor_pool": facts.donor_pool,
        "quantity_text": quantity.text,
        "unit": quantity.unit,
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
        facts.pair(Term.PRODUCT, lot.name),
        facts.pair(StoreTerm.SUPPLIER, lot.supplier),
        facts.pair(StoreTerm.SUPPLIER_LOT, lot.supplier_lot),
        facts.pair(StoreTerm.MANUFACTURER, lot.manufacturer),
        facts.pair(StoreTerm.CERTIFICATE, lot.certificate),
        facts.pair(StoreTerm.DONOR_POOL, lot.donor_pool or facts.word(StorePhrase.NO_DONORS)),
        facts.pair(StoreTerm.QUANTITY, amount_fact(lot)),
        facts.pair(StoreTerm.USE_BY, _use_by(lot)),
        facts.pair(
            StoreTerm.LIST_OF_MATERIALS,
            session.get_one(ControlledDocument, lot.materials_id).cited,
        ),
        facts.pair(StoreTerm.STANDS, state_word(states.of(session, lot, AXIS))),
    ]


def _use_by(lot: Lot) -> Fact:
    return facts.message(StorePhrase.END_OF_DAY, day=lot.day(lot.expires_at), zone=lot.zone)


def amount_fact(lot: Lot) -> Fact:
    """The quantity received with its unit in words."""
    if lot.unit == "1":
        return facts.message(StorePhrase.PIECES, number=lot.quantity.text)
    return facts.quantity(lot.quantity)


def amount(lot: Lot) -> str:
    """The same as people read it."""
    return facts.shown(amount_fact(lot))


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
    (MAT-02). Never raises.

    A use that was `claimed` for an earlier moment is judged by where the lot stood then as well,
    and by its day then: what expired since was in date when it was used.
    """
    try:
        code = codes.read(code_text, expected="M")
    except codes.UnreadableCode as fault:
        return None, (blocks(StoreRule.LOT_UNREADABLE, fault=fault.fact),)
    lot = by_code(session, code.bare)
    if lot is None:
        return None, (rules.unknown(code, StoreRule.LOT_UNKNOWN),)
    found = [
        finding
        for state, held in dict.fromkeys(_stood(session, lot, claimed))
        for finding in rules.lot_use(
            code.bare,
            lot.material,
            material,
            state,
            lot.expires_at,
            claimed or at,
            lot.place,
            held=held,
        )
    ]
    return lot, tuple({finding.rule: finding for finding in found}.values())


def _stood(session: Session, lot: Lot, claimed: datetime | None) -> Iterator[tuple[str, bool]]:
    """(disposition, whether it was on hold) of a lot now, and at the moment that is claimed."""
    stands = states.of(session, lot, AXIS) or Disposition.QUARANTINE
    yield stands, bool(holds.held(session, [lot.id]))
    if claimed:
        stood = states.as_of(session, lot, AXIS, claimed) or Disposition.QUARANTINE
        yield stood, holds.was_held(session, lot.id, claimed)


def use_lot(act: Act, lot: Scope, scope: Scope, origin: Origin | None) -> LotUse:
    """Record that a lot was used in a batch (bare code) at one entry.

    An inner act: says its own event; judges nothing.
    """
    use = LotUse(
        lot_id=lot.id,
        scope_id=scope.id,
        scope=scope.code,
        entry_id=origin and origin.entry_id,
        field=origin and origin.field,
        at=act.at,
    )
    act.add(use)
    act.say(
        LotAction.LOT_USED,
        (KIND, str(lot.id)),
        scope=scope.code,
        details={"code": lot.code, "place": origin.place if origin else ""},
    )
    return use


_BY_CODE = select(Lot).where(Lot.code == bindparam("bare"))


def by_code(session: Session, bare: str) -> Lot | None:
    """The lot with this bare code."""
    return session.scalar(_BY_CODE, {"bare": bare})


def listed(state: str, at: datetime) -> Select[Any]:
    """Lots for a paged list, newest first.

    All ("") or those that stand in one state at `at` (expired is judged by date).
    """
    wanted = select(Lot).order_by(Lot.id.desc())
    if not state:
        return wanted
    if state == "expired":
        rejected = states.standing(KIND, AXIS, Disposition.REJECTED)
        return wanted.where(Lot.id.not_in(rejected), Lot.expires_at <= at - rules.TICK)
    in_date = Lot.expires_at > at - rules.TICK
    if state == Disposition.ON_HOLD:
        ended = states.standing(KIND, AXIS, Disposition.REJECTED)
        return wanted.where(Lot.id.in_(holds.of_kind(KIND)), Lot.id.not_in(ended), in_date)
    wanted = wanted.where(Lot.id.in_(states.standing(KIND, AXIS, state)))
    if state == Disposition.REJECTED:
        return wanted
    return wanted.where(Lot.id.not_in(holds.of_kind(KIND)), in_date)


def states_of(session: Session, lots: Sequence[Lot], at: datetime) -> dict[int, str]:
    """{lot id: quarantine | released | rejected | on_hold | expired} in two queries."""
    ids = [lot.id for lot in lots]
    found, held = states.of_many(session, ids, AXIS), holds.held(session, ids)
    return {
        lot.id: rules.words_of_lot(found[lot.id], lot.expires_at, at, held=lot.id in held)[0]
        for lot in lots
    }


def uses(lot_id: int) -> Select[Any]:
    """Where a lot was used, newest first, for a paged list."""
    return select(LotUse).where(LotUse.lot_id == lot_id).order_by(LotUse.id.desc())


def named_by(session: Session, entry_ids: Iterable[int]) -> dict[str, int]:
    """{field: id of the lot} that these entries of one position name, the newest of each field."""
    wanted = select(LotUse).where(LotUse.entry_id.in_(entry_ids)).order_by(LotUse.id)
    return {use.field: use.lot_id for use in session.scalars(wanted) if use.field}


def where_used(session: Session, lot_id: int) -> list[str]:
    """The bare code of every batch in which the lot was used (MAT-01, TRC-02)."""
    return list(
        session.scalars(
            select(LotUse.scope).where(LotUse.lot_id == lot_id).distinct().order_by(LotUse.scope)
        )
    )


def used_in(session: Session, scope: str) -> Sequence[Lot]:
    """Every lot that was used in a batch (TRC-02)."""
    return session.scalars(
        select(Lot)
        .where(Lot.id.in_(select(LotUse.lot_id).where(LotUse.scope == scope)))
        .order_by(Lot.id)
    ).all()
