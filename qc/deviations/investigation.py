"""Deviations as QA works on them: assessed (cause, impact, class), judged by signature, closed by
signature.

The deviation itself is integrity's record; whether it is judged is asked there by everybody who has
to wait for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, case, func, select
from sqlalchemy.orm import Mapped, mapped_column

from documents.register import ControlledDocument
from documents.words import Term
from integrity import dependents, deviations as kept, facts, signatures, site, states
from integrity.acts import Act
from integrity.database import By, Record, Session
from integrity.deviations import AXIS, MOVES, Decision, Deviation, DeviationState
from integrity.facts import Fact, Pair
from integrity.findings import Classification, Consequence, refuse_if_blocked
from integrity.signatures import Meaning, Seal
from integrity.site import TwoPersons
from integrity.states import State
from integrity.vocabulary import one_of
from integrity.words import class_word, person
from labels import codes
from manufacturing.execution.entries import Entry
from qc.deviations import openings, rules, stopping
from qc.deviations.actions import DeviationAction
from qc.deviations.words import DecisionWord, DeviationPhrase, DeviationTerm
from qc.laboratory import oos_facts, oos_phases
from qc.laboratory.rules import oos as oos_rules


class Assessment(Record, By):
    """What QA found out: cause, impact, and the class it is given.

    The newest of a deviation holds.
    """

    __tablename__ = "deviation_assessments"
    __table_args__ = (one_of("classification", Classification),)

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviations.id"), index=True)
    cause: Mapped[str]
    impact: Mapped[str]
    classification: Mapped[str]
    reason: Mapped[str | None]
    at: Mapped[datetime]
    name: Mapped[str]


class Judgement(Record, By):
    """What QA decided: continue or reject, and why. Signed."""

    __tablename__ = "deviation_judgements"
    __table_args__ = (one_of("decision", Decision),)

    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviations.id"), unique=True)
    decision: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    name: Mapped[str]


@dataclass(frozen=True)
class AssessmentFacts:
    """What QA writes; `reason` is asked for when the class is lowered."""

    deviation_id: int
    cause: str
    impact: str
    classification: str
    reason: str = ""


@dataclass(frozen=True)
class Story:
    """A deviation with what became of it."""

    deviation: Deviation
    state: str
    assessment: Assessment | None
    judgement: Judgement | None

    @property
    def classification(self) -> str:
        """The class that holds: QA's, or the one it was opened with."""
        return self.assessment.classification if self.assessment else self.deviation.classification


# Questions
# -------------------------------------------------------------------------------------------------


def by_code(session: Session, code: str) -> Deviation | None:
    return session.scalar(select(Deviation).where(Deviation.code == code))


def listed(which: str = "open") -> Select[Any]:
    """Deviations for a paged list.

    "open" (not closed), "closed", or "all" with the open ones first; newest first within.
    """
    wanted, closed = (
        select(Deviation),
        states.standing(Deviation.__tablename__, AXIS, DeviationState.CLOSED),
    )
    if which == "open":
        still = states.standing(
            Deviation.__tablename__,
            AXIS,
            *(each for each in MOVES if each not in (None, DeviationState.CLOSED)),
        )
        return wanted.where(Deviation.id.in_(still)).order_by(Deviation.id.desc())
    if which == "closed":
        return wanted.where(Deviation.id.in_(closed)).order_by(Deviation.id.desc())
    is_closed = case((Deviation.id.in_(closed), 1), else_=0)
    return wanted.order_by(is_closed, Deviation.id.desc())


def counts(session: Session) -> dict[str, int]:
    """{state: how many deviations stand in it}."""
    found = session.execute(
        select(State.state, func.count())
        .where(State.subject_kind == Deviation.__tablename__, State.axis == AXIS)
        .group_by(State.state)
    )
    return {row[0]: row[1] for row in found}


def stories(session: Session, found: Sequence[Deviation]) -> list[Story]:
    """The deviations with what became of them, in the order given; three queries."""
    ids = [each.id for each in found]
    where = kept.states_of(session, found)
    assessed = {
        each.deviation_id: each
        for each in session.scalars(
            select(Assessment).where(Assessment.deviation_id.in_(ids)).order_by(Assessment.id)
        )
    }
    judged = {
        each.deviation_id: each
        for each in session.scalars(select(Judgement).where(Judgement.deviation_id.in_(ids)))
    }
    return [
        Story(each, where[each.id], assessed.get(each.id), judged.get(each.id)) for each in found
    ]


def story_of(session: Session, deviation: Deviation) -> Story:
    return stories(session, [deviation])[0]


