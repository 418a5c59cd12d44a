"""Numbers are issued here, gapless per series and year and never twice (EBR-23).

A cancelled one stays issued.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Index,
    Select,
    Text,
    UniqueConstraint,
    func,
    literal_column,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Mapped, mapped_column

from integrity import site
from integrity.acts import Act
from integrity.database import Record, Session
from integrity.search_terms import beginning
from integrity.vocabulary import one_of
from labels import codes

# Where a part of a code may begin that leaves out its letter and the decade; each has an index.
FROM = range(3, 9)
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # of codes, in the order that every collation has
SHORTEST = 3  # characters of a part that is looked for
PART = re.compile(r"[A-Z]?[0-9]+")


class IssuedCode(Record):
    """One number of one series, and the code made of it; `lost_at` is when a restore lost whatever
    it stood on, so that the number is not issued again.
    """

    __tablename__ = "issued_codes"
    __table_args__ = (
        UniqueConstraint("series", "year", "number"),
        one_of("series", codes.Series),
        *(Index(f"issued_codes_from_{at}", text(f"substr(code, {at})")) for at in FROM),
    )

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


def containing(session: Session, part: str, most: int) -> list[str]:
    """The codes that a part stands in (bare, as a symbol carries it), newest first: of every series
    and every place in the code at most so many, each read from an index.
    """
    if len(part) < SHORTEST or PART.fullmatch(part) is None:
        return []
    ways = [select(way.subquery()) for way in _ways(part, most)]
    found = {number: code for number, code in session.rows(union_all(*ways))}
    return [found[number] for number in sorted(found, reverse=True)]


def _ways(part: str, most: int) -> Iterator[Select[tuple[int, str]]]:
    starts = [part] if part[0].isalpha() else [series + part for series in codes.SERIES]
    for start in starts:
        yield _first(IssuedCode.code, start, most)
    if not part[0].isalpha():
        for at in FROM:
            yield _first(literal_column(f"substr(code, {at})", Text), part, most)


def _first(of: ColumnElement[str] | Any, part: str, most: int) -> Select[tuple[int, str]]:
    wanted = select(IssuedCode.id, IssuedCode.code).where(beginning(of, part, SIGNS))
    return wanted.order_by(of.desc()).limit(most)
