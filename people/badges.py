"""Badges: a code that the site draws for a person and that is printed and scanned (IAM-10).

The code is random and shown once; what is kept is its digest, so that a database alone opens
nothing. The newest badge of a person holds until it is withdrawn."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import reasons, site, states, vocabulary
from integrity.acts import Act
from integrity.canonical import digest
from integrity.database import By, Record, Session
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.site import SettingName
from integrity.states import State
from people import access_log, accounts, attempts, closings, sessions
from people.access_log import AccessKind
from people.accounts import ACCOUNT, AccountState, Person
from people.actions import PeopleAction
from people.rule_ids import PeopleRule
from people.rules import badges as rules, guesses
from people.rules.badges import MOVES, BadgeState, Scan
from people.rules.guesses import Guess, Purpose
from people.sessions import SignedIn
from people.stations import Station

BADGE = vocabulary.axis("badge", BadgeState)
PREFIX = "CB."  # tells a badge from a password in a hand that scans into the wrong field
SECRET_BYTES = 20
ANY_BADGE = "a badge"  # what wrong ones are counted by: no user name has a blank


class Badge(Record, By):
    """A badge as it was drawn for a person: the digest of its code."""

    __tablename__ = "badges"

    holder_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]


def new_code() -> str:
    """A code that nobody guesses."""
    return PREFIX + secrets.token_hex(SECRET_BYTES).upper()


def kept(code: str) -> str:
    """What is kept of a code."""
    return digest(code.strip().upper())


def is_in_use(session: Session) -> bool:
    """Whether anybody here has a badge, so that the lock offers to scan one."""
    mine = exists().where(
        State.subject_kind == Person.__tablename__,
        State.axis == BADGE,
        State.state == BadgeState.IN_FORCE,
    )
    return bool(session.scalar(select(mine)))


def state_of(session: Session, person_id: int) -> str | None:
    """Whether a person's badge opens anything; None where none was drawn."""
    return states.of(session, person_id, BADGE)


def issue(act: Act, *, digest: str) -> Badge | None:
    """Another badge for who is here; the one before opens nothing any more. None where this very
    tap has drawn one already: its code was shown, and is nowhere to be shown again.
    """
    if act.once(PeopleAction.BADGE_ISSUED, digest):
        return None
    person = act.session.get_one(Person, act.by.id)
    made = Badge(holder_id=person.id, digest=digest, at=act.at)
    act.add(made)
    if state_of(act.session, person.id) != BadgeState.IN_FORCE:
        states.move(act, person, BADGE, BadgeState.IN_FORCE, allowed=MOVES)
    act.say(PeopleAction.BADGE_ISSUED, person, facts=digest, details={})
    return made


def withdraw(act: Act, person_id: int, *, reason: str) -> Person:
    """A lost badge opens nothing from now on. Raises Refused."""
    person, said = act.session.get_one(Person, person_id), [person_id, reason]
    if act.once(PeopleAction.BADGE_WITHDRAWN, said):
        return person
    refuse_if_blocked(reasons.wanted(PeopleRule.BADGE_REASON, reason))
    if state_of(act.session, person_id) != BadgeState.IN_FORCE:
        raise Refused(blocks(PeopleRule.NO_BADGE))
    states.move(act, person, BADGE, BadgeState.WITHDRAWN, allowed=MOVES, reason=reason)
    act.say(PeopleAction.BADGE_WITHDRAWN, person, reason=reason, facts=said, details={})
    return person


# What a scan leads to
# -------------------------------------------------------------------------------------------------


def shift(session: Session) -> timedelta:
    """How long after signing in a badge brings somebody back."""
    return timedelta(hours=int(site.settings(session)[SettingName.SHIFT_HOURS]))


def wait(session: Session, station: Station, at: datetime) -> int:
    """For how many seconds no badge is judged here."""
    return guesses.wait(_guess(session, station), at)


def _guess(session: Session, station: Station) -> Guess:
    """Wrong badges are counted by where they were scanned: nobody slows another tablet."""
    here, _, of_address = attempts.failed(session, ANY_BADGE, station, Purpose.SIGN_IN)
    return Guess(Purpose.SIGN_IN, here=here, of_name=here, of_address=of_address)


def holder_of(session: Session, code: str) -> Person | None:
    """Whose newest badge this is, where it was not withdrawn."""
    found = session.scalar(select(Badge).where(Badge.digest == kept(code)))
    if found is None:
        return None
    newest = select(Badge.id).where(Badge.holder_id == found.holder_id).order_by(Badge.id.desc())
    holds = state_of(session, found.holder_id) == BadgeState.IN_FORCE
    is_newest = session.scalar(newest.limit(1)) == found.id
    return session.get_one(Person, found.holder_id) if holds and is_newest else None


def bring_back(act: Act, code: str, station: Station, current: str = "") -> str | None:
    """The token of the session that a badge opens again on this device, None where it opens none.

    `current` is the digest of the session's token that the tablet carries. Each use is a line of
    the access log; the caller commits whatever the answer is.
    """
    guess = _guess(act.session, station)
    if guesses.wait(guess, act.at):
        return None
    person = holder_of(act.session, code)
    mine = sessions.on_device(act.session, person.id, station) if person else None
    is_open = not guesses.is_refused(guess, act.at)
    if (
        person
        and mine
        and rules.opens(
            _scan(act.session, person, mine, station, is_open=is_open), act.at, shift(act.session)
        )
    ):
        leave(act.session, current, person, at=act.at)
        return sessions.resume(act.session, mine, at=act.at)
    attempts.count(act.session, ANY_BADGE, station, Purpose.SIGN_IN, for_name=False, at=act.at)
    by = sessions.somebody(act.session, person, station)
    access_log.write(act.session, AccessKind.BADGE_REFUSED, by, at=act.at)
    return None


def holder_in(session: Session, token_digest: str) -> int | None:
    """Whose session this is."""
    row = session.get(SignedIn, token_digest)
    return row.person_id if row else None


def leave(session: Session, current: str, to: Person | None, *, at: datetime) -> None:
    """The tablet is handed on: the session that it carries waits, locked, for its holder's badge,
    and ends where its holder has none.
    """
    row = session.get(SignedIn, current) if current else None
    if row is None or (to is not None and row.person_id == to.id):
        return
    if row.device and state_of(session, row.person_id) == BadgeState.IN_FORCE:
        sessions.park(session, row, at=at)
    else:
        sessions.end(session, current, at=at)


def _scan(
    session: Session, person: Person, mine: SignedIn, station: Station, *, is_open: bool
) -> Scan:
    credential = accounts.credential_of(session, person.id)
    return Scan(
        is_known=True,
        is_active=states.of(session, person, ACCOUNT) == AccountState.ACTIVE,
        is_open=is_open and not closings.is_closed(session, person.id, Purpose.SIGN_IN, station),
        own_password=credential is not None and not credential.temporary,
        came_in=mine.started_at,
    )
