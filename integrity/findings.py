"""Findings: what a rule says.

BLOCKS refuses the act; DEVIATES is recorded with it and asks for QA's judgement.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Weight(enum.StrEnum):
    BLOCKS = "blocks"
    DEVIATES = "deviates"


@dataclass(frozen=True)
class Finding:
    """One sentence of the law about one situation.

    `rule` is a stable id (a requirement id or the rule's own name), `sentence` says what is wrong
    and what to do, `field` names the form field it belongs to (or None), `classification` is minor,
    major or critical for a deviation, and `consequence` is "deviation" or "reject" (only a
    rejection can follow)."""

    rule: str
    sentence: str
    weight: Weight = Weight.BLOCKS
    field: str | None = None
    classification: str = "major"
    consequence: str = "deviation"


class Refused(Exception):
    """An act was refused: no record changed.

    Carries every finding that blocks, for one answer with all faults.
    """

    status = 409

    def __init__(self, findings: Iterable[Finding] | Finding):
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__(" ".join(finding.sentence for finding in self.findings))


class Stale(Refused):
    """What was reviewed or edited is no longer what is recorded (another tablet was faster)."""


class Unavailable(Refused):
    """The act cannot be done until something outside of it is judged (a clock that went back)."""

    status = 503


def blocks(rule: str, sentence: str, field: str | None = None) -> Finding:
    return Finding(rule, sentence, Weight.BLOCKS, field)


def deviates(
    rule: str,
    sentence: str,
    classification: str = "major",
    *,
    field: str | None = None,
    consequence: str = "deviation",
) -> Finding:
    return Finding(rule, sentence, Weight.DEVIATES, field, classification, consequence)


def refuse_if_blocked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Raise Refused with every blocking finding; otherwise give back the deviating ones."""
    found = tuple(findings)
    blocking = [finding for finding in found if finding.weight is Weight.BLOCKS]
    if blocking:
        raise Refused(blocking)
    return found
