"""What whoever can run a command on the machine does alone: the first people, a way to sign in
again, and the last of quality let back in.

Every one of these says how it came to be: a way back opens sign-in alone, and what the last of
quality signs after one is marked until another person of quality has judged it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrity import reasons, states
from integrity.acts import Act
from integrity.facts import Fact
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.rule_ids import IntegrityRule
from people import accounts, closings, second_factors, sessions, signing_right
from people.accounts import (
    ACCOUNT,
    ACCOUNT_MOVES,
    AccountState,
    Credential,
    Grant,
    Handover,
    Person,
    PersonFacts,
)
from people.actions import PeopleAction
from people.handovers import HANDOVER, IdentityCheck
from people.permissions import Role
from people.recoveries import RECOVERY
from people.rule_ids import PeopleRule
from people.rules import likeness, recoveries as rules
from people.rules.guesses import Purpose
from people.rules.handovers import (
    ENDED_BY_THE_MACHINE,
    HandoverKind,
    HandoverState,
    IdentityDocument,
)
from people.rules.recoveries import MOVES, RecoveryState


def found(
    act: Act,
    who: PersonFacts,
    *,
    password_hash: str,
    temporary: bool = False,
    kind: HandoverKind = HandoverKind.INSTALLATION,
) -> Person:
    """Make somebody who is present when the site is made; refused to everybody but the machine."""
    if act.by.id is not None:
        raise Refused(blocks(PeopleRule.ONLY_THE_MACHINE))
    if accounts.find(act.session, who.username):
        raise Refused(blocks(PeopleRule.USERNAME_TAKEN, "username"))
    refuse_if_blocked(likeness.against_naming(accounts.human(who)))
    person = act.add(Person(username=accounts.normal(who.username), made_at=act.at))
    role = Role(who.role).value
    mail, badge = who.mail or None, who.badge or None
    act.add(Grant(holder_id=person.id, name=who.name, role=role, mail=mail, badge=badge, at=act.at))
    handover = _give(act, person, kind, password_hash, temporary=temporary)
    if kind is HandoverKind.INSTALLATION:
        seen = IdentityDocument.PRESENT.value
        act.add(IdentityCheck(handover_id=handover.id, document=seen, at=act.at))
    states.move(act, person, ACCOUNT, AccountState.ACTIVE, allowed=ACCOUNT_MOVES)
    if kind is HandoverKind.RECOVERY:
        states.move(act, person, RECOVERY, RecoveryState.OPEN, allowed=MOVES)
    details = {"username": person.username, "name": who.name, "role": who.role}
    act.say(PeopleAction.PERSON_CREATED, person, facts=who, details=details)
    return person


def _give(
    act: Act, person: Person, kind: HandoverKind, password_hash: str, *, temporary: bool = True
) -> Handover:
    handover = act.add(Handover(holder_id=person.id, kind=kind.value, at=act.at))
    act.add(
        Credential(
            person_id=person.id,
            handover_id=handover.id,
            password_hash=password_hash,
            temporary=temporary,
            at=act.at,
        )
    )
    return handover


def _back_in(
    act: Act, person: Person, kind: HandoverKind, password_hash: str, reason: Fact
) -> Mapping[str, Any] | None:
    """A whole one-time password; what two were about to hand over ends with it, and what failed
    sign-ins have closed is open again. Gives what its event says of that.
    """
    _give(act, person, kind, password_hash)
    if states.of(act.session, person, HANDOVER) in ENDED_BY_THE_MACHINE:
        ended = HandoverState.DECLINED
        states.move(act, person, HANDOVER, ended, allowed=ENDED_BY_THE_MACHINE, reason=reason)
    second_factors.end_with_password(act, person)
    opened = closings.open_all(act, person, Purpose.SIGN_IN)
    sessions.end_all_of(act.session, person.id, at=act.at, why="one-time password given")
    return {"opened": opened} if opened else None


def reset(act: Act, person_id: int, *, password_hash: str, reason: Fact) -> Person:
    """Give somebody who is locked out a one-time password that opens sign-in alone.

    Signing comes back when an administrator asks for a password and QA confirms it.
    """
    facts = [person_id, reason]
    if earlier := act.once(PeopleAction.PERSON_PASSWORD_RESET, facts):
        return act.session.get_one(Person, earlier)
    if act.by.id is not None:
        raise Refused(blocks(PeopleRule.ONLY_THE_MACHINE))
    refuse_if_blocked(reasons.wanted(IntegrityRule.REASON, reason))
    person = act.session.get_one(Person, person_id)
    details = _back_in(act, person, HandoverKind.MACHINE, password_hash, reason)
    act.say(PeopleAction.PERSON_PASSWORD_RESET, person, reason=reason, facts=facts, details=details)
    return person


def recover(act: Act, person_id: int, *, password_hash: str, reason: Fact) -> Person:
    """Let the last of quality back in, signing included.

    Refused while another of quality is there who could confirm a password. What they sign is marked
    until another person of quality has judged it.
    """
    if act.by.id is not None:
        raise Refused(blocks(PeopleRule.ONLY_THE_MACHINE))
    refuse_if_blocked(reasons.wanted(IntegrityRule.REASON, reason))
    person, grant = (
        act.session.get_one(Person, person_id),
        accounts.grant_of(act.session, person_id),
    )
    others = [
        number
        for number in accounts.active_others(act.session, person_id, grant.role)
        if (right := signing_right.of(act.session, number)) and right.kind != HandoverKind.MACHINE
    ]
    refuse_if_blocked(rules.against_recovering(grant.role, len(others)))
    details = _back_in(act, person, HandoverKind.RECOVERY, password_hash, reason)
    states.move(act, person, RECOVERY, RecoveryState.OPEN, allowed=MOVES, reason=reason)
    act.say(PeopleAction.PERSON_RECOVERED, person, reason=reason, details=details)
    return person
