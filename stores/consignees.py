"""To whom a container was issued, put right by two: one says to whom it went instead and why, and
it holds once another has signed. What was recorded first stays legible (EBR-08, TRC-03)."""

from __future__ import annotations

from integrity import states
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import Finding, refuse_if_blocked
from integrity.signatures import Meaning, Seal, sign
from stores import fate_rules as rules, fates
from stores.actions import FateAction
from stores.containers import Container
from stores.fate_rules import FateState
from stores.fates import AXIS, ContainerFate


def correct(act: Act, fate_id: int, *, consignee: str, reason: str) -> ContainerFate:
    """Say to whom a container went instead of whom a confirmed issue names.

    It waits for the signature of a second person. Raises Refused.
    """
    old, said = act.session.get_one(ContainerFate, fate_id), [fate_id, consignee, reason]
    if act.once(FateAction.CONTAINER_CONSIGNEE_RECORDED, said):
        return fates.of(act.session, old.container_id)[0].record
    refuse_if_blocked(_against(act.session, old, consignee, reason))
    made = act.add(
        ContainerFate(
            scope_id=old.scope_id,
            scope=old.scope,
            container_id=old.container_id,
            code=old.code,
            fate=old.fate,
            done_at=old.done_at,
            consignee=consignee.strip(),
            reason=reason.strip(),
            corrects_id=old.id,
            at=act.at,
            name=act.by.name,
        )
    )
    states.move(act, made, AXIS, FateState.WAITING, allowed=rules.STATE_MOVES, reason=made.reason)
    _say(act, FateAction.CONTAINER_CONSIGNEE_RECORDED, made, said)
    return made


def confirm(act: Act, fate_id: int, *, seal: Seal) -> ContainerFate:
    """The second person signs to whom the container went instead."""
    made, signed = act.session.get_one(ContainerFate, fate_id), [fate_id, seal.reviewed]
    if act.once(FateAction.CONTAINER_CONSIGNEE_CORRECTED, signed):
        return made
    state = states.of(act.session, made, AXIS)
    refuse_if_blocked(rules.may_confirm(state, made.username, act.by.username))
    shown = fates.facts_of(act.session, fate_id, act.at)
    sign(act, seal, Meaning.VERIFIED, made, shown, scope=made.within)
    states.move(act, made, AXIS, FateState.CONFIRMED, allowed=rules.STATE_MOVES)
    _say(act, FateAction.CONTAINER_CONSIGNEE_CORRECTED, made, signed)
    return made


def _against(session: Session, old: ContainerFate, consignee: str, reason: str) -> list[Finding]:
    told = fates.of(session, old.container_id)
    state = next((each.state for each in told if each.record.id == old.id and each.stands), None)
    waits = any(each.state == FateState.WAITING for each in told)
    was = old.consignee or ""
    return list(rules.may_be_readdressed(old.fate, state, was, consignee, reason, waits=waits))


def _say(act: Act, action: FateAction, made: ContainerFate, said: object) -> None:
    container = act.session.get_one(Container, made.container_id)
    fates.say(act, action, made, container, said)
