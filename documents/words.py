"""The kinds of documents as words of a sentence."""

from __future__ import annotations

from integrity import facts
from integrity.catalogue import Message
from integrity.facts import Fact


class KindWord(Message):
    MASTER_RECORD = "document-master-record"
    SPECIFICATION = "document-specification"
    DONOR_CRITERIA = "document-donor-criteria"
    MATERIALS = "document-materials"
    LABEL_STOCK = "document-label-stock"


def kind_word(kind: str) -> Fact:
    """A kind in the middle of a sentence."""
    return facts.word(KindWord[kind.upper()])
