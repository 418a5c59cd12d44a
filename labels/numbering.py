"""Numbers are issued here, gapless per series and year and never twice (EBR-23).

A cancelled one stays issued.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import site
from integrity.acts import Act
from integrity.database import Record
from integrity.vocabulary import one_of
from labels import codes


class IssuedCode(Record):
    """One number of one series, and the code made of it."""

    __tablename__ = "issued_codes"
    __table_args__ = (UniqueConstraint("series", "year", "number"), one_of("series", codes.Series))

    series: Mapped[str]
    year: Mapped[int]
    number: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]


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
