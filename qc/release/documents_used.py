"""Which versions of which documents the record of a batch rests on, each with its SHA-256, and
which batches rest on a version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select

from documents import kinds
from documents.register import ControlledDocument
from integrity import site
from integrity.database import Session
from labels.print_register import LabelPrint
from manufacturing.donation.donations import (
    Cord,
    Determination,
    DonorAnswers,
    DonorConsent,
    DonorTest,
)
from manufacturing.execution import for_show, uses
from manufacturing.execution.batches import Batch
from qc.laboratory.judging_versions import SpecificationChange
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


def batches_with(document: ControlledDocument) -> Select[tuple[Batch]]:
    """The batches that keep a version or were judged by it: as master record or specification, as
    criteria of the cord and the donor, as list of the materials their lots were received by, as the
    stock their labels and the jar's were printed on."""
    determined = select(Cord.id).join(Determination, Determination.donor_id == Cord.donor_id)
    cords = determined.where(
        or_(Determination.criteria_id == document.id, Cord.criteria_id == document.id)
    )
    labelled = (
        select(Container.scope_id)
        .join(LabelPrint, LabelPrint.code == Container.code)
        .where(LabelPrint.stock_id == document.id)
    )
    changed = select(SpecificationChange.batch_id).where(
        SpecificationChange.specification_id == document.id
    )
    keeps = or_(
        Batch.master_id == document.id,
        Batch.specification_id == document.id,
        Batch.id.in_(changed),
        Batch.cord_id.in_(cords),
        Batch.id.in_(uses.with_materials_of(document.id)),
        Batch.id.in_(labelled),
        Batch.cord_id.in_(labelled),
    )
    return select(Batch).where(keeps).order_by(Batch.id)


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


def mark(session: Session, found: ReleaseInputs) -> str:
    """ "yes" where the batch, or the version of the specification that judges it, is for show."""
    said = found.contents.demonstration or for_show.is_for_show(session, found.batch)
    return site.YES if said else site.NO
