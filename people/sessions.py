"""Sessions on the server: who is signed in on which tablet, since when, and whether they have
signed in it already.

Working tables. The cookie holds a random token; the table holds its digest. The idle limit runs on
the server's clock (IAM-08), and a lock, a sign-out or a password change breaks the session for
signing (SIG-08)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, delete, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from integrity import outbox, states
from integrity.acts import Act
from integrity.canonical import digest, instant_text
from integrity.database import Document, Session, Working
from integrity.trail import SYSTEM, Actor
from people import accounts
from people.accounts import ACCOUNT, SIGNING, AccountState, Person, SigningState
from people.actions import PeopleAction
from people.permissions import ROLE_TITLES, Role

FAILURES_BEFORE_LOCK, SIGNING_FAILURES_BEFORE_LOCK = 5, 3
NOT_EVERY_REQUEST = timedelta(
    seconds=20
)  # how stale `seen_at` may be before a request writes it anew
KEPT = timedelta(hours=16)
NEVER_KEPT = ("csrf_token", "current", "wanted", "again")
OPENED = (AccountState.ACTIVE, SigningState.OPEN)  # on either axis
LONGEST_DRAFT = 64 * 1024  # characters: more than anybody types on a page


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


class Attempt(Working):
    """One attempt to sign in or to sign, for the locks and for the access log."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(index=True)
    purpose: Mapped[str]
    succeeded: Mapped[bool]
    at: Mapped[datetime]
    device: Mapped[str | None]


class Draft(Working):
    """What a person had typed on a page when it could not be recorded.

    A lock, or a second person's turn.
    """

    __tablename__ = "drafts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    typed: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime]


@dataclass(frozen=True)
class Presence:
    """A session as a request sees it."""

    token_digest: str
    actor: Actor
    locked: bool
    has_signed: bool
    must_change_password: bool


class NotAdmitted(Exception):
    """The sentence says why; it does not tell a wrong password from an unknown name."""


WRONG = "User name or password is wrong. Type both again."


def knows(session: Session, username: str, password: str) -> bool:
    """Whether the password is this person's now.

    Slow on purpose, so it is asked before the writing transaction.
    """
    person = accounts.find(session, username)
    return accounts.matches(
        accounts.credential_of(session, person.id) if person else None, password
    )


def admit(
    session: Session, username: str, ok: bool, purpose: str, *, device: str | None, at: datetime
) -> Person:
    """Count an attempt ("sign in" or "sign") and give the person, or raise NotAdmitted; locks after
    too many failures.

    The caller keeps the transaction whatever the answer is, so that a failure is counted.
    """
    session.add(
        Attempt(
            username=accounts.normal(username)[:80],
            purpose=purpose,
            succeeded=ok,
            at=at,
            device=device,
        )
    )
    session.flush()
    person = accounts.find(session, username)
    if person is None:
        raise NotAdmitted(WRONG)
    return _admitted(session, person, ok, purpose, at=at, device=device)


def _admitted(
    session: Session, person: Person, ok: bool, purpose: str, *, at: datetime, device: str | None
) -> Person:
    where = states.on_all_axes(session, [person.id])
    account, signing = where.get((person.id, ACCOUNT)), where.get((person.id, SIGNING))
    if not ok and account == AccountState.ACTIVE:
        _count_failure(session, person, purpose, signing, at=at, device=device)
    if not ok:
        raise NotAdmitted(WRONG)
    if account == AccountState.LOCKED:
        raise NotAdmitted(
            "This account is locked after repeated failures. An administrator can open it again."
        )
    if account != AccountState.ACTIVE:
        raise NotAdmitted("This account is deactivated.")
    if purpose == "sign" and signing == SigningState.LOCKED:
        raise NotAdmitted(
            "Signing is locked for this account after repeated failures. An administrator can "
            "open it again."
        )
    return person


def _count_failure(
    session: Session,
    person: Person,
    purpose: str,
    signing: str | None,
    *,
    at: datetime,
    device: str | None,
) -> None:
    by = Actor(None, person.username, person.username, "system", "System", device)
    if purpose == "sign":
        Act(session, by, at).say(
            PeopleAction.SIGNATURE_FAILED, person, details={"device": device or ""}
        )
        if (
            signing != SigningState.LOCKED
            and _failures(session, person, "sign") >= SIGNING_FAILURES_BEFORE_LOCK
        ):
            _lock(session, person, SIGNING, "Three failed signings in a row.", device=device, at=at)
    elif _failures(session, person, "sign in") >= FAILURES_BEFORE_LOCK:
        _lock(session, person, ACCOUNT, "Five failed sign-ins in a row.", device=device, at=at)


