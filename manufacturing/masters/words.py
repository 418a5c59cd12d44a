"""What the facts of a master record are called where it is signed."""

from __future__ import annotations

from integrity.catalogue import Message


class MasterTerm(Message):
    STAGES = "term-master-stages"
    STEPS = "term-master-steps"
