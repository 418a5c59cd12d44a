"""How a line of a specification is put where the specification is signed."""

from __future__ import annotations

from integrity import facts
from integrity.catalogue import Message
from integrity.facts import Fact


class SpecificationPhrase(Message):
    REQUIRED = "specification-line-required"
    OPTIONAL = "specification-line-optional"
    MICROBIAL = "specification-line-microbial"
    IN_PROCESS = "specification-line-in-process"
    METHOD = "specification-method"
    BETWEEN = "limit-between"
    CLAIM = "limit-claim"
    REPORT = "limit-report"
    REPORT_IN = "limit-report-in"
    MEAN_OF = "limit-mean-of"
    EACH_OF = "limit-each-of"
    FINAL_AT = "limit-final-at"


class GateWord(Message):
    """Which release a line is needed for."""

    INITIAL = "gate-initial"
    FINAL = "gate-final"
    INFORMATION = "gate-information"


def gate_word(gate: str) -> Fact:
    """The gate of a line as a word."""
    return facts.word(GateWord[gate.upper()])


class SpecificationTerm(Message):
    OOS_WITHIN = "term-specification-oos-within"