def _lock(
    session: Session, person: Person, axis: str, reason: str, *, device: str | None, at: datetime
) -> None:
    """Lock, and write the alert in the same transaction (SIG-15, IAM-07)."""
    accounts.set_standing(
        Act(session, SYSTEM, at), person.id, axis, SigningState.LOCKED, reason=reason
    )
    what = "Signing is locked" if axis == SIGNING else "The account is locked"
    outbox.put(
        session,
        f"Cordbook: {what.lower()} for {person.username}",
        f"{what} for {person.username} ({accounts.actor(session, person).role_title}). {reason}\n"
        f"Last attempt: {instant_text(at)}, from {device or 'an unknown device'}.\n"
        "Find out who tried before an administrator opens it again.\n",
        at=at,
    )


def _failures(session: Session, person: Person, purpose: str) -> int:
    mine = (Attempt.username == person.username, Attempt.purpose == purpose)
    success = (
        session.scalar(select(func.max(Attempt.id)).where(*mine, Attempt.succeeded.is_(True))) or 0
    )
    opened = _opened_at(session, person, SIGNING if purpose == "sign" else ACCOUNT)
    failed = select(func.count()).where(*mine, Attempt.succeeded.is_(False), Attempt.id > success)
    return session.scalar(failed.where(Attempt.at >= opened) if opened else failed) or 0


def _opened_at(session: Session, person: Person, axis: str) -> datetime | None:
    standing = session.get(states.State, (person.id, axis))
    return standing.since if standing and standing.state in OPENED else None


def start(session: Session, person: Person, *, device: str | None, at: datetime) -> str:
    """Open a session; gives the token for the cookie."""
    session.execute(delete(SignedIn).where(SignedIn.seen_at < at - KEPT))
    token = secrets.token_urlsafe(32)
    session.add(
        SignedIn(
            token_digest=digest(token),
            person_id=person.id,
            started_at=at,
            seen_at=at,
            device=device,
        )
    )
    return token


_WHO = text("""
    SELECT s.person_id, s.seen_at, s.locked, s.has_signed, s.device,
           p.username, g.name, g.role, c.temporary, w.state
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
    actor = Actor(
        row.person_id, row.username, row.name, row.role, ROLE_TITLES[Role(row.role)], row.device
    )
    presence = Presence(digest(token), actor, locked, bool(row.has_signed), bool(row.temporary))
    return presence, not row.locked and (locked or unseen > NOT_EVERY_REQUEST)


def touch(
    session: Session,
    token_digest: str,
    *,
    at: datetime,
    lock: bool = False,
    signed: bool | None = None,
) -> None:
    """Write that the session was seen, is locked, or has signed.

    A lock breaks the session for signing.
    """
    row = session.get(SignedIn, token_digest)
    if row is None:
        return
    row.locked = lock
    row.has_signed = False if lock else row.has_signed if signed is None else signed
    if not lock:
        row.seen_at = at


def end(session: Session, token_digest: str) -> None:
    session.execute(delete(SignedIn).where(SignedIn.token_digest == token_digest))


def end_all_of(session: Session, person_id: int) -> None:
    session.execute(delete(SignedIn).where(SignedIn.person_id == person_id))


def keep_draft(
    session: Session, person_id: int, path: str, typed: dict[str, list[str]], *, at: datetime
) -> None:
    """Keep what was typed on a page; passwords and tokens are never kept."""
    typed = {
        name: values
        for name, values in typed.items()
        if "password" not in name and name not in NEVER_KEPT
    }
    if sum(len(value) for values in typed.values() for value in values) > LONGEST_DRAFT:
        return
    draft = session.get(Draft, (person_id, path))
    if draft:
        draft.typed, draft.at = typed, at
    else:
        session.add(Draft(person_id=person_id, path=path, typed=typed, at=at))


def draft(session: Session, person_id: int, path: str) -> dict[str, list[str]]:
    found = session.get(Draft, (person_id, path))
    return found.typed if found else {}


def drop_draft(session: Session, person_id: int, path: str) -> None:
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.path == path))
