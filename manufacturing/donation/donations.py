"""The records of a donation: the donor by the hospital's code, what is known of her, the cord, the
start of processing.

No column holds a name: the identity stays with the hospital (21 CFR 1271.55(c)). What is corrected
is a further record that points at the one it replaces."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from integrity import corrections
from integrity.database import By, Document, Record
from integrity.subjects import SubjectRecord
from integrity.vocabulary import one_of
from manufacturing.donation.criteria import BloodResult
from manufacturing.donation.rules.donors import DETERMINED, ConsentState
from stores.days import WithDays


class Donor(SubjectRecord, By):
    """A birth mother, by the hospital's pseudonym as typed."""

    __tablename__ = "donors"

    code: Mapped[str] = mapped_column(unique=True)
    registered_at: Mapped[datetime] = mapped_column(index=True)


class DonorAnswers(Record, By):
    """The answers to the acceptance criteria, all of them at one moment.

    The newest of a donor hold.
    """

    __tablename__ = "donor_answers"

    donor_id: Mapped[int] = mapped_column(ForeignKey("donors.id"), index=True)
    answers: Mapped[Any] = mapped_column(Document)
    remark: Mapped[str | None]
    criteria_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("donor_answers.id"))
    reason: Mapped[str | None]
    at: Mapped[datetime]


class DonorConsent(Record, By):
    """A consent as given, or (state "withdrawn") its withdrawal; of a donor the newest by its day
    holds. One of the state "struck" says why another one, which it `strikes`, counts no more.

    `day` is a date as text.
    """

    __tablename__ = "donor_consents"
    __table_args__ = (one_of("state", ConsentState),)

    donor_id: Mapped[int] = mapped_column(ForeignKey("donors.id"), index=True)
    state: Mapped[str]
    form_version: Mapped[str]
    day: Mapped[str]
    covers: Mapped[str]
    criteria_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    strikes_id: Mapped[int | None] = mapped_column(ForeignKey("donor_consents.id"))
    reason: Mapped[str | None]
    at: Mapped[datetime]

    @property
    def date(self) -> date:
        return date.fromisoformat(self.day)


class DonorTest(Record, WithDays, By):
    """One infectious-disease result of the mother's blood; the laboratory that answers for it. The
    day of the sample is that of the place where it was written."""

    __tablename__ = "donor_tests"
    __table_args__ = (one_of("result", BloodResult),)

    donor_id: Mapped[int] = mapped_column(ForeignKey("donors.id"), index=True)
    test: Mapped[str]
    method: Mapped[str]
    criteria_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    result: Mapped[str]
    sampled_at: Mapped[datetime]
    zone: Mapped[str]
    laboratory: Mapped[str]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("donor_tests.id"))
    reason: Mapped[str | None]
    at: Mapped[datetime]


class Determination(SubjectRecord, By):
    """A signed eligibility determination.

    `basis` names the newest records it rests on, so a later one makes it void.
    """

    __tablename__ = "determinations"
    __table_args__ = (one_of("verdict", DETERMINED),)

    donor_id: Mapped[int] = mapped_column(ForeignKey("donors.id"), index=True)
    verdict: Mapped[str]
    basis: Mapped[Any] = mapped_column(Document)
    criteria_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    at: Mapped[datetime]


class CordCorrection(Record, By):
    """What is said of a cord, of this donor, in the place of what was said before."""

    __tablename__ = "cord_corrections"

    cord_id: Mapped[int] = mapped_column(ForeignKey("cords.id"), index=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("donors.id"), index=True)
    born_at: Mapped[datetime]
    collected_at: Mapped[datetime]
    receipt: Mapped[Any] = mapped_column(Document)
    reason: Mapped[str]
    at: Mapped[datetime]


class Cord(SubjectRecord, By):
    """A cord as it was received, `first_…`, and as it stands after its corrections.

    `receipt` holds the checks as typed, in the units of the criteria.
    """

    __tablename__ = "cords"
    __table_args__ = (Index("cords_by_donor", "donor_id"),)

    code: Mapped[str] = mapped_column(unique=True)
    jar_code: Mapped[str] = mapped_column(unique=True)
    donor_id: Mapped[int] = mapped_column(ForeignKey("donors.id"))
    first_born_at: Mapped[datetime] = mapped_column("born_at")
    first_collected_at: Mapped[datetime] = mapped_column("collected_at")
    received_at: Mapped[datetime] = mapped_column(index=True)
    first_receipt: Mapped[Any] = mapped_column("receipt", Document)
    criteria_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    if TYPE_CHECKING:
        born_at: Mapped[datetime]
        collected_at: Mapped[datetime]
        receipt: Mapped[Any]


SAID = ("born_at", "collected_at", "receipt")  # of a cord
corrections.corrects(CordCorrection, Cord, "cord_id", SAID)


class ProcessingStart(Record, By):
    """The start of the first wash: as claimed (`at`) and as recorded by the server; of a cord the
    newest holds, which a corrected claim makes.

    Spans are whole milliseconds.
    """

    __tablename__ = "processing_starts"

    cord_id: Mapped[int] = mapped_column(ForeignKey("cords.id"), index=True)
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    longest: Mapped[int]
    reject_after: Mapped[int | None]


# What a determination rests on: the newest record of each as it was signed.
BASIS: dict[str, Any] = {
    "answers": DonorAnswers,
    "consent": DonorConsent,
    "tests": DonorTest,
    "cords": Cord,
    "corrected cords": CordCorrection,
}
