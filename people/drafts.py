"""What somebody had typed on a page when it could not be recorded: the tablet had locked itself.

It is kept for the person and the page, never a password or a token, and fills the page again once
the lock is open (IAM-08). A working table: nothing of it is recorded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, delete
from sqlalchemy.orm import Mapped, mapped_column

from integrity.database import Document, Session, Working
from integrity.forms import Form, is_secret
from people import csrf

KEPT = timedelta(days=1)  # whoever comes back later than that begins anew
LONGEST = 64 * 1024  # characters: more than anybody types on a page
OF_THE_PAGE = ("entry_id", "reviewed", "next", csrf.FIELD)  # what the page says, and nobody types
TICKS = ("BooleanField", "SelectMultipleField")  # what says nothing where nothing is ticked


class Draft(Working):
    """What one person had typed on one page, by the names of its fields."""

    __tablename__ = "drafts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    typed: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime]


class Typed(dict[str, list[str]]):
    """What was typed, as a form reads what is posted."""

    def getlist(self, name: str) -> list[str]:
        return self.get(name, [])


def keep(session: Session, person_id: int, path: str, typed: Typed, *, at: datetime) -> None:
    """Keep what was typed on a page; what nobody came back to for a day is let go."""
    session.execute(delete(Draft).where(Draft.at < at - KEPT))
    said = {
        name: values
        for name, values in typed.items()
        if not is_secret(name) and name not in OF_THE_PAGE
    }
    if sum(len(value) for values in said.values() for value in values) > LONGEST:
        return
    if draft := session.get(Draft, (person_id, path)):
        draft.typed, draft.at = said, at
    else:
        session.add(Draft(person_id=person_id, path=path, typed=said, at=at))


def of(session: Session, person_id: int, path: str, at: datetime) -> Typed:
    """What a person had typed on a page within the last day, or nothing."""
    found = session.get(Draft, (person_id, path))
    return Typed(found.typed if found and found.at >= at - KEPT else {})


def drop(session: Session, person_id: int, path: str) -> None:
    """What was typed is recorded: it is kept no longer."""
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.path == path))


def fill(form: Form, typed: Typed) -> bool:
    """Fill a form with what was typed on it; False where that was another form of its page."""
    mine = [field for field in form if field.name in typed and field.name not in OF_THE_PAGE]
    if mine:
        for field in form:
            if field in mine or field.type in TICKS:
                field.process(typed)
    return bool(mine)
