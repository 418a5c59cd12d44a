"""In what condition a sample arrived, in the middle of a sentence."""

from __future__ import annotations

from integrity.catalogue import Message


class ConditionWord(Message):
    DAMAGED = "condition-damaged"
    UNFIT = "condition-unfit"
