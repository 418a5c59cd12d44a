"""The history of scans: what came through the box for codes, by whom, on which device, and what it
answered with. A log like that of accesses: it says what was asked, not what is so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity.database import Log, Session
from integrity.trail import Actor
from labels import codes

LONGEST = 60  # characters of what was typed and of an answer


class Scan(Log):
    """One scan. `code` is bare where it is one of ours, else what was typed; `answer` is the word
    of the band that was shown."""

    __tablename__ = "scans"
    __table_args__ = (
        Index("scans_by_time", "at", "id"),
        Index("scans_by_code", "code", "at", "id"),
        Index("scans_by_person", "username", "at", "id"),
        Index("scans_by_answer", "answer", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    username: Mapped[str]
    station: Mapped[str]
    code: Mapped[str]
    answer: Mapped[str]


_LINE = insert(Scan)  # one statement: a scan waits for it


def write(session: Session, by: Actor, text: str, answer: str, *, at: datetime) -> None:
    """One line of what somebody scanned or typed."""
    seen = "".join(sign for sign in text if sign.isprintable())
    line = {
        "at": at,
        "person_id": by.id,
        "username": by.username,
        "station": by.device or "",
        "code": seen[:LONGEST],
        "answer": answer.lower()[:LONGEST],
    }
    session.connection().execute(_LINE, line)


def listed() -> Select[tuple[Scan]]:
    """Every scan for a paged list, the newest first."""
    return select(Scan).order_by(Scan.at.desc(), Scan.id.desc())


def of_code(text: str) -> ColumnElement[bool]:
    """Scans of one code, written with or without its hyphen."""
    return Scan.code.in_({text, _bare(text)})


def _bare(text: str) -> str:
    try:
        return codes.read(text).bare
    except codes.UnreadableCode:
        return text
