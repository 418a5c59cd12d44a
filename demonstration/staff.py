"""The people of the demonstration laboratory.

One of each role and a second technician, with passwords made at that moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from integrity import signatures
from integrity.acts import Act
from integrity.database import Session
from integrity.trail import SYSTEM, Actor
from people import accounts, declarations, machine
from people.permissions import ROLE_TITLES, Role

# user name: (printed name, role)
STAFF: Mapping[str, tuple[str, Role]] = {
    "technician1": ("Technician 1", Role.TECHNICIAN),
    "technician2": ("Technician 2", Role.TECHNICIAN),
    "verifier1": ("Verifier 1", Role.VERIFIER),
    "analyst1": ("QC analyst 1", Role.QC_ANALYST),
    "reviewer1": ("QC reviewer 1", Role.QC_REVIEWER),
    "qa1": ("QA 1", Role.QA),
    "qa2": ("QA 2", Role.QA),
    "releaser1": ("Releaser 1", Role.RELEASER),
    "author1": ("Author 1", Role.MASTER_AUTHOR),
    "approver1": ("Approver 1", Role.MASTER_APPROVER),
    "printer1": ("Label printer 1", Role.LABEL_PRINTER),
    "admin1": ("Administrator 1", Role.ADMINISTRATOR),
    "reader1": ("Reader 1", Role.READER),
}


@dataclass(frozen=True)
class Staff:
    """Who works here, by user name, and how they sign in.

    (title of the role, user name, password).
    """

    people: Mapping[str, Actor]
    sign_ins: list[tuple[str, str, str]]

    def __getitem__(self, username: str) -> Actor:
        return self.people[username]


def hire(session: Session, *, at: datetime) -> Staff:
    """Make the people, each of whom has declared what their signature means.

    Their passwords are nowhere but in what is given back.
    """
    people, sign_ins = {}, []
    for username, (name, role) in STAFF.items():
        password = accounts.new_password()
        person = machine.found(
            Act(session, SYSTEM, at),
            accounts.PersonFacts(username, name, role.value),
            password_hash=accounts.hashed(password),
        )
        people[username] = who = accounts.actor(session, person)
        seal = signatures.seal(session, declarations.facts_of(session, person.id))
        declarations.declare(Act(session, who, at), seal=seal)
        sign_ins.append((ROLE_TITLES[role], username, password))
    return Staff(people, sign_ins)
