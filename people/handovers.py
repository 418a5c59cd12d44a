"""Handing over a one-time password: an administrator asks and is given half of it, somebody of QA
sees who it is for, confirms with their signature and is given the other half.

Whoever has both halves signs in and chooses a password of their own; neither of the two can
(SIG-12, SIG-14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts, reasons, signatures, states, vocabulary
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.facts import Pair, pair
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.rule_ids import IntegrityRule
from integrity.signatures import Meaning, Seal
from integrity.vocabulary import one_of
from integrity.words import person as named
from people import accounts, closings, second_factors, sessions
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
from people.permissions import Role
from people.rule_ids import PeopleRule
from people.rules import handovers as rules, likeness
from people.rules.guesses import Purpose
from people.rules.handovers import MOVES, HandoverKind, HandoverState, IdentityDocument
from people.words import DocumentWord, HandoverWord, PeopleTerm, likenesses, role_names

HANDOVER = vocabulary.axis("handover", HandoverState)


class IdentityCheck(Record, By):
    """That somebody saw who a password is for, by a document of this kind (SIG-12)."""

    __tablename__ = "identity_checks"
    __table_args__ = (one_of("document", IdentityDocument),)

    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id"), index=True)
    document: Mapped[str]
    at: Mapped[datetime]


# What is asked
# -------------------------------------------------------------------------------------------------


def newest(session: Session, person_id: int) -> Handover:
    """The newest handover of a person; everybody has one."""
    return session.scalars(
        select(Handover)
        .where(Handover.holder_id == person_id)
        .order_by(Handover.id.desc())
        .limit(1)
    ).one()


def identity_check(session: Session, handover: Handover) -> IdentityCheck | None:
    return session.scalar(
        select(IdentityCheck)
        .where(IdentityCheck.handover_id == handover.id)
        .order_by(IdentityCheck.id.desc())
        .limit(1)
    )


def state_of(session: Session, person_id: int) -> str | None:
    """How far the password of this person is that two hand over."""
    return states.of(session, person_id, HANDOVER)


def waiting(session: Session) -> Sequence[tuple[Grant, Handover, str]]:
    """(who it is for, the handover, its state) of every password that is not handed over yet."""
    mine = states.standing(
        Person.__tablename__, HANDOVER, HandoverState.ASKED, HandoverState.CONFIRMED
    )
    grants = session.scalars(accounts.listed().where(Grant.holder_id.in_(mine))).all()
    where = states.of_many(session, [grant.holder_id for grant in grants], HANDOVER)
    return [(each, newest(session, each.holder_id), where[each.holder_id]) for each in grants]


def to_judge(passwords: Sequence[tuple[Grant, Handover, str]], judge_id: int | None) -> list[Grant]:
    """Of whose passwords that wait this person of QA may confirm, the longest waiting first."""
    found = [
        (handover.id, grant)
        for grant, handover, stands in passwords
        if stands == HandoverState.ASKED and judge_id not in (handover.person_id, grant.holder_id)
    ]
    return [grant for _, grant in sorted(found, key=lambda each: each[0])]


def facts_of(session: Session, person_id: int, document: str = "") -> list[Pair]:
    """What somebody of QA is shown and signs: who it is for, and how they knew."""
    person, grant = session.get_one(Person, person_id), accounts.grant_of(session, person_id)
    handover = newest(session, person_id)
    found = [
        pair(PeopleTerm.WHO, named(grant.name, person.username)),
        pair(PeopleTerm.ROLE, role_names([grant.role])),
        pair(PeopleTerm.MAIL, grant.mail or ""),
        pair(PeopleTerm.BADGE, grant.badge or ""),
        pair(PeopleTerm.WHAT_FOR, facts.word(HandoverWord[handover.kind.upper()])),
        pair(PeopleTerm.ASKED_BY, handover.username),
        pair(PeopleTerm.ASKED_AT, facts.instant(handover.at)),
    ]
    for username, by in likeness.among(
        accounts.human(grant), accounts.others_than(session, person_id)
    ):
        found.append(pair(PeopleTerm.ANOTHER_THAN, likenesses(username, by)))
    if document:
        found.append(pair(PeopleTerm.DOCUMENT, facts.word(DocumentWord[document.upper()])))
    return found


def _law(session: Session, person_id: int) -> tuple[Handover, rules.Handover]:
    found = newest(session, person_id)
    check = identity_check(session, found)
    state = state_of(session, person_id)
    return found, rules.Handover(
        state, person_id, found.person_id, check.person_id if check else None
    )


# What is done
# -------------------------------------------------------------------------------------------------


def propose(act: Act, who: PersonFacts, *, first_hash: str) -> Person:
    """Propose a person, who is here once QA has confirmed who they are.

    `first_hash` is the administrator's half of the first password as `accounts.hashed` gives it.
    Refuses a user name that was ever used, a name of which nothing is seen, and somebody who looks
    like a person who is or was here unless they are said to be another human.
    """
    if earlier := act.once(PeopleAction.PERSON_CREATED, who):
        return act.session.get_one(Person, earlier)
    if accounts.find(act.session, who.username):
        raise Refused(blocks(PeopleRule.USERNAME_TAKEN, "username"))
    refuse_if_blocked(likeness.against_naming(accounts.human(who)))
    accounts.alike(act.session, accounts.human(who), None, is_another=who.another_human)
    person = act.add(Person(username=accounts.normal(who.username), made_at=act.at))
    act.add(
        Grant(
            holder_id=person.id,
            name=who.name,
            role=Role(who.role).value,
            mail=who.mail or None,
            badge=who.badge or None,
            at=act.at,
        )
    )
    states.move(act, person, ACCOUNT, AccountState.PROPOSED, allowed=ACCOUNT_MOVES)
    _begin(act, person, HandoverKind.FIRST, first_hash)
    details = {"username": person.username, "name": who.name, "role": who.role}
    act.say(PeopleAction.PERSON_CREATED, person, facts=who, details=details)
    return person


def ask(act: Act, person_id: int, *, first_hash: str, reason: str) -> Person:
    """Ask for a new password of somebody; the present one holds until it is handed over (SIG-14).

    `first_hash` is the administrator's half.
    """
    asked = [person_id, reason]
    if earlier := act.once(PeopleAction.PERSON_HANDOVER_ASKED, asked):
        return act.session.get_one(Person, earlier)
    refuse_if_blocked(reasons.wanted(IntegrityRule.REASON, reason))
    person = act.session.get_one(Person, person_id)
    is_new = states.of(act.session, person, ACCOUNT) == AccountState.PROPOSED
    _begin(act, person, HandoverKind.FIRST if is_new else HandoverKind.RESET, first_hash, reason)
    act.say(PeopleAction.PERSON_HANDOVER_ASKED, person, reason=reason, facts=asked)
    return person


def _begin(
    act: Act, person: Person, kind: HandoverKind, first_hash: str, reason: str | None = None
) -> None:
    act.add(Handover(holder_id=person.id, kind=kind.value, first_hash=first_hash, at=act.at))
    states.move(act, person, HANDOVER, HandoverState.ASKED, allowed=MOVES, reason=reason)


def confirm(act: Act, person_id: int, document: str, *, seal: Seal) -> Person:
    """Somebody of QA has seen who it is for, by a document of this kind, and signs that."""
    signed = [person_id, document, seal.reviewed]
    if earlier := act.once(PeopleAction.PERSON_HANDOVER_CONFIRMED, signed):
        return act.session.get_one(Person, earlier)
    person = act.session.get_one(Person, person_id)
    handover, law = _law(act.session, person_id)
    refuse_if_blocked(rules.against_judging(law, act.by.id))
    shown = facts_of(act.session, person_id, document)
    signatures.sign(act, seal, Meaning.APPROVED, person, shown)
    act.add(
        IdentityCheck(handover_id=handover.id, document=IdentityDocument(document).value, at=act.at)
    )
    states.move(act, person, HANDOVER, HandoverState.CONFIRMED, allowed=MOVES)
    details = {"document": document}
    act.say(PeopleAction.PERSON_HANDOVER_CONFIRMED, person, facts=signed, details=details)
    return person


def confirm_and_hand_over(
    act: Act, person_id: int, document: str, *, second_hash: str, seal: Seal
) -> Person:
    """Confirm it and be shown QA's half at once (see `confirm` and `hand_over`)."""
    confirm(act.part("confirmed"), person_id, document, seal=seal)
    return hand_over(act.part("handed-over"), person_id, second_hash=second_hash)


