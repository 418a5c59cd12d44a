"""Attempts: failures are counted by name and place, by name and by address, one row each.

A working table: a row goes with the success or the opening that ends it, and a day after its last
failure. What follows from the counts is the law's (`people/rules/guesses.py`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.orm import Mapped, mapped_column

from integrity.canonical import digest
from integrity.database import Session, Working
from people.rules.guesses import FORGOTTEN, Failed, Purpose
from people.stations import Station, network

ANY = ""  # whatever name, place or purpose


class Attempts(Working):
    """Failed attempts of a name in a place, of a name anywhere, or of any name from an address."""

    __tablename__ = "attempts"

    name: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


def name_of(username: str) -> str:
    """What a typed name is counted by.

    A digest: in the field of the name people also type their password.
    """
    return digest(username)[:32]


def _keys(name: str, station: Station, purpose: Purpose) -> list[tuple[str, str, str]]:
    return [
        (name, station.place, purpose.value),
        (name, ANY, ANY),
        (ANY, network(station.address), ANY),
    ]


def failed(
    session: Session, username: str, station: Station, purpose: Purpose
) -> tuple[Failed, Failed, Failed]:
    """How often it failed for this name here, for this name anywhere, from this address."""
    keys = _keys(name_of(username), station, purpose)
    here, of_name, of_address = (_failed(session.get(Attempts, key)) for key in keys)
    return here, of_name, of_address


def _failed(row: Attempts | None) -> Failed:
    return Failed(row.failures, row.last_at) if row else Failed()


def count(
    session: Session,
    username: str,
    station: Station,
    purpose: Purpose,
    *,
    for_name: bool,
    at: datetime,
) -> None:
    """One more failure; what is older than a day is forgotten."""
    session.execute(delete(Attempts).where(Attempts.last_at < at - FORGOTTEN))
    here, of_name, of_address = _keys(name_of(username), station, purpose)
    for key in (here, of_name, of_address) if for_name else (here, of_address):
        row = session.get(Attempts, key)
        if row:
            row.failures, row.last_at = row.failures + 1, at
        else:
            name, place, what = key
            session.add(Attempts(name=name, place=place, purpose=what, failures=1, last_at=at))


def clear(
    session: Session, username: str, station: Station, purpose: Purpose, *, is_whole: bool
) -> None:
    """A success ends the count of this name here; a sign-in with everything, of its signing too."""
    ended = delete(Attempts).where(
        Attempts.name == name_of(username), Attempts.place == station.place
    )
    if not is_whole:
        ended = ended.where(Attempts.purpose == purpose.value)
    session.execute(ended)


def clear_name(session: Session, username: str, purpose: Purpose) -> None:
    """An administrator has opened what was closed for this name."""
    session.execute(
        delete(Attempts).where(
            Attempts.name == name_of(username),
            or_(Attempts.purpose == purpose.value, Attempts.purpose == ANY),
        )
    )
