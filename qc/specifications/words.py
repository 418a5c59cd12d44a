"""How a line of a specification is put where the specification is signed."""

from __future__ import annotations

from integrity.catalogue import Message


class SpecificationPhrase(Message):
    REQUIRED = "specification-line-required"
    OPTIONAL = "specification-line-optional"
