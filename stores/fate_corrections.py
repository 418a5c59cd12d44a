"""What became of a container, put right by two: one says anew when it was, to whom it went, in what
state it came back and why, and it holds once another has signed. What was recorded first stays
legible, and what follows from another time is judged anew (EBR-08, TRC-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrity import dependents, site, states
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import refuse_if_blocked
from integrity.signatures import Meaning, Seal, sign
from stores import fate_rules as rules, fates, sightings
from stores.actions import FateAction
from stores.containers import Container
from stores.fate_rules import Fate, FateState, PutRight
from stores.fates import AXIS, ContainerFate


@dataclass(frozen=True)
class CorrectionFacts:
    """What somebody says instead, all of it anew, and why it is put right; `done_at` None stays."""

    done_at: datetime | None
    why: str
    consignee: str = ""
    reason: str = ""
    condition: str = ""


def correct(act: Act, fate_id: int, facts: CorrectionFacts) -> ContainerFate:
    """Say something else of what became of a container.

    It waits for the signature of a second person. Raises Refused.
    """
    old, said = act.session.get_one(ContainerFate, fate_id), [fate_id, facts]
    if act.once(FateAction.CONTAINER_CORRECTION_RECORDED, said):
        return fates.of(act.session, old.container_id)[0].record
    becomes = _becomes(old, facts)
    found = _situation(act.session, old, becomes)
    refuse_if_blocked(rules.may_be_put_right(found, facts.why))
    made = act.add(
        ContainerFate(
            scope_id=old.scope_id,
            scope=old.scope,
            container_id=old.container_id,
            code=old.code,
            fate=old.fate,
            done_at=becomes.done_at,
            consignee=becomes.consignee or None,
            reason=becomes.reason or None,
            condition=becomes.condition or None,
            corrects_id=old.id,
            why=facts.why.strip(),
            at=act.at,
            name=act.by.name,
        )
    )
    states.move(act, made, AXIS, FateState.WAITING, allowed=rules.STATE_MOVES, reason=made.why)
    _say(act, FateAction.CONTAINER_CORRECTION_RECORDED, made, said)
    return made


def confirm(act: Act, fate_id: int, *, seal: Seal) -> ContainerFate:
    """The second person signs what is said instead, which holds from then on; it is judged again,
    and so is what rests on it."""
    made, signed = act.session.get_one(ContainerFate, fate_id), [fate_id, seal.reviewed]
    if act.once(FateAction.CONTAINER_CORRECTED, signed):
        return made
    state = states.of(act.session, made, AXIS)
    refuse_if_blocked(rules.may_confirm(state, made.username, act.by.username))
    old = act.session.get_one(ContainerFate, made.corrects_id)
    found = _situation(act.session, old, _said(made), confirming=True)
    refuse_if_blocked(rules.may_be_put_right(found, made.why))
    shown = fates.facts_of(act.session, fate_id, act.at)
    sign(act, seal, Meaning.VERIFIED, made, shown, scope=made.within)
    states.move(act, made, AXIS, FateState.CONFIRMED, allowed=rules.STATE_MOVES)
    _say(act, FateAction.CONTAINER_CORRECTED, made, signed)
    dependents.changed(act, made)
    return made


def told_first(session: Session, made: ContainerFate) -> ContainerFate:
    """The record that was made when this was told, whatever was put right of it since."""
    while made.corrects_id is not None:
        made = session.get_one(ContainerFate, made.corrects_id)
    return made


def _becomes(old: ContainerFate, facts: CorrectionFacts) -> rules.Said:
    """A time that reads as it did is the one that was recorded."""
    done_at = facts.done_at or old.done_at
    if done_at.replace(microsecond=0) == old.done_at.replace(microsecond=0):
        done_at = old.done_at
    is_issue, is_return = old.fate == Fate.ISSUED, old.fate == Fate.RETURNED
    return rules.Said(
        old.fate,
        done_at,
        facts.consignee.strip() if is_issue else "",
        facts.reason.strip(),
        facts.condition if is_return else "",
    )


def _said(made: ContainerFate) -> rules.Said:
    return rules.Said(
        made.fate, made.done_at, made.consignee or "", made.reason or "", made.condition or ""
    )


def _situation(
    session: Session, old: ContainerFate, becomes: rules.Said, *, confirming: bool = False
) -> PutRight:
    """What is put right, as the law looks at it; what is `confirming` does not wait for itself."""
    container, told = (
        session.get_one(Container, old.container_id),
        fates.of(session, old.container_id),
    )
    first, others = told_first(session, old), [each for each in told if each.stands]
    order = list(Fate).index
    before = [
        each.record.done_at
        for each in others
        if order(Fate(each.record.fate)) < order(Fate(old.fate))
    ]
    after = [
        each.record.done_at
        for each in others
        if order(Fate(each.record.fate)) > order(Fate(old.fate))
    ]
    seen = [at for at in sightings.of(session, container.id) if at <= old.done_at]
    return PutRight(
        was=_said(old),
        becomes=becomes,
        since=rules.newest(container.made_at, before, seen),
        until=fates.end_of_minute(min([first.at, *after])),
        told_at=first.at,
        late_after=site.late_after(session, becomes.done_at),
        stands=any(each.record.id == old.id for each in others),
        waits=not confirming and any(each.state == FateState.WAITING for each in told),
    )


def _say(act: Act, action: FateAction, made: ContainerFate, said: object) -> None:
    container = act.session.get_one(Container, made.container_id)
    fates.say(act, action, made, container, said)
