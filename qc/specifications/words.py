"""How a line of a specification is put where the specification is signed."""

from __future__ import annotations

from integrity.catalogue import Message


class SpecificationPhrase(Message):
    REQUIRED = "specification-line-required"
    OPTIONAL = "specification-line-optional"
    MICROBIAL = "specification-line-microbial"
    IN_PROCESS = "specification-line-in-process"


class SpecificationTerm(Message):
    OOS_WITHIN = "term-specification-oos-within"
