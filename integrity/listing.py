"""Pages of a list: no list is shown whole, whatever grows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

SIZE = 50


@dataclass(frozen=True)
class Page:
    """One page of items, with its number (from 1), the number of pages and of items in all."""

    items: Sequence[Any]
    number: int
    pages: int
    total: int


def page(session: Session, wanted: Select[Any], number: object = 1, size: int = SIZE) -> Page:
    """One page of the records a select asks for; a number that is none, or lies outside, gives the nearest page."""
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    text = str(number)
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    inside = min(max(asked, 1), pages)
    items = session.scalars(wanted.limit(size).offset((inside - 1) * size)).all()
    return Page(items, inside, pages, total)
