"""Numbers are issued here, gapless per series and year and never twice (EBR-23).

A cancelled one stays issued.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import site
from integrity.acts import Act
from integrity.database import Record, Session
from integrity.vocabulary import one_of
from labels import codes


class IssuedCode(Record):
    """One number of one series, and the code made of it; `lost_at` is when a restore lost whatever
    it stood on, so that the number is not issued again.
    """

    __tablename__ = "issued_codes"
    __table_args__ = (UniqueConstraint("series", "year", "number"), one_of("series", codes.Series))

    series: Mapped[str]
    year: Mapped[int]
    number: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    lost_at: Mapped[datetime | None]


def issue(act: Act, series: str) -> str:
    """The next code of a series in the site's year, bare as a symbol carries it.

    The calling act says the event.
    """
    year = act.at.astimezone(site.zone(act.session)).year
    ledger, known = act.session.ledger, f"last {series} of {year}"
    code = codes.make(series, year, 1 + ledger.recall(known, lambda: _last(act, series, year)))
    ledger.learn(known, code.number)
    act.add(IssuedCode(series=series, year=year, number=code.number, code=code.bare, at=act.at))
    return code.bare


def _last(act: Act, series: str, year: int) -> int:
    newest = select(func.max(IssuedCode.number)).where(
        IssuedCode.series == series, IssuedCode.year == year
    )
    return act.session.scalar(newest) or 0


_COLUMNS = "series, year, number, code, at"


def issued_since(session: Session, replaced: Path, at: datetime) -> list[IssuedCode] | None:
    """The codes that the database which a restore replaces has issued and this one has not: their
    labels are out there. New records, to be added by the act that restores at that moment; None
    where the file cannot be read, which may be why it is replaced.
    """
    issued = _issued(replaced)
    if issued is None:
        return None
    known = set(session.scalars(select(IssuedCode.code)))
    return [
        IssuedCode(
            series=series,
            year=year,
            number=number,
            code=code,
            at=datetime.fromisoformat(issued_at),
            lost_at=at,
        )
        for series, year, number, code, issued_at in issued
        if code not in known
    ]


def _issued(replaced: Path) -> list[tuple[str, int, int, str, str]] | None:
    if not replaced.exists():
        return []
    asked = f"SELECT {_COLUMNS} FROM issued_codes ORDER BY id"
    try:
        with closing(sqlite3.connect(replaced)) as connection:
            return connection.execute(asked).fetchall()
    except sqlite3.Error:
        return None


def lost_at(session: Session, bare: str) -> datetime | None:
    """When a restore lost what stood under a code, if one did."""
    return session.scalar(select(IssuedCode.lost_at).where(IssuedCode.code == bare))
