"""Observing: anybody who works here says what they saw, QA says what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrity import attachments, dependents, states
from integrity.acts import Act
from integrity.attachments import Evidence
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.observations import (
    AXIS,
    MOVES,
    Observation,
    ObservationState,
    ObservationVerdict,
)
from qc.deviations import raising, rules
from qc.deviations.actions import DeviationAction
from qc.deviations.raising import RaisedFacts
from qc.deviations.rule_ids import DeviationRule


@dataclass(frozen=True)
class ObservedFacts:
    """What somebody saw: of what (a code as scanned, or a donor's), and when (None: now)."""

    about: str
    said: str
    seen_at: datetime | None = None


@dataclass(frozen=True)
class VerdictFacts:
    """What QA says of an observation: nothing, or a deviation of a class; and why."""

    observation_id: int
    verdict: str
    reason: str
    classification: str = ""


def observe(act: Act, facts: ObservedFacts, *, evidence: Evidence | None = None) -> Observation:
    """Record what somebody saw. Raises Refused for a code that nothing stands under, for nothing
    said, and for a time that is still to come.
    """
    said = attachments.told(facts, evidence)
    if earlier := act.once(DeviationAction.OBSERVATION_RECORDED, said):
        return act.session.get_one(Observation, earlier)
    about, seen_at = raising.thing(act.session, facts.about), facts.seen_at or act.at
    refuse_if_blocked(rules.may_observe(facts.said, seen_at, act.at))
    if about is None:
        raise Refused(blocks(DeviationRule.NOTHING_UNDER_CODE, "about"))
    scope = raising.scope_of(about)
    made = act.add(
        Observation(
            scope_id=scope.id,
            scope=scope.code,
            subject_id=about.id,
            subject_kind=about.__tablename__,
            about=about.itself.code,
            said=facts.said.strip(),
            seen_at=seen_at,
            at=act.at,
            name=act.by.name,
        )
    )
    states.move(act, made, AXIS, ObservationState.UNCLASSIFIED, allowed=MOVES)
    act.say(
        DeviationAction.OBSERVATION_RECORDED,
        made,
        scope=scope.code,
        facts=said,
        details={"about": made.about, "said": made.said, "seen_at": seen_at},
    )
    if evidence:
        attachments.attach(act.inner(), made, scope, evidence)
    dependents.changed(act, made)
    return made


def classify(act: Act, facts: VerdictFacts) -> Observation:
    """QA says what an observation is; a deviation is raised in the words of who saw it.

    Raises Refused for one that is classified already, and for no reason.
    """
    found = act.session.get_one(Observation, facts.observation_id)
    if act.once(DeviationAction.OBSERVATION_CLASSIFIED, facts):
        return found
    refuse_if_blocked(
        rules.may_classify(states.of(act.session, found, AXIS), facts.verdict, facts.reason)
    )
    deviation = None
    if facts.verdict == ObservationState.DEVIATION:
        place, words = f"Observation of {found.name}", found.said
        raised = RaisedFacts(found.about, words, place, facts.classification or "major")
        deviation = raising.raise_deviation(act.inner(), raised)
    verdict = ObservationVerdict(
        observation_id=found.id,
        deviation_id=deviation.id if deviation else None,
        reason=facts.reason.strip(),
        at=act.at,
        name=act.by.name,
    )
    act.add(verdict)
    states.move(act, found, AXIS, facts.verdict, allowed=MOVES, reason=verdict.reason)
    act.say(
        DeviationAction.OBSERVATION_CLASSIFIED,
        found,
        scope=found.scope,
        reason=verdict.reason,
        facts=facts,
        details={"becomes": facts.verdict, "deviation": deviation.code if deviation else ""},
    )
    return found