def of_scopes(session: Session, ids: Iterable[int]) -> list[Story]:
    """Every deviation under these things, oldest first, with what became of it."""
    return stories(session, kept.in_scopes(session, ids))


# What is signed
# -------------------------------------------------------------------------------------------------


def assessment_facts(session: Session, deviation_id: int) -> list[Pair]:
    """The story of a deviation as every page and signature shows it."""
    story = story_of(session, session.get_one(Deviation, deviation_id))
    deviation = story.deviation
    is_oos = oos_phases.is_oos(deviation)
    return [
        *_opened(deviation),
        *_consequence(session, deviation),
        *(oos_facts.of_investigation(session, deviation_id) if is_oos else ()),
        *(_assessed(story.assessment) if story.assessment else ()),
    ]


def _opened(deviation: Deviation) -> Iterator[Pair]:
    opened = facts.message(
        DeviationPhrase.OPENED,
        opened=facts.instant(deviation.opened_at),
        username=deviation.username,
    )
    yield facts.pair(DeviationTerm.DEVIATION, facts.code(deviation.code))
    yield facts.pair(DeviationTerm.UNDER, scope_fact(deviation.scope))
    yield facts.pair(DeviationTerm.PLACE, deviation.place)
    yield facts.pair(DeviationTerm.WHAT_HAPPENED, deviation.what)
    yield facts.pair(DeviationTerm.RULE, deviation.requirement)
    yield facts.pair(DeviationTerm.CLASS_WHEN_OPENED, class_word(deviation.classification))
    yield facts.pair(DeviationTerm.OPENED, opened)
    if deviation.comment:
        yield facts.pair(Term.COMMENT, deviation.comment)


def _consequence(session: Session, deviation: Deviation) -> Iterator[Pair]:
    if deviation.consequence == Consequence.REJECT:
        stands = openings.stands(session, deviation)
        word = DeviationPhrase.ONLY_REJECTED if stands else DeviationPhrase.NO_LONGER_SO
        yield facts.pair(DeviationTerm.CONSEQUENCE, facts.word(word))


def _assessed(found: Assessment) -> Iterator[Pair]:
    yield facts.pair(DeviationTerm.CAUSE, found.cause)
    yield facts.pair(DeviationTerm.IMPACT, found.impact)
    yield facts.pair(DeviationTerm.CLASS, class_word(found.classification))
    if found.reason:
        yield facts.pair(DeviationTerm.WHY_CHANGED, found.reason)
    yield facts.pair(DeviationTerm.ASSESSED_BY, person(found.name, found.username))


def judge_facts(session: Session, deviation_id: int, decision: str) -> list[Pair]:
    """Exactly what a judgement shows and signs."""
    return [
        facts.pair(DeviationTerm.JUDGEMENT, decision_fact(decision)),
        *assessment_facts(session, deviation_id),
    ]


def close_facts(session: Session, deviation_id: int) -> list[Pair]:
    """Exactly what closing shows and signs."""
    made = session.scalar(select(Judgement).where(Judgement.deviation_id == deviation_id))
    return [
        *assessment_facts(session, deviation_id),
        *(_judged(made) if made else []),
    ]


def _judged(made: Judgement) -> Iterator[Pair]:
    yield facts.pair(DeviationTerm.JUDGEMENT, decision_fact(made.decision))
    yield facts.pair(Term.WHY, made.reason)
    yield facts.pair(DeviationTerm.JUDGED_BY, person(made.name, made.username))


def decision_fact(decision: str) -> Fact:
    """What QA decided, as a word."""
    name = decision.upper()
    return facts.word(DecisionWord[name]) if name in DecisionWord.__members__ else decision


def shown_scope(scope: str) -> str:
    """A batch, cord or donor as it is read.

    A code of ours with its hyphen, a donor's pseudonym as it is.
    """
    return facts.shown(scope_fact(scope))


def scope_fact(scope: str) -> Fact:
    """The same as a fact."""
    try:
        code = codes.read(scope)
    except codes.UnreadableCode:
        return facts.message(DeviationPhrase.UNDER_DONOR, code=scope)
    return facts.message(DeviationPhrase.UNDER_CODE, kind=code.kind, code=facts.code(code.bare))


# Acts
# -------------------------------------------------------------------------------------------------


