"""Closings: where a name is closed after repeated failures, and that it was opened again, as
records (IAM-07, SIG-15).

The newest row of a person, a purpose and a place holds. Who is closed in one place works on in
every other; signing is opened by signing in there, everything else by an administrator.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, Select, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.facts import Fact
from integrity.vocabulary import one_of
from people import attempts
from people.actions import PeopleAction
from people.rules.guesses import Closed, PlaceKind, Purpose, closes_everywhere
from people.stations import SHOWN, Station
from people.words import PlacePhrase

if TYPE_CHECKING:
    from people.accounts import Person


class Closing(Record, By):
    """That signing in, or signing, is closed for a person in one place, or open there again.

    `is_own` says whether the device was the person's own, `tablet_of` in whose session it failed.
    """

    __tablename__ = "closings"
    __table_args__ = (
        one_of("purpose", Purpose),
        one_of("place_kind", PlaceKind),
        Index("closings_by_holder", "holder_id", "purpose", "place"),
    )

    holder_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    purpose: Mapped[str]
    place_kind: Mapped[str]
    place: Mapped[str]
    is_closed: Mapped[bool]
    is_own: Mapped[bool]
    tablet_of: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    @property
    def where(self) -> Fact:
        """The place as a page and an alert name it."""
        if self.place_kind == PlaceKind.EVERYWHERE:
            return facts.word(PlacePhrase.EVERYWHERE)
        if self.place_kind == PlaceKind.DEVICE:
            return facts.message(PlacePhrase.ON_DEVICE, device=self.place[:SHOWN])
        return facts.message(PlacePhrase.FROM_ADDRESS, address=self.place)


def _now(*whose: Any) -> Select[Any]:
    """What is closed now, of the rows that are asked for."""
    newest = (
        select(func.max(Closing.id))
        .where(*whose)
        .group_by(Closing.holder_id, Closing.purpose, Closing.place)
    )
    return select(Closing).where(Closing.id.in_(newest), Closing.is_closed.in_((True,)))


def standing(session: Session, holder_id: int) -> Sequence[Closing]:
    """Everything that is closed for a person now, the newest first."""
    mine = _now(Closing.holder_id == holder_id).order_by(Closing.id.desc())
    return session.scalars(mine).all()


def of_many(session: Session, holder_ids: Iterable[int]) -> dict[int, set[str]]:
    """{person: the purposes that are closed for them somewhere} in one query."""
    found: dict[int, set[str]] = {}
    for each in session.scalars(_now(Closing.holder_id.in_(list(holder_ids)))):
        found.setdefault(each.holder_id, set()).add(each.purpose)
    return found


_NEWEST = text("""
    SELECT p.username, c.purpose FROM closings c JOIN people p ON p.id = c.holder_id
    WHERE c.id > (SELECT max(id) FROM closings) - :looked_at AND c.is_closed = 1 AND NOT EXISTS (
        SELECT 1 FROM closings l WHERE l.holder_id = c.holder_id AND l.purpose = c.purpose
        AND l.place = c.place AND l.id > c.id)
    GROUP BY p.username, c.purpose ORDER BY max(c.id) DESC LIMIT :most""")
LOOKED_AT = 200  # newest closings among which those that stand are looked for


def newest(session: Session, most: int) -> Sequence[tuple[str, str]]:
    """(user name, purpose) of people for whom something was closed lately and still is."""
    found = session.rows(_NEWEST, {"most": most, "looked_at": LOOKED_AT})
    return [(name, purpose) for name, purpose in found]


def is_closed(session: Session, holder_id: int, purpose: Purpose, station: Station) -> bool:
    """Whether it is closed for the person at this station, or everywhere."""
    mine = (
        Closing.holder_id == holder_id,
        Closing.purpose == purpose.value,
        Closing.place.in_((station.place, "")),
    )
    return session.scalars(_now(*mine).limit(1)).first() is not None


def close(
    act: Act,
    person: Person,
    purpose: Purpose,
    station: Station,
    *,
    is_own: bool,
    tablet_of: int | None,
) -> Sequence[Closing]:
    """Close it here, and signing everywhere once it failed on too many devices.

    Gives what was closed.
    """
    made = [
        _closing(
            act, person.id, purpose, station.kind, station.place, is_own=is_own, tablet_of=tablet_of
        )
    ]
    before = standing(act.session, person.id)
    signing = [each for each in (*before, *made) if each.purpose == Purpose.SIGN]
    if purpose is Purpose.SIGN and _is_everywhere_now(signing):
        made.append(_closing(act, person.id, purpose, PlaceKind.EVERYWHERE, ""))
    act.add(*made)
    details = {"purpose": purpose.value, "where": [each.where for each in made]}
    act.say(PeopleAction.PERSON_CLOSED, person, details=details)
    return made


def _closing(
    act: Act,
    holder_id: int,
    purpose: Purpose,
    kind: PlaceKind,
    place: str,
    *,
    is_own: bool = False,
    tablet_of: int | None = None,
) -> Closing:
    return Closing(
        holder_id=holder_id,
        purpose=purpose.value,
        place_kind=kind.value,
        place=place,
        is_closed=True,
        is_own=is_own,
        tablet_of=tablet_of,
        at=act.at,
    )


def _is_everywhere_now(signing: Sequence[Closing]) -> bool:
    if any(each.place_kind == PlaceKind.EVERYWHERE for each in signing):
        return False
    return closes_everywhere(Closed(each.place, each.is_own, each.tablet_of) for each in signing)


def _open(act: Act, closed: Sequence[Closing]) -> None:
    for each in closed:
        act.add(
            Closing(
                holder_id=each.holder_id,
                purpose=each.purpose,
                place_kind=each.place_kind,
                place=each.place,
                is_closed=False,
                is_own=each.is_own,
                tablet_of=each.tablet_of,
                at=act.at,
            )
        )


def open_signing_here(act: Act, person: Person, station: Station) -> None:
    """Who has signed in on this device with everything may sign on it again (SIG-15)."""
    here = [
        each
        for each in standing(act.session, person.id)
        if each.purpose == Purpose.SIGN and each.place == station.place
    ]
    if here:
        _open(act, here)
        act.say(
            PeopleAction.PERSON_OPENED,
            person,
            reason=facts.word(PlacePhrase.SIGNED_IN_HERE),
            details={"purpose": Purpose.SIGN.value, "where": [each.where for each in here]},
        )


def open_all(act: Act, person: Person, purpose: Purpose) -> list[Fact]:
    """Open what is closed for a person, as a part of another act; gives where that was."""
    closed = [each for each in standing(act.session, person.id) if each.purpose == purpose]
    _open(act, closed)
    attempts.clear_name(act.session, person.username, purpose)
    return [each.where for each in closed]
