"""Plain functions that make things with honest defaults, through the same acts the pages use."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from integrity import signatures
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.trail import SYSTEM, Actor
from people import accounts, declarations, grants, handovers, machine
from people.permissions import Role
from tests.pages import Page

PASSWORD = "a long pass phrase"


def entry_id() -> str:
    return str(uuid.uuid4())


def make_person(
    session: Session,
    role: str = "technician",
    *,
    username: str = "",
    name: str = "",
    at: datetime,
    password: str = PASSWORD,
    declares: bool = True,
) -> Actor:
    """Who this person is when they act.

    The one of that user name, made with a password of their own where there is none yet; they have
    declared what their signature means.
    """
    username = username or f"{role.replace('_', '')}1"
    if known := accounts.find(session, username):
        return accounts.actor(session, known)
    facts = accounts.PersonFacts(username, name or f"{accounts.ROLE_TITLES[Role(role)]} 1", role)
    person = machine.found(Act(session, SYSTEM, at), facts, password_hash=accounts.hashed(password))
    made = accounts.actor(session, person)
    if declares:
        seal = signatures.seal(session, declarations.facts_of(session, person.id))
        declarations.declare(Act(session, made, at), seal=seal)
    return made


def make_people(database: Database, *roles: str, at: datetime) -> dict[str, Actor]:
    """One person of each role, with the user names technician1, qa1 and so on."""
    with database.writing() as session:
        return {role: make_person(session, role, at=at) for role in roles or tuple(Role)}


def ask_password(database: Database, at: datetime, username: str, *, administrator: Actor) -> str:
    """An administrator asks for a new password of somebody; gives the administrator's half."""
    half = accounts.new_half()
    with database.writing() as session:
        person = accounts.find(session, username)
        assert person
        why = "The password was forgotten."
        first_hash = accounts.hashed(half)
        handovers.ask(Act(session, administrator, at), person.id, first_hash=first_hash, reason=why)
    return half


def confirm_password(database: Database, at: datetime, username: str, *, qa: Actor) -> str:
    """Somebody of QA confirms it by a passport; gives QA's half."""
    half = accounts.new_half()
    with database.writing() as session:
        person = accounts.find(session, username)
        assert person
        seal = signatures.seal(session, handovers.facts_of(session, person.id, "passport"))
        act = Act(session, qa, at)
        handovers.confirm(act, person.id, "passport", seal=seal)
        handovers.hand_over(act, person.id, second_hash=accounts.hashed(half))
    return half


def new_password_for(
    database: Database, at: datetime, username: str, *, administrator: Actor, qa: Actor
) -> str:
    """The one-time password that the two hand over."""
    first = ask_password(database, at, username, administrator=administrator)
    return f"{first}-{confirm_password(database, at, username, qa=qa)}"


def give_role(
    session: Session, who: Actor, role: str, *, administrator: Actor, qa: Actor, at: datetime
) -> None:
    """An administrator proposes another role for somebody, and somebody of QA confirms it."""
    number = who.id or 0
    wanted = grants.Wanted(who.name, role)
    why = "Moved to another post."
    grants.change(Act(session, administrator, at), number, wanted, reason=why)
    seal = signatures.seal(session, grants.facts_of(session, number))
    grants.confirm(Act(session, qa, at), number, seal=seal)


def everybody(database: Database, clock: Any) -> None:
    """The state "people": one of each role."""
    make_people(database, at=clock())


def token(client: FlaskClient, path: str = "/sign-in") -> str:
    """The token of a page, as a browser would send it back."""
    return Page(client.get(path)).value("csrf_token")


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD) -> Any:
    """Sign in through the page."""
    return client.post(
        "/sign-in",
        data={
            "csrf_token": token(client),
            "entry_id": entry_id(),
            "username": username,
            "password": password,
        },
    )


def post(client: FlaskClient, path: str, *, page: str | None = None, **data: Any) -> Any:
    """Post a form with a token of its own page and a fresh entry id."""
    return client.post(
        path, data={"csrf_token": token(client, page or path), "entry_id": entry_id()} | data
    )


def sign_on(client: FlaskClient, path: str, username: str, **data: Any) -> Any:
    """Sign what a signing page shows, with all components."""
    reviewed = Page(client.get(path)).value("reviewed")
    proof = {"username": username, "password": PASSWORD, "reviewed": reviewed}
    return post(client, path, **(proof | data))
