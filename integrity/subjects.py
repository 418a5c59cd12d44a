"""Subjects: whatever has states, signatures or deviations is a row of one table.

All that is said of it refers to it by one key: it is a `SubjectRecord`, its `id` is that of its
subject, given from one count. What is found under another thing is `Scoped`: it refers to it by its
key and repeats its code, and the database proves that the two belong together."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity.database import Record, RecordTables, Session
from integrity.vocabulary import one_of


class Scope(NamedTuple):
    """What something is found under: the key and the code of another thing."""

    id: int
    code: str


class Subject(Record):
    """One thing that something can be said of; `kind` is the table that describes it."""

    __tablename__ = "subjects"
    __table_args__ = (UniqueConstraint("id", "kind"), UniqueConstraint("id", "code"))

    kind: Mapped[str]
    code: Mapped[str | None]

    @property
    def itself(self) -> Scope:
        return Scope(self.id, self.code or "")


Subject.__table__.append_constraint(one_of("kind", RecordTables(Subject)))  # type: ignore[attr-defined]


class SubjectRecord(Record):
    """A record that has states, signatures or deviations."""

    __abstract__ = True
    supertype: ClassVar[type[Record]] = Subject
    id: Mapped[int] = mapped_column(
        ForeignKey("subjects.id"), primary_key=True, autoincrement=False
    )

    @property
    def as_supertype(self) -> dict[str, Any]:
        """Its row among the subjects."""
        return {
            "id": self.id,
            "kind": self.__tablename__,
            "code": getattr(self, "code", None),
        }

    @property
    def itself(self) -> Scope:
        """It, as what other things are found under; only for what has a code."""
        return Scope(self.id, self.code)  # type: ignore[attr-defined]


class Scoped:
    """Columns of a record that is found under another thing."""

    scope_id: Mapped[int] = mapped_column(index=True)
    scope: Mapped[str] = mapped_column(index=True)

    @property
    def within(self) -> Scope:
        return Scope(self.scope_id, self.scope)


Named = Subject | SubjectRecord


def coded(session: Session, code: str) -> Subject | None:
    """The thing of this bare code, whatever it is."""
    return session.scalar(select(Subject).where(Subject.code == code))


def kind_of(subject: Named) -> str:
    """The table that describes it."""
    return subject.kind if isinstance(subject, Subject) else subject.__tablename__


def id_of(subject: Named | int) -> int:
    return subject if isinstance(subject, int) else subject.id


def by_subject() -> ForeignKeyConstraint:
    """The reference of a table that names its subject by `subject_id` and `subject_kind`."""
    return ForeignKeyConstraint(["subject_id", "subject_kind"], ["subjects.id", "subjects.kind"])


def by_key_and_code(key: str, code: str) -> ForeignKeyConstraint:
    """The reference of a table that repeats the code of a thing beside its key."""
    return ForeignKeyConstraint([key, code], ["subjects.id", "subjects.code"])


def by_scope() -> ForeignKeyConstraint:
    """The reference of a table that is found under what it names by `scope_id` and `scope`."""
    return by_key_and_code("scope_id", "scope")
