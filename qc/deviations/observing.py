"""Observing: anybody who works here says what they saw, QA says what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrity import attachments, dependents, facts as shown, signatures, states
from integrity.acts import Act
from integrity.attachments import Evidence
from integrity.database import Session
from integrity.facts import Fact, Pair
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.observations import (
    AXIS,
    MOVES,
    Observation,
    ObservationState,
    ObservationVerdict,
)
from integrity.signatures import Meaning, Seal
from integrity.words import class_word, person
from qc.deviations import investigation, raising, rules, things
from qc.deviations.actions import DeviationAction
from qc.deviations.raising import RaisedFacts
from qc.deviations.rule_ids import DeviationRule
from qc.deviations.words import DeviationTerm, VerdictWord


@dataclass(frozen=True)
class ObservedFacts:
    """What somebody saw: of what (a code as scanned, or a donor's), and when (None: now)."""

    about: str
    said: str
    seen_at: datetime | None = None


@dataclass(frozen=True)
class VerdictFacts:
    """What QA says of an observation: nothing, or a deviation of a class."""

    observation_id: int
    verdict: str
    classification: str = ""


def observe(act: Act, facts: ObservedFacts, *, evidence: Evidence | None = None) -> Observation:
    """Record what somebody saw. Raises Refused for a code that nothing stands under, for nothing
    said, and for a time that is still to come.
    """
    said = attachments.told(facts, evidence)
    if earlier := act.once(DeviationAction.OBSERVATION_RECORDED, said):
        return act.session.get_one(Observation, earlier)
    about, seen_at = things.thing(act.session, facts.about), facts.seen_at or act.at
    refuse_if_blocked(rules.may_observe(facts.said, seen_at, act.at))
    if about is None:
        raise Refused(blocks(DeviationRule.NOTHING_UNDER_CODE, "about"))
    scope = things.scope_of(about)
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


def verdict_facts(session: Session, facts: VerdictFacts) -> list[Pair]:
    """What QA is shown and signs of an observation: what was seen, and what it is."""
    found = session.get_one(Observation, facts.observation_id)
    return [
        shown.pair(DeviationTerm.OBSERVED_IS, _verdict(facts)),
        shown.pair(DeviationTerm.OBSERVED, found.said),
        shown.pair(DeviationTerm.OBSERVED_OF, investigation.scope_fact(found.about)),
        shown.pair(DeviationTerm.OBSERVED_BY, person(found.name, found.username)),
        shown.pair(DeviationTerm.OBSERVED_AT, shown.instant(found.seen_at)),
    ]


def _verdict(facts: VerdictFacts) -> Fact:
    if facts.verdict == ObservationState.DEVIATION:
        grave = class_word(facts.classification)
        return shown.message(VerdictWord.DEVIATION, **{"class": grave})
    return shown.word(VerdictWord.NOTHING)


def classify(act: Act, facts: VerdictFacts, *, seal: Seal) -> Observation:
    """QA signs what an observation is; a deviation is raised in the words of who saw it.

    The seal's comment is the reason. Raises Refused for one that is classified already, and for no
    reason.
    """
    found = act.session.get_one(Observation, facts.observation_id)
    signed, why = [facts, seal.reviewed], (seal.comment or "").strip()
    if act.once(DeviationAction.OBSERVATION_CLASSIFIED, signed):
        return found
    state = states.of(act.session, found, AXIS)
    refuse_if_blocked(rules.may_classify(state, facts.verdict, facts.classification, why))
    said = verdict_facts(act.session, facts)
    deviation = None
    if facts.verdict == ObservationState.DEVIATION:
        raised = RaisedFacts(
            found.about, found.said, f"Observation of {found.name}", facts.classification
        )
        deviation = raising.raise_deviation(act.inner(), raised)
    signatures.sign(act, seal, Meaning.REVIEWED, found, said, scope=found.within)
    verdict = ObservationVerdict(
        observation_id=found.id,
        deviation_id=deviation.id if deviation else None,
        reason=why,
        at=act.at,
        name=act.by.name,
    )
    act.add(verdict)
    states.move(act, found, AXIS, facts.verdict, allowed=MOVES, reason=why)
    act.say(
        DeviationAction.OBSERVATION_CLASSIFIED,
        found,
        scope=found.scope,
        reason=why,
        facts=signed,
        details={"becomes": facts.verdict, "deviation": deviation.code if deviation else ""},
    )
    return found
