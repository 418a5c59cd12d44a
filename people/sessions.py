"""Sessions on the server: who is signed in on which tablet, since when, and whether they have
signed in it already.

Working tables. The cookie holds a random token; the table holds its digest. The idle limit runs on
the server's clock (IAM-08), and a lock, a sign-out or a password change breaks the session for
signing (SIG-08)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from integrity.canonical import digest, instant_text
from integrity.database import Session, Working
from integrity.trail import Actor
from people import access_log, accounts
from people.access_log import AccessKind
from people.accounts import AccountState, Person
from people.permissions import ROLE_TITLES, Role
from people.stations import Station

NOT_EVERY_REQUEST = timedelta(
    seconds=20
)  # how stale `seen_at` may be before a request writes it anew
KEPT = timedelta(hours=16)


class SignedIn(Working):
    """One session on one device."""

    __tablename__ = "sessions"

    token_digest: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    locked: Mapped[bool] = mapped_column(default=False)
    has_signed: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str | None]
    address: Mapped[str]

    @property
    def station(self) -> Station:
        return Station(self.device, self.address)


@dataclass(frozen=True)
class Presence:
    """A session as a request sees it."""

    token_digest: str
    actor: Actor
    station: Station
    locked: bool
    has_signed: bool
    must_change_password: bool
    keeps_drafts: bool


def start(session: Session, person: Person, *, station: Station, at: datetime) -> str:
    """Open a session; gives the token for the cookie. Sessions that nobody came back to end."""
    forgotten = session.scalars(select(SignedIn).where(SignedIn.seen_at < at - KEPT)).all()
    _end(session, forgotten, AccessKind.TIMED_OUT, at=at, what="nobody came back")
    token = secrets.token_urlsafe(32)
    session.add(
        SignedIn(
            token_digest=digest(token),
            person_id=person.id,
            started_at=at,
            seen_at=at,
            device=station.device,
            address=station.address,
        )
    )
    by = accounts.actor(session, person, station.named)
    access_log.write(session, AccessKind.SIGNED_IN, by, at=at)
    return token


_WHO = text("""
    SELECT s.person_id, s.seen_at, s.locked, s.has_signed, s.device, s.address,
           p.username, g.name, g.role, c.temporary, w.state,
           EXISTS (SELECT 1 FROM drafts d WHERE d.person_id = s.person_id) AS keeps_drafts
    FROM sessions s JOIN people p ON p.id = s.person_id
    JOIN grants g ON g.id = (SELECT max(id) FROM grants WHERE holder_id = p.id)
    LEFT JOIN credentials c ON c.id = (SELECT max(id) FROM credentials WHERE person_id = p.id)
    LEFT JOIN states w ON w.subject_id = p.id AND w.axis = 'account'
    WHERE s.token_digest = :token""")  # asked by every request, so it is one question


def find(
    session: Session, token: str, *, at: datetime, idle: timedelta
) -> tuple[Presence | None, bool]:
    """(who is here or None, whether `seen_at` is due to be written).

    Idle longer than the limit is locked.
    """
    row = session.execute(_WHO, {"token": digest(token)}).one_or_none()
    if row is None or row.state != AccountState.ACTIVE:
        return None, False
    unseen = at - datetime.fromisoformat(row.seen_at)
    if unseen > KEPT:
        return None, False
    locked = bool(row.locked) or unseen > idle
    station = Station(row.device, row.address)
    title = ROLE_TITLES[Role(row.role)]
    actor = Actor(row.person_id, row.username, row.name, row.role, title, station.named)
    presence = Presence(
        digest(token),
        actor,
        station,
        locked,
        bool(row.has_signed),
        bool(row.temporary),
        bool(row.keeps_drafts),
    )
    return presence, not row.locked and (locked or unseen > NOT_EVERY_REQUEST)


def touch(session: Session, token_digest: str, *, at: datetime) -> None:
    """Write that the session was seen."""
    if row := session.get(SignedIn, token_digest):
        row.seen_at = at


def has_signed(session: Session, token_digest: str) -> None:
    """From now on the password is enough to sign, until the session is broken."""
    if row := session.get(SignedIn, token_digest):
        row.has_signed = True


def lock(session: Session, token_digest: str, *, at: datetime) -> None:
    """The device was left alone for too long, which breaks the session for signing (IAM-08)."""
    row = session.get(SignedIn, token_digest)
    if row is None or row.locked:
        return
    row.locked, row.has_signed = True, False
    what = f"nothing was done since {instant_text(row.seen_at)}"
    access_log.write(session, AccessKind.LOCKED, _who(session, row), at=at, what=what)


def park(session: Session, row: SignedIn, *, at: datetime) -> None:
    """The tablet is handed on; the session waits behind its lock (IAM-10)."""
    row.has_signed = False
    if not row.locked:
        row.locked = True
        what = "the tablet was handed on"
        access_log.write(session, AccessKind.LOCKED, _who(session, row), at=at, what=what)


def on_device(session: Session, person_id: int, station: Station) -> SignedIn | None:
    """The newest session that a person began on this very device."""
    if not station.device:
        return None
    mine = select(SignedIn).where(
        SignedIn.person_id == person_id, SignedIn.device == station.device
    )
    return session.scalars(mine.order_by(SignedIn.started_at.desc()).limit(1)).first()


def resume(session: Session, row: SignedIn, *, at: datetime) -> str:
    """Open the lock of a session under another token; signing asks for everything again."""
    token, was = secrets.token_urlsafe(32), row.token_digest
    row.locked, row.has_signed, row.seen_at = False, False, at
    session.execute(
        update(SignedIn).where(SignedIn.token_digest == was).values(token_digest=digest(token))
    )
    access_log.write(session, AccessKind.UNLOCKED, _who(session, row), at=at, what="by badge")
    return token


def somebody(session: Session, person: Person | None, station: Station) -> Actor:
    """Who is named where something failed at a station; nobody where it is nobody's."""
    if person is None:
        return Actor(None, "", "", "", "", station.named)
    return accounts.actor(session, person, station.named)


