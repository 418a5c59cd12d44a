"""Accounts: a person, what they are called and may do (grants), and their passwords (credentials),
all as records.

The newest grant and the newest credential hold. Usernames are never used again, accounts are
deactivated, never deleted (SIG-11); an administrator can never know a usable password (SIG-14)."""

from __future__ import annotations

import enum
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts, reasons, states, vocabulary
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.facts import word
from integrity.findings import Finding, Refused, blocks, refuse_if_blocked
from integrity.forms import tidy
from integrity.rule_ids import IntegrityRule
from integrity.subjects import SubjectRecord
from integrity.trail import Actor
from integrity.vocabulary import one_of
from people import closings
from people.actions import PeopleAction
from people.permissions import ROLE_TITLES, Role
from people.rule_ids import PeopleRule
from people.rules import likeness
from people.rules.guesses import Purpose, is_repeated
from people.rules.handovers import HandoverKind
from people.rules.likeness import Human, Likeness
from people.words import RoleWord, likenesses


class AccountState(enum.StrEnum):
    """Whether a person may sign in; who is proposed is here once QA has confirmed who they are."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


ACCOUNT = vocabulary.axis("account", AccountState)
ACCOUNT_MOVES: Mapping[str | None, frozenset[str]] = {
    None: frozenset({AccountState.PROPOSED, AccountState.ACTIVE}),
    AccountState.PROPOSED: frozenset({AccountState.ACTIVE, AccountState.DEACTIVATED}),
    AccountState.ACTIVE: frozenset({AccountState.DEACTIVATED}),
    AccountState.DEACTIVATED: frozenset({AccountState.ACTIVE}),
}
SHORTEST_PASSWORD = 10
# What the password of a name that nobody has is compared with, so that it takes as long: a hash of
# what nobody knows, by the parameters of every other one.
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$IxY4df3O2e9SVSeejeAQ0Q"
    "$OeG8Ru7QZqyxFXI77QXpVEAXEDwtEbSOd3gFux1xmlU"
)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none is taken for another when it is read aloud
HALF = 9  # characters of half a one-time password


class Person(SubjectRecord):
    """One individual; the username is theirs for good, in one spelling."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("id", "username"),)

    username: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]


class Grant(Record, By):
    """What a person is called and which one role they have, from this moment on."""

    __tablename__ = "grants"
    __table_args__ = (one_of("role", Role),)

    holder_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    role: Mapped[str]
    mail: Mapped[str | None]
    badge: Mapped[str | None]
    at: Mapped[datetime]


class Handover(Record, By):
    """That somebody is given a one-time password: how, and the administrator's half of it."""

    __tablename__ = "handovers"
    __table_args__ = (one_of("kind", HandoverKind),)

    holder_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str]
    first_hash: Mapped[str | None]
    at: Mapped[datetime]


class Credential(Record):
    """An argon2 hash; a temporary one opens nothing but the page that changes it.

    One that two handed over has a hash for each half. `handover_id` is where it comes from, through
    every password that its holder chose since.
    """

    __tablename__ = "credentials"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id"), index=True)
    password_hash: Mapped[str]
    second_hash: Mapped[str | None]
    temporary: Mapped[bool]
    at: Mapped[datetime]


@dataclass(frozen=True)
class PersonFacts:
    """Who a person is and what they may do; mail and badge may be empty.

    `another_human`: whoever looks like them is somebody else.
    """

    username: str
    name: str
    role: str
    mail: str = ""
    badge: str = ""
    another_human: bool = False


class Cost(NamedTuple):
    """What argon2id is made to spend on one password."""

    passes: int
    kibibytes: int
    lanes: int


COST = Cost(2, 19456, 1)  # OWASP's second parameter set: 19 MiB, t=2, p=1


def _hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=COST.passes, memory_cost=COST.kibibytes, parallelism=COST.lanes)


HASHED_AT_ONCE = threading.BoundedSemaphore(2)  # each needs 19 MiB: a shift that signs in waits


def hashed(password: str) -> str:
    """What is kept of a password.

    Slow on purpose, so it is made before the writing transaction.
    """
    with HASHED_AT_ONCE:
        made: str = _hasher().hash(password)
    return made


def slow_digest(secret: bytes, salt: bytes) -> bytes:
    """A digest by the parameters of every password, of what is compared with many at once."""
    from argon2.low_level import Type, hash_secret_raw

    with HASHED_AT_ONCE:
        return hash_secret_raw(secret, salt, *COST, 32, Type.ID)


