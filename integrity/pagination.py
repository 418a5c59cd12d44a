"""Pages of a list: no list is shown whole, whatever grows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from integrity.database import Session

SIZE = 50


@dataclass(frozen=True)
class Page:
    """One page of items, with its number (from 1), the number of pages and of items in all."""

    items: Sequence[Any]
    number: int
    pages: int
    total: int


def page(session: Session, wanted: Select[Any], number: object = 1, size: int = SIZE) -> Page:
    """One page of the records a select asks for; a number that is none, or lies outside, gives the
    nearest page.

    Items and their number in all are one question; only a page beyond the end asks again.
    """
    text = str(number)
    asked = max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    rows = _rows(session, wanted, asked, size)
    if not rows and asked > 1:
        total = (
            session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
        )
        asked = max(1, -(-total // size))
        rows = _rows(session, wanted, asked, size)
    total = rows[0][-1] if rows else 0
    return Page([row[0] for row in rows], asked, max(1, -(-total // size)), total)


def _rows(session: Session, wanted: Select[Any], number: int, size: int) -> Sequence[Any]:
    return session.execute(
        wanted.add_columns(func.count().over()).limit(size).offset((number - 1) * size)
    ).all()
