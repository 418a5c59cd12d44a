"""What the last of quality signed after the machine let them back in, and its judgement by another
person of quality."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from integrity import facts, reasons, signatures, states, vocabulary
from integrity.acts import Act
from integrity.database import Session
from integrity.facts import Pair, pair
from integrity.findings import refuse_if_blocked
from integrity.rule_ids import IntegrityRule
from integrity.signatures import Meaning, Seal, Signature
from integrity.signers import Caution
from integrity.words import person as named
from people import accounts
from people.accounts import Grant, Person
from people.actions import PeopleAction
from people.rules import recoveries as rules
from people.rules.recoveries import MOVES, RecoveryState
from people.words import PeopleTerm

RECOVERY = vocabulary.axis("recovery", RecoveryState)


def open_ones(session: Session) -> Sequence[Grant]:
    """Who signs under a mark until it is judged."""
    mine = states.standing(Person.__tablename__, RECOVERY, RecoveryState.OPEN)
    return session.scalars(accounts.listed().where(Grant.holder_id.in_(mine))).all()


def is_open(session: Session, person_id: int | None) -> bool:
    """Whether what this person signed waits for its judgement."""
    return states.of(session, person_id or 0, RECOVERY) == RecoveryState.OPEN


def facts_of(session: Session, person_id: int) -> list[Pair]:
    """What another person of quality is shown and signs: whose signatures, and how many."""
    person, grant = session.get_one(Person, person_id), accounts.grant_of(session, person_id)
    marked = select(func.count(Signature.id)).where(
        Signature.person_id == person_id, Signature.caution == Caution.RECOVERY
    )
    judged = states.newest_moves(session, [person_id], RECOVERY, RecoveryState.JUDGED)
    if judged:
        marked = marked.where(Signature.at > judged[person_id].at)
    since = states.newest(session, [person_id], RECOVERY).get(person_id)
    return [
        pair(PeopleTerm.WHO, named(grant.name, person.username)),
        pair(PeopleTerm.RECOVERED_AT, facts.instant(since[1]) if since else ""),
        pair(PeopleTerm.SIGNED_SINCE, str(session.scalar(marked) or 0)),
    ]


def judge(act: Act, person_id: int, *, seal: Seal) -> Person:
    """Another person of quality has judged what was signed since, and says how."""
    signed = [person_id, seal.reviewed]
    if earlier := act.once(PeopleAction.PERSON_RECOVERY_JUDGED, signed):
        return act.session.get_one(Person, earlier)
    refuse_if_blocked(reasons.wanted(IntegrityRule.REASON, seal.comment, "comment"))
    person = act.session.get_one(Person, person_id)
    state = states.of(act.session, person, RECOVERY)
    refuse_if_blocked(rules.against_judging(state, person_id, act.by.id))
    signatures.sign(act, seal, Meaning.REVIEWED, person, facts_of(act.session, person_id))
    states.move(act, person, RECOVERY, RecoveryState.JUDGED, allowed=MOVES, reason=seal.comment)
    act.say(PeopleAction.PERSON_RECOVERY_JUDGED, person, reason=seal.comment, facts=signed)
    return person
