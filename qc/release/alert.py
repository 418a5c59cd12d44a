"""One exception of a review that does not block."""

from __future__ import annotations

from dataclasses import dataclass

from integrity.facts import Fact
from qc.release.words import ReleaseTerm


@dataclass(frozen=True)
class Alert:
    """One exception that does not block.

    Its word, what happened, an old value struck and the new one, where, which page; whether it is
    part of what the reviewer signs, and by whose name of quality it was judged where it arose.
    """

    word: ReleaseTerm
    headline: Fact
    story: Fact
    place: Fact
    cure: tuple[str, str]
    tone: str = "held"
    struck: Fact = ""
    kept: Fact = ""
    is_signed: bool = True
    judged_by: str = ""
