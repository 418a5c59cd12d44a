"""Deviations: a deviating finding with a number, a place and a life. Any act may open one; QA
assesses, judges and closes.

Kept free of any domain, so that every floor may open one and ask whether it is judged (ICH Q10, EU
GMP Part IV 11)."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, select, text
from sqlalchemy.orm import Mapped, mapped_column

from integrity import dependents, facts, states, subjects, vocabulary
from integrity.actions import IntegrityAction
from integrity.acts import Act
from integrity.database import By, Document, Session
from integrity.facts import ENGLISH, Fact, Pair, Reader
from integrity.findings import Classification, Consequence, Finding, Weight, requirement_of
from integrity.states import Moves
from integrity.subjects import Scope, Scoped, SubjectRecord
from integrity.vocabulary import RULES, one_of
from integrity.words import Phrase, class_word, state_word


class DeviationState(enum.StrEnum):
    """How far QA is with a deviation."""

    OPEN = "open"
    ASSESSED = "assessed"
    JUDGED = "judged"
    CLOSED = "closed"


class Decision(enum.StrEnum):
    """What QA decided: work may go on, or only rejection follows."""

    CONTINUE = "continue"
    REJECT = "reject"


AXIS = vocabulary.axis("deviation", DeviationState)
DECISION = vocabulary.axis("decision", Decision)
DECISIONS: Moves = {None: frozenset(Decision)}
MOVES: Moves = {
    None: frozenset({DeviationState.OPEN}),
    DeviationState.OPEN: frozenset({DeviationState.ASSESSED}),
    DeviationState.ASSESSED: frozenset({DeviationState.JUDGED}),
    DeviationState.JUDGED: frozenset({DeviationState.CLOSED}),
}
# QA has decided on what is in one of these.
DECIDED_ON = (DeviationState.JUDGED, DeviationState.CLOSED)


class Deviation(SubjectRecord, Scoped, By):
    """What a rule found, where and when; what becomes of it are further records."""

    __tablename__ = "deviations"
    __table_args__ = (
        subjects.by_subject(),
        subjects.by_scope(),
        Index("deviations_by_subject", "subject_id"),
        one_of("rule", RULES),
        one_of("classification", Classification),
        one_of("consequence", Consequence),
    )

    code: Mapped[str] = mapped_column(unique=True)
    subject_id: Mapped[int]
    subject_kind: Mapped[str]
    place: Mapped[Any] = mapped_column(Document)  # a fact
    rule: Mapped[str]
    parameters: Mapped[Any] = mapped_column(Document)
    classification: Mapped[str] = mapped_column(index=True)
    consequence: Mapped[str]
    comment: Mapped[Any] = mapped_column(Document, nullable=True)  # what somebody typed, or a fact
    opened_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def what(self) -> Fact:
        """What the rule found, as a fact."""
        return {"message": [self.rule, self.parameters]}

    def sentence(self, reader: Reader = ENGLISH) -> str:
        """What the rule found, in the reader's language."""
        return facts.sentence(self.rule, self.parameters, reader)

    @property
    def requirement(self) -> str:
        """The requirement that its rule serves, as people cite it."""
        return requirement_of(self.rule)


def open_deviation(
    act: Act,
    finding: Finding,
    code: str,
    *,
    scope: Scope,
    subject: SubjectRecord,
    place: Fact,
    comment: Fact | None,
) -> Deviation:
    """Record a deviating finding as an open deviation under its own code; says its own event."""
    deviation = Deviation(
        code=code,
        scope_id=scope.id,
        scope=scope.code,
        subject_id=subject.id,
        subject_kind=subject.__tablename__,
        place=place,
        rule=finding.rule,
        parameters=dict(finding.parameters),
        classification=finding.classification,
        consequence=finding.consequence,
        comment=comment,
        opened_at=act.at,
    )
    act.add(deviation)
    states.move(act, deviation, AXIS, DeviationState.OPEN, allowed=MOVES)
    act.say(
        IntegrityAction.DEVIATION_OPENED,
        deviation,
        scope=scope.code,
        reason=comment,
        details={
            "code": code,
            "rule": finding.rule,
            "parameters": finding.parameters,
            "place": place,
            "class": finding.classification,
            "consequence": finding.consequence,
        },
    )
    dependents.changed(act, deviation)
    return deviation


