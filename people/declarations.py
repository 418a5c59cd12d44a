"""The declaration that one's electronic signature is as binding as one's hand (SIG-13)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Mapped

from integrity import facts, signatures
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.facts import Pair, pair
from integrity.signatures import Meaning, Seal
from integrity.words import person as named
from people import accounts
from people.accounts import Person
from people.actions import PeopleAction
from people.words import DeclarationText, PeopleTerm

VERSION: Final = "1"  # another text is another version, and is declared anew


class Declaration(Record, By):
    """That somebody signed a version of the declaration."""

    __tablename__ = "declarations"

    version: Mapped[str]
    at: Mapped[datetime]


def facts_of(session: Session, person_id: int) -> list[Pair]:
    """What a person is shown and signs before their first signature."""
    person, grant = session.get_one(Person, person_id), accounts.grant_of(session, person_id)
    return [
        pair(PeopleTerm.WHO, named(grant.name, person.username)),
        pair(PeopleTerm.DECLARATION, facts.word(DeclarationText.BINDING)),
        pair(PeopleTerm.DECLARATION_VERSION, VERSION),
    ]


def declare(act: Act, *, seal: Seal) -> Person:
    """Sign the declaration; whoever may not sign for another reason is refused."""
    if earlier := act.once(PeopleAction.PERSON_DECLARED, seal.reviewed):
        return act.session.get_one(Person, earlier)
    person = act.session.get_one(Person, act.by.id)
    act.add(Declaration(version=VERSION, at=act.at))
    shown = facts_of(act.session, person.id)
    signatures.sign(act, seal, Meaning.DECLARED, person, shown)
    details = {"version": VERSION}
    act.say(PeopleAction.PERSON_DECLARED, person, facts=seal.reviewed, details=details)
    return person