def unlock(session: Session, token_digest: str, *, at: datetime) -> None:
    """The person is back; signing asks for both components again."""
    row = session.get(SignedIn, token_digest)
    if row is None:
        return
    row.locked, row.has_signed, row.seen_at = False, False, at
    access_log.write(session, AccessKind.UNLOCKED, _who(session, row), at=at)


def _who(session: Session, row: SignedIn) -> Actor:
    person = session.get_one(Person, row.person_id)
    return accounts.actor(session, person, row.station.named)


def _end(
    session: Session, rows: Sequence[SignedIn], kind: AccessKind, *, at: datetime, what: str = ""
) -> None:
    for row in rows:
        access_log.write(session, kind, _who(session, row), at=at, what=what)
        session.delete(row)


def end(session: Session, token_digest: str, *, at: datetime) -> None:
    """The person signs out."""
    row = session.get(SignedIn, token_digest)
    _end(session, [row] if row else [], AccessKind.SIGNED_OUT, at=at)


def end_all_of(session: Session, person_id: int, *, at: datetime, why: str) -> None:
    """Every session of a person ends."""
    rows = session.scalars(select(SignedIn).where(SignedIn.person_id == person_id)).all()
    _end(session, rows, AccessKind.SIGNED_OUT, at=at, what=why)


def end_on(session: Session, person_id: int, device: str, *, at: datetime, why: str) -> None:
    """A person's sessions on one device end."""
    here = select(SignedIn).where(SignedIn.person_id == person_id, SignedIn.device == device)
    _end(session, session.scalars(here).all(), AccessKind.SIGNED_OUT, at=at, what=why)


_UNACCOUNTED = text("""
    SELECT p.username, s.started_at FROM sessions s JOIN people p ON p.id = s.person_id
    WHERE NOT EXISTS (SELECT 1 FROM accesses a WHERE a.person_id = s.person_id
                      AND a.kind = 'signed in' AND a.at = s.started_at)
    ORDER BY s.started_at""")


def faults(session: Session) -> Iterator[str]:
    """Sessions that nobody opened by signing in: somebody wrote them into the database. For
    verification.
    """
    for username, started_at in session.execute(_UNACCOUNTED):
        yield (
            f"The session of {username} since {started_at} was opened by no sign-in: somebody "
            "wrote it into the database. Set the password of the account anew."
        )
