"""What a person is called and may do: an administrator changes it, and quality confirms who is to
judge or verify what others did, who comes to sign, and what anybody who signs is called. Until then
the old name and the old rights hold (IAM-03, IAM-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts, reasons, signatures, states, vocabulary
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.facts import Pair, pair
from integrity.findings import refuse_if_blocked
from integrity.rule_ids import IntegrityRule
from integrity.signatures import Meaning, Seal
from integrity.vocabulary import one_of
from integrity.words import person as named
from people import accounts
from people.accounts import Grant, Person
from people.actions import PeopleAction
from people.permissions import Role
from people.rules import grants as rules, likeness
from people.rules.grants import MOVES, RightsState
from people.rules.likeness import Human
from people.words import PeopleTerm, likenesses, role_names

RIGHTS = vocabulary.axis("rights", RightsState)


class Proposal(Record, By):
    """What a person is to be called and to do, once quality has confirmed it."""

    __tablename__ = "grant_proposals"
    __table_args__ = (one_of("role", Role),)

    holder_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    role: Mapped[str]
    mail: Mapped[str | None]
    badge: Mapped[str | None]
    reason: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Wanted:
    """What a person is to be called, to do and to be known by.

    `another_human`: whoever looks like them is somebody else.
    """

    name: str
    role: str
    mail: str = ""
    badge: str = ""
    another_human: bool = False

    @property
    def human(self) -> Human:
        return Human(self.name, self.mail, self.badge)


# What is asked
# -------------------------------------------------------------------------------------------------


def state_of(session: Session, person_id: int) -> str | None:
    """How far the newest change of this person is that quality confirms."""
    return states.of(session, person_id, RIGHTS)


def proposal_of(session: Session, person_id: int) -> Proposal | None:
    """The newest change of this person that quality confirms."""
    mine = select(Proposal).where(Proposal.holder_id == person_id)
    return session.scalar(mine.order_by(Proposal.id.desc()).limit(1))


def proposed(session: Session, person_id: int) -> Proposal | None:
    """The change of this person that waits for quality, if one does."""
    waits = state_of(session, person_id) == RightsState.PROPOSED
    return proposal_of(session, person_id) if waits else None


def waiting(session: Session) -> Sequence[tuple[Grant, Proposal]]:
    """(what holds now, what is proposed) of everybody whose change waits."""
    mine = states.standing(Person.__tablename__, RIGHTS, RightsState.PROPOSED)
    grants = session.scalars(accounts.listed().where(Grant.holder_id.in_(mine))).all()
    found = [(grant, proposal_of(session, grant.holder_id)) for grant in grants]
    return [(grant, proposal) for grant, proposal in found if proposal]


def facts_of(session: Session, person_id: int) -> list[Pair]:
    """What somebody of quality is shown and signs."""
    person, was = session.get_one(Person, person_id), accounts.grant_of(session, person_id)
    proposal = proposal_of(session, person_id)
    if proposal is None:
        return [pair(PeopleTerm.WHO, named(was.name, person.username))]
    found = [
        pair(PeopleTerm.WHO, named(proposal.name, person.username)),
        pair(PeopleTerm.PRESENT_NAME, was.name),
        pair(PeopleTerm.PRESENT_ROLE, role_names([was.role])),
        pair(PeopleTerm.PRESENT_MAIL, was.mail or ""),
        pair(PeopleTerm.PRESENT_BADGE, was.badge or ""),
        pair(PeopleTerm.BECOMES, role_names([proposal.role])),
        pair(PeopleTerm.MAIL, proposal.mail or ""),
        pair(PeopleTerm.BADGE, proposal.badge or ""),
        pair(PeopleTerm.ASKED_BY, proposal.username),
        pair(PeopleTerm.ASKED_AT, facts.instant(proposal.at)),
        pair(PeopleTerm.WHY, proposal.reason),
    ]
    human = Human(proposal.name, proposal.mail or "", proposal.badge or "")
    for username, by in likeness.among(human, accounts.others_than(session, person_id)):
        found.append(pair(PeopleTerm.ANOTHER_THAN, likenesses(username, by)))
    return found


# What is done
# -------------------------------------------------------------------------------------------------


def change(act: Act, person_id: int, wanted: Wanted, *, reason: str) -> Person:
    """Give a person another name, role, mail or badge, or propose it where quality confirms it.

    Refuses one's own role, to take the last administrator or the last of quality from the site, a
    name of which nothing is seen, and somebody who looks like another person, by anything that one
    was ever called, unless they are said to be another human.
    """
    asked = [person_id, wanted, reason]
    for answered in (PeopleAction.PERSON_CHANGED, PeopleAction.PERSON_CHANGE_PROPOSED):
        if earlier := act.once(answered, asked):
            return act.session.get_one(Person, earlier)
    refuse_if_blocked(
        [
            *reasons.wanted(IntegrityRule.REASON, reason),
            *likeness.against_naming(wanted.human),
        ]
    )
    person, was = act.session.get_one(Person, person_id), accounts.grant_of(act.session, person_id)
    refuse_if_blocked(rules.against_proposing(was.role, wanted.role, person.id, act.by.id))
    if wanted.role != was.role:
        accounts.refuse_last_holder(act.session, person)
    is_renamed = wanted.human != accounts.human(was)
    looks_alike = is_renamed and _looks_alike(act.session, person.id, wanted)
    waits = rules.needs_quality(
        was.role, wanted.role, looks_alike=looks_alike, is_renamed=is_renamed
    )
    if waits:
        columns = _columns(wanted, act) | {"reason": reason}
        act.add(Proposal(holder_id=person.id, **columns))
        states.move(act, person, RIGHTS, RightsState.PROPOSED, allowed=MOVES, reason=reason)
    else:
        act.add(Grant(holder_id=person.id, **_columns(wanted, act)))
    act.say(
        PeopleAction.PERSON_CHANGE_PROPOSED if waits else PeopleAction.PERSON_CHANGED,
        person,
        reason=reason,
        facts=asked,
        details={"was": [was.name, was.role], "becomes": [wanted.name, wanted.role]},
    )
    return person


def _columns(wanted: Wanted, act: Act) -> dict[str, object]:
    return {
        "name": wanted.name,
        "role": Role(wanted.role).value,
        "mail": wanted.mail or None,
        "badge": wanted.badge or None,
        "at": act.at,
    }


def _looks_alike(session: Session, person_id: int, wanted: Wanted) -> bool:
    """Whether what changes makes this person look like somebody else; asks first."""
    is_another = wanted.another_human
    return bool(accounts.alike(session, wanted.human, person_id, is_another=is_another))


def _law(session: Session, person_id: int) -> tuple[Proposal | None, rules.Proposal]:
    found = proposal_of(session, person_id)
    by = found.person_id if found else None
    return found, rules.Proposal(state_of(session, person_id), person_id, by)


def confirm(act: Act, person_id: int, *, seal: Seal) -> Person:
    """Somebody of quality confirms a change with their signature; it holds from now on."""
    signed = [person_id, seal.reviewed]
    if earlier := act.once(PeopleAction.PERSON_CHANGE_CONFIRMED, signed):
        return act.session.get_one(Person, earlier)
    person = act.session.get_one(Person, person_id)
    proposal, law = _law(act.session, person_id)
    refuse_if_blocked(rules.against_judging(law, act.by.id))
    assert proposal
    if proposal.role != accounts.grant_of(act.session, person_id).role:
        accounts.refuse_last_holder(act.session, person)
    signatures.sign(act, seal, Meaning.APPROVED, person, facts_of(act.session, person_id))
    known_by = (proposal.mail or "", proposal.badge or "")
    wanted = Wanted(proposal.name, proposal.role, *known_by)
    act.add(Grant(holder_id=person.id, **_columns(wanted, act)))
    states.move(act, person, RIGHTS, RightsState.CONFIRMED, allowed=MOVES)
    details = {"becomes": [proposal.name, proposal.role], "proposed_by": proposal.username}
    act.say(PeopleAction.PERSON_CHANGE_CONFIRMED, person, facts=signed, details=details)
    return person


def decline(act: Act, person_id: int, *, seal: Seal) -> Person:
    """Somebody of quality does not confirm it, and signs why; the old rights hold."""
    signed = [person_id, seal.reviewed]
    if earlier := act.once(PeopleAction.PERSON_CHANGE_DECLINED, signed):
        return act.session.get_one(Person, earlier)
    refuse_if_blocked(reasons.wanted(IntegrityRule.REASON, seal.comment, "comment"))
    person = act.session.get_one(Person, person_id)
    refuse_if_blocked(rules.against_judging(_law(act.session, person_id)[1], act.by.id))
    signatures.sign(act, seal, Meaning.REJECTED, person, facts_of(act.session, person_id))
    states.move(act, person, RIGHTS, RightsState.DECLINED, allowed=MOVES, reason=seal.comment)
    act.say(PeopleAction.PERSON_CHANGE_DECLINED, person, reason=seal.comment, facts=signed)
    return person
