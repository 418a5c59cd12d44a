"""Where things are found: keys of subjects are given from one count, so that tests ask for them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from integrity.database import Database


def first_id(database: Database, kind: Any, *where: Any) -> int:
    """The id of the first record of this kind."""
    with database.reading() as session:
        return session.scalars(select(func.min(kind.id)).where(*where)).one()


def newest_id(database: Database, kind: Any, *where: Any) -> int:
    """The id of the newest record of this kind."""
    with database.reading() as session:
        return session.scalars(select(func.max(kind.id)).where(*where)).one()