def decline(act: Act, person_id: int, *, seal: Seal) -> Person:
    """Somebody of QA, whose it is or another, does not confirm it, and signs why."""
    signed = [person_id, seal.reviewed]
    if earlier := act.once(PeopleAction.PERSON_HANDOVER_DECLINED, signed):
        return act.session.get_one(Person, earlier)
    refuse_if_blocked(reasons.wanted(IntegrityRule.REASON, seal.comment, "comment"))
    person = act.session.get_one(Person, person_id)
    refuse_if_blocked(rules.against_declining(_law(act.session, person_id)[1]))
    signatures.sign(act, seal, Meaning.REJECTED, person, facts_of(act.session, person_id))
    states.move(act, person, HANDOVER, HandoverState.DECLINED, allowed=MOVES, reason=seal.comment)
    act.say(PeopleAction.PERSON_HANDOVER_DECLINED, person, reason=seal.comment, facts=signed)
    return person


def hand_over(act: Act, person_id: int, *, second_hash: str) -> Person:
    """Make the one-time password of both halves; it opens nothing but the page that changes it.

    `second_hash` is QA's half. Whoever was signed in as this person is so no more, what failed
    sign-ins have closed is open again, their phone is let go, and somebody who was proposed is
    here.
    """
    if earlier := act.once(PeopleAction.PERSON_PASSWORD_HANDED_OVER, person_id):
        return act.session.get_one(Person, earlier)
    person = act.session.get_one(Person, person_id)
    handover, law = _law(act.session, person_id)
    refuse_if_blocked(rules.against_showing(law, act.by.id))
    act.add(
        Credential(
            person_id=person.id,
            handover_id=handover.id,
            password_hash=handover.first_hash or "",
            second_hash=second_hash,
            temporary=True,
            at=act.at,
        )
    )
    if states.of(act.session, person, ACCOUNT) == AccountState.PROPOSED:
        states.move(act, person, ACCOUNT, AccountState.ACTIVE, allowed=ACCOUNT_MOVES)
    states.move(act, person, HANDOVER, HandoverState.HANDED_OVER, allowed=MOVES)
    second_factors.end_with_password(act, person)
    opened = closings.open_all(act, person, Purpose.SIGN_IN)
    details = {"opened": opened} if opened else None
    act.say(PeopleAction.PERSON_PASSWORD_HANDED_OVER, person, facts=person_id, details=details)
    sessions.end_all_of(act.session, person.id, at=act.at, why="one-time password given")
    return person