def matches(credential: Credential | None, password: str) -> bool:
    """Whether the password is the credential's; takes as long when there is no such person."""
    if credential is None or credential.second_hash is None:
        kept = credential.password_hash if credential else NOBODY
        return is_of(kept, password) and credential is not None
    first, second = password[:HALF], password[HALF + 1 :]
    # A guess costs one hash as for any other name. That the time of a right first half differs
    # tells whoever has it nothing: 39 bits are not guessed at the pace that failures leave.
    has_first = is_of(credential.password_hash, first)
    return has_first and is_of(credential.second_hash, second) and password[HALF] == "-"


def is_of(kept: str, password: str) -> bool:
    """Whether this is what was hashed."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        with HASHED_AT_ONCE:
            return bool(_hasher().verify(kept, password))
    except (Argon2Error, InvalidHashError):
        return False


def proven(session: Session, username: str, password: str) -> int | None:
    """The credential whose password this is, if it is this person's now.

    Slow on purpose, so it is asked before the writing transaction.
    """
    person = find(session, username)
    credential = credential_of(session, person.id) if person else None
    return credential.id if matches(credential, password) and credential else None


def normal(username: str) -> str:
    """The one spelling of a username: composed, trimmed, lower case (SIG-11, IAM-05)."""
    return tidy(username).casefold()


def find(session: Session, username: str) -> Person | None:
    return session.scalar(select(Person).where(Person.username == normal(username)))


def grant_of(session: Session, person_id: int) -> Grant:
    return session.scalars(
        select(Grant).where(Grant.holder_id == person_id).order_by(Grant.id.desc()).limit(1)
    ).one()


def role_at(session: Session, person_id: int, at: datetime) -> str | None:
    """The role that a person had at a moment, or None where they had no active account then."""
    if states.as_of(session, person_id, ACCOUNT, at) != AccountState.ACTIVE:
        return None
    had = select(Grant.role).where(Grant.holder_id == person_id, Grant.at <= at)
    return session.scalar(had.order_by(Grant.id.desc()).limit(1))


def credential_of(session: Session, person_id: int) -> Credential | None:
    return session.scalars(
        select(Credential)
        .where(Credential.person_id == person_id)
        .order_by(Credential.id.desc())
        .limit(1)
    ).first()


def actor(session: Session, person: Person, device: str | None = None) -> Actor:
    """The person as they are named and may act at this moment."""
    grant = grant_of(session, person.id)
    return Actor(
        person.id, person.username, grant.name, grant.role, ROLE_TITLES[Role(grant.role)], device
    )


def newest_grants() -> Select[tuple[Grant]]:
    """What everybody is called and may do now."""
    return select(Grant).where(Grant.id.in_(select(func.max(Grant.id)).group_by(Grant.holder_id)))


def human(facts: Grant | PersonFacts) -> Human:
    """What tells this human from another."""
    return Human(facts.name, facts.mail or "", facts.badge or "")


def others_than(session: Session, person_id: int | None) -> list[tuple[str, Human]]:
    """(user name, who it is or was) of everybody else, by everything they were ever called."""
    known = select(Person.username, Grant.name, Grant.mail, Grant.badge).distinct()
    theirs = known.where(Grant.holder_id == Person.id, Person.id != (person_id or 0))
    found = session.execute(theirs.order_by(Person.username, Grant.name)).tuples()
    return [(who, Human(name, mail or "", badge or "")) for who, name, mail, badge in found]


def alike(
    session: Session, who: Human, person_id: int | None, *, is_another: bool
) -> list[tuple[str, list[Likeness]]]:
    """Everybody else whom this human looks like; refused unless it is said to be another human."""
    found = likeness.among(who, others_than(session, person_id))
    if found and not is_another:
        listed = facts.listed(likenesses(username, by) for username, by in found)
        raise Refused(blocks(PeopleRule.ANOTHER_HUMAN, "another_human", alike=listed))
    return found


def listed() -> Select[Any]:
    """Every current grant, by name, for a paged list."""
    return newest_grants().order_by(Grant.name, Grant.id)


KEPT = (Role.ADMINISTRATOR, Role.QA)  # of these somebody active is always left


def active_others(session: Session, person_id: int, role: str) -> list[int]:
    """Who else has this role and may sign in."""
    others = session.scalars(
        newest_grants().where(Grant.role == role, Grant.holder_id != person_id)
    ).all()
    standing = states.of_many(session, [grant.holder_id for grant in others], ACCOUNT)
    return [number for number, state in standing.items() if state == AccountState.ACTIVE]


def refuse_last_holder(session: Session, person: Person) -> None:
    """Nobody takes the last administrator or the last of QA from the site unnoticed."""
    grant = grant_of(session, person.id)
    if grant.role in KEPT and not active_others(session, person.id, grant.role):
        role = word(RoleWord[grant.role.upper()])
        raise Refused(blocks(PeopleRule.LAST_HOLDER, name=grant.name, role=role))


def set_standing(act: Act, person_id: int, becomes: AccountState, *, reason: str) -> Person:
    """Activate or deactivate an account."""
    facts = [person_id, becomes.value, reason]
    if earlier := act.once(PeopleAction(f"person.account.{becomes}"), facts):
        return act.session.get_one(Person, earlier)
    refuse_if_blocked(reasons.wanted(IntegrityRule.REASON, reason))
    person = act.session.get_one(Person, person_id)
    if person.id == act.by.id and becomes == AccountState.DEACTIVATED:
        raise Refused(blocks(PeopleRule.OWN_ACCOUNT))
    if becomes == AccountState.ACTIVE and credential_of(act.session, person.id) is None:
        raise Refused(blocks(PeopleRule.NOT_CONFIRMED_YET, "deed"))
    if becomes != AccountState.ACTIVE and act.by.id is not None:
        refuse_last_holder(act.session, person)
    states.move(act, person, ACCOUNT, becomes, allowed=ACCOUNT_MOVES, reason=reason)
    act.say(PeopleAction(f"person.account.{becomes}"), person, reason=reason, facts=facts)
    return person


def open_again(act: Act, person_id: int, purpose: Purpose, *, reason: str) -> Person:
    """Open everything that failures have closed for a person (IAM-07)."""
    facts = [person_id, purpose.value, reason]
    if earlier := act.once(PeopleAction.PERSON_OPENED, facts):
        return act.session.get_one(Person, earlier)
    refuse_if_blocked(reasons.wanted(IntegrityRule.REASON, reason))
    person = act.session.get_one(Person, person_id)
    where = closings.open_all(act, person, purpose)
    if not where:
        raise Refused(blocks(PeopleRule.NOTHING_CLOSED, "deed"))
    details = {"purpose": purpose.value, "where": where}
    act.say(PeopleAction.PERSON_OPENED, person, reason=reason, facts=facts, details=details)
    return person


@dataclass(frozen=True)
class WantedPassword:
    """A password somebody wants: hashed, with what is wrong about it, judged before the act.

    `credential_id` is the one that their present password proved.
    """

    credential_id: int | None
    password_hash: str
    faults: tuple[Finding, ...]


def wanted_password(
    session: Session, person: Person, *, current: str, wanted: str
) -> WantedPassword:
    """Judge and hash a new password; slow on purpose, so asked before the writing transaction."""
    credential = credential_of(session, person.id)
    faults = []
    if not matches(credential, current):
        faults.append(blocks(PeopleRule.NOT_PRESENT_PASSWORD, "current"))
    if len(wanted) < SHORTEST_PASSWORD or len(wanted) > 200:
        faults.append(blocks(PeopleRule.PASSWORD_LENGTH, "wanted", shortest=SHORTEST_PASSWORD))
    elif wanted == current:
        faults.append(blocks(PeopleRule.PASSWORD_NOT_NEW, "wanted"))
    elif is_repeated(wanted, person.username):
        faults.append(blocks(PeopleRule.PASSWORD_REPEATS_NAME, "wanted"))
    made = "" if faults else hashed(wanted)
    return WantedPassword(credential.id if credential else None, made, tuple(faults))


def change_password(act: Act, wanted: WantedPassword) -> Person:
    """Set one's own password; refuses a wrong current one, a short one and the same one again."""
    if earlier := act.once(PeopleAction.PERSON_PASSWORD_CHANGED, act.by.id):
        return act.session.get_one(Person, earlier)
    person = act.session.get_one(Person, act.by.id)
    if wanted.faults:
        raise Refused(wanted.faults)
    credential = credential_of(act.session, person.id)
    if credential is None or credential.id != wanted.credential_id:  # changed meanwhile
        raise Refused(blocks(PeopleRule.NOT_PRESENT_PASSWORD, "current"))
    act.add(
        Credential(
            person_id=person.id,
            handover_id=credential.handover_id,
            password_hash=wanted.password_hash,
            temporary=False,
            at=act.at,
        )
    )
    act.say(PeopleAction.PERSON_PASSWORD_CHANGED, person, facts=person.id)
    return person


def new_password() -> str:
    """A random password that can be read aloud: four groups of four, 79 bits."""
    return f"{new_half()}-{new_half()}"


def new_half() -> str:
    """Half of one, as each of two people gets to know it: two groups of four, 39 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(2))


def is_username(username: str) -> bool:
    """Whether a user name can be typed on any keyboard.

    2 to 40 letters, digits, dots or hyphens.
    """
    return re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,39}", normal(username)) is not None