_ANY = text("SELECT 1 FROM deviations WHERE scope_id IN :ids LIMIT 1").bindparams(
    bindparam("ids", expanding=True)
)


def in_scopes(session: Session, ids: Iterable[int]) -> Sequence[Deviation]:
    """Every deviation under these things (a batch and its cord), oldest first.

    Most have none, so the short question comes first.
    """
    asked = list(ids)
    if session.execute(_ANY, {"ids": asked}).first() is None:
        return []
    wanted = select(Deviation).where(Deviation.scope_id.in_(asked)).order_by(Deviation.id)
    return session.scalars(wanted).all()


def judges(state: str, opened_at: datetime, since: datetime | None) -> bool:
    """Whether a deviation answers for what was found once more: it still waits, or it was opened of
    facts that have stood since; `since` is when they became what they are, None from the first."""
    return state != DeviationState.CLOSED or since is None or opened_at >= since


def judging(
    session: Session, scope_ids: Iterable[int], finding: Finding, since: datetime | None
) -> set[int]:
    """Those of these things that have a deviation which answers for a finding of now."""
    found = [
        each
        for each in in_scopes(session, scope_ids)
        if (each.rule, each.parameters) == (finding.rule, finding.parameters)
    ]
    where = states_of(session, found)
    return {each.scope_id for each in found if judges(where[each.id], each.opened_at, since)}


def states_of(session: Session, deviations: Sequence[Deviation]) -> dict[int, str]:
    """{deviation id: open | assessed | judged | closed} in one query."""
    return states.of_many(session, [deviation.id for deviation in deviations], AXIS)


def decisions_on(session: Session, deviations: Sequence[Deviation]) -> dict[int, str]:
    """{deviation id: what QA decided} of those on which it has."""
    return states.of_many(session, [deviation.id for deviation in deviations], DECISION)


def rejecting(session: Session, found: Sequence[Deviation]) -> list[str]:
    """The bare codes of those after which only a rejection can follow: QA decided so, or nothing
    else can be decided and QA has not said that work may go on."""
    decided = states.of_many(session, [deviation.id for deviation in found], DECISION)
    return [
        each.code
        for each in found
        if decided.get(each.id) == Decision.REJECT
        or (each.consequence == Consequence.REJECT and decided.get(each.id) != Decision.CONTINUE)
    ]


def signed_fact(deviation: Deviation, state: str) -> Pair:
    """What is signed of a deviation under its code: its class, its state and what happened."""
    return (
        facts.message(Phrase.DEVIATION_CODE, code=facts.code(deviation.code)),
        facts.message(
            Phrase.DEVIATION,
            **{"class": class_word(deviation.classification)},
            state=state_word(state),
            sentence=deviation.what,
        ),
    )


def is_judged(session: Session, deviation: Deviation) -> bool:
    """Whether QA has decided on it, so that work may go on."""
    return states.of(session, deviation, AXIS) in DECIDED_ON


def is_known(
    session: Session, finding: Finding, among: Sequence[Deviation], stood: Collection[Finding] = ()
) -> bool:
    """Whether a deviation of the same waits for QA, or was judged of facts that `stood` since."""
    same = [
        made for made in among if (made.rule, made.parameters) == (finding.rule, finding.parameters)
    ]
    if same and finding in stood:
        return True
    where = states_of(session, same)
    return any(where[made.id] not in DECIDED_ON for made in same)


def deviating(findings: Iterable[Finding]) -> list[Finding]:
    """Those findings that are recorded and judged rather than refused."""
    return [finding for finding in findings if finding.weight is Weight.DEVIATES]
