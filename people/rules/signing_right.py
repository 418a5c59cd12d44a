"""The law of who may sign: who was identified, has a password of their own that two handed over,
and has declared what their signature means (SIG-12, SIG-13, SIG-14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrity.findings import Finding, blocks
from integrity.signers import Caution
from people.rule_ids import PeopleRule
from people.rules import second_factors
from people.rules.handovers import HandoverKind

TOLD_FOR = timedelta(hours=24)  # how long after a reset a signature says so


@dataclass(frozen=True)
class Standing:
    """What is known of somebody who would sign.

    How their password came to be and when (`since`), whether it is still the one-time one, whether
    somebody checked who they are, which version of the declaration they signed, and whether their
    way back in at the machine still waits for its judgement, and how far their phone is.
    """

    kind: str
    since: datetime
    temporary: bool
    identified: bool
    declared: str | None
    recovering: bool = False
    phone: str | None = None


def against_signing(standing: Standing, version: str, policy: str) -> Iterator[Finding]:
    """What speaks against a signature; `version` is the declaration that is in force, `policy` what
    the site wants beside a password.
    """
    if standing.temporary:
        yield blocks(PeopleRule.ONE_TIME_PASSWORD)
    elif standing.kind == HandoverKind.MACHINE:
        yield blocks(PeopleRule.SIGN_IN_ALONE)
    elif not standing.identified and standing.kind != HandoverKind.RECOVERY:
        yield blocks(PeopleRule.NOT_IDENTIFIED)
    elif standing.declared != version:
        yield blocks(PeopleRule.NOT_DECLARED)
    else:
        yield from second_factors.against_signing(policy, standing.phone)


def caution(standing: Standing, at: datetime) -> Caution | None:
    """What a signature given at this moment has to say to its reader."""
    if standing.recovering:
        return Caution.RECOVERY
    if standing.kind == HandoverKind.RESET and at - standing.since < TOLD_FOR:
        return Caution.RESET
    return None
