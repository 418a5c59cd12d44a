"""Deviations: a deviating finding with a number, a place and a life. Any act may open one; QA
assesses, judges and closes.

Kept free of any domain, so that every floor may open one and ask whether it is judged (ICH Q10, EU
GMP Part IV 11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts, states
from integrity.acts import Act
from integrity.database import Document, Record, Session
from integrity.facts import ENGLISH, Fact, Reader
from integrity.findings import Finding, Weight, requirement_of
from integrity.states import Moves

AXIS, OPEN = "deviation", "open"
DECISION = "decision"
DECISIONS: Moves = {None: frozenset({"continue", "reject"})}
MOVES: Moves = {
    None: frozenset({OPEN}),
    OPEN: frozenset({"assessed"}),
    "assessed": frozenset({"judged"}),
    "judged": frozenset({"closed"}),
}


class Deviation(Record):
    """What a rule found, where and when; what becomes of it are further records."""

    __tablename__ = "deviations"

    code: Mapped[str] = mapped_column(unique=True)
    scope: Mapped[str] = mapped_column(index=True)
    subject_kind: Mapped[str]
    subject_key: Mapped[str]
    place: Mapped[str]
    rule: Mapped[str]
    parameters: Mapped[Any] = mapped_column(Document)
    classification: Mapped[str]
    consequence: Mapped[str]
    comment: Mapped[str | None]
    opened_at: Mapped[datetime]
    username: Mapped[str]

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
    scope: str,
    subject: Record,
    place: str,
    comment: str | None,
) -> Deviation:
    """Record a deviating finding as an open deviation under its own code; says its own event."""
    deviation = Deviation(
        code=code,
        scope=scope,
        subject_kind=subject.__tablename__,
        subject_key=subject.key,
        place=place,
        rule=finding.rule,
        parameters=dict(finding.parameters),
        classification=finding.classification,
        consequence=finding.consequence,
        comment=comment,
        opened_at=act.at,
        username=act.by.username,
    )
    act.add(deviation)
    states.move(act, deviation, AXIS, OPEN, allowed=MOVES)
    act.say(
        "deviation.opened",
        deviation,
        scope=scope,
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
    return deviation


def in_scopes(session: Session, scopes: Iterable[str]) -> Sequence[Deviation]:
    """Every deviation under the given codes (a batch and its cord), oldest first."""
    return session.scalars(
        select(Deviation).where(Deviation.scope.in_(list(scopes))).order_by(Deviation.id)
    ).all()


def states_of(session: Session, deviations: Sequence[Deviation]) -> dict[int, str]:
    """{deviation id: open | assessed | judged | closed} in one query."""
    found = states.of_many(
        session, Deviation.__tablename__, [deviation.id for deviation in deviations], AXIS
    )
    return {deviation.id: found[(deviation.key, AXIS)] for deviation in deviations}


def decided_to_reject(session: Session, deviations: Sequence[Deviation]) -> set[int]:
    """The ids of those on which QA decided that only rejection follows."""
    found = states.of_many(
        session, Deviation.__tablename__, [deviation.id for deviation in deviations], DECISION
    )
    return {
        deviation.id for deviation in deviations if found.get((deviation.key, DECISION)) == "reject"
    }


def is_judged(session: Session, deviation: Deviation) -> bool:
    """Whether QA has decided on it, so that work may go on."""
    return states.of(session, deviation, AXIS) in ("judged", "closed")


def deviating(findings: Iterable[Finding]) -> list[Finding]:
    """Those findings that are recorded and judged rather than refused."""
    return [finding for finding in findings if finding.weight is Weight.DEVIATES]
