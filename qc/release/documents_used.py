"""Which versions of which documents the record of a batch rests on, each with its SHA-256."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from documents import kinds
from documents.register import ControlledDocument
from integrity.database import Session
from labels.print_register import LabelPrint
from manufacturing.donation.donations import (
    Cord,
    Determination,
    DonorAnswers,
    DonorConsent,
    DonorTest,
)
from qc.laboratory.results import Result
from qc.release.release_inputs import ReleaseInputs
from stores.containers import Container
from stores.lot_uses import LotUse
from stores.lots import Lot


def of_batch(session: Session, found: ReleaseInputs) -> list[dict[str, str]]:
    """Master record, specifications, donor criteria, lists of materials and label stock, as
    {kind, document, sha256}, by kind and version."""
    batch = found.batch
    ids = {batch.master_id, batch.specification_id, found.specification.id, *_asked(session, found)}
    wanted = (
        select(ControlledDocument)
        .where(ControlledDocument.id.in_(sorted(ids)))
        .order_by(ControlledDocument.kind, ControlledDocument.code, ControlledDocument.version)
    )
    return [
        {
            "kind": kinds.of(each.kind).name.capitalize(),
            "document": each.named,
            "sha256": each.sha256,
        }
        for each in session.scalars(wanted)
    ]


def _asked(session: Session, found: ReleaseInputs) -> set[int]:
    batch, donor_id = found.batch, found.donor.id
    printed = select(Container.code).where(Container.scope.in_([batch.code, batch.cord_code]))
    questions: list[Any] = [
        select(Result.specification_id).where(Result.scope == batch.code),
        select(Cord.criteria_id).where(Cord.id == batch.cord_id),
        *(
            select(table.criteria_id).where(table.donor_id == donor_id)
            for table in (DonorAnswers, DonorConsent, DonorTest, Determination)
        ),
        select(Lot.materials_id)
        .join(LotUse, LotUse.lot_id == Lot.id)
        .where(LotUse.scope == batch.code),
        select(LabelPrint.stock_id).where(LabelPrint.code.in_(printed)),
    ]
    first, *others = questions
    return set(session.scalars(first.union(*others)))
