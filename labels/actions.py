"""What the events of this chapter say was done."""

from __future__ import annotations

import enum

from integrity.vocabulary import ACTIONS


@ACTIONS.add
class LabelAction(enum.StrEnum):
    LABEL_PRINTED = "label.printed"
