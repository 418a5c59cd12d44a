"""Findings: what a rule says.

BLOCKS refuses the act; DEVIATES is recorded with it and asks for QA's judgement; WARNS is shown
with what is recorded and seen at the review.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from integrity import facts
from integrity.catalogue import Message
from integrity.facts import ENGLISH, Fact, Reader


class Weight(enum.StrEnum):
    BLOCKS = "blocks"
    DEVIATES = "deviates"
    WARNS = "warns"


class Classification(enum.StrEnum):
    """How grave a deviation is."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Consequence(enum.StrEnum):
    """What follows from a deviation: it is judged, or only a rejection can follow."""

    DEVIATION = "deviation"
    REJECT = "reject"


class Rule(Message):
    """Base of the vocabularies of rules, one beside each law book.

    A rule's id is its message id.
    """

    @property
    def requirement(self) -> str:
        """The requirement it serves, as people cite it: EBR-05 of ebr-05-outside-limits."""
        return requirement_of(self.value)


def requirement_of(rule: str) -> str:
    """EBR-05 of ebr-05-outside-limits: how a rule's id begins, for people to read."""
    return "-".join(rule.split("-")[:2]).upper()


@dataclass(frozen=True)
class Finding:
    """What a rule says about one situation, as facts; its sentence is drawn for whoever reads it.

    `parameters` are the facts its sentence speaks of (integrity.facts), `field` names the form
    field it belongs to (or None), `classification` is minor, major or critical for a deviation, and
    `consequence` is "deviation" or "reject" (only a rejection can follow)."""

    rule: Message
    weight: Weight = Weight.BLOCKS
    parameters: Mapping[str, Fact] = dataclasses.field(default_factory=dict)
    field: str | None = None
    classification: str = Classification.MAJOR
    consequence: str = Consequence.DEVIATION

    @property
    def fact(self) -> Fact:
        """What is wrong and what to do, as a fact."""
        return facts.message(self.rule, **self.parameters)

    def sentence(self, reader: Reader = ENGLISH) -> str:
        """What is wrong and what to do, in the reader's language."""
        return facts.sentence(self.rule, self.parameters, reader)


class Refused(Exception):
    """An act was refused: no record changed.

    Carries every finding that blocks, for one answer with all faults.
    """

    status = 409
    judged_by: object = (
        None  # what the law looked at, for the page that shows it beside the refusal
    )

    def __init__(self, findings: Iterable[Finding] | Finding):
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__(self.findings)

    def sentence(self, reader: Reader) -> str:
        """Everything that was refused, for one reader."""
        return " ".join(finding.sentence(reader) for finding in self.findings)

    def __str__(self) -> str:
        """For a log: in English."""
        return self.sentence(ENGLISH)


class Stale(Refused):
    """What was reviewed or edited is no longer what is recorded (another tablet was faster)."""


class Unavailable(Refused):
    """The act cannot be done until something outside of it is judged (a clock that went back)."""

    status = 503


def blocks(rule: Rule, field: str | None = None, **parameters: Fact) -> Finding:
    """A finding that refuses the act; `field` is the form field it belongs to."""
    return Finding(rule, Weight.BLOCKS, parameters, field)


def deviates(
    rule: Rule,
    classification: str,
    *,
    field: str | None = None,
    consequence: str = Consequence.DEVIATION,
    **parameters: Fact,
) -> Finding:
    """A finding that is recorded with the act and opens a deviation of this class."""
    return Finding(rule, Weight.DEVIATES, parameters, field, classification, consequence)


def warns(rule: Rule, *, field: str | None = None, **parameters: Fact) -> Finding:
    """A finding that is shown with what is recorded and opens nothing (an alert limit crossed)."""
    return Finding(rule, Weight.WARNS, parameters, field, Classification.MINOR)


def refuse_if_blocked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Raise Refused with every blocking finding; otherwise give back the deviating ones."""
    found = tuple(findings)
    blocking = [finding for finding in found if finding.weight is Weight.BLOCKS]
    if blocking:
        raise Refused(blocking)
    return found