def assess(act: Act, facts: AssessmentFacts) -> Assessment:
    """Write cause, impact and class.

    May be written anew until it is judged, the earlier text stays on record. What it is about is on
    hold where it is critical (`stopping`).
    """
    if earlier := act.once(DeviationAction.DEVIATION_ASSESSED, facts):
        return act.session.get_one(Assessment, earlier)
    deviation = act.session.get_one(Deviation, facts.deviation_id)
    now = _situation(act.session, deviation)
    refuse_if_blocked(rules.may_assess(now, facts.classification, facts.reason))
    made = Assessment(
        deviation_id=deviation.id,
        cause=facts.cause,
        impact=facts.impact,
        classification=facts.classification,
        reason=facts.reason or None,
        at=act.at,
        name=act.by.name,
    )
    act.add(made)
    if now.state == DeviationState.OPEN:
        states.move(act, deviation, AXIS, DeviationState.ASSESSED, allowed=MOVES)
    act.say(
        DeviationAction.DEVIATION_ASSESSED,
        made,
        scope=deviation.scope,
        reason=facts.reason or None,
        facts=facts,
        details={
            "code": deviation.code,
            "class_was": now.classification,
            "class": facts.classification,
        },
    )
    dependents.changed(act, deviation)
    stopping.stop(act, deviation, facts.classification, facts.impact)
    return made


def judge(act: Act, deviation_id: int, decision: str, *, seal: Seal) -> Judgement:
    """Sign the decision on a deviation: work may go on, or reject.

    The seal's comment is the reason.
    """
    signed = [deviation_id, decision, seal.reviewed]
    if earlier := act.once(DeviationAction.DEVIATION_JUDGED, signed):
        return act.session.get_one(Judgement, earlier)
    deviation = act.session.get_one(Deviation, deviation_id)
    situation, is_oos = _situation(act.session, deviation), oos_phases.is_oos(deviation)
    refuse_if_blocked(
        [
            *rules.may_judge(situation, decision, seal.comment, act.by.username),
            *oos_rules.may_judge(is_oos, oos_phases.state_of(act.session, deviation)),
        ]
    )
    signatures.sign(
        act,
        seal,
        Meaning.APPROVED,
        deviation,
        judge_facts(act.session, deviation_id, decision),
        scope=deviation.within,
    )
    made = Judgement(
        deviation_id=deviation_id,
        decision=decision,
        reason=seal.comment or "",
        at=act.at,
        name=act.by.name,
    )
    act.add(made)
    states.move(act, deviation, AXIS, DeviationState.JUDGED, allowed=MOVES, reason=seal.comment)
    states.move(act, deviation, kept.DECISION, decision, allowed=kept.DECISIONS)
    act.say(
        DeviationAction.DEVIATION_JUDGED,
        made,
        scope=deviation.scope,
        reason=seal.comment,
        facts=signed,
        details={"code": deviation.code, "decision": decision},
    )
    dependents.changed(act, deviation)
    return made


def close(act: Act, deviation_id: int, *, seal: Seal) -> Deviation:
    """Sign that nothing more is to be done about a judged deviation."""
    deviation, signed = act.session.get_one(Deviation, deviation_id), [deviation_id, seal.reviewed]
    if act.once(DeviationAction.DEVIATION_CLOSED, signed):
        return deviation
    refuse_if_blocked(rules.may_close(_situation(act.session, deviation), act.by.username))
    signatures.sign(
        act,
        seal,
        Meaning.APPROVED,
        deviation,
        close_facts(act.session, deviation_id),
        scope=deviation.within,
    )
    states.move(act, deviation, AXIS, DeviationState.CLOSED, allowed=MOVES, reason=seal.comment)
    act.say(
        DeviationAction.DEVIATION_CLOSED,
        deviation,
        scope=deviation.scope,
        reason=seal.comment,
        facts=signed,
        details={"code": deviation.code},
    )
    return deviation


def only_rejects(session: Session, deviation: Deviation) -> bool:
    """Whether QA can decide nothing else than to reject."""
    return rules.only_rejects(_situation(session, deviation))


def _situation(session: Session, deviation: Deviation) -> rules.Situation:
    story = story_of(session, deviation)
    return rules.Situation(
        story.state,
        story.classification,
        deviation.consequence,
        _maker(session, deviation),
        story.judgement.username if story.judgement else None,
        site.wants_two(session, TwoPersons.CRITICAL),
        deviation.consequence != Consequence.REJECT or openings.stands(session, deviation),
    )


def _maker(session: Session, deviation: Deviation) -> str:
    """Who made the entry that it is about; for anything else, whose act opened it.

    Nobody made one where a document was retired: quality signed that, and judges what follows.
    """
    if deviation.subject_kind == ControlledDocument.__tablename__:
        return ""
    entry = (
        session.get(Entry, deviation.subject_id)
        if deviation.subject_kind == Entry.__tablename__
        else None
    )
    return entry.username if entry else deviation.username
