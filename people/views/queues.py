"""What waits of people and of the site: what quality confirms, signs and judges."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from integrity import clock, doubts, states
from integrity.clock import ClockState
from integrity.database import Session
from integrity.facts import word
from people import grants, handovers, queues, recoveries
from people.permissions import Permission
from people.queues import NOTHING, SHOWN, Address, Asker, Found, Item, Queue
from people.rules.handovers import HandoverState
from people.rules.setting_changes import SettingState
from people.setting_changes import SETTING, SettingChange, word_of
from people.words import PeopleQueue

HANDED_BY: dict[str, str] = {
    HandoverState.ASKED: "people.handover",
    HandoverState.CONFIRMED: "people.handover_half",
}
CONFIRM, SETTINGS = Address("people.waiting"), Address("people.setting_list")


def _passwords(session: Session, asker: Asker) -> Found:
    found = [
        Item(
            grant.name,
            Address(HANDED_BY[stands], {"person_id": grant.holder_id}),
            since=handover.at,
            is_code=False,
        )
        for grant, handover, stands in handovers.waiting(session)
        if handover.username != asker.username
    ]
    return Found(len(found), found[:SHOWN])


def _rights(session: Session, asker: Asker) -> Found:
    found = [
        Item(
            proposal.name,
            Address("people.rights_confirm", {"person_id": grant.holder_id}),
            since=proposal.at,
            is_code=False,
        )
        for grant, proposal in grants.waiting(session)
        if asker.username not in (proposal.username, grant.username)
    ]
    return Found(len(found), found[:SHOWN])


def _recoveries(session: Session, asker: Asker) -> Found:
    found = [
        Item(
            grant.name,
            Address("people.recovery_judge", {"person_id": grant.holder_id}),
            is_code=False,
        )
        for grant in recoveries.open_ones(session)
    ]
    return Found(len(found), found[:SHOWN])


def _settings(session: Session, asker: Asker) -> Found:
    """Changes of settings that others proposed."""
    others = SettingChange.username != asker.username
    return _changes(session, SettingState.PROPOSED, others, "people.setting_approve")


def _own_settings(session: Session, asker: Asker) -> Found:
    """Changes of settings that who wrote them has not signed yet."""
    own = SettingChange.username == asker.username
    return _changes(session, SettingState.DRAFT, own, "people.setting_change")


def _changes(session: Session, state: SettingState, whose: ColumnElement[bool], page: str) -> Found:
    standing = states.standing(SettingChange.__tablename__, SETTING, state)
    wanted = select(SettingChange).where(SettingChange.id.in_(standing), whose)
    return queues.first(
        session,
        wanted.order_by(SettingChange.id),
        lambda row: Item(
            word(word_of(row[0].name)),
            Address(page, {"change_id": row[0].id}),
            row[0].reason,
            since=row[0].at,
            is_code=False,
        ),
    )


def _suspected(session: Session, asker: Asker) -> Found:
    """The clock, until an administrator has acknowledged what it did."""
    if clock.state(session) != ClockState.SUSPECT:
        return NOTHING
    return Found(
        1, [Item(word(PeopleQueue.CLOCK), Address("people.clock_acknowledge"), is_code=False)]
    )


def _doubts(session: Session, asker: Asker) -> Found:
    """The clock, where an administrator has acknowledged it, and a restore."""
    found = []
    if clock.state(session) == ClockState.ACKNOWLEDGED:
        found.append(Item(word(PeopleQueue.CLOCK), Address("people.clock_judge"), is_code=False))
    if doubts.of_restore(session):
        found.append(
            Item(word(PeopleQueue.RESTORE), Address("people.restore_judge"), is_code=False)
        )
    return Found(len(found), found) if found else NOTHING


QUEUES = (
    Queue(PeopleQueue.DOUBTS, Permission.JUDGE_SITE, _doubts),
    Queue(PeopleQueue.PASSWORDS, Permission.CONFIRM_PEOPLE, _passwords, CONFIRM, CONFIRM),
    Queue(PeopleQueue.RIGHTS, Permission.CONFIRM_PEOPLE, _rights, CONFIRM),
    Queue(PeopleQueue.RECOVERIES, Permission.CONFIRM_PEOPLE, _recoveries, CONFIRM),
    Queue(PeopleQueue.DOUBTS, Permission.MANAGE_SITE, _suspected),
    Queue(PeopleQueue.SETTINGS, Permission.JUDGE_SITE, _settings, SETTINGS),
    Queue(PeopleQueue.SETTINGS, Permission.MANAGE_SITE, _own_settings, SETTINGS),
)
