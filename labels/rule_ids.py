"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/labels.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule
from integrity.vocabulary import RULES


@RULES.add
class LabelRule(Rule):
    NO_LABEL = "lab-01-no-label"
    NO_PAPER = "lab-01-no-paper"
    TOO_MANY = "lab-01-too-many"
    CHOSEN_TWICE = "lab-04-chosen-twice"
    PRINTED_BEFORE = "lab-04-printed-before"
    PRINTED_MEANWHILE = "lab-04-printed-meanwhile"
    LABEL_REFUSED = "lab-03-label-refused"
