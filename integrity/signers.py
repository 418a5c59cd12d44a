"""What is known of whoever signs, asked at every signature.

A signature does not know how somebody came by their password. The floor of people does: it says
what speaks against a signature now, and what whoever reads it later has to be told."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from integrity.acts import Act
from integrity.findings import Finding


class Caution(enum.StrEnum):
    """What a reader of a signature is told of the moment it was given."""

    RESET = "reset"
    RECOVERY = "recovery"


@dataclass(frozen=True)
class Signer:
    """What speaks against a signature, and what it carries when it is given.

    `caution_since` is when the signer's password was handed over.
    """

    findings: tuple[Finding, ...] = ()
    caution: Caution | None = None
    caution_since: datetime | None = None


Judge = Callable[[Act], Signer]
_judges: list[Judge] = []  # one: the floor of people


def declare(judge: Judge) -> Judge:
    """Say who knows about signers."""
    _judges.append(judge)
    return judge


def judged(act: Act) -> Signer:
    """What is known of whoever acts; nobody signs while nobody is there to be asked."""
    if not _judges:
        raise LookupError("nobody is here who knows who may sign")
    return _judges[-1](act)
