"""What there is for a first cord, asked of the records in as many questions however much it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from documents import contents, register
from documents.kinds import Kind
from documents.register import ControlledDocument
from integrity import states
from integrity.database import Session
from manufacturing.execution.batches import Batch
from manufacturing.masters.model import Master
from people import accounts
from people.accounts import AccountState
from readiness.guide_rules import Beginning
from stores import calibrations, holds, lot_lists, rules
from stores.calibrations import Calibration
from stores.equipment import KIND, Equipment
from stores.lots import Lot
from stores.rules import Disposition


def is_over(session: Session) -> bool:
    """Whether a batch was begun: what a site lacks from then on stands among what it lacks."""
    return session.scalar(select(Batch.id).order_by(Batch.id).limit(1)) is not None


def in_force(session: Session, at: datetime) -> dict[Kind, list[ControlledDocument]]:
    """{kind: the documents that are in force}, every kind."""
    return {kind: list(register.all_effective(session, kind, at)) for kind in Kind}


def gather(session: Session, held: dict[Kind, list[ControlledDocument]], at: datetime) -> Beginning:
    """What there is; `held` are the documents in force at that moment."""
    masters: list[Master] = [contents.of(session, each) for each in held[Kind.MASTER_RECORD]]
    return Beginning(
        people=people(session),
        in_force=[kind for kind, found in held.items() if found],
        materials_wanted=_scanned(masters, "lot"),
        lots=_lots(session, (Disposition.QUARANTINE, Disposition.RELEASED), at),
        released=_lots(session, (Disposition.RELEASED,), at),
        equipment_wanted=_scanned(masters, "equipment"),
        equipment=session.scalars(select(Equipment.kind).distinct()).all(),
        calibrated=_calibrated(session, at),
    )


def people(session: Session) -> dict[str, int]:
    """{role: how many are active}."""
    granted = session.scalars(accounts.newest_grants()).all()
    stands = states.of_many(session, [each.holder_id for each in granted], accounts.ACCOUNT)
    return Counter(
        each.role for each in granted if stands.get(each.holder_id) == AccountState.ACTIVE
    )


def newest_of(session: Session, kinds: Iterable[Kind], at: datetime) -> dict[str, tuple[int, str]]:
    """{kind: (number, state) of the version imported last}, of kinds of which there is one."""
    wanted = select(ControlledDocument).where(ControlledDocument.kind.in_(sorted(kinds)))
    found = session.scalars(wanted.order_by(ControlledDocument.id)).all()
    stands = register.states_of(session, found, at)
    return {each.kind: (each.id, stands[each.id]) for each in found}


def _scanned(masters: Iterable[Master], type_: str) -> list[str]:
    """What has to be scanned in any of these records, each once in the order of the work."""
    return list(
        dict.fromkeys(
            named
            for master in masters
            for step in master.steps
            for field in step.fields
            if field.type == type_ and (named := field.material or field.kind)
        )
    )


def _lots(session: Session, stand: Iterable[Disposition], at: datetime) -> list[str]:
    """Materials of which a lot stands so, is in date and on nobody's hold."""
    return [
        material
        for each in stand
        for material in session.scalars(
            lot_lists.listed(each, at).with_only_columns(Lot.material).order_by(None).distinct()
        )
    ]


def _calibrated(session: Session, at: datetime) -> list[str]:
    """Kinds of equipment of which a piece is in calibration and on nobody's hold."""
    counts = calibrations.counting_id(Equipment.id)
    wanted = select(Equipment.kind).join(Calibration, Calibration.id == counts)
    in_date = wanted.where(Calibration.due_at > at - rules.TICK)
    return list(session.scalars(in_date.where(Equipment.id.not_in(holds.of_kind(KIND))).distinct()))
