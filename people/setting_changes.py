"""A change of what the site judges by: an administrator writes it with a reason and signs it; it
holds once somebody of quality, who is another person, has signed it too (IAM-03, TIM-05).

What holds is a `Setting` of the site (`integrity/site.py`) that names the change both signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts, reasons, signatures, site, states, vocabulary
from integrity.acts import Act
from integrity.database import By, Session
from integrity.facts import Pair, pair
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.rule_ids import IntegrityRule
from integrity.signatures import Meaning, Seal
from integrity.site import Setting, SettingName
from integrity.states import Move
from integrity.subjects import SubjectRecord
from integrity.vocabulary import one_of
from people import accounts
from people.actions import PeopleAction
from people.permissions import Role
from people.rule_ids import PeopleRule
from people.rules import setting_changes as rules
from people.rules.setting_changes import MOVES, WAITING, SettingState
from people.words import PeopleTerm, SettingWord

SETTING = vocabulary.axis("setting", SettingState)


class SettingChange(SubjectRecord, By):
    """What one setting is to become, from what it was when that was written."""

    __tablename__ = "setting_changes"
    __table_args__ = (one_of("name", SettingName),)

    name: Mapped[str] = mapped_column(index=True)
    was: Mapped[str]
    becomes: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


# What is asked
# -------------------------------------------------------------------------------------------------


def state_of(session: Session, change: SettingChange) -> str | None:
    return states.of(session, change, SETTING)


def waiting(session: Session, *wanted: SettingState) -> Sequence[SettingChange]:
    """Every change that is not settled, oldest first; of these states, or of both."""
    mine = states.standing(SettingChange.__tablename__, SETTING, *(wanted or WAITING))
    asked = select(SettingChange).where(SettingChange.id.in_(mine))
    return session.scalars(asked.order_by(SettingChange.id)).all()


def waits_for(session: Session, change: SettingChange) -> list[str]:
    """The user names of everybody whose signature it waits for."""
    stands = state_of(session, change)
    if stands == SettingState.DRAFT:
        return [change.username]
    if stands == SettingState.PROPOSED:
        others = accounts.active_others(session, change.person_id or 0, Role.QA)
        people = session.scalars(select(accounts.Person).where(accounts.Person.id.in_(others)))
        return sorted(person.username for person in people)
    return []


def states_of_waiting(session: Session) -> dict[int, str]:
    """{key: state} of every change that is not settled."""
    return states.of_many(session, [each.id for each in waiting(session)], SETTING)


def every_version() -> Select[tuple[Setting]]:
    """Every setting as it was set once, the newest first, for a paged list."""
    return select(Setting).order_by(Setting.id.desc())


def signed(session: Session, versions: Sequence[Setting]) -> dict[int, SettingChange]:
    """{key: the change that two people signed} of versions of settings."""
    keys = [each.signed_id for each in versions if each.signed_id]
    found = session.scalars(select(SettingChange).where(SettingChange.id.in_(keys)))
    return {change.id: change for change in found}


def withdrawal(session: Session, change: SettingChange) -> Move | None:
    """Who took it back, when and why, if somebody did."""
    taken_back = select(Move).where(
        Move.subject_id == change.id, Move.becomes == SettingState.WITHDRAWN
    )
    return session.scalar(taken_back)


def written(change: SettingChange) -> list[Pair]:
    """What stands in a change, as it was written."""
    return [
        pair(PeopleTerm.PRESENT_VALUE, change.was),
        pair(PeopleTerm.NEW_VALUE, change.becomes),
        pair(PeopleTerm.WHY, change.reason),
        pair(PeopleTerm.PROPOSED_BY, change.username),
        pair(PeopleTerm.WRITTEN_AT, facts.instant(change.at)),
    ]


def facts_of(session: Session, change_id: int) -> list[Pair]:
    """What both are shown and sign: what is written, which setting, and its next version."""
    change = session.get_one(SettingChange, change_id)
    return [
        pair(PeopleTerm.SETTING, facts.word(word_of(change.name))),
        pair(PeopleTerm.VERSION, str(len(site.versions(session, change.name)) + 1)),
        *written(change),
    ]


def word_of(name: str) -> SettingWord:
    """What a setting is called."""
    return SettingWord[SettingName(name).name]


def _law(session: Session, change: SettingChange) -> rules.Change:
    others = waiting(session, SettingState.PROPOSED)
    return rules.Change(
        state_of(session, change),
        change.person_id,
        change.was,
        site.settings(session)[change.name],
        any(each.name == change.name and each.id != change.id for each in others),
    )


# What is done
# -------------------------------------------------------------------------------------------------


def draft(act: Act, name: str, becomes: str, *, reason: str) -> SettingChange:
    """Write what a setting is to become; it waits for the signature of whoever wrote it."""
    written = [name, becomes, reason]
    if earlier := act.once(PeopleAction.SETTING_DRAFTED, written):
        return act.session.get_one(SettingChange, earlier)
    was = site.settings(act.session).get(name, "")
    found = [*site.against(name, becomes, was), *reasons.wanted(IntegrityRule.REASON, reason)]
    refuse_if_blocked(found)
    if becomes == was:
        raise Refused(blocks(PeopleRule.SETTING_IS_THAT, "value"))
    change = act.add(
        SettingChange(
            name=SettingName(name).value, was=was, becomes=becomes, reason=reason, at=act.at
        )
    )
    states.move(act, change, SETTING, SettingState.DRAFT, allowed=MOVES, reason=reason)
    details = {"setting": name, "was": was, "becomes": becomes}
    act.say(PeopleAction.SETTING_DRAFTED, change, reason=reason, facts=written, details=details)
    return change


def propose(act: Act, change_id: int, *, seal: Seal) -> SettingChange:
    """Whoever wrote it signs it; it waits for quality."""
    signed = [change_id, seal.reviewed]
    if earlier := act.once(PeopleAction.SETTING_PROPOSED, signed):
        return act.session.get_one(SettingChange, earlier)
    change = act.session.get_one(SettingChange, change_id)
    refuse_if_blocked(rules.against_proposing(_law(act.session, change), act.by.id))
    signatures.sign(act, seal, Meaning.AUTHORED, change, facts_of(act.session, change_id))
    states.move(act, change, SETTING, SettingState.PROPOSED, allowed=MOVES)
    act.say(PeopleAction.SETTING_PROPOSED, change, facts=signed)
    return change


def approve(act: Act, change_id: int, *, seal: Seal) -> SettingChange:
    """Somebody of quality signs it; it holds from now on."""
    signed = [change_id, seal.reviewed]
    if earlier := act.once(PeopleAction.SETTING_APPROVED, signed):
        return act.session.get_one(SettingChange, earlier)
    change = act.session.get_one(SettingChange, change_id)
    refuse_if_blocked(rules.against_approving(_law(act.session, change), act.by.id))
    refuse_if_blocked(site.against(change.name, change.becomes, change.was))
    signatures.sign(act, seal, Meaning.APPROVED, change, facts_of(act.session, change_id))
    states.move(act, change, SETTING, SettingState.APPROVED, allowed=MOVES)
    site.put(act, change.name, change.becomes, reason=change.reason, signed=change)
    details = {"setting": change.name, "was": change.was, "becomes": change.becomes}
    act.say(PeopleAction.SETTING_APPROVED, change, facts=signed, details=details)
    return change


def refuse(act: Act, change_id: int, *, seal: Seal) -> SettingChange:
    """Somebody of quality does not want it, and signs why; what held holds."""
    signed = [change_id, seal.reviewed]
    if earlier := act.once(PeopleAction.SETTING_REFUSED, signed):
        return act.session.get_one(SettingChange, earlier)
    refuse_if_blocked(reasons.wanted(IntegrityRule.REASON, seal.comment, "comment"))
    change = act.session.get_one(SettingChange, change_id)
    refuse_if_blocked(rules.against_judging(_law(act.session, change), act.by.id))
    signatures.sign(act, seal, Meaning.REJECTED, change, facts_of(act.session, change_id))
    states.move(act, change, SETTING, SettingState.REJECTED, allowed=MOVES, reason=seal.comment)
    act.say(PeopleAction.SETTING_REFUSED, change, reason=seal.comment, facts=signed)
    return change


def withdraw(act: Act, change_id: int, *, reason: str) -> SettingChange:
    """An administrator takes it back before quality has signed it; what held holds."""
    said = [change_id, reason]
    if earlier := act.once(PeopleAction.SETTING_WITHDRAWN, said):
        return act.session.get_one(SettingChange, earlier)
    refuse_if_blocked(reasons.wanted(IntegrityRule.REASON, reason))
    change = act.session.get_one(SettingChange, change_id)
    refuse_if_blocked(rules.against_withdrawing(_law(act.session, change)))
    states.move(act, change, SETTING, SettingState.WITHDRAWN, allowed=MOVES, reason=reason)
    act.say(PeopleAction.SETTING_WITHDRAWN, change, reason=reason, facts=said)
    return change
