"""Which version of a specification judges a batch: the one it began with, or the newest change that
quality assurance approved for it by its name. Here alone it is told which line judges a result."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from documents import register as documents
from documents.kinds import Kind
from documents.register import ControlledDocument
from integrity.database import By, Record, Session
from manufacturing.execution.batches import Batch
from qc.laboratory.rules import specification_change as rules
from qc.specifications import register
from qc.specifications.model import Contents, Line, Sources


class SpecificationChange(Record, By):
    """One change for one batch: the version that judges it from then on, and why. Signed."""

    __tablename__ = "specification_changes"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    specification_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    reason: Mapped[str]
    at: Mapped[datetime]
    name: Mapped[str]


class Recorded(Protocol):
    """A result as far as it is told here what judges it."""

    @property
    def scope(self) -> str: ...
    @property
    def test(self) -> str: ...
    @property
    def specification_id(self) -> int: ...


@dataclass(frozen=True)
class Judging:
    """What versions say, and {batch code: the version that was approved for it by name}."""

    contents: Mapping[int, Contents]
    approved: Mapping[str, int]

    def of(self, result: Recorded) -> tuple[Line, int]:
        """The line that judges a result, and the version it is of: the one that was approved for
        its batch by name where that has the line, otherwise the one it was recorded under."""
        approved = self.approved.get(result.scope)
        held = self.contents[approved].line(result.test) if approved else None
        if approved and held:
            return held, approved
        recorded = result.specification_id
        return self.contents[recorded].by_id[result.test], recorded

    def sources(self, result: Recorded) -> Sources:
        """Where the version that judges its batch takes amounts from."""
        return self.contents[self.approved.get(result.scope, result.specification_id)].sources


# Questions
# -------------------------------------------------------------------------------------------------


def newest_of(session: Session, batch_ids: Iterable[int]) -> dict[int, SpecificationChange]:
    """{batch id: the change that holds} of those that have one, in one query."""
    mine = SpecificationChange.batch_id.in_(sorted(batch_ids))
    wanted = select(SpecificationChange).where(mine).order_by(SpecificationChange.id)
    return {each.batch_id: each for each in session.scalars(wanted)}


def judged_by(session: Session, batches: Sequence[Batch]) -> dict[int, int]:
    """{batch id: the version that judges it}: the one it began with, or the one that was approved
    for it by name."""
    changed = newest_of(session, [each.id for each in batches])
    began = {each.id: each.specification_id for each in batches}
    return began | {number: each.specification_id for number, each in changed.items()}


def judged_by_code(session: Session, batch_codes: Iterable[str]) -> dict[str, int]:
    """The same by the codes of batches."""
    found = session.scalars(select(Batch).where(Batch.code.in_(sorted(batch_codes)))).all()
    judged = judged_by(session, found)
    return {each.code: judged[each.id] for each in found}


def changes_of(session: Session, batch_codes: Iterable[str]) -> dict[str, int]:
    """{batch code: the version that was approved for it by name} of those that have one."""
    wanted = (
        select(Batch.code, SpecificationChange.specification_id)
        .join(Batch, Batch.id == SpecificationChange.batch_id)
        .where(Batch.code.in_(sorted(batch_codes)))
        .order_by(SpecificationChange.id)
    )
    return {code: number for code, number in session.execute(wanted)}


def judging(session: Session, found: Collection[Recorded]) -> Judging:
    """What judges these results, in as many questions as for one."""
    approved = changes_of(session, {each.scope for each in found}) if found else {}
    ids = {*approved.values(), *(each.specification_id for each in found)}
    return Judging(register.contents_by_id(session, ids), approved)


def versions_for(session: Session, batch: Batch, at: datetime) -> list[ControlledDocument]:
    """The approved versions of its specification that do not judge it now, newest first."""
    now = session.get_one(ControlledDocument, judged_by(session, [batch])[batch.id])
    wanted = documents.listed(Kind.SPECIFICATION).where(
        ControlledDocument.code == now.code, ControlledDocument.id != now.id
    )
    found = session.scalars(wanted).all()
    where = documents.states_of(session, found, at) if found else {}
    return [each for each in found if where[each.id] in rules.APPROVED]
