"""What the demonstration laboratory works with.

Material lots received and released, equipment registered and calibrated.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from integrity import signatures
from integrity.acts import Act
from integrity.database import Session
from integrity.trail import Actor
from stores import catalogue_register as catalogue, equipment, lots

# material: (name on the bottle, quantity, unit)
PRODUCTS: Mapping[str, tuple[str, str, str]] = {
    "Cell strainer 100 µm": ("Cell strainer 100 µm, sterile", "50", "1"),
    "Coating": ("Recombinant laminin, GMP grade", "20", "mL"),
    "Collagenase": ("Collagenase, GMP grade", "5000000", "CDU"),
    "Cryoprotectant with DMSO": ("Cryoprotectant, 10 % DMSO", "200", "mL"),
    "Culture flask 175 cm²": ("Culture flask, 175 cm², vented", "500", "1"),
    "Culture medium": ("MSC medium, serum-free, xeno-free", "20", "L"),
    "Detachment reagent": ("Detachment reagent, recombinant", "2", "L"),
    "DPBS": ("DPBS without calcium and magnesium", "20", "L"),
    "Ethanol 70 %": ("Ethanol 70 %, sterile", "5", "L"),
    "Final container with closure": ("Bag 25 mL with port, sterile", "50", "1"),
    "Human albumin": ("Human albumin 20 %", "500", "mL"),
    "Saline 0.9 %": ("Sodium chloride 0.9 %", "10", "L"),
    "Syringe 50 mL": ("Syringe 50 mL, sterile", "100", "1"),
    "Trypan blue 0.4 %": ("Trypan blue 0.4 % in saline", "500", "mL"),
}
MACHINES: Mapping[str, str] = {
    "biosafety cabinet": "Safety cabinet 1",
    "centrifuge": "Centrifuge 1",
    "incubator": "CO₂ incubator 1",
    "shaking incubator": "Shaking incubator 1",
    "controlled-rate freezer": "Freezing unit 1",
    "refrigerator": "Refrigerator 1",
}


def receive(
    session: Session, material: str, supplier_lot: str, *, expires_on: date, by: Actor, at: datetime
) -> lots.Lot:
    """Take one lot in; it stands in quarantine."""
    name, quantity, unit = PRODUCTS[material]
    human = catalogue.current(session, at).is_human(material)
    facts = lots.LotFacts(
        material,
        "Supplier 1",
        supplier_lot,
        expires_on,
        quantity,
        unit,
        name=name,
        certificate=f"CoA {supplier_lot}",
        human=human,
        donor_pool="Pool 1" if human else "",
    )
    return lots.receive(Act(session, by, at, entry_id=str(uuid.uuid4())), facts)


def release(session: Session, lot: lots.Lot, *, by: Actor, at: datetime) -> lots.Lot:
    seal = signatures.seal(session, lots.facts_of(session, lot.id))
    return lots.release_lot(Act(session, by, at, entry_id=str(uuid.uuid4())), lot.id, seal=seal)


def fill(
    session: Session, *, receiver: Actor, qa: Actor, at: datetime, first: int = 101
) -> dict[str, str]:
    """One released lot of every material, the suppliers' numbers from `first` on: {material: bare
    code}.
    """
    expires_on = (at + timedelta(days=540)).date()
    made = {
        material: receive(
            session, material, f"L{number:03}", expires_on=expires_on, by=receiver, at=at
        )
        for number, material in enumerate(PRODUCTS, first)
    }
    return {material: release(session, lot, by=qa, at=at).code for material, lot in made.items()}


def equip(session: Session, *, by: Actor, at: datetime, first: int = 1) -> dict[str, str]:
    """One calibrated piece of every kind that the master record asks for, their serial numbers from
    `first` on: {kind: bare code}.
    """
    return {
        kind: _machine(session, kind, name, number, by=by, at=at)
        for number, (kind, name) in enumerate(MACHINES.items(), first)
    }


def _machine(
    session: Session, kind: str, name: str, number: int, *, by: Actor, at: datetime
) -> str:
    item = equipment.register(
        Act(session, by, at, entry_id=str(uuid.uuid4())),
        equipment.EquipmentFacts(kind, name, "Clean room 2", f"SN-{number:04}"),
    )
    days = equipment.CalibrationFacts(
        (at - timedelta(days=30)).date(),
        (at + timedelta(days=335)).date(),
        f"Calibration {number:03}",
    )
    equipment.calibrate(Act(session, by, at, entry_id=str(uuid.uuid4())), item.id, days)
    return item.code
